"""The page of a budget: go or no-go, how likely it is overspent, in which year, and what that hangs on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.experiments.budget_words import lever_lines, lines, percent, spanned
from loyaltysim.experiments.files import storage, write_whole
from loyaltysim.experiments.results import versions
from loyaltysim.metrics.statistics import Estimate, share_interval
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.contents import Check
from loyaltysim.report.dots_chart import Dot
from loyaltysim.report.embed import Shown, drawn, page_text
from loyaltysim.report.lines_chart import Line, Lines
from loyaltysim.report.moved import tornado_of
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, GREY, VERMILLION
from loyaltysim.report.wording import BLANK, estimate, interval, number, plain

if TYPE_CHECKING:
    from loyaltysim.experiments.budget import Budgeted, Verdict
    from loyaltysim.experiments.limits_of_levers import Largest
    from loyaltysim.experiments.stresses import Stressed

PLACES = 41  # of the curve
NAMES = {
    "overspend": "chance of overspending",
    "roi": "return on the programme",
    "liability": "owed at the horizon",
}


def write_budget(
    found: Budgeted, best: Largest | None, hit: Sequence[Stressed], words: Sequence[str], folder: Path
) -> Path:
    """Write `budget.html` and its figures into the folder; `words` are the command. The path of the page."""
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    shown = list(drawn(pictures(found, hit), folder / "figures").values())
    page = folder / "budget.html"
    write_whole(page, render(found, best, words, shown).encode())
    return page


def render(found: Budgeted, best: Largest | None, words: Sequence[str], shown: Sequence[Shown]) -> str:
    """The page as text."""
    scenario, budget = found.loaded.scenario, found.budget
    told = [line.strip() for line in lines(found) if line.strip()]
    values = {
        "title": f"{plain(scenario.name, 80)}: does the budget hold?",
        "question": scenario.question,
        "answer": told[0],
        "warnings": found.warnings,
        "setting": (
            f"{number(found.amount)}{BLANK}{scenario.currency} a year, counted as {budget.counts}; "
            "confidence "
            f"{100 * budget.confidence:g}{BLANK}%; {len(found.costs):,} replications, seed {found.seed}."
        ),
        "verdicts": [verdict_of(one) for one in found.verdicts],
        "risk": [dearest(found), *(x for x in told if x.startswith(("Spent before", "Spread of")))],
        "pictures": list(shown),
        "lever": [] if best is None else [line.strip() for line in lever_lines(best) if line.strip()],
        "command": shlex.join(words),
        "provenance": Grid("What made these numbers", ("part", "value"), tuple(
            (name.replace("_", " "), plain(value, 70))
            for name, value in {**versions(), "scenario": found.loaded.text_hash[:16]}.items()
        )),
    }  # fmt: skip
    return page_text("budget.html.jinja", values)


def dearest(found: Budgeted) -> str:
    """The dearest year of each replication, in a sentence."""
    one, unit, share = found.dearest, found.loaded.scenario.currency, 100 * found.budget.confidence
    return (
        f"The dearest year of a replication costs {spanned(one.mean)} {unit} on average, P{share:g} is "
        f"{spanned(one.quantile)}, and the mean of the worst {100 - share:g}{BLANK}% "
        f"{spanned(one.shortfall)}."
    )


def verdict_of(one: Verdict) -> Check:
    """A threshold and what became of it."""
    side = "at least" if one.name == "roi" else "at most"
    if one.name == "overspend":
        text = f"{NAMES[one.name]} {side} {one.limit:.1%}; it is {percent(one.found)}"
    else:
        limit = number(one.limit, one.unit)
        it = estimate(one.found.estimate, one.found.low, one.found.high, one.unit)
        text = f"{NAMES[one.name]} {side} {limit}; it is {it}"
    return Check("passed" if one.met else "failed", text)


def pictures(found: Budgeted, hit: Sequence[Stressed]) -> list[Picture]:
    """The figures that have something to show."""
    made = (overspending(found), years(found), moved(found), stresses(found, hit))
    return [one for one in made if one is not None]


def overspending(found: Budgeted) -> Picture:
    """How likely the dearest year costs more than any amount."""
    unit, costs = found.loaded.scenario.currency, found.costs.max(axis=1)
    least, most_of_all = (f([*costs.tolist(), found.amount]) for f in (min, max))
    places = np.linspace(least, most_of_all, PLACES)
    chances = [share_interval(int((costs > place).sum()), len(costs)) for place in places.tolist()]
    dots = [
        Dot(x, one.estimate or 0.0, one.low, one.high)
        for x, one in zip(places.tolist(), chances, strict=True)
    ]
    over, share = found.dearest.overspent, 100 * found.budget.confidence
    most = estimate(*found.dearest.quantile[:3], unit)
    rows = tuple((number(x), percent_of(one)) for x, one in zip(places.tolist(), chances, strict=True))
    return Picture(
        "overspending",
        f"The dearest year costs more than the budget with a chance of {percent_of(over)}; with "
        f"{share:g}{BLANK}% it "
        f"stays within {most}",
        "Curve that falls from 100 % to 0: the chance that the dearest year costs more than an amount",
        "The dearest year of each replication decides whether the budget holds. The dotted line is the "
        "budget. "
        "Band: 95 % intervals (Clopper & Pearson).",
        Lines([Line("chance", BLUE, BLUE, (), dots)], f"cost of the dearest year, {unit}", "chance of more",
              places.tolist(), marks=(found.amount,)),
        Grid(f"Chance that the dearest year costs more, {unit}", ("amount", "chance"), rows),
    )  # fmt: skip


def percent_of(one: Estimate) -> str:
    """A chance with its interval."""
    return estimate(one.estimate, one.low, one.high, "share")


def years(found: Budgeted) -> Picture:
    """The cost of every budget year: its mean and its quantile, beside the budget."""
    unit, share = found.loaded.scenario.currency, 100 * found.budget.confidence
    tails = list(enumerate(found.years, start=1))
    means = [Dot(float(n), one.mean.estimate or 0.0, one.mean.low, one.mean.high) for n, one in tails]
    highs = [
        Dot(float(n), one.quantile.estimate, one.quantile.low, one.quantile.high)
        for n, one in tails
        if one.quantile.estimate is not None
    ]
    top = max(tails, key=lambda pair: pair[1].mean.estimate or 0.0)
    finding = (
        f"Year {top[0]} is the dearest on average: "
        f"{estimate(top[1].mean.estimate, top[1].mean.low, top[1].mean.high, unit)} of a "
        "budget of "
        f"{number(found.amount)}"
    )
    rows = tuple(
        (str(n), spanned(one.mean), spanned(one.quantile), spanned(one.shortfall), percent(one.overspent))
        for n, one in tails
    )
    return Picture(
        "budget-years",
        finding,
        "Dots with intervals by budget year: the mean cost and its upper quantile, with the budget as "
        "a level line",
        f"P{share:g}: {share:g} % of the replications cost less. The level line is the budget. Lines "
        "are 95 % "
        "intervals: t of the mean, order statistics of the quantile.",
        Lines([Line("mean", BLUE, BLUE, (), means, dots=True),
               Line(f"P{share:g}", VERMILLION, "#A34700", (), highs, dots=True)],
              "budget year", f"cost, {unit}", [float(n) for n, _ in tails], (False, False),
              level=found.amount),
        Grid(
            f"Cost of the budget years, {unit}",
            ("year", "mean", f"P{share:g}", f"mean of the worst {100 - share:g} %", "overspent"),
            rows,
        ),
    )  # fmt: skip


def moved(found: Budgeted) -> Picture | None:
    """What moves the dearest year most."""
    from loyaltysim.experiments.outer import inputs, outer_of

    outer = outer_of(found.loaded, found.seed)
    if outer is None:
        return None
    ranges = {one["path"]: one for one in inputs(outer)}
    return tornado_of(
        "budget-moves", "The cost of the dearest year", found.loaded.scenario.currency, found.moves, ranges
    )


def stresses(found: Budgeted, hit: Sequence[Stressed]) -> Picture | None:
    """What each stress adds to the dearest year."""
    lived = [one for one in hit if one.more is not None and one.tail is not None]
    if not lived:
        return None
    unit = found.loaded.scenario.currency
    shown, rows = [], []
    for one in lived:
        assert one.more is not None and one.tail is not None and one.more.estimate is not None
        low, high = one.more.low, one.more.high
        clear = low is not None and high is not None and not low <= 0 <= high
        color = VERMILLION if clear and one.more.estimate > 0 else BLUE if clear else GREY
        shown.append(Bar(plain(one.name, 40), one.more.estimate, low, high, color))
        rows.append((one.name, plain(one.what, 160), number(one.more.estimate), interval(low, high) or "–",
                     spanned(one.tail.quantile), percent(one.tail.overspent)))  # fmt: skip
    worst = max(shown, key=lambda bar: bar.value)
    left_out = "; ".join(f"{one.name}: {one.why_not}" for one in hit if one.why_not)
    return Picture(
        "stresses",
        f"The stress that costs most is '{worst.name}': "
        f"{estimate(worst.value, worst.low, worst.high, unit)} more in "
        "the dearest year",
        "Bar chart of what each stress adds to the cost of the dearest year",
        f"On the same draws and luck as the plan, {lived[0].replications} replications. Black marks are 95 % "
        "intervals, paired; grey bars hold 0." + (f" Not lived: {left_out}." if left_out else ""),
        Bars(shown, f"{unit} more than the plan"),
        Grid(
            f"Stresses, {unit}",
            (
                "stress",
                "what it changes",
                "more than the plan",
                "95 % interval",
                "upper quantile",
                "overspent",
            ),
            tuple(rows),
        ),
    )
