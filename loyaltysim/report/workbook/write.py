"""From the results of a run to `workbook.xlsx`: the same bytes whenever the run is the same."""

from __future__ import annotations

import datetime as dt
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysim.errors import InvariantError, UsageError
from loyaltysim.experiments.files import write_whole
from loyaltysim.experiments.outer import terms_of_each
from loyaltysim.experiments.store import MANIFEST, WORKBOOK, vouch
from loyaltysim.metrics.digest import digest
from loyaltysim.metrics.effect import cumulative
from loyaltysim.metrics.finance.lived import Kept
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.terms import Terms, terms_of
from loyaltysim.report.workbook import effect as effects
from loyaltysim.report.workbook import front, profit, rights, spread
from loyaltysim.report.workbook.cells import Book, literal
from loyaltysim.report.workbook.inputs import write_inputs

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results
    from loyaltysim.record.outcome import Arm

BORN = dt.datetime(2000, 1, 1)  # so that the file says nothing of when it was written
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def write_workbook(results: Results) -> Path:
    """Write `workbook.xlsx` into the result folder; its path."""
    if results.folder is None:
        raise UsageError("a workbook needs a folder to be written to: run with out=...")
    path = results.folder / WORKBOOK
    write_whole(path, workbook_bytes(results))
    if (results.folder / MANIFEST).exists():
        vouch(results.folder)
    return path


def workbook_bytes(results: Results) -> bytes:
    """The workbook of a run with a programme, as a file."""
    import xlsxwriter

    terms = terms_of(results.loaded.scenario)
    if not terms.has_programme:
        raise UsageError("a workbook weighs a programme, and this scenario has none")
    file = io.BytesIO()
    writer = xlsxwriter.Workbook(file, SAFE)
    writer.set_properties({"title": results.loaded.scenario.name, "created": BORN, "author": "loyaltysim"})
    writer.set_calc_mode("auto")
    fill(Book(writer), writer, results, terms)
    writer.close()
    return file.getvalue()


def fill(book: Book, writer: Any, results: Results, terms: Terms) -> None:
    """Every sheet, those that are read first in front."""
    from loyaltysim.scenario.timetable import closes

    days = np.array(closes(results.loaded.scenario), float)
    first = book.page("Summary", 46, 20, 16, 60)
    write_inputs(book, results, terms)
    tables = {
        arm: np.mean([one.monthly[arm] for one in results.measured], axis=0) for arm in ("programme", "twin")
    }
    arms = {}
    for arm, table in tables.items():
        arms[arm] = profit.write_arm(book, terms, table, arm == "programme", point_costs(table, terms))
    effect = effects.write_effect(book, terms, days, arms["programme"], arms["twin"])
    compare_with_simulation(book, results, effect)
    found = replayed(results, terms)
    if found is not None:
        cohorts = rights.write_cohorts(book, *found)
        rights.write_roll_forward(book, *found, cohorts)
        spread.write_estimates(book, results)
    numbers = [one.replication for one in results.measured]
    paths = cumulative(results.measured, terms_of_each(results.loaded.scenario, results.outer, numbers), days)
    page, last = spread.write_distribution(book, results, terms, paths)
    spread.write_replications(book, results, terms, paths)
    flag = front.write_checks(book)
    front.write_provenance(book, results)
    front.write_summary(book, first, results, terms, effect, flag, (page.name, last), found is not None)


def point_costs(table: np.ndarray, terms: Terms) -> np.ndarray:
    """What an open point was expected to cost at each close from month 0 on, in the currency."""
    names = ("owed", "points_outstanding", "prepaid_outstanding", "bonus_outstanding", "fees_deferred")
    owed, held, ahead, bonus, fees = (table[:, -1, MEASURES.index(name)] for name in names)
    owed = owed - terms.prepaid_redeemed * (ahead + bonus) - fees
    each = np.divide(owed, held, out=np.zeros(len(owed)), where=held > 0)
    before = each[terms.warm_up - 1 : terms.warm_up] if terms.warm_up else np.zeros(1)
    return np.concatenate([before, each[terms.warm_up :]])


def replayed(results: Results, terms: Terms) -> tuple[Terms, Arm, Kept] | None:
    """Replication 0 once more, with its books, under the numbers of its own draw; none without any rights."""
    if not (terms.has_points or terms.stores or terms.has_club or terms.tier_months):
        return None
    from loyaltysim.engines.simulate import simulate
    from loyaltysim.metrics.view import views
    from loyaltysim.scenario.lower import lower

    outer = results.outer
    scenario = results.loaded.scenario if outer is None else outer.at(outer.draw_of(0))
    its = terms_of(scenario)
    lived = simulate(lower(scenario), 0, results.seed, results.engine)
    if digest(lived) != results.digests[0]:
        raise InvariantError("the books are of another run than replication 0")
    programme, _ = views(lived, its)
    return None if programme.kept is None else (its, programme.arm, programme.kept)


def compare_with_simulation(book: Book, results: Results, effect: effects.Effect) -> None:
    """The workbook's figures beside those of the simulation, as long as no input has been changed."""
    rows = {(row["kpi"], row["arm"]): row["estimate"] for row in results.kpis}
    cost = rows["programme_cost", "programme"] or 0.0
    allowed = 0.01 * max(abs(cost), 1.0)
    for name, cell in (("incremental_contribution", effect.npv), ("programme_cost", effect.cost)):
        arm = "effect" if name == "incremental_contribution" else "programme"
        told = rows[name, arm]
        if told is not None:
            book.check(
                f"Effect: {name.replace('_', ' ')} is the simulation's, but for the day within the month",
                cell - literal(told),
                allowed,
                always=False,
            )
    told = rows["break_even_lift", "programme"]
    if told is not None and math.isfinite(effect.break_even.value):
        book.check(
            "Effect: break-even lift is the simulation's",
            effect.break_even - literal(told),
            1e-6,
            always=False,
        )
