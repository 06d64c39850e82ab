"""Profit and loss of both arms by segment and month: workings, all formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.metrics.approaches import COSTS
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.value import AHEAD, PAID
from loyaltysim.report.workbook.cells import Book, Cell, Page, literal, total

if TYPE_CHECKING:
    from loyaltysim.metrics.terms import Terms

OF_PROGRAMME = ("fulfilment", *COSTS, "enrolment_cost", "perk_cost", "surprise_cost", "club_cost")
OTHER = tuple(name for name in PAID if name not in OF_PROGRAMME)
STOCKS = ("Points open", "Cost of an open point", "Bonus open, owed", "Paid ahead, owed", "Owed")
HEAD = (
    "Group", "Month", "List sales", "Price cuts", "Member discounts", "Rewards that pay", "Cash back",
    "Bonus that pays", "Kept of refunds", "Net sales", "Goods sold, at reference prices", "Goods sold",
    "Goods in rewards, face", "Goods in rewards", "Gross margin", "Paid ahead, net",
    "Handling, perks, contacts", "Other variable cost", "Points open", "Cost of an open point",
    "Bonus open, owed", "Paid ahead, owed", "Owed", "Change in owed", "Contribution", "Clerks, hours",
    "Clerks", "Comfort", "Fixed", "Events", "Profit", "Variable cost of the programme",
)  # fmt: skip
C = {name: number for number, name in enumerate(HEAD)}
GIVEN_UP = ("Rewards that pay", "Member discounts", "Cash back", "Bonus that pays")
FIRM_WIDE = ("Clerks, hours", "Clerks", "Comfort", "Fixed", "Events", "Profit")
SHARE_OF = {"Goods sold, at reference prices": "goods_sold", "Goods in rewards, face": "goods_rewards"}


class Arm(NamedTuple):
    """Where an arm's cells are: of each group, row by month from 0, by heading; and its sums."""

    page: Page
    cells: dict[str, list[dict[str, Cell]]]
    sums: dict[str, dict[str, Cell]]


def write_arm(book: Book, terms: Terms, table: np.ndarray, programme: bool, point: np.ndarray) -> Arm:
    """The sheet of one arm from its monthly table, the mean over replications [month, group, measure].

    `point`: what an open point is expected to cost at each close, in the currency; a formula where one holds.
    """
    name = "P&L programme" if programme else "P&L twin"
    page = book.page(name, 18, 8, *(14 for _ in HEAD[2:]))
    page.text(
        0,
        0,
        f"Profit and loss, {'with the programme' if programme else 'without it'}, {terms.currency}",
        "title",
    )
    page.text(
        1,
        0,
        "Mean over replications. Grey numbers are simulated, everything else is a formula on them "
        "and on the inputs. Undiscounted; month 0 holds what was open then.",
        "note",
    )
    page.texts(3, HEAD, "head")
    page.sheet.freeze_panes(4, 2)
    groups = (*terms.segments, "all")
    row, cells, sums = 4, {}, {}
    for number, group in enumerate(groups):
        lines: list[dict[str, Cell]] = []
        first = row
        for month in range(terms.horizon + 1):
            before = lines[-1] if lines else None
            lines.append(
                write_month(book, page, row, group, month, table, number, terms, programme, point, before)
            )
            row += 1
        sums[group] = write_sums(page, row, group, first + 1, row - 1, lines)
        cells[group] = lines
        row += 2
    for heading in ("List sales", "Goods sold, at reference prices", "Other variable cost", "Points open"):
        parts = [
            sums[g][heading] if heading != "Points open" else cells[g][-1][heading] for g in terms.segments
        ]
        whole = sums["all"][heading] if heading != "Points open" else cells["all"][-1][heading]
        book.check(f"{name}: {heading.lower()} of the segments sum to all", total(parts) - whole, 0.005)
    return Arm(page, cells, sums)


def write_month(
    book: Book, page: Page, row: int, group: str, month: int, table: np.ndarray, number: int, terms: Terms,
    programme: bool, point: np.ndarray, before: dict[str, Cell] | None,
) -> dict[str, Cell]:  # fmt: skip
    """One row: what was simulated, then what follows from it."""
    place = terms.warm_up + month - 1

    def simulated(measure: str) -> float:
        return float(table[place, number, MEASURES.index(measure)]) if place >= 0 else 0.0

    page.text(row, C["Group"], group)
    page.number(row, C["Month"], month, "count")
    line: dict[str, Cell] = {}

    def put(heading: str, value: float | Cell, style: str = "money") -> None:
        if isinstance(value, Cell):
            line[heading] = page.formula(row, C[heading], value, style)
        else:
            line[heading] = page.number(row, C[heading], value, style)

    put("Points open", simulated("points_outstanding"), "count")
    put("Cost of an open point", cost_of_point(book, terms, programme, point[month], month), "number")
    put("Bonus open, owed", simulated("bonus_outstanding") * terms.prepaid_redeemed)
    ahead = simulated("prepaid_outstanding") * terms.prepaid_redeemed
    put("Paid ahead, owed", ahead + simulated("fees_deferred"))
    points = line["Points open"] * line["Cost of an open point"]
    put("Owed", points + line["Bonus open, owed"] + line["Paid ahead, owed"])
    if before is None:
        return line
    flows = (
        "list_sales", "discounts", "member_discounts", "rewards_paid", "cashback", "bonus_spent", "charged",
    )  # fmt: skip
    headings = (
        "List sales",
        "Price cuts",
        "Member discounts",
        "Rewards that pay",
        "Cash back",
        "Bonus that pays",
        "Kept of refunds",
    )
    for heading, measure in zip(headings, flows, strict=True):
        put(heading, simulated(measure))
    put(
        "Net sales",
        line["List sales"]
        - line["Price cuts"]
        - line["Member discounts"]
        - line["Rewards that pay"]
        - line["Cash back"]
        - line["Bonus that pays"]
        + line["Kept of refunds"],
    )
    goods = book.inputs["goods_share"]
    for heading, measure in SHARE_OF.items():
        put(heading, simulated(measure) / goods.value if goods.value else 0.0)
    put("Goods sold", line["Goods sold, at reference prices"] * goods)
    put("Goods in rewards", line["Goods in rewards, face"] * goods)
    put("Gross margin", line["Net sales"] - line["Goods sold"] - line["Goods in rewards"])
    put("Paid ahead, net", float(sum(sign * simulated(measure) for measure, sign in AHEAD.items())))
    put("Handling, perks, contacts", float(sum(simulated(measure) for measure in OF_PROGRAMME)))
    put("Other variable cost", float(sum(simulated(measure) for measure in OTHER)))
    put("Change in owed", line["Owed"] - before["Owed"])
    spent = line["Handling, perks, contacts"] + line["Other variable cost"] + line["Change in owed"]
    put("Contribution", line["Gross margin"] + line["Paid ahead, net"] - spent)
    put(
        "Variable cost of the programme",
        line["Rewards that pay"]
        + line["Member discounts"]
        + line["Cash back"]
        + line["Bonus that pays"]
        + line["Goods in rewards"]
        + line["Handling, perks, contacts"],
    )
    if group == "all":
        put("Clerks, hours", simulated("staffed_hours"))
        put("Clerks", line["Clerks, hours"] * book.inputs["clerk_wage"])
        put("Comfort", simulated("comfort_cost"))
        put("Fixed", book.inputs["firm_fixed"] + fixed_of(book, terms, programme, simulated("fixed_cost")))
        put("Events", simulated("event_cost"))
        put(
            "Profit", line["Contribution"] - line["Clerks"] - line["Comfort"] - line["Fixed"] - line["Events"]
        )
    return line


def fixed_of(book: Book, terms: Terms, programme: bool, simulated: float) -> Cell:
    """Fixed cost of the programmes that run in an arm, by how many of them were paid."""
    paid = simulated - book.inputs["firm_fixed"].value
    on_trial, running = book.inputs["programme_fixed"], book.inputs["running_fixed"]
    for cell in (
        literal(0.0), *((on_trial, on_trial + running) if programme else ()), running,
    ):  # fmt: skip
        if abs(cell.value - paid) < 1e-9 * max(1.0, abs(simulated)):
            return cell
    return literal(paid)


def cost_of_point(book: Book, terms: Terms, programme: bool, simulated: float, month: int) -> Cell | float:
    """Redeemed × (worth × (δ + (1 − δ) × goods) + handling / smallest); under other terms as simulated."""
    use = book.inputs
    if "point_worth" not in use or not programme:
        return simulated
    comes_on_top = (literal(1.0) - use["displacement"]) * use["goods_share"]
    face = use["point_worth"] * (use["displacement"] + comes_on_top)
    cost = use["redeemed"] * (face + use["reward_handling"] / use["smallest_reward"])
    return cost if abs(cost.value - simulated) <= 1e-9 * max(simulated, 1e-9) else simulated


def write_sums(
    page: Page, row: int, group: str, first: int, last: int, lines: list[dict[str, Cell]]
) -> dict[str, Cell]:
    """The row below a group: flows summed over the months from 1 on."""
    page.text(row, 0, f"{group}, sum", "head")
    sums = {}
    for heading, column in C.items():
        if column < 2 or heading in STOCKS or heading not in lines[-1]:
            continue
        cells = [line[heading] for line in lines[1:]]
        sums[heading] = page.formula(row, column, total(cells, page.span(first, column, last, column)))
    return sums
