"""Maximum likelihood: the best parameters, how sure they are, and a refusal where there are none.

Parameters are positive and are moved as logarithms. A search from several starts is polished by Newton's
steps; the standard errors come from the inverse of the Hessian there (by central differences), carried
from logarithms to parameters by the delta method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from loyaltysim.errors import LoyaltysimError

Array = np.ndarray
LEAST, MOST = np.log(1e-5), np.log(1e6)
STEP = 1e-3  # of a logarithm, for derivatives
RIDGE = 0.1  # a step of logarithms that must be worth something
FLAT = 1e-2  # gradient in standard errors, above which a maximum is none


class NotFound(LoyaltysimError):
    """A likelihood without a maximum that can be trusted; no parameters are given."""


@dataclass(frozen=True)
class Fit:
    """A maximum of a likelihood."""

    model: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    errors: tuple[float, ...]
    covariance: Array
    """Of the logarithms."""
    log_likelihood: float
    gradient: float
    """Largest slope at the maximum, in standard errors: how far from it the search may have stopped."""
    condition: float
    """Largest over smallest eigenvalue of the Hessian of the logarithms: above 10^6 a direction is flat."""

    @property
    def akaike(self) -> float:
        """2 parameters - 2 ln L."""
        return 2.0 * len(self.values) - 2.0 * self.log_likelihood

    def interval(self, k: int, z: float = 1.959963984540054) -> tuple[float, float]:
        """The 95 % Wald interval of a parameter, symmetric in its logarithm."""
        half = z * float(np.sqrt(self.covariance[k, k]))
        return self.values[k] * float(np.exp(-half)), self.values[k] * float(np.exp(half))

    def to_json(self) -> dict[str, object]:
        """As it stands in calibration.json."""
        each = {
            name: {"value": v, "standard_error": e, "low": self.interval(k)[0], "high": self.interval(k)[1]}
            for k, (name, v, e) in enumerate(zip(self.names, self.values, self.errors, strict=True))
        }
        return {
            "model": self.model,
            "parameters": each,
            "log_likelihood": self.log_likelihood,
            "aic": self.akaike,
            "gradient": self.gradient,
            "condition": self.condition,
        }


def maximum(
    model: str,
    names: Sequence[str],
    log_likelihood: Callable[..., float],
    starts: Sequence[Sequence[float]],
) -> Fit:
    """The parameters that make `log_likelihood(*parameters)` largest."""

    def worse(logs: Array) -> float:
        if (logs < LEAST - 5.0).any() or (logs > MOST + 5.0).any():
            return 1e15
        value = log_likelihood(*np.exp(logs))
        return -value if np.isfinite(value) else 1e15

    tried = [
        optimize.minimize(worse, np.log(start), method="L-BFGS-B", bounds=[(LEAST, MOST)] * len(names))
        for start in starts
    ]
    best = min(tried, key=lambda one: one.fun)
    at, slope, curve = polished(worse, best.x)
    hit = [name for name, x in zip(names, at, strict=True) if not LEAST + 0.1 < x < MOST - 0.1]
    if hit:
        raise NotFound(
            f"{model}: no maximum; {', '.join(hit)} ran to a bound: too little in the data to tell"
        )
    eigen = np.linalg.eigvalsh(curve)
    if eigen[0] <= 0.0:
        raise NotFound(
            f"{model}: no maximum; the likelihood is flat in a direction (curvature {eigen[0]:.2g})"
        )
    covariance = np.linalg.inv(curve)
    gradient = float(np.sqrt(slope @ covariance @ slope))
    if gradient > FLAT:
        raise NotFound(f"{model}: the search did not converge (slope of {gradient:.2g} standard errors left)")
    values = np.exp(at)
    errors = values * np.sqrt(np.diag(covariance))
    return Fit(
        model, tuple(names), tuple(values.tolist()), tuple(errors.tolist()), covariance, -float(worse(at)),
        gradient, float(eigen[-1] / eigen[0]),
    )  # fmt: skip


def polished(worse: Callable[[Array], float], at: Array) -> tuple[Array, Array, Array]:
    """Newton's steps from a search's end, as long as they help; point, gradient, Hessian.

    Where the Hessian is not positive, its eigenvalues are taken as such: a step downhill all the same, along
    the ridges on which a search that has only gradients stops early.
    """
    for _ in range(30):
        slope, curve = derivatives(worse, at)
        values, vectors = np.linalg.eigh(curve)
        steepness = np.maximum(np.abs(values), 1e-8 * np.abs(values).max() + 1e-12)
        step = vectors @ ((vectors.T @ slope) / steepness)
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        here = worse(at)
        while np.abs(step).max() > 1e-7 and worse(at - step) > here:
            step = step / 2.0
        far = np.abs(step).max()
        if far <= 1e-7:
            break
        at = at - step
        if far > RIDGE and here - worse(at) < 1e-3 * far:  # far for nothing: a ridge without an end
            break
    return at, *derivatives(worse, at)


def derivatives(f: Callable[[Array], float], at: Array) -> tuple[Array, Array]:
    """Gradient and Hessian by central differences."""
    n = len(at)
    steps = STEP * np.eye(n)
    middle = f(at)
    up, down = (np.array([f(at + sign * step) for step in steps]) for sign in (1.0, -1.0))
    curve = np.diag((up - 2.0 * middle + down) / STEP**2)
    for i in range(n):
        for j in range(i):
            corners = (
                f(at + steps[i] + steps[j]) - f(at + steps[i] - steps[j])
                - f(at - steps[i] + steps[j]) + f(at - steps[i] - steps[j])
            )  # fmt: skip
            curve[i, j] = curve[j, i] = corners / (4.0 * STEP**2)
    return (up - down) / (2.0 * STEP), curve
