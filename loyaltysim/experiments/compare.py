"""Compare scenario files on common luck: the same customers with the same draws, paired by replication.

Every file is run with the seed and the number of replications of the baseline. A customer's luck hangs
on the seed, the replication and her number alone, so two files differ only by what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.results import Results
from loyaltysim.experiments.run import Progress, run
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.statistics.moments import variance
from loyaltysim.metrics.summary import LEVEL, Row, difference_of, row, sample, within
from loyaltysim.metrics.terms import Terms, terms_of

if TYPE_CHECKING:
    from loyaltysim.metrics.kpi import KPI
    from loyaltysim.scenario.load import Loaded


@dataclass(frozen=True)
class Comparison:
    """Several scenarios' results, and how each differs from the baseline."""

    results: list[Results]
    baseline: int
    differences: list[Row]
    """As the rows of `--json`, with `scenario`, `baseline`, and `pairing`: how many times the variance
    of the difference would be larger had the files not shared their luck (null where it cannot be told)."""

    @property
    def checks_failed(self) -> bool:
        """Whether a condition of any scenario does not hold."""
        return any(one.checks_failed for one in self.results)

    def to_json(self) -> dict[str, Any]:
        """The comparison as `--json` prints it."""
        return {"scenarios": [one.to_json() for one in self.results], "differences": self.differences}


def compare(
    files: Sequence[Loaded],
    *,
    baseline: int = 0,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> Comparison:
    """Run all files with the baseline's seed and replications; paired differences against the baseline.

    With `out` each file's results are kept in a folder of its own below it. Raises UsageError where the
    files cannot be compared: fewer than two, other currencies, or two that share a name.
    """
    comparable(files)
    first = files[baseline].scenario
    count = first.replications if replications is None else replications
    results = [
        run(
            one,
            replications=count,
            seed=first.seed if seed is None else seed,
            engine=engine,
            workers=workers,
            out=None if out is None else Path(out) / folder,
            progress=progress,
            notify=notify,
        )
        for one, folder in zip(files, folders(files), strict=True)
    ]
    found = [
        difference
        for number, one in enumerate(results)
        if number != baseline
        for difference in differences(one, results[baseline])
    ]
    return Comparison(results, baseline, found)


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


def folders(files: Sequence[Loaded]) -> list[str]:
    """A folder's name for each file: its own, numbered where two share it."""
    names: list[str] = []
    for one in files:
        stem = Path(one.path).stem
        taken = sum(1 for name in names if name == stem or name.startswith(f"{stem}-"))
        names.append(stem if not taken else f"{stem}-{taken + 1}")
    return names


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
    a, b = sample(kpi, arm, ours.measured), sample(kpi, arm, theirs.measured)
    found = within(kpi, -1.0, difference_of(kpi, a, b, LEVEL))
    return {
        "scenario": ours.loaded.scenario.name,
        "baseline": theirs.loaded.scenario.name,
        **row(kpi, arm, found, terms),
        "pairing": pairing(kpi, arm, ours.measured, theirs.measured),
    }


def pairing(kpi: KPI, arm: str, ours: Sequence[Measured], theirs: Sequence[Measured]) -> float | None:
    """Variance of the difference with independent luck over that with common luck (Law & Kelton)."""
    a, b = sample(kpi, arm, ours), sample(kpi, arm, theirs)
    if kpi.estimator != "mean" or len(a) < 2 or any(part is None for part in (*a, *b)):
        return None
    x = [part.numerator for part in a if part is not None]
    y = [part.numerator for part in b if part is not None]
    paired = variance([p - q for p, q in zip(x, y, strict=True)])
    return (variance(x) + variance(y)) / paired if paired > 0.0 else None
