"""Published facts: what the model was set to reproduce, what it then gives by itself, and where it fails.

    python -m loyaltysim.validation.facts [R2 R16 ...] [--write]

Without names every fact is run (some minutes) and the table is written between the markers of
docs/validation.md; with names the facts named are printed, or with --write renewed in the page. A fact has
three grades: *exact* (the model was given the number and must return it), *checked* (set on one number,
judged by another), *shape* (a sign, an order). A fact is met when the mean over replications lies in the
target range and, for a shape, the whole 95 % interval does. What misses stays in the table.
"""

from __future__ import annotations

import math
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.metrics.statistics import mean_interval
from loyaltysim.record.outcome import Replication
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.arrays import World
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, run, story

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
BEGIN, END = "<!-- facts: written by loyaltysim.validation.facts -->\n", "<!-- end of facts -->\n"
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
        """In the range: the mean; the whole interval too where the range is open or the grade a shape.

        A sign is strict: what is exactly 0 is neither above nor below it.
        """
        estimate, low, high = self.interval
        if self.grade == "shape" or math.isinf(self.low) or math.isinf(self.high):
            return self.low < low and high < self.high
        return self.low <= estimate <= self.high

    def __str__(self) -> str:
        estimate, low, high = self.interval
        verdict = "met" if self.met else "**missed**"
        return (
            f"| {self.number} | {self.grade} | {self.what} | {self.given} | {figure(estimate)} "
            f"[{figure(low)}, {figure(high)}] | {self.target} | {accepted(self.low, self.high)} "
            f"| {verdict} | {self.n}; seed {self.seed} |"
        )


def accepted(low: float, high: float) -> str:
    """The range that meets a fact, in words."""
    if math.isinf(low) or math.isinf(high):
        return f"above {figure(low)}" if math.isinf(high) else f"below {figure(0.0 if high < 1e-6 else high)}"
    return f"{figure(low)} to {figure(high)}"


def figure(x: float) -> str:
    """Three digits."""
    return f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"


def lived(name: str, *overrides: str, replications: int = REPLICATIONS) -> list[Replication]:
    """Replications of a scenario of the folder `facts`, on the compiled engine."""
    path = SCENARIOS / "facts" / f"{name}.yaml"
    return run(path, *overrides, replications=replications, engine="compiled")


def followed(name: str, *overrides: str, replication: int) -> tuple[World, World]:
    """The worlds of both arms at their end, with the story of everybody in their logs."""
    path = SCENARIOS / "facts" / f"{name}.yaml"
    scenario = load(path, overrides).scenario
    programme, twin, _ = run_arms(lower(scenario), replication, scenario.seed, "compiled", EVERYBODY)
    return programme._replace(log=story(programme)), twin._replace(log=story(twin))


def visits_of(world: World) -> np.ndarray:
    """The purchases at any provider in the log of a followed world."""
    return world.log[world.log["kind"] == KINDS.index("visit")]


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
it). Intervals are 95 % over replications. *Accepted* is the range that was to be met, where the source says
"about" this project's choice before the run. A fact is *met* when the mean lies within it, and for a shape (a
sign, an order) or an open range when the whole interval does. The model is not bent until a fact is met: what
misses is a limit of the model, and stays here. Facts are numbered R1 to R38, and that of delight; {tested}
figures of {facts} facts follow, **{met} met, {missed} missed**; facts that wait for a mechanism: {waiting}.

```
python -m loyaltysim.validation.facts
```

| fact | grade | figure | set | simulated | published | accepted | verdict | n |
|---|---|---|---|---|---|---|---|---|
{rows}

What the misses say:

{misses}
{why}"""


def number_of(line: str) -> str:
    """The fact that a line of the table is about."""
    return line.split("|")[1].strip()


def renewed(section: str, lines: list[str], order: list[str]) -> list[str]:
    """The lines of the page's table with those of some facts put anew."""
    anew = {number_of(line) for line in lines}
    kept = [line for line in section.splitlines() if re.match(r"\| (R\d+|Delight) \|", line)]
    lines = lines + [line for line in kept if number_of(line) not in anew]
    return sorted(lines, key=lambda line: order.index(number_of(line)))


def table(lines: list[str], waiting: dict[str, str], misses: dict[str, str]) -> str:
    """The section of the page; a test demands a word about every miss."""
    missed = [number_of(line) for line in lines if "| **missed** |" in line]
    why = "\nNot yet testable, and why:\n\n" * bool(waiting) + listed(waiting)
    return HEAD.format(
        tested=len(lines),
        facts=len(set(map(number_of, lines))),
        met=len(lines) - len(missed),
        missed=len(missed),
        waiting=len(waiting),
        rows="\n".join(lines),
        misses=listed(
            {number: misses.get(number, "**nothing said yet**") for number in dict.fromkeys(missed)}
        ),
        why=why,
    )


def listed(reasons: dict[str, str]) -> str:
    """One line for each fact."""
    return "".join(f"- **{number}**: {reason}\n" for number, reason in reasons.items())


def gathered(names: Sequence[str], replications: int = REPLICATIONS) -> list[Fact]:
    """The facts of these numbers; each function of the list gives those of one experiment."""
    from loyaltysim.validation.fact_list import FACTS

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
    from loyaltysim.validation.fact_list import FACTS, MISSES, WAITING

    write = "--write" in names
    names = [name for name in names if name != "--write"]
    lines = [str(row) for row in gathered(names or list(FACTS))]
    if names and not write:
        print("\n".join(lines))
        return
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    section, end, after = rest.partition(END)
    if names:
        lines = renewed(section, lines, list(FACTS))
    if not begin or not end:
        before, after = before.rstrip("\n") + "\n\n", ""
    written = table(lines, WAITING, MISSES)
    before = re.sub(r"\| \[published facts\]\(facts\) \|.*\|", in_short(written), before)
    PAGE.write_text(before + BEGIN + written + END + after, encoding="utf-8")


def in_short(section: str) -> str:
    """The line of the page's table of verdicts that tells of the facts."""
    found = re.search(r"(\d+)\nfigures of (\d+) facts follow, \*\*(\d+) met, (\d+) missed", section)
    assert found is not None
    figures, facts, met, missed = found.groups()
    about = f"What others measured: {facts} facts"
    return f"| [published facts](facts) | {about} | {figures} | {met} met, **{missed} missed** |"


if __name__ == "__main__":
    main(sys.argv[1:])
