"""Models of who buys again: NBD, Pareto/NBD and BG/NBD, with likelihoods that neither overflow nor cancel.

A customer's record is (x, last, seen): repeat purchases, time of the last one, time she has been watched,
all from her first purchase, in one unit of time. Parameters are positive; `fitting` moves their logarithms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

import numpy as np
from scipy import integrate, special

Array = np.ndarray


_GRID = np.arange(-4.2, 4.2, 0.02)
_NODES = np.exp(np.pi / 2.0 * np.sinh(_GRID))  # exp-sinh quadrature from 0 on (Takahasi & Mori 1974)
_WEIGHTS = 0.02 * np.pi / 2.0 * np.cosh(_GRID) * _NODES


class Records(NamedTuple):
    """One row a customer."""

    x: Array
    """Repeat purchases, same-day ones counted once."""
    last: Array
    """Time of the last repeat purchase; 0 if there is none."""
    seen: Array
    """Time from the first purchase to the end of the watch."""


def distinct(*columns: Array) -> tuple[tuple[Array, ...], Array]:
    """The rows that differ, in order, and how often each is there: alike customers have one likelihood."""
    rows, number = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return tuple(np.ascontiguousarray(rows[:, k]) for k in range(len(columns))), number.astype(float)


def saturating(power: float, growth: float | Array) -> Array:
    """(1 - exp(-power growth)) / power, also at power 0, where it is growth."""
    g = np.asarray(growth, float)
    return g if power == 0.0 else np.asarray(-np.expm1(-power * g) / power)


class NBD:
    """Poisson purchases for ever, at a rate Gamma(r, alpha) over customers (Ehrenberg 1959)."""

    title: ClassVar[str] = "NBD"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha")
    start: ClassVar[tuple[float, ...]] = (0.5, 10.0)

    def __init__(self, r: float, alpha: float) -> None:
        self.r, self.alpha = r, alpha

    def log_likelihood(self, records: Records) -> Array:
        """Logarithm of Gamma(r + x)/Gamma(r) alpha^r / (alpha + T)^(r + x), a customer; T^x/x! left out."""
        r, a, x = self.r, self.alpha, records.x
        return np.asarray(
            special.gammaln(r + x) - special.gammaln(r) - r * np.log1p(records.seen / a)
            - x * np.log(a + records.seen)
        )  # fmt: skip

    def mean(self, t: Array) -> Array:
        """E[X(t)]: purchases after the first one."""
        return self.r / self.alpha * np.asarray(t, float)

    def variance(self, t: float) -> float:
        """Variance of X(t)."""
        m = self.r * t / self.alpha
        return m * (1.0 + t / self.alpha)

    def expected(self, records: Records, ahead: float) -> Array:
        """Purchases in the time ahead, given her record."""
        return np.asarray((self.r + records.x) / (self.alpha + records.seen) * ahead)


class ParetoNBD:
    """Poisson purchases at a Gamma(r, alpha) rate until she leaves, at a Gamma(s, beta) rate.

    Schmittlein, Morrison & Colombo 1987; forms of Fader & Hardie's note of 2005.
    """

    title: ClassVar[str] = "Pareto/NBD"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    start: ClassVar[tuple[float, ...]] = (0.5, 10.0, 0.5, 10.0)

    def __init__(self, r: float, alpha: float, s: float, beta: float) -> None:
        self.r, self.alpha, self.s, self.beta = r, alpha, s, beta

    def _gone(self, x: Array, t: Array) -> Array:
        """Here s times the integral over the day of death from t on, over its bound at t; between 0 and 1.

        Euler's transformation of the published 2F1 takes its singular factor out: what is left is at most
        (r + s + x) / s, so that nothing overflows and the difference below never cancels. Beyond some 200
        purchases scipy's 2F1 may give up; there the integral itself is taken.
        """
        r, s = self.r, self.s
        power = r + s + x
        if np.all(self.alpha >= self.beta):
            z = (self.alpha - self.beta) / (self.alpha + t)
            found = s / power * special.hyp2f1(1.0, r + x, power + 1.0, z)
        else:
            z = (self.beta - self.alpha) / (self.beta + t)
            form = special.hyp2f1(1.0, s + 1.0, power + 1.0, z)
            found = s / power * form * (self.alpha + t) / (self.beta + t)
        lost = ~np.isfinite(found)
        if lost.any():
            every = np.broadcast_arrays(r, self.alpha, s, self.beta, x, t)
            *own, x, t = (part[lost] for part in every)
            found[lost] = ParetoNBD(*own)._gone_by_integral(x, t)
        return np.asarray(found)

    def _gone_by_integral(self, x: Array, t: Array) -> Array:
        """The same over v = ln((beta + day) / (beta + t)), by double-exponential quadrature."""
        n, ratio = self.r + x, (self.beta + t) / (self.alpha + t)
        scale = 1.0 / (self.s + n * np.minimum(ratio, 1.0))
        v = np.minimum(scale[:, None] * _NODES, 600.0)
        kept = np.exp(-np.reshape(self.s, (-1, 1)) * v - n[:, None] * np.log1p(ratio[:, None] * np.expm1(v)))
        return np.asarray(self.s * scale * ((kept * (v < 600.0)) @ _WEIGHTS))

    def _parts(self, records: Records) -> tuple[Array, Array]:
        """Logarithm of the chances of her record, alive and gone at the end, without the common factor."""
        r, s = self.r, self.s
        x, last, seen = (np.asarray(part, float) for part in records)

        def level(t: Array) -> Array:
            return np.asarray(-r * np.log1p(t / self.alpha) - x * np.log(self.alpha + t)
                              - s * np.log1p(t / self.beta))  # fmt: skip

        alive = level(seen)
        with np.errstate(divide="ignore"):
            since_last = np.log(self._gone(x, last)) + level(last)
            later = np.log(self._gone(x, seen)) + alive
            gone = since_last + np.log1p(-np.exp(np.minimum(later - since_last, 0.0)))
        return alive, gone

    def log_likelihood(self, records: Records) -> Array:
        """Logarithm of the chance (density) of her record, one a customer."""
        alive, gone = self._parts(records)
        x = np.asarray(records.x, float)
        return np.asarray(special.gammaln(self.r + x) - special.gammaln(self.r) + np.logaddexp(alive, gone))

    def chance_alive(self, records: Records) -> Array:
        """P(alive at the end of the watch | record)."""
        alive, gone = self._parts(records)
        return np.asarray(special.expit(alive - gone))

    def mean(self, t: Array) -> Array:
        """E[X(t)]: purchases after the first one."""
        grown = saturating(self.s - 1.0, np.log1p(np.asarray(t, float) / self.beta))
        return self.r / self.alpha * self.beta * grown

    def variance(self, t: float) -> float:
        """Variance of X(t), by an integral over the day of death."""

        def square(day: float) -> float:
            m = self.r * day / self.alpha
            return m * (1.0 + day / self.alpha) + m * m

        def density(day: float) -> float:
            return square(day) * self.s / self.beta * (1.0 + day / self.beta) ** (-self.s - 1.0)

        alive = (1.0 + t / self.beta) ** -self.s
        second = integrate.quad(density, 0.0, t)[0] + alive * square(t)
        return float(second - float(self.mean(np.asarray(t))) ** 2)

    def expected(self, records: Records, ahead: float) -> Array:
        """Purchases in the time ahead, given her record."""
        x, seen = np.asarray(records.x, float), np.asarray(records.seen, float)
        after = self.beta + seen
        grown = saturating(self.s - 1.0, np.log1p(ahead / after))
        return np.asarray((self.r + x) / (self.alpha + seen) * after * grown * self.chance_alive(records))


class BGNBD:
    """Poisson purchases at a Gamma(r, alpha) rate; after each she drops out with a Beta(a, b) chance.

    Fader, Hardie & Lee 2005. The simulator has no such process; the model stands beside as a yardstick.
    """

    title: ClassVar[str] = "BG/NBD"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    start: ClassVar[tuple[float, ...]] = (0.5, 10.0, 1.0, 2.0)

    def __init__(self, r: float, alpha: float, a: float, b: float) -> None:
        self.r, self.alpha, self.a, self.b = r, alpha, a, b

    def _parts(self, records: Records) -> tuple[Array, Array]:
        """Logarithm of the chances of her record, alive and gone at the end, without the common factor."""
        x, last, seen = (np.asarray(part, float) for part in records)
        alive = -self.r * np.log1p(seen / self.alpha) - x * np.log(self.alpha + seen)
        gone = -self.r * np.log1p(last / self.alpha) - x * np.log(self.alpha + last)
        odds = np.where(x > 0, self.a / (self.b + np.maximum(x, 1.0) - 1.0), 0.0)
        with np.errstate(divide="ignore"):
            return alive, np.asarray(np.log(odds) + gone)

    def log_likelihood(self, records: Records) -> Array:
        """Logarithm of the chance (density) of her record, one a customer (their equation 6)."""
        alive, gone = self._parts(records)
        x = np.asarray(records.x, float)
        return np.asarray(
            special.gammaln(self.r + x) - special.gammaln(self.r)
            + special.betaln(self.a, self.b + x) - special.betaln(self.a, self.b)
            + np.logaddexp(alive, gone)
        )  # fmt: skip

    def chance_alive(self, records: Records) -> Array:
        """P(not dropped out | record)."""
        alive, gone = self._parts(records)
        return np.asarray(special.expit(alive - gone))

    def mean(self, t: Array) -> Array:
        """E[X(t)]: purchases after the first one (their equation 9)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        time = np.asarray(t, float)
        form = special.hyp2f1(r, b, a + b - 1.0, time / (alpha + time))
        return np.asarray((a + b - 1.0) / (a - 1.0) * (1.0 - (alpha / (alpha + time)) ** r * form))

    def variance(self, t: float) -> float:
        """Variance of X(t): from E[X(X - 1)], an integral over the rate of what q leaves.

        With rate l and chance q she is alive at t with chance exp(-l q t), so that
        E[X] = (1 - exp(-l q t)) / q and E[X(X - 1)] = 2 (1 - q) (1 - e^-y - y e^-y) / q^2, y = l q t.
        """

        def second(q: float) -> float:
            # E over l ~ Gamma(r, alpha) of 1 - e^-y - y e^-y
            z = q * t / self.alpha
            kept = np.exp(-self.r * np.log1p(z))
            return float(1.0 - kept - self.r * z / (1.0 + z) * kept)

        def density(u: float) -> float:
            q = float(special.betaincinv(self.a, self.b, u))
            if q < 1e-7:
                return self.r * (self.r + 1.0) * (t / self.alpha) ** 2
            return 2.0 * (1.0 - q) * second(q) / q**2

        pairs = integrate.quad(density, 0.0, 1.0, limit=200)[0]
        m = float(self.mean(np.asarray(t)))
        return float(pairs + m - m * m)

    def expected(self, records: Records, ahead: float) -> Array:
        """Purchases in the time ahead, given her record (their equation 10)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        x, seen = np.asarray(records.x, float), np.asarray(records.seen, float)
        form = special.hyp2f1(r + x, b + x, a + b + x - 1.0, ahead / (alpha + seen + ahead))
        more = 1.0 - ((alpha + seen) / (alpha + seen + ahead)) ** (r + x) * form
        return np.asarray((a + b + x - 1.0) / (a - 1.0) * more * self.chance_alive(records))


class GammaGamma:
    """Baskets Gamma(p, nu) about her own mean, nu ~ Gamma(q, gamma) over customers.

    Fader, Hardie & Lee 2005. Her record is the number of baskets and their mean.
    """

    title: ClassVar[str] = "gamma-gamma"
    names: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")
    start: ClassVar[tuple[float, ...]] = (4.0, 4.0, 20.0)

    def __init__(self, p: float, q: float, gamma: float) -> None:
        self.p, self.q, self.gamma = p, q, gamma

    def log_likelihood(self, number: Array, mean: Array) -> Array:
        """Logarithm of the density of a mean of so many baskets, one a customer (their equation 1a)."""
        p, q, g = self.p, self.q, self.gamma
        n, z = np.asarray(number, float), np.asarray(mean, float)
        return np.asarray(
            -special.betaln(p * n, q) - np.log(z)
            - q * np.log1p(n * z / g) - p * n * np.log1p(g / (n * z))
        )  # fmt: skip

    @property
    def basket(self) -> float:
        """Mean basket over customers, p gamma / (q - 1)."""
        return self.p * self.gamma / (self.q - 1.0)


Buying = NBD | ParetoNBD | BGNBD
MODELS: tuple[Callable[..., Buying], ...] = (ParetoNBD, BGNBD, NBD)
