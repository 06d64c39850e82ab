"""Do the intervals of a budget cover? A budget whose law is known, judged many times (TRUST 2d).

    python tests/verification/budget_coverage.py [--repeats 1000]

10,000 coupons of 5 are out; a share p ~ Beta(12, 88) of them, which nobody knows, is used (TRUST 2b): mean
6,000, standard deviation 1,624.81, 95th percentile 8,875. Each repeat draws p as a budget does (Latin
hypercubes of 20, keyed), the number used by its own luck, 1,000 replications and 200 once more, and judges
them by the code of `loyaltysim budget`. Nominal 95 %: of 1,000 repeats 926 to 971 cover (99.9 % band). The
same for markets of a tenth and a hundredth of the customers, who stand for the others. Writes the table of
docs/intervals.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy import stats

from loyaltysim.experiments.outer import CUBE, column
from loyaltysim.experiments.spread import real_year
from loyaltysim.metrics.budget import tail
from loyaltysim.metrics.statistics import Estimate

PAGE = Path(__file__).parents[2] / "docs" / "intervals.md"
BEGIN, END = "<!-- budget: begin -->\n", "<!-- budget: end -->\n"
A, B, FACE, COUPONS = 12.0, 88.0, 5.0, 10_000
AMOUNT, CONFIDENCE, AGAIN = 8_500.0, 0.95, 5
FIGURES = ("mean", "quantile", "shortfall", "overspent")


def law() -> tuple[dict[str, float], float]:
    """The truth: mean, 95th percentile, mean beyond it, chance of overspending; and the parameters' share."""
    used = np.arange(COUPONS + 1)
    chances = stats.betabinom.pmf(used, COUPONS, A, B)
    cost = FACE * used
    below = np.cumsum(chances)
    place = int(np.searchsorted(below, CONFIDENCE))
    beyond = chances[place + 1 :] @ cost[place + 1 :] + (below[place] - CONFIDENCE) * cost[place]
    p, var = stats.beta(A, B).mean(), stats.beta(A, B).var()
    luck = FACE**2 * COUPONS * (p * (1 - p) - var)
    truth = {
        "mean": float(chances @ cost),
        "quantile": float(cost[place]),
        "shortfall": float(beyond / (1 - CONFIDENCE)),
        "overspent": float(chances[cost > AMOUNT].sum()),
    }
    return truth, float((FACE * COUPONS) ** 2 * var / ((FACE * COUPONS) ** 2 * var + luck))


def covers(found: Estimate, truth: float) -> bool:
    """Whether the truth lies in the interval."""
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


def once(seed: int, n: int, scale: int) -> tuple[list[bool], bool]:
    """One budget of n replications judged: which intervals cover, and whether that of the split does."""
    truth, share = law()
    rng = np.random.default_rng([seed, n, scale])
    shares = np.concatenate([column(seed, "path p", cube) for cube in range(-(-n // CUBE))])[:n]
    p = stats.beta(A, B).ppf(shares)
    simulated = COUPONS // scale
    costs = scale * FACE * rng.binomial(simulated, p).astype(float)
    again = scale * FACE * rng.binomial(simulated, p[: n // AGAIN]).astype(float)
    real, parts = real_year(costs, again, scale, shares[:, None], seed)
    assert parts is not None
    found = tail(real.costs.tolist(), AMOUNT, CONFIDENCE, 0.95, seed, costs.tolist(), real.resampled)
    if scale > 1:
        share = share / (share + (1 - share) * scale)
    split = parts.share_low is not None and parts.share_low <= share <= (parts.share_high or 0.0)
    return [covers(getattr(found, name), truth[name]) for name in FIGURES], split


def lines(repeats: int) -> list[str]:
    """The table as Markdown."""
    low, high = (int(stats.binom.ppf(q, repeats, 0.95)) for q in (0.0005, 0.9995))
    names = {
        "mean": "mean cost, t",
        "quantile": "P95 of the cost, order statistics",
        "shortfall": "mean of the worst 5 %, bootstrap (BCa)",
        "overspent": "chance of overspending, Clopper-Pearson",
    }
    told = ["| interval | replications | cover | of | band | verdict |", "|---|---|---:|---:|---|---|"]
    for n, scale in ((1_000, 1), (200, 1), (1_000, 10), (1_000, 100)):
        rows = [once(seed, n, scale) for seed in range(repeats)]
        hits = [sum(row[0][k] for row in rows) for k in range(len(FIGURES))] + [sum(row[1] for row in rows)]
        of = f"{n:,}" + (f", each customer stands for {scale}" if scale > 1 else "")
        for name, hit in zip([*names.values(), "share of what is not known, F"], hits, strict=True):
            verdict = "**too narrow**" if hit < low else "met" if hit <= high else "wider than it says"
            told.append(f"| {name} | {of} | {hit} | {repeats:,} | {low}-{high} | {verdict} |")
    return told


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    repeats = parser.parse_args().repeats
    text = "\n".join(lines(repeats)) + "\n"
    sys.stdout.write(text)
    if repeats >= 1000:
        page = PAGE.read_text()
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
