"""The firm's own view of its customers: classes of value x loyalty as its records have them (MODEL 3.7)."""

from __future__ import annotations

import numpy as np

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.holdings import GROUPS


def has_groups(terms: Terms) -> bool:
    """Whether the records tell classes of value x loyalty."""
    return terms.has_groups


def recorded(view: View) -> np.ndarray:
    """The recorded classes of the firm's home customers at the horizon; -1: no record."""
    return np.asarray(view.arm.files["group"][view.at_home])


def misfiled(view: View) -> Value:
    """Home customers whose recorded class is not the true one, or who have none, over all of them."""
    true = view.arm.files["true_group"][view.at_home]
    return int((recorded(view) != true).sum()), len(true)


def share(place: int, name: str, meaning: str) -> KPI:
    """Share of one class."""
    return KPI(
        f"recorded_{name}",
        f"Recorded as {name}",
        f"Home customers of the firm whom its records at the last close have as {meaning}, over all home "
        "customers.",
        "share",
        "end",
        0,
        "ratio",
        lambda view: (int((recorded(view) == place).sum()), len(recorded(view))),
        when=has_groups,
    )


MEANINGS = (
    "of high value and loyal",
    "of high value and not loyal",
    "of low value and loyal",
    "of low value and not loyal",
)
KPIS = (
    *(share(k, name, MEANINGS[k]) for k, name in enumerate(GROUPS)),
    KPI(
        "misfiled",
        "Recorded wrongly",
        "Home customers of the firm whose class of value x loyalty is recorded wrongly or not at all, over "
        "all home customers.",
        "share",
        "end",
        -1,
        "ratio",
        misfiled,
        when=has_groups,
    ),
)
