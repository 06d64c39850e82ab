"""Kinds of attributes: hygiene, and extras that delight until they are expected (MODEL 3.2, 3.3; E5, E6).

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math

import numpy as np
import pytest
from small_worlds import CALM, ENGINES, SEED, differences, of_kind, parameters, play, worlds

from loyaltysim.record.world import EVERYBODY, open_world
from loyaltysim.rules import calls
from loyaltysim.rules import parameters as p
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.rest import mean_of_kinds


def perk(firm, bean=0, kiosk=0, keeps="0 %", sd=0):
    """Overrides: an extra, of so many points at each provider."""
    return (
        f"firm.attributes.perk={{level: {firm}, sd: {sd}, need: additional, keeps: {keeps}}}",
        f"rivals.Bean.attributes.perk={{level: {bean}}}",
        f"rivals.Kiosk.attributes.perk={{level: {kiosk}}}",
    )


STEADY = (  # calm, but expectations move by 30 % a visit, alike up and down
    *(o for o in CALM if o != "experience="),
    "experience={beta_up: 0.2, beta_down: 0.5, kappa_up: 30 %, kappa_down: 30 %, zone: 0, decay: null, "
    "forgetting: 0}",
    "loyalty=",
    "warm_up=0",
    "firm.service=",
)
LAUNCH = "events=[{at: day 0, set: {firm.attributes.perk.level: 10}}]"


def gaps_by_visit(log):
    """Gap by the number of the visit to the firm since day 0, of those who were its customers; see `feel`."""
    here = log[log["provider"] == 0]
    return [here[here["occasion"] == k] for k in range(8)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("keeps", [0.0, 0.3, 1.0])
def test_an_extra_delights_less_at_each_visit_and_keeps_its_share(engine, keeps):
    """C19 for an extra of 10 points: d = 10 x 0.7^k at the k-th visit; the CSI keeps its share for good.

    S after the first visit: 76 + omega x (keeps x 10 + beta+ x 10), omega 1/5 -> 1/6 below the prior's end.
    Break: the whole extra in Y and its kept share in Q besides (the first gap would be 10 (1 + keeps)).
    """
    world = worlds(engine, *STEADY, *perk(0, keeps=f"{100 * keeps:g} %"), LAUNCH)[1]
    visits = of_kind(world.log, "visit")
    start = {i for i in range(len(world.customers)) if world.customers["enters"][i] == 0.0}
    here = visits[(visits["provider"] == 0) & np.isin(visits["customer"], list(start))]
    assert set(np.round(here["csi"], 9)) == {76.0 + 10 * keeps}
    expectation = 76.0
    satisfied, known = 76.0, 0.0
    for k in range(6):
        now = here[here["occasion"] == k]
        assert len(now) > 3
        quality = 76.0 + 10 * keeps
        gap = quality - expectation + 10 * (1 - keeps) - known
        assert gap == pytest.approx(10 * 0.7**k)
        s = quality + 0.2 * gap
        satisfied += 0.2 * (s - satisfied)
        assert now["expectation"] == pytest.approx(expectation, rel=1e-12)
        assert now["satisfaction"] == pytest.approx(satisfied, rel=1e-12)
        expectation += 0.3 * (quality - expectation)
        known += 0.3 * (10 * (1 - keeps) - known)


def test_the_ledger_of_gaps_knows_the_extras():
    """The month's sum of gaps of the firm's visits is that of the visits' own: 10 x 0.7^k each."""
    world = worlds("compiled", *STEADY, *perk(0), LAUNCH, "market.entrants=0 / month", "market.entries=[]")[1]
    here = of_kind(world.log, "visit")
    here = here[here["provider"] == 0]
    assert world.money[:, :, M.GAP].sum() / CENT == pytest.approx(
        (10 * 0.7 ** here["occasion"]).sum(), abs=len(here) / CENT
    )


def test_who_is_used_to_an_extra_misses_it_elsewhere():
    """G goes with her: the customer of a firm with 10 points of extras finds d = -10 at a rival without.

    And nobody misses what she never had: at rest with extras, and at rest without, no gap.
    Break: an expectation of extras for each provider.
    """
    numbers = parameters(*STEADY, *perk(10, bean=0, kiosk=4))
    world = open_world(numbers, SEED, 0, EVERYBODY)
    handle = handle_of(world)
    ours = int(np.flatnonzero(world.customers["home"] == 0)[0])
    theirs = int(np.flatnonzero(world.customers["home"] == 1)[0])
    assert world.expected_extras[ours] == 10.0 and world.expected_extras[theirs] == 0.0
    for her, where, gap in ((ours, 0, 0.0), (ours, 1, 72.0 - 76.0 - 10.0), (theirs, 1, 0.0)):
        world.customers["arrival"][her] = world.customers["occasion"][her] = 1.0
        quality = (76.0, 72.0)[where]
        before = float(world.ties["satisfaction"][her, where]) if her == ours and where == 0 else 72.0
        visits = float(world.ties["visits"][her, where]) + 1
        calls.visit(handle, her, 1.0, where, 0.0, False)
        s = quality + (0.5 * gap if gap < 0 else 0.0)
        weight = max(0.2, 1 / (visits + 1))
        assert world.ties["satisfaction"][her, where] == pytest.approx(before + weight * (s - before)), where
    assert world.expected_extras[ours] == pytest.approx(0.7 * 10.0)


def test_an_extra_that_nobody_offers_is_no_extra():
    """Level 0 everywhere, or customers to whom it means nothing: not a bit changes."""
    plain = play("compiled")
    for overrides in (
        perk(0),
        (*perk(9, 5, 2), *(f"market.segments.{s}.extras=0" for s in ("regulars", "visitors"))),
    ):
        other = play("compiled", *overrides)
        for arm in ("programme", "twin"):
            assert differences(getattr(plain, arm), getattr(other, arm)) == []


def test_extras_are_forgotten_as_expectations_are():
    """Between visits G drifts to the mean extras of the market, here (12 + 6 + 0)/3 = 6, at the same rate."""
    numbers = parameters(*STEADY, *perk(12, 6, 0), "experience.forgetting=10 % / month")
    world = open_world(numbers, SEED, 0)
    her = int(np.flatnonzero(world.customers["home"] == 0)[0])
    world.customers["arrival"][her] = world.customers["occasion"][her] = 30.0
    assert world.clock["norm_extras"][0] == 6.0
    calls.visit(handle_of(world), her, 30.0, 0, 0.0, False)
    kept = math.exp(-0.1 * 12 / 365 * 30)
    forgotten = 6.0 + 6.0 * kept
    assert world.expected_extras[her] == pytest.approx(forgotten + 0.3 * (12.0 - forgotten), rel=1e-12)


def test_extras_are_forgotten_too_when_the_market_acts_between_visits():
    """Terms that turn after 20 days, to what they were: G has drifted by then, and goes on from there.

    Break: only satisfaction and expectation fade when terms turn (so it was): her clock moves, G does not.
    """
    numbers = parameters(*STEADY, *perk(12, 6, 0), "experience.forgetting=10 % / month")
    world = open_world(numbers, SEED, 0)
    her = int(np.flatnonzero(world.customers["home"] == 0)[0])
    calls.stand_anew_all(handle_of(world), -1, 20.0)
    assert world.customers["felt_at"][her] == 20.0
    assert world.expected_extras[her] == pytest.approx(6.0 + 6.0 * math.exp(-0.1 * 12 / 365 * 20), rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("level", "csi"),
    [(60, 0.5 * 76 + 0.25 * 136), (20, 0.5 * 76 + 0.25 * 96 - 0.8 * 30), (100, 0.5 * 76 + 0.25 * 176)],
)
def test_a_rotten_small_part_spoils_the_pie(engine, level, csi):
    """Hygiene of floor 50 and penalty 0.8: 24 points beyond its weight at 20, nothing more at 100."""
    kind = f"firm.attributes.time={{level: {level}, kind: hygiene, floor: 50, penalty: 0.8}}"
    log = of_kind(worlds(engine, *CALM, kind)[1].log, "visit")
    assert log[log["provider"] == 0]["csi"] == pytest.approx(csi)
    assert log[log["provider"] == 1]["csi"] == pytest.approx(72.0)


def test_hygiene_and_extras_at_rest_are_the_means_over_visits():
    """Reputations start at what is delivered on average: the formula against 200,000 draws, 4 errors."""
    kinds = np.zeros(2, p.ATTRIBUTE)
    kinds[0]["floor"], kinds[0]["penalty"] = 60.0, 0.7
    kinds[1]["extra"], kinds[1]["keeps"] = 1, 0.4
    rng = np.random.default_rng(5)
    fit, z = 9.0 * rng.standard_normal(200_000), rng.standard_normal(200_000)
    x = np.clip(64.0 + 12.0 * z + fit, 0, 100)
    y = np.clip(6.0 + 5.0 * z, 0, 100)
    points = -0.7 * np.maximum(60.0 - x, 0) + 1.5 * 0.4 * y
    exact = mean_of_kinds(kinds, [64.0, 6.0], [12.0, 5.0], 9.0, 1.5)
    assert abs(points.mean() - exact) < 4 * points.std() / math.sqrt(len(points))
    assert mean_of_kinds(kinds, [64.0, 6.0], [0.0, 0.0], 0.0, 1.5) == pytest.approx(1.5 * 0.4 * 6.0)
    assert mean_of_kinds(kinds, [-5.0, 0.0], [0.0, 0.0], 0.0, 1.5) == pytest.approx(-0.7 * 60.0)
