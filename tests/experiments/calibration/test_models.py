"""The likelihoods against the integrals they stand for, and the published figures."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from loyaltysim.experiments.calibration.fitting import NotFound, maximum
from loyaltysim.experiments.calibration.models import BGNBD, NBD, GammaGamma, ParetoNBD, Records

PARETO = ParetoNBD(0.553, 10.578, 0.606, 11.669)
BG = BGNBD(0.243, 4.414, 0.793, 2.426)


def one(x, last, seen):
    """The record of one customer."""
    return Records(*(np.array([float(v)]) for v in (x, last, seen)))


def by_integral(m, x, last, seen):
    """Logarithm of the chance of a record: alive to the end, or dead on a day after the last purchase."""

    def kept(t):
        return -m.r * np.log1p(t / m.alpha) - x * np.log(m.alpha + t) - m.s * np.log1p(t / m.beta)

    def density(u):  # days of death evenly in ln(beta + day)
        day = np.exp(u) - m.beta
        return m.s * np.exp(kept(day) - kept(last))

    dead = integrate.quad(
        density, np.log(m.beta + last), np.log(m.beta + seen), epsabs=0, epsrel=1e-11, limit=200
    )
    both = np.logaddexp(kept(seen), np.log(dead[0]) + kept(last))
    return special.gammaln(m.r + x) - special.gammaln(m.r) + both


def test_pareto_nbd_is_its_integral():
    rng = np.random.default_rng(20)
    for _ in range(200):
        r, s = np.exp(rng.normal(0, 1.5, 2))
        alpha, beta = 10 * np.exp(rng.normal(0, 1.5, 2))
        x, seen = float(rng.integers(0, 40)), rng.uniform(0.1, 80)
        last = rng.uniform(0, seen) if x else 0.0
        m = ParetoNBD(r, alpha, s, beta)
        assert m.log_likelihood(one(x, last, seen))[0] == pytest.approx(
            by_integral(m, x, last, seen), abs=1e-9
        )


def test_both_ways_to_the_integral_agree():
    rng = np.random.default_rng(21)
    x, t = rng.integers(0, 60, 300).astype(float), rng.uniform(0, 90, 300)
    for parameters in ((0.6, 10.0, 0.6, 12.0), (2.0, 3.0, 0.1, 90.0), (0.1, 200.0, 3.0, 0.5)):
        m = ParetoNBD(*parameters)
        assert m._gone_by_integral(x, t) == pytest.approx(m._gone(x, t), rel=1e-10)


@pytest.mark.parametrize("kind", [ParetoNBD, BGNBD])
def test_likelihoods_stay_finite_at_the_extremes(kind):
    records = Records(*map(np.array, ([0.0, 1, 1000, 20000], [0.0, 1, 400, 500], [500.0, 500, 500, 500])))
    for parameters in (
        (0.01, 0.01, 0.01, 0.01),
        (100.0, 1e4, 50.0, 1e4),
        (0.5, 1e4, 20.0, 0.01),
        (5.0, 0.01, 0.02, 1e4),
    ):
        assert np.isfinite(kind(*parameters).log_likelihood(records)).all()
        alive = kind(*parameters).chance_alive(records)
        assert ((alive >= 0) & (alive <= 1)).all()


def test_pareto_nbd_gives_the_published_figures():
    assert PARETO.mean(np.array([39.0, 78.0])) == pytest.approx([1.213003, 1.909398], abs=1e-6)
    assert PARETO.expected(one(26, 30.86, 31), 52.0)[0] == pytest.approx(25.46, abs=0.005)


def test_bg_nbd_gives_the_published_figures():
    assert BG.mean(np.array([39.0, 78.0])) == pytest.approx([1.196723, 1.860519], abs=1e-6)
    assert BG.expected(one(2, 30.43, 38.86), 39.0)[0] == pytest.approx(1.226028, abs=1e-5)
    assert BG.chance_alive(one(2, 30.43, 38.86))[0] == pytest.approx(0.726579, abs=1e-6)


def test_exponents_of_one_are_no_gap():
    near, at = (ParetoNBD(0.5, 10.0, s, 10.0).mean(np.array([30.0]))[0] for s in (1.0 + 1e-9, 1.0))
    assert near == pytest.approx(at, rel=1e-8)


@pytest.mark.statistical
def test_mean_and_variance_of_bg_nbd_are_those_of_simulated_customers():
    rng = np.random.default_rng(5)
    n, t = 200_000, 39.0
    rate, q = rng.gamma(BG.r, 1 / BG.alpha, n), rng.beta(BG.a, BG.b, n)
    count, clock, alive = np.zeros(n), rng.exponential(1 / rate), np.ones(n, bool)
    while (alive := alive & (clock < t)).any():
        count += alive
        alive &= rng.random(n) >= q
        clock = clock + rng.exponential(1 / rate)
    error = np.sqrt(BG.variance(t) / n)
    assert abs(count.mean() - BG.mean(np.array([t]))[0]) < 4 * error
    fourth = ((count - count.mean()) ** 4).mean()
    assert abs(count.var() - BG.variance(t)) < 4 * np.sqrt((fourth - count.var() ** 2) / n)


def test_gamma_gamma_is_its_integral():
    p, q, g = 2.5, 3.2, 11.0
    for number, mean in ((1.0, 8.0), (7.0, 31.0)):

        def density(nu, number=number, mean=mean):
            return stats.gamma.pdf(mean, p * number, scale=1 / (nu * number)) * stats.gamma.pdf(
                nu, q, scale=1 / g
            )

        found = integrate.quad(density, 0, np.inf)[0]
        assert GammaGamma(p, q, g).log_likelihood(number, mean) == pytest.approx(np.log(found), abs=1e-7)


def test_a_panel_alike_has_no_nbd():
    records = Records(np.full(50, 4.0), np.full(50, 9.0), np.full(50, 10.0))
    with pytest.raises(NotFound, match="NBD: no maximum"):
        maximum("NBD", NBD.names, lambda *v: float(NBD(*v).log_likelihood(records).sum()), [NBD.start])
