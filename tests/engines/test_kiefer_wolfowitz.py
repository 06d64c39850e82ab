"""The waits of both engines are those of Kiefer & Wolfowitz's recursion, exactly.

Arrivals, services and patiences are recorded as the SimPy engine hands them to the line; the recursion,
written apart, says when each customer starts or gives up; the stories of both engines say so to the last bit.
"""

import pytest
from identity import SEED, story, tied
from kiefer_wolfowitz import Arrival, Fate, fates
from small_worlds import parameters

from loyaltysim.engines import reference
from loyaltysim.engines.simulate import engine_named
from loyaltysim.record.world import EVERYBODY, open_world
from loyaltysim.rules.eventlog import KINDS

VISIT, GAVE_UP = KINDS.index("visit"), KINDS.index("gave_up")
OPEN = ("firm.service.open={from: 0, hours: 24}", "waiting={penalty: 5, tolerance: 24 h}", "warm_up=0 months")
CROWD = (*OPEN, "market.customers=150")
LINES = {
    "one clerk": (*CROWD, "firm.service.time.mean=3 h", "firm.service.patience.mean=9 h"),
    "three clerks": (
        *CROWD,
        "firm.service.desks=3",
        "firm.service.time.mean=11 h",
        "firm.service.patience.mean=9 h",
    ),
    "nobody gives up": (
        *CROWD,
        "firm.service.desks=2",
        "firm.service.time.mean=5 h",
        "firm.service.patience=",
    ),
    "exponential": (
        *CROWD,
        "firm.service.desks=2",
        "firm.service.time={law: exponential, mean: 7 h, cv: null}",
        "firm.service.patience={law: exponential, mean: 5 h, cv: null}",
    ),
    "two sites": (*CROWD, "firm.sites=2", "firm.service.time.mean=7 h", "firm.service.patience.mean=9 h"),
}


def told(numbers, engine):
    """The story of one world run by an engine, and the world."""
    world = open_world(numbers, SEED, 0, EVERYBODY)
    engine_named(engine)(world, numbers, len(numbers.closes) - 1, "line")
    return story(world), world


@pytest.fixture
def recorded(monkeypatch):
    """Who came to which site: (customer, arrival), in the order in which they came."""
    came = []
    line = reference.line

    def listening(env, i, site, arrival, patience, service):
        came.append((i, site.number, Arrival(arrival, patience, service)))
        return line(env, i, site, arrival, patience, service)

    monkeypatch.setattr(reference, "line", listening)
    return came


def check(numbers, recorded, least_waits, least_leavers):
    """Both engines' stories against the recursion; == throughout."""
    stories = {"simpy": told(numbers, "simpy"), "compiled": told(numbers, "compiled")}
    desks = stories["simpy"][1].desks.shape[1]
    begins = float(numbers.closes[0])
    fate: dict[int, list[Fate]] = {}
    horizon = float(numbers.closes[-1])
    for site in range(len(stories["simpy"][1].desks)):
        came = [(i, one) for i, number, one in recorded if number == site]
        assert [one.at for _, one in came] == sorted(one.at for _, one in came)
        for (i, _), end in zip(came, fates([one for _, one in came], [begins] * desks), strict=True):
            if end.at < horizon:  # else she still waits at the end, and her story does not say how it ended
                fate.setdefault(i, []).append(end)
    for log, _ in stories.values():
        here = log[(log["provider"] == 0) & ((log["kind"] == VISIT) | (log["kind"] == GAVE_UP))]
        lived = {}
        for line in here:
            end = Fate(float(line["time"]), float(line["wait"]), bool(line["kind"] == VISIT))
            lived.setdefault(int(line["customer"]), []).append(end)
        assert lived == fate
    ends = [end for of_one in fate.values() for end in of_one]
    assert sum(end.wait > 0 and end.served for end in ends) > least_waits
    assert sum(not end.served for end in ends) >= least_leavers


@pytest.mark.parametrize("name", LINES)
def test_every_wait_is_that_of_the_recursion(recorded, name):
    check(parameters(*LINES[name]), recorded, 100, 0 if name == "nobody gives up" else 20)


@pytest.mark.parametrize("desks", [1, 3])
def test_also_where_everybody_comes_at_once(recorded, desks):
    """Constant times, cohorts: starts, ends of patience and arrivals fall on the same instants."""
    check(tied(f"firm.service.desks={desks}"), recorded, 200, 300)


def test_the_recursion_on_a_story_written_by_hand():
    """Two clerks, one busy till 5: one waits for the other, two leave before either is free."""
    came = [Arrival(1, 9, 3), Arrival(2, 9, 1), Arrival(2, 2, 7), Arrival(2.5, 1, 1), Arrival(20, 0, 1)]
    assert fates(came, [0, 5]) == [
        Fate(1, 0, True),
        Fate(4, 2, True),
        Fate(4, 2, False),
        Fate(3.5, 1, False),
        Fate(20, 0, True),
    ]
