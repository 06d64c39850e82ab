"""Key figures that stand in the ledgers as they are: flows, stocks, money, and one flow over another."""

from collections.abc import Callable

from loyaltysim.metrics.kpi import KPI, always
from loyaltysim.metrics.terms import Terms


def flow(
    name: str,
    label: str,
    definition: str,
    unit: str,
    direction: int = 0,
    of: str | None = None,
    when: Callable[[Terms], bool] = always,
) -> KPI:
    """A count, from month 0 to the horizon; `of`: the measure, where it is not named as the figure is."""
    measure = of or name
    return KPI(
        name,
        label,
        definition,
        unit,
        "W",
        direction,
        "mean",
        lambda view: float(view.flow(measure)),
        when=when,
    )


def stock(
    name: str,
    label: str,
    definition: str,
    unit: str,
    direction: int = 0,
    of: str | None = None,
    when: Callable[[Terms], bool] = always,
) -> KPI:
    """What there is at the horizon."""
    measure = of or name
    return KPI(
        name,
        label,
        definition,
        unit,
        "end",
        direction,
        "mean",
        lambda view: float(view.stock(measure)),
        when=when,
    )


def amount(
    name: str,
    label: str,
    definition: str,
    direction: int = 0,
    of: str | None = None,
    when: Callable[[Terms], bool] = always,
) -> KPI:
    """A flow of money, from month 0 to the horizon, undiscounted."""
    measure = of or name
    return KPI(
        name,
        label,
        definition,
        "money",
        "W",
        direction,
        "mean",
        lambda view: view.money(view.flow(measure)),
        when=when,
    )


def balance(
    name: str, label: str, definition: str, of: str | None = None, when: Callable[[Terms], bool] = always
) -> KPI:
    """Money that is held at the horizon."""
    measure = of or name
    return KPI(
        name,
        label,
        definition,
        "money",
        "end",
        0,
        "mean",
        lambda view: view.money(view.stock(measure)),
        when=when,
    )


def quotient(
    name: str,
    label: str,
    definition: str,
    some: str,
    of: str,
    direction: int = 0,
    unit: str = "share",
    when: Callable[[Terms], bool] = always,
) -> KPI:
    """One flow over another, both from month 0 to the horizon."""
    return KPI(
        name,
        label,
        definition,
        unit,
        "W",
        direction,
        "ratio",
        lambda view: (view.flow(some), view.flow(of)),
        when=when,
    )
