"""What the programme does and costs: the two arms compared (MODEL 4, DESIGN 6)."""

import math

from loyaltysim.metrics.approaches import approach_cost
from loyaltysim.metrics.kpi import KPI, Value, reaching
from loyaltysim.metrics.market import cells
from loyaltysim.metrics.view import View

PER = 1000


def programme_cost(view: View, until: int | None = None) -> float:
    """Variable cost (rewards, perks, enrolment, offers to persons, owed) and fixed cost, discounted; or 0."""
    return view.variable_cost(until) + view.programme_fixed(until)


def incremental_contribution(programme: View, twin: View) -> float:
    """Contribution with − without, of all customers, after programme_cost, discounted.

    A customer's contribution already is after her rewards (revenue is net of those that pay, goods and
    fulfilment of the others are taken off), so only owed and fixed cost are still to be subtracted.
    """
    cash = programme.present_value(programme.flow("value") - twin.flow("value"))
    owed = programme.owed_change_discounted() - twin.owed_change_discounted()
    return cash - owed - (programme.programme_fixed() - twin.programme_fixed())


def incremental_retained(programme: View, twin: View) -> int:
    """Saved − driven away."""
    found = cells(programme, twin)
    return found["saved"] - found["driven_away"]


def cell(name: str, label: str, definition: str, direction: int) -> KPI:
    """One of the five cells of the base cohort at t12."""

    def formula(programme: View, twin: View) -> Value:
        return float(cells(programme, twin)[name])

    guarded = reaching(12, formula)
    return KPI(name, label, definition, "customers", "t12", direction, "mean", guarded, paired=True)


def _months_gained(programme: View, twin: View) -> Value:
    months = [view.customers["retained_months"][view.base].sum() for view in (programme, twin)]
    return int(months[0]) - int(months[1]), programme.base_size


def _leak(programme: View, twin: View) -> float:
    """Σ cost_i × min(1, spend without / spend with): what is paid for spending that comes anyway."""
    anyway = (
        min(1.0, max(b, 0) / a) if a > 0 else 1.0 for a, b in zip(*_spending(programme, twin), strict=True)
    )
    return math.fsum(cost * share for cost, share in zip(programme.costs.tolist(), anyway, strict=True))


def _spending(programme: View, twin: View) -> tuple[list[int], list[int]]:
    return programme.customers["spend"].tolist(), twin.customers["spend"].tolist()


FORGONE = ("rewards_paid", "member_discounts", "cashback", "bonus_spent")  # revenue that is given up


def _net_benefit(programme: View, twin: View) -> Value:
    worth = programme.terms.customer_worth
    assert worth is not None
    return programme.money(worth) * incremental_retained(programme, twin) - programme_cost(programme, 12)


def _break_even(view: View) -> Value:
    """C and G − C of L* = ρ / (g − ρ) = C / (G − C): variable cost and margin before rewards."""
    if not view.is_programme:
        return None
    forgone = sum(view.flow(name) for name in FORGONE)
    rewards = forgone + view.flow("goods_rewards") + view.flow("fulfilment")
    rewards += view.flow("enrolment_cost") + view.flow("perk_cost") + view.flow("surprise_cost")
    rewards += view.flow("club_cost") + view.flow("contact_cost") + view.flow("community_cost")
    cost = view.money(rewards) + approach_cost(view) + view.owed_rewards_change()
    sales_margin = view.flow("revenue") + forgone - view.flow("goods_sold")
    return cost, view.money(sales_margin) - cost


def _sales(view: View) -> int:
    """Net sales before rewards, minor units."""
    return view.flow("revenue") + sum(view.flow(name) for name in FORGONE)


KPIS = (
    KPI(
        "programme_cost",
        "Programme cost",
        "Rewards redeemed (revenue given up + goods + fulfilment), member discounts, cash back and stored "
        "bonus spent + offers to single persons + enrolment + perks + change in owed of rewards + fixed "
        "cost, discounted.",
        "money",
        "W",
        -1,
        "mean",
        programme_cost,
    ),
    KPI(
        "incremental_contribution",
        "Incremental contribution",
        "Contribution with − without the programme, all customers, after its cost, discounted.",
        "money",
        "W",
        1,
        "mean",
        incremental_contribution,
        paired=True,
    ),
    KPI(
        "programme_roi",
        "Return on the programme",
        "Incremental contribution over programme cost; 0 is break-even.",
        "ratio",
        "W",
        1,
        "ratio",
        lambda programme, twin: (incremental_contribution(programme, twin), programme_cost(programme)),
        paired=True,
    ),
    cell("saved", "Saved", "Base cohort at home at t12 with the programme only.", 1),
    cell("driven_away", "Driven away", "Base cohort at home at t12 without the programme only.", -1),
    cell("stayed_anyway", "Stayed anyway", "Base cohort at home at t12 in both arms.", 0),
    cell("lost_anyway", "Lost anyway", "Base cohort in the market at t12, at home in neither arm.", 0),
    cell("left_market", "Left the market", "Base cohort out of the market at t12, the same in both arms.", 0),
    KPI(
        "incremental_retained",
        "Customers kept",
        "Saved − driven away: the net effect at t12, whatever the pairing of luck.",
        "customers",
        "t12",
        1,
        "mean",
        reaching(12, lambda programme, twin: float(incremental_retained(programme, twin))),
        paired=True,
    ),
    KPI(
        "incremental_retained_per_1000",
        "Customers kept per 1,000",
        "Saved − driven away, per 1,000 of the base cohort.",
        "customers",
        "t12",
        1,
        "ratio",
        reaching(
            12, lambda programme, twin: (PER * incremental_retained(programme, twin), programme.base_size)
        ),
        paired=True,
    ),
    KPI(
        "retained_months_gained",
        "Retained months gained",
        "Months with home = firm to t12, with − without, over the base cohort; needs no pairing of luck.",
        "months",
        "to t12",
        1,
        "ratio",
        reaching(12, _months_gained),
        paired=True,
    ),
    KPI(
        "cost_per_saved_customer",
        "Cost per customer kept",
        "Programme cost to t12 over saved − driven away; not estimable unless the latter is surely above 0.",
        "money",
        "to t12",
        -1,
        "ratio",
        reaching(
            12, lambda programme, twin: (programme_cost(programme, 12), incremental_retained(programme, twin))
        ),
        paired=True,
        positive=True,
    ),
    KPI(
        "net_benefit",
        "Net benefit",
        "Customers kept at t12 (saved − driven away) × their stated worth (`finance.customer_worth`) − "
        "programme cost to t12.",
        "money",
        "to t12",
        1,
        "mean",
        reaching(12, _net_benefit),
        paired=True,
        when=lambda terms: terms.customer_worth is not None,
    ),
    KPI(
        "subsidy_leak",
        "Subsidy leak",
        "Σ of her variable programme cost × min(1, spend without / spend with): paid for what comes anyway.",
        "money",
        "W",
        -1,
        "mean",
        _leak,
        paired=True,
    ),
    KPI(
        "subsidy_leak_share",
        "Subsidy leak, share",
        "Subsidy leak over variable programme cost.",
        "share",
        "W",
        -1,
        "ratio",
        lambda programme, twin: (_leak(programme, twin), programme.variable_cost()),
        paired=True,
    ),
    KPI(
        "break_even_lift",
        "Break-even lift",
        "L* = ρ/(g − ρ): the rise in sales at which the programme's variable cost is earned back; ρ that "
        "cost and g the gross margin before rewards, both over sales before rewards, undiscounted.",
        "ratio",
        "W",
        -1,
        "ratio",
        _break_even,
        positive=True,
    ),
    KPI(
        "sales_lift",
        "Lift in sales",
        "Sales before rewards with − without the programme, over those without: to be set beside the "
        "break-even lift, which it has to exceed.",
        "ratio",
        "W",
        1,
        "ratio",
        lambda programme, twin: (
            programme.money(_sales(programme) - _sales(twin)),
            twin.money(_sales(twin)),
        ),
        paired=True,
    ),
    KPI(
        "paid_back_share",
        "Runs that pay",
        "Share of replications in which the incremental contribution is not below 0 at the horizon.",
        "share",
        "W",
        1,
        "share",
        lambda programme, twin: float(incremental_contribution(programme, twin) >= 0.0),
        paired=True,
    ),
)
