"""Buying nothing in the category as a home (MODEL 0.2, 3.5), and awareness that changes (3.5, 3.13)."""

import math

import numpy as np
import pytest
from small_worlds import MARKET, SEED, differing_fields, differing_measures, parameters, play

from loyaltysim.engines.simulate import run_arms, simulate
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.validation.verdict import exactly, require, run, share

OUTSIDE = "market.outside={view: 66}"
NUMBER = 3  # of `outside` in the small market, after the firm, Bean and Kiosk


@pytest.mark.statistical
def test_who_is_outside_is_the_logits_share_and_buys_nothing():
    """All choose anew every few days, the home taking part: shares e^(.08 view); occasions that are left out.

    Not caught, though planted: a fit with buying nothing.
    """
    (found,) = run("outside", engine="compiled")
    arm, homes = found.twin, found.twin.customers["home"]
    chance = np.exp(0.08 * (np.array([70.0, 62.0, 55.0]) - 70.0))
    chance /= chance.sum()
    rows = [share(f"home {j}", float(chance[j]), homes == j, "customers") for j in range(3)]
    flows = arm.money.sum(axis=(0, 1))
    bought = flows[M.VISITS] + flows[M.VISITS_RIVALS]
    rows.append(exactly("occasions", flows[M.OCCASIONS], bought + flows[M.LEFT_OUT], "occasions"))
    assert flows[M.LEFT_OUT] > 10_000
    assert (arm.reputation[:, 2] == 55.0).all()
    require(rows)


@pytest.mark.parametrize("away", [(), ("loyalty.away={at_par: 25 %, slope: 30}",)])
def test_an_outside_that_nobody_considers_changes_nothing(engine, away):
    """Bit for bit: one more provider in the records, with awareness 0, whatever its view.

    Catches: an awareness that is not asked for when a home is chosen.
    """
    without, hidden = (
        play(engine, *away, *more) for more in ((), ("market.outside={view: 99, awareness: 0}",))
    )
    for a, b in ((without.programme, hidden.programme), (without.twin, hidden.twin)):
        assert differing_fields(a.customers, b.customers) == []
        assert differing_measures(a.money, b.money) == []
        assert (a.reputation == b.reputation[:, :NUMBER]).all()


def test_nobody_enters_outside_nor_buys_there_nor_is_barred_from_it(engine):
    """Entrants enter to buy; who is outside has no visits there; she may come back as often as she likes.

    Break: `outside` part of the norm; barred like a provider that disappoints.
    """
    numbers = parameters(OUTSIDE, "loyalty.never_returns=100 %", "loyalty.away={at_par: 25 %, slope: 30}")
    for world in run_arms(numbers, 0, SEED, engine, follow=-1)[:2]:
        log = world.log[: int(world.logged[0])]
        entered = log[log["kind"] == 0]
        assert (entered["provider"] != NUMBER).all()
        assert not ((log["kind"] == 1) & (log["provider"] == NUMBER)).any()
        assert (world.ties["visits"][:, NUMBER] == 0).all() and (world.ties["barred"][:, NUMBER] == 0).all()
        assert (world.ties["fit"][:, NUMBER] == 0).all()
        assert world.clock["norm"][0] == pytest.approx(
            world.providers["reputation"][:NUMBER].mean(), rel=1e-12
        )
        moved = log[log["kind"] == 3]
        assert (moved["provider"] == NUMBER).sum() > 5 and (moved["other"] == NUMBER).sum() > 0


def test_who_buys_elsewhere_once_buys_from_somebody(engine):
    """Nobody leaves a home here, and buying nothing would please everybody most: no occasion is left out.

    Break: one purchase elsewhere may be none.
    """
    stays = ("loyalty.theory=constant", "loyalty.rate=100 %", "loyalty.away={at_par: 25 %, slope: 30}")
    arm = play(engine, "market.outside={view: 95}", *stays).twin
    assert arm.money[..., M.LEFT_OUT].sum() == 0 < arm.money[..., M.VISITS_AWAY].sum()


def test_the_states_of_the_base_cohort_sum_to_one_with_outside():
    """Home, won back, elsewhere, outside, out of the market; and the share outside at the horizon."""
    overrides = (OUTSIDE, "market.customers=600")
    found = simulate(parameters(*overrides), 0, SEED)
    view, _ = views(found, terms_of(load(MARKET, overrides).scenario))
    states = ("home", "won_back", "elsewhere", "outside", "left_market")
    parts = [CATALOGUE[f"stayed_by_status.{name}"].formula(view) for name in states]
    assert sum(part for part, _ in parts) == parts[0][1] > 20 and parts[3][0] > 0
    share_outside = CATALOGUE["outside_share_end"].formula(view)
    assert share_outside == (
        (found.programme.customers["home"][found.programme.customers["present"] == 1] == NUMBER).sum(),
        (found.programme.customers["present"] == 1).sum(),
    )


def test_awareness_comes_half_of_the_way_in_its_half_life():
    """a = to + (a0 - to) 2^(-t / half-life) at the closes, from its day on. Break: from month 0 on."""
    growth = "rivals.Bean.growth={to: 20 %, half_life: 90 days, from: day 40}"
    numbers = parameters(growth)
    programme, twin, _ = run_arms(numbers, 0, SEED, "simpy")
    expected = 0.2 + (0.8 - 0.2) * 2.0 ** (-(numbers.closes[-1] - 40.0) / 90.0)
    for world in (programme, twin):
        assert world.providers["awareness"][1] == pytest.approx(expected, rel=1e-12)
        assert world.providers["log_awareness"][1] == pytest.approx(math.log(expected), rel=1e-12)


def test_a_rival_that_stays_unknown_changes_nothing_until_it_is_launched(engine):
    """Awareness 0 that grows towards 0, or is set to 0, leaves the record as it was; a launch changes it.

    Catches: a growth towards 0 that leaves an awareness a little above it.
    """
    newcomer = (
        "rivals.Bean.awareness=0",
        "market.segments.regulars.home={firm: 50 %, Bean: 0 %, Kiosk: 50 %}",
        "market.segments.visitors.home={firm: 50 %, Bean: 0 %, Kiosk: 50 %}",
    )
    plain = play(engine, *newcomer)
    unknown = play(engine, *newcomer, "rivals.Bean.growth={to: 0, half_life: 1 month}",
                   "events=[{at: month 4, set: {rivals.Bean.awareness: 0}}]")  # fmt: skip
    for a, b in ((plain.programme, unknown.programme), (plain.twin, unknown.twin)):
        assert differing_fields(a.customers, b.customers) == []
        assert differing_measures(a.money, b.money) == []
        assert (a.reputation == b.reputation).all()
    launched = play(engine, *newcomer, "events=[{at: month 4, set: {rivals.Bean.awareness: 100 %}}]")
    first = plain.warm_up + 4  # months up to the launch are as they were
    assert (plain.twin.money[:first] == launched.twin.money[:first]).all()
    assert (plain.twin.customers["home"] == 1).sum() == 0 < (launched.twin.customers["home"] == 1).sum()
