"""A budget that bites: once it is spent nothing is earned until the next budget year (MODEL 3.14)."""

import numpy as np
import pytest
from small_worlds import ENGINES, MARKET, advanced, differing_fields, parameters, play

from loyaltysim.experiments.run import run
from loyaltysim.metrics.budget import yearly_cost
from loyaltysim.metrics.digest import digest
from loyaltysim.metrics.terms import terms_of
from loyaltysim.record.spending import spent
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

LONG = ("horizon=27 months", "programme.fixed=20 EUR/month", "programme.points.sign_up=3 points")
CAP = "finance.budget={{amount: {} EUR/year, counts: {}, when_dry: stop}}"
LARGE = 10**7
CAMPAIGN = (
    "programme.points.campaigns="
    "[{from: month 2, to: month 20, multiplier: 2, target: {segments: [regulars]}}]"
)
CHANGE = "programme.points.changes=[{announced: month 14, at: month 17, worth: 0.05 EUR}]"


def issued(replication, arm="programme"):
    """Points issued in each month from month 0 on."""
    money = getattr(replication, arm).money[replication.warm_up :]
    from loyaltysim.rules.ledger import M

    return money[:, :, M.POINTS_ISSUED].sum(axis=1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_budget_that_is_never_spent_changes_nothing(engine):
    """Exactly: the same record as without it."""
    assert digest(play(engine, *LONG, CAP.format(LARGE, "accrued"))) == digest(play(engine, *LONG))


@pytest.mark.parametrize("more", [(), (CAMPAIGN,), (CHANGE,), ("rollout",)], ids=str)
@pytest.mark.parametrize("counts", ["accrued", "cash"])
def test_both_engines_close_and_open_at_the_same_closes(counts, more):
    """With campaigns for some, dated terms and a part that is left out: the same record bit for bit."""
    others = ("programme.rollout={share: 60 %}",) if more == ("rollout",) else more
    capped = (*LONG, CAP.format(700, counts), *others)
    ours, theirs = (play(engine, *capped) for engine in ENGINES)
    assert digest(ours) == digest(theirs)
    assert digest(ours) != digest(play("compiled", *LONG, *others))


@pytest.mark.parametrize("counts", ["accrued", "cash"])
def test_nothing_is_earned_once_it_is_spent_and_again_in_the_next_year(counts):
    """Within a year points are earned up to the close at which it shows, not after; the twin is as it was.

    Catches: shut for ever; opened at the next close; the twin shut, too.
    """
    capped, free = (play("compiled", *LONG, *cap) for cap in ((CAP.format(700, counts),), ()))
    numbers = parameters(*LONG, CAP.format(700, counts))
    points, money = issued(capped), capped.programme.money
    start, shut = capped.warm_up, 0
    for month in range(27):
        first = month - month % 12
        before = spent(money, numbers.cap, start, start + first, start + month) if month > first else 0.0
        assert (points[month] == 0) == (before >= numbers.cap.amount), month
        shut += points[month] == 0
    assert shut > 3 and points[12] > 0 and points[24] > 0
    assert (capped.twin.money == free.twin.money).all()
    assert issued(free).min() > 0


def test_what_the_cap_counts_is_what_the_budget_counts():
    """Months added up as they go are the years that the budget judges, to a millionth."""
    for counts in ("accrued", "cash"):
        for more in ((), ("market.represents=900",), ("warm_up=0 months",), ("finance.discount_rate=0",)):
            loaded = load(MARKET, (*LONG, CAP.format(LARGE, counts), *more))
            terms, numbers = terms_of(loaded.scenario), lower(loaded.scenario)
            one = run(loaded, replications=1, workers=1).measured[0]
            record = play("compiled", *LONG, *more)
            years = [
                spent(record.programme.money, numbers.cap, record.warm_up, first, first + 12)
                for first in (record.warm_up, record.warm_up + 12)
            ]
            real = [year * terms.scale / terms.money_unit for year in years]
            assert yearly_cost(one, terms, counts).tolist() == pytest.approx(real, rel=1e-6), (counts, more)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_is_cut_goes_on_as_if_it_had_not_been(engine):
    """Cut at closes at which it is shut, and at which it opens again: the same world."""
    numbers = parameters(*LONG, CAP.format(700, "accrued"), CHANGE)
    whole = advanced(engine, numbers)
    cut = advanced(engine, numbers, cuts=(8, 14, 15, 16, 20))
    assert differing_fields(whole.customers, cut.customers) == []
    assert (whole.money == cut.money).all() and (whole.lots == cut.lots).all()
    assert (whole.points == cut.points).all()


def test_customers_feel_it():
    """Where nothing is earned the firm is worth less to them: at a close when it is shut they stand lower.

    Catches: earning stops, and nobody stands anew.
    """
    capped, free = (play("compiled", *LONG, *cap) for cap in ((CAP.format(60, "accrued"),), ()))
    at_home = (capped.programme.customers["home"] == 0) & (free.programme.customers["home"] == 0)
    at_home &= capped.programme.customers["present"] == 1
    lower_now = capped.programme.customers["standing"] - free.programme.customers["standing"]
    assert issued(capped)[-1] == 0 and np.mean(lower_now[at_home]) < 0.0


def test_it_costs_less():
    """A cap keeps the year's cost nearer to the budget."""
    costs = []
    for amount in (700, LARGE):
        loaded = load(MARKET, (*LONG, CAP.format(amount, "accrued")))
        one = run(loaded, replications=1, workers=1).measured[0]
        costs.append(yearly_cost(one, terms_of(loaded.scenario), "accrued"))
    assert (costs[0] < costs[1]).all()


GIFTS = {  # an instrument, and the flows that stop
    "cash back": ("programme.cashback=8 %", "cashback"),
    "member price": ("programme.member_price={discount: 8 %}", "member_discounts"),
    "surprise": ("programme.surprise={value: 15, chance: 50 %, cost: 0.50 EUR}", "surprises"),
    "perks": (
        "programme.tiers={window: 3 months, levels: {gold: {from: 3 visits, "
        "perks: {cost: 0.50 EUR, value: 6}}}}",
        "perk_cost",
    ),
    "bonus": ("programme.stored_value={top_up: 20 EUR, bonus: 20 %, chance: 40 %}", "bonus_granted"),
    "club": (
        "programme.membership={fee: 3 EUR, term: 2 months, discount: 20 %, chance: 15 %, taste: 5 EUR}",
        "club_joined",
    ),
    "joining": ("programme.enrolment={chance: 10 %, bonus: 60, cost: 2 EUR}", "points_given"),
    "winning back": (
        "programme.win_back={reach: 90 %, gift: 5 EUR, cost: 1 EUR, readiness: 0, delay: 20 days}",
        "approached_winback",
    ),
    "referrals": ("programme.referral={bonus: 3 EUR, welcome: 2 EUR}", "referrals_rewarded"),
}
REFERS = "referrals={rate: 2 / month, delight: 60, readiness: 0}"


@pytest.mark.parametrize("name", GIFTS)
def test_every_instrument_stops_giving_and_gives_again(name):
    """Nothing of it in the months after the budget is spent, and again in the next year; both engines alike.

    What has been paid for goes on: members of the club still have their discount. Catches: only points stop.
    """
    instrument, flow = GIFTS[name]
    kept = () if name in ("joining",) else ("programme.points=",)
    base = ("horizon=27 months", *kept, REFERS, "programme.fixed=20 EUR/month", instrument)
    cap = CAP.format(300, "cash")
    ours, theirs = (play(engine, *base, cap) for engine in ENGINES)
    assert digest(ours) == digest(theirs)
    free = play("compiled", *base)
    assert (ours.twin.money == free.twin.money).all()
    from loyaltysim.rules.ledger import MONEY

    given, ever = (r.programme.money[r.warm_up :, :, MONEY.index(flow)].sum(axis=1) for r in (ours, free))
    numbers, start = parameters(*base, cap), ours.warm_up
    shut = []
    for month in range(27):
        first = month - month % 12
        ledger = (ours.programme.money, numbers.cap, start, start + first, start + month)
        if month > first and spent(*ledger) >= numbers.cap.amount:
            shut.append(month)
            assert given[month] == 0, month
    assert 2 <= len(shut) < 24 and ever[shut].sum() > 0
    assert given[: shut[0]].sum() > 0 and given[12 : max(shut[-1], 13)].sum() + given[24:].sum() > 0
    if name == "club":
        money = ours.programme.money[ours.warm_up :]
        assert money[shut][:, :, MONEY.index("member_discounts")].sum() > 0


def test_a_cap_does_not_begin_a_programme_before_its_day():
    """With a rollout that begins in month 14 nothing is given at the turn of the year.

    Break: the terms of the programme are put in place at month 12 (so it was).
    """
    late = ("programme.rollout={share: 100 %, from: month 14}", "programme.cashback=5 %")
    capped = play("compiled", *LONG, CAP.format(700, "accrued"), *late)
    assert issued(capped)[:14].sum() == 0 and issued(capped)[14] > 0
    before = slice(capped.warm_up + 14)
    assert (capped.programme.money[before] == capped.twin.money[before]).all()


def test_they_feel_that_the_cash_no_longer_comes_back():
    """The standing of home customers is lower in a month that is shut, and fewer are at home."""
    base = ("horizon=24 months", "programme.points=", "programme.cashback=15 %", "market.customers=600")
    capped, free = (play("compiled", *base, *cap) for cap in ((CAP.format(900, "cash"),), ()))
    at_home = (capped.programme.customers["home"] == 0) & (free.programme.customers["home"] == 0)
    at_home &= capped.programme.customers["present"] == 1
    from loyaltysim.rules.ledger import M

    assert capped.programme.money[-1, :, M.CASHBACK].sum() == 0
    stands = np.array([r.programme.customers["standing"][at_home] for r in (capped, free)])
    stands = stands[:, np.isfinite(stands).all(axis=0)]
    assert np.mean(stands[0] - stands[1]) < -5.0
    home = [r.programme.money[-1, :, M.HOME_CUSTOMERS].sum() for r in (free, capped, capped)]
    assert home[0] > home[1] > capped.twin.money[-1, :, M.HOME_CUSTOMERS].sum()
