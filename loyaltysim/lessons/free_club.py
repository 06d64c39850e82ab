"""Lesson 6: who joins is not what joining does (C23; Leenheer et al. 2007)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.lessons.taught import Finding, bars, lived, percent, row_of
from loyaltysim.metrics.frames import naive_beside_truth

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NUMBER, TITLE, CHINESE = 6, "Who joins? Selection against effect", "谁会加入?选择与效果"
QUESTION = (
    "A club that costs nothing and gives nothing. Its members spend several times what others spend. "
    "What does the club do?"
)
FALSIFIED_BY = (
    "What would falsify this? A lottery: give the club to a part of those who would join, drawn by lot. If "
    "they then spend more than those who were drawn out, it is not selection alone."
)
FILE = "free-club.yaml"
WORDS = {
    "member_lift": "same persons,\nwith and without",
    "naive_lift": "members\nagainst others",
    "naive_before_after": "after against\nbefore",
    "naive_did": "difference in\ndifferences",
}


def lifts(slope: float = 1.0, replications: int | None = None) -> pd.DataFrame:
    """The true lift and three naive ones; `slope`: how much likelier heavy buyers join at a visit."""
    results, terms = lived(FILE, f"programme.enrolment.slope={slope}", replications=replications)
    return naive_beside_truth(results.measured, terms)


def finding(replications: int | None = None) -> Finding:
    """The naive lift is large, the true one exactly 0, the cures partial."""
    table = lifts(replications=replications)
    of = {row: float(row_of(table, row=row)["estimate"]) for row in WORDS}
    text = (
        f"Members spend {1.0 + of['naive_lift']:.1f} times what others spend, and the club does nothing: the "
        f"same persons spend {1.0 + of['member_lift']:.2f} times what they would without it. Comparing them "
        f"with themselves before they joined still shows {percent(of['naive_before_after'])}, as they join "
        f"on a day on which they buy; the difference in differences {percent(of['naive_did'])}."
    )
    holds = of["member_lift"] == 0.0 and of["naive_lift"] > 1.0
    return Finding(text, table, holds and 0.05 < of["naive_before_after"] < of["naive_lift"])


def figure(table: pd.DataFrame) -> Figure:
    """The four numbers."""
    labels = ("What a free club of no effect seems to do", "", "lift (0: nothing)")
    return bars([WORDS[row] for row in table["row"]], table, labels)
