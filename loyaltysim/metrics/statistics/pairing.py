"""What common luck gains: how much smaller the variance of a difference is when two systems share it."""

from collections.abc import Sequence

from loyaltysim.metrics.statistics.moments import variance


def variance_reduction(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    """(s1^2 + s2^2) / s_d^2 over replications (Law 2015, 11.2); None where the difference is constant."""
    if len(ours) < 2:
        return None
    paired = variance([a - b for a, b in zip(ours, theirs, strict=True)])
    return (variance(ours) + variance(theirs)) / paired if paired > 0.0 else None


def best_reduction(ours: float, theirs: float) -> float | None:
    """The largest factor that any pairing of persons can reach for two shares; None where it is unbounded.

    Of two 0/1 outcomes with means p and q, P(only one of them) is at least |p - q| (Frechet 1951), so the
    variance of their difference is at least d(1 - d), d = |p - q|; apart it is p(1 - p) + q(1 - q).
    """
    apart = abs(ours - theirs)
    least = apart * (1.0 - apart)
    return (ours * (1.0 - ours) + theirs * (1.0 - theirs)) / least if least > 0.0 else None
