"""Costs of a market on the scale 1 : k as the real one spreads them: fixed seeds, a known law."""

import numpy as np
import pytest
from scipy import stats

from loyaltysim.metrics.budget import tail
from loyaltysim.metrics.real_market import basis, real_market, spread
from loyaltysim.metrics.statistics import skewness

K, N = 16.0, 20_000


def lived(made, luck=4.0, n=N, seed=2):
    """Shares drawn, costs, and costs of the first fifth's draws with other luck."""
    rng = np.random.default_rng(seed)
    shares = rng.random((n, 2))
    known = made(shares)
    return shares, known + rng.normal(0, luck, n), (known + rng.normal(0, luck, n))[: n // 5]


def spread_of(shares, costs, again, scale=K):
    """The costs of the real market, without the bootstrap; and what the regression does not catch."""
    second = np.full(len(costs), np.nan)
    second[: len(again)] = again
    return spread(costs, scale, np.ones((len(costs), 1)) if shares is None else basis(shares, 100), second)


def test_luck_shrinks_and_what_is_not_known_stays():
    """Variances 9 and 16: at 1 : 16 the real market's is 9 + 1, and the mean is the simulated one.

    Catches: all of the variance shrunk.
    """
    shares, costs, again = lived(lambda s: 100 + 3 * stats.norm.ppf(s[:, 0]))
    real, unexplained = spread_of(shares, costs, again)
    assert real.mean() == pytest.approx(costs.mean())
    assert real.var(ddof=1) == pytest.approx(10.0, rel=0.03)
    assert unexplained == 0.0


def test_what_is_not_known_keeps_its_law():
    """A lopsided law (exponential, sd 4) under luck as wide: at 1 : 100 its own 95 and 99 % come out.

    Catches: deviations shrunk as they are, whose law is half normal: P99 is then 3 too low.
    """
    shares, costs, again = lived(lambda s: -4 * np.log1p(-s[:, 0]) + s[:, 1])
    real, _ = spread_of(shares, costs, again, 100.0)
    truth = 4 * np.random.default_rng(7).exponential(size=10**6) + np.random.default_rng(8).random(10**6)
    for share in (0.05, 0.5, 0.95, 0.99):
        assert np.quantile(real, share) == pytest.approx(np.quantile(truth, share), abs=0.5), share


def test_what_is_no_smooth_function_of_the_numbers_is_told():
    """A cost that jumps with every thousandth of a share: the regression catches none of it."""
    shares, costs, again = lived(lambda s: 20 * (np.floor(1_000 * s[:, 0]) % 2))
    real, unexplained = spread_of(shares, costs, again)
    assert unexplained > 0.99
    assert real.var(ddof=1) == pytest.approx(101.0, rel=0.05)


def test_luck_alone_comes_nearer_the_normal_law():
    """Nothing unknown: a k-th of the variance, a root-k-th of the skewness, replications in their order."""
    costs = np.random.default_rng(3).exponential(10, N)
    real, _ = spread_of(None, costs, np.array([]))
    assert real.var(ddof=1) == pytest.approx(costs.var(ddof=1) / K, rel=1e-6)
    assert skewness(real.tolist()) == pytest.approx(2 / K**0.5, rel=0.1)
    assert (np.argsort(real) == np.argsort(costs)).all()


def test_at_one_to_one_nothing_is_changed():
    """The very costs, and no resampling."""
    shares, costs, again = lived(lambda s: s[:, 0], n=100)
    found = real_market(costs, 1.0, shares, again)
    assert found.costs is costs and found.resampled is None


def test_intervals_of_a_real_market_are_no_narrower_than_its_resampling():
    """The mean has the simulated spread; quantile, shortfall and chance reach as far as other draws do."""
    shares, costs, again = lived(lambda s: 100 + 3 * stats.norm.ppf(s[:, 0]), n=400)
    real = real_market(costs, K, shares, again, seed=1)
    plain = tail(real.costs.tolist(), 105.0, 0.95)
    found = tail(real.costs.tolist(), 105.0, 0.95, 0.95, 0, costs.tolist(), real.resampled)
    assert found.mean.sd == pytest.approx(costs.std(ddof=1)) and found.mean.sd > 1.3 * plain.mean.sd
    low, high = np.quantile((real.resampled > 105.0).mean(axis=1), (0.025, 0.975))
    assert found.overspent.low <= low and found.overspent.high >= high
    for one, other in zip(found[1:], plain[1:], strict=True):
        assert one.estimate == other.estimate and one.low <= other.low and one.high >= other.high
