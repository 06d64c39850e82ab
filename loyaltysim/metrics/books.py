"""The points book: key figures of points (MODEL 3.8, DESIGN 6)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.view import View


def flow(name: str, label: str, definition: str) -> KPI:
    """A flow of points, from month 0 to the horizon."""
    return KPI(name, label, definition, "points", "W", 0, "mean", lambda view: float(view.flow(name)))


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
    flow("points_issued", "Points issued", "Points credited."),
    flow(
        "points_given", "Points given", "Of those, without a purchase: for joining, as progress, birthdays."
    ),
    flow(
        "points_opening",
        "Points held at the opening",
        "Of those issued, what customers held on the first day, if that lies in the window.",
    ),
    flow("points_redeemed", "Points redeemed", "Points used for rewards, the oldest first."),
    flow("points_expired", "Points expired", "Points lapsed by the rule of expiry."),
    flow("points_forfeited", "Points forfeited", "Points lost by leaving the market."),
    KPI(
        "points_outstanding",
        "Points outstanding",
        "Points open at the horizon = at month 0 + issued − redeemed − expired − forfeited; with returns "
        "also − taken back + given back + charged + written off + the rise of what customers owe.",
        "points",
        "end",
        0,
        "mean",
        lambda view: float(view.stock("points_outstanding")),
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
    KPI(
        "rewards",
        "Rewards",
        "Redemptions of points.",
        "rewards",
        "W",
        0,
        "mean",
        lambda view: float(view.flow("rewards")),
    ),
    KPI(
        "first_reward_share",
        "First rewards reached",
        "Cards on which a first reward was reached over cards begun; where the programme keeps cards.",
        "share",
        "W",
        1,
        "ratio",
        lambda view: (view.flow("first_rewards"), view.flow("cards_begun")),
    ),
    KPI(
        "redemption_rate",
        "Redemption rate",
        "Points redeemed over points issued in the window: a flow, may exceed 100 %.",
        "ratio",
        "W",
        0,
        "ratio",
        lambda view: (view.flow("points_redeemed"), view.flow("points_issued")),
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
