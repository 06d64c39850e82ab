"""A community on both engines (MODEL 3.7): who joins it, what it binds with, what it costs.

"Catches" says what a test is meant for.
"""

import math

import numpy as np
import pytest
from small_worlds import MARKET, differences, of_kind, play, worlds

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.programme import incremental_contribution
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.draws import COMMUNITY, uniform
from loyaltysim.rules.ledger import MONEY, M
from loyaltysim.rules.programme.community import INTEREST
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load

MONTH = 365.0 / 12.0
BARE = ("programme.points=", "programme.fixed=", "firm.service=", "waiting=", "reputation=")
STAYING = (
    *BARE, "first_day=", "loyalty=", "market.entries=[]", "market.entrants=0",
    "market.segments.regulars.lifetime=", "market.segments.visitors.lifetime=",
)  # fmt: skip
OF_COMMUNITY = tuple(m for m in MONEY if m.startswith("community_"))
PRICED = ("value", "reward_cost")


def community(**fields):
    """The override of a community."""
    return "programme.community={" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


LIVELY = community(
    interest="70 %", chance="30 %", devotion=1, most=12, half_life="40 days", fades="30 days", leaves="10 %"
)


def test_a_community_without_effect_changes_nothing_but_its_cost(engine):
    """C23: those who join are the more satisfied, and the effect is exactly 0; what is lost is the cost.

    Catches: `held` gives half a CSI point to who takes part.
    """
    idle = community(interest="100 %", chance="20 %", devotion=2, most=0, cost="0.40 EUR/month")
    overrides = (*BARE, idle, "finance.discount_rate=0 % / year")
    played, terms = play(engine, *overrides), terms_of(load(MARKET, overrides).scenario)
    assert differences(played.programme, played.twin, PRICED, (*OF_COMMUNITY, *PRICED)) == []
    cost = int(played.programme.money[..., M.COMMUNITY_COST].sum())
    assert 100 * incremental_contribution(*views(played, terms)) == pytest.approx(-cost, abs=1e-6)
    home = (played.programme.customers["home"] == FIRM) & (played.programme.customers["present"] == 1)
    inside = np.isfinite(played.programme.relations["joined"])
    felt = played.programme.satisfaction[:, FIRM]
    assert inside.sum() > 5 < (home & ~inside).sum()
    assert felt[inside].mean() > felt[home & ~inside].mean() + 2.0


def test_the_engines_agree_on_every_relation():
    """Ledgers, customers and relations."""
    one, other = (play(engine, *BARE, LIVELY) for engine in ("simpy", "compiled"))
    assert differences(one.programme, other.programme) == []
    assert one.programme.relations.tobytes() == other.programme.relations.tobytes()
    assert one.programme.relations["belonging"].max() > 3.0


def test_the_bond_grows_with_tenure_and_fades_afterwards():
    """M (1 - 2^(-T / half_life)) for who has taken part for T; of that 2^(-t / fades) a time t later.

    Catches: the bond grows from the day of joining the firm.
    """
    lively = community(
        interest="100 %", chance="30 %", most=8, half_life="100 days", fades="50 days", leaves="9 %"
    )
    programme, _ = worlds("compiled", *STAYING, "market.customers=300", lively)
    r, end = programme.relations, 13 * MONTH
    once = np.isfinite(r["joined"]) & (r["times"] == 1)
    tenure = end - r["joined"][once]
    assert once.sum() > 8
    assert r["belonging"][once] == pytest.approx(8 * (1 - 0.5 ** (tenure / 100)), rel=1e-9, abs=1e-9)
    began, ended = (of_kind(programme.log, f"community_{what}") for what in ("joined", "left"))
    start = {int(e["customer"]): float(e["time"]) for e in began}
    stop = {int(e["customer"]): float(e["time"]) for e in ended}
    out = [i for i in stop if r["times"][i] == 1 and not np.isfinite(r["joined"][i])]
    assert len(out) > 3
    for i in out:
        left = 8 * (1 - 0.5 ** ((stop[i] - start[i]) / 100)) * 0.5 ** ((end - stop[i]) / 50)
        assert r["belonging"][i] == pytest.approx(left, rel=1e-9, abs=1e-9)


def test_joining_and_leaving_have_their_chances():
    """Without devotion the part that has not joined by month n is (1 - chance)^n, within 4 standard errors.

    Catches: joining is drawn with the chance of a year.
    """
    plain = community(interest="40 %", chance="10 %", devotion=0, most=1, leaves="5 %")
    programme, _ = worlds("compiled", *STAYING, "market.customers=4000", plain)
    home = np.flatnonzero(programme.customers["home"] == FIRM)
    keen = np.array([uniform(programme.customers["key"][i], COMMUNITY, INTEREST, 0) < 0.4 for i in home])
    n = keen.sum()
    assert keen.mean() == pytest.approx(0.4, abs=4 * math.sqrt(0.24 / len(home)))
    began = of_kind(programme.log, "community_joined")
    first = {int(e["customer"]): float(e["time"]) for e in began[::-1]}
    assert set(first) <= set(home[keen].tolist())
    for months in (1, 6, 13):
        outside = 1 - sum(time < (months + 0.5) * MONTH for time in first.values()) / n
        chance = 0.9**months
        assert outside == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / n))
    first_month = [i for i, time in first.items() if time < 1.5 * MONTH]
    stop: dict[int, float] = {}
    for e in of_kind(programme.log, "community_left"):
        stop.setdefault(int(e["customer"]), float(e["time"]))
    after = sum(stop.get(i, math.inf) > 7.5 * MONTH for i in first_month) / len(first_month)
    chance = 0.95**6
    assert after == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / len(first_month)))


def test_a_community_only_holds(engine):
    """Nobody leaves earlier than her twin, some later; who leaves the firm or the market leaves it, too."""
    played = play(engine, *BARE, LIVELY)
    base = played.programme.customers["base"] == 1
    ours, theirs = (arm.customers["first_defection"][base] for arm in (played.programme, played.twin))
    assert (ours >= theirs).all() and (ours > theirs).sum() > 3
    c, inside = played.programme.customers, np.isfinite(played.programme.relations["joined"])
    assert (c["home"][inside] == FIRM).all() and (c["present"][inside] == 1).all()
    assert played.programme.money[..., M.COMMUNITY_LEFT].sum() > 3


def test_its_cost_is_that_of_those_who_take_part(engine):
    """So much for everybody who took part in a month, at its close; its fixed cost is the programme's.

    Catches: a fixed cost that is left out of profit.
    """
    priced = LIVELY.replace("}", ", cost: 0.40 EUR/month, fixed: 30 EUR/month}")
    overrides = (*BARE, priced, "finance.discount_rate=0 % / year")
    played = play(engine, *overrides)
    money = played.programme.money.sum(axis=1)
    left = np.array(money[1:, M.COMMUNITY_COST] <= 40 * money[:-1, M.COMMUNITY_MEMBERS])
    assert left.all() and (money[1:, M.COMMUNITY_COST] == 40 * money[:-1, M.COMMUNITY_MEMBERS])[:2].all()
    parts = measure(played, terms_of(load(MARKET, overrides).scenario)).parts
    assert parts["programme_cost", "programme"].numerator == pytest.approx(
        money[:, M.COMMUNITY_COST].sum() / 100 + 13 * 30
    )
    rows = [part.numerator for (kpi, _), part in parts.items() if kpi.startswith("lift_by_mechanism.")]
    gain = parts["profit", "programme"].numerator - parts["profit", "twin"].numerator
    assert sum(rows) == pytest.approx(gain, abs=1e-6)


def test_a_community_that_runs_already_may_end(engine):
    """At the first close after month 0 everybody has left it where the programme has none."""
    running = "status_quo={community: {interest: 100 %, chance: 60 %, fades: 20 days}}"
    played = play(engine, *BARE, running)
    ours, theirs = (
        arm.money[..., M.COMMUNITY_MEMBERS].sum(axis=1) for arm in (played.programme, played.twin)
    )
    assert ours[played.warm_up - 1] > 5 and ours[played.warm_up :].sum() == 0 < theirs[-1]
