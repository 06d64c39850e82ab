"""The scenario's conditions on its result."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import ScenarioError
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import applicable
from loyaltysim.metrics.summary import Row

if TYPE_CHECKING:
    from loyaltysim.metrics.terms import Terms
    from loyaltysim.scenario.spec import Check


def require_known(checks: Sequence[Check], terms: Terms, where: str) -> None:
    """Raise, before anything is simulated, if a check names a figure that will not be there."""
    names = {kpi.name for kpi in applicable(terms)}
    faults = []
    for place, check in enumerate(checks):
        if check.kpi not in names:
            near = difflib.get_close_matches(check.kpi, names, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            faults.append(f"{where}: checks[{place}].kpi: unknown figure '{check.kpi}'{hint}")
        elif check.arm != "effect" and CATALOGUE[check.kpi].paired:
            faults.append(f"{where}: checks[{place}].arm: '{check.kpi}' compares the arms; use 'effect'")
    if faults:
        raise ScenarioError("\n".join(faults))


def judge(checks: Sequence[Check], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each check with the figure it is about and whether it passed; what is not estimable fails."""
    found = {(row["kpi"], row["arm"]): row for row in rows}
    return [_judged(check, found[check.kpi, check.arm]) for check in checks]


def _judged(check: Check, row: Row) -> dict[str, Any]:
    """One check."""
    whole = check.judge == "interval"
    least, most = (row["low"], row["high"]) if whole else (row["estimate"], row["estimate"])
    passed = (
        least is not None
        and most is not None
        and (check.min is None or least >= check.min)
        and (check.max is None or most <= check.max)
    )
    shown = {name: row[name] for name in ("estimate", "low", "high", "unit")}
    return {**check.model_dump(), **shown, "passed": passed}
