"""The closed forms, from their sources; units of time as stated by the caller."""

from __future__ import annotations

import math

import numpy as np
from scipy import integrate, special, stats

# ---------------------------------------------------------------- contracts


def sbg_survival(alpha: float, beta: float, t: int) -> float:
    """S(t) = B(alpha, beta + t) / B(alpha, beta) (Fader & Hardie 2007)."""
    return float(special.beta(alpha, beta + t) / special.beta(alpha, beta))


def sbg_del(alpha: float, beta: float, interest: float) -> float:
    """Discounted expected lifetime: 2F1(1, beta; alpha + beta; 1 / (1 + d)) (Fader & Hardie 2010)."""
    return float(special.hyp2f1(1.0, beta, alpha + beta, 1.0 / (1.0 + interest)))


def constant_clv(margin: float, retention: float, interest: float, periods: int) -> float:
    """m (1 - rho^T) / (1 - rho), rho = r / (1 + i): the first margin is paid at once."""
    rho = retention / (1.0 + interest)
    return margin * (1.0 - rho**periods) / (1.0 - rho)


# ---------------------------------------------------------------- visits


def nbd(r: float, alpha: float, t: float, k: np.ndarray) -> np.ndarray:
    """Chance of k purchases in t: Poisson at a Gamma(r, alpha) rate (Ehrenberg 1959)."""
    return np.asarray(stats.nbinom.pmf(k, r, alpha / (alpha + t)))


def visits_in_a_life(rate: float, death: float, horizon: float, k: np.ndarray) -> np.ndarray:
    """Chance of k Poisson visits until an exponential death or the horizon."""
    total = rate + death
    died = death / total * (rate / total) ** k * special.gammainc(k + 1.0, total * horizon)
    return np.asarray(died + math.exp(-death * horizon) * stats.poisson.pmf(k, rate * horizon))


class ParetoNBD:
    """Poisson purchases at a Gamma(r, alpha) rate until a death at a Gamma(s, beta) rate.

    Schmittlein, Morrison & Colombo 1987; the forms of Fader & Hardie's note of 2005.
    """

    def __init__(self, r: float, alpha: float, s: float, beta: float) -> None:
        self.r, self.alpha, self.s, self.beta = r, alpha, s, beta

    def mean(self, t: float) -> float:
        """E[X(t)]: purchases after the first one."""
        gone = (self.beta / (self.beta + t)) ** (self.s - 1.0)
        return self.r * self.beta / (self.alpha * (self.s - 1.0)) * (1.0 - gone)

    def alive(self, t: float) -> float:
        """Share alive at t."""
        return (self.beta / (self.beta + t)) ** self.s

    def pmf(self, t: float, most: int) -> np.ndarray:
        """Chances of 0, 1, ..., `most` purchases by t: an integral over the day of death."""
        k = np.arange(most + 1)

        def density(day: float) -> np.ndarray:
            death = self.s * self.beta**self.s / (self.beta + day) ** (self.s + 1.0)
            return nbd(self.r, self.alpha, day, k) * death

        dead = integrate.quad_vec(density, 0.0, t, epsabs=1e-12)[0]
        return np.asarray(dead + self.alive(t) * nbd(self.r, self.alpha, t, k))

    def variance(self, t: float) -> float:
        """Variance of X(t)."""

        def square(day: float) -> float:
            m = self.r * day / self.alpha
            return m * (1.0 + day / self.alpha) + m * m

        def density(day: float) -> float:
            return square(day) * self.s * self.beta**self.s / (self.beta + day) ** (self.s + 1.0)

        second = integrate.quad(density, 0.0, t)[0] + self.alive(t) * square(t)
        return float(second - self.mean(t) ** 2)

    def chance_alive(self, x: np.ndarray, last: np.ndarray, t: float) -> np.ndarray:
        """P(alive | x purchases, the last one at `last`, seen until t)."""
        r, a, s, b = self.r, self.alpha, self.s, self.beta
        big, small = max(a, b), min(a, b)
        power = r + s + x
        inner = s + 1.0 if a >= b else r + x

        def term(y: np.ndarray) -> np.ndarray:
            form = special.hyp2f1(power, inner, power + 1.0, (big - small) / (big + y))
            return np.asarray(form / (big + y) ** power)

        a0 = term(np.asarray(last, float)) - term(np.full(np.shape(last), float(t)))
        return np.asarray(1.0 / (1.0 + s / power * (a + t) ** (r + x) * (b + t) ** s * a0))


# ---------------------------------------------------------------- points


def compound_gamma_cdf(visits: float, shape: float, mean: float, y: np.ndarray) -> np.ndarray:
    """Chance that a Poisson number of Gamma(shape) baskets of this mean sums to at most y."""
    k = np.arange(1, int(visits + 12.0 * math.sqrt(visits)) + 1)
    sums = special.gammainc(shape * k[:, None], np.asarray(y) * shape / mean)
    return np.asarray(math.exp(-visits) + stats.poisson.pmf(k, visits) @ sums)


# ---------------------------------------------------------------- desks


def erlang_c(arrivals: float, service: float, desks: int) -> float:
    """Chance of waiting at all (Erlang 1917); rates in the same unit."""
    load = arrivals / service
    terms = [load**k / math.factorial(k) for k in range(desks)]
    last = load**desks / math.factorial(desks) / (1.0 - load / desks)
    return last / (sum(terms) + last)


class ErlangA:
    """Poisson arrivals, exponential service and patience (Palm 1957); rates in the same unit."""

    def __init__(self, arrivals: float, service: float, desks: int, patience: float) -> None:
        self.arrivals, self.service, self.desks, self.leaving = arrivals, service, desks, 1.0 / patience
        chances = [1.0]
        for k in range(1, 2000):
            chances.append(
                chances[-1] * arrivals / (service * min(k, desks) + self.leaving * max(k - desks, 0))
            )
        self.busy = np.array(chances[desks:]) / sum(chances)  # with desks, desks + 1, ... present

    @property
    def wait(self) -> float:
        """Mean time in the line of all who arrive."""
        return float(np.arange(len(self.busy)) @ self.busy) / self.arrivals

    @property
    def gave_up(self) -> float:
        """Share who give up."""
        return self.leaving * self.wait

    def within(self, t: float) -> float:
        """Chance of at most t in the line, served or not.

        With n before her, the line before her takes a time whose exp(-leaving * time) is
        Beta(c mu / leaving, n + 1): a sum of exponential times of evenly spaced rates.
        """
        n = np.arange(len(self.busy))
        left = math.exp(-self.leaving * t)
        ahead = special.betainc(self.desks * self.service / self.leaving, n + 1.0, left)
        return float(1.0 - left * (self.busy @ ahead))


# ---------------------------------------------------------------- dropping out after a purchase, spend


class BGNBD:
    """Poisson purchases at a Gamma(r, alpha) rate; after each she drops out with a Beta(a, b) chance.

    Fader, Hardie & Lee 2005.
    """

    def __init__(self, r: float, alpha: float, a: float, b: float) -> None:
        self.r, self.alpha, self.a, self.b = r, alpha, a, b

    def mean(self, t: float) -> float:
        """E[X(t)]."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        form = special.hyp2f1(r, b, a + b - 1.0, t / (alpha + t))
        return float((a + b - 1.0) / (a - 1.0) * (1.0 - (alpha / (alpha + t)) ** r * form))

    def chance_alive(self, x: int, last: float, t: float) -> float:
        """P(alive | x purchases, the last one at `last`, seen until t)."""
        if x == 0:
            return 1.0
        gone = self.a / (self.b + x - 1.0) * ((self.alpha + t) / (self.alpha + last)) ** (self.r + x)
        return float(1.0 / (1.0 + gone))

    def expected(self, x: int, last: float, seen: float, ahead: float) -> float:
        """Purchases in the time ahead, given her record."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        form = special.hyp2f1(r + x, b + x, a + b + x - 1.0, ahead / (alpha + seen + ahead))
        more = (a + b + x - 1.0) / (a - 1.0)
        more *= 1.0 - ((alpha + seen) / (alpha + seen + ahead)) ** (r + x) * form
        return float(more * self.chance_alive(x, last, seen))


def expected_basket(p: float, q: float, scale: float, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """E[mean basket | x purchases of mean z]: p (gamma + x z) / (p x + q - 1) (Fader & Hardie 2013)."""
    return np.asarray(p * (scale + x * mean) / (p * x + q - 1.0))


# ---------------------------------------------------------------- value


def margin_multiple(retention: float, interest: float) -> float:
    """What a yearly margin is worth from the first renewal on: r / (1 + i - r) (Gupta & Lehmann 2003)."""
    return retention / (1.0 + interest - retention)


def uplift_of_five_points(retention: float, interest: float) -> float:
    """By how much five points of retention raise a customer's value (Reichheld & Sasser 1990)."""
    return (1.0 + interest - retention) / (1.0 + interest - retention - 0.05) - 1.0


def best_acquisition(ceiling: float, k: float, value: float) -> tuple[float, float, float]:
    """Spending A that maximises c (1 - exp(-k A)) V - A: (A, rate, profit) (Blattberg & Deighton 1996)."""
    spend = math.log(ceiling * k * value) / k
    return spend, ceiling * (1.0 - math.exp(-k * spend)), ceiling * value - 1.0 / k - spend


def break_even_lift(reward: float, margin: float) -> float:
    """Lift of sales at which a reward on all sales pays for itself: rho / (g - rho)."""
    return reward / (margin - reward)


def retention_after_failure(
    f: float, c: float, s: float, none: float, silent: float, unresolved: float, resolved: float
) -> float:
    """(1 - f) r0 + f ((1 - c) rn + c ((1 - s) ru + s rs))."""
    return (1.0 - f) * none + f * ((1.0 - c) * silent + c * ((1.0 - s) * unresolved + s * resolved))


# ---------------------------------------------------------------- chains and choice


def ruin(p: float, start: int, top: int) -> tuple[float, float]:
    """Random walk from `start` between 0 and `top`: chance of the top, mean number of steps (Feller 1968)."""
    ratio = (1.0 - p) / p
    win = (1.0 - ratio**start) / (1.0 - ratio**top)
    return win, (top * win - start) / (2.0 * p - 1.0)


def lives(chain: np.ndarray) -> np.ndarray:
    """Mean number of periods before the exit, from each state: (I - Q)^-1 1 (Kemeny & Snell 1960)."""
    return np.linalg.solve(np.eye(len(chain)) - chain, np.ones(len(chain)))


def quasi_stationary(chain: np.ndarray) -> tuple[float, np.ndarray]:
    """Decay a period and distribution among those who are still there (Darroch & Seneta 1965)."""
    values, vectors = np.linalg.eig(chain.T)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    return float(values[first].real), vector / vector.sum()


def logit_shares(utilities: np.ndarray) -> np.ndarray:
    """e^u / sum of e^u."""
    weights = np.exp(utilities - np.max(utilities))
    return np.asarray(weights / weights.sum())


def share_held_by_habit(advantage: float, habit: float) -> tuple[float, float, float]:
    """Two firms: chance to stay, to come over, and the share at rest b / (1 - a + b)."""
    stay, come = special.expit(advantage + habit), special.expit(advantage - habit)
    return float(stay), float(come), float(come / (1.0 - stay + come))
