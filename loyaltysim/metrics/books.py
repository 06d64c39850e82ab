"""The points book: key figures of points (MODEL 3.8, DESIGN 6)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import flow, quotient, stock
from loyaltysim.metrics.view import View


def _run(view: View) -> Value:
    """Points redeemed from the announcement to the change, and in as many months before it."""
    if view.terms.run_months is None or not view.is_programme:
        return None
    announced, at = view.terms.run_months
    start = 2 * announced - at
    if start < 0 or at > view.months or at <= announced:
        return None
    told, before, after = (view.flow("points_redeemed", month) for month in (announced, start, at))
    return after - told, told - before


def _earn_rate(view: View) -> Value:
    """Points of purchases, and net sales."""
    without = view.flow("points_given") + view.flow("points_opening")
    return view.flow("points_issued") - without, view.money(view.flow("revenue"))


KPIS = (
    flow("points_issued", "Points issued", "Points credited.", "points"),
    flow(
        "points_given",
        "Points given",
        "Of those, without a purchase: for joining, as progress, birthdays.",
        "points",
    ),
    flow(
        "points_opening",
        "Points held at the opening",
        "Of those issued, what customers held on the first day, if that lies in the window.",
        "points",
    ),
    flow("points_redeemed", "Points redeemed", "Points used for rewards, the oldest first.", "points"),
    flow("points_expired", "Points expired", "Points lapsed by the rule of expiry.", "points"),
    flow("points_forfeited", "Points forfeited", "Points lost by leaving the market.", "points"),
    stock(
        "points_outstanding",
        "Points outstanding",
        "Points open at the horizon = at month 0 + issued − redeemed − expired − forfeited; with returns "
        "also − taken back + given back + charged + written off + the rise of what customers owe.",
        "points",
    ),
    KPI(
        "earn_rate",
        "Points a unit of sales",
        "Points issued with purchases over net sales: what a currency unit earns, classes of products, "
        "tiers, campaigns and visits without a card included.",
        "points/money",
        "W",
        0,
        "ratio",
        _earn_rate,
    ),
    flow("rewards", "Rewards", "Redemptions of points.", "rewards"),
    quotient(
        "first_reward_share",
        "First rewards reached",
        "Cards on which a first reward was reached over cards begun; where the programme keeps cards.",
        "first_rewards",
        "cards_begun",
        direction=1,
    ),
    quotient(
        "redemption_rate",
        "Redemption rate",
        "Points redeemed over points issued in the window: a flow, may exceed 100 %.",
        "points_redeemed",
        "points_issued",
        unit="ratio",
    ),
    KPI(
        "run_on_points",
        "Run on points",
        "Points redeemed between the announcement of a change of terms and the change, over those redeemed "
        "in as many months before; the first announced change, in whole months.",
        "ratio",
        "W",
        0,
        "ratio",
        _run,
    ),
    KPI(
        "economic_liability_end",
        "Owed at the horizon",
        "Points outstanding × chance of redemption × cost of a point, and stored value × the share expected "
        "to be used, undiscounted.",
        "money",
        "end",
        0,
        "mean",
        lambda view: view.owed(),
    ),
)
