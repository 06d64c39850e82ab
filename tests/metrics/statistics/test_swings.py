"""The swing by an input, read off draws."""

import numpy as np
import pytest

from loyaltysim.metrics.statistics.swings import FREE, SPAN, swings


def test_a_straight_line_is_found_exactly():
    """y = 5 + 3 a − 2 b: 0.95 of 3 and of −2. Break: no intercept."""
    luck = np.random.default_rng(1)
    a, b = luck.random((2, 20))
    found = swings([a.tolist(), b.tolist()], (5.0 + 3.0 * a - 2.0 * b).tolist())
    assert [one.estimate for one in found] == pytest.approx([SPAN * 3.0, SPAN * -2.0])
    assert all(one.high - one.low < 1e-9 for one in found)


def test_the_interval_holds_what_it_says():
    """Of 1,000 intervals 950 hold the truth, give or take 4 standard errors. Break: 1.4 for t."""
    luck = np.random.default_rng(7)
    held = 0
    for _ in range(1_000):
        a, b = luck.random((2, 14))
        y = 2.0 * a + 5.0 * b + luck.normal(0.0, 1.0, 14)
        found = swings([a.tolist(), b.tolist()], y.tolist())[0]
        held += found.low <= SPAN * 2.0 <= found.high
    assert 922 <= held <= 978


def test_too_few_draws_and_inputs_drawn_alike_say_nothing():
    few = FREE + 1
    a = np.linspace(0.0, 1.0, few).tolist()
    assert not swings([a], a)[0].estimable
    long = np.random.default_rng(3).random(40).tolist()
    assert not any(one.estimable for one in swings([long, long], long))
