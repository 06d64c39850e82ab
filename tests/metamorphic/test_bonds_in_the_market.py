"""Affect, trust and habit in the market: absent without weight, at rest at the start, a hold on customers."""

import numpy as np
import pytest
from small_worlds import ENGINES, SEED, differing_fields, parameters, same

from loyaltysim.engines.simulate import run_arms
from loyaltysim.rules.state import FIRM

KEPT = ("relationship={up: 2 %}",)
PAR = ("loyalty.par_bonds=2",)
BONDS = tuple(
    f"market.segments.{name}.bonds={{{{affect: {{0}}, trust: {{1}}, habit: {{2}}}}}}"
    for name in ("regulars", "visitors")
)
STILL = ("reputation=", "market.entrants=0", "market.entries=[]", "firm.service=", "programme=", "waiting=")


def weighing(affect, trust, habit):
    """Overrides that give every segment these weights."""
    return tuple(one.format(affect, trust, habit) for one in BONDS)


def arms(*overrides, engine="compiled", replication=0):
    """The finished worlds of both arms."""
    programme, twin, _ = run_arms(parameters(*overrides), replication, SEED, engine)
    return programme, twin


@pytest.mark.parametrize("engine", ENGINES)
def test_without_weight_they_are_kept_and_change_nothing(engine):
    """Bit for bit the market without them. Break: `par_bonds` taken off twice."""
    with_them = arms(*KEPT, *PAR, *weighing(0, 0, 0), engine=engine)
    without = arms(*PAR, engine=engine)
    for one, other in zip(with_them, without, strict=True):
        assert len(one.feelings) and not len(other.feelings)
        assert not differing_fields(np.asarray(one.customers), np.asarray(other.customers))
        assert same(one.money, other.money).all()


def test_the_market_starts_with_them_at_rest():
    """Everybody present on the first day; an entrant has no habit yet."""
    from loyaltysim.record.world import open_world

    numbers = parameters(*KEPT, *PAR)
    world = open_world(numbers, SEED, 0)
    there = world.customers["present"] == 1
    rests = numbers.rests[world.customers["segment"][there], world.customers["home"][there]]
    found = np.array([world.feelings[name][there] for name in ("affect", "trust", "habit")]).T
    assert there.any() and (found == rests).all() and (rests[:, 2] == 1.0).all()
    assert (world.feelings["affect"][~there] == 0.0).all()


def test_a_new_home_begins_without_habit():
    """Who has moved has formed no more habit than her occasions since then allow."""
    twin = arms(*KEPT, *PAR, *STILL)[1]
    moved = twin.customers["spells"] > 0
    assert moved.any() and (twin.feelings["habit"][moved] < 1.0).all()
    assert (
        twin.feelings["habit"][(twin.customers["spells"] == 0) & (twin.customers["present"] == 1)] == 1.0
    ).all()


@pytest.mark.statistical
def test_nobody_who_is_bound_more_leaves_sooner():
    """A higher weight is a higher standing at every moment, person by person; and some stay longer.

    Reputations stand still and nobody waits, so that nothing comes back. Break: the bond subtracted.
    """
    weak, strong = (arms(*KEPT, *PAR, *STILL, *weighing(*w))[1].customers for w in ((2, 1, 2), (8, 4, 8)))
    here = weak["base"] == 1
    both = here & (strong["base"] == 1)
    assert (strong["first_defection"][both] >= weak["first_defection"][both]).all()
    assert (strong["first_defection"][both] > weak["first_defection"][both]).sum() > 3
    assert (strong["home"] == FIRM).sum() > 0


@pytest.mark.statistical
def test_they_stay_at_rest_where_nobody_leaves_and_nobody_learns():
    """Expectations stand still, segments weigh alike, no fit, no clipping: means as at the start.

    4,000 customers at rivals' and the firm's, 13 months; 4 standard errors over customers. Break: a step
    up of affect with disappointment.
    """
    numbers = parameters(
        "relationship={up: 2 %}", *STILL, "loyalty=",
        "experience={kappa_up: 0, kappa_down: 0, zone: 5, forgetting: 0}",
        "market.customers=4000", "market.segments.regulars.fit.sd=0", "market.segments.visitors.fit.sd=0",
        "rivals.Bean.awareness=100 %", "firm.offers=[]", "rivals.Bean.offers=[]",
        "firm.price_level=0", "rivals.Kiosk.price_level=0",
        "market.segments.visitors.weights={quality: 50 %, time: 30 %, price: 20 %}",
        "market.segments.visitors.occasions={mean: 9 / month, stages: 2}",
    )  # fmt: skip
    twin = run_arms(numbers, 0, SEED, "compiled")[1]
    c = twin.customers
    for segment in (0, 1):
        for home in (0, 1, 2):
            who = (c["segment"] == segment) & (c["home"] == home) & (c["present"] == 1)
            for place, name in enumerate(("affect", "trust")):
                felt = twin.feelings[name][who]
                error = felt.std(ddof=1) / np.sqrt(len(felt))
                assert abs(felt.mean() - numbers.rests[segment, home, place]) < 4.0 * error, (
                    segment,
                    home,
                    name,
                )


def test_the_pyramid_adds_up_and_its_transitions_are_whole():
    """Shares sum to 1, cells too; a close's rows are the last one's columns; people do move."""
    from small_worlds import MARKET, play

    from loyaltysim.metrics.measure import measure
    from loyaltysim.metrics.terms import terms_of
    from loyaltysim.scenario.load import load

    overrides = ("relationship={up: 9 %}", *PAR)
    replication = play("compiled", *overrides)
    stages = replication.programme.stages
    assert (stages[1:].sum(axis=2)[:, 1:] == stages[:-1].sum(axis=1)[:, 1:]).all()
    assert (stages.sum(axis=0) > 0).sum() > 8
    parts = measure(replication, terms_of(load(MARKET, overrides).scenario)).parts
    for what in ("pyramid_share.", "attitude_behaviour."):
        found = [part for (name, arm), part in parts.items() if name.startswith(what) and arm == "programme"]
        assert len(found) == 4 and sum(part.value for part in found) == pytest.approx(1.0, abs=1e-12)
    assert 0.0 < parts["conative_mean", "programme"].value < 1.0
    assert parts["affect_mean", "programme"].value > 60.0
