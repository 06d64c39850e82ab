"""Compare scenario files on common luck: the same customers with the same draws, paired by replication.

Every file is run with the seed and the number of replications of the baseline. A customer's luck hangs
on the seed, the replication and her number alone, so two files differ only by what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.files import safe_name
from loyaltysim.experiments.precision import MOST, Target, next_look, not_met, require_there, targets_of
from loyaltysim.experiments.results import Results
from loyaltysim.experiments.run import Progress, first_count, run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured, applicable
from loyaltysim.metrics.statistics import (
    against_the_best,
    best_reduction,
    share_interval,
    variance_reduction,
)
from loyaltysim.metrics.summary import LEVEL, Row, Sample, by_replication, difference_of, row, sample, within
from loyaltysim.metrics.terms import Terms, terms_of
from loyaltysim.metrics.unknown import by_draw

if TYPE_CHECKING:
    from loyaltysim.metrics.kpi import KPI
    from loyaltysim.scenario.load import Loaded


OF_PERSONS = {  # shares whose outcome is yes or no, for the same persons in every file
    "retention_12m",
    "retention_24m",
    "retention_36m",
    "defection_12m",
}


@dataclass(frozen=True)
class Comparison:
    """Several scenarios' results, and how each differs from the baseline."""

    results: list[Results]
    baseline: int
    differences: list[Row]
    """As the rows of `--json`, with `scenario`, `baseline`, and `pairing`: how many times the variance
    of the difference would be larger had the files not shared their luck (null where it cannot be told);
    `pairing_bound`: the largest factor that any pairing of persons could reach (null but for shares of the
    same persons: who is a customer at month 0 may differ between files)."""
    best: list[Row]
    """A row a figure and file: the file against the best of the others, with simultaneous intervals."""
    warnings: list[str]
    """What is known less precisely than was asked for, or than its interval seems to say."""

    @property
    def checks_failed(self) -> bool:
        """Whether a condition of any scenario does not hold."""
        return any(one.checks_failed for one in self.results)

    def to_json(self) -> dict[str, Any]:
        """The comparison as `--json` prints it."""
        return {
            "scenarios": [one.to_json() for one in self.results],
            "differences": self.differences,
            "best": self.best,
            "warnings": self.warnings,
        }


def compare(
    files: Sequence[Loaded],
    *,
    baseline: int = 0,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    out: str | Path | None = None,
    precision: Iterable[str] = (),
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> Comparison:
    """Run all files with the baseline's seed and replications; paired differences against the baseline.

    With `out` each file's results are kept in a folder of its own below it; `precision` asks for so many
    replications that the differences are as narrow as it says; `resume` keeps the replications that are
    there, `force` allows more than a day. Files that share a name are told apart by
    that of the file. Raises UsageError where the files cannot be compared: fewer than two, other currencies.
    """
    comparable(files)
    files = told_apart(files)
    first = files[baseline].scenario
    targets = targets_of(precision)
    for one in files:
        require_there(targets, (kpi.name for kpi in applicable(terms_of(one.scenario))))
    count = first_count(first, replications, targets)
    how: dict[str, Any] = {
        "seed": first.seed if seed is None else seed,
        "engine": engine,
        "workers": workers,
        "force": force,
        "progress": progress,
        "notify": notify,
    }
    if resume and out is None:
        raise UsageError("to resume, say where the replications were kept: --out DIR")
    places = [None if out is None else Path(out) / folder for folder in folders(files)]
    at_once = places if not targets else [None] * len(files)  # with targets the last number is written
    results = [
        run(one, replications=count, out=at, resume=resume and at is not None, **how)
        for one, at in zip(files, at_once, strict=True)
    ]
    while count < MOST and too_wide(targets, results, baseline):
        count = next_look(count)
        results = [run(r.loaded, replications=count, known=r.measured, **how) for r in results]
    if out is not None and targets:
        results = [
            run(r.loaded, replications=count, known=r.measured, out=at, **how)
            for r, at in zip(results, places, strict=True)
        ]
    found = [
        difference
        for number, one in enumerate(results)
        if number != baseline
        for difference in differences(one, results[baseline])
    ]
    warnings = [*too_wide(targets, results, baseline), *alike(found, results, baseline)]
    return Comparison(results, baseline, found, best_of(results), warnings)


def alike(found: Sequence[Row], results: Sequence[Results], baseline: int) -> list[str]:
    """Shares of persons that came out alike in every replication, though the files do not live the same."""
    told = []
    base = results[baseline].digest
    differ = {one.loaded.scenario.name: one.replications for one in results if one.digest != base}
    for one in found:
        n = differ.get(one["scenario"], 0)
        if one["kpi"] in OF_PERSONS and n > 1 and one["low"] == one["high"] == 0.0:
            most = share_interval(0, n, LEVEL).high
            told.append(
                f"{one['scenario']}: {one['kpi']}: alike in all {n} replications, which is no proof of "
                f"equality: up to {most:.0%} of replications may differ"
            )
    return told


def too_wide(targets: Sequence[Target], results: Sequence[Results], baseline: int) -> list[str]:
    """Which differences are known less precisely than asked for, in words."""
    told, each = [], common_draws(results)
    for number, one in enumerate(results):
        if number != baseline:
            arms = ["effect" if target.kpi.paired else "programme" for target in targets]
            apart = [
                difference_of(
                    target.kpi,
                    sample(target.kpi, arm, by_draw(one.measured, each)),
                    sample(target.kpi, arm, by_draw(results[baseline].measured, each)),
                    LEVEL,
                )
                for target, arm in zip(targets, arms, strict=True)
            ]
            told += [f"{one.loaded.scenario.name}: {text}" for text in not_met(targets, apart)]
    return told


def comparable(files: Sequence[Loaded]) -> None:
    """Raise UsageError unless the files can stand side by side."""
    if len(files) < 2:
        raise UsageError("compare: give at least two scenario files")
    currencies = sorted({one.scenario.currency for one in files})
    if len(currencies) > 1:
        raise UsageError(f"compare: the files count in {' and '.join(currencies)}; use one currency")
    horizons = sorted({one.scenario.horizon for one in files})
    if len(horizons) > 1:
        raise UsageError(
            f"compare: the files look {' and '.join(f'{h} months' for h in horizons)} ahead; use one horizon"
        )
    each = {one.scenario.replications_per_draw for one in files if one.scenario.uncertainties}
    if len(each) > 1:
        raise UsageError(
            f"compare: the files live {' and '.join(map(str, sorted(each)))} replications of a draw; "
            "give them one 'replications_per_draw'"
        )


def common_draws(results: Sequence[Results]) -> int:
    """Replications whose mean is one independent value in every file: those of a draw."""
    return max(one.each for one in results)


def folders(files: Sequence[Loaded]) -> list[str]:
    """A folder's name for each file: its own, numbered where two share it."""
    names: list[str] = []
    for one in files:
        stem = safe_name(Path(one.path).stem)
        taken = sum(1 for name in names if name == stem or name.startswith(f"{stem}-"))
        names.append(stem if not taken else f"{stem}-{taken + 1}")
    return names


def told_apart(files: Sequence[Loaded]) -> list[Loaded]:
    """The files, each with a name of its own: where two share one, that of the file stands behind it."""
    names = [one.scenario.name for one in files]
    return [
        one
        if names.count(one.scenario.name) == 1
        else replace(
            one, scenario=one.scenario.model_copy(update={"name": f"{one.scenario.name} ({folder})"})
        )
        for one, folder in zip(files, folders(files), strict=True)
    ]


def differences(ours: Results, theirs: Results) -> list[Row]:
    """Every figure that both define: programme arm less programme arm, and effect less effect."""
    terms = terms_of(ours.loaded.scenario)
    both = {(r["kpi"], r["arm"]) for r in ours.kpis} & {(r["kpi"], r["arm"]) for r in theirs.kpis}
    rows = []
    for kpi in CATALOGUE.values():
        arm = "effect" if kpi.paired else "programme"
        if (kpi.name, arm) in both:
            rows.append(difference(kpi, arm, ours, theirs, terms))
    return rows


def difference(kpi: KPI, arm: str, ours: Results, theirs: Results, terms: Terms) -> Row:
    """One figure of one file less that of the baseline, paired by replication."""
    each = common_draws((ours, theirs))
    mine, base = by_draw(ours.measured, each), by_draw(theirs.measured, each)
    a, b = sample(kpi, arm, mine), sample(kpi, arm, base)
    found = within(kpi, -1.0, difference_of(kpi, a, b, LEVEL))
    return {
        "scenario": ours.loaded.scenario.name,
        "baseline": theirs.loaded.scenario.name,
        **row(kpi, arm, found, terms),
        "pairing": pairing(kpi, arm, mine, base),
        "pairing_bound": bound(kpi, arm, ours, theirs),
    }


def pairing(kpi: KPI, arm: str, ours: Sequence[Measured], theirs: Sequence[Measured]) -> float | None:
    """How many times the variance of the difference would be larger had the files not shared their luck."""
    a, b = (by_replication(kpi, sample(kpi, arm, one)) for one in (ours, theirs))
    return None if a is None or b is None else variance_reduction(a, b)


def bound(kpi: KPI, arm: str, ours: Results, theirs: Results) -> float | None:
    """The largest such factor that any pairing of the same persons could reach, for shares of persons.

    None where the files differ before month 0, so that their customers at month 0 are not the same.
    """
    if kpi.name not in OF_PERSONS:
        return None
    counted = [[p and p.denominator for p in sample(kpi, arm, one.measured)] for one in (ours, theirs)]
    if counted[0] != counted[1]:
        return None
    a, b = (one.kpi(kpi.name, arm)["estimate"] for one in (ours, theirs))
    return None if a is None or b is None else best_reduction(a, b)


def best_of(results: Sequence[Results]) -> list[Row]:
    """Every figure of which more, or less, is better: each file against the best of the others."""
    rows = []
    terms, each = terms_of(results[0].loaded.scenario), common_draws(results)
    for kpi in CATALOGUE.values():
        arm = "effect" if kpi.paired else "programme"
        if kpi.direction == 0 or any((kpi.name, arm) not in one.parts for r in results for one in r.measured):
            continue
        samples = [sample(kpi, arm, by_draw(one.measured, each)) for one in results]
        found = against_the_best(len(results), partial(between, kpi, samples), LEVEL)
        if found is None:
            continue
        for one, its in zip(results, found, strict=True):
            rows.append(
                {
                    "kpi": kpi.name,
                    "arm": arm,
                    "scenario": one.loaded.scenario.name,
                    **its._asdict(),
                    "level": LEVEL,
                    "unit": kpi.unit_in(terms),
                    "direction": kpi.direction,
                }
            )
    return rows


def between(kpi: KPI, samples: Sequence[Sample], i: int, j: int, level: float) -> tuple[float, float] | None:
    """The interval of file i less file j, so turned that more is better."""
    found = difference_of(kpi, samples[i], samples[j], level)
    if found.low is None or found.high is None:
        return None
    return (found.low, found.high) if kpi.direction > 0 else (-found.high, -found.low)
