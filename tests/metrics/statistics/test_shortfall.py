"""The mean of the worst outcomes: worked by hand, against the normal law, and its interval."""

import numpy as np
import pytest
from scipy.stats import norm

from loyaltysim.metrics.statistics.shortfall import expected_shortfall, shortfall_interval


def test_worked_by_hand():
    """Of 1 … 100 the worst 5 % are 96 … 100, mean 98; of 50 values two and a half are.

    Catches: the value at the border counted whole.
    """
    assert expected_shortfall(range(1, 101), 0.95) == pytest.approx(98.0)
    assert expected_shortfall(range(1, 51), 0.95) == pytest.approx((50 + 49 + 48 / 2) / 2.5)


@pytest.mark.statistical
def test_of_a_normal_law():
    """2.063 standard deviations beyond the mean at 95 %, of 200,000 values within 4 standard errors."""
    true = norm.pdf(norm.ppf(0.95)) / 0.05
    values = np.random.default_rng(5).normal(size=200_000)
    assert true == pytest.approx(2.0627, abs=1e-4)
    assert expected_shortfall(values.tolist(), 0.95) == pytest.approx(true, abs=0.02)


def test_the_interval_is_keyed_and_refused_where_the_tail_is_bare():
    """The same bytes for the same seed; three values in the tail at least; no luck, no width."""
    values = np.random.default_rng(1).normal(10, 1, 200).tolist()
    one, two = (shortfall_interval(values, 0.95, seed=4) for _ in range(2))
    assert one == two and one.low < one.estimate < one.high and one.interval == "bootstrap"
    assert not shortfall_interval(values[:50], 0.95).estimable
    assert shortfall_interval([3.0] * 100, 0.95)[:3] == (3.0, 3.0, 3.0)
