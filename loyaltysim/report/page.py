"""The report: one HTML file that needs no network, and its figures as files of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from loyaltysim.errors import UsageError
from loyaltysim.experiments.files import write_whole
from loyaltysim.experiments.moves import lines
from loyaltysim.experiments.store import MANIFEST, vouch
from loyaltysim.record.observed import cohort
from loyaltysim.report import contents
from loyaltysim.report.book import points, published
from loyaltysim.report.causes import causes
from loyaltysim.report.embed import Shown, drawn, page_text
from loyaltysim.report.felt import formulas, gaps
from loyaltysim.report.finance import bridge, decision, liability
from loyaltysim.report.lift import mechanisms, naive, sources
from loyaltysim.report.mechanisms import complaints, lives, promise, pyramid, tiers
from loyaltysim.report.moved import return_by_weight, tornado, unknowns
from loyaltysim.report.over_time import customers, satisfaction, waits
from loyaltysim.report.payback import acceptability, break_even, falls_due, payback
from loyaltysim.report.persons import cohorts, deciles, status, whale
from loyaltysim.report.picture import Picture
from loyaltysim.report.prepaid import club, fees, stored
from loyaltysim.report.satisfaction import cost_and_satisfaction, staying, two_conditionals
from loyaltysim.report.sums import cells, composition, money, net_first
from loyaltysim.scenario.load import assumed, sourced, unsourced

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results


class Section(NamedTuple):
    """A heading with what stands below it."""

    id: str
    heading: str
    paragraphs: list[str]
    pictures: list[Picture]


def write_report(results: Results) -> Path:
    """Write `report.html` and `figures/` into the result folder; the path of the page."""
    if results.folder is None:
        raise UsageError("a report needs a folder to be written to: run with out=...")
    parts = sections(results)
    pictures = [picture for part in parts for picture in part.pictures]
    shown = drawn(pictures, results.folder / "figures")
    page = results.folder / "report.html"
    write_whole(page, render(results, parts, shown).encode())
    if (results.folder / MANIFEST).exists():
        vouch(results.folder)
    return page


def sections(results: Results) -> list[Section]:
    """The parts of the report that show figures, without those that have nothing to show."""
    observed = results.loaded.scenario.observed
    parts = [
        _section(
            "customers",
            "Customers and satisfaction",
            composition(results),
            results,
            customers,
            satisfaction,
            status,
        ),
        _section("persons", "Who they are", [], results, cohorts, deciles, whale),
        _section(
            "cells",
            "Who stayed because of the programme",
            [*net_first(results), contents.ONLY_THE_NET],
            results,
            cells,
        ),
        _section("lift", "Where the effect comes from", [], results, mechanisms, sources, naive),
        _section(
            "loyalty", "Satisfaction against loyalty", [], results, staying, formulas, gaps, two_conditionals
        ),
        _section("causes", "Why customers left", [], results, causes),
        _section("pyramid", "Stages of loyalty", [], results, pyramid, lives),
        _section("tiers", "Tiers", [], results, tiers),
        _section("wait", "Waiting", [], results, waits, promise),
        _section("complaints", "Failures and complaints", [], results, complaints),
        _section("points", "The points book", [], results, points),
        _section("stored", "Stored value", [], results, stored),
        _section("club", "The paid club", [], results, club, fees),
        _section(
            "money",
            "Finance",
            [*decision(results), *unknowns(results)],
            results,
            money,
            bridge,
            payback,
            break_even,
            acceptability,
            tornado,
            return_by_weight,
            liability,
            falls_due,
        ),
        _section("cost", "Cost against satisfaction", [], results, cost_and_satisfaction),
    ]
    if results.outer is not None:
        parts.insert(1, Section("unknown", "What is not known", lines(results)[1:], []))
    if observed is not None:
        parts.insert(0, _cohort(results, observed.dataset))
    return [part for part in parts if part.pictures or part.id in ("cohort", "unknown")]


def render(results: Results, parts: list[Section], shown: dict[str, Shown]) -> str:
    """The page as text, with the pictures of its parts by name."""
    scenario = results.loaded.scenario
    arms = contents.columns(results)
    values: dict[str, Any] = {
        "arms": arms,
        "title": contents.plain(scenario.name, 100),
        "question": scenario.question,
        "answer": results.answer,
        "warnings": list(results.warnings),
        "setting": contents.setting(results),
        "key_figures": contents.key_figures(results.kpis, contents.key_names(results.kpis), arms),
        "other_figures": contents.key_figures(results.kpis, contents.other_names(results.kpis), arms),
        "headings_of_parts": outline(parts),
        "sections": [{**part._asdict(), "figures": [shown[p.name] for p in part.pictures]} for part in parts],
        "checks": contents.checks(results),
        "sourced": contents.sources(sourced(results.loaded)),
        "unsourced": contents.assumptions("Numbers without a source", unsourced(results.loaded)),
        "assumed": contents.assumptions("Values taken by default", assumed(results.loaded)),
        "limits": contents.limits(results),
        "command": contents.command(results),
        "provenance": contents.provenance(results),
    }
    return page_text("page.html.jinja", values)


def outline(parts: list[Section]) -> list[tuple[str, str]]:
    """The headings of the page in their order, each with its place."""
    first, rest = [("figures", "Key figures")], [
        ("checks", "Checks"), ("assumptions", "Assumptions"), ("limits", "Limits"), ("again", "Run it again")
    ]  # fmt: skip
    return first + [(part.id, part.heading) for part in parts] + rest


def _section(
    id: str,
    heading: str,
    paragraphs: list[str],
    results: Results,
    *makers: Callable[[Results], Picture | None],
) -> Section:
    """A part of the report with those of its pictures that have something to show."""
    made = [maker(results) for maker in makers]
    return Section(id, heading, paragraphs, [picture for picture in made if picture is not None])


def _cohort(results: Results, dataset: str) -> Section:
    """The part on the published cohort, or the sentence that says why it is missing."""
    real = cohort(dataset)
    heading = "Beside real customers"
    if isinstance(real, str):
        return Section("cohort", heading, [real], [])
    picture = published(results, real)
    if picture is None:
        return Section("cohort", heading, ["This run recorded no weekly repeat purchases."], [])
    return Section("cohort", heading, [], [picture])
