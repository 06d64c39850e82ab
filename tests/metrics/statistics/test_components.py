"""Luck and what is not known, told apart: known answers, no bias, honest intervals."""

import numpy as np
import pytest

from loyaltysim.metrics.statistics.components import central_span, components


def test_a_table_worked_by_hand():
    """Draws (1, 3), (5, 7), (6, 8): MSW = 2, MSB = 14, so luck 2 and parameters (14 - 2)/2 = 6.

    Catches: mean squares divided by counts in place of degrees of freedom.
    """
    found = components([(1.0, 3.0), (5.0, 7.0), (6.0, 8.0)])
    assert (found.luck, found.parameters, found.share) == pytest.approx((2.0, 6.0, 0.75), rel=1e-12)


def test_draws_of_unequal_size():
    """Draws (0, 2, 4), (5,), (7, 9): n0 = (6 - 14/6)/2 = 11/6, MSW = 10/3, MSB = 39.5/2."""
    found = components([(0.0, 2.0, 4.0), (5.0,), (7.0, 9.0)])
    between = (3 * (2 - 4.5) ** 2 + 0.5**2 + 2 * (8 - 4.5) ** 2) / 2
    assert found.luck == pytest.approx(10.0 / 3.0)
    assert found.parameters == pytest.approx((between - 10.0 / 3.0) / (11.0 / 6.0))


def test_what_cannot_be_told():
    """One replication a draw, or one draw, tells nothing; values that never differ have no variance."""
    assert components([(1.0,), (2.0,)]) is None and components([(1.0, 2.0)]) is None
    assert components([(3.0, 3.0), (3.0, 3.0)]).share == 0.0


@pytest.mark.statistical
def test_coupons_of_which_a_share_that_nobody_knows_is_used():
    """10,000 coupons of 5, used with p ~ Beta(12, 88): luck and parameters in closed form (TRUST 2b).

    Var = E[n p(1-p)]·25 + Var(p)·(50,000)²; 2,000 draws of 3: 4 standard errors, seed fixed.
    Catches: parameters = MSB/n, luck left in.
    """
    rng = np.random.default_rng(7)
    a, b, n, face, draws, each = 12.0, 88.0, 100, 5.0, 2_000, 3
    p = rng.beta(a, b, draws)
    cost = face * rng.binomial(n, p[:, np.newaxis], (draws, each))
    mean, var = a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))
    luck, parameters = face**2 * n * (mean * (1 - mean) - var), (face * n) ** 2 * var
    found = components(cost.tolist())
    assert found.luck == pytest.approx(luck, rel=4 * (2 / (draws * (each - 1))) ** 0.5)
    relative = 4 * (3.5 / draws) ** 0.5 * (1 + luck / parameters)
    assert found.parameters == pytest.approx(parameters, rel=relative)


@pytest.mark.statistical
def test_the_interval_of_the_share_covers():
    """Normal values, 20 draws of 2, true share .6: of 1,000 intervals 926 to 971 cover (99.9 %)."""
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(1_000):
        values = rng.normal(0, 0.6**0.5, (20, 1)) + rng.normal(0, 0.4**0.5, (20, 2))
        found = components(values.tolist())
        hits += found.share_low <= 0.6 <= found.share_high
    assert 926 <= hits <= 971


@pytest.mark.statistical
def test_the_span_of_the_truth_is_that_of_the_parameters_alone():
    """True means N(0, 1), luck N(0, 2²), 4,000 draws of 2: the span of 95 % is ±1.96, luck taken out.

    Catches: quantiles of the means as they are (±3.4).
    """
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (4_000, 1)) + rng.normal(0, 2, (4_000, 2))
    parts = components(values.tolist())
    scale = parts.parameters / (parts.parameters + parts.luck / 2)
    low, high = central_span(values.mean(axis=1).tolist(), scale)
    assert (low, high) == pytest.approx((-1.96, 1.96), abs=0.25)
