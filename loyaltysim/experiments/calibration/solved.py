"""What solving for targets gives: a table, a file of figures, a scenario that carries what is not known."""

from __future__ import annotations

from typing import Any

from loyaltysim.experiments.calibration.solving import FLAT, Solution, names_of
from loyaltysim.scenario.load import resolved_lines


def to_json(found: Solution) -> dict[str, Any]:
    """As targets.json holds it."""
    problem = found.problem
    return {
        "scenario": str(problem.scenario),
        "fits": found.fits,
        "replications": problem.replications,
        "markets": found.markets,
        "targets": [
            {
                "target": one.name, "asked": one.value, "within": one.within, "found": float(figure),
                "off": float(off), "simulation_error": None if half != half else float(half),
            }
            for one, figure, off, half in zip(
                problem.targets, found.figures, found.residuals, found.halves, strict=True
            )
        ],
        "values": [
            {"name": one.name, "paths": one.paths, "value": one.text(share), "range": ends(found, k)}
            for k, (one, share) in enumerate(zip(problem.moved, found.shares.tolist(), strict=True))
        ],
        "directions": [
            {"singular_value": float(size), "direction": dict(zip(names(found), row, strict=True))}
            for size, row in zip(found.singular, found.directions.tolist(), strict=True)
        ],
        "equally_good": {"found": len(found.sets), "tried": found.tried},
    }  # fmt: skip


def names(found: Solution) -> list[str]:
    """What was solved for."""
    return [one.name for one in found.problem.moved]


def ends(found: Solution, k: int) -> list[str]:
    """Lowest and highest value of the sets that fit equally well."""
    one, column = found.problem.moved[k], found.sets[:, k]
    return [one.text(float(column.min())), one.text(float(column.max()))]


def lines(found: Solution) -> list[str]:
    """For a terminal: fit, values, directions."""
    problem = found.problem
    told = [f"{'target':<34}{'asked':>10}{'within':>9}{'found':>10}{'off':>7}  luck (95 %)"]
    for one, figure, off, half in zip(
        problem.targets, found.figures, found.residuals, found.halves, strict=True
    ):
        luck = "" if half != half else f"+-{half:.3g}"
        verdict = "" if abs(off) <= 1.0 else "  missed"
        told.append(
            f"{one.name:<34}{one.value:>10.4g}{one.within:>9.3g}{figure:>10.4g}{off:>+7.2f}  {luck}{verdict}"
        )
    told += ["", f"{'value':<48}{'found':>14}{'   fits equally well' if found.fits else ''}"]
    for k, (moved, share) in enumerate(zip(problem.moved, found.shares.tolist(), strict=True)):
        low, high = ends(found, k)
        fitting = f"   {low} to {high}" if found.fits else ""
        told.append(f"{moved.name:<48}{moved.text(share):>14}{fitting}")
    told += ["", "what the figures tell (singular values; below 1 the whole way goes unnoticed):"]
    for size, direction in zip(found.singular, found.directions, strict=True):
        flat = "   flat" if size < FLAT else ""
        told.append(f"{size:>8.2f}  {names_of(direction, names(found))}{flat}")
    told.append("")
    told.append(
        f"{found.markets} markets lived; "
        + (
            f"{len(found.sets) - 1} of {found.tried} sets tried fit equally well"
            if found.fits
            else "the targets cannot be met together within these ends"
        )
    )
    return told


def scenario_yaml(found: Solution) -> str:
    """The scenario with the values found, whole; the sets that fit equally well as `uncertainties`."""
    source = "; ".join(f"{one.name} {one.value:.4g}" for one in found.problem.targets)
    head = [
        f"# Written by `loyaltysim calibrate --targets`: set to {source}.",
        "# `uncertainties` holds the sets of values that fit these targets equally well, drawn as wholes.",
    ]
    body = [line for line in resolved_lines(found.loaded) if not line.startswith("uncertainties:")]
    return "\n".join([*head, *body, *uncertainties(found), ""])


def uncertainties(found: Solution) -> list[str]:
    """The sets as lists of values that are drawn row by row; nothing where there is only one."""
    if len(found.sets) < 2:
        return []
    told = ["uncertainties:"]
    for k, one in enumerate(found.problem.moved):
        values = ", ".join(one.text(float(share)) for share in found.sets[:, k])
        told += [f"  {path}: {{values: [{values}], together: targets}}" for path in one.paths]
    return told
