"""The page of a frontier: what gives the most for what it spends, and the chosen settings on fresh luck."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from loyaltysim.experiments.files import storage, write_whole
from loyaltysim.experiments.frontier import COST, GAINS, Front, Frontier
from loyaltysim.experiments.results import versions
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.report.dots_chart import Axis, Plane
from loyaltysim.report.embed import Shown, drawn, page_text
from loyaltysim.report.frontier_chart import FrontChart, apart, finding
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.wording import SHARES, estimate, number, plain


def write_frontier(found: Frontier, lines: Sequence[str], words: Sequence[str], folder: Path) -> Path:
    """Write `frontier.html` and its figures; `lines` tell what was found, `words` are the command."""
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    shown = list(drawn(pictures(found), folder / "figures").values())
    page = folder / "frontier.html"
    write_whole(page, render(found, lines, words, shown).encode())
    return page


def render(found: Frontier, lines: Sequence[str], words: Sequence[str], shown: Sequence[Shown]) -> str:
    """The page as text."""
    results = found.points[0].results
    scenario = results.loaded.scenario
    values = {
        "title": f"{plain(scenario.name, 80)}: what gives the most for what it spends",
        "question": scenario.question,
        "answer": finding(found, "profit"),
        "lines": list(lines),
        "setting": setting(found),
        "pictures": list(shown),
        "chosen": chosen(found),
        "command": shlex.join(words),
        "provenance": Grid("What made these numbers", ("part", "value"), tuple(
            (name.replace("_", " "), plain(value, 70))
            for name, value in {**versions(), "scenario": results.loaded.text_hash[:16]}.items()
        )),
    }  # fmt: skip
    return page_text("frontier.html.jinja", values)


def setting(found: Frontier) -> str:
    """How the settings were lived."""
    results, levers = found.points[0].results, len(found.points[0].settings)
    fresh = next(iter(found.fresh.values())).results.seed
    return (
        f"{len(found.points)} settings of {levers} {'lever' if levers == 1 else 'levers'}, "
        f"{results.replications} replications each on common luck, seed {results.seed}; the chosen again "
        f"with seed {fresh}."
    )


def pictures(found: Frontier) -> list[Picture]:
    """A chart a gain, and the plane of cost and effect where two settings were lived again."""
    unit = found.points[0].results.loaded.scenario.currency
    plane = cost_and_effect(found, unit) if len(found.fresh) > 1 else None
    return [*(one_front(found, one, unit) for one in found.fronts), *([plane] if plane else [])]


def one_front(found: Frontier, front: Front, unit: str) -> Picture:
    """Spending against one gain."""
    label = CATALOGUE[front.gain].label
    kind = CATALOGUE[front.gain].unit
    rows = tuple(
        (
            plain(point.name, 90),
            number(float(front.spent[k])),
            number(float(front.got[k]), "share" if kind in SHARES else ""),
            "yes" if front.on_it[k] else "no",
            number(float(front.probability[k]), "probability"),
        )
        for k, point in enumerate(found.points)
    )
    return Picture(
        f"frontier-{front.gain}",
        finding(found, front.gain),
        f"Scatter plot of all settings: spending on customers against {label.lower()}, with the line of "
        "those that no other beats",
        "Blue: no other setting spends less and gives more; larger: more probably so. Grey: dominated. "
        "Triangle: most profit; diamond: most satisfaction. Rings with lines: the chosen settings on fresh "
        "luck with their 95 % intervals both ways; what was chosen because it came out best came out too "
        "well.",
        FrontChart(found, front, unit),
        Grid(
            f"All settings: spending and {label.lower()}",
            ("setting", f"spending, {unit}", label, "not dominated", "probability"),
            rows,
        ),
    )


def cost_and_effect(found: Frontier, unit: str) -> Picture | None:
    """The best setting less the one that spends least, replication by replication on fresh luck."""
    spending = {k: point.results.kpi(COST, "programme")["estimate"] for k, point in found.fresh.items()}
    cheap = min(spending, key=lambda k: spending[k])
    best = found.peak if found.peak != cheap else found.best["satisfaction_base"]
    if best == cheap or best not in found.fresh:
        return None
    spent, kept = (apart(found, best, cheap, name) for name in (COST, "customers_end"))
    x, y = (mean_interval(values.tolist()) for values in (kept, spent))
    more = estimate(x.estimate, x.low, x.high, "customers")
    for_money = estimate(y.estimate, y.low, y.high, unit)
    names = [plain(found.points[k].name, 60) for k in (best, cheap)]
    rows = [("mean", more, for_money)]
    both = list(zip(kept.tolist(), spent.tolist(), strict=True))
    rows += [(f"replication {k}", number(a), number(b)) for k, (a, b) in enumerate(both)]
    return Picture(
        "plane",
        f"{names[0]} against {names[1]}: {more} more for {for_money}",
        "Scatter plot of replications: the difference in customers at the end against that in spending",
        f"Each dot is a replication on fresh luck; {np.mean(spent > 0):.0%} spend more. The cross is the "
        "mean with its 95 % intervals.",
        Plane(
            both,
            Axis("customers at the end, difference", float(x.estimate or 0.0), x.low, x.high),
            Axis(f"spending, difference, {unit}", float(y.estimate or 0.0), y.low, y.high),
        ),
        Grid("Cost and effect by replication", ("", "customers", f"spending, {unit}"), tuple(rows)),
    )


def chosen(found: Frontier) -> Grid:
    """The chosen settings with their figures on fresh luck."""
    names = (COST, *GAINS)
    rows = []
    for point in found.fresh.values():
        known = [point.results.kpi(name, "programme") for name in names]
        told = [estimate(one["estimate"], one["low"], one["high"], one["unit"]) for one in known]
        rows.append((plain(point.name, 90), *told))
    return Grid(
        "The chosen settings on fresh luck",
        ("setting", *(CATALOGUE[name].label for name in names)),
        tuple(rows),
    )
