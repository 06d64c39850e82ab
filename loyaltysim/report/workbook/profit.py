"""Profit and loss of both arms by segment and month: workings, all formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.metrics.approaches import COSTS
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.value import AHEAD, PAID
from loyaltysim.report.workbook.cells import Book, Cell, Page, literal, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysim.metrics.terms import Terms

OF_PROGRAMME = ("fulfilment", *COSTS, "enrolment_cost", "perk_cost", "surprise_cost", "club_cost",
                "contact_cost", "community_cost")  # fmt: skip
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
SALES = {
    "List sales": "list_sales",
    "Price cuts": "discounts",
    "Member discounts": "member_discounts",
    "Rewards that pay": "rewards_paid",
    "Cash back": "cashback",
    "Bonus that pays": "bonus_spent",
    "Kept of refunds": "charged",
}
LESS = ("Price cuts", "Member discounts", "Rewards that pay", "Cash back", "Bonus that pays")
VARIABLE = (
    "Member discounts", "Cash back", "Bonus that pays", "Goods in rewards", "Handling, perks, contacts",
)  # fmt: skip
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
            place = terms.warm_up + month - 1
            line = Line(page, row, table[place, number] if place >= 0 else None)
            page.text(row, C["Group"], group)
            page.number(row, C["Month"], month, "count")
            write_owed(line, terms, cost_of_point(book, terms, programme, point[month], month))
            if lines:
                write_margin(line, book.inputs["goods_share"])
                write_contribution(line, lines[-1])
                if group == "all":
                    fixed = fixed_of(book, terms, programme, line.simulated("fixed_cost"))
                    write_profit(line, book, fixed)
            lines.append(line.cells)
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


class Line:
    """A row of a group's month: what was simulated there, and its cells by heading."""

    def __init__(self, page: Page, row: int, simulated: np.ndarray | None) -> None:
        self.page, self.row, self.cells = page, row, dict[str, Cell]()
        self.measures = simulated

    def simulated(self, measure: str) -> float:
        """A measure of this month; nothing before month 0."""
        return 0.0 if self.measures is None else float(self.measures[MEASURES.index(measure)])

    def all_of(self, measures: Iterable[str]) -> float:
        """Measures of this month, summed."""
        return float(sum(self.simulated(measure) for measure in measures))

    def put(self, heading: str, value: float | Cell, style: str = "money") -> None:
        """Write a cell under a heading."""
        if isinstance(value, Cell):
            self.cells[heading] = self.page.formula(self.row, C[heading], value, style)
        else:
            self.cells[heading] = self.page.number(self.row, C[heading], value, style)

    def __getitem__(self, heading: str) -> Cell:
        return self.cells[heading]


def write_owed(line: Line, terms: Terms, cost_of_point: float | Cell) -> None:
    """What is open at the close, and what it is expected to cost."""
    line.put("Points open", line.simulated("points_outstanding"), "count")
    line.put("Cost of an open point", cost_of_point, "number")
    line.put("Bonus open, owed", line.simulated("bonus_outstanding") * terms.prepaid_redeemed)
    ahead = line.simulated("prepaid_outstanding") * terms.prepaid_redeemed
    line.put("Paid ahead, owed", ahead + line.simulated("fees_deferred"))
    points = line["Points open"] * line["Cost of an open point"]
    line.put("Owed", points + line["Bonus open, owed"] + line["Paid ahead, owed"])


def write_margin(line: Line, goods: Cell) -> None:
    """From list sales to the gross margin."""
    for heading, measure in SALES.items():
        line.put(heading, line.simulated(measure))
    less = line["List sales"]
    for heading in LESS:
        less = less - line[heading]
    line.put("Net sales", less + line["Kept of refunds"])
    for heading, measure in SHARE_OF.items():
        line.put(heading, line.simulated(measure) / goods.value if goods.value else 0.0)
    line.put("Goods sold", line["Goods sold, at reference prices"] * goods)
    line.put("Goods in rewards", line["Goods in rewards, face"] * goods)
    line.put("Gross margin", line["Net sales"] - line["Goods sold"] - line["Goods in rewards"])


def write_contribution(line: Line, before: dict[str, Cell]) -> None:
    """From the gross margin to the contribution, and what of it the programme cost."""
    line.put("Paid ahead, net", float(sum(sign * line.simulated(name) for name, sign in AHEAD.items())))
    line.put("Handling, perks, contacts", line.all_of(OF_PROGRAMME))
    line.put("Other variable cost", line.all_of(OTHER))
    line.put("Change in owed", line["Owed"] - before["Owed"])
    spent = line["Handling, perks, contacts"] + line["Other variable cost"] + line["Change in owed"]
    line.put("Contribution", line["Gross margin"] + line["Paid ahead, net"] - spent)
    variable = line["Rewards that pay"]
    for heading in VARIABLE:
        variable = variable + line[heading]
    line.put("Variable cost of the programme", variable)


def write_profit(line: Line, book: Book, fixed: Cell) -> None:
    """From the contribution to the firm's profit; of all customers only."""
    line.put("Clerks, hours", line.simulated("staffed_hours"))
    line.put("Clerks", line["Clerks, hours"] * book.inputs["clerk_wage"])
    line.put("Comfort", line.simulated("comfort_cost"))
    line.put("Fixed", book.inputs["firm_fixed"] + fixed)
    line.put("Events", line.simulated("event_cost"))
    line.put(
        "Profit", line["Contribution"] - line["Clerks"] - line["Comfort"] - line["Fixed"] - line["Events"]
    )


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
