"""What shortens or lightens a wait, as both engines live it: priority, self-service, comfort, the promise.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from small_worlds import advanced, differences, of_kind, parameters, play, story, worlds

from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M, V

DESK = Path(__file__).parent / "desk.yaml"
SERVED, GAVE_UP = 1, 2
FIRST = (
    "market.segments={all: {share: 100 %}, first: {share: 0 %, priority: true, "
    "occasions: {every: 1000 days}, basket: {mean: 5 EUR}, weights: {time: 100 %}}}"
)


def lived(engine, occasions, first, service=0.25, patience=math.inf, cuts=()):
    """The story of customers whose first occasions fall on these days: (day, customer, what, wait).

    `first` are the numbers of those who are served before others; there is one clerk.
    """
    numbers = parameters(FIRST, f"market.customers={len(occasions)}", file=DESK)

    def given(world):
        world.terms["service_mean"], world.terms["patience_mean"] = service, patience
        c = world.customers
        c["segment"][list(first)] = 1
        c["rate"] = 2.0**-10
        c["gap"] = np.array(occasions) * c["rate"]

    told = of_kind(story(advanced(engine, numbers, cuts, follow=-1, change=given)), "visit", "gave_up")
    told = told[np.lexsort((told["customer"], told["time"]))]
    return [(float(e["time"]), int(e["customer"]), int(e["kind"]), float(e["wait"])) for e in told]


def test_who_is_served_first_passes_those_who_wait_but_breaks_off_nobody(engine):
    """0 is being served when 1 and, later, 2 come; 2 is served before 1, and not before 0 is done.

    Break: 2 starts at once, whatever the clerk does.
    """
    assert lived(engine, (1.0, 1.0625, 1.125), first=(2,)) == [
        (1.0, 0, SERVED, 0.0),
        (1.25, 2, SERVED, 0.125),
        (1.5, 1, SERVED, 0.4375),
    ]


def test_of_her_like_whoever_came_first_is_served_first(engine):
    """2 and 3 are both served first, 1 and 4 are not.

    Break: among those served first the last who came is served first.
    """
    found = lived(engine, (1.0, 1.03125, 1.0625, 1.125, 1.1875), first=(2, 3))
    assert [(e[1], e[0]) for e in found] == [(0, 1.0), (2, 1.25), (3, 1.5), (1, 1.75), (4, 2.0)]


def test_she_gives_up_while_others_are_served_before_her(engine):
    """1 would have been served at 1.25; 2 takes her turn, and her patience ends at 1.3125."""
    found = lived(engine, (1.0, 1.0625, 1.125), first=(2,), patience=0.25)
    assert found == [(1.0, 0, SERVED, 0.0), (1.25, 2, SERVED, 0.125), (1.3125, 1, GAVE_UP, 0.25)]


def test_the_line_of_both_classes_stands_across_a_cut(engine):
    """A close falls while both classes wait."""
    occasions, first = (30.75, 30.8125, 30.875, 30.9375), (3,)
    whole = lived(engine, occasions, first, service=0.5)
    assert whole == lived(engine, occasions, first, service=0.5, cuts=(1,))
    assert [e[1] for e in whole] == [0, 3, 1, 2]


RARE = "occasions={every: 400 days, mean: null"
ONE_LENGTH = (  # 900 customers who come once, day and night
    "firm.service.patience=",
    "firm.service.open={from: 0, hours: 24}",
    "market.customers=900",
    "market.entry_purchase=false",
    f"market.segments.regulars.{RARE}, shape: null}}",
    f"market.segments.visitors.{RARE}, stages: 1}}",
    "horizon=10 months",
    "loyalty=",
    "programme=",
    "waiting=",
)


@pytest.mark.parametrize("desks", [1, 2])
def test_priority_moves_waits_from_one_class_to_the_other(desks):
    """Service of one length, nobody gives up: the length of the line is the same at every moment, so the
    sum of waits is that of first come, first served, to the millisecond of each visit. Who waits is another.

    Break: pre-emption; a clerk who idles while somebody waits.
    """
    desk = (
        f"firm.service.desks={desks}",
        f"firm.service.time={{law: constant, mean: {17 * desks} h, cv: null}}",
    )
    first = "market.segments.regulars.priority=true"
    plain, moved = (worlds("compiled", *ONE_LENGTH, *desk, *more)[1] for more in ((), (first,)))
    waits = [waits_by_class(world) for world in (plain, moved)]
    assert len(waits[0]) == len(waits[1]) > 200
    assert waits[0][:, 1].sum() == pytest.approx(waits[1][:, 1].sum(), rel=1e-9)
    early = [w[w[:, 0] == 0, 1].sum() for w in waits]
    assert early[1] < 0.9 * early[0]
    rows = [world.service[:, 0].sum(axis=0).tolist() for world in (plain, moved)]
    assert rows[0][V.WAIT_MS] == pytest.approx(rows[1][V.WAIT_MS], abs=len(waits[0]))


def waits_by_class(world):
    """Segment and wait of everybody who was served at the firm."""
    lines = of_kind(world.log, "visit")
    lines = lines[lines["provider"] == 0]
    return np.column_stack([world.customers["segment"][lines["customer"]], lines["wait"]])


def test_a_segment_that_has_all_customers_gains_nothing_by_priority(engine):
    """First of all is first of none: the same run but for the field itself."""
    both = [f"market.segments.{name}.priority=true" for name in ("regulars", "visitors")]
    plain, first = play(engine), play(engine, *both)
    assert differences(plain.programme, first.programme) == []


def test_self_service_takes_visits_out_of_the_line(engine):
    """Whoever serves herself waits for nobody; the others arrive, are served or give up as before.

    Break: the visit of who serves herself counted as one at the desks; a use charged only where it succeeds.
    """
    own = "firm.service.self_service={share: 40 %, fails: 25 %, cost: 0.10 EUR, effort: 4}"
    world = worlds(engine, own)[1]
    row = world.service[:, 0].sum(axis=0)
    money = world.money.sum(axis=(0, 1))
    visits = of_kind(world.log, "visit")
    here = visits[visits["provider"] == 0]
    assert row[V.SERVED] + row[V.SELF_SERVED] == len(here) == money[M.VISITS]
    assert row[V.ARRIVED] == row[V.SERVED] + row[V.GAVE_UP] + row[V.WAITING]
    uses = row[V.SELF_SERVED] + row[V.SELF_FAILED]
    assert money[M.SELF_SERVICE_COST] == 10 * uses
    share, n = uses / (row[V.SELF_SERVED] + row[V.ARRIVED]), row[V.SELF_SERVED] + row[V.ARRIVED]
    assert share == pytest.approx(0.4, abs=4 * math.sqrt(0.24 / n))
    assert row[V.WAIT_MS] < play(engine).twin.service[:, 0].sum(axis=0)[V.WAIT_MS]


def test_everybody_serves_herself(engine):
    """A share of 1 that never fails: nobody stands in the line, no clerk is ever busy."""
    row = play(engine, "firm.service.self_service=100 %").twin.service[:, 0].sum(axis=0)
    assert row[V.ARRIVED] == row[V.BUSY_MS] == row[V.WAIT_MS] == 0 and row[V.SELF_SERVED] > 100


UNMOVED = ("loyalty=", "programme.points=")  # what she feels changes no arrival


def test_comfort_leaves_the_waits_and_raises_satisfaction(engine):
    """R30: the same waits to the last one, a higher CSI. So with information."""
    plain = play(engine, *UNMOVED).twin
    for name in ("comfort", "information"):
        eased = play(engine, *UNMOVED, f"firm.service.{name}={{shortens: 50 %}}").twin
        assert (plain.service == eased.service).all() and (plain.waits == eased.waits).all()
        assert eased.money[..., M.CSI].sum() > plain.money[..., M.CSI].sum()
        assert eased.reputation[-1, 0] > plain.reputation[-1, 0]


def test_comfort_that_shortens_nothing_changes_nothing(engine):
    """Exactly; and a promise that is never broken too."""
    plain = play(engine)
    for idle in (
        "comfort={shortens: 0}",
        "self_service=0 %",
        "promise={within: 30 h, cost: 2 EUR, eases: 50}",
    ):
        key, value = idle.split("=")
        assert differences(plain.programme, play(engine, f"firm.service.{key}={value}").programme) == []


def test_a_promise_costs_one_item_for_each_who_is_served_too_late(engine):
    """Counted again from the story.

    Break: an item also for those who gave up.
    """
    world = worlds(engine, "firm.service.promise={within: 3 min, cost: 2 EUR, eases: 10}")[1]
    visits = world.log[(world.log["kind"] == KINDS.index("visit")) & (world.log["provider"] == 0)]
    late = int((visits["wait"] > 3 / 1440).sum())
    assert late > 10
    assert world.service[..., V.PROMISE_BROKEN].sum() == late
    assert world.money[..., M.PROMISE_COST].sum() == 200 * late


@pytest.mark.statistical
def test_arrivals_follow_the_profile(engine):
    """Poisson occasions on a profile of 10, 0, 60 and 30 % of the opening time: chi-square over the three
    parts, and no arrival in the second.

    Break: the profile read backwards.
    """
    # regulars come by a Poisson process each; opening hours 8 to 10
    wide = ("firm.service.peaks=[1, 0, 6, 3]", "firm.service.patience=", "firm.service.time.mean=1 s")
    world = worlds(engine, *wide, "market.entries=[]", "market.entry_purchase=false")[1]
    lines = of_kind(world.log, "visit")
    lines = lines[lines["provider"] == 0]
    came = (lines["time"] - lines["wait"]) % 1.0
    part = np.clip(((came * 24 - 8) / 0.5).astype(int), 0, 3)
    found = np.bincount(part, minlength=4)
    n = found.sum()
    assert n > 1000 and found[1] <= 2  # put off by her own last visit, to its end
    expected = n * np.array([0.1, 0.6, 0.3])
    assert (((found[[0, 2, 3]] - expected) ** 2) / expected).sum() < 19.3  # chi-square, 2 df, p = 6.3e-5


def test_the_ledger_counts_waits_of_all_who_left_the_line_from_month_0_on(engine):
    """One clerk, service of six hours, patience of three: 0 is served at once, 1 three hours later, 2
    gives up after three, 3 comes to a free clerk; then, after month 0, the same once more.

    Break: the waits of those who give up dropped; who gives up counted as served too; waits of the warm-up
    in the histogram.
    """
    numbers = parameters("warm_up=1 month", "market.customers=8", file=DESK)
    start = float(numbers.closes[0])

    def given(world):
        world.terms["service_mean"], world.terms["patience_mean"] = 0.25, 0.125
        c = world.customers
        c["rate"] = 2.0**-10
        c["gap"] = np.array([1.0, 1.125, 1.0625, 1.5, 41.0, 41.125, 41.0625, 41.5]) * c["rate"]

    world = advanced(engine, numbers, change=given)
    assert start == -31.0
    hour = 3_600_000
    rows = world.service[:2, 0].tolist()
    for row in rows:
        assert (row[V.ARRIVED], row[V.SERVED], row[V.GAVE_UP], row[V.WAITING]) == (4, 3, 1, 0)
        assert row[V.WAIT_MS] == 6 * hour and row[V.BUSY_MS] == 18 * hour
    assert world.waits.sum() == 4 and world.waits[0] == 2


def test_a_tier_that_is_served_first_waits_less(engine):
    """Members of the tier pass the others; without the field nobody does, and the twin has no tiers.

    Break: everybody with any tier is served first; the twin's line too.
    """
    tiers = "programme.tiers={window: 3 months, levels: {high: {from: 14 visits, priority: %s}}}"
    busy = ("firm.service.time.mean=14 min", "firm.service.patience=", "market.customers=150")
    plain, first = (worlds(engine, *busy, tiers % given) for given in ("false", "true"))
    assert np.array_equal(plain[1].service, first[1].service)
    waits = []
    for world in (plain[0], first[0]):
        lines = of_kind(world.log, "visit")
        lines = lines[(lines["provider"] == 0) & (lines["time"] > world.closes[6])]
        high = world.ranks["tier"][lines["customer"]] == 1
        assert high.sum() > 50 and (~high).sum() > 100
        waits.append((lines["wait"][high].mean(), lines["wait"][~high].mean()))
    assert waits[1][0] / waits[1][1] < 0.9 * waits[0][0] / waits[0][1]
