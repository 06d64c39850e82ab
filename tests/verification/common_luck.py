"""How much of what common luck can gain it gains, in the comparisons that ship.

    python tests/verification/common_luck.py        # some minutes on two cores

For retention after 12 months, 40 replications: how many times less the paired difference varies than that
of two systems that share nothing, beside the most that any pairing of these persons could reach (Frechet
1951). A factor is a ratio of two sample variances of 40: its own standard error is about a fifth.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from loyaltysim.experiments.compare import compare
from loyaltysim.metrics.statistics.pairing import best_reduction, variance_reduction
from loyaltysim.scenario.load import load

SHIPPED = Path(__file__).parents[2] / "scenarios"
PAIRS = (
    ("hot-pot", "hot-pot-plain"),
    ("hot-pot-dear-labour", "hot-pot-dear-labour-trimmed"),
    ("stamp-card", "stamp-card-endowed"),
    ("stored-value", "stored-value-idle"),
    ("paid-club", "paid-club-idle"),
)
LEAST = 0.6  # of the bound (issue: "numbers people can use")
KPI = "retention_12m"


def main() -> None:
    """Print a table: for each file its programme against its twin, for each pair the two programmes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replications", type=int, default=40)
    count = asked.parse_args().replications
    print("| comparison | retention | varies less | at most | reached |\n|---|---|---:|---:|---:|")
    for pair in PAIRS:
        found = compare([load(SHIPPED / f"{name}.yaml") for name in pair], replications=count)
        arms = {
            f"{name}: with against without": ((one, "programme"), (one, "twin"))
            for name, one in zip(pair, found.results, strict=True)
        }
        both = found.results
        arms[f"{pair[0]} against {pair[1]}"] = ((both[0], "programme"), (both[1], "programme"))
        for what, sides in arms.items():
            mine, theirs = (
                [part.value for one in results.measured if (part := one.parts[KPI, arm]) is not None]
                for results, arm in sides
            )
            a, b = sum(mine) / len(mine), sum(theirs) / len(theirs)
            factor, most = variance_reduction(mine, theirs), best_reduction(a, b)
            print(row(what, a, b, factor, most))


def row(what: str, a: float, b: float, factor: float | None, most: float | None) -> str:
    """A line of the table; a difference that never varies, or shares that are alike, have no bound."""
    if factor is None or most is None:
        return f"| {what} | {a:.1%} and {b:.1%} | the difference is constant | | met |"
    verdict = "met" if factor / most >= LEAST else "**missed**"
    return (
        f"| {what} | {a:.1%} and {b:.1%} | {factor:.1f} times | {most:.1f} | {factor / most:.0%} {verdict} |"
    )


if __name__ == "__main__":
    main()
