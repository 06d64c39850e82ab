"""The sheet of inputs: one cell an assumption, with its unit, its source and where the scenario says it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.workbook.cells import Book, Cell

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results
    from loyaltysim.metrics.terms import Terms
    from loyaltysim.scenario.load import Loaded
    from loyaltysim.scenario.spec import Scenario

SHEET = "Inputs"
HEAD = ("Assumption", "Name in formulas", "Value", "Unit", "Source", "Scenario", "Where", "As simulated")


class Input(NamedTuple):
    """One assumption that formulas use."""

    name: str
    label: str
    value: float
    unit: str
    path: str


def inputs_of(results: Results, terms: Terms) -> list[Input]:
    """What may be changed in the workbook; what is not known at its mean over the draws that were lived."""
    outer = results.outer
    if outer is None:
        return inputs_in(results.loaded.scenario, terms)
    lived = [outer.at(draw) for draw in range(outer.draws(results.replications))]
    rows = [inputs_in(scenario, terms_of(scenario)) for scenario in lived]
    return [
        one[0]._replace(value=math.fsum(x.value for x in one) / len(one)) for one in zip(*rows, strict=True)
    ]


def inputs_in(scenario: Scenario, terms: Terms) -> list[Input]:
    """Prices and estimates that change no behaviour."""
    unit, money = terms.money_unit, terms.currency
    real = terms.scale / unit
    programme = scenario.programme
    points = programme.points if programme else None
    found = [
        Input("discount_rate", "Discount rate", terms.discount_rate, "per year", "finance.discount_rate"),
        Input(
            "goods_share",
            "Cost of goods",
            scenario.firm.costs.goods,
            "share of list price at reference",
            "firm.costs.goods",
        ),
        Input("clerk_wage", "Wage of a clerk", terms.clerk / unit, f"{money} per hour", "firm.costs.clerk"),
        Input(
            "firm_fixed",
            "Fixed cost of the firm",
            terms.fixed * real,
            f"{money} per month",
            "firm.costs.fixed",
        ),
        Input(
            "programme_fixed",
            "Fixed cost of the programme",
            terms.programme_fixed * real,
            f"{money} per month",
            "programme.fixed",
        ),
        Input(
            "running_fixed",
            "Fixed cost of what ran before",
            terms.status_quo_fixed * real,
            f"{money} per month",
            "status_quo.fixed",
        ),
        Input(
            "redeemed",
            "Points redeemed in the end",
            terms.redeemed / 1e6,
            "share of points",
            "finance.point.redeemed",
        ),
    ]
    if points is not None:
        fulfilment = float(points.fulfilment.amount) if points.fulfilment else 0.0
        smallest = float(max(points.minimum, points.step or points.minimum))
        found += [
            Input(
                "point_worth",
                "Face value of a point, for what is owed",
                float(points.worth.amount),
                f"{money} per point",
                "programme.points.worth",
            ),
            Input(
                "displacement",
                "Rewards that replace a sale, for what is owed",
                points.displacement,
                "share of rewards",
                "programme.points.displacement",
            ),
            Input(
                "reward_handling",
                "Handing out a reward, for what is owed",
                fulfilment,
                f"{money} per reward",
                "programme.points.fulfilment",
            ),
            Input("smallest_reward", "Smallest reward", smallest, "points", "programme.points.minimum"),
        ]
    return found


def place_of(loaded: Loaded, path: str) -> str:
    """File, line and column of a value, or that it is a default; without the folder."""
    node = loaded.tree
    for step in path.split("."):
        if not isinstance(node.value, dict) or step not in node.value:
            return "default"
        node = node.value[step]
    mark = node.mark
    name = mark.file.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{name}:{mark.line}:{mark.column}" if mark.line else name


def write_inputs(book: Book, results: Results, terms: Terms) -> None:
    """The sheet; the cells become names, and one more says whether all are as simulated."""
    page = book.page(SHEET, 44, 18, 14, 30, 48, 32, 26, 14)
    page.text(0, 0, "Inputs", "title")
    page.text(
        1,
        0,
        "Change the yellow cells. What customers respond to (what a point earns, prices, service) "
        "needs a new run: here it only changes what is valued.",
        "note",
    )
    page.texts(3, HEAD, "head")
    page.sheet.freeze_panes(4, 0)
    row, same = 4, []
    for one in inputs_of(results, terms):
        note = results.loaded.annotations.get(one.path)
        page.texts(row, (one.label, one.name))
        page.number(row, 2, one.value, "input")
        page.text(row, 3, one.unit)
        page.text(row, 4, (note.source or "") if note else "", "wrap")
        place = place_of(results.loaded, one.path)
        if one.path in results.loaded.scenario.uncertainties:
            place = f"mean of draws; {place}"
        page.texts(row, (one.path, place), first=5)
        simulated = page.number(row, 7, one.value, "number")
        book.writer.define_name(one.name, f"='{SHEET}'!$C${row + 1}")
        book.inputs[one.name] = Cell(one.name, one.value)
        same.append(f"{one.name}={simulated.text}")
        row += 1
    page.text(row + 1, 0, "All inputs as simulated (1: yes)")
    book.untouched = page.formula(row + 1, 2, Cell(f"IF(AND({','.join(same)}),1,0)", 1.0), "flag")
