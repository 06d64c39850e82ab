"""What happens at one instant, and in which order: MODEL 1 on tiny worlds with literal stories.

Each world has a few customers whose occasions are given to the day; service and patience are constant.
All times are sums of powers of 2, so that instants coincide exactly. The breaks named in the docstrings
were made in a copy of the tree and seen to fail the test.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from small_worlds import advanced, of_kind, parameters, story

DESK = Path(__file__).parent / "desk.yaml"
SERVED, GAVE_UP = 1, 2
CLOSE = 31.0  # of January; the second and last close is day 59
NEVER = math.inf


def lived(
    engine,
    occasions,
    service=0.25,
    patience=NEVER,
    desks=1,
    every=None,
    opens=None,
    cuts=(),
    until=None,
):
    """The story of customers whose first occasions fall on these days, and the desks at the end.

    `every` is the distance of a customer's later occasions (none within the run by default); `opens` is
    (opening, closing) in parts of a day. The story: (day, customer, what, wait), by day and customer.
    """
    numbers = parameters(f"firm.service.desks={desks}", f"market.customers={len(occasions)}", file=DESK)

    def given(world):
        terms = world.terms
        terms["service_mean"], terms["patience_mean"] = service, patience
        if opens is not None:
            terms["opens"], terms["open_share"] = opens[0], opens[1] - opens[0]
        c = world.customers
        c["rate"] = 2.0**-10
        for i, distance in enumerate(every or ()):
            c["rate"][i] = 1.0 / distance
        c["gap"] = np.array(occasions) * c["rate"]

    world = advanced(engine, numbers, cuts, follow=-1, change=given, until=until)
    told = of_kind(story(world), "visit", "gave_up")
    rows = [
        (float(e["time"]), int(e["customer"]), int(e["kind"]), float(e["wait"]))
        for e in told[np.lexsort((told["customer"], told["time"]))]
    ]
    return rows, world.desks[0].tolist()


def test_a_free_clerk_serves_at_the_instant_of_arrival(engine):
    story, desks = lived(engine, [1.5])
    assert story == [(1.5, 0, SERVED, 0.0)]
    assert desks == [1.75]


def test_of_two_at_one_instant_the_lower_number_is_first(engine):
    """Break: the order of two equal arrivals turned round."""
    story, _ = lived(engine, [1.5, 1.5, 1.5])
    assert story == [
        (1.5, 0, SERVED, 0.0),
        (1.75, 1, SERVED, 0.25),
        (2.0, 2, SERVED, 0.5),
    ]


def test_who_came_first_is_served_first_whatever_her_number(engine):
    """Break: last come, first served."""
    story, _ = lived(engine, [1.75, 1.625, 1.5])
    assert story == [
        (1.5, 2, SERVED, 0.0),
        (1.75, 1, SERVED, 0.125),
        (2.0, 0, SERVED, 0.25),
    ]


def test_a_clerk_who_is_back_at_the_instant_of_an_arrival_serves_it(engine):
    """Clerks returning come before customers. Break: customers before clerks at one instant."""
    story, _ = lived(engine, [1.5, 1.75], patience=0.0)
    assert story == [(1.5, 0, SERVED, 0.0), (1.75, 1, SERVED, 0.0)]


def test_the_line_comes_before_who_arrives_at_that_instant(engine):
    """The clerk who is back goes to the one who waits, not to the one who comes now, of a lower number."""
    story, _ = lived(engine, [1.75, 1.5, 1.625])
    assert story == [
        (1.5, 1, SERVED, 0.0),
        (1.75, 2, SERVED, 0.125),
        (2.0, 0, SERVED, 0.25),
    ]


def test_a_start_at_the_very_end_of_her_patience_is_made(engine):
    """She gives up when start > arrival + patience, in this form. Break: `>=`."""
    story, _ = lived(engine, [1.5, 1.625], patience=0.125)
    assert story == [(1.5, 0, SERVED, 0.0), (1.75, 1, SERVED, 0.125)]


def test_a_start_after_the_end_of_her_patience_is_not(engine):
    """She leaves when her patience ends, and uses no capacity: the next one is served in her place."""
    story, desks = lived(engine, [1.5, 1.5625, 1.6875], patience=0.125)
    assert story == [
        (1.5, 0, SERVED, 0.0),
        (1.6875, 1, GAVE_UP, 0.125),
        (1.75, 2, SERVED, 0.0625),
    ]
    assert desks == [2.0]


def test_patience_that_ends_when_another_comes(engine):
    """At one instant one's patience ends and another comes: both happen, whatever their numbers."""
    for first, second in ((1, 2), (2, 1)):
        days = {0: 1.5, first: 1.5625, second: 1.6875}
        story, _ = lived(engine, [days[0], days[1], days[2]], patience=0.125)
        assert (1.6875, first, GAVE_UP, 0.125) in story
        assert (1.75, second, SERVED, 0.0625) in story


def test_an_occasion_inside_her_own_wait_is_lived_when_the_wait_ends(engine):
    """The next arrival is the instant of her last visit; the next gap counts from the occasion.

    Customer 1 comes on day 1.5 and every 1/4 day; the clerk is with customer 0 until 2.0. Her occasion of
    1.75 comes at 2.0, when she is served; then she waits for herself, and so on.

    Break: a gap that counts from the visit.
    """
    story, _ = lived(engine, [1.25, 1.5], service=0.75, every=[1024.0, 0.25], patience=4.0, until=1)
    hers = [row for row in story if row[1] == 1]
    assert hers[:4] == [
        (2.0, 1, SERVED, 0.5),
        (2.75, 1, SERVED, 0.75),
        (3.5, 1, SERVED, 0.75),
        (4.25, 1, SERVED, 0.75),
    ]


def test_who_gives_up_lives_her_next_occasion_from_there(engine):
    """Occasions 1.5 and 1.5625 fall into one wait of 1/8: the second comes when she gives up the first."""
    story, _ = lived(
        engine,
        [1.25, 1.5],
        service=8.0,
        every=[1024.0, 0.0625],
        patience=0.125,
        until=1,
    )
    hers = [row for row in story if row[1] == 1]
    assert hers[:3] == [
        (1.625, 1, GAVE_UP, 0.125),
        (1.75, 1, GAVE_UP, 0.125),
        (1.875, 1, GAVE_UP, 0.125),
    ]


@pytest.mark.parametrize("cuts", [(), (1,)])
def test_a_service_that_spans_a_close_is_finished(engine, cuts):
    """The clerk who began before the close is back after it, whether the run is cut there or not.

    Break: desks that are free after a cut.
    """
    story, desks = lived(engine, [30.9375, 31.0625, 30.96875], cuts=cuts)
    assert story == [
        (30.9375, 0, SERVED, 0.0),
        (31.1875, 2, SERVED, 0.21875),
        (31.4375, 1, SERVED, 0.375),
    ]
    assert desks == [31.6875]


@pytest.mark.parametrize("cuts", [(), (1,)])
def test_those_in_the_line_at_a_close_keep_their_places_and_their_patience(engine, cuts):
    """Customers 2 and 1 came before the close in this order; 1 gives up after it, when her patience ends.

    Break: a line that is put in order of numbers at a cut; patience that begins anew.
    """
    story, _ = lived(engine, [30.5, 30.875, 30.75], service=0.75, patience=0.625, cuts=cuts)
    assert story == [
        (30.5, 0, SERVED, 0.0),
        (31.25, 2, SERVED, 0.5),
        (31.5, 1, GAVE_UP, 0.625),
    ]


@pytest.mark.parametrize("cuts", [(), (1,)])
def test_who_comes_at_the_instant_of_a_close_comes_after_it(engine, cuts):
    """The market's processes come before customers: her visit belongs to the month that begins."""
    story, _ = lived(engine, [CLOSE, 30.75], cuts=cuts)
    assert story == [(30.75, 1, SERVED, 0.0), (31.0, 0, SERVED, 0.0)]


OPEN = (
    0.25,
    0.75,
)  # half the day: an occasion at the fraction f of a day comes at 1/4 + f/2


def test_an_occasion_comes_at_its_part_of_the_opening_time(engine):
    story, _ = lived(engine, [1.0, 2.5, 3.75], service=0.0625, opens=OPEN)
    assert story == [
        (1.25, 0, SERVED, 0.0),
        (2.5, 1, SERVED, 0.0),
        (3.625, 2, SERVED, 0.0),
    ]


def test_closing_time_clears_the_line(engine):
    """Who still waits gives up at that instant; who is being served is finished after hours.

    Customers come at 1.5, 1.625, 1.6875; the clerk is busy until 1.9375; the doors shut at 1.75.
    Break: a line that is not cleared.
    """
    story, desks = lived(engine, [1.5, 1.75, 1.875], service=0.4375, opens=OPEN)
    assert story == [
        (1.5, 0, SERVED, 0.0),
        (1.75, 1, GAVE_UP, 0.125),
        (1.75, 2, GAVE_UP, 0.0625),
    ]
    assert desks == [1.9375]


def test_a_start_at_closing_time_is_not_made(engine):
    """The doors come first: the clerk is back at 1.75 exactly, but she has given up. Break: clerks first."""
    story, desks = lived(engine, [1.5, 1.75], service=0.25, opens=OPEN)
    assert story == [(1.5, 0, SERVED, 0.0), (1.75, 1, GAVE_UP, 0.125)]
    assert desks == [1.75]


def test_patience_may_end_before_the_doors_shut(engine):
    story, _ = lived(engine, [1.5, 1.75], service=0.25, patience=0.0625, opens=OPEN)
    assert story == [(1.5, 0, SERVED, 0.0), (1.6875, 1, GAVE_UP, 0.0625)]


def test_who_would_come_when_the_doors_are_shut_comes_at_the_next_opening(engine):
    """She gives up at closing time, day 1.75; her next occasion, at noon of day 1, is past: 2.25.

    Break: an arrival at the instant at which she gave up, before closed doors.
    """
    story, _ = lived(
        engine,
        [1.25, 1.375],
        service=0.5,
        every=[1024.0, 0.125],
        patience=4.0,
        opens=OPEN,
        until=1,
    )
    hers = [row for row in story if row[1] == 1][:3]
    assert hers[0] == (1.75, 1, GAVE_UP, 0.3125)
    assert hers[1] == (2.25, 1, SERVED, 0.0)
    assert hers[2] == (2.75, 1, GAVE_UP, 0.5)


def test_a_close_at_closing_time_finds_the_line_cleared(engine):
    """Doors shut at midnight, the close comes at that instant: the doors first.

    Break: the close before the doors.
    """
    for cuts in ((), (1,)):
        story, _ = lived(engine, [30.0, 30.5, 30.75], service=0.75, opens=(0.5, 1.0), cuts=cuts)
        assert story == [
            (30.5, 0, SERVED, 0.0),
            (31.0, 1, GAVE_UP, 0.25),
            (31.0, 2, GAVE_UP, 0.125),
        ]


def test_of_free_clerks_the_one_free_longest_is_taken(engine):
    """Clerks 0, 1, 2 serve in turn; the fourth customer gets clerk 0, free since 1.75 and longest.

    Break: always the lowest number.
    """
    story, desks = lived(engine, [1.5, 2.0, 2.5, 3.0], desks=3)
    assert [row[0] for row in story] == [1.5, 2.0, 2.5, 3.0]
    assert desks == [3.25, 2.25, 2.75]


def test_of_clerks_free_equally_long_the_lowest_number_is_taken(engine):
    """At the start all are free alike; two customers at one instant take clerks 0 and 1, the next takes 2."""
    _, desks = lived(engine, [1.5, 1.5], desks=3)
    assert desks == [1.75, 1.75, 0.0]
    _, desks = lived(engine, [1.5, 1.5, 3.0], desks=2)
    assert desks == [3.25, 1.75]


def test_of_clerks_back_at_one_instant_the_lowest_number_goes_first(engine):
    """Clerk 1 began before clerk 0, both are back at 2.5: the first in the line goes to clerk 0.

    Clerk 0 is free from 1.25, clerk 1 from the start; at 2.0 customers 1 and 2 come and take clerk 1 and
    clerk 0 in this order, both until 2.5; customer 3 waits from 2.25.

    Break: clerks in the order in which they began.
    """
    story, desks = lived(engine, [0.75, 2.0, 2.0, 2.25], service=0.5, desks=2)
    assert story[-1] == (2.5, 3, SERVED, 0.25)
    assert desks == [3.0, 2.5]


def test_an_idle_clerk_and_a_line_never_meet(engine):
    """Two clerks: the third waits for whoever is back first, the fourth for the other."""
    story, _ = lived(engine, [1.5, 1.5625, 1.625, 1.6875], desks=2)
    assert story == [
        (1.5, 0, SERVED, 0.0), (1.5625, 1, SERVED, 0.0), (1.75, 2, SERVED, 0.125), (1.8125, 3, SERVED, 0.125),
    ]  # fmt: skip


def test_newcomers_at_a_close_come_after_it_and_buy_at_once(engine):
    """Newcomers of a dated entry with their first purchase come on that very day, by number."""
    numbers = parameters(
        "market.customers=0", "market.entries=[{on: day 31, customers: 2}, {on: day 40, customers: 1}]",
        "market.entry_purchase=true", "firm.service.patience=", "firm.service.time.mean=6 h", file=DESK,
    )  # fmt: skip
    told = story(advanced(engine, numbers, follow=-1))
    rows = [(float(e["time"]), int(e["customer"]), int(e["kind"])) for e in of_kind(told, "entered", "visit")]
    assert sorted(rows) == [
        (31.0, 0, 0),
        (31.0, 0, 1),
        (31.0, 1, 0),
        (31.25, 1, 1),
        (40.0, 2, 0),
        (40.0, 2, 1),
    ]
