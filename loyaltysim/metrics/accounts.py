"""The accounts: contract liability, breakage, how many points are ever used (MODEL 5, DESIGN 6).

Illustrative, not accounting advice.
"""

from collections.abc import Callable

from loyaltysim.metrics.finance.core import PARTS, Cohort
from loyaltysim.metrics.finance.due import at_another_rate, time_bands
from loyaltysim.metrics.finance.lived import KINDS, Kept, entered, recognised_of
from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.redemption import KPIS as ERRORS
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View

ADVICE = "Illustrative, not accounting advice."
BANDS = ("12m", "24m", "later")
SAID = ("within 12 months", "in 12 to 24 months", "later")


def _has_points(terms: Terms) -> bool:
    return terms.has_points


def _has_books(terms: Terms) -> bool:
    return terms.has_points or terms.stores or terms.has_club or terms.tier_months > 0


def _returning(terms: Terms) -> bool:
    return (terms.returning and _has_books(terms)) or terms.has_club


def balance(found: Kept, account: str) -> int:
    """What an account has been debited by the horizon, less what it has been credited."""
    return int(entered(found.lines, account).sum())


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
        "Refunds expected at the horizon for sales that may still be brought back, and of fees for terms "
        f"that may still be cancelled. {ADVICE}",
        "money",
        "end",
        0,
        "mean",
        lambda view: view.money(-int(balance(view.kept, "refund_liability"))) if view.kept else 0.0,
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
    KPI(
        "urr_issue",
        "Redemption rate of points to be issued",
        "Share of the points issued next that the books at the horizon expect to be redeemed; not that of "
        "open points.",
        "share",
        "end",
        0,
        "mean",
        lambda view: view.kept.books.likelihood / PARTS if view.kept else None,
        when=_has_points,
    ),
    *ERRORS,
)
