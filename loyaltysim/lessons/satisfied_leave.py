"""Lesson 1: satisfied customers still leave (Jones & Sasser 1995; E8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.lessons.taught import Finding, lines, lived, percent, row_of
from loyaltysim.metrics.frames import satisfaction_and_staying

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NUMBER, TITLE, CHINESE = 1, "Satisfied customers still leave", "满意的顾客仍会离开"
QUESTION = (
    "Four firms that are alike. The only thing that changes is how free customers are to choose. "
    "How many of those who are equally satisfied stay for a year?"
)
FALSIFIED_BY = (
    "What would falsify this? Data of one industry in which equally satisfied customers stay equally long "
    "whether or not they have somewhere to go; or a bend in the other direction where choice is free."
)
FILE = "satisfied-leave.yaml"
MARKETS = {"near-monopoly": 0.05, "some choice": 0.5, "free choice": 0.95}  # intensity of competition
SEEN = 100  # months of customers below which a class of satisfaction is left out of the picture


def staying(intensity: float, replications: int | None = None) -> pd.DataFrame:
    """Who stays a year, by satisfaction, at this intensity of competition; with the middle of each class."""
    results, terms = lived(FILE, f"loyalty.intensity={intensity}", replications=replications)
    table = satisfaction_and_staying(results.measured, terms)
    return table.assign(satisfaction=table["from_satisfaction"] + 2.5)


def in_all_markets(replications: int | None = None) -> pd.DataFrame:
    """The three markets under one another."""
    import pandas as pd

    found = [staying(c, replications).assign(market=market) for market, c in MARKETS.items()]
    return pd.concat(found, ignore_index=True)


def finding(replications: int | None = None) -> Finding:
    """Equally satisfied customers stay where they cannot choose and leave where they can; the curve bends."""
    table = in_all_markets(replications)

    def stay(market: str, satisfaction: float) -> float:
        return float(row_of(table, market=market, from_satisfaction=satisfaction)["estimate"])

    at_75 = {market: stay(market, 75.0) for market in MARKETS}
    bends = {m: stay(m, 75.0) - (stay(m, 55.0) + stay(m, 95.0)) / 2.0 for m in MARKETS}
    free, held = at_75["free choice"], at_75["near-monopoly"]
    text = (
        f"Of customers with a satisfaction of 75 to 80 of 100, {percent(held)} stay for a year in a "
        f"near-monopoly, {percent(at_75['some choice'])} with some choice and {percent(free)} with a free "
        f"choice. Where choice is free the curve is a hockey stick: at 95 to 100 points "
        f"{percent(stay('free choice', 95.0))} stay."
    )
    holds = held > at_75["some choice"] > free and held - free > 0.5 and bends["free choice"] < -0.1
    return Finding(text, table, holds and abs(bends["near-monopoly"]) < 0.1)


def figure(table: pd.DataFrame) -> Figure:
    """Staying against satisfaction, a line a market."""
    labels = ("Equally satisfied, not equally loyal", "satisfaction, CSI points", "stay for a year")
    return lines(table[table["customer_months"] >= SEEN], "market", "satisfaction", "estimate", labels)
