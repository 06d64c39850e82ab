"""A budget under every curve from standing to staying: does the decision hang on the choice?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysim.experiments.answer import number
from loyaltysim.experiments.budget import Budgeted, budget
from loyaltysim.experiments.budget_words import percent
from loyaltysim.experiments.conclusions import listed, short_of
from loyaltysim.experiments.theories import Curve, curves_for, own_theory, theory_names, under

if TYPE_CHECKING:
    from loyaltysim.scenario.load import Loaded


def budgets_under(
    loaded: Loaded,
    theories: Sequence[str] | None = None,
    *,
    out: Path | None = None,
    notify: Callable[[str], None] | None = None,
    **how: Any,
) -> list[tuple[Curve, Budgeted]]:
    """The budget under the scenario's own curve and under others (all by default), on common luck.

    With `out` each has a folder of its own below it. `how` as for `budget`.
    """
    own = own_theory(loaded)
    names = [own, *(name for name in theories or theory_names() if name != own)]
    found = []
    for curve in curves_for(loaded.scenario, names, how.get("seed")):
        if notify:
            notify(f"theory: {curve.theory}")
        place = None if out is None else out / curve.theory
        found.append((curve, budget(under(loaded, curve), out=place, notify=notify, **how)))
    return found


def lines(found: Sequence[tuple[Curve, Budgeted]]) -> list[str]:
    """The decision under each curve, and whether it survives."""
    first = found[0][1]
    unit, share = first.loaded.scenario.currency, 100 * first.budget.confidence
    told = [
        f"A budget of {number(first.amount)} {unit} a year ({first.budget.counts}) under {len(found)} "
        f"curves, {len(first.costs):,} replications of each on common luck:"
    ]
    told += [short_of(curve.theory, curve.stays) for curve, _ in found if not curve.met]
    for curve, one in found:
        most = one.dearest.quantile.estimate
        at = "-" if most is None else f"{number(most)} {unit}"
        told.append(
            f"  {curve.theory}: {'GO' if one.go else 'NO GO'}; overspent with a chance of "
            f"{percent(one.dearest.overspent)}, P{share:g} of the dearest year {at}"
        )
    goes = [curve.theory for curve, one in found if one.go]
    if len(goes) in (0, len(found)):
        return [*told, f"Survives: {'GO' if goes else 'NO GO'} under every curve."]
    rest = [curve.theory for curve, _ in found if curve.theory not in goes]
    return [*told, f"Depends on the curve: GO under {listed(goes)}, NO GO under {listed(rest)}."]
