"""Do the 95 % intervals cover? The whole way from scenario to interval, many times (TRUST 2d.1).

    python tests/verification/interval_coverage.py [--repeats 1000]

One small market is lived `repeats` x 20 times on two cores (some two minutes); batches of 20 replications
give intervals, the mean over all of them the truth. Nominal 95 %: of 1,000 repeats 926 to 971 cover (99.9 %
band). Intervals of sequential stopping are known to fall short; theirs and those of extreme quantiles are
shown from 1,000 samples drawn with replacement from all replications. Writes the table of docs/intervals.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binom

from loyaltysim.experiments.precision import next_look
from loyaltysim.experiments.run import run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.statistics import (
    Estimate,
    against_the_best,
    mean_interval,
    quantile_interval,
    skewness,
)
from loyaltysim.metrics.summary import by_replication, estimate, sample
from loyaltysim.scenario.load import load

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "intervals.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
SMALL = (
    "market.customers=60",
    "horizon=12 months",
    "warm_up=2 months",
    "checks=[]",
    "rivals.Bean House.offers=[]",
)
BATCH, LEVEL, SEED = 20, 0.95, 2026
FIGURES = (  # name, arm, what kind of interval it stands for
    ("profit", "programme", "mean, t"),
    ("clv_mean", "programme", "mean of customers' values, t"),
    ("clv_p10", "programme", "quantile within a replication, t"),
    ("retention_12m", "programme", "ratio of means, Fieller"),
    ("share_of_wallet", "programme", "ratio of means, Fieller"),
    ("incremental_contribution", "effect", "paired difference, t"),
    ("retention_12m", "effect", "paired difference of ratios, linearised t"),
    ("programme_roi", "effect", "ratio of differences, Fieller"),
    ("incremental_retained", "effect", "paired counts, t"),
)

Once = Callable[[np.random.Generator], bool]  # whether one interval, of one sample, covers
Line = tuple[str, str, int, int, int, str]  # kind, figure, hits, repeats, not estimable, remark


def covers(found: Estimate, truth: float) -> bool:
    """Whether the truth lies in the interval."""
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


def of_figure(name: str, arm: str, kind: str, measured: Sequence[Measured], repeats: int) -> Line:
    """Coverage of one figure over batches of replications."""
    kpi = CATALOGUE[name]
    truth = estimate(kpi, arm, measured, LEVEL).estimate
    assert truth is not None
    batches = [measured[k * BATCH : (k + 1) * BATCH] for k in range(repeats)]
    found = [estimate(kpi, arm, batch, LEVEL) for batch in batches]
    missing = sum(1 for one in found if not one.estimable)
    hits = sum(1 for one in found if covers(one, truth))
    values = by_replication(kpi, sample(kpi, arm, measured)) if arm == "programme" or kpi.paired else None
    lopsided = f"skewness {skewness(values):.1f}" if values else ""
    return kind, f"{name} ({arm}), n = {BATCH}", hits, repeats - missing, missing, lopsided


def drawn(kind: str, what: str, repeats: int, remark: str, once: Once) -> Line:
    """Coverage of an interval over samples drawn by a seeded generator."""
    rng = np.random.default_rng(SEED)
    return kind, what, sum(once(rng) for _ in range(repeats)), repeats, 0, remark


def sequential(values: np.ndarray, width: float) -> Once:
    """A run that stops at the first look at which the half-width is small enough."""
    truth = float(values.mean())

    def once(rng: np.random.Generator) -> bool:
        taken: list[float] = []
        while True:
            taken += rng.choice(values, next_look(len(taken)) - len(taken)).tolist()
            found = mean_interval(taken, LEVEL)
            if found.half_width is not None and found.half_width <= width:
                return covers(found, truth)

    return once


def extreme(values: np.ndarray, share: float, n: int) -> Once:
    """An extreme quantile over n replications, by order statistics."""
    truth = float(np.quantile(values, share, method="inverted_cdf"))
    return lambda rng: covers(quantile_interval(rng.choice(values, n).tolist(), share, LEVEL), truth)


def with_best(values: np.ndarray) -> Once:
    """Four files on common luck against the best of the others, all at once; means a tenth of an sd apart."""
    means = 0.1 * values.std() * np.arange(4)
    truth = [m - max(np.delete(means, k)) for k, m in enumerate(means)]

    def once(rng: np.random.Generator) -> bool:
        common = rng.choice(values, BATCH)
        files = [m + common + 0.5 * rng.choice(values, BATCH) for m in means]

        def pair(i: int, j: int, level: float) -> tuple[float, float] | None:
            found = mean_interval((files[i] - files[j]).tolist(), level)
            return None if found.low is None or found.high is None else (found.low, found.high)

        found = against_the_best(4, pair, LEVEL)
        assert found is not None
        return all(one.low <= t <= one.high for one, t in zip(found, truth, strict=True))

    return once


def lines(repeats: int) -> list[Line]:
    """All of the table."""
    loaded = load(ROOT / "scenarios" / "coffee.yaml", SMALL)
    how: dict[str, Any] = {"replications": repeats * BATCH, "seed": SEED, "force": True}
    measured = list(run(loaded, **how).measured)
    found = [of_figure(name, arm, kind, measured, repeats) for name, arm, kind in FIGURES]
    kpi = CATALOGUE["incremental_contribution"]
    effect = by_replication(kpi, sample(kpi, "effect", measured))
    assert effect is not None
    values = np.array(effect)
    sd = float(values.std())
    name = "incremental_contribution"
    for looks, n in ((1, 40), (3, 58), (6, 101)):
        width = 1.96 * sd / n**0.5
        found.append(
            drawn(
                "sequential stopping, t",
                f"{name}, width as of n = {n}",
                repeats,
                f"about {looks} looks; below 95 % by design",
                sequential(values, width),
            )
        )
    for share, n in ((0.95, 200), (0.95, 1000), (0.99, 1000)):
        found.append(
            drawn(
                "quantile over replications, order statistics",
                f"P{share * 100:.0f} of {name}, n = {n}",
                repeats,
                "at least 95 % by theory",
                extreme(values, share, n),
            )
        )
    found.append(
        drawn(
            "against the best of four, all at once",
            f"{name}, n = {BATCH}",
            repeats,
            "at least 95 % by Bonferroni",
            with_best(values),
        )
    )
    return found


def band(repeats: int) -> tuple[int, int]:
    """Hits out of so many repeats that 95 % makes plausible (99.9 %)."""
    return int(binom.ppf(0.0005, repeats, LEVEL)), int(binom.ppf(0.9995, repeats, LEVEL))


def table(found: Sequence[Line]) -> str:
    """The table as Markdown."""
    told = ["| interval | figure | cover | of | band | verdict | |", "|---|---|---:|---:|---|---|---|"]
    for kind, what, hits, repeats, missing, remark in found:
        low, high = band(repeats)
        if hits < low:
            verdict = "**too narrow**"
        else:
            verdict = "met" if hits <= high else "wider than it says"
        note = "; ".join(part for part in (remark, f"{missing} not estimable" if missing else "") if part)
        told.append(f"| {kind} | {what} | {hits} | {repeats:,} | {low}-{high} | {verdict} | {note} |")
    return "\n".join(told) + "\n"


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    repeats = parser.parse_args().repeats
    text = table(lines(repeats))
    sys.stdout.write(text)
    if repeats >= 1000:
        page = PAGE.read_text()
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
