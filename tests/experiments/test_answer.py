"""The answer's words: losses, doubts, and figures that are not estimable."""

from types import SimpleNamespace

from loyaltysim.experiments.answer import answer, beside_the_real, number

TERMS = SimpleNamespace(has_programme=True, horizon=36, currency="EUR")


def row(estimate, low=None, high=None, unit="EUR"):
    return {"estimate": estimate, "low": low, "high": high, "level": 0.95, "unit": unit}


def told(gain, net, terms=TERMS):
    rows = {
        ("incremental_contribution", "effect"): gain,
        ("programme_cost", "programme"): row(900.0),
        ("incremental_retained", "effect"): net,
        ("base_customers", "programme"): row(210.0),
    }
    return answer([{"kpi": kpi, "arm": arm, **found} for (kpi, arm), found in rows.items()], terms)


def test_a_gain():
    assert told(row(1234.0, 200.0, 2300.0), row(4.0, 1.0, 7.0)) == (
        "Over 36 months the programme adds 1,234 EUR (95 % interval 200 to 2,300) of contribution after its "
        "cost of 900 EUR and keeps 4 more (95 % interval 1 to 7) of 210 customers after 12 months."
    )


def test_a_loss_has_its_interval_turned_round():
    assert told(row(-500.0, -900.0, -100.0), row(-3.0, -5.0, -1.0)) == (
        "Over 36 months the programme loses 500 EUR (95 % interval 100 to 900) of contribution after its "
        "cost of 900 EUR and keeps 3 fewer (95 % interval 1 to 5) of 210 customers after 12 months."
    )


def test_an_interval_that_contains_0_leaves_it_open():
    assert "so whether it pays is open, and keeps" in told(row(50.0, -100.0, 200.0), row(4.0, 1.0, 7.0))


def test_a_single_replication_claims_no_interval():
    assert told(row(50.0), row(4.0)) == (
        "Over 36 months the programme adds 50 EUR of contribution after its cost of 900 EUR and keeps 4 more "
        "of 210 customers after 12 months."
    )


def test_a_short_horizon_says_nothing_of_12_months():
    assert "customers" not in told(row(50.0), row(None))


def test_numbers_are_short_and_plain():
    shown = [number(value) for value in (1234567.8, 123.4, 12.34, 1.234, 7.0, 0.0, -0.001, -12.0)]
    assert shown == ["1,234,568", "123", "12.3", "1.23", "7", "0", "0.00", "-12"]


def test_beside_the_real_says_how_far_they_lie_from_simulated_cohorts():
    text = beside_the_real([90, 100, 110], 120, 78, "CDNOW")
    assert text.startswith("After 78 weeks the simulated customers had bought again 100 times (95 % interval")
    assert text.endswith("the real ones of CDNOW 120 times, 2.0 standard deviations of one cohort above.")


def test_beside_the_real_is_silent_on_luck_where_one_cohort_was_simulated():
    assert beside_the_real([90], 120, 78, "CDNOW") == (
        "After 78 weeks the simulated customers had bought again 90 times, the real ones of CDNOW 120 times."
    )
