"""What a survey says of satisfaction, beside the truth (MODEL 3.12; E32): NPS and CSI with their bias."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.survey import answers


def _felt(view: View) -> tuple[np.ndarray, np.ndarray]:
    """Keys and satisfaction of home customers who have bought from the firm, at the horizon."""
    asked = view.at_home & np.isfinite(view.customers["last_purchase"])
    return view.customers["key"][asked], view.arm.satisfaction[asked, FIRM]


def _said(view: View) -> np.ndarray:
    """The answers that came back, CSI points."""
    keys, satisfaction = _felt(view)
    survey = view.terms.survey
    if survey is None or len(keys) == 0:
        return np.zeros(0)
    found = np.empty(len(keys))
    logit = math.log(survey.response / (1.0 - survey.response))
    mean = math.fsum(satisfaction.tolist()) / len(satisfaction)
    answers(keys, satisfaction, mean, survey.sample, logit, survey.tilt, survey.extremes, survey.noise, found)
    return found[~np.isnan(found)]


def promoters_less_detractors(points: np.ndarray) -> tuple[float, float]:
    """How many would give a mark of 9 or 10 less how many one of 0 to 6; of how many.

    The mark is the satisfaction over 10, rounded, halves up.
    """
    marks = np.floor(points / 10.0 + 0.5)
    return float((marks >= 9).sum()) - float((marks <= 6).sum()), float(len(marks))


def _mean(points: np.ndarray) -> Value:
    return math.fsum(points.tolist()), float(len(points))


def _held(terms: Terms) -> bool:
    return terms.survey is not None


KPIS = (
    KPI(
        "nps_true",
        "NPS of everybody",
        "Share of home customers who have bought with S/10 at 9 or 10 when rounded, less those of 0 to 6.",
        "share",
        "end",
        1,
        "ratio",
        lambda view: promoters_less_detractors(_felt(view)[1]),
        when=_held,
    ),
    KPI(
        "nps",
        "NPS of the survey",
        "The same of the answers of those who were asked and answered.",
        "share",
        "end",
        1,
        "ratio",
        lambda view: promoters_less_detractors(_said(view)),
        when=_held,
    ),
    KPI(
        "csi_survey",
        "Satisfaction in the survey",
        "Mean answer of those who were asked and answered, CSI points.",
        "CSI points",
        "end",
        1,
        "ratio",
        lambda view: _mean(_said(view)),
        when=_held,
    ),
    KPI(
        "csi_true",
        "Satisfaction of everybody",
        "Mean satisfaction of the home customers whom the survey would ask if it asked all.",
        "CSI points",
        "end",
        1,
        "ratio",
        lambda view: _mean(_felt(view)[1]),
        when=_held,
    ),
    KPI(
        "survey_response",
        "Response to the survey",
        "Answers over customers who could be asked, times 1 over the share that is asked.",
        "share",
        "end",
        1,
        "ratio",
        lambda view: (float(len(_said(view))), view.terms.survey.sample * len(_felt(view)[0])),
        when=_held,
    ),
)
