"""Published facts: what the model was set to reproduce, what it then gives by itself, and where it fails.

    python tests/verification/facts.py [R2 R16 ...]

Without names every fact is run (a minute or two) and the table is written between the markers of
docs/validation.md; with names the facts named are printed. A fact has three grades: *exact* (the model was
given the number and must return it), *checked* (set on one number, judged by another), *shape* (a sign, an
order). A fact is met when the mean over replications lies in the target range and, for a shape, the whole
95 % interval does. What misses stays in the table.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from verdict import SCENARIOS, run

from loyaltysim.metrics.statistics import mean_interval
from loyaltysim.record.outcome import Replication

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
BEGIN, END = "<!-- facts: written by tests/verification/facts.py -->\n", "<!-- end of facts -->\n"
REPLICATIONS = 10


class Fact(NamedTuple):
    """One figure beside the published one: its values by replication, and the range that would meet it."""

    number: str
    grade: str  # exact, checked or shape
    what: str
    given: str  # what was set, and on which number
    low: float
    high: float
    target: str  # as published, with its source
    values: tuple[float, ...]
    n: str
    seed: int

    @property
    def interval(self) -> tuple[float, float, float]:
        """Mean and its 95 % interval over replications."""
        found = mean_interval(list(self.values))
        if found.estimate is None or found.low is None or found.high is None:
            return math.nan, math.nan, math.nan
        return found.estimate, found.low, found.high

    @property
    def met(self) -> bool:
        """In the range: the mean; the whole interval too where the range is open or the grade a shape."""
        estimate, low, high = self.interval
        if self.grade == "shape" or math.isinf(self.low) or math.isinf(self.high):
            return self.low <= low and high <= self.high
        return self.low <= estimate <= self.high

    def __str__(self) -> str:
        estimate, low, high = self.interval
        verdict = "met" if self.met else "**missed**"
        return (
            f"| {self.number} | {self.grade} | {self.what} | {self.given} | {figure(estimate)} "
            f"[{figure(low)}, {figure(high)}] | {self.target} | {verdict} | {self.n}; seed {self.seed} |"
        )


def figure(x: float) -> str:
    """Three digits."""
    return f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"


def lived(name: str, *overrides: str, replications: int = REPLICATIONS) -> list[Replication]:
    """Replications of a scenario of the folder `facts`, on the compiled engine."""
    path = SCENARIOS / "facts" / f"{name}.yaml"
    return run(path, *overrides, replications=replications, engine="compiled")


def of(found: Sequence[Replication], arm: str = "twin") -> str:
    """How many customers, how often."""
    size = len(getattr(found[0], arm).customers)
    return f"{len(found)} x {size:,} customers"


def seed_of(found: Sequence[Replication]) -> int:
    """The seed of a run."""
    return found[0].seed


def correlation_ratio(outcome: np.ndarray, group: np.ndarray) -> float:
    """Share of the variance of an outcome that lies between groups."""
    whole = ((outcome - outcome.mean()) ** 2).sum()
    means = {g: outcome[group == g].mean() for g in np.unique(group)}
    between = sum((group == g).sum() * (m - outcome.mean()) ** 2 for g, m in means.items())
    return float(between / whole)


HEAD = """(facts)=
## Published facts

What others measured, and what the model says. *Set* names the number to which the model was set, if any; the
figure beside it is another one, which nobody set (grade *exact*: the model was given the number, and returns
it). Intervals are 95 % over replications. A fact is *met* when the mean lies within the target, and for a
shape (a sign, an order) when the whole interval does. The model is not bent until a fact is met: what misses
is a limit of the model, and stays here. Facts are numbered R1 to R38, and that of delight; {tested} figures
of {facts} facts follow, **{met} met, {missed} missed**; {waiting} facts wait for a mechanism or for an
experiment.

```
python tests/verification/facts.py
```

| fact | grade | figure | set | simulated | published | verdict | n |
|---|---|---|---|---|---|---|---|
{rows}

Not yet testable, and why:

{why}
"""


def table(rows: list[Fact], waiting: dict[str, str]) -> str:
    """The section of the page."""
    met = sum(row.met for row in rows)
    why = "\n".join(f"- **{number}**: {reason}" for number, reason in waiting.items())
    return HEAD.format(
        tested=len(rows),
        facts=len({row.number for row in rows}),
        met=met,
        missed=len(rows) - met,
        waiting=len(waiting),
        rows="\n".join(map(str, rows)),
        why=why,
    )


def gathered(names: Sequence[str], replications: int = REPLICATIONS) -> list[Fact]:
    """The facts of these numbers; each function of the list gives those of one experiment."""
    from fact_list import FACTS

    rows: list[Fact] = []
    for name in names:
        began = time.perf_counter()
        found = FACTS[name](replications)
        rows += found
        met = sum(row.met for row in found)
        print(f"{name}: {met} of {len(found)} met, {time.perf_counter() - began:.1f} s", file=sys.stderr)
    return rows


def main(names: list[str]) -> None:
    """Print the facts named, or write them all into the page."""
    from fact_list import FACTS, WAITING

    rows = gathered(names or list(FACTS))
    if names:
        print("\n".join(map(str, rows)))
        return
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        before, after = before.rstrip("\n") + "\n\n", ""
    PAGE.write_text(before + BEGIN + table(rows, WAITING) + END + after, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
