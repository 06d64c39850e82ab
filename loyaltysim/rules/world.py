"""How compiled rules reach a world: one record of addresses, one view of each array.

Handing two dozen arrays from rule to rule costs more than the rules themselves (numba counts a
reference for every array of every call). So rules get one record, `w`, of addresses and shapes, and ask
for the array that they need: `world.customers(w)[i]`. `handle_of` makes the record.
"""

import numpy as np

from loyaltysim.rules.compiled import INTERPRETED, rule
from loyaltysim.rules.parameters import (
    APPROACH,
    ATTRIBUTE,
    CHANGE,
    CLOCK,
    ENROLMENT,
    FAILURE,
    OFFER,
    POINTS,
    PROVIDER,
    REACTION,
    SEGMENT,
    TERMS,
    TIER,
    TIERING,
    World,
)
from loyaltysim.rules.rows import rows
from loyaltysim.rules.state import CARD, CASE, CUSTOMER, DEPARTURE, EVENT, MEMBER, RANK, TIE, WALLET

REAL, WHOLE, SMALL = np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.int32)
ARRAYS = {  # what each array of a world holds, and its number of dimensions
    "terms": (TERMS, 1),
    "segments": (SEGMENT, 1),
    "attributes": (ATTRIBUTE, 1),
    "failures": (FAILURE, 1),
    "weights": (REAL, 2),
    "levels": (REAL, 2),
    "spreads": (REAL, 2),
    "intercepts": (REAL, 2),
    "offers": (OFFER, 1),
    "changes": (CHANGE, 1),
    "tables": (REAL, 2),
    "closes": (REAL, 1),
    "seasons": (REAL, 1),
    "peaks": (REAL, 1),
    "cuts": (REAL, 1),
    "points": (POINTS, 1),
    "enrolment": (ENROLMENT, 1),
    "tiering": (TIERING, 1),
    "tiers": (TIER, 1),
    "clock": (CLOCK, 1),
    "providers": (PROVIDER, 1),
    "customers": (CUSTOMER, 1),
    "cases": (CASE, 2),
    "expected_extras": (REAL, 1),
    "ties": (TIE, 2),
    "approaches": (APPROACH, 1),
    "reactions": (REACTION, 1),
    "departures": (DEPARTURE, 1),
    "wallets": (WALLET, 1),
    "lots": (SMALL, 2),
    "members": (MEMBER, 1),
    "ranks": (RANK, 1),
    "qualified": (WHOLE, 2),
    "dated": (POINTS, 1),
    "gifts": (SMALL, 2),
    "cards": (CARD, 1),
    "satisfaction_12": (REAL, 1),
    "money": (WHOLE, 3),
    "service": (WHOLE, 3),
    "waits": (WHOLE, 1),
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
    numbers: list[int] = []
    for name, (dtype, ndim) in ARRAYS.items():
        array = getattr(world, name)
        if array.dtype != dtype or array.ndim != ndim or not array.flags.c_contiguous:
            raise TypeError(f"{name}: {array.dtype}, {array.ndim} dimensions; wanted {dtype}, {ndim}")
        numbers += (array.ctypes.data, *array.shape)
    handle = np.array(numbers, np.int64).view(HANDLE)
    return handle.view(np.recarray) if INTERPRETED else handle


@rule
def terms(w):
    """What holds for everybody, one record."""
    return rows(w.terms, (w.terms_0,), TERMS)


@rule
def segments(w):
    """Segments."""
    return rows(w.segments, (w.segments_0,), SEGMENT)


@rule
def attributes(w):
    """What kind each attribute is."""
    return rows(w.attributes, (w.attributes_0,), ATTRIBUTE)


@rule
def failures(w):
    """How visits fail, by provider; empty where nothing fails."""
    return rows(w.failures, (w.failures_0,), FAILURE)


@rule
def weights(w):
    """Weight of each attribute by segment."""
    return rows(w.weights, (w.weights_0, w.weights_1), REAL)


@rule
def levels(w):
    """Level of each attribute by provider."""
    return rows(w.levels, (w.levels_0, w.levels_1), REAL)


@rule
def spreads(w):
    """Spread of each attribute by provider."""
    return rows(w.spreads, (w.spreads_0, w.spreads_1), REAL)


@rule
def intercepts(w):
    """Of the first home, by segment and provider."""
    return rows(w.intercepts, (w.intercepts_0, w.intercepts_1), REAL)


@rule
def offers(w):
    """Dated offers."""
    return rows(w.offers, (w.offers_0,), OFFER)


@rule
def changes(w):
    """What events set."""
    return rows(w.changes, (w.changes_0,), CHANGE)


@rule
def tables(w):
    """Quantile tables."""
    return rows(w.tables, (w.tables_0, w.tables_1), REAL)


@rule
def closes(w):
    """Days of the closes; the first is the start."""
    return rows(w.closes, (w.closes_0,), REAL)


@rule
def seasons(w):
    """Factor on the rate of occasions by month."""
    return rows(w.seasons, (w.seasons_0,), REAL)


@rule
def peaks(w):
    """Share of a day's arrivals up to the end of each part of the opening time; empty: all times alike."""
    return rows(w.peaks, (w.peaks_0,), REAL)


@rule
def cuts(w):
    """Cut points of the classes of satisfaction."""
    return rows(w.cuts, (w.cuts_0,), REAL)


@rule
def points(w):
    """The points scheme, one record."""
    return rows(w.points, (w.points_0,), POINTS)


@rule
def enrolment(w):
    """How customers join the programme, one record."""
    return rows(w.enrolment, (w.enrolment_0,), ENROLMENT)


@rule
def tiering(w):
    """How tiers are reached and lost, one record."""
    return rows(w.tiering, (w.tiering_0,), TIERING)


@rule
def tiers(w):
    """No tier, then the tiers from the lowest on."""
    return rows(w.tiers, (w.tiers_0,), TIER)


@rule
def clock(w):
    """The month that runs, one record."""
    return rows(w.clock, (w.clock_0,), CLOCK)


@rule
def providers(w):
    """Providers; the firm is the first."""
    return rows(w.providers, (w.providers_0,), PROVIDER)


@rule
def customers(w):
    """Customers."""
    return rows(w.customers, (w.customers_0,), CUSTOMER)


@rule
def cases(w):
    """Recoveries to come, by customer and provider; empty where nothing fails."""
    return rows(w.cases, (w.cases_0, w.cases_1), CASE)


@rule
def expected_extras(w):
    """Expectation of extras by customer; empty without extras."""
    return rows(w.expected_extras, (w.expected_extras_0,), REAL)


@rule
def ties(w):
    """Ties by customer and provider."""
    return rows(w.ties, (w.ties_0, w.ties_1), TIE)


@rule
def approaches(w):
    """The firm's offers to single persons."""
    return rows(w.approaches, (w.approaches_0,), APPROACH)


@rule
def reactions(w):
    """Reactions of rivals."""
    return rows(w.reactions, (w.reactions_0,), REACTION)


@rule
def departures(w):
    """When each customer left the firm; no rows where nobody is to be won back."""
    return rows(w.departures, (w.departures_0,), DEPARTURE)


@rule
def wallets(w):
    """Where each customer's purchases go besides her home; no rows where nobody buys elsewhere."""
    return rows(w.wallets, (w.wallets_0,), WALLET)


@rule
def lots(w):
    """Points by customer and month of issue, a ring."""
    return rows(w.lots, (w.lots_0, w.lots_1), SMALL)


@rule
def members(w):
    """Membership by customer; no rows where everybody is a member."""
    return rows(w.members, (w.members_0,), MEMBER)


@rule
def ranks(w):
    """Tiers by customer; no rows without tiers."""
    return rows(w.ranks, (w.ranks_0,), RANK)


@rule
def qualified(w):
    """What counts towards a tier by customer and month, a ring."""
    return rows(w.qualified, (w.qualified_0, w.qualified_1), WHOLE)


@rule
def gifts(w):
    """Points without a purchase by customer and month of issue, a ring."""
    return rows(w.gifts, (w.gifts_0, w.gifts_1), SMALL)


@rule
def cards(w):
    """What the programme remembers of each customer."""
    return rows(w.cards, (w.cards_0,), CARD)


@rule
def dated(w):
    """Terms of the programme that hold, or are announced, from a day on."""
    return rows(w.dated, (w.dated_0,), POINTS)


@rule
def satisfaction_12(w):
    """Satisfaction with the firm at the 12th close, by customer."""
    return rows(w.satisfaction_12, (w.satisfaction_12_0,), REAL)


@rule
def money(w):
    """Ledger of customers and money by month, segment and measure."""
    return rows(w.money, (w.money_0, w.money_1, w.money_2), WHOLE)


@rule
def service(w):
    """Ledger of service by month, site and measure."""
    return rows(w.service, (w.service_0, w.service_1, w.service_2), WHOLE)


@rule
def waits(w):
    """Histogram of waits."""
    return rows(w.waits, (w.waits_0,), WHOLE)


@rule
def weeks(w):
    """Repeat purchases at the firm by week."""
    return rows(w.weeks, (w.weeks_0,), WHOLE)


@rule
def log(w):
    """Events of those who are followed."""
    return rows(w.log, (w.log_0,), EVENT)


@rule
def logged(w):
    """Rows of the log in use."""
    return rows(w.logged, (w.logged_0,), WHOLE)


@rule
def desks(w):
    """When each desk is or was last free, by site."""
    return rows(w.desks, (w.desks_0, w.desks_1), REAL)
