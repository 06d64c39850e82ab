"""Offers to single persons: what they cost and how many accept, each kind apart (E37, E38)."""

from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.view import View

COSTS = ("acquisition_cost", "winback_cost", "save_cost", "referral_cost")


def approach_cost(view: View) -> float:
    """Contacts and gifts of all three kinds, and rewards for referrals."""
    return view.money(sum(view.flow(name) for name in COSTS))


def kind(name: str, whom: str, meaning: str) -> tuple[KPI, KPI]:
    """Cost of one kind of offer, and the share of those addressed who accept."""
    return (
        KPI(
            f"{name}_cost",
            f"Cost of offers to {whom}",
            f"Contacts and gifts of offers to {whom}, undiscounted; part of programme cost.",
            "money",
            "W",
            -1,
            "mean",
            lambda view: view.money(view.flow(f"{name}_cost")),
        ),
        KPI(
            f"{name}_rate",
            f"Accepted, of {whom}",
            meaning,
            "share",
            "W",
            1,
            "ratio",
            lambda view: (view.flow(f"accepted_{name}"), view.flow(f"approached_{name}")),
        ),
    )


KPIS = (
    *kind("acquisition", "rivals' customers", "Rivals' customers whom a campaign won, over those addressed."),
    *kind("winback", "customers who have left", "Lost customers who came back at it, over those asked."),
    *kind("save", "customers about to leave", "Leavers who stayed at an offer, over those noticed."),
)
