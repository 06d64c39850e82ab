"""Key figures that stand in the ledgers as they are: flows, stocks, money, and one flow over another."""

from collections.abc import Callable

from loyaltysim.metrics.kpi import KPI, always
from loyaltysim.metrics.terms import Terms

When = Callable[[Terms], bool]


def flow(
    name: str,
    label: str,
    definition: str,
    unit: str,
    direction: int = 0,
    of: str | None = None,
    when: When = always,
) -> KPI:
    """A count, from month 0 to the horizon; `of`: the measure, where it is not named as the figure is."""
    read = of or name
    return KPI(
        name, label, definition, unit, "W", direction, "mean", lambda v: float(v.flow(read)), when=when
    )


def stock(
    name: str,
    label: str,
    definition: str,
    unit: str,
    direction: int = 0,
    of: str | None = None,
    when: When = always,
) -> KPI:
    """What there is at the horizon."""
    read = of or name
    return KPI(
        name, label, definition, unit, "end", direction, "mean", lambda v: float(v.stock(read)), when=when
    )


def amount(
    name: str, label: str, definition: str, direction: int = 0, of: str | None = None, when: When = always
) -> KPI:
    """A flow of money, from month 0 to the horizon, undiscounted."""
    read = of or name
    return KPI(
        name, label, definition, "money", "W", direction, "mean", lambda v: v.money(v.flow(read)), when=when
    )


def balance(name: str, label: str, definition: str, of: str | None = None, when: When = always) -> KPI:
    """Money that is held at the horizon."""
    read = of or name
    return KPI(
        name, label, definition, "money", "end", 0, "mean", lambda v: v.money(v.stock(read)), when=when
    )


def quotient(
    name: str,
    label: str,
    definition: str,
    some: str,
    of: str,
    direction: int = 0,
    unit: str = "share",
    when: When = always,
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
        lambda v: (v.flow(some), v.flow(of)),
        when=when,
    )
