"""Lesson 2: satisfied given defected is not defected given satisfied (Reichheld 1996, as it is misquoted)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysim.lessons.taught import Finding, lines, lived, percent, row_of
from loyaltysim.metrics.frames import conditionals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NUMBER, TITLE, CHINESE = 2, "Two conditionals", "两个条件概率"
QUESTION = (
    '"65 to 85 % of defectors had been satisfied" is often told as "satisfied customers leave". How many of '
    "those who left had been satisfied, and how many of the satisfied leave within a year?"
)
FALSIFIED_BY = (
    "What would falsify this? A market in which most customers are satisfied, few leave, and the two shares "
    "are of one size: by Bayes' rule their ratio is the share of the satisfied over the share who leave."
)
FILE = "two-conditionals.yaml"
LEVELS = (68.0, 74.0, 80.0)  # of the firm's attributes, CSI points
WORDS = {
    "satisfied_given_defected": "satisfied, of those who left",
    "defected_given_satisfied": "leave, of the satisfied",
}


def at(level: float, replications: int | None = None) -> pd.DataFrame:
    """Both conditionals for a firm of this level, each with its period."""
    better = [f"firm.attributes.{name}.level={level}" for name in ("quality", "service")]
    results, terms = lived(FILE, *better, replications=replications)
    table = conditionals(results.measured, terms)
    return table.assign(level=level, question=table["row"].map(WORDS))


def finding(replications: int | None = None) -> Finding:
    """Most who left had been satisfied, few of the satisfied leave; a better firm has more of the first."""
    import pandas as pd

    table = pd.concat([at(level, replications) for level in LEVELS], ignore_index=True)

    def share(row: str, level: float) -> float:
        return float(row_of(table, row=row, level=level)["estimate"])

    worse, middle, better = (share("satisfied_given_defected", level) for level in LEVELS)
    leave = [share("defected_given_satisfied", level) for level in LEVELS]
    windows = {str(row_of(table, row=row, level=LEVELS[1])["window"]) for row in WORDS}
    before, after = f"{LEVELS[0]:g}", f"{LEVELS[2]:g}"
    text = (
        f"{percent(middle)} of those who left had been satisfied, and {percent(leave[1])} of the satisfied "
        f"left ({', '.join(sorted(windows))}). Make the firm better, from {before} to {after} points: "
        f"of those who leave, {percent(worse)} had been satisfied before and {percent(better)} now, because "
        f"almost everybody is satisfied; of the satisfied, {percent(leave[0])} and {percent(leave[2])} leave."
    )
    holds = middle > 0.65 and max(leave) < 0.15 and better > worse + 0.05
    return Finding(text, table, holds)


def figure(table: pd.DataFrame) -> Figure:
    """Both shares against the level of the firm."""
    labels = ("Two questions, two answers", "level of the firm, CSI points", "share")
    return lines(table, "question", "level", "estimate", labels)
