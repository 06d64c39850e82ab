"""What customers feel: key figures of CSI, gap and satisfaction (DESIGN 6)."""

import math

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value, reaching
from loyaltysim.metrics.readings import quotient
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT, SQUARE
from loyaltysim.rules.state import CLASSES


def _csi_sd(view: View) -> Value:
    visits = view.flow("visits")
    if visits == 0:
        return None
    mean = view.flow("csi") / CENT / visits
    return math.sqrt(max(0.0, view.flow("csi_squares") / SQUARE / visits - mean * mean))


def _satisfaction_base(view: View) -> Value:
    felt = view.arm.satisfaction_12[view.base]
    return None if np.isnan(felt).any() else (math.fsum(felt.tolist()), view.base_size)


def _top_two(view: View) -> np.ndarray:
    return np.asarray(view.customers["class_0"][view.base] >= view.terms.classes - 2)


def _defected_given_satisfied(view: View) -> Value:
    satisfied = _top_two(view)
    return int((satisfied & view.base_defected(12)).sum()), int(satisfied.sum())


def csm_share(position: int) -> KPI:
    """Share of home customers in one class of satisfaction, the lowest being 1."""

    def formula(view: View) -> Value:
        members = view.customers["class_close"][view.at_home]
        return int((members == position - 1).sum()), len(members)

    def when(terms: Terms) -> bool:
        return position <= terms.classes

    return KPI(
        f"csm_share.{position}",
        f"Satisfaction class {position}",
        f"Home customers in class {position} of satisfaction (1 is the lowest), over home customers.",
        "share",
        "end",
        0,
        "ratio",
        formula,
        when=when,
    )


def defections_by_csm(position: int) -> KPI:
    """Share of the defections that came from one class of satisfaction, the lowest being 1."""
    return KPI(
        f"defections_by_csm.{position}",
        f"Defections from satisfaction class {position}",
        f"Defections from class {position} of satisfaction at the last close before, over defections.",
        "share",
        "W",
        0,
        "ratio",
        lambda view: (int(view.arm.lost_from[position - 1]), view.flow("defections")),
        when=lambda terms: position <= terms.classes,
    )


def _satisfied(view: View) -> Value:
    members = view.customers["class_close"][view.at_home]
    return int((members >= view.terms.classes - 2).sum()), len(members)


KPIS = (
    KPI(
        "csi_mean",
        "CSI",
        "Mean delivered quality Q = Σ A_k·X_k over served visits at the firm; survivors only.",
        "CSI points",
        "W",
        1,
        "ratio",
        lambda view: (view.flow("csi") / CENT, view.flow("visits")),
    ),
    KPI(
        "csi_sd",
        "CSI, spread",
        "Standard deviation of delivered quality over served visits at the firm.",
        "CSI points",
        "W",
        -1,
        "mean",
        _csi_sd,
    ),
    KPI(
        "gap_mean",
        "Gap",
        "Mean of quality less expectation, (Q − E) + (Y − G), before the zone, over served visits.",
        "CSI points",
        "W",
        1,
        "ratio",
        lambda view: (view.flow("gap") / CENT, view.flow("visits")),
    ),
    quotient(
        "gap_negative_share",
        "Disappointing visits",
        "Served visits at the firm with a gap below 0, over served visits.",
        "gap_negative",
        "visits",
        direction=-1,
    ),
    KPI(
        "satisfaction_mean",
        "Satisfaction of those present",
        "Mean cumulative satisfaction S of home customers over the closes; a programme that keeps the "
        "lukewarm lowers it, so effects are read off satisfaction_base.",
        "CSI points",
        "W",
        1,
        "ratio",
        lambda view: (view.over_closes("satisfaction") / CENT, view.over_closes("home_customers")),
    ),
    KPI(
        "satisfaction_base",
        "Satisfaction of the base cohort",
        "Mean S with the firm over the base cohort at t12; who left keeps the S she left with.",
        "CSI points",
        "t12",
        1,
        "ratio",
        reaching(12, _satisfaction_base),
    ),
    *(csm_share(position) for position in range(1, CLASSES + 1)),
    KPI(
        "satisfied_share",
        "Satisfied customers",
        "Home customers in the top two classes of satisfaction, over home customers.",
        "share",
        "end",
        1,
        "ratio",
        _satisfied,
    ),
    *(defections_by_csm(position) for position in range(1, CLASSES + 1)),
    quotient(
        "satisfied_given_defected",
        "Satisfied among defectors",
        "Defections from the top two classes of satisfaction at the last close before, over defections.",
        "defections_satisfied",
        "defections",
    ),
    KPI(
        "defected_given_satisfied",
        "Defectors among the satisfied",
        "Base cohort in the top two classes at month 0 that defects by t12, over the base cohort in them.",
        "share",
        "to t12",
        -1,
        "ratio",
        reaching(12, _defected_given_satisfied),
    ),
)
