"""How compiled rules reach a world: one record of addresses, one view of each array.

Handing two dozen arrays from rule to rule costs more than the rules themselves (numba counts a
reference for every array of every call). So rules get one record, `w`, of addresses and shapes, and ask
for the array that they need: `world.customers(w)[i]`. `handle_of` makes the record.
"""

from typing import Any

import numpy as np

from loyaltysim.rules.arrays import World
from loyaltysim.rules.compiled import INTERPRETED, Later, rule
from loyaltysim.rules.eventlog import EVENT
from loyaltysim.rules.holdings import (
    CARD,
    FILE,
    MEMBER,
    PARCEL,
    PURSE,
    RANK,
    REFERRAL,
    RELATION,
    SPEAKER,
    SUBSCRIPTION,
)
from loyaltysim.rules.meant import meant
from loyaltysim.rules.parameters import (
    ATTRIBUTE,
    CHANGE,
    CLAIM,
    CLOCK,
    FAILURE,
    GROWTH,
    OFFER,
    PROVIDER,
    REACTION,
    SEGMENT,
    TALK,
    TERMS,
)
from loyaltysim.rules.programme.terms import (
    APPROACH,
    CLUB,
    COMMUNITY,
    ENROLMENT,
    OUTREACH,
    PLAN,
    POINTS,
    REFERRING,
    STORING,
    TARGET,
    TIER,
    TIERING,
)
from loyaltysim.rules.state import (
    CASE,
    CUSTOMER,
    DEPARTURE,
    DIARY,
    FEELING,
    MONTH_OF_HERS,
    TIE,
    WALLET,
)

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
    "rests": (REAL, 3),
    "offers": (OFFER, 1),
    "claims": (CLAIM, 1),
    "changes": (CHANGE, 1),
    "tables": (REAL, 2),
    "closes": (REAL, 1),
    "seasons": (REAL, 1),
    "peaks": (REAL, 1),
    "cuts": (REAL, 1),
    "points": (POINTS, 1),
    "enrolment": (ENROLMENT, 1),
    "tiering": (TIERING, 1),
    "tiers": (TIER, 2),
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
    "feelings": (FEELING, 1),
    "stages": (WHOLE, 3),
    "loyalty": (WHOLE, 2),
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
    "parcels": (PARCEL, 2),
    "debts": (WHOLE, 1),
    "ages": (REAL, 2),
    "outside": (SMALL, 1),
    "targets": (TARGET, 1),
    "files": (FILE, 1),
    "plain": (POINTS, 1),
    "talk": (TALK, 1),
    "heard_of": (REAL, 2),
    "voices": (WHOLE, 2),
    "growths": (GROWTH, 1),
    "referring": (REFERRING, 1),
    "referrals": (REFERRAL, 1),
    "speakers": (SPEAKER, 1),
    "circles": (WHOLE, 2),
    "needs": (REAL, 3),
    "cohorts": (WHOLE, 4),
    "diaries": (DIARY, 1),
    "paired": (MONTH_OF_HERS, 2),
    "lift": (WHOLE, 2),
    "status": (WHOLE, 2),
    "joiners": (WHOLE, 3),
    "curve": (WHOLE, 2),
    "gaps": (WHOLE, 1),
    "lost_from": (WHOLE, 1),
    "storing": (STORING, 1),
    "purses": (PURSE, 1),
    "clubs": (CLUB, 1),
    "subscriptions": (SUBSCRIPTION, 1),
    "causes": (REAL, 3),
    "left_by": (WHOLE, 2),
    "waited": (WHOLE, 1),
    "waves": (SMALL, 1),
    "wedge": (WHOLE, 3),
    "outreach": (OUTREACH, 1),
    "plans": (PLAN, 2),
    "communities": (COMMUNITY, 1),
    "relations": (RELATION, 1),
}
HANDLE = np.dtype(
    [
        (field, "i8")
        for name, (_, ndim) in ARRAYS.items()
        for field in (name, *(f"{name}_{d}" for d in range(ndim)))
    ]
)

FIXED = {  # what no rule writes
    "terms", "segments", "attributes", "failures", "claims", "changes", "points", "enrolment", "tiering",
    "approaches", "targets", "dated", "plain", "talk", "growths", "storing", "clubs", "communities", "plans",
    "outreach", "referring",
}  # fmt: skip


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


def view_of(name: str) -> Any:
    """The rule that hands out one array of a world: as `World` and ARRAYS say under this name."""
    dtype, ndim = ARRAYS[name]
    lengths = [f"{name}_{d}" for d in range(ndim)]
    view = Later("loyaltysim.rules.rows", "rows_in_a_record", HANDLE, name, lengths, dtype, name in FIXED)
    return view.made if INTERPRETED else view


terms = view_of("terms")
segments = view_of("segments")
attributes = view_of("attributes")
failures = view_of("failures")
weights = view_of("weights")
levels = view_of("levels")
spreads = view_of("spreads")
intercepts = view_of("intercepts")
rests = view_of("rests")
offers = view_of("offers")
claims = view_of("claims")
changes = view_of("changes")
tables = view_of("tables")
closes = view_of("closes")
seasons = view_of("seasons")
peaks = view_of("peaks")
cuts = view_of("cuts")
points = view_of("points")
enrolment = view_of("enrolment")
tiering = view_of("tiering")
tiers = view_of("tiers")
clock = view_of("clock")
providers = view_of("providers")
customers = view_of("customers")
cases = view_of("cases")
expected_extras = view_of("expected_extras")
ties = view_of("ties")
approaches = view_of("approaches")
reactions = view_of("reactions")
departures = view_of("departures")
wallets = view_of("wallets")
feelings = view_of("feelings")
stages = view_of("stages")
loyalty = view_of("loyalty")
lots = view_of("lots")
members = view_of("members")
ranks = view_of("ranks")
qualified = view_of("qualified")
gifts = view_of("gifts")
cards = view_of("cards")
dated = view_of("dated")
satisfaction_12 = view_of("satisfaction_12")
money = view_of("money")
service = view_of("service")
waits = view_of("waits")
weeks = view_of("weeks")
log = view_of("log")
logged = view_of("logged")
desks = view_of("desks")
parcels = view_of("parcels")
debts = view_of("debts")
outside = view_of("outside")
targets = view_of("targets")
files = view_of("files")
plain = view_of("plain")
ages = view_of("ages")


@rule
def part(w, i):
    """Which programme is hers: 0, the one that now holds; 1, outside of its rollout, the status quo."""
    return outside(w)[i] if w.outside_0 > 0 else 0


@rule
def own_points(w, i):
    """The points scheme under which she lives."""
    row = part(w, i)
    if row == 0 and w.points_0 > 2 and not meant(customers(w)[i], points(w)[0].earn_target):
        row = 2
    return points(w)[row]


@rule
def own_enrolment(w, i):
    """How she joins her programme."""
    return enrolment(w)[part(w, i)]


@rule
def own_tiering(w, i):
    """How she reaches and loses tiers."""
    return tiering(w)[part(w, i)]


@rule
def own_tiers(w, i):
    """The tiers of her programme."""
    return tiers(w)[part(w, i)]


talk = view_of("talk")
heard_of = view_of("heard_of")
voices = view_of("voices")
referring = view_of("referring")
referrals = view_of("referrals")
speakers = view_of("speakers")
circles = view_of("circles")
growths = view_of("growths")
needs = view_of("needs")
cohorts = view_of("cohorts")
diaries = view_of("diaries")
paired = view_of("paired")
lift = view_of("lift")
status = view_of("status")
joiners = view_of("joiners")
curve = view_of("curve")
gaps = view_of("gaps")
lost_from = view_of("lost_from")
storing = view_of("storing")
purses = view_of("purses")


@rule
def own_storing(w, i):
    """The terms under which she stores value."""
    return storing(w)[part(w, i)]


clubs = view_of("clubs")
subscriptions = view_of("subscriptions")


@rule
def own_club(w, i):
    """The terms of the paid club for her."""
    return clubs(w)[part(w, i)]


causes = view_of("causes")
left_by = view_of("left_by")
waited = view_of("waited")
waves = view_of("waves")
wedge = view_of("wedge")
outreach = view_of("outreach")
plans = view_of("plans")
communities = view_of("communities")
relations = view_of("relations")


@rule
def own_outreach(w, i):
    """The terms under which the firm contacts her."""
    return outreach(w)[part(w, i)]


@rule
def own_community(w, i):
    """The terms of the community for her."""
    return communities(w)[part(w, i)]
