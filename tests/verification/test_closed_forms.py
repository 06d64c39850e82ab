"""The SimPy engine against closed forms, at fixed seeds, within 4 standard errors (see `verdict`).

Every docstring says which break of the model was tried in a copy of the tree, and what failed.
"""

import math

import numpy as np
import pytest

from loyaltysim.validation import (
    checks_cards,
    checks_cash,
    checks_choice,
    checks_club,
    checks_desks,
    checks_failures,
    checks_finance,
    checks_forms,
    checks_members,
    checks_offers,
    checks_points,
    checks_retention,
    checks_satisfaction,
    checks_stored,
    checks_tiers,
    checks_twins,
    checks_value,
    checks_visits,
)
from loyaltysim.validation.forms import ErlangA, ParetoNBD, erlang_c, sbg_del, sbg_survival
from loyaltysim.validation.verdict import require

pytestmark = pytest.mark.statistical


def test_the_forms_give_the_published_figures():
    """C1, C6, C9: Fader & Hardie (2005, 2007); the textbook desks."""
    cdnow = checks_visits.PUBLISHED
    assert sbg_survival(0.668, 3.806, 7) == pytest.approx(0.488942, abs=5e-6)
    assert sbg_del(0.704, 1.182, 0.1) == pytest.approx(3.695147, abs=5e-7)
    assert cdnow.mean(52.0) == pytest.approx(1.4730, abs=5e-5)
    seen = cdnow.chance_alive(np.array([2.0, 0.0]), np.array([30.43, 0.0]), 38.86)
    assert seen == pytest.approx([0.8692, 0.2953], abs=5e-5)
    swapped = ParetoNBD(0.553, 11.669, 0.606, 10.578).chance_alive(np.array([2.0]), np.array([30.43]), 38.86)
    assert 0.8 < float(swapped[0]) < 0.9  # the other branch of the form: alpha above beta
    assert erlang_c(20.0, 6.0, 4) == pytest.approx(0.65772, abs=5e-6)
    line = ErlangA(8.0, 1.0, 10, 2.0)
    assert (line.gave_up, line.wait) == pytest.approx((0.0388214, 0.0776428), abs=5e-8)
    assert line.within(0.25) == pytest.approx(0.878382, abs=5e-7)


@pytest.mark.parametrize(("alpha", "beta"), [(0.668, 3.806), (0.704, 1.182)])
def test_c1_annual_renewals_follow_the_shifted_beta_geometric(alpha, beta):
    """Break: everybody has the mean chance of leaving. S(1) stayed; S(5) was 18 and S(12) 36
    standard errors low.
    """
    require(checks_retention.c1(alpha, beta))


def test_c2_value_under_constant_retention():
    """Break: the yearly rate of discount is spread over 360 days. The mean CLV stayed within its
    band; the value given her payments was up to 1.00 off.
    """
    require(checks_retention.c2())


def test_c4_value_of_poisson_visits_over_an_exponential_life():
    """Break: visits go on until the close after her life has ended. The mean CLV stayed within its
    band; the distribution of visits failed at p = 3e-8.
    """
    require(checks_visits.c4())


def test_c8_visits_are_negative_binomial_and_predict_the_next():
    """Break: everybody has the segment's mean rate. The mean stayed; P(0) was 48 standard errors low
    and nothing was learned from the first three months.
    """
    require(checks_visits.c8())


def test_c9_purchases_are_pareto_nbd_and_reveal_who_is_alive():
    """Break: everybody has the mean rate of leaving the market. Purchases by week 39 were 24
    standard errors low.
    """
    require(checks_visits.c9())


@pytest.mark.slow
def test_cdnow_repeats_at_the_published_parameters():
    """The cohort's totals against the exact sum over its days of entry.

    The real cohort made 828, 1,746, 2,457, 3,183, 3,844 and 4,339 repeat purchases by weeks 13, 26, 39, 52,
    65 and 78, where the form gives 712, 1,742, 2,532, 3,190, 3,763 and 4,274: +3.25, +.05, -.73, -.05, +.52
    and +.35 standard deviations of one cohort. From week 26 on that is luck; the first quarter is not: new
    customers came back sooner than Pareto/NBD says. (Days are counted from the morning of the first purchase;
    counted from its evening, as some authors do, the form is lower by a day's purchases, some 4 to 8.)
    Break: lives count from month 0, not from entry. The totals were 10 to 15 standard errors low.
    """
    require(checks_visits.cdnow())


def test_the_real_cohort_lies_within_luck_of_the_published_model():
    """z of the real totals: this judges the published parameters, not the engine; week 13 is a known miss."""
    real = dict(zip(checks_visits.MARKS, (828, 1746, 2457, 3183, 3844, 4339), strict=True))
    z = {w: (n - checks_visits.cohort_mean(w)) / checks_visits.cohort_sd(w) for w, n in real.items()}
    assert [round(z[w], 2) for w in checks_visits.MARKS] == [3.25, 0.05, -0.73, -0.05, 0.52, 0.35]
    assert max(abs(z[w]) for w in checks_visits.MARKS[1:]) < 2.0


def test_c11_points_are_a_compound_poisson_sum():
    """Break: fractions of points are always rounded down. 4 standard errors in the mean, 537 in points
    less euros.
    """
    require(checks_points.c11())


def test_c12_points_are_redeemed_forfeited_or_lapse():
    """Break: the hazard of redeeming is P, not -ln(1 - P). Redeemed points were 18 standard errors low."""
    require(checks_points.c12())


def test_c13_stamp_cards():
    """Break: a reward counts when one visit earns it all, not when the balance reaches it. None
    was earned.
    """
    require(checks_points.c13())


def test_c14_gold_by_luck_and_by_habit():
    """Break: visits before the window count on; a tier once reached is never reviewed."""
    require(checks_tiers.c14())


def test_r18_gaps_shorten_by_a_fifth_within_person():
    """Kivetz et al. (2006): 20 %; calibrated, and measured on the same cards against selection."""
    require(checks_cards.r18())


def test_r19_given_progress_fills_more_cards():
    """Calibrated: 19 %, and an odds ratio of 1.60 a step; found: 34 %. A miss: 15.6 days between washes
    became 12.7 with two given (-19 %); here -3 %, what nearness alone gives.
    Catches: commitment as a factor on the chance in place of its odds.
    """
    require(checks_cards.r19())
    eight, ten = checks_cards.haste()
    assert 0.94 < ten / eight < 0.99


def test_r17_heavy_buyers_take_the_rewards_and_hardly_hurry():
    """Hartmann & Viard (2008): frequent customers make over two thirds of purchases and earn more of the
    rewards than that (over four fifths; here three quarters); incentives hardly move them.
    """
    purchases, rewards, light, heavy = checks_cards.r17()
    assert 2 / 3 < purchases < rewards
    assert 1.0 - heavy < 0.6 * (1.0 - light)


def test_c18_a_sharp_threshold():
    """Break: everybody has the mean threshold. Shares were 6 to 16 standard errors low."""
    require(checks_retention.c18())


def test_c19_the_delight_treadmill():
    """Break: expectation follows satisfaction in place of quality. The second visit delighted by
    6.1, not 7.
    """
    require(checks_satisfaction.treadmill())


def test_c19_what_unsteady_quality_costs():
    """Break: a gap below expectation counts as one above. Satisfaction was 42 standard errors high; the
    gap and the expectation stayed right.
    """
    require(checks_satisfaction.inconsistency())


def test_c22_the_float_of_stored_value():
    """Catches: the bonus spent before the money, its share of the last purchase rounded up."""
    require(checks_stored.c22())


def test_c23_paid_who_buys_the_club():
    """Catches: the benefit of a term reckoned for a year of a term of 24 months."""
    require(checks_club.c23_paid())


def test_renewals_of_the_club():
    """Catches: one chance of not renewing for all, the mean."""
    require(checks_club.renewals())


def test_c23_a_free_club_without_effect():
    """Catches: members are those who have ever bought (`since` set at the first visit whatever she decides);
    a member's points move her standing.
    """
    require(checks_members.c23())


def test_c29_a_programme_without_effect_differs_in_nothing():
    """Break: under a programme the basket is drawn one occasion further on. 737 differences."""
    require(checks_twins.identical())


def test_c29_pairing_cuts_the_variance_sixteen_times():
    """Break: a scenario's retention enters its seed. A ratio of 2.4 in place of 16.2; 5,751 driven away."""
    require(checks_twins.paired())


def test_c5_what_five_points_of_retention_are_worth():
    """Break: the hazard of a decision is 1 - L in place of -ln L. The CLV was 6, the uplift 10 standard
    errors away.
    """
    require(checks_value.c5())


def test_c10_past_baskets_tell_of_the_next():
    """Break: everybody has the same mean basket. The slope was 31 standard errors low."""
    require(checks_value.c10())


def test_c12_by_the_month():
    """Break: a lot lapses a month early. Points lapsed were 7 standard errors high."""
    require(checks_choice.c12_by_month())


def test_c14_who_qualifies_again():
    """Break: everybody comes at the mean rate. A fifth qualified in place of a third, and a fifth of them
    again.
    """
    require(checks_choice.c14())


def test_c17_logit_shares_and_habit():
    """Breaks: a point of view weighs .088 in place of .08: 7 standard errors; no bonds in standing: 35."""
    require(checks_choice.c17())


def test_thinned_offers():
    """Break: who sees one campaign sees all. After 12 months .54 in place of .28 were still here."""
    require(checks_offers.thinned())


def test_c31_the_lift_at_which_a_reward_pays():
    """Break: points are earned on what points pay for. 131 standard errors."""
    require(checks_value.c31())


def test_c3_what_a_yearly_margin_is_multiplied_by():
    """Break: discounting to the middle of the year. The multiple was 4.9 % high."""
    require(checks_finance.c3())


def test_c20_the_example_of_the_standard_lived():
    """Break: the likelihood of use counted twice: 8,257.73 in place of 8,675.80, told and lived."""
    require(checks_finance.c20())


@pytest.mark.slow
def test_c28_luck_averages_out_and_what_all_share_does_not():
    """Break: every replication lives the number as written. The deviation was a fifth of what is expected."""
    require(checks_finance.c28())


def test_c30_the_chain_ladder():
    """Break: factors as means of ratios: 1.7990 in place of 1.7969."""
    require(checks_finance.c30())


def test_c25_one_window_of_failures():
    """The second decision is taken by what the first visit left behind. Catches: the silent are made good."""
    require(checks_failures.c25())


@pytest.mark.parametrize(
    "check",
    [
        checks_forms.bg_nbd,
        checks_forms.random_walk,
        checks_forms.pyramid,
        checks_forms.acquisition,
        checks_forms.failure_and_referral,
    ],
)
def test_the_forms_are_those_that_were_printed(check):
    """C10, C15, C16, C21, C25, C27: each found in two ways, or to the digits of its source."""
    require(check())


@pytest.mark.slow
def test_c6_a_line_before_four_clerks():
    """Break: last come, first served: the mean stays, the distribution does not. The mean wait was
    -.3 standard errors away, the share who wait less than 5 minutes +46.
    """
    require(checks_desks.mm4())


@pytest.mark.slow
def test_c6_a_line_before_six_clerks():
    """Break: service lasts from her arrival on. The mean wait fell to a fifth."""
    require(checks_desks.mm6())


@pytest.mark.slow
def test_erlang_a():
    """Break: who gives up still takes the next free clerk away. Clerks were lost one by one,
    until all gave up.
    """
    require(checks_desks.erlang_a())


def test_nhpp_arrivals_follow_a_rate_that_rises_and_falls():
    """Break: the profile read backwards. In the first half of the day came 34 % in place of 66 %."""
    require(checks_desks.nhpp())


@pytest.mark.slow
def test_cash_back_and_lower_prices_retain_alike_in_a_lively_market():
    """MODEL 6, and no empty statement: without either, several times the band more leave.

    Who is won from rivals is not alike (the firm is 5 % smaller with lower prices): a price is known by
    reputation and by buying, cash back to everybody. Catches: a valuation of .8 for cash; a price that
    acts inside the weights.
    """
    rows = checks_cash.back_or_off()
    require(rows)
    saved = checks_cash.neither()
    assert saved.mean() > 4.0 * rows[0].error
    assert saved.mean() > 5.0 * abs(rows[0].found)


def test_rare_is_four_standard_errors():
    """Both kinds of verdict err equally often: 6.3 in 100,000."""
    from loyaltysim.validation.verdict import RARE

    assert math.isclose(RARE, 6.334e-5, rel_tol=1e-3)
