"""Variates by inversion, against scipy."""

import math

import numpy as np
import pytest
from scipy import special, stats

from loyaltysim.rules import variates
from loyaltysim.rules.draws import GAP, key_of, uniform
from loyaltysim.scenario.tables import beta_table, gamma_table

SHAPES = (0.05, 0.1, 0.2, 0.5, 0.553, 1.0, 1.5, 2.0, 3.74, 6.25, 20.0, 50.0, 200.0)
PAIRS = [(0.05, 0.05), (0.05, 1), (0.2, 0.2), (0.668, 3.806), (0.704, 1.182), (1, 1), (2, 5), (20, 20),
         (1, 50), (200, 200), (200, 0.05), (0.05, 200)]  # fmt: skip
EDGE = 2.0**-53  # the smallest number that can be drawn
TAILS = 2.0 ** -np.arange(2, 54)
GRID = np.unique(np.concatenate([np.linspace(0.0005, 0.9995, 2000), TAILS, 1.0 - TAILS]))


def of(rule, *first):
    """A rule over the grid."""
    return np.array([rule(*first, float(u)) for u in GRID])


@pytest.fixture(scope="module")
def drawn():
    """20,000 draws as the engines make them."""
    key = np.uint64(key_of(5, 0, 0))
    return [uniform(key, GAP, 0, k) for k in range(20_000)]


def test_the_normal_quantile_is_that_of_scipy():
    """Relative error below 1e-14 up to 8.2 standard deviations, where u = 1e-16.

    Break tried: the last constant of the denominator .5998 in place of .59983…; failed.
    """
    exact = special.ndtri(GRID)
    found = of(variates.normal)
    assert found == pytest.approx(exact, rel=1e-14, abs=1e-15)
    assert np.abs(exact).max() > 8.2


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantiles_are_exact_to_4e_7(shape):
    """Relative error over all that can be drawn; measured: 3.7e-7 at shape .05, 2.1e-8 at .5, less above.

    Break tried: a quarter of the table's cells; failed for every shape.
    """
    with np.errstate(divide="ignore"):
        exact = np.log(
            np.where(GRID < 0.5, special.gammaincinv(shape, GRID), special.gammainccinv(shape, 1.0 - GRID))
        )
    seen = exact > -690.0  # below, the quantile is under the smallest normal number
    found = np.log(of(variates.gamma, gamma_table(shape))[seen])
    assert np.abs(np.expm1(found - exact[seen])).max() < (4e-7 if shape < 0.5 else 2.2e-8)


@pytest.mark.parametrize(("alpha", "beta"), PAIRS)
def test_beta_quantiles_are_exact_to_3e_6(alpha, beta):
    """Absolute error over all that can be drawn; measured: 2.4e-6 with both shapes .05, else below 2e-7.

    Break tried: the tables before each side came from its own tail; failed at (1, 50), (20, 20) and others.
    """
    exact = np.where(
        GRID < 0.5, special.betaincinv(alpha, beta, GRID), 1.0 - special.betaincinv(beta, alpha, 1.0 - GRID)
    )
    error = np.abs(of(variates.beta, beta_table(alpha, beta)) - exact)
    assert error.max() < (2.5e-6 if max(alpha, beta) < 0.1 else 2e-7)


@pytest.mark.parametrize(
    "table", [gamma_table(0.05), gamma_table(200.0), beta_table(0.05, 0.05), beta_table(2, 5)]
)
def test_quantiles_from_tables_rise(table):
    """A larger draw never gives a smaller quantity."""
    assert (np.diff(of(variates.from_table, table)) >= 0.0).all()


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("rule", "first", "law"),
    [
        (variates.exponential, (), stats.expon()),
        (variates.gumbel, (), stats.gumbel_r()),
        (variates.normal, (), stats.norm()),
        (variates.lognormal, (0.7,), stats.lognorm(math.sqrt(math.log1p(0.49)), scale=1.49**-0.5)),
        (variates.gamma, (gamma_table(0.553),), stats.gamma(0.553)),
        (variates.gamma, (gamma_table(6.25),), stats.gamma(6.25)),
        (variates.beta, (beta_table(0.668, 3.806),), stats.beta(0.668, 3.806)),
    ],
    ids=["exponential", "gumbel", "normal", "lognormal", "gamma .553", "gamma 6.25", "beta"],
)
def test_variates_have_their_laws(drawn, rule, first, law):
    """Kolmogorov-Smirnov over 20,000 draws, p above 6.3e-5.

    Break tried: a lognormal without its - variance / 2; p < 1e-300.
    """
    assert stats.kstest([rule(*first, u) for u in drawn], law.cdf).pvalue > 6.3e-5


def test_a_lognormal_has_mean_1_and_the_stated_variation():
    """Its quantile function averaged over a fine midpoint grid."""
    u = (np.arange(200_000) + 0.5) / 200_000
    x = np.array([variates.lognormal(0.5, float(v)) for v in u])
    assert x.mean() == pytest.approx(1.0, abs=1e-4)
    assert x.std() == pytest.approx(0.5, abs=2e-3)


def test_chances_and_their_inverse_agree_with_scipy():
    """logistic and normal_chance."""
    for x in (-800.0, -40.0, -3.0, 0.0, 1e-9, 2.5, 40.0, 800.0):
        assert variates.logistic(x) == pytest.approx(special.expit(x), rel=1e-14, abs=1e-300)
    for z in (-30.0, -8.0, -1.0, 0.0, 0.5, 8.0):
        assert variates.normal_chance(z) == pytest.approx(special.ndtr(z), rel=1e-13)


def test_rounding_takes_halves_up():
    """Also below 0: -2.5 becomes -2."""
    assert [variates.rounded(x) for x in (-2.5, -0.5, 0.49, 0.5, 2.5)] == [-2, 0, 0, 1, 3]
