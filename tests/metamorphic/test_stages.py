"""A programme that goes to more and more customers: nothing happens to anybody but on her own stage's day.

"Catches" says what a test is meant for.
"""

import numpy as np
import pytest
from small_worlds import ALONE, MARKET, differences, differing_fields, parameters, play, same

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.rollout import stepped_wedge, treated, wedge
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load

LEVELS = "{silver: {from: 3 visits, status: 2}, gold: {from: 7 visits, multiplier: 2, status: 5}}"
RICH = (
    "status_quo={fixed: 20 EUR/month, member_price: {discount: 1 %}, enrolment: {chance: 15 %}, "
    "tiers: {window: 3 months, review: rolling, dilution: 0, levels: {gold: {from: 6 visits, status: 3}}}}",
    "programme.enrolment={chance: 20 %, cost: 1 EUR, bonus: 10, identified: 80 %}",
    f"programme.tiers={{window: 3 months, dilution: 0, levels: {LEVELS}}}",
    "programme.points.goal={}",
    "programme.points.changes=[{at: day 310, announced: day 280, worth: 0.04 EUR}]",
    "programme.cashback=3 %",
    "programme.save={reach: 80 %, gift: 2 EUR, cost: 0.20 EUR, readiness: 1}",
    "programme.win_back={gift: 4 EUR, readiness: 1}",
    "programme.contact={rate: 2 / month, cost: 0.10 EUR}",
    "rivals.Bean.reactions=[{to: programme, does: copy, lag: 60 days}]",
)
OTHERS = pytest.mark.parametrize("others", [(), RICH], ids=["plain", "rich"])


def staged(*stages):
    """The override of a rollout by stages: pairs of a month and a share."""
    told = ", ".join(f"{{from: month {month}, share: {share} %}}" for month, share in stages)
    return f"programme.rollout={{stages: [{told}]}}"


def terms(*overrides):
    """What the scenario's figures need to know."""
    return terms_of(load(MARKET, overrides).scenario)


@OTHERS
def test_one_stage_to_everybody_is_the_whole(engine, others):
    """Both arms, every record, every figure; and a last stage to those who are reached already does nothing.

    Catches: a stage begins the programme for everybody anew; members' spending is counted from there.
    """
    whole = play(engine, *others)
    for stages in (((0, 100),), ((0, 100), (4, 100), (7, 100))):
        found = play(engine, *others, staged(*stages))
        assert differences(whole.programme, found.programme) == differences(whole.twin, found.twin) == []
        assert (whole.programme.members == found.programme.members).all()
        one = measure(whole, terms(*others)).parts
        other = measure(found, terms(*others, staged(*stages))).parts
        assert {key: value for key, value in other.items() if key in one} == one


@OTHERS
def test_a_stage_to_nobody_is_a_later_start(engine, others):
    """Every record of customers and money; rivals answer the first who are reached.

    Catches: rivals see the programme on the day of the empty stage.
    """
    late = "programme.rollout={share: 60 %, from: month 5}"
    one, other = play(engine, *others, late), play(engine, *others, staged((0, 0), (5, 60)))
    assert differences(one.programme, other.programme) == differences(one.twin, other.twin) == []
    a = measure(one, terms(*others, late)).parts
    b = measure(other, terms(*others, staged((0, 0), (5, 60)))).parts
    for name in ("profit", "programme_cost", "incremental_contribution", "rollout_spend_inside"):
        for arm in ("programme", "effect"):
            if (name, arm) in a:
                assert a[name, arm].value == pytest.approx(b[name, arm].value, abs=1e-9), name


def test_each_stage_holds_the_one_before_and_begins_on_its_day(engine):
    """Where customers share nothing each lives as in the rollout that reaches her on her day.

    Catches: who is reached by a later stage begins with the first.
    """
    stages = ((0, 20), (4, 50), (8, 80))
    found = play(engine, *RICH[:-1], *ALONE, staged(*stages)).programme
    reached = [1.0 - np.mean(found.waves > k) for k in range(3)]
    assert np.all(np.abs(np.array(reached) - (0.2, 0.5, 0.8)) < 4 * 0.5 / np.sqrt(len(found.waves)))
    assert ((found.outside == 0) == (found.waves < 3)).all()
    for k, (month, _) in enumerate(stages):
        alone = play(engine, *RICH[:-1], *ALONE, staged((month, 100))).programme
        who = found.waves == k
        assert who.sum() > 10 and differing_fields(found.customers[who], alone.customers[who]) == []
        assert same(found.satisfaction[who], alone.satisfaction[who]).all()
    never = found.waves == 3
    twin = play(engine, *RICH[:-1], *ALONE, staged(*stages)).twin
    assert differing_fields(found.customers[never], twin.customers[never]) == []


def test_sites_by_and_by(engine):
    """First one site, then a share of two, then all."""
    rollout = (
        "programme.rollout={stages: [{from: month 0, share: 30 %, sites: [2]}, "
        "{from: month 3, share: 60 %, sites: [2, 3]}, {from: month 6}]}"
    )
    found = play(engine, "firm.sites=3", rollout).programme
    half = play(engine, "firm.sites=3", "programme.rollout={share: 60 %}").programme.outside == 0
    site = found.customers["site"]
    assert (found.waves[site == 0] == 2).all() and found.outside.sum() == 0
    assert (half == (found.waves < 2))[site > 0].all()
    assert (found.waves[site == 1] == 0).any() and (found.waves[site == 2] > 0).all()


def test_until_its_stage_its_fixed_cost_is_that_of_the_status_quo(engine):
    """20 a month until month 8 for those outside, 50 a month from month 2 on for those within.

    Catches: the fixed cost of what holds at the horizon, for all months.
    """
    overrides = (*RICH, staged((2, 40), (8, 100)))
    found = [
        measure(play(engine, *overrides, *more), terms(*overrides, *more)).parts["profit", "programme"].value
        for more in ((), ("status_quo.fixed=0 EUR/month",), ("programme.fixed=0 EUR/month",))
    ]
    assert found[1] - found[0] == pytest.approx(20.0 * 8)
    assert found[2] - found[0] == pytest.approx(50.0 * (parameters().terms["months"][0] - 3 - 2))


def test_what_the_stages_show_and_what_they_do(engine):
    """Both figures against least squares with dummies, and against sums by hand.

    Catches: means over stages that forget how many customers they hold; months shifted by one.
    """
    overrides = (*RICH, "programme.acceleration=1.6", staged((1, 30), (5, 70), (9, 90)))
    run, of = play(engine, *overrides), terms(*overrides)
    programme, twin = views(run, of)
    spend, sizes = wedge(programme)
    base = programme.base
    assert (
        programme.arm.wedge[:, :, 0].sum() == programme.customers["spend"][base].sum()
    ) and sizes.sum() == base.sum()
    on = treated(programme)
    assert on[:, 0].sum() == programme.months - 1 and on[:, 3].sum() == 0
    months, groups = spend.shape
    rows, y, weight = [], [], []
    for m in range(months):
        for g in range(groups):
            dummies = [float(m == k) for k in range(months)] + [float(g == k) for k in range(1, groups)]
            rows.append([on[m, g], *dummies])
            y.append(spend[m, g])
            weight.append(np.sqrt(sizes[g]))
    fitted = np.linalg.lstsq(np.array(rows) * np.array(weight)[:, None], np.array(y) * weight, rcond=None)[0]
    assert stepped_wedge(programme, twin) == pytest.approx(fitted[0], rel=1e-9)
    gained = programme.arm.wedge[:, :, 0] - twin.arm.wedge[:, :, 0]
    truth = measure(run, of).parts["stepped_wedge_truth", "effect"].value
    assert truth == pytest.approx((gained * on).sum() / 100.0 / (sizes * on).sum())
    assert truth > 0.0


def test_a_club_without_effect_shows_luck_where_the_truth_is_nothing(engine):
    """Exactly 0 is what it does; what the stages show is not 0, but a difference of persons by chance."""
    idle = (
        "programme.points=",
        "programme.fixed=",
        "programme.enrolment={chance: 30 %}",
        staged((2, 40), (6, 80)),
    )
    parts = measure(play(engine, *idle), terms(*idle)).parts
    assert parts["stepped_wedge_truth", "effect"].value == 0.0
    assert parts["stepped_wedge_lift", "effect"].value != 0.0


def test_the_month_of_the_first_stage_counts_the_base_cohort_once(engine):
    """Its status at month 0 is its size in both arms. Catches: `diary.begin` on the day of a late rollout."""
    for rollout in (staged((4, 50), (7, 100)), "programme.rollout={share: 60 %, from: month 5}"):
        run = play(engine, *RICH, rollout)
        size = int(run.programme.customers["base"].sum())
        assert (run.programme.status.sum(axis=1) == size).all() and (
            run.twin.status.sum(axis=1) == size
        ).all()
        assert run.programme.money[..., M.BASE_HOME].sum() > 0
