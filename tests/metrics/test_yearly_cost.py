"""What a programme costs a budget year."""

import pytest
from small_worlds import MARKET

from loyaltysim.experiments.run import run
from loyaltysim.metrics.budget import fewest, tail, yearly_cost
from loyaltysim.metrics.terms import terms_of
from loyaltysim.scenario.load import load

TWO_YEARS = ("horizon=24 months", "programme.fixed=50 EUR/month")


@pytest.mark.parametrize("rate", ["0", "8 % / year"])
@pytest.mark.parametrize("more", [(), ("warm_up=0 months",), ("market.represents=900",)])
def test_the_years_add_up_to_the_programme_s_cost(rate, more):
    """Undiscounted they are the catalogue's programme cost to the cent; else the discount is undone.

    Catches: owed at month 0 left out; the fixed cost times k.
    """
    loaded = load(MARKET, (*TWO_YEARS, f"finance.discount_rate={rate}", *more))
    results = run(loaded, replications=2, workers=1)
    plain = run(load(MARKET, (*TWO_YEARS, "finance.discount_rate=0", *more)), replications=2, workers=1)
    for one, same in zip(results.measured, plain.measured, strict=True):
        cost = yearly_cost(one, terms_of(loaded.scenario), "accrued")
        whole = same.parts["programme_cost", "programme"].numerator
        assert cost.shape == (2,)
        assert cost.sum() == pytest.approx(whole, rel=1e-9 if rate == "0" else 2e-3)


def test_cash_leaves_out_what_is_only_owed():
    """Accrued less cash is the change in what is owed."""
    loaded = load(MARKET, (*TWO_YEARS, "finance.discount_rate=0"))
    results = run(loaded, replications=1, workers=1)
    one, terms = results.measured[0], terms_of(loaded.scenario)
    accrued, cash = (yearly_cost(one, terms, counts) for counts in ("accrued", "cash"))
    owed = results.monthly.query("arm == 'programme' and group == 'all' and measure == 'owed'")
    at = owed.set_index("month")["value"]
    assert (accrued - cash).tolist() == pytest.approx([at[12] - at[0], at[24] - at[12]])


def test_what_so_few_replications_cannot_carry():
    """The 95th percentile needs 72 (TRUST 2d), the 90th 36."""
    assert (fewest(0.95), fewest(0.9)) == (72, 36)


def test_a_tail_worked_by_hand():
    """Costs 1 … 1,000: ranks 936 and 964 enclose the 95th percentile; 100 of 1,000 exceed 900."""
    found = tail(range(1, 1_001), 900.0, 0.95)
    assert (found.quantile.estimate, found.quantile.low, found.quantile.high) == (950.0, 936.0, 964.0)
    assert found.shortfall.estimate == pytest.approx(975.5)
    assert found.overspent.estimate == 0.1 and 0.08 < found.overspent.low < 0.1 < found.overspent.high < 0.121


@pytest.mark.statistical
def test_money_paid_ahead_is_no_cost_of_the_programme():
    """Stored value with a bonus and a paid club: the years are still the programme's cost.

    Catches: all that is owed counted, the customers' own money with it.
    """
    ahead = (
        "programme.stored_value={top_up: 40 EUR, bonus: 10 %, chance: 30 %, refund: {part: 90 %}}",
        "programme.membership={fee: 12 EUR, discount: 5 %, cost: 0.10 EUR}",
        "finance.discount_rate=0",
    )
    loaded = load(MARKET, (*TWO_YEARS, *ahead))
    results = run(loaded, replications=1, workers=1)
    table = results.monthly.query("arm == 'programme' and group == 'all' and month == 24")
    held = table.set_index("measure")["value"]
    assert held["prepaid_outstanding"] > 0.0 and held["fees_deferred"] > 0.0
    for one in results.measured:
        whole = one.parts["programme_cost", "programme"].numerator
        assert yearly_cost(one, terms_of(loaded.scenario), "accrued").sum() == pytest.approx(whole, rel=1e-9)
