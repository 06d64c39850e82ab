"""Settings of levers under every curve from standing to staying: which one is best, whatever the curve?

The curves are made to agree once, at month 0 of the scenario as it is written, as `theories` does it; every
setting then lives under the same curve, so that no setting's own merits are taken back by a fit of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from loyaltysim.experiments.conclusions import listed, short_of
from loyaltysim.experiments.frontier import Frontier
from loyaltysim.experiments.optimum import found_by
from loyaltysim.experiments.sweep import Point, sweep
from loyaltysim.experiments.theories import Curve, curve_for, curves_for, own_theory, theory_names
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.scenario.load import load

ORDERED = ("profit", "satisfaction_base", "retention_12m")


class Swept(NamedTuple):
    """A curve, and the settings as lived under it."""

    curve: Curve
    points: list[Point]


def swept_under(
    path: Path,
    overrides: Sequence[str] = (),
    theories: Sequence[str] | None = None,
    *,
    notify: Callable[[str], None] | None = None,
    **how: Any,
) -> list[Swept]:
    """The sweep under the scenario's own curve and under others (all by default); `how` as for `sweep`."""
    loaded = load(path, overrides)
    own = own_theory(loaded)
    names = [own, *(name for name in theories or theory_names() if name != own)]
    found = []
    for curve in curves_for(loaded.scenario, names, how.get("seed")):
        if notify:
            notify(f"theory: {curve.theory}")
        found.append(Swept(curve, sweep(path, overrides, curve=curve, **how)))
    return found


def the_curve(path: Path, overrides: Iterable[str], theory: str, seed: int | None) -> Curve:
    """One curve, made comparable with the scenario's own."""
    return curve_for(load(path, overrides), theory, seed)


def order(points: Sequence[Point], kpi: str) -> list[str]:
    """The names of the settings by a figure, the best first; those where it is not defined left out."""
    found = {point.name: point.results.kpi(kpi, "programme")["estimate"] for point in points}
    sense = CATALOGUE[kpi].direction
    return sorted((name for name in found if found[name] is not None), key=lambda n: -sense * float(found[n]))


def may_be_best(points: Sequence[Point], kpi: str) -> list[str]:
    """The settings that may be the best by a figure (95 %, all at once); all where nothing can be told."""
    found = found_by(dict(enumerate(points)), kpi)
    if found is None:
        return [point.name for point in points]
    return [points[found.point].name, *(points[k].name for k in found.alike)]


def lines(found: Sequence[Swept]) -> list[str]:
    """Which settings come first under which curve, figure by figure."""
    own, count = found[0].curve, found[0].points[0].results.replications
    told = [
        f"{len(found[0].points)} settings under {len(found)} curves ({count} replications on common luck; at "
        f"month 0 {100 * own.stays:.1f} % stay a period under {own.theory}, the scenario's own curve)"
    ]
    told += [short_of(one.curve.theory, one.curve.stays) for one in found if not one.curve.met]
    for kpi in ORDERED:
        orders = {one.curve.theory: order(one.points, kpi) for one in found}
        told += ["", *ranked(kpi, orders, {one.curve.theory: may_be_best(one.points, kpi) for one in found})]
    return told


def ranked(kpi: str, orders: dict[str, list[str]], best: dict[str, list[str]]) -> list[str]:
    """The order of the settings by one figure under every curve, and whether its head survives."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for theory, names in orders.items():
        alike.setdefault(tuple(names), []).append(theory)
    told = [f"By {CATALOGUE[kpi].label.lower()}, the best first:"]
    told += [f"  {'; '.join(shortened(names))}: under {listed(those)}" for names, those in alike.items()]
    always = sorted(set.intersection(*map(set, best.values())))
    if not always:
        return [*told, "Depends on the curve: no setting may be the best under all of them."]
    if max(map(len, best.values())) == 1:
        return [*told, f"Survives: {always[0]} is the best under every curve (95 %)."]
    if len(always) == len(next(iter(orders.values()))):
        return [*told, "Open: under no curve is any of them told apart from the best."]
    return [*told, f"Survives: under every curve {listed(shortened(always))} may be the best (95 %)."]


def shortened(names: Sequence[str], most: int = 3) -> list[str]:
    """The first few of many."""
    return [*names] if len(names) <= most + 1 else [*names[:most], f"and {len(names) - most} more"]


def of_frontiers(found: dict[str, Frontier]) -> list[str]:
    """Which settings may have the highest profit under every curve, and where that of satisfaction lies."""
    told = ["Profit, on fresh luck:"]
    may: list[set[str]] = []
    for theory, one in found.items():
        peak = one.points[one.peak].name
        may.append({peak, *one.alike})
        beside = f", not to be told apart from {'; '.join(shortened(one.alike))}" if one.alike else ""
        told.append(f"  {theory}: highest at {peak}{beside}")
    always = sorted(set.intersection(*may))
    told.append(
        f"Survives: under every curve {listed(always)} may be the most profitable."
        if always
        else "Depends on the curve: no setting may be the most profitable under all of them."
    )
    left = [theory for theory, one in found.items() if one.profit_lies_left]
    rest = [theory for theory in found if theory not in left]
    if not rest:
        return [*told, "Survives: profit is highest where less is spent than where satisfaction is, always."]
    if not left:
        return [*told, "Survives: profit is nowhere highest at less spending than satisfaction."]
    return [
        *told,
        "Depends on the curve: profit is highest where less is spent than where satisfaction is under "
        f"{listed(left)}, and not so under {listed(rest)}.",
    ]


def to_json(found: Sequence[Swept]) -> list[dict[str, Any]]:
    """The orders as `--json` prints them."""
    return [
        {
            **one.curve.numbers(),
            "order": {kpi: order(one.points, kpi) for kpi in ORDERED},
            "may_be_best": {kpi: may_be_best(one.points, kpi) for kpi in ORDERED},
        }
        for one in found
    ]
