"""The desks: key figures of waiting and staff (DESIGN 6)."""

from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.value import service_cost

KPIS = (
    KPI(
        "wait_mean_min",
        "Mean wait",
        "Mean wait of all arrivals at the firm, those who gave up included.",
        "minutes",
        "W",
        -1,
        "ratio",
        lambda view: (view.service("wait_ms") / 60_000.0, view.service("arrived")),
    ),
    KPI(
        "wait_p90_min",
        "Wait, 90th percentile",
        "Wait that 90 % of the arrivals did not exceed, in steps of a second; not defined above two hours.",
        "minutes",
        "W",
        -1,
        "quantile",
        lambda view: view.wait_quantile(0.9),
    ),
    KPI(
        "gave_up_share",
        "Gave up",
        "Arrivals who left the line unserved, over arrivals.",
        "share",
        "W",
        -1,
        "ratio",
        lambda view: (view.service("gave_up"), view.service("arrived")),
    ),
    KPI(
        "utilisation",
        "Utilisation",
        "Time in which clerks serve, over time in which they are paid.",
        "share",
        "W",
        0,
        "ratio",
        lambda view: (view.service("busy_ms") / 60_000.0, view.service("staffed_ms") / 60_000.0),
    ),
    KPI(
        "service_cost",
        "Service cost",
        "Clerks' wages for the hours of opening, undiscounted.",
        "money",
        "W",
        -1,
        "mean",
        service_cost,
    ),
)
