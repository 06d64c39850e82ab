"""Stored value: what customers pay ahead, what becomes of it, what holding it is worth (MODEL 3.7; E27)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import amount, balance, stock
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View


def stores(terms: Terms) -> bool:
    """Whether value can be stored with the firm."""
    return terms.stores


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
    amount("prepaid_in", "Paid in", "Money paid into balances: cash, not yet revenue.", 1, when=stores),
    amount(
        "prepaid_spent",
        "Spent from balances",
        "Of it, spent on purchases, net of returns: revenue.",
        when=stores,
    ),
    amount("prepaid_refunded", "Paid back", "Of it, paid back to customers who left.", -1, when=stores),
    amount(
        "prepaid_forfeited", "Forfeited", "Of it, lapsed or left behind: breakage as it happens.", when=stores
    ),
    balance(
        "prepaid_outstanding",
        "Stored with the firm",
        "Money stored at the horizon = at month 0 + paid in − spent − paid back − forfeited (+ what was held "
        "on the first day, where that is month 0).",
        when=stores,
    ),
    KPI(
        "float_mean",
        "Float",
        "Mean over the closes after month 0 of the money that customers have stored.",
        "money",
        "W",
        0,
        "mean",
        float_mean,
        when=stores,
    ),
    KPI(
        "float_months",
        "Time money is held",
        "Float over what is paid in a month: how long money stays with the firm (Little's law).",
        "months",
        "W",
        0,
        "ratio",
        _months_held,
        when=stores,
    ),
    KPI(
        "float_income",
        "Interest on the float",
        "A month's interest at the discount rate on the money stored at each close, undiscounted; a part of "
        "what earlier cash is worth in incremental contribution, not to be added to it.",
        "money",
        "W",
        1,
        "mean",
        _float_income,
        when=stores,
    ),
    KPI(
        "prepaid_breakage",
        "Breakage of stored value",
        "Money forfeited over all that left the balances: an event, not an estimate; low-quality earnings.",
        "share",
        "W",
        0,
        "ratio",
        _breakage,
        when=stores,
    ),
    amount("bonus_granted", "Bonus granted", "Given on top of what was paid in.", when=stores),
    amount(
        "bonus_spent",
        "Bonus spent",
        "Of it, spent, net of returns: a price cut, part of programme cost.",
        -1,
        when=stores,
    ),
    balance(
        "bonus_outstanding",
        "Bonus outstanding",
        "Bonus stored at the horizon = at month 0 + granted − spent − forfeited.",
        when=stores,
    ),
    KPI(
        "prepaid_discount",
        "Discount of paying ahead",
        "Bonus spent over all that was paid from balances; b / (1 + b) with a bonus of b (C22).",
        "share",
        "W",
        0,
        "ratio",
        lambda view: (view.flow("bonus_spent"), view.flow("bonus_spent") + view.flow("prepaid_spent")),
        when=stores,
    ),
    stock(
        "prepaid_users_end",
        "Customers who store value",
        "Customers in the market who have taken it up, at the horizon.",
        "customers",
        1,
        of="prepaid_users",
        when=stores,
    ),
)
