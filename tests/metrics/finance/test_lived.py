"""The books of worlds that were lived: they hold, tie out with the record, and owe what fractions say."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from small_worlds import MARKET, play

from loyaltysim.metrics.accounts import KPIS
from loyaltysim.metrics.finance.core import PARTS
from loyaltysim.metrics.finance.due import at_another_rate, time_bands
from loyaltysim.metrics.finance.journal import LINES, POSTINGS
from loyaltysim.metrics.finance.lived import broken, entered, kept, recognised_of, refunds_expected
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import CENT, POINTS_IN, M, U
from loyaltysim.scenario.load import load

BACK = ("firm.returns={share: 20 %, within: 45 days}",)
GIVEN = (
    "programme.points.sign_up=7",
    "programme.points.birthday=5",
    "programme.enrolment={chance: 40 %, bonus: 9}",
)
HELD = ("programme.points.opening={share: 50 %, mean: 30}",)
RUNS = (
    "status_quo={points: {earn: 1 / EUR, worth: 0.05 EUR, minimum: 20, expiry: 4 months, "
    "opening: {share: 40 %, mean: 25}}}",
    "warm_up=9 months",
)
HAZARD = ("finance.point={redeemed: 60 %, estimate: hazard, review: 3 months}",)
LADDER = ("finance.point={redeemed: 60 %, estimate: chain_ladder, review: 6 months}",)
SEGMENT = ("finance.point={redeemed: 60 %, estimate: segment, review: 6 months}",)
REMOTE = ("finance.point={estimate: remote}",)
STORED = (
    "programme.stored_value={top_up: 30 EUR, bonus: 10 %, below: 10 EUR, chance: 30 %, expiry: 5 months, "
    "refund: {part: 90 %, chance: 50 %}, opening: {share: 30 %, mean: 20 EUR, shape: 2}}"
)
WORLDS = {
    "plain": (),
    "returns": BACK,
    "gifts": GIVEN,
    "everything": (*BACK, *GIVEN, *RUNS, *HAZARD, "programme.rollout={share: 50 %}"),
    "held": (*HELD, *LADDER),
    "running": (*RUNS, *SEGMENT),
    "replaced": (*RUNS, "programme.points=", "programme.cashback=2 %", *HAZARD),
    "remote": (*BACK, *REMOTE),
    "rolling": ("programme.points.expires=rolling", *HAZARD),
    "changed": (
        "programme.points.changes=[{announced: month 5, at: month 8, worth: 0.04 EUR}]",
        "programme.points.returns=charge", *BACK, *HAZARD,
    ),
    "stored": (STORED, "finance.prepaid.redeemed=90 %", "programme.points="),
    "cancelled": (
        "programme.membership={fee: 12 EUR, term: 6 months, discount: 5 %, chance: 60 %, taste: 4 EUR, "
        "refund: {part: 80 %, chance: 70 %}, opening: {share: 60 %}}",
        "programme.points=",
    ),
    "unclaimed": (
        STORED[:-1] + ", unclaimed: state}", "programme.points=", "finance.prepaid.redeemed=100 %",
    ),
    "club": ("programme.membership={fee: 12 EUR, term: 6 months, discount: 5 %}",),
    "stored too": (STORED, *BACK, *GIVEN, *HAZARD),
    "never": ("programme.points.expiry=", *LADDER),
}  # fmt: skip


@cache
def lived(name, *more):
    """The arms of a world with its terms and books."""
    overrides = (*WORLDS[name], *more)
    replication = play("compiled", *overrides)
    terms = terms_of(load(MARKET, overrides).scenario)
    arms = (replication.programme, replication.twin)
    return terms, replication, [(arm, kept(arm, terms, replication.days)) for arm in arms]


@pytest.mark.parametrize("name", WORLDS)
def test_books_hold_and_are_the_record(name):
    """Received = revenue + what is owed, to the cent; open cohorts are the customers' lots."""
    terms, _, arms = lived(name)
    seen = 0
    for arm, found in arms:
        if found is None:
            continue
        seen += 1
        assert list(broken(found, arm)) == []
        signs = {M.PREPAID_IN: 1, M.PREPAID_SPENT: -1, M.PREPAID_REFUNDED: -1, M.FEES_RECEIVED: 1}
        signs[M.FEES_REFUNDED] = -1
        cash = arm.money[:, :, M.REVENUE] + sum(sign * arm.money[:, :, m] for m, sign in signs.items())
        received = (cash + found.line("brought_forward")).cumsum(axis=0)
        refunds = -sum(entered(found.lines, name).cumsum(axis=0) for name in ("refund_liability", "state"))
        revenue = recognised_of(found.lines).cumsum(axis=0)
        assert (received == revenue + found.liability + refunds).all(), "at some close, of some segment"
        assert (found.liability >= 0).all()
    assert seen and (seen == 2) == (terms.has_status_quo)


@pytest.mark.parametrize("name", ["plain", "gifts", "running", "held", "never"])
def test_the_roll_forward_in_points_ties_out(name):
    """Opening + issued − used − lapsed = closing, month by month and segment by segment, by another way."""
    _, _, arms = lived(name)
    for arm, found in arms:
        if found is None:
            continue
        opened = np.zeros(arm.money.shape[1], np.int64)
        for month, rows in enumerate(arm.money):
            came = rows[:, M.POINTS_ISSUED]
            went = rows[:, M.POINTS_REDEEMED] + rows[:, M.POINTS_EXPIRED] + rows[:, M.POINTS_FORFEITED]
            opened = opened + came - went
            assert (opened == rows[:, M.POINTS_OUTSTANDING]).all()
            assert (sum(flows.left[month].sum(axis=1) for flows in found.flows) == opened).all()


def test_points_of_a_programme_that_ends_lapse_by_their_own_terms():
    """Cash back takes the place of points that lapse after four months: from the fifth on none is held.

    Break: they were held for ever, and counted as younger month by month, until the books did not hold.
    """
    _, replication, ((arm, found), _) = lived("replaced")
    held = arm.money[replication.warm_up - 1 :, :, M.POINTS_OUTSTANDING].sum(axis=1)
    assert held[0] > 0 and (held[5:] == 0).all() and (found.liability[replication.warm_up + 5 :] == 0).all()
    assert arm.money[replication.warm_up :, :, M.POINTS_EXPIRED].sum() > 0
    assert (replication.twin.money[-1, :, M.POINTS_OUTSTANDING] > 0).any()


def test_stored_value_owes_its_cash_until_it_is_used():
    """The bonus is more value for the same cash; breakage is revenue in proportion to use."""
    _, _, ((arm, found), _) = lived("stored")
    loaded = found.line("topped_up").sum() + found.line("brought_forward").sum()
    used = found.line("used").sum()
    assert loaded == arm.money[:, :, [M.PREPAID_IN, M.PREPAID_OPENING]].sum() > 0
    spent = arm.money[:, :, [M.PREPAID_SPENT, M.BONUS_SPENT]].sum()
    assert 0.8 * spent < used < spent * 1.12
    assert found.liability[-1].sum() < arm.money[-1, :, [M.PREPAID_OUTSTANDING, M.BONUS_OUTSTANDING]].sum()
    assert sum(time_bands(found)) == found.books.liability > 0


def test_fees_that_may_be_paid_back_are_a_refund_liability_and_no_revenue():
    """Deferred = contract liability + what is expected back; what was paid back was earned by nobody."""
    _, _, ((arm, found), _) = lived("cancelled")
    money = arm.money.sum(axis=1)
    assert money[:, M.FEES_REFUNDED].sum() > 0 and money[0:4, M.FEES_OPENING].sum() > 0
    expected = -entered(found.lines, "refund_liability").sum(axis=1).cumsum()
    owed = found.liability.sum(axis=1)
    assert (owed + expected == money[:, M.FEES_DEFERRED]).all() and expected[-1] > 0
    assert (recognised_of(found.lines).sum(axis=1) == money[:, M.REVENUE] + money[:, M.FEES_EARNED]).all()
    assert (found.line("paid_back").sum(axis=1) == money[:, M.FEES_REFUNDED]).all()


def test_money_that_goes_to_the_state_is_never_revenue():
    """What nobody asked for is a debt to the state, to the cent; kept, the same run has it as revenue.

    Break: it lapses as a bonus does.
    """
    _, _, ((arm, found), _) = lived("unclaimed")
    _, _, ((kept_arm, by_firm), _) = lived("stored", "finance.prepaid.redeemed=100 %")
    state = -entered(found.lines, "state").sum(axis=1)
    assert (state == arm.money[:, :, M.PREPAID_REMITTED].sum(axis=1)).all() and state.sum() > 0
    assert (arm.money[:, :, M.PREPAID_FORFEITED] == kept_arm.money[:, :, M.PREPAID_FORFEITED]).all()
    less = recognised_of(by_firm.lines).sum() - recognised_of(found.lines).sum()
    still = found.liability[-1].sum() - by_firm.liability[-1].sum()
    assert less == state.sum() + still and less > 0


def test_each_cohort_owes_what_fractions_of_the_record_say():
    """L13: the liability once more, from the raw ledger, by exact fractions; to the cent a cohort."""
    terms, _, ((arm, found), _) = lived("plain", "finance.point.redeemed=45 %")
    months, segments, ages, _ = arm.cohorts.shape
    rate = Fraction(terms.redeemed, PARTS)
    assert rate == Fraction(45, 100)
    total = 0
    for issue in range(months):
        for segment in range(segments):
            first = [int(x) for x in arm.cohorts[issue, segment, 0]]
            price = Fraction(first[U.FACE], int(CENT)) * rate
            share = first[U.PAID] * price / (first[U.GOODS] + price) if first[U.PAID] else Fraction(0)
            later = [arm.cohorts[issue + age, segment, age] for age in range(min(ages, months - issue))]
            used = sum(int(row[U.REDEEMED]) for row in later)
            gone = sum(int(row[U.EXPIRED]) + int(row[U.FORFEITED]) for row in later)
            left = first[U.EARNED] - used - gone
            end = min(max(first[U.EARNED] * rate, used), used + left)
            owed = (share * (1 - used / end) if end else share) if left else Fraction(0)
            cohort = found.books.cohorts[issue, "points", segment]
            assert abs(cohort.liability - owed) <= 1
            total += owed
    assert total > 100 and found.books.liability == pytest.approx(float(total), abs=months * segments / 2)


def test_points_without_a_purchase_owe_nothing_until_they_are_used():
    """The liability is that of points bought; gifts are a memo of their own."""
    _, _, ((arm, found), _) = lived("gifts")
    memo = [cohort for (_, kind, _), cohort in found.books.cohorts.items() if kind == "given"]
    assert sum(cohort.open for cohort in memo) > 0 and all(cohort.liability == 0 for cohort in memo)
    assert sum(cohort.issued for cohort in memo) == arm.cohorts[:, :, :, U.GIVEN].sum() - (
        arm.cohorts[:, :, : arm.open_lots.shape[2], U.GIVEN].sum()
    )


def test_what_is_deferred_does_not_depend_on_how_points_are_denominated():
    """M5: ten times the points at a tenth of the worth: the same books, to the rounding of points."""
    one = lived("plain")[2][0][1]
    more = (
        "programme.points.earn=10 / EUR",
        "programme.points.worth=0.01 EUR",
        "programme.points.minimum=200",
    )
    other = lived("plain", *more, "programme.points.step=100")[2][0][1]
    a, b = (int(found.line("deferred").sum()) for found in (one, other))
    assert b == pytest.approx(a, rel=0.06) and a > 0


def test_a_return_takes_its_sale_out_of_revenue_and_its_points_out_of_the_liability():
    """Refunds are money of sales; what is withdrawn is no more than was deferred."""
    terms, replication, ((arm, found), _) = lived("returns")
    assert (found.line("refunded") == arm.money[:, :, M.REFUNDS]).all() and found.line("refunded").sum() > 0
    assert 0 < found.line("withdrawn").sum() < found.line("deferred").sum()
    assert found.line("restored").sum() > 0
    still = refunds_expected(arm, terms, replication.days).cumsum(axis=0)
    assert (still >= 0).all() and found.line("returns_expected").sum() == still[-1].sum()


def test_the_refund_liability_is_what_will_be_paid_back_of_sales_made():
    """100 a day for ever, 20 % of it back within 45 days, evenly: 100 × .2 × 22.5 = 450 are to come."""
    terms, _, ((arm, _), _) = lived("returns")
    days = 30.0 * np.arange(len(arm.money) + 1)
    flat = arm._replace(money=np.zeros_like(arm.money))
    flat.money[:, :, M.REVENUE] = 3000
    still = refunds_expected(flat, terms, days).cumsum(axis=0)
    assert (still[5:] == 450).all() and 0 < still[0, 0] < 450


@pytest.mark.parametrize("name", ["everything", "held", "rolling", "remote"])
def test_time_bands_sum_to_the_liability(name):
    for _, found in lived(name)[2]:
        if found is not None:
            bands = time_bands(found)
            assert sum(bands) == found.books.liability and min(bands) >= 0


def test_one_point_more_of_the_rate_costs_what_another_run_of_the_books_says():
    """± 1 point of the redemption rate in money: a revision of every cohort says the same."""
    terms, replication, ((arm, found), _) = lived("plain", "finance.point.redeemed=70 %")
    again = kept(arm, terms, replication.days).books
    before = again.liability
    for (issue, kind, segment), cohort in list(again.cohorts.items()):
        if cohort.open:
            again.revise(issue, kind, segment, cohort.within_reach() + cohort.issued * PARTS // 100)
    assert at_another_rate(found.books, PARTS // 100) == again.liability - before > 0
    assert at_another_rate(found.books, -PARTS // 100) < 0


def test_owed_follows_the_estimate():
    """Points × chance × cost: with a hazard the chance is that of the books' cohorts."""
    plain, hazard = (measure(lived("plain", *more)[1], lived("plain", *more)[0]) for more in ((), HAZARD))
    name = ("economic_liability_end", "programme")
    open_points = plain.parts["points_outstanding", "programme"].numerator
    found = lived("plain", *HAZARD)[2][0][1]
    assert hazard.parts[name].numerator == pytest.approx(plain.parts[name].numerator * found.chance[-1] / 0.8)
    assert open_points > 0 and found.chance[-1] != 0.8


def test_figures_of_the_accounts_agree_with_each_other():
    terms, replication, _ = lived("running", "programme.points.expiry=3 months")
    parts = measure(replication, terms).parts
    get = {kpi.name: parts[kpi.name, "programme"] for kpi in KPIS if (kpi.name, "programme") in parts}
    due = sum(get[f"liability_due_{x}"].numerator for x in ("12m", "24m", "later"))
    assert due == pytest.approx(get["liability_end"].numerator, abs=1e-9)
    assert get["breakage_rate"].value == pytest.approx(1 - get["ultimate_redemption_rate"].value)
    assert 0 < get["ultimate_redemption_rate"].value < 1
    assert set(POSTINGS) == set(LINES)
    assert len(POINTS_IN) == 4
    errors = [get[f"urr_error_{m}"].numerator for m in ("stated", "chain_ladder", "hazard", "segment")]
    assert all(abs(e) < 1 for e in errors)
