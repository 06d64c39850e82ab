"""How compiled rules reach a world: one record of addresses, one view of each array.

Handing two dozen arrays from rule to rule costs more than the rules themselves (numba counts a
reference for every array of every call). So rules get one record, `w`, of addresses and shapes, and ask
for the array that they need: `world.customers(w)[i]`. `handle_of` makes the record.
"""

import ctypes

import numpy as np
from numba import carray
from numba.core import cgutils, types
from numba.extending import intrinsic

from loyaltysim.rules.compiled import INTERPRETED, rule
from loyaltysim.rules.parameters import CLOCK, OFFER, POINTS, PROVIDER, SEGMENT, TERMS, World
from loyaltysim.rules.state import CUSTOMER, EVENT, TIE

REAL, WHOLE, SMALL = np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.int32)
ARRAYS = {  # what each array of a world holds, and its number of dimensions
    "terms": (TERMS, 1),
    "segments": (SEGMENT, 1),
    "weights": (REAL, 2),
    "levels": (REAL, 2),
    "spreads": (REAL, 2),
    "intercepts": (REAL, 2),
    "offers": (OFFER, 1),
    "tables": (REAL, 2),
    "closes": (REAL, 1),
    "seasons": (REAL, 1),
    "cuts": (REAL, 1),
    "points": (POINTS, 1),
    "clock": (CLOCK, 1),
    "providers": (PROVIDER, 1),
    "customers": (CUSTOMER, 1),
    "ties": (TIE, 2),
    "lots": (SMALL, 2),
    "satisfaction_12": (REAL, 1),
    "money": (WHOLE, 3),
    "service": (WHOLE, 3),
    "waits": (WHOLE, 2),
    "weeks": (WHOLE, 1),
    "log": (EVENT, 1),
    "logged": (WHOLE, 1),
    "desks": (REAL, 2),
}
HANDLE = np.dtype(
    [
        (field, "i8")
        for name, (_, ndim) in ARRAYS.items()
        for field in (name, *(f"{name}_{d}" for d in range(ndim)))
    ]
)


def handle_of(world: World) -> np.ndarray:
    """The addresses and shapes of a world's arrays, HANDLE (1,); raises when an array is not as agreed.

    It holds as long as the world's arrays do; a world whose arrays are exchanged needs a new one.
    """
    handle = np.zeros(1, HANDLE)
    for name, (dtype, ndim) in ARRAYS.items():
        array = getattr(world, name)
        if array.dtype != dtype or array.ndim != ndim or not array.flags.c_contiguous:
            raise TypeError(f"{name}: {array.dtype}, {array.ndim} dimensions; wanted {dtype}, {ndim}")
        handle[name] = array.ctypes.data
        for d in range(ndim):
            handle[f"{name}_{d}"] = array.shape[d]
    return handle.view(np.recarray) if INTERPRETED else handle


class Row(np.record):  # type: ignore[misc]
    """A record whose fields come before what numpy calls by the same name (`base` is such a name)."""

    def __getattribute__(self, name):
        try:
            return np.void.__getitem__(self, name)
        except ValueError:
            return super().__getattribute__(name)


def read_as(dtype):
    """With the JIT off, records need a record type to be read by attribute."""
    return np.dtype((Row, dtype)) if INTERPRETED and dtype.names else dtype


@intrinsic
def compiled_pointer(typing, address):
    """An address as a pointer."""

    def code(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), code


def interpreted_pointer(address):
    """The same with the JIT off."""
    return ctypes.c_void_p(int(address))


pointer = interpreted_pointer if INTERPRETED else compiled_pointer
_TERMS, _SEGMENT, _OFFER, _POINTS = read_as(TERMS), read_as(SEGMENT), read_as(OFFER), read_as(POINTS)
_CLOCK, _PROVIDER, _CUSTOMER, _TIE, _EVENT = map(read_as, (CLOCK, PROVIDER, CUSTOMER, TIE, EVENT))


@rule
def terms(w):
    """What holds for everybody, one record."""
    return carray(pointer(w.terms), (w.terms_0,), _TERMS)


@rule
def segments(w):
    """Segments."""
    return carray(pointer(w.segments), (w.segments_0,), _SEGMENT)


@rule
def weights(w):
    """Weight of each attribute by segment."""
    return carray(pointer(w.weights), (w.weights_0, w.weights_1), REAL)


@rule
def levels(w):
    """Level of each attribute by provider."""
    return carray(pointer(w.levels), (w.levels_0, w.levels_1), REAL)


@rule
def spreads(w):
    """Spread of each attribute by provider."""
    return carray(pointer(w.spreads), (w.spreads_0, w.spreads_1), REAL)


@rule
def intercepts(w):
    """Of the first home, by segment and provider."""
    return carray(pointer(w.intercepts), (w.intercepts_0, w.intercepts_1), REAL)


@rule
def offers(w):
    """Dated offers."""
    return carray(pointer(w.offers), (w.offers_0,), _OFFER)


@rule
def tables(w):
    """Quantile tables."""
    return carray(pointer(w.tables), (w.tables_0, w.tables_1), REAL)


@rule
def closes(w):
    """Days of the closes; the first is the start."""
    return carray(pointer(w.closes), (w.closes_0,), REAL)


@rule
def seasons(w):
    """Factor on the rate of occasions by month."""
    return carray(pointer(w.seasons), (w.seasons_0,), REAL)


@rule
def cuts(w):
    """Cut points of the classes of satisfaction."""
    return carray(pointer(w.cuts), (w.cuts_0,), REAL)


@rule
def points(w):
    """The points scheme, one record."""
    return carray(pointer(w.points), (w.points_0,), _POINTS)


@rule
def clock(w):
    """The month that runs, one record."""
    return carray(pointer(w.clock), (w.clock_0,), _CLOCK)


@rule
def providers(w):
    """Providers; the firm is the first."""
    return carray(pointer(w.providers), (w.providers_0,), _PROVIDER)


@rule
def customers(w):
    """Customers."""
    return carray(pointer(w.customers), (w.customers_0,), _CUSTOMER)


@rule
def ties(w):
    """Ties by customer and provider."""
    return carray(pointer(w.ties), (w.ties_0, w.ties_1), _TIE)


@rule
def lots(w):
    """Points by customer and month of issue, a ring."""
    return carray(pointer(w.lots), (w.lots_0, w.lots_1), SMALL)


@rule
def satisfaction_12(w):
    """Satisfaction with the firm at the 12th close, by customer."""
    return carray(pointer(w.satisfaction_12), (w.satisfaction_12_0,), REAL)


@rule
def money(w):
    """Ledger of customers and money by month, segment and measure."""
    return carray(pointer(w.money), (w.money_0, w.money_1, w.money_2), WHOLE)


@rule
def service(w):
    """Ledger of service by month, site and measure."""
    return carray(pointer(w.service), (w.service_0, w.service_1, w.service_2), WHOLE)


@rule
def waits(w):
    """Histogram of waits by site."""
    return carray(pointer(w.waits), (w.waits_0, w.waits_1), WHOLE)


@rule
def weeks(w):
    """Repeat purchases at the firm by week."""
    return carray(pointer(w.weeks), (w.weeks_0,), WHOLE)


@rule
def log(w):
    """Events of those who are followed."""
    return carray(pointer(w.log), (w.log_0,), _EVENT)


@rule
def logged(w):
    """Rows of the log in use."""
    return carray(pointer(w.logged), (w.logged_0,), WHOLE)


@rule
def desks(w):
    """When each desk is or was last free, by site."""
    return carray(pointer(w.desks), (w.desks_0, w.desks_1), REAL)
