"""Stored value: what customers pay ahead, what becomes of it, what holding it is worth (MODEL 3.7; E27)."""

from collections.abc import Callable

from loyaltysim.metrics.kpi import KPI, Estimator, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View


def _stores(terms: Terms) -> bool:
    return terms.stores


def figure(
    name: str,
    label: str,
    definition: str,
    formula: Callable[[View], Value],
    unit: str = "money",
    base: str = "W",
    direction: int = 0,
    estimator: Estimator = "mean",
) -> KPI:
    """A figure of scenarios in which value can be stored."""
    return KPI(name, label, definition, unit, base, direction, estimator, formula, when=_stores)


def amount(name: str, label: str, definition: str, direction: int = 0) -> KPI:
    """A flow of money, from month 0 to the horizon."""
    return figure(name, label, definition, lambda view: view.money(view.flow(name)), direction=direction)


def float_mean(view: View) -> float:
    """Mean over the closes after month 0 of the money that customers have stored."""
    return view.money(view.over_closes("prepaid_outstanding")) / view.months


def _months_held(view: View) -> Value:
    """Little's law: mean float over what flows in a month is the mean time for which money is held (C22)."""
    return float_mean(view) * view.months, view.money(view.flow("prepaid_in"))


def _float_income(view: View) -> float:
    """A month's interest on the float of each close, undiscounted."""
    month = (1.0 + view.terms.discount_rate) ** (1.0 / 12.0) - 1.0
    return month * view.money(view.over_closes("prepaid_outstanding"))


def _breakage(view: View) -> Value:
    """Of the money that left the balances, what was forfeited."""
    lost = view.flow("prepaid_forfeited")
    return lost, lost + view.flow("prepaid_spent") + view.flow("prepaid_refunded")


KPIS = (
    amount("prepaid_in", "Paid in", "Money paid into balances: cash, not yet revenue.", 1),
    amount("prepaid_spent", "Spent from balances", "Of it, spent on purchases, net of returns: revenue."),
    amount("prepaid_refunded", "Paid back", "Of it, paid back to customers who left.", -1),
    amount("prepaid_forfeited", "Forfeited", "Of it, lapsed or left behind: breakage as it happens."),
    figure(
        "prepaid_outstanding",
        "Stored with the firm",
        "Money stored at the horizon = at month 0 + paid in − spent − paid back − forfeited (+ what was held "
        "on the first day, where that is month 0).",
        lambda view: view.money(view.stock("prepaid_outstanding")),
        base="end",
    ),
    figure(
        "float_mean",
        "Float",
        "Mean over the closes after month 0 of the money that customers have stored.",
        float_mean,
    ),
    figure(
        "float_months",
        "Time money is held",
        "Float over what is paid in a month: how long money stays with the firm (Little's law).",
        _months_held,
        unit="months",
        estimator="ratio",
    ),
    figure(
        "float_income",
        "Interest on the float",
        "A month's interest at the discount rate on the money stored at each close, undiscounted; a part of "
        "what earlier cash is worth in incremental contribution, not to be added to it.",
        _float_income,
        direction=1,
    ),
    figure(
        "prepaid_breakage",
        "Breakage of stored value",
        "Money forfeited over all that left the balances: an event, not an estimate; low-quality earnings.",
        _breakage,
        unit="share",
        estimator="ratio",
    ),
    amount("bonus_granted", "Bonus granted", "Given on top of what was paid in."),
    amount(
        "bonus_spent", "Bonus spent", "Of it, spent, net of returns: a price cut, part of programme cost.", -1
    ),
    figure(
        "bonus_outstanding",
        "Bonus outstanding",
        "Bonus stored at the horizon = at month 0 + granted − spent − forfeited.",
        lambda view: view.money(view.stock("bonus_outstanding")),
        base="end",
    ),
    figure(
        "prepaid_discount",
        "Discount of paying ahead",
        "Bonus spent over all that was paid from balances; b / (1 + b) with a bonus of b (C22).",
        lambda view: (view.flow("bonus_spent"), view.flow("bonus_spent") + view.flow("prepaid_spent")),
        unit="share",
        estimator="ratio",
    ),
    figure(
        "prepaid_users_end",
        "Customers who store value",
        "Customers in the market who have taken it up, at the horizon.",
        lambda view: float(view.stock("prepaid_users")),
        unit="customers",
        base="end",
        direction=1,
    ),
)
