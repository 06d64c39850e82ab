"""What is read first and last: summary with charts, checks that sum to one flag, provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.report.workbook.cells import Book, Cell, Page, total
from loyaltysim.report.workbook.effect import Effect

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results
    from loyaltysim.metrics.terms import Terms

ADVICE = "Illustrative, not accounting advice."


def write_checks(book: Book) -> Cell:
    """Each check 0 (holds) or 1; their sum is the flag of the whole book."""
    page = book.page("Checks", 80, 12)
    page.text(0, 0, "Checks", "title")
    page.text(
        1,
        0,
        "0: it holds. Those that compare with the simulation count only while all inputs are as simulated.",
        "note",
    )
    page.texts(3, ("What must hold", "Off (0/1)"), "head")
    cells = []
    for number, (what, cell) in enumerate(book.checks):
        page.text(4 + number, 0, what, "wrap")
        cells.append(page.formula(4 + number, 1, cell, "flag"))
    last = 3 + len(cells)
    page.text(last + 2, 0, "All checks (0: everything holds)", "head")
    return page.formula(last + 2, 1, total(cells, page.span(4, 1, last, 1)), "flag")


def write_provenance(book: Book, results: Results) -> None:
    """What gives these numbers again; nothing that differs from one writing to the next."""
    page = book.page("Provenance", 30, 90)
    page.text(0, 0, "Provenance", "title")
    told = results.provenance()
    numbers = "numbers as written" if results.outer is None else "numbers of its own draw"
    rows = {
        "Scenario": results.loaded.scenario.name,
        "Question": results.loaded.scenario.question,
        "Scenario, sha256": told["scenario_sha256"],
        "Seed": str(told["seed"]),
        "Replications": str(told["replications"]),
        "Digest of the run": told["digest"],
        "loyaltysim": told["loyaltysim"],
        "Without the programme": "the same market, customers and luck under the status quo (its twin)",
        "Roll-forward and Cohorts": f"replication 0, {numbers}, simulated customers",
        "Accounts": f"IFRS 15 / ASC 606. {ADVICE}",
        "Colours": "blue on yellow: inputs; everything else is simulated or a formula",
    }
    for number, (label, value) in enumerate(rows.items()):
        page.text(2 + number, 0, label)
        page.text(2 + number, 1, value, "wrap")


def write_summary(
    book: Book, page: Page, results: Results, terms: Terms, effect: Effect, flag: Cell,
    spread: tuple[str, int], has_points: bool,
) -> None:  # fmt: skip
    """Question, answer, the figures that decide, and charts."""
    money = terms.currency
    page.text(0, 0, results.loaded.scenario.name, "title")
    page.text(1, 0, results.loaded.scenario.question, "wrap")
    page.text(2, 0, results.answer, "wrap")
    page.text(3, 0, ADVICE, "note")
    page.texts(5, ("Figure", "Value", "Unit", "Meaning"), "head")
    rows = [
        (
            "Net present value of the effect",
            effect.npv,
            "money",
            money,
            "With less without the programme, owed settled.",
        ),
        (
            "Programme cost, present value",
            effect.cost,
            "money",
            money,
            "Rewards, perks, contacts, fixed, owed.",
        ),
        ("Return on the programme", effect.roi, "share", "", "Effect over cost; 0 is break-even."),
        ("Payback", effect.payback, "count", "month", "From whose close on the effect is not below 0 again."),
        (
            "Break-even lift",
            effect.break_even,
            "share",
            "of sales",
            "Rise in sales that pays the variable cost.",
        ),
        ("Measured lift", effect.lift, "share", "of sales", "Sales before rewards, with against without."),
        ("Checks (0: all hold)", flag, "flag", "", "Sum of the sheet Checks."),
    ]
    for number, (label, cell, style, unit, meaning) in enumerate(rows):
        page.text(6 + number, 0, label)
        page.formula(6 + number, 1, cell, style)
        page.text(6 + number, 2, unit)
        page.text(6 + number, 3, meaning, "wrap")
    page.sheet.freeze_panes(6, 0)
    name, last = spread
    charts = [("Cumulative effect, owed settled", 5, 15)]
    if has_points:
        charts.append(("Contract liability", 1, 32))
    for title, first, row in charts:
        chart = book.writer.add_chart({"type": "line"})
        for column, label in enumerate(("Mean", "P5", "P50", "P95"), start=first):
            chart.add_series({
                "name": label, "categories": [name, 4, 0, last, 0], "values": [name, 4, column, last, column],
            })  # fmt: skip
        chart.set_title({"name": f"{title}, {money}"})
        chart.set_x_axis({"name": "Month"})
        chart.set_size({"width": 720, "height": 320})
        page.sheet.insert_chart(row, 0, chart)
    page.sheet.activate()
    page.sheet.set_first_sheet()
