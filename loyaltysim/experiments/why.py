"""Why two files differ: how much of the difference each changed part makes, on common luck (Shapley 1953).

Changing one part at a time leaves out what only several changes together do, and the order in which they
are made decides who is credited with it. The Shapley share is the mean over all orders; the shares sum to
the difference exactly, replication by replication. With k parts 2^k markets are simulated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.run import run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.statistics import Estimate, mean_interval
from loyaltysim.metrics.summary import LEVEL, Row, by_replication, sample
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.unknown import by_draw
from loyaltysim.scenario.differences import Difference, differences
from loyaltysim.scenario.load import Loaded, text_hash
from loyaltysim.scenario.marks import Findings, Node, dotted
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.values import judged

if TYPE_CHECKING:
    from loyaltysim.experiments.compare import Comparison
    from loyaltysim.metrics.kpi import KPI

Part = tuple[str, ...]
"""A part of a scenario: the keys that lead to it."""
Subset = frozenset[Part]

MOST_PARTS = 6
MOST_SENTENCES = 3
APART = {"schema", "name", "question", "checks", "seed", "replications", "observed"}  # change no number


def why(ours: Loaded, theirs: Loaded, figures: Sequence[str], **how: Any) -> list[Row]:
    """A row a figure and changed part: what the part adds to the figure of `ours` over that of `theirs`.

    `how` is passed on to `run`. Raises UsageError where more than six parts differ, where the files cannot be
    mixed part by part, and for figures that are unknown or not defined in one of the mixtures.
    """
    kpis = [figure(name) for name in figures]
    parts, markets = mixtures(ours, theirs)
    if not parts:
        return []
    lived = {chosen: run(market, **how) for chosen, market in markets.items()}
    changes = differences(theirs.scenario, ours.scenario)
    each = max(one.each for one in lived.values())
    measured = {chosen: by_draw(one.measured, each) for chosen, one in lived.items()}
    rows = []
    for kpi in kpis:
        arm = "effect" if kpi.paired else "programme"
        values = {}
        for chosen, found in measured.items():
            there = (kpi.name, arm) in found[0].parts
            known = by_replication(kpi, sample(kpi, arm, found)) if there else None
            if known is None:
                raise UsageError(f"--why {kpi.name}: not defined with {told(chosen, theirs)}")
            values[chosen] = known
        for part, adds in shapley(parts, values).items():
            row = row_of(kpi, arm, ".".join(part), mean_interval(adds, LEVEL), ours, theirs)
            rows.append({**row, "words": in_words(part, changes)})
    return rows


def require_parts(ours: Loaded, theirs: Loaded, figures: Sequence[str]) -> None:
    """Raise UsageError, before anything is simulated, for what `why` would refuse."""
    for name in figures:
        figure(name)
    mixtures(ours, theirs)


def reasons(comparison: Comparison, figures: Sequence[str], **how: Any) -> list[Row]:
    """The same of two files that have been compared: with the replications, seed and engine of that."""
    theirs, ours = comparison.results[comparison.baseline], comparison.results[1 - comparison.baseline]
    of_it = {"replications": theirs.replications, "seed": theirs.seed, "engine": theirs.engine}
    return why(ours.loaded, theirs.loaded, figures, **of_it, **how)


def row_of(kpi: KPI, arm: str, part: str, found: Estimate, ours: Loaded, theirs: Loaded) -> Row:
    """One part's share as `--json` prints it."""
    terms = terms_of(ours.scenario)
    names = {"scenario": ours.scenario.name, "baseline": theirs.scenario.name}
    return {**names, "kpi": kpi.name, "arm": arm, "part": part, **found._asdict(), "unit": kpi.unit_in(terms)}


def in_words(part: Part, changes: Sequence[Difference]) -> str:
    """What is changed in a part, in the sentences of `diff`; the first few of many."""
    place = dotted(part)
    its = [
        one.words for one in changes if one.path == place or one.path.startswith((f"{place}.", f"{place}["))
    ]
    more = f"; and {len(its) - MOST_SENTENCES} more" if len(its) > MOST_SENTENCES else ""
    return ("; ".join(its[:MOST_SENTENCES]) or place) + more


def figure(name: str) -> KPI:
    """The figure of this name, or a UsageError that says which one was meant."""
    if name not in CATALOGUE:
        raise UsageError(f"--why {name}: no figure is called that; {hint(name, list(CATALOGUE))}")
    return CATALOGUE[name]


def told(chosen: Subset, theirs: Loaded) -> str:
    """A mixture in words."""
    parts = ", ".join(sorted(".".join(part) for part in chosen))
    return f"{parts} changed in {theirs.scenario.name}" if parts else theirs.scenario.name


# ---------------------------------------------------------------- shares


def shapley(parts: Sequence[Part], values: Mapping[Subset, Sequence[float]]) -> dict[Part, list[float]]:
    """Each part's share of v(all) - v(none), replication by replication: the mean over all orders."""
    k = len(parts)
    shares = {}
    for part in parts:
        total = [0.0] * len(values[frozenset()])
        for before in subsets([p for p in parts if p != part]):
            weight = math.factorial(len(before)) * math.factorial(k - len(before) - 1) / math.factorial(k)
            after = values[before | {part}]
            for r, (a, b) in enumerate(zip(after, values[before], strict=True)):
                total[r] += weight * (a - b)
        shares[part] = total
    return shares


def subsets(parts: Sequence[Part]) -> Iterator[Subset]:
    """All sets of these parts, the empty one first."""
    sizes = (combinations(parts, n) for n in range(len(parts) + 1))
    return (frozenset(chosen) for chosen in chain.from_iterable(sizes))


# ---------------------------------------------------------------- parts


def mixtures(ours: Loaded, theirs: Loaded) -> tuple[list[Part], dict[Subset, Loaded]]:
    """The finest parts into which the difference falls that can be mixed at will, and every mixture."""
    problem = ""
    for parts in reversed(list(partitions(ours, theirs))):
        found = {chosen: mixed(ours, theirs, chosen) for chosen in subsets(parts)}
        broken = [one for one in found.values() if isinstance(one, str)]
        if not broken:
            return parts, {chosen: one for chosen, one in found.items() if isinstance(one, Loaded)}
        problem = broken[0]
    raise UsageError(f"--why: the files cannot be mixed part by part: {problem}")


def partitions(ours: Loaded, theirs: Loaded) -> Iterator[list[Part]]:
    """Ways to take the difference apart, ever finer, none into more than six parts."""
    a, b = (one.scenario.model_dump(by_alias=True) for one in (ours, theirs))
    parts = [part for part in children(a, b, ()) if part[0] not in APART]
    if len(parts) > MOST_PARTS:
        names = ", ".join(part[0] for part in parts)
        raise UsageError(f"--why: the files differ in {len(parts)} parts, more than {MOST_PARTS}: {names}")
    yield parts
    grown = True
    while grown:
        grown = False
        for place, part in enumerate(parts):
            below = children(a, b, part)
            if len(below) > 0 and len(parts) - 1 + len(below) <= MOST_PARTS:
                parts = [*parts[:place], *below, *parts[place + 1 :]]
                yield parts
                grown = True
                break


def children(a: Any, b: Any, part: Part) -> list[Part]:
    """The keys below a part whose values differ; none where a side is no mapping."""
    left, right = (reduce(lambda at, key: at[key], part, one) for one in (a, b))
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return []
    keys = sorted({*left, *right}, key=str)
    return [(*part, key) for key in keys if left.get(key) != right.get(key)]


def mixed(ours: Loaded, theirs: Loaded, chosen: Iterable[Part]) -> Loaded | str:
    """Their scenario with these parts of ours; or what is wrong with it, in words."""
    tree = theirs.tree
    for part in sorted(chosen):
        tree = with_part(tree, ours.tree, part)
    found = Findings()
    scenario = judged(tree, found)
    if found.problems or scenario is None:
        return str(found.failure()).splitlines()[0]
    return replace(theirs, scenario=scenario, tree=tree, text_hash=text_hash(scenario))


def with_part(tree: Node, other: Node | None, part: Part) -> Node:
    """The tree with one part as it is in the other: put in, replaced, or left out."""
    step, *rest = part
    theirs = None if other is None else other.child(step)
    if rest:
        below = tree.child(step) or Node({}, tree.mark, tree.key)
        return tree.with_child(step, with_part(below, theirs, tuple(rest)))
    if theirs is not None:
        return tree.with_child(step, theirs)
    assert isinstance(tree.value, dict)
    return replace(tree, value={key: node for key, node in tree.value.items() if key != step})


def lines(rows: Sequence[Row], amount: Callable[[float | None], str]) -> list[str]:
    """The shares in lines of text, the largest first."""
    told = []
    for name in dict.fromkeys(row["kpi"] for row in rows):
        those = [row for row in rows if row["kpi"] == name]
        total = math.fsum(row["estimate"] for row in those)
        told += ["", f"Why: {CATALOGUE[name].label}, {those[0]['unit']}: {amount(total)} in all"]
        for row in sorted(those, key=lambda row: -abs(row["estimate"])):
            span = "" if row["low"] is None else f"  ({amount(row['low'])} to {amount(row['high'])})"
            told.append(f"  {amount(row['estimate'])}{span}: {row['words']}")
    return told
