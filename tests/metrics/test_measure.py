"""Every figure of the literal world, worked out by hand."""

import math

import numpy as np
import pytest
from literal_world import DAYS, MONTHS, T12, TERMS, WARM_UP, eur, programme_arm, put, replication, twin_arm

from loyaltysim.errors import InvariantError
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import measure
from loyaltysim.record.outcome import Replication
from loyaltysim.rules.ledger import MONEY, SERVICE, WAIT_BINS, U

FIVE_MONTHS = 13 * 5.0  # fixed cost of the programme, EUR
OWED = 150 * 0.02  # EUR
COMFORT = 13 * (10 * 0.03 + 10)  # EUR: ten minutes a month in the line, and the fixed part


@pytest.fixture(scope="module")
def parts():
    return measure(replication(), TERMS).parts


BY_ARM = {  # figure: (programme, twin), ratios as (numerator, denominator)
    "base_customers": (5, 5),
    "retention_12m": ((2, 5), (2, 5)),
    "retention_24m": (None, None),
    "defection_12m": ((3, 5), (2, 5)),
    "stayed_by_status.home": ((1, 5), (2, 5)),
    "stayed_by_status.won_back": ((1, 5), (0, 5)),
    "stayed_by_status.elsewhere": ((2, 5), (2, 5)),
    "stayed_by_status.left_market": ((1, 5), (1, 5)),
    "repeat_rate_90d": ((2, 4), (0, 0)),
    "share_of_wallet": ((175.0, 200.0), (0, 0)),
    "customers_end": (3, 2),
    "market_share_end": ((3, 5), (2, 5)),
    "members_end": (3, None),
    "active_12m": (4, 3),
    "defections": (4, 2),
    "acquired": (1, 0),
    "winbacks": (1, 0),
    "visits": (20, 19),
    "clv_mean": ((94 - OWED, 5), (84, 5)),
    "clv_p10": (-1, -1),
    "clv_p90": (50 - 2.0, 55),
    "customer_equity": (96 - OWED, 84),
    "negative_clv_share": ((1, 5), (1, 5)),
    "top20_profit_share": ((48, 96 - OWED), (55, 84)),
    "programme_cost": (10 + OWED + FIVE_MONTHS, 0),
    "break_even_lift": ((14 + OWED, 150 - 14 - OWED), None),
    "points_issued": (1000, 0),
    "points_given": (90, 0),
    "points_opening": (0, 0),
    "earn_rate": ((910, 200), (0, 180)),
    "first_reward_share": ((25, 40), (0, 0)),
    "points_redeemed": (700, 0),
    "run_on_points": (None, None),
    "points_expired": (100, 0),
    "points_forfeited": (50, 0),
    "points_outstanding": (150, 0),
    "rewards": (2, 0),
    "redemption_rate": ((700, 1000), (0, 0)),
    "breakage_rate": ((0, 0), (0, 0)),
    "economic_liability_end": (OWED, 0),
    "csi_mean": ((1500, 20), (0, 19)),
    "csi_sd": (3, 0),
    "gap_mean": ((-10, 20), (0, 19)),
    "gap_negative_share": ((8, 20), (0, 19)),
    "satisfaction_mean": ((13 * 216, 39), (13 * 150, 26)),
    "satisfaction_base": ((300, 5), (290, 5)),
    "csm_share.4": ((1, 3), (0, 2)),
    "csm_share.5": ((2, 3), (0, 2)),
    "satisfied_share": ((3, 3), (0, 2)),
    "satisfied_given_defected": ((3, 4), (0, 2)),
    "defected_given_satisfied": ((2, 4), (1, 4)),
    "revenue": (200, 180),
    "gross_margin": (137, 120),
    "contribution": (136 - 5.5 - OWED, 120),
    "event_cost": (7, 7),
    "profit": (
        136 - 5.5 - OWED - 260 - COMFORT - 1300 - FIVE_MONTHS - 7,
        120 - 260 - COMFORT - 1300 - 7,
    ),
    "spending": (  # margin at list prices less profit
        155 - (136 - 5.5 - OWED - 260 - COMFORT - 1300 - FIVE_MONTHS - 7),
        120 - (120 - 260 - COMFORT - 1300 - 7),
    ),
    "wait_mean_min": ((130, 130), (130, 130)),
    "wait_p90_min": (0.5, 0.5),
    "gave_up_share": ((26, 130), (26, 130)),
    "utilisation": ((390, 780), (390, 780)),
    "complaints": (0, 0),
    "recovered_share": ((0, 0), (0, 0)),
    "recovery_cost": (0, 0),
    "service_cost": (260, 260),
    "comfort_cost": (COMFORT, COMFORT),
    "self_service_share": ((65, 195), (65, 195)),
    "self_service_cost": (1.5, 0),
    "promise_broken_share": ((26, 104), (26, 104)),
    "promise_cost": (4, 0),
    **{f"defections_by_csm.{k}": ((lost, 4), (0, 2)) for k, lost in enumerate((0, 0, 1, 1, 2), start=1)},
    "ultimate_redemption_rate": ((0, 0), (0, 0)),
    "clv_new_mean": ((0, 0), (0, 0)),
}
PAIRED = {
    "saved": 1,
    "driven_away": 1,
    "stayed_anyway": 1,
    "lost_anyway": 1,
    "left_market": 1,
    "incremental_retained": 0,
    "incremental_retained_per_1000": (0, 5),
    "retained_months_gained": (43 - 36, 5),
    "incremental_contribution": 12 - OWED - FIVE_MONTHS,
    "sales_lift": (200 + 10 - 180, 180),
    "paid_back_share": 0,
    "programme_roi": (12 - OWED - FIVE_MONTHS, 10 + OWED + FIVE_MONTHS),
    "cost_per_saved_customer": (10 + OWED + 60, 0),
    "subsidy_leak": (6 + 2) * 1.0 + (4 + 1) * 0.25,
    "subsidy_leak_share": (9.25, 13),
    "lift_by_mechanism.retention": 20,
    "lift_by_mechanism.capture": 5,
    "lift_by_mechanism.acquisition": 3,
    "lift_by_mechanism.frequency": 5.005,  # an odd half minor unit
    "lift_by_mechanism.basket": 1.995,
    "lift_by_mechanism.rewards": -(10 + 3 + 1),
    "lift_by_mechanism.price_cuts": -5,
    "lift_by_mechanism.perks_and_contacts": 0,
    "lift_by_mechanism.service": -5.5,
    "lift_by_mechanism.recovery": 0,
    "lift_by_mechanism.returns": 0,
    "lift_by_mechanism.fixed": -FIVE_MONTHS,
    "lift_by_mechanism.owed": -OWED,
    "lift_by_source.extra_visits": 1,
    "lift_by_source.from_rivals": 0,
    "lift_by_source.new_to_category": 1,
    "lift_by_source.paid_back": 0,
}


@pytest.mark.parametrize("name", BY_ARM)
def test_the_figure_of_an_arm_is_what_one_counts_by_hand(parts, name):
    for arm, expected in zip(("programme", "twin"), BY_ARM[name], strict=True):
        assert found(parts[name, arm]) == approximately(expected), arm


@pytest.mark.parametrize("name", PAIRED)
def test_the_figure_that_compares_the_arms_is_what_one_counts_by_hand(parts, name):
    assert found(parts[name, "effect"]) == approximately(PAIRED[name])
    assert (name, "programme") not in parts


def test_no_figure_of_the_catalogue_escapes_this_table(parts):
    untold = {name for name, _ in parts} - BY_ARM.keys() - PAIRED.keys()
    away = {
        "visits_away",
        "visits_drop_in",
        "away_share",
    }  # told in tests/verification/test_buying_elsewhere.py
    offers = {f"{kind}_{what}" for kind in ("acquisition", "winback", "save") for what in ("cost", "rate")}
    away |= offers  # told in tests/verification/test_offers_to_persons.py
    assert untold - away == {
        "retention_36m", "occasions", "visits_rivals", *(f"csm_share.{i}" for i in (1, 2, 3))
    }  # fmt: skip


def test_the_five_cells_sum_to_the_base_cohort(parts):
    cells = ("saved", "driven_away", "stayed_anyway", "lost_anyway", "left_market")
    assert sum(parts[name, "effect"].numerator for name in cells) == parts["base_customers", "twin"].numerator


def test_where_the_base_cohort_is_sums_to_1(parts):
    states = [key for key in parts if key[0].startswith("stayed_by_status") and key[1] == "programme"]
    assert sum(parts[key].numerator for key in states) == 5


def test_what_a_programme_adds_is_the_change_of_equity_less_its_fixed_cost(parts):
    equity = parts["customer_equity", "programme"].numerator - parts["customer_equity", "twin"].numerator
    assert parts["incremental_contribution", "effect"].numerator == pytest.approx(equity - FIVE_MONTHS)


def test_money_owed_and_fixed_cost_are_discounted_at_their_closes():
    terms = TERMS._replace(discount_rate=0.1)
    parts = measure(replication(), terms).parts
    owed = OWED * 1.1 ** (-390 / 365)
    fixed = 5 * math.fsum(1.1 ** (-30 * month / 365) for month in range(1, 14))
    assert parts["programme_cost", "programme"].numerator == pytest.approx(10 + owed + fixed, rel=1e-12)
    assert parts["clv_mean", "programme"].numerator == pytest.approx(94 - owed, rel=1e-12)
    assert parts["economic_liability_end", "programme"].numerator == pytest.approx(OWED)  # undiscounted


def test_points_open_at_month_0_are_no_cost_of_the_window():
    ours, theirs = programme_arm(), twin_arm()
    for arm in (ours, theirs):
        put(arm, WARM_UP - 1, points_outstanding=40)
    parts = measure(Replication(0, 42, WARM_UP, DAYS, ours, theirs), TERMS).parts
    assert parts["programme_cost", "programme"].numerator == pytest.approx(10 + OWED - 0.8 + FIVE_MONTHS)
    assert parts["contribution", "programme"].numerator == pytest.approx(136 - 5.5 - OWED + 0.8)


def test_a_closed_book_has_a_breakage():
    """Of cohorts with nothing open: 700 of 1,000 used; the 50 issued in the last month are open."""
    arm = programme_arm()
    arm.cohorts[0, 0, 0, U.EARNED] = 1000
    arm.cohorts[1, 0, 1, [U.REDEEMED, U.EXPIRED, U.FORFEITED]] = 700, 200, 100
    arm.cohorts[-1, 1, 0, U.EARNED] = 50
    arm.open_lots[0, 1, 0] = 50
    parts = measure(Replication(0, 42, WARM_UP, DAYS, arm, twin_arm()), TERMS).parts
    assert found(parts["breakage_rate", "programme"]) == (300, 1000)
    arm.open_lots[0, 1, 0] = 49
    with pytest.raises(InvariantError, match="49 held, the books say otherwise"):
        measure(Replication(0, 42, WARM_UP, DAYS, arm, twin_arm()), TERMS)


def test_a_horizon_too_short_leaves_figures_undefined_and_not_0():
    def cut(arm):
        return arm._replace(money=arm.money[:T12], service=arm.service[:T12], reputation=arm.reputation[:T12])

    short = Replication(0, 42, WARM_UP, DAYS[: T12 + 1], cut(programme_arm()), cut(twin_arm()))
    costs = tuple((month, cost) for month, cost in TERMS.event_costs if month < T12)
    parts = measure(short, TERMS._replace(horizon=T12 - WARM_UP, event_costs=costs)).parts
    for name in ("retention_12m", "defection_12m", "share_of_wallet", "satisfaction_base"):
        assert parts[name, "programme"] is None
    for name in ("saved", "incremental_retained", "retained_months_gained", "cost_per_saved_customer"):
        assert parts[name, "effect"] is None
    assert parts["programme_roi", "effect"] is not None


def test_without_a_programme_there_are_no_members_and_no_cost():
    same = twin_arm()
    parts = measure(
        Replication(0, 42, WARM_UP, DAYS, same, twin_arm()), TERMS._replace(has_programme=False)
    ).parts
    assert parts["members_end", "programme"] is None
    assert parts["break_even_lift", "programme"] is None
    for name in ("programme_cost", "profit", "contribution"):
        assert parts[name, "programme"] == parts[name, "twin"]
    assert parts["incremental_contribution", "effect"].numerator == 0


def test_a_wait_beyond_the_histogram_is_not_told():
    arm = programme_arm()
    arm.waits[WAIT_BINS - 1] = 1000
    parts = measure(Replication(0, 42, WARM_UP, DAYS, arm, twin_arm()), TERMS).parts
    assert parts["wait_p90_min", "programme"] is None


def test_seven_classes_have_seven_shares():
    names = {name for name, _ in measure(replication(), TERMS._replace(classes=7)).parts}
    assert "csm_share.7" in names
    assert "csm_share.6" not in {name for name, _ in measure(replication(), TERMS).parts}


def test_the_monthly_table_agrees_with_the_figures():
    from loyaltysim.metrics.monthly import MEASURES

    measured = measure(replication(), TERMS)
    for arm in ("programme", "twin"):
        table, total = measured.monthly[arm], -1
        assert table.shape == (MONTHS, 3, len(MEASURES))
        window = {name: table[WARM_UP:, total, MEASURES.index(name)] for name in MEASURES}
        for kpi in (
            "revenue",
            "gross_margin",
            "contribution",
            "profit",
            "service_cost",
            "comfort_cost",
            "visits",
            "points_issued",
        ):
            assert window[kpi].sum() == pytest.approx(measured.parts[kpi, arm].numerator), kpi
        assert window["owed"][-1] == pytest.approx(measured.parts["economic_liability_end", arm].numerator)
        assert window["value"].sum() - window["owed"][-1] == pytest.approx(
            measured.parts["customer_equity", arm].numerator
        )
        assert (window["wait_min"] == 10).all() and (window["busy_hours"] == 0.5).all()
        assert (
            np.nansum(table[:, :2, MEASURES.index("revenue")])
            == table[:, total, MEASURES.index("revenue")].sum()
        )
        assert np.isnan(table[:, :2, MEASURES.index("profit")]).all()  # nobody knows a segment's profit


def test_what_happened_before_month_0_is_no_part_of_any_figure():
    measured = measure(replication(), TERMS)
    busy = replication()
    for arm in (busy.programme, busy.twin):
        put(arm, 0, revenue=10**9, visits=10**6, csi=10**12, defections=99)
        arm.service[0, 0, SERVICE.index("arrived")] = 10**6
    assert measure(busy, TERMS).parts == measured.parts


def test_every_customer_has_the_figures_of_the_ledger():
    """The literal world is itself consistent: the sums over customers are those of the ledgers."""
    arm = programme_arm()
    assert int(arm.customers["value"].sum()) == int(arm.money[:, :, MONEY.index("value")].sum()) == eur(96)
    assert int(arm.customers["reward_cost"].sum()) == int(arm.money[:, :, MONEY.index("reward_cost")].sum())


def test_every_figure_says_what_it_is():
    for kpi in CATALOGUE.values():
        assert kpi.definition.endswith(".") and kpi.label and kpi.unit, kpi.name
        assert kpi.estimator in ("mean", "ratio", "share", "quantile") and kpi.direction in (-1, 0, 1)
        assert kpi.window_in(TERMS).split()[0] in ("month", "months", "365"), kpi.time_base


def found(part):
    if part is None or part.denominator is None:
        return part if part is None else part.numerator
    return part.numerator, part.denominator


def approximately(expected):
    return expected if expected is None else pytest.approx(expected, rel=1e-12)


def test_customers_kept_are_worth_what_is_stated_less_what_the_programme_costs():
    terms = TERMS._replace(customer_worth=5_000.0)  # 50 EUR
    assert ("net_benefit", "effect") not in measure(replication(), TERMS).parts
    found = measure(replication(), terms).parts["net_benefit", "effect"]
    assert found.numerator == pytest.approx(50 * 0 - (10 + OWED + 60))  # nobody kept on balance
    kept = replication()
    kept.programme.customers["home_12"][2] = 0  # she is not driven away
    found = measure(kept, terms).parts["net_benefit", "effect"]
    assert found.numerator == pytest.approx(50 * 1 - (10 + OWED + 60))
