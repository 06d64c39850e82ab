"""Do the other intervals cover: of files, shares, tails, uncertain draws, a market 1 : k (TRUST 2d.1)?

    python tests/verification/coverage_pools.py [--repeats 1000]

Each interval is made by the code of every run, from samples drawn with replacement out of 1,000 replications
of the small market of `interval_coverage.py`, of which the mean (share, tail) is the truth; the outer loop is
also judged where everything is known, on the coupons of `budget_coverage.py`. Some three minutes of one core.
Writes the second table of docs/intervals.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

import numpy as np
from interval_coverage import BATCH, LEVEL, PAGE, ROOT, SEED, SMALL, Line, Once, covers, drawn, table
from scipy import stats

from loyaltysim.experiments.compare import between
from loyaltysim.experiments.outer import CUBE, column
from loyaltysim.experiments.run import run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.statistics import against_the_best, share_interval
from loyaltysim.metrics.statistics.shortfall import expected_shortfall, shortfall_interval
from loyaltysim.metrics.summary import Sample, by_replication, difference_of, estimate, sample
from loyaltysim.metrics.unknown import apart, by_draw
from loyaltysim.scenario.load import load

COFFEE = ROOT / "scenarios" / "coffee.yaml"
BEGIN, END = "<!-- pools: begin -->\n", "<!-- pools: end -->\n"
POOL, DRAWS, EACH = 1_000, 500, 2
FILES = ("programme.points.worth=0.04 EUR", "firm.service.desks=2")
APART = (  # of two files: figure, arm, kind
    ("profit", "programme", "two files, paired difference, t"),
    ("retention_12m", "programme", "two files, paired difference of ratios, linearised t"),
    ("incremental_contribution", "effect", "two files, difference of effects, t"),
)
UNKNOWN = (
    "uncertainties={programme.points.worth: {uniform: [0.03 EUR, 0.07 EUR]}, "
    "loyalty.steepness: {uniform: [2, 8]}, rivals.Kiosk.attributes.quality.level: {uniform: [66, 74]}}"
)
K = 10  # customers that one stands for
NO_LINE = ("firm.service=null",)  # so that a market ten times as large has the same waits
COUPONS, FACE, A, B = 100, 500.0, 12.0, 88.0  # of `budget_coverage.py`, a hundredth of them


def lived(pool: int, *more: str) -> list[Measured]:
    """So many replications of the small market, changed."""
    found = run(load(COFFEE, (*SMALL, *more)), replications=pool, seed=SEED, workers=1, force=True)
    return list(found.measured)


def picked(parts: Sample, rows: np.ndarray) -> Sample:
    """Some replications of a sample."""
    return [parts[k] for k in rows]


# ---------------------------------------------------------------- several files


def of_files(files: Sequence[Sequence[Measured]], repeats: int) -> list[Line]:
    """Differences of two files, and several against the best, on common luck."""
    rows = [two_files(*figure, files[0], files[1], repeats) for figure in APART]
    return [*rows, *(best_file(name, files, repeats) for name in ("profit", "retention_12m"))]


def two_files(
    name: str, arm: str, kind: str, ours: Sequence[Measured], theirs: Sequence[Measured], repeats: int,
    n: int = BATCH,
) -> Line:  # fmt: skip
    """The paired difference of a figure between two files."""
    kpi = CATALOGUE[name]
    a, b = sample(kpi, arm, ours), sample(kpi, arm, theirs)
    truth = difference_of(kpi, a, b, LEVEL).estimate
    assert truth is not None

    def once(rng: np.random.Generator) -> bool:
        rows = rng.integers(0, len(a), n)
        return covers(difference_of(kpi, picked(a, rows), picked(b, rows), LEVEL), truth)

    return drawn(kind, f"{name} ({arm}), n = {n}", repeats, "", once)


def best_file(name: str, files: Sequence[Sequence[Measured]], repeats: int, n: int = BATCH) -> Line:
    """Every file against the best of the others, as `compare` judges them, all at once."""
    kpi = CATALOGUE[name]
    parts = [sample(kpi, "programme", one) for one in files]
    means = [
        float(kpi.direction) * float(estimate(kpi, "programme", one, LEVEL).estimate or 0.0) for one in files
    ]
    truth = [m - max(means[:k] + means[k + 1 :]) for k, m in enumerate(means)]

    def once(rng: np.random.Generator) -> bool:
        rows = rng.integers(0, len(parts[0]), n)
        some = [picked(one, rows) for one in parts]
        found = against_the_best(len(files), partial(between, kpi, some), LEVEL)
        assert found is not None
        return all(one.low <= t <= one.high for one, t in zip(found, truth, strict=True))

    what = f"{name}, {len(files)} files, n = {n}"
    return drawn("files against the best, all at once", what, repeats, "at least 95 % by Bonferroni", once)


# ---------------------------------------------------------------- shares, tails, one more replication


def of_one(measured: Sequence[Measured], repeats: int) -> list[Line]:
    """Shares of replications, the mean of the worst, and where one more replication will lie."""
    rows = []
    profit, gain = (
        numbers(name, arm, measured)
        for name, arm in (("profit", "programme"), ("incremental_contribution", "effect"))
    )
    limit = float(np.quantile(profit, 0.1))
    for n in (20, 200, 1_000):
        kind, what = "share of replications, Clopper-Pearson", f"profit below its P10, n = {n:,}"
        rows.append(drawn(kind, what, repeats, "at least 95 % by theory", share_below(profit, limit, n)))
    for name, values in (("profit, worst", -profit), ("incremental_contribution, best", gain)):
        for n in (200, 1_000):
            kind, what = "mean of the tail of 5 %, bootstrap (BCa)", f"{name}, n = {n:,}"
            rows.append(drawn(kind, what, repeats, "", tail_of(values, n)))
    return rows


def numbers(name: str, arm: str, measured: Sequence[Measured]) -> np.ndarray:
    """A figure by replication."""
    found = by_replication(CATALOGUE[name], sample(CATALOGUE[name], arm, measured))
    assert found is not None
    return np.array(found)


def share_below(values: np.ndarray, limit: float, n: int) -> Once:
    """The share of replications below a limit."""
    truth = float((values < limit).mean())
    return lambda rng: covers(share_interval(int((rng.choice(values, n) < limit).sum()), n, LEVEL), truth)


def tail_of(values: np.ndarray, n: int) -> Once:
    """The expected shortfall."""
    truth = expected_shortfall(values.tolist(), 0.95)
    return lambda rng: covers(
        shortfall_interval(rng.choice(values, n).tolist(), 0.95, LEVEL, int(rng.integers(1 << 30))), truth
    )


# ---------------------------------------------------------------- what is not known


def of_draws(measured: Sequence[Measured], repeats: int) -> list[Line]:
    """The error of simulation over the means of draws."""
    rows, means = [], by_draw(measured, EACH)
    for name, arm, kind in (
        ("profit", "programme", "t"),
        ("retention_12m", "programme", "ratio, Fieller"),
        ("retention_12m", "effect", "difference of ratios, linearised t"),
        ("incremental_contribution", "effect", "paired difference, t"),
    ):
        kpi = CATALOGUE[name]
        truth = estimate(kpi, arm, means, LEVEL).estimate
        assert truth is not None

        def once(rng: np.random.Generator, kpi: KPI = kpi, arm: str = arm, truth: float = truth) -> bool:
            return covers(estimate(kpi, arm, some_of(means, rng), LEVEL), truth)

        what = f"{name} ({arm}), {CUBE} draws of {EACH}"
        rows.append(drawn(f"over uncertain draws, {kind}", what, repeats, "in hypercubes wider", once))
    return rows


def some_of(measured: Sequence[Measured], rng: np.random.Generator) -> list[Measured]:
    """A batch drawn with replacement."""
    return [measured[k] for k in rng.integers(0, len(measured), BATCH)]


def of_coupons(repeats: int) -> list[Line]:
    """Luck and what is not known told apart, where both are known: coupons used with p ~ Beta(12, 88)."""
    law = stats.beta(A, B)
    p, var = law.mean(), law.var()
    luck = COUPONS * (p * (1 - p) - var)
    share = COUPONS**2 * var / (COUPONS**2 * var + luck)
    rows = []
    for draws, each in ((20, 2), (100, 2), (100, 10)):
        spans = splits = 0
        for seed in range(repeats):
            rng = np.random.default_rng([seed, draws, each])
            ps = law.ppf(np.concatenate([column(seed, "path p", cube) for cube in range(-(-draws // CUBE))]))
            costs = FACE * rng.binomial(COUPONS, np.repeat(ps[:draws], each))
            found = apart(costs.tolist(), each, LEVEL)
            assert found is not None
            spans += bool(found["low"] <= FACE * COUPONS * law.rvs(random_state=rng) <= found["high"])
            splits += bool(found["share_low"] <= share <= found["share_high"])
        what = f"coupons, {draws} draws of {each}"
        rows += [
            ("what is not known: a further draw's true mean within the span", what, spans, repeats, 0, ""),
            ("what is not known: its share of the variance, F", what, splits, repeats, 0, ""),
        ]
    return rows


# ---------------------------------------------------------------- a market on the scale 1 : k


def of_scale(simulated: Sequence[Measured], real: Sequence[Measured], repeats: int) -> list[Line]:
    """Figures of a market in which one stands for ten, against those of a market ten times as large."""
    rows = []
    for name, arm, kind in (
        ("profit", "programme", "mean, t"),
        ("incremental_contribution", "effect", "paired difference, t"),
        ("retention_12m", "programme", "ratio of means, Fieller"),
    ):
        kpi = CATALOGUE[name]
        truth = estimate(kpi, arm, real, LEVEL).estimate
        assert truth is not None

        def once(rng: np.random.Generator, kpi: KPI = kpi, arm: str = arm, truth: float = truth) -> bool:
            return covers(estimate(kpi, arm, some_of(simulated, rng), LEVEL), truth)

        what = f"{name} ({arm}), one for {K}, n = {BATCH}"
        rows.append(drawn(f"1 : k, {kind}", what, repeats, "against the whole market", once))
    return rows


def lines(repeats: int) -> list[Line]:
    """All of the table."""
    files = [lived(POOL, *change) for change in ((), *((one,) for one in FILES))]
    rows = [*of_files(files, repeats), *of_one(files[0], repeats)]
    rows += of_draws(lived(DRAWS * EACH, UNKNOWN), repeats)
    rows += of_coupons(repeats)
    scaled = lived(POOL, f"market.represents={60 * K}", *NO_LINE)
    return rows + of_scale(scaled, lived(POOL // 4, f"market.customers={60 * K}", *NO_LINE), repeats)


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
