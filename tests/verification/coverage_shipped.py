"""Do the intervals of a scenario as it ships cover: coffee, 600 customers, 40 replications (TRUST 2d.1)?

    python tests/verification/coverage_shipped.py [--repeats 1000]

The tables of `interval_coverage.py` and `coverage_pools.py` stand on a tiny market, where intervals are hard
to make. This one is what a user meets: samples of 40 replications drawn with replacement out of 2,000 of the
coffee scenario as it is (1,000 each of two others that differ by a lever), of which the mean is the truth.
Some eight minutes of one core. Writes the third table of docs/intervals.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from coverage_pools import APART, COFFEE, FILES, best_file, two_files
from interval_coverage import FIGURES, LEVEL, PAGE, SEED, Line, covers, drawn, table

from loyaltysim.experiments.run import run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.statistics import skewness
from loyaltysim.metrics.summary import by_replication, estimate, sample
from loyaltysim.scenario.load import load

BEGIN, END = "<!-- shipped: begin -->\n", "<!-- shipped: end -->\n"
POOL, OTHERS, SHIPPED = 2_000, 1_000, 40


def lived(replications: int, *changes: str) -> list[Measured]:
    """So many replications of the scenario, changed."""
    found = run(load(COFFEE, changes), replications=replications, seed=SEED, workers=2, force=True)
    return list(found.measured)


def of_one(name: str, arm: str, kind: str, measured: Sequence[Measured], repeats: int) -> Line:
    """A figure of one file."""
    kpi = CATALOGUE[name]
    truth = estimate(kpi, arm, measured, LEVEL).estimate
    assert truth is not None

    def once(rng: np.random.Generator) -> bool:
        some = [measured[k] for k in rng.integers(0, len(measured), SHIPPED)]
        return covers(estimate(kpi, arm, some, LEVEL), truth)

    values = by_replication(kpi, sample(kpi, arm, measured)) if arm == "programme" or kpi.paired else None
    lopsided = f"skewness {skewness(values):.1f}" if values else ""
    return drawn(kind, f"{name} ({arm}), n = {SHIPPED}", repeats, lopsided, once)


def lines(repeats: int) -> list[Line]:
    """All of the table."""
    files = [lived(POOL), *(lived(OTHERS, change) for change in FILES)]
    rows = [of_one(name, arm, kind, files[0], repeats) for name, arm, kind in FIGURES]
    files[0] = files[0][:OTHERS]
    for k, change in enumerate(FILES, start=1):
        for name, arm, kind in APART:
            line = two_files(name, arm, kind, files[0], files[k], repeats, SHIPPED)
            rows.append((*line[:5], change.split(".", 1)[1]))
    return [*rows, *(best_file(name, files, repeats, SHIPPED) for name in ("profit", "retention_12m"))]


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    repeats = parser.parse_args().repeats
    text = table(lines(repeats))
    sys.stdout.write(text)
    if repeats >= 1000:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
