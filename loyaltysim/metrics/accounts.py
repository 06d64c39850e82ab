"""The accounts: contract liability, breakage, how many points are ever used (MODEL 5, DESIGN 6).

Illustrative, not accounting advice.
"""

from collections.abc import Callable

import numpy as np

from loyaltysim.metrics.finance.core import PARTS, Cohort
from loyaltysim.metrics.finance.estimates import METHODS, Flows, outlook
from loyaltysim.metrics.finance.lived import KINDS, Kept, at_another_rate, recognised_of, time_bands
from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View

ADVICE = "Illustrative, not accounting advice."
NAMES = {"chain_ladder": "chain ladder", "hazard": "hazard by age", "segment": "hazard by age and segment"}
BANDS = ("12m", "24m", "later")
SAID = ("within 12 months", "in 12 to 24 months", "later")


def _has_points(terms: Terms) -> bool:
    return terms.has_points


def _has_books(terms: Terms) -> bool:
    return terms.has_points or terms.stores or terms.has_club


def _returning(terms: Terms) -> bool:
    return terms.returning and _has_books(terms)


def money(name: str, label: str, definition: str, base: str, formula: Callable[[Kept, View], int]) -> KPI:
    """An amount of the books; 0 where an arm has none."""

    def value(view: View) -> Value:
        return view.money(formula(view.kept, view)) if view.kept else 0.0

    return KPI(name, label, f"{definition} {ADVICE}", "money", base, 0, "mean", value, when=_has_books)


def _recognised(view: View) -> Value:
    """Revenue of the window, of goods and of points."""
    if view.kept is None:
        return view.money(view.flow("revenue"))
    return view.money(int(recognised_of(view.kept.lines[view.warm_up :]).sum()))


def points_of(found: Kept) -> list[Cohort]:
    """The cohorts of points."""
    return [cohort for (_, kind, _), cohort in found.books.cohorts.items() if kind in KINDS]


def run_off(view: View) -> tuple[int, int]:
    """Points redeemed, and all that came and were not taken back, of cohorts with nothing open."""
    used = gone = 0
    for cohort in points_of(view.kept) if view.kept else ():
        if cohort.open == 0:
            used += cohort.used
            gone += cohort.lapsed
    return used, used + gone


def _ultimate(view: View) -> Value:
    return run_off(view)


def _breakage(view: View) -> Value:
    used, came = run_off(view)
    return came - used, came


def _expected(view: View) -> Value:
    """Points the books expect never to be used, and all points issued."""
    if view.kept is None:
        return None
    reach = sum(cohort.within_reach() for cohort in points_of(view.kept)) / PARTS
    issued = sum(cohort.issued for cohort in points_of(view.kept))
    return issued - reach, issued


def _outstanding(view: View) -> Value:
    """Points the books expect to be used yet, and points open."""
    if view.kept is None:
        return None
    cohorts = points_of(view.kept)
    ahead = sum(cohort.within_reach() - cohort.used * PARTS for cohort in cohorts) / PARTS
    return ahead, sum(cohort.open for cohort in cohorts)


def band(number: int) -> KPI:
    """The liability that becomes revenue in one stretch of time."""
    return money(
        f"liability_due_{BANDS[number]}",
        f"Contract liability, revenue {SAID[number]}",
        f"Part of the contract liability expected to become revenue {SAID[number]} (IFRS 15.120), by the "
        "uses of the last 12 months; the parts sum to it.",
        "end",
        lambda found, view: time_bands(found)[number],
    )


def score_month(found: Kept, month: int | None = None) -> int | None:
    """The last close from which every open point has gone by the horizon: there the truth is known."""
    last = len(found.lines) - 1
    if not found.expires:
        return None
    known = last - (found.flows[0].left.shape[2] - 1)
    at = known if month is None else month
    return at if 0 < at <= known else None


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


def error(method: str, changed: bool) -> KPI:
    """How far a method was from the truth."""
    label = "as stated" if method == "stated" else NAMES[method]
    where = "at the last close whose points have all gone"
    if changed:
        where = "at the close after the first change of terms"

    def formula(view: View) -> Value:
        found = view.kept
        if found is None or not found.flows:
            return None
        month = score_month(found, view.terms.cost_changes[0][0] if changed else None)
        if month is None:
            return None
        left, truth = truth_of_open(found, month)
        guess = predicted(found, method, month, view.terms.redeemed / PARTS)
        return (guess - truth) / left if left > 0 else None

    return KPI(
        f"urr_error_{method}" + ("_changed" if changed else ""),
        f"Error of the estimate, {label}" + (", after a change" if changed else ""),
        f"Share of the points open {where} that {label} expects to be used, less the share that was.",
        "ratio",
        "end",
        0,
        "mean",
        formula,
        when=(lambda terms: bool(terms.cost_changes)) if changed else _has_points,
    )


KPIS = (
    money(
        "liability_end",
        "Contract liability",
        "What was paid for points and stored value and is not yet revenue, at the horizon (IFRS 15).",
        "end",
        lambda found, view: int(found.liability[-1].sum()),
    ),
    *(band(number) for number in range(len(BANDS))),
    money(
        "liability_per_urr_point",
        "Contract liability, one point of the redemption rate more",
        "What the contract liability would be higher, and revenue lower, at once, if one point in a hundred "
        "more of every cohort were redeemed in the end.",
        "end",
        lambda found, view: at_another_rate(found.books, PARTS // 100),
    ),
    KPI(
        "revenue_recognised",
        "Revenue, recognised",
        "Net sales less what is deferred for points and paid ahead, with what of it has become revenue. "
        f"{ADVICE}",
        "money",
        "W",
        0,
        "mean",
        _recognised,
        when=_has_books,
    ),
    money(
        "revenue_catch_up",
        "Revenue from changed estimates",
        "Cumulative catch-up when an estimate of redemption was changed.",
        "W",
        lambda found, view: int(found.line("revised")[view.warm_up :].sum()),
    ),
    KPI(
        "refund_liability_end",
        "Refund liability",
        f"Refunds expected at the horizon for sales that may still be brought back. {ADVICE}",
        "money",
        "end",
        0,
        "mean",
        lambda view: view.money(int(view.kept.line("returns_expected").sum())) if view.kept else 0.0,
        when=_returning,
    ),
    KPI(
        "ultimate_redemption_rate",
        "Ultimate redemption rate",
        "Points redeemed over points issued, of cohorts with nothing outstanding at the horizon.",
        "share",
        "end",
        0,
        "ratio",
        _ultimate,
    ),
    KPI(
        "breakage_rate",
        "Breakage",
        "Points expired and forfeited over points issued, of cohorts with nothing outstanding at the "
        "horizon: 1 − the ultimate redemption rate.",
        "share",
        "end",
        0,
        "ratio",
        _breakage,
    ),
    KPI(
        "breakage_expected",
        "Breakage expected by the books",
        "Points that the books at the horizon expect never to be redeemed, over points issued; all cohorts.",
        "share",
        "end",
        0,
        "ratio",
        _expected,
        when=_has_points,
    ),
    KPI(
        "urr_outstanding",
        "Redemption rate of open points",
        "Share of the points open at the horizon that the books expect to be redeemed; not that of issue.",
        "share",
        "end",
        0,
        "ratio",
        _outstanding,
        when=_has_points,
    ),
    *(error(method, changed) for changed in (False, True) for method in ("stated", *METHODS)),
)
