"""Who they are: where the base cohort is, those who joined together, tenths by spend, the whale curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysim.metrics.frames import cohorts as cohort_table
from loyaltysim.metrics.frames import deciles as decile_table
from loyaltysim.metrics.frames import status_over_time
from loyaltysim.metrics.frames import whale_curve as whale_table
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.dots_chart import Dot
from loyaltysim.report.heat_chart import Heat
from loyaltysim.report.layers_chart import Layers
from loyaltysim.report.lines_chart import LOOKS, NAMES, Line, Lines
from loyaltysim.report.picture import Grid, Picture
from loyaltysim.report.style import BLUE, VERMILLION
from loyaltysim.report.wording import BLANK, POINTS_OF_SHARE, estimate, number, spelled

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

STATUS = {
    "home": "never left", "won_back": "won back", "elsewhere": "elsewhere", "outside": "buys nothing",
    "left_market": "left the market",
}  # fmt: skip
BEST = 0.2  # of the buyers: "the best fifth"
TENTH = {
    "spend": "spend",
    "purchases": "visits",
    "contribution": "contribution",
    "at home at the end": "at_home",
}
AGES = (0, 1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 60)  # closes, of the table of cohorts


def arms_of(results: Results) -> tuple[str, ...]:
    """The arms that are told apart: both, or the one where there is no programme."""
    return ("programme", "twin") if results.loaded.scenario.programme else ("twin",)


def status(results: Results) -> Picture | None:
    """Where the customers of month 0 are at every close."""
    if not results.units:
        return None
    table = status_over_time(results.units, terms_of(results.loaded.scenario))
    arms = [*arms_of(results), "effect"] if len(arms_of(results)) > 1 else ["twin"]
    shares = {
        name: {arm: part.reset_index(drop=True) for arm, part in rows.groupby("arm")}
        for name, rows in table.rename(columns={"estimate": "mean"}).groupby("status")
    }
    shares = {
        name: shares[name] for name in STATUS if name in shares and (shares[name][arms[0]]["mean"] > 0).any()
    }
    if "home" not in shares:
        return None
    end = {arm: shares["home"][arm].iloc[-1] for arm in arms}
    month = number(float(end[arms[0]]["month"]))
    finding = f"At month {month}, {told(end[arms[0]])} of the customers of month 0 had never left"
    if len(arms) > 1:
        apart, span = spelled(end["effect"]["mean"], end["effect"]["low"], end["effect"]["high"],
                              POINTS_OF_SHARE, sign=True)  # fmt: skip
        finding += f" with the programme, {told(end['twin'])} without: {apart}" + (
            f" ({span})" if span else ""
        )
    words = {"programme": "with", "twin": "without" if len(arms) > 1 else "share", "effect": "difference"}
    columns = [(name, arm) for name in shares for arm in arms]
    rows = tuple(
        (number(m), *(cell(shares[name][arm].iloc[m], arm) for name, arm in columns))
        for m in range(len(shares["home"][arms[0]]))
    )
    scaled = {STATUS[name]: percent(shares[name][arms[0]]) for name in shares}
    of_whom = "with the programme" if len(arms) > 1 else "the customers of month 0"
    return Picture(
        "status",
        finding,
        "Stacked areas by month: the share of the customers of month 0 who never left, were won back, are "
        "elsewhere, or left the market",
        f"Drawn: {of_whom}. Never left: home has been the firm all the time. Dashes are the 95{BLANK}% "
        "interval of those who never left; the table has those of the others, and both worlds.",
        Layers(scaled, scaled[STATUS["home"]], "% of the customers of month 0"),
        Grid(
            "Customers of month 0 by where they are, at the closes",
            ("month", *(f"{STATUS[name]}, {words[arm]}" for name, arm in columns)),
            rows,
        ),
    )


def percent(table: pd.DataFrame) -> pd.DataFrame:
    """The same in per cent."""
    return table.assign(**{name: 100.0 * table[name] for name in ("mean", "low", "high")})


def told(row: pd.Series) -> str:
    """A share with its interval."""
    return estimate(row["mean"], row["low"], row["high"], "share")


def cell(row: pd.Series, arm: str) -> str:
    """A share, or a difference of two, with its interval."""
    if arm != "effect":
        return told(row)
    text, span = spelled(row["mean"], row["low"], row["high"], POINTS_OF_SHARE, sign=True)
    return f"{text} ({span})" if span else text


def cohorts(results: Results) -> Picture | None:
    """Those who came to the firm in the same months, and how many are still there, by age."""
    if not results.units:
        return None
    table = cohort_table(results.units, terms_of(results.loaded.scenario))
    arm = arms_of(results)[0]
    table = table[(table["arm"] == arm) & (table["joined"] == "firm")]
    grouped = list(table.groupby("cohort"))
    if len(grouped) < 2:
        return None
    names = [named(rows.iloc[0]) for _, rows in grouped]
    ages = int(table["age"].max()) + 1
    values = np.full((len(grouped), ages), np.nan)
    for place, (_, rows) in enumerate(grouped):
        values[place, rows["age"].to_numpy()] = rows["retention"].to_numpy()
    shown = [age for age in AGES if age < ages]
    lines = tuple(
        (name, number(float(rows["customers"].iloc[0])),
         *("" if np.isnan(values[place, age]) else number(values[place, age], "share") for age in shown))
        for place, (name, (_, rows)) in enumerate(zip(names, grouped, strict=True))
    )  # fmt: skip
    at = max(age for age in shown if not np.isnan(values[1:, age]).all())
    first = next(k for k in range(1, len(names)) if not np.isnan(values[k, at]))
    with_it = "With the programme, " if arm == "programme" else ""
    finding = (
        f"{with_it}{number(values[first, at], 'share')} of those who came in {names[first]} are with the "
        f"firm {at} months later, and {number(values[0, at], 'share')} of those who were there at month 0"
    )
    return Picture(
        "cohorts",
        finding,
        "Field of colours: a row for those who came in the same months, a column for each month since; the "
        "darker, the more of them are with the firm",
        "Means over replications, without intervals. A cohort counts from the close at which the firm was "
        "first found to be her home; who has come back counts as being there. Those of month 0 have been "
        "sorted before: who was going to leave soon is among them no more.",
        Heat(values, names, [float(age) for age in range(ages)], "closes since they came", "with the firm"),
        Grid(
            "Cohorts: customers when they came, and the share with the firm after so many closes",
            ("came in", "customers", *(str(age) for age in shown)),
            lines,
        ),
    )


def named(row: pd.Series) -> str:
    """A cohort by its months."""
    first, last = int(row["from_month"]), int(row["to_month"])
    if row["cohort"] == 0:
        return "month 0"
    return f"month {first}" if first == last else f"months {first}–{last}"


def deciles(results: Results) -> Picture | None:
    """The firm's buyers in tenths by their spend without the programme: what it adds, and what it costs."""
    if not results.units:
        return None
    terms = terms_of(results.loaded.scenario)
    table = (
        decile_table(results.units, terms).rename(columns={"estimate": "mean"}).set_index(["arm", "measure"])
    )
    unit, compared = terms.currency, terms.has_programme
    columns = (
        [(f"{title}, difference", "effect", measure) for title, measure in TENTH.items()] if compared
        else [(title, "twin", measure) for title, measure in TENTH.items()]
    )  # fmt: skip
    if compared:
        spent = ("spend without", "twin", "spend")
        columns = [spent, *columns, ("programme cost", "programme", "programme_cost")]
    found = {title: table.loc[(arm, measure)].set_index("decile") for title, arm, measure in columns}
    gain = found["contribution, difference" if compared else "contribution"]
    if gain["mean"].isna().any():
        return None
    series = [Line("contribution", BLUE, BLUE, (), dots(gain), dots=True)]
    top = f"{estimate(gain['mean'][1], gain['low'][1], gain['high'][1], unit)} a head"
    finding = f"The tenth of buyers that spends most brings {top} of contribution"
    if compared:
        cost = found["programme cost"]
        series.append(Line("programme\ncost", VERMILLION, "#A34700", (), dots(cost), dots=True))
        price = f"{estimate(cost['mean'][1], cost['low'][1], cost['high'][1], unit)} a head"
        finding = (
            f"In the tenth of buyers that spends most the programme costs {price} and changes contribution "
            f"by {top}"
        )
    rows = tuple(
        (str(tenth), *(decile_cell(found[title].loc[tenth], measure, arm) for title, arm, measure in columns))
        for tenth in range(1, 11)
    )
    return Picture(
        "deciles",
        finding,
        "Chart of dots with intervals for each tenth of buyers, the heaviest first: what the programme "
        "adds to "
        "contribution a head, and what it costs a head",
        "The same persons in both worlds, in tenths by their spend at the firm without the programme; "
        "contribution is after the programme's cost to her. Who bought there with the programme only "
        "is in the "
        "last tenth. Lines are 95 % intervals."
        if compared
        else "Buyers of the firm in tenths by their spend there. Lines are 95 % intervals.",
        Lines(series, "tenth of buyers by spend, 1 the heaviest", f"{unit} a head, month 0 to the horizon",
              [float(tenth) for tenth in range(1, 11)], (False, False), level=0.0),
        Grid(
            f"Tenths of the firm's buyers by spend{' without the programme' if compared else ''}, a head",
            ("tenth", *(f"{title}{of(measure, unit)}" for title, _, measure in columns)),
            rows,
        ),
    )  # fmt: skip


def of(measure: str, unit: str) -> str:
    """The unit of a column."""
    return f", {unit}" if measure in ("spend", "contribution", "programme_cost") else ""


def decile_cell(row: pd.Series, measure: str, arm: str) -> str:
    """A figure of a tenth with its interval."""
    unit = "" if measure != "at_home" else POINTS_OF_SHARE if arm == "effect" else "share"
    return estimate(row["mean"], row["low"], row["high"], unit)


def dots(table: pd.DataFrame) -> list[Dot]:
    """The rows of a table as dots at its index."""
    return [
        Dot(float(place), row.mean, known(row.low), known(row.high))
        for place, row in zip(table.index, table[["mean", "low", "high"]].itertuples(), strict=True)
    ]


def known(value: float) -> float | None:
    """A number, or nothing."""
    return float(value) if value == value else None


def whale(results: Results) -> Picture | None:
    """How much of all contribution the best buyers bring: above 100 % where others cost money."""
    if not results.units:
        return None
    table = whale_table(results.units, terms_of(results.loaded.scenario))
    arms = [arm for arm in arms_of(results) if table[table["arm"] == arm]["estimate"].notna().all()]
    if not arms or table["contribution"].iloc[-1] <= 0:
        return None
    by_arm = {arm: table[table["arm"] == arm].reset_index(drop=True) for arm in arms}
    ours = by_arm[arms[0]]
    best = ours.iloc[int((ours["customers"] - BEST).abs().idxmin())]
    top = ours.loc[ours["estimate"].idxmax()]
    finding = f"The best fifth of buyers brings {whale_cell(best)} of all contribution"
    if top["customers"] < 1.0 and top["estimate"] > 1.0:
        finding += (
            f"; the last {number(1.0 - top['customers'], 'share')} of them cost "
            f"{number(top['estimate'] - 1.0, 'share')} of it"
        )
    series = [
        Line(NAMES[arm] if len(arms) > 1 else "buyers", *LOOKS[arm if len(arms) > 1 else "programme"],
             [Dot(r.customers, r.estimate, known(r.low), known(r.high)) for r in part.itertuples()])
        for arm, part in by_arm.items()
    ]  # fmt: skip
    rows = tuple(
        (number(share, "share"), *(whale_cell(by_arm[arm].iloc[k]) for arm in arms))
        for k, share in enumerate(ours["customers"])
    )
    return Picture(
        "whale",
        finding,
        "Whale curve: the share of all contribution that the best buyers bring together, the most profitable "
        "first",
        "Discounted contribution of the firm's buyers from month 0 to the horizon. Where the curve falls, "
        "buyers cost more than they bring. Bands are 95 % intervals.",
        Lines([one._replace(name="\n".join(one.name.split(" ", 1))) for one in series],
              "buyers, the most profitable first", "of all contribution",
              ours["customers"].tolist(), (True, True), level=1.0),
        Grid(
            "Contribution of the best buyers, as a share of that of all",
            ("best buyers", *(NAMES[arm] if len(arms) > 1 else "share" for arm in arms)),
            rows,
        ),
    )  # fmt: skip


def whale_cell(row: pd.Series) -> str:
    """A share with its interval."""
    return estimate(row["estimate"], row["low"], row["high"], "share")
