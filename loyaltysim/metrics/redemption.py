"""How far the estimates of redemption are from what the simulation then shows (SCIENCE 5.3).

Two rates are kept apart, and each is judged: of the points *open* at a close the share that is used later,
and of points *issued* after it the share that is ever used. A method knows what had happened by that close;
the truth is there at the horizon, where points lapse of age.
"""

import numpy as np

from loyaltysim.metrics.finance.core import PARTS
from loyaltysim.metrics.finance.estimates import METHODS, Flows, outlook
from loyaltysim.metrics.finance.lived import Kept, likelihood_of
from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View

NAMES = {
    "stated": "as stated",
    "chain_ladder": "chain ladder",
    "hazard": "hazard by age",
    "segment": "hazard by age and segment",
}


def _has_points(terms: Terms) -> bool:
    return terms.has_points


def _changes(terms: Terms) -> bool:
    return bool(terms.cost_changes)


def score_month(found: Kept) -> int | None:
    """The last close from which every open point has gone by the horizon: there the truth is known."""
    if not found.expires:
        return None
    known = len(found.lines) - found.flows[0].left.shape[2]
    return known if known > 0 else None


def truth_of_open(found: Kept, month: int) -> tuple[float, float]:
    """Points open at a close, and those of them that were used afterwards."""
    flows = found.flows[0]
    left = float(flows.left[month].sum())
    later = 0.0
    for ahead in range(1, len(flows.used) - month):
        later += float(flows.used[month + ahead, :, ahead:].sum())
    return left, later


def predicted(found: Kept, method: str, month: int, stated: float) -> float:
    """Points open at a close that a method expects to be used, from what had happened by then."""
    flows = found.flows[0]
    if method == "stated":
        return as_stated(found.flows[0], month, stated)
    chances = outlook(method, flows.to(month), found.expires)
    return float((chances.open * flows.left[month]).sum())


def as_stated(flows: Flows, month: int, stated: float) -> float:
    """The same by one rate for all cohorts: what it leaves of each; of older ones its share."""
    total = 0.0
    for age in range(flows.left.shape[2]):
        left = float(flows.left[month, :, age].sum())
        if age <= month:
            issued = float(flows.issued[month - age, :, 0].sum())
            steps = np.arange(age + 1)
            used = float(flows.used[month - age + steps, :, steps].sum())
            total += min(max(stated * issued - used, 0.0), left)
        else:
            total += stated * left
    return total


def truth_of_issue(found: Kept, month: int) -> tuple[float, float]:
    """Points issued with purchases in a month, and those of them that were ever used."""
    flows = found.flows[0]
    ages = np.arange(min(flows.used.shape[2], len(flows.used) - month))
    return float(flows.issued[month, :, 0].sum()), float(flows.used[month + ages, :, ages].sum())


def expected_of_issue(found: Kept, method: str, month: int, stated: float) -> float:
    """The share of points issued after a close that a method expects to be used, from what it knows then."""
    if method == "stated":
        return stated
    known = found.flows[0].to(month)
    return likelihood_of(outlook(method, known, found.expires), known)


def of_open(found: Kept, method: str, month: int, stated: float) -> Value:
    """Share of the points open at a close that a method expects to be used, less the share that was."""
    left, truth = truth_of_open(found, month)
    return (predicted(found, method, month, stated) - truth) / left if left > 0 else None


def of_issue(found: Kept, method: str, month: int, stated: float) -> Value:
    """The same of the points issued in the month after a close."""
    issued, truth = truth_of_issue(found, month + 1)
    return expected_of_issue(found, method, month, stated) - truth / issued if issued > 0 else None


def error(method: str, changed: bool, issue: bool) -> KPI:
    """How far a method was from the truth."""
    where = "the close after the first change of terms" if changed else "the last close that can be judged"
    what = f"the points issued in the month after {where}" if issue else f"the points open at {where}"

    def formula(view: View) -> Value:
        found = view.kept
        if found is None or not found.flows:
            return None
        last = score_month(found)
        month = view.terms.cost_changes[0][0] if changed else (last or 0) - issue
        if last is None or not 0 < month <= last - issue:
            return None
        return (of_issue if issue else of_open)(found, method, month, view.terms.redeemed / PARTS)

    return KPI(
        f"urr_{'issue_' if issue else ''}error_{method}" + ("_changed" if changed else ""),
        f"Error of the estimate{' of issue' if issue else ''}, {NAMES[method]}"
        + (", after a change" if changed else ""),
        f"Share of {what} that {NAMES[method]} expects to be used, less the share that was; all of them have "
        "been used or have lapsed by the horizon.",
        "ratio",
        "end",
        0,
        "mean",
        formula,
        when=_changes if changed else _has_points,
    )


KPIS = tuple(
    error(method, changed, issue)
    for issue in (False, True)
    for changed in (False, True)
    for method in ("stated", *METHODS)
)
