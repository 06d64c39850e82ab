"""Scenario files side by side under every curve from standing to staying: whose order hangs on the choice?

The curves are made to agree once, at month 0 of the baseline, as `theories` does it; every file then lives
under the same curve. Fitted to each file by itself they would take back part of what the files differ by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysim.experiments.compare import Comparison, comparable, compare
from loyaltysim.experiments.conclusions import Conclusion, conclusion, in_words, listed, short_of
from loyaltysim.experiments.theories import Curve, changed, curves_for, own_theory, theory_names, under

if TYPE_CHECKING:
    from loyaltysim.metrics.summary import Row
    from loyaltysim.scenario.load import Loaded

HEADLINES = (
    "profit",
    "contribution",
    "incremental_contribution",
    "customers_end",
    "retention_12m",
    "share_of_wallet",
    "satisfaction_base",
)
ORDER = "profit"


@dataclass(frozen=True)
class ComparedUnder:
    """Several files compared under several curves, the baseline's own first."""

    curves: list[Curve]
    comparisons: list[Comparison]
    conclusions: list[tuple[str, Conclusion]]
    """By scenario: how it differs from the baseline under every curve."""

    @property
    def checks_failed(self) -> bool:
        """Whether a condition of a scenario does not hold under the baseline's own curve."""
        return self.comparisons[0].checks_failed

    @property
    def baseline(self) -> str:
        """Name of the scenario that the others are compared with."""
        first = self.comparisons[0]
        return first.results[first.baseline].loaded.scenario.name

    def ranking(self) -> dict[str, list[str]]:
        """By theory: the scenarios by profit, the highest first."""
        return {curve.theory: ranked(one) for curve, one in zip(self.curves, self.comparisons, strict=True)}

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "baseline": self.baseline,
            "theories": [
                {**curve.numbers(), **one.to_json()}
                for curve, one in zip(self.curves, self.comparisons, strict=True)
            ],
            "conclusions": [
                {"scenario": name, "baseline": self.baseline, **one.to_json()}
                for name, one in self.conclusions
            ],
            "ranking": self.ranking(),
        }


def compare_under(
    files: Sequence[Loaded],
    theories: Sequence[str] | None = None,
    *,
    baseline: int = 0,
    out: Path | None = None,
    notify: Callable[[str], None] | None = None,
    **how: Any,
) -> ComparedUnder:
    """Compare the files under the baseline's own curve and under others (all by default), on common luck.

    With `out` each curve has a folder of its own below it. `how` as for `compare`.
    """
    comparable(files)
    own = own_theory(files[baseline])
    names = [own, *(name for name in theories or theory_names() if name != own)]
    curves = curves_for(files[baseline].scenario, names, how.get("seed"))
    found = []
    for curve in curves:
        if notify:
            notify(f"theory: {curve.theory}")
        place = None if out is None else Path(out) / curve.theory
        moved = all_under(files, curve, baseline)
        found.append(compare(moved, baseline=baseline, out=place, notify=notify, **how))
    return ComparedUnder(curves, found, concluded([curve.theory for curve in curves], found))


def under_one(files: Sequence[Loaded], theory: str, baseline: int, seed: int | None) -> list[Loaded]:
    """The files under one curve, fitted at the baseline."""
    own_theory(files[baseline])
    return all_under(files, curves_for(files[baseline].scenario, [theory], seed)[0], baseline)


def all_under(files: Sequence[Loaded], curve: Curve, baseline: int) -> list[Loaded]:
    """Every file under the curve, moved by as many points as the baseline; else as it stands.

    Raises UsageError where in one of them nobody leaves.
    """
    base = files[baseline].scenario.loyalty
    assert base is not None
    by = curve.loyalty.offset - base.offset
    moved = []
    for one in files:
        own_theory(one)
        loyalty = one.scenario.loyalty
        assert loyalty is not None
        if curve.own and loyalty.theory == curve.theory:
            moved.append(one)
            continue
        fitted: dict[str, Any] = {"rate": curve.loyalty.rate} if curve.theory == "constant" else {}
        fitted |= {"renewal": curve.loyalty.renewal} if curve.theory == "beta" else {}
        told = changed(loyalty, theory=curve.theory, offset=round(loyalty.offset + by, 6), **fitted)
        moved.append(under(one, replace(curve, loyalty=told, own=False)))
    return moved


def concluded(theories: Sequence[str], found: Sequence[Comparison]) -> list[tuple[str, Conclusion]]:
    """Of each file but the baseline: its headline differences under every curve."""
    first = found[0]
    told = []
    for place, one in enumerate(first.results):
        for name in HEADLINES:
            rows = [row for c in found for row in [difference(c, place, name)] if row is not None]
            if place != first.baseline and len(rows) == len(found):
                told.append((one.loaded.scenario.name, conclusion(name, theories, rows)))
    return told


def difference(found: Comparison, place: int, kpi: str) -> Row | None:
    """By how much one figure of a file differs from the baseline's; None where one of them has none."""
    name = found.results[place].loaded.scenario.name
    return next((r for r in found.differences if (r["scenario"], r["kpi"]) == (name, kpi)), None)


def ranked(found: Comparison) -> list[str]:
    """The scenarios by profit, the highest first."""
    profits = {one.loaded.scenario.name: one.kpi(ORDER, "programme")["estimate"] for one in found.results}
    known = [name for name, value in profits.items() if value is not None]
    return sorted(known, key=lambda name: -float(profits[name]))


def lines(found: ComparedUnder) -> list[str]:
    """What survives, file by file, and the order of the files under each curve."""
    count, own = found.comparisons[0].results[0].replications, found.curves[0]
    told = [
        f"{len(found.comparisons[0].results)} scenarios under {len(found.curves)} curves ({count} "
        f"replications on common luck; at month 0 of {found.baseline} {100 * own.stays:.1f} % stay a period "
        f"under {own.theory}, its own curve)"
    ]
    told += [short_of(curve.theory, curve.stays) for curve in found.curves if not curve.met]
    for name in dict.fromkeys(name for name, _ in found.conclusions):
        told += ["", f"{name}, less {found.baseline}:"]
        told += [in_words(one) for whose, one in found.conclusions if whose == name]
    orders: dict[tuple[str, ...], list[str]] = {}
    for theory, order in found.ranking().items():
        orders.setdefault(tuple(order), []).append(theory)
    told += ["", "By profit, highest first:"]
    told += [f"  {', '.join(order)} under {listed(theories)}" for order, theories in orders.items()]
    same = "The order survives: it is the same under every curve."
    return [*told, same if len(orders) == 1 else "The order depends on the curve."]
