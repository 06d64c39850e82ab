"""Sales that were brought back, and what became of their points (MODEL 3.7)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.readings import stock
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View


def _returning(terms: Terms) -> bool:
    return terms.returning


def _share(view: View) -> Value:
    return view.flow("returns"), view.flow("visits")


def points(name: str, label: str, definition: str) -> KPI:
    """A flow of points, from month 0 to the horizon."""

    def formula(view: View) -> Value:
        return float(view.flow(name))

    return KPI(name, label, definition, "points", "W", 0, "mean", formula, when=_returning)


def money(name: str, label: str, definition: str, direction: int) -> KPI:
    """A flow of money, from month 0 to the horizon."""

    def formula(view: View) -> Value:
        return view.money(view.flow(name))

    return KPI(name, label, definition, "money", "W", direction, "mean", formula, when=_returning)


KPIS = (
    KPI(
        "return_share",
        "Sales brought back",
        "Sales brought back over sales, in the window.",
        "share",
        "W",
        -1,
        "ratio",
        _share,
        when=_returning,
    ),
    money("refunds", "Refunds", "Paid back for sales that were brought back; revenue is after it.", -1),
    money("return_cost", "Cost of returns", "What handling sales brought back cost.", -1),
    points("points_taken_back", "Points taken back", "Points of sales that were brought back."),
    points("points_restored", "Points given back", "Points that had paid for sales that were brought back."),
    points(
        "points_charged",
        "Points charged",
        "Points of sales brought back that were spent already, their face value kept from the refund.",
    ),
    points("points_written_off", "Points written off", "Points owed after a return by who left the market."),
    stock(
        "points_debt",
        "Points owed by customers",
        "Points of sales brought back that were spent already and are not yet made up for, at the horizon.",
        "points",
        when=_returning,
    ),
)
