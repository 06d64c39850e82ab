"""How much of what common luck can gain it gains, in the comparisons that ship.

    python tests/verification/common_luck.py        # some minutes

For retention after 12 months, 40 replications: how many times less the paired difference varies than that of
two systems that share nothing, beside the most that any pairing could reach. Of the same persons that is the
bound of Frechet (1951). Two files that differ before month 0 have other customers there: who is one in a
single file has nobody to be paired with, and the most is less (`of_cohorts`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.statistics.pairing import variance_reduction
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

SHIPPED = Path(__file__).parents[2] / "scenarios"
PAIRS = (
    ("hot-pot", "hot-pot-plain"),
    ("hot-pot-dear-labour", "hot-pot-dear-labour-trimmed"),
    ("stamp-card", "stamp-card-endowed"),
    ("stored-value", "stored-value-idle"),
    ("paid-club", "paid-club-idle"),
)
LEAST = 0.6  # of the bound (issue: "numbers people can use")


class Kept(NamedTuple):
    """One arm of one replication, person by person."""

    base: np.ndarray
    """Whether she is the firm's customer at month 0."""
    stays: np.ndarray
    """Whether, of these, she is twelve months later."""

    @property
    def share(self) -> float:
        """Retention."""
        return float(self.stays.sum() / self.base.sum())


def lived(name: str, count: int) -> dict[str, list[Kept]]:
    """Both arms of the shipped file over its first replications, on the seed of the first of its pair."""
    scenario = load(SHIPPED / f"{name}.yaml").scenario
    parameters = lower(scenario)
    found: dict[str, list[Kept]] = {"programme": [], "twin": []}
    for k in range(count):
        both = simulate(parameters, k, scenario.seed, "compiled")
        for arm, its in (("programme", both.programme), ("twin", both.twin)):
            base = its.customers["base"] == 1
            found[arm].append(Kept(base, base & (its.customers["home_12"] == FIRM)))
    return found


def of_cohorts(ours: list[Kept], theirs: list[Kept]) -> float | None:
    """The largest factor that any pairing of these cohorts could reach; None where it is unbounded.

    A person's part in the difference is (y - p) - (y' - p') where she is in both cohorts, and one of the two
    where she is in one. Its mean square is least where of those in both only the net difference differs.
    """
    a, b, c, d = (np.concatenate([getattr(one, name) for one in side])
                  for side in (ours, theirs) for name in ("base", "stays"))  # fmt: skip
    p, q = b.sum() / a.sum(), d.sum() / c.sum()
    square = 0.0
    if (both := a & c).any():
        x, y = b[both].mean(), d[both].mean()
        apart = abs(x - y)
        square += both.sum() * (apart * (1.0 - apart) + ((x - p) - (y - q)) ** 2)
    for alone, stays, share in ((a & ~c, b, p), (c & ~a, d, q)):
        square += float(((stays[alone] - share) ** 2).sum())
    persons = (a.sum() + c.sum()) / 2.0
    return float(persons * (p * (1.0 - p) + q * (1.0 - q)) / square) if square > 0.0 else None


def otherwise(ours: list[Kept], theirs: list[Kept]) -> tuple[float, float, float]:
    """Share of a cohort that is not in the other; of those in both, who stay in one only: ours, theirs."""
    a, b, c, d = (np.concatenate([getattr(one, name) for one in side])
                  for side in (ours, theirs) for name in ("base", "stays"))  # fmt: skip
    both = a & c
    return (
        float((a ^ c).sum() / (a.sum() + c.sum())),
        float((both & b & ~d).sum() / both.sum()),
        float((both & d & ~b).sum() / both.sum()),
    )


def main() -> None:
    """Print a table: for each file its programme against its twin, for each pair the two programmes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replications", type=int, default=40)
    count = asked.parse_args().replications
    print("| comparison | retention | other customers | stay in one only | varies less | at most | reached |")
    print("|---|---|---:|---|---:|---:|---:|")
    for pair in PAIRS:
        arms = [lived(name, count) for name in pair]
        for name, one in zip(pair, arms, strict=True):
            print(row(f"{name}: with against without", one["programme"], one["twin"]), flush=True)
        print(row(f"{pair[0]} against {pair[1]}", arms[0]["programme"], arms[1]["programme"]), flush=True)


def row(what: str, ours: list[Kept], theirs: list[Kept]) -> str:
    """A line of the table; a difference that never varies has no bound."""
    mine, its = [one.share for one in ours], [one.share for one in theirs]
    factor, most = variance_reduction(mine, its), of_cohorts(ours, theirs)
    apart, here, there = otherwise(ours, theirs)
    shown = f"| {what} | {np.mean(mine):.1%} and {np.mean(its):.1%} | {apart:.1%} | {here:.2%}, {there:.2%} "
    if factor is None or most is None:
        return f"{shown}| the difference is constant | | met |"
    verdict = "met" if factor / most >= LEAST else "**missed**"
    return f"{shown}| {factor:.1f} times | {most:.1f} | {factor / most:.0%} {verdict} |"


if __name__ == "__main__":
    main()
