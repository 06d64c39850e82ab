"""What customers are worth, and the firm's account of the window (DESIGN 6)."""

import math

import numpy as np

from loyaltysim.metrics.approaches import approach_cost
from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import amount
from loyaltysim.metrics.statistics import quantile_rank
from loyaltysim.metrics.view import View

HOUR, MINUTE = 3_600_000.0, 60_000.0  # milliseconds


def gross_margin(view: View) -> float:
    """Revenue − goods sold − goods given as rewards."""
    return view.money(view.flow("revenue") - view.flow("goods_sold") - view.flow("goods_rewards"))


PAID = (  # costs that vary with customers
    "fulfilment", "self_service_cost", "promise_cost", "recovery_cost", "enrolment_cost", "perk_cost",
    "surprise_cost",
    "return_cost", "club_cost", "contact_cost", "community_cost",
)  # fmt: skip


def cash_ahead(view: View) -> float:
    """Money that has come in before, or without, a sale, less what sales have used up of it."""
    return view.money(sum(sign * view.flow(name) for name, sign in AHEAD.items()))


AHEAD = {
    "prepaid_in": 1,
    "prepaid_spent": -1,
    "prepaid_refunded": -1,
    "prepaid_remitted": -1,
    "fees_received": 1,
    "fees_refunded": -1,
}  # by which cash is not revenue


def contribution(view: View) -> float:
    """Gross margin as cash − the costs that vary with customers (`PAID`), offers to persons, owed."""
    paid = view.money(sum(view.flow(name) for name in PAID)) + approach_cost(view)
    return gross_margin(view) + cash_ahead(view) - paid - view.owed_change()


def service_cost(view: View) -> float:
    """Clerks' wages."""
    return view.money(view.service("staffed_ms") / HOUR * view.terms.clerk)


def comfort_cost(view: View) -> float:
    """Comfort and information while waiting: so much a minute in the line, and fixed."""
    waited = view.service("wait_ms") / MINUTE * view.terms.comfort_minute
    return view.money(waited + view.terms.comfort_fixed * view.months)


def fixed_cost(view: View) -> float:
    """Fixed cost of the firm and of the programme that runs in this arm."""
    if len(view.fixed_by_month) == 1:
        return view.money((view.terms.fixed + view.fixed_by_month[0][0]) * view.months)
    programme = sum(fixed * len(months) for fixed, months in view.fixed_by_month)
    return view.money(view.terms.fixed * view.months + programme)


def event_cost(view: View) -> float:
    """What the events from month 0 on cost."""
    return view.money(math.fsum(cost for month, cost in view.terms.event_costs if month >= view.warm_up))


def _base_value(view: View) -> float:
    return math.fsum(view.values[view.base].tolist())


def _new_value(view: View) -> Value:
    c = view.customers
    new = (c["enters"] > 0.0) & (c["purchases"] > 0)
    return math.fsum(view.values[new].tolist()), int(new.sum())


def clv_quantile(percent: int) -> KPI:
    """A percentile of the base cohort's lifetime values."""

    def formula(view: View) -> Value:
        ordered = np.sort(view.values[view.base])
        return float(ordered[quantile_rank(len(ordered), percent / 100) - 1]) if len(ordered) else None

    return KPI(
        f"clv_p{percent}",
        f"CLV, {percent}th percentile",
        f"{percent}th percentile of the customer lifetime values of the base cohort, within a replication.",
        "money",
        "W",
        1,
        "quantile",
        formula,
    )


def _top_fifth(view: View) -> Value:
    """Contribution of the best fifth of those who bought from the firm, and of all of them."""
    ordered = np.sort(view.values[view.customers["purchases"] > 0])[::-1]
    best = ordered[: math.ceil(len(ordered) / 5)]
    return math.fsum(best.tolist()), math.fsum(ordered.tolist())


def profit(view: View) -> float:
    """Contribution less what does not vary with customers."""
    fixed = service_cost(view) + comfort_cost(view) + fixed_cost(view) + event_cost(view)
    return contribution(view) - fixed


def spending(view: View) -> float:
    """Margin at list prices less profit."""
    return view.money(view.flow("list_sales") - view.flow("goods_sold")) - profit(view)


KPIS = (
    KPI(
        "clv_mean",
        "Customer lifetime value",
        "Discounted contribution before fixed cost of the base cohort, less what is owed to it at the "
        "horizon, over the base cohort; no residual beyond the horizon.",
        "money",
        "W",
        1,
        "ratio",
        lambda view: (_base_value(view), view.base_size),
    ),
    KPI(
        "clv_new_mean",
        "Customer lifetime value, newcomers",
        "The same of those who entered the market after month 0 and bought from the firm, a head, to the "
        "horizon; after what offers to them cost.",
        "money",
        "W",
        1,
        "ratio",
        _new_value,
    ),
    clv_quantile(10),
    clv_quantile(90),
    KPI(
        "customer_equity",
        "Customer equity",
        "The same discounted contribution over everyone in the market, less the change in what is owed.",
        "money",
        "W",
        1,
        "mean",
        lambda view: view.present_value(view.flow("value")) - view.owed_change_discounted(),
    ),
    KPI(
        "negative_clv_share",
        "Customers who cost money",
        "Base cohort with a negative lifetime value, over the base cohort.",
        "share",
        "W",
        -1,
        "ratio",
        lambda view: (int((view.values[view.base] < 0).sum()), view.base_size),
    ),
    KPI(
        "top20_profit_share",
        "Share of the best fifth",
        "Discounted contribution of the best fifth of those who bought from the firm, over that of all of "
        "them; may exceed 100 %.",
        "ratio",
        "W",
        0,
        "ratio",
        _top_fifth,
    ),
    amount(
        "revenue",
        "Revenue",
        "Net sales: list price − discounts − rewards that pay − stored bonus; net of VAT, undiscounted. "
        "Money paid ahead is in it once it is spent.",
        1,
    ),
    KPI(
        "gross_margin",
        "Gross margin",
        "Revenue − goods sold − goods given as rewards, undiscounted.",
        "money",
        "W",
        1,
        "mean",
        gross_margin,
    ),
    KPI(
        "contribution",
        "Contribution",
        "Gross margin − fulfilment, self-service, promises, complaints, enrolment, perks, surprises, "
        "contacts, community − change in owed; undiscounted; contains the programme's variable cost. Money "
        "paid ahead and fees of a club count when they come in, and stay owed until they are used or earned.",
        "money",
        "W",
        1,
        "mean",
        contribution,
    ),
    KPI(
        "event_cost",
        "Cost of events",
        "What events and advertising from month 0 on cost the firm, the same in both arms, undiscounted.",
        "money",
        "W",
        -1,
        "mean",
        event_cost,
    ),
    KPI(
        "spending",
        "Spending on customers",
        "Everything between the margin at list prices (list sales − goods sold) and profit: price cuts, "
        "rewards, service, perks, contacts, fixed cost and what is owed. Undiscounted.",
        "money",
        "W",
        -1,
        "mean",
        spending,
    ),
    KPI(
        "profit",
        "Profit",
        "Contribution − clerks − comfort and information while waiting − fixed cost of the firm and of the "
        "programme − cost of events, undiscounted.",
        "money",
        "W",
        1,
        "mean",
        profit,
    ),
)
