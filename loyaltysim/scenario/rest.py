"""The market at rest (MODEL 2): reputations and first homes from which a run starts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Experience, Relationship

POINTS = 4096  # of the lattice over which shares are averaged
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)


def clipped_mean(mean: float, sd: float) -> float:
    """Expectation of a normal quantity clipped to [0, 100].

    E = 100 (1 - Phi(b)) + mean (Phi(b) - Phi(a)) + sd (phi(a) - phi(b)), a = -mean/sd, b = (100 - mean)/sd.
    """
    if sd == 0.0:
        return min(max(mean, 0.0), 100.0)
    a, b = -mean / sd, (100.0 - mean) / sd
    return 100.0 * (1.0 - _chance(b)) + mean * (_chance(b) - _chance(a)) + sd * (_density(a) - _density(b))


def delivered_mean(
    weights: Sequence[float], levels: Sequence[float], spreads: Sequence[float], fit_sd: float
) -> float:
    """Mean CSI that a provider delivers to a segment: sum of A_k E[clip(X_k)] over customers and visits."""
    return sum(
        a * clipped_mean(level, math.hypot(spread, fit_sd))
        for a, level, spread in zip(weights, levels, spreads, strict=True)
    )


def mean_of_kinds(
    kinds: np.ndarray, levels: Sequence[float], spreads: Sequence[float], fit_sd: float, extras: float
) -> float:
    """Mean CSI points that extras that stay give and that hygiene takes, over customers and visits.

    Of a normal X clipped to 0 to 100, E(f - X)+ = g(f) - g(0), g(a) = s (z Phi(z) + phi(z)), z = (a - m)/s.
    """
    points = 0.0
    for kind, level, spread in zip(kinds, levels, spreads, strict=True):
        if kind["extra"]:
            points += extras * float(kind["keeps"]) * clipped_mean(level, spread)
        if kind["penalty"] > 0.0:
            sd, floor = math.hypot(spread, fit_sd), float(kind["floor"])
            below = _shortfall(floor, level, sd) - _shortfall(0.0, level, sd)
            points -= float(kind["penalty"]) * below
    return points


def _shortfall(floor: float, mean: float, sd: float) -> float:
    """E(floor - X)+ of a normal X."""
    if sd == 0.0:
        return max(floor - mean, 0.0)
    z = (floor - mean) / sd
    return (floor - mean) * _chance(z) + sd * _density(z)


def intercepts(shares: Sequence[float], fit_sd: float, without_fit: int = 0) -> np.ndarray:
    """Intercepts c_j for which softmax(0.1 m_ij + c_j), averaged over m ~ N(0, fit_sd), gives the shares.

    A lattice average (Richtmyer: fractional parts of n sqrt(prime)) solved by fixed point; a share of 0
    gets -1e9. The provider `without_fit`, if above 0, suits everybody alike. Rounded to 1e-9, so that the
    last bit of a library function decides nothing.
    """
    from scipy.special import ndtri

    result = np.full(len(shares), -1e9)
    live = [j for j, share in enumerate(shares) if share > 0.0]
    wanted = np.array([shares[j] for j in live])
    steps = np.sqrt(np.array([PRIMES[k % len(PRIMES)] + (k // len(PRIMES)) for k in range(len(live))], float))
    lattice = (np.arange(1, POINTS + 1)[:, None] * steps + 0.5) % 1.0
    pull = 0.1 * fit_sd * ndtri(np.clip(lattice, 1e-9, 1.0 - 1e-9))
    if without_fit and live[-1] == without_fit:
        pull[:, -1] = 0.0
    c = np.log(wanted)
    for _ in range(500):
        utility = np.exp(pull + c)
        found = (utility / utility.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(found - wanted).max() < 1e-10:
            break
        c += np.log(wanted / found)
        c -= c[0]
    result[live] = np.round(c, 9)
    return result


def feelings(sd: float, moves: Experience, kept: Relationship) -> tuple[float, float]:
    """Affect and trust where their mean does not move, `sd` being that of the quality (MODEL 3.4).

    The gap d is taken as normal about the point at which expectation rests, with the sd of one that learns.
    """
    sd_d = sd * math.sqrt(2.0 / (2.0 - 0.5 * (moves.kappa_up + moves.kappa_down)))
    if sd_d == 0.0:
        return (100.0, 100.0) if kept.up > 0.0 else (0.0, 0.0)
    gap = Gap(_resting_gap(sd_d, moves.kappa_up, moves.kappa_down), sd_d)

    def rests(rise: float, fall: float) -> float:
        up, down = kept.up * rise, kept.down * fall
        return round(100.0 * up / (up + down), 9) if up + down > 0.0 else 0.0

    affect = rests(1.0 - gap.below(-moves.zone) + gap.tens(moves.zone), gap.turned().tens(moves.zone))
    return affect, rests(1.0 - gap.below(-kept.breach), gap.turned().tens(kept.breach))


class Gap(NamedTuple):
    """Quality less expectation at a visit, normally distributed."""

    mean: float
    sd: float

    def turned(self) -> Gap:
        """Disappointment instead of delight."""
        return Gap(-self.mean, self.sd)

    def below(self, x: float) -> float:
        """P(d < x)."""
        return _chance((x - self.mean) / self.sd)

    def part(self, low: float, high: float) -> float:
        """E[d; low < d < high]."""
        a, b = (low - self.mean) / self.sd, (high - self.mean) / self.sd
        return self.mean * (_chance(b) - _chance(a)) + self.sd * (_density(a) - _density(b))

    def tens(self, above: float) -> float:
        """E[min(d / 10, 3); d > above]."""
        most = max(above, 30.0)
        return self.part(above, most) / 10.0 + 3.0 * (1.0 - self.below(most))


def _resting_gap(sd: float, up: float, down: float) -> float:
    """Mean of the gap where expectation does not move, up E[d+] = down E[d-]; within four sd."""
    low, high = -4.0 * sd, 4.0 * sd
    if up == down:
        return 0.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        rise = Gap(middle, sd).part(0.0, middle + 12.0 * sd)
        low, high = (low, middle) if up * rise > down * (rise - middle) else (middle, high)
    return 0.5 * (low + high)


def _chance(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
