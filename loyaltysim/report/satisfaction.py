"""Satisfaction against loyalty, and against what the programme costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.metrics.frames import conditionals, satisfaction_and_staying
from loyaltysim.metrics.terms import terms_of
from loyaltysim.report.bars import Bar, Bars
from loyaltysim.report.dots_chart import WITH, WITHOUT, Axis, Dot, Dots, Plane, Series
from loyaltysim.report.picture import Grid, Picture, find
from loyaltysim.report.style import BLUE, VERMILLION
from loyaltysim.report.wording import estimate, interval, number, verdict

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysim.experiments.results import Results

FEW = 5.0  # customer-months a replication, below which a class says nothing
ARMS = {"programme": WITH, "twin": WITHOUT}
SHORT = {"satisfied_given_defected": "leavers: satisfied", "defected_given_satisfied": "satisfied: left"}
COST, GAIN = "programme_cost", "satisfaction_base"


def staying(results: Results) -> Picture | None:
    """Who would stay a year, by satisfaction: the curve as it was lived."""
    if not results.measured:
        return None
    table = satisfaction_and_staying(results.measured, terms_of(results.loaded.scenario))
    table = table[(table["customer_months"] >= FEW) & table["estimate"].notna()]
    arms = [arm for arm in ARMS if (table["arm"] == arm).any()]
    if not arms or len(table[table["arm"] == arms[0]]) < 2:
        return None
    looks = ARMS if len(arms) > 1 else {arms[0]: ("customers", *WITH[1:])}
    series = [Series(*looks[arm], dots_of(table[table["arm"] == arm])) for arm in arms]
    ours = table[table["arm"] == arms[0]].sort_values("from_satisfaction")
    least, most = ours.iloc[0], ours.iloc[-1]
    where = " with the programme" if len(arms) > 1 else ""
    finding = (
        f"{kept(most)} of customers at {classed(most)} CSI points would stay a year{where}, of those at "
        f"{classed(least)} points {kept(least)}"
    )
    grid = staying_grid(table, arms)
    places = [float(place) for place in sorted({dot.x for one in series for dot in one.dots})]
    return Picture(
        "staying",
        finding,
        "Chart of dots with intervals: the share of customers who would stay a year, by their satisfaction",
        "As lived: the share of home customers' months that end at home, to the 12th power, by satisfaction "
        "at the close before. Lines are 95 % intervals. Both worlds hold other customers at the same "
        "satisfaction, so that the curves may differ without any effect on the person.",
        Dots(series, "satisfaction with the firm, CSI points", "would stay a year", places, 0.7),
        grid,
    )


def dots_of(table: pd.DataFrame) -> list[Dot]:
    """The classes of satisfaction as dots at their middles."""
    return [
        Dot((row.from_satisfaction + row.to_satisfaction) / 2, row.estimate, known(row.low), known(row.high))
        for row in table.sort_values("from_satisfaction").itertuples()
    ]


def known(value: float) -> float | None:
    """A number, or nothing."""
    return value if value == value else None


def classed(row: pd.Series) -> str:
    """A class of satisfaction in words."""
    return f"{row['from_satisfaction']:g} to {row['to_satisfaction']:g}"


def kept(row: pd.Series) -> str:
    """Who stays of a class."""
    return estimate(row["estimate"], row["low"], row["high"], "share")


def staying_grid(table: pd.DataFrame, arms: list[str]) -> Grid:
    """The classes as a table."""
    names = {"programme": "with programme", "twin": "without"}
    names = names if len(arms) > 1 else {arms[0]: "would stay a year"}
    rows: dict[str, dict[str, str]] = {}
    for _, row in table.sort_values("from_satisfaction").iterrows():
        rows.setdefault(classed(row), {})[str(row["arm"])] = kept(row)
    cells = tuple((label, *(found.get(arm, "–") for arm in arms)) for label, found in rows.items())
    return Grid(
        "Home customers who would stay a year, by satisfaction in CSI points",
        ("satisfaction", *(names[arm] for arm in arms)),
        cells,
    )


def two_conditionals(results: Results) -> Picture | None:
    """Who of the leavers was satisfied, and who of the satisfied leaves: two questions taken for one."""
    if not results.measured:
        return None
    table = conditionals(results.measured, terms_of(results.loaded.scenario))
    arms = {"programme": (", with", BLUE, ""), "twin": (", without", VERMILLION, "//")}
    if not (table["arm"] == "programme").any():
        arms = {"twin": ("", BLUE, "")}
    shown: list[Bar] = []
    told: dict[str, str] = {}
    for row in table[table["estimate"].notna()].itertuples():
        if row.arm not in arms:
            continue
        word, color, hatch = arms[row.arm]
        ends = [100 * value if value == value else None for value in (row.low, row.high)]
        shown.append(Bar(f"{SHORT[row.row]}{word}", 100 * row.estimate, ends[0], ends[1], color, hatch))
        told.setdefault(row.row, estimate(row.estimate, known(row.low), known(row.high), "share"))
    if len(told) < 2:
        return None
    finding = (
        f"{told['satisfied_given_defected']} of those who left had been satisfied, yet "
        f"{told['defected_given_satisfied']} of the satisfied left"
    )
    rows = tuple((bar.name, number(bar.value), interval(bar.low, bar.high) or "–") for bar in shown)
    return Picture(
        "conditionals",
        finding,
        "Bar chart of two shares: of those who left, who had been satisfied; of the satisfied, who left",
        "Satisfied: in the top two classes. The first over the whole window, the second within 12 months.",
        Bars(shown, "%"),
        Grid("Two conditionals, %", ("share", "%", "95 % interval"), rows),
    )


def cost_and_satisfaction(results: Results) -> Picture | None:
    """What the programme costs against what it does to the satisfaction of the customers of month 0."""
    if results.loaded.scenario.programme is None:
        return None
    cost = find(results.kpis, COST, ("effect", "programme"))
    gain = find(results.kpis, GAIN, ("effect",))
    if cost is None or gain is None:
        return None
    paired = pairs(results.samples, str(cost["arm"]))
    if len(paired) < 2 or (cost["estimate"] == 0 and gain["estimate"] == 0):
        return None
    unit = f"{cost['unit']}, present value"
    x = Axis(f"programme cost, {unit}", cost["estimate"], cost["low"], cost["high"])
    y = Axis("satisfaction, effect, CSI points", gain["estimate"], gain["low"], gain["high"])
    price = estimate(cost["estimate"], cost["low"], cost["high"], cost["unit"])
    moved = estimate(gain["estimate"], gain["low"], gain["high"], "CSI points")
    unclear = ", no clear change" if verdict(gain["low"], gain["high"]) == "unclear" else ""
    rows = [("mean", price, moved)]
    rows += [(f"replication {k}", number(a), number(b)) for k, (a, b) in enumerate(paired)]
    return Picture(
        "cost-satisfaction",
        f"For a cost of {price} the satisfaction of month 0's customers changes by {moved}{unclear}",
        "Scatter plot of replications: the programme's cost against its effect on satisfaction, and the mean",
        "Satisfaction of the customers of month 0 after 12 months, leavers included, with − without. The "
        "cross is the mean with its 95 % intervals.",
        Plane(paired, x, y),
        Grid(
            "Cost and satisfaction by replication", ("", f"cost, {cost['unit']}", "CSI points"), tuple(rows)
        ),
    )


def pairs(samples: pd.DataFrame, arm: str) -> list[tuple[float, float]]:
    """Cost and effect on satisfaction, replication by replication."""
    wide = {
        name: samples[(samples["kpi"] == name) & (samples["arm"] == of)].set_index("replication")["value"]
        for name, of in ((COST, arm), (GAIN, "effect"))
    }
    both = wide[COST].to_frame("x").join(wide[GAIN].rename("y"), how="inner").dropna().sort_index()
    return [(float(x), float(y)) for x, y in zip(both["x"], both["y"], strict=True)]
