"""R22, R23: goals reached and missed, tiers held and lost."""

from __future__ import annotations

import numpy as np

from loyaltysim.rules.arrays import World
from loyaltysim.rules.state import FIRM
from loyaltysim.validation.facts import Fact, followed, visits_of
from loyaltysim.validation.facts_of_loyalty import INF

SMALL = ("market.customers=1500", "warm_up=6 months")
GOAL = 74  # visits a year, for a fifth who reach it


def gold(visits: int, status: float) -> str:
    """A tier for so many visits a year of the calendar, what else being as by default."""
    return f"programme.tiers={{levels: {{gold: {{from: {visits} visits, status: {status:g}}}}}}}"


def visits_in_year(world: World, year: int) -> np.ndarray:
    """Visits at the firm in a year after month 0, by customer."""
    v = visits_of(world)
    day = 365.0 * year
    v = v[(v["provider"] == FIRM) & (v["time"] > day - 365.0) & (v["time"] <= day)]
    return np.bincount(v["customer"], minlength=len(world.customers))


def after_a_goal(replication: int) -> tuple[float, float, float]:
    """Share who reach the goal; visits of the second year over those without, less 1, of who missed it
    though near, and of who reached it.
    """
    programme, twin = followed("living", *SMALL, gold(GOAL, 2.0), replication=replication)
    base = (programme.customers["base"] == 1) & (programme.customers["exits"] > 365.0)
    first = visits_in_year(programme, 1)
    ours, theirs = visits_in_year(programme, 2), visits_in_year(twin, 2)
    reached, near = base & (first >= GOAL), base & (first < GOAL) & (first >= GOAL / 2)

    def lift(who: np.ndarray) -> float:
        return float(ours[who].sum() / theirs[who].sum()) - 1.0

    return float(reached[base].mean()), lift(near), lift(reached)


LADDER = (
    "programme.tiers={failure_by_tier: 1, levels: "
    f"{{silver: {{from: 40 visits}}, gold: {{from: {GOAL} visits}}}}}}"
)


def by_status(replication: int) -> float:
    """Visits of the third year over those without tiers, of who held silver and missed gold in the second
    though near, less the same of who held nothing and missed silver.
    """
    programme, twin = followed("living", *SMALL, "horizon=36 months", LADDER, replication=replication)
    base = (programme.customers["base"] == 1) & (programme.customers["exits"] > 730.0)
    first, second = visits_in_year(programme, 1), visits_in_year(programme, 2)
    ours, theirs = visits_in_year(programme, 3), visits_in_year(twin, 3)

    def lift(who: np.ndarray) -> float:
        return float(ours[who].sum() / theirs[who].sum()) - 1.0

    silver = base & (first >= 40) & (first < GOAL) & (second >= GOAL / 2) & (second < GOAL)
    none = base & (first < 40) & (second >= 20) & (second < 40)
    return lift(silver) - lift(none)


def r22(replications: int) -> list[Fact]:
    """R22: a goal that a fifth reach; who misses it buys less afterwards."""
    found = np.array([after_a_goal(k) for k in range(replications)]).T
    n, source = f"{replications} x 1,500 customers at the start", "Wang et al. 2016, 95,532 members"
    given = "goal (visits a year), on the line above; change of pace by default, -3 %"
    ranked = tuple(by_status(k) for k in range(replications))
    return [
        Fact("R22", "exact", "customers who reach the goal", "goal (visits a year), on this", 0.18, 0.22,
             f".20 ({source})", tuple(found[0]), n, 102),
        Fact("R22", "shape", "visits of the next year of who missed it though near, over without, less 1",
             given, -INF, 0.0, f"below 0 ({source})", tuple(found[1]), n, 102),
        Fact("R22", "shape", "the same of those who reached it", given, 0.0, INF, f"above 0 ({source})",
             tuple(found[2]), n, 102),
        Fact("R22", "exact",
             "the same of who held silver and missed gold, less of who held none and missed silver",
             "a failure that grows by once for each tier held (`failure_by_tier`, not the default)",
             -INF, 0.0, f"below 0: high status is hurt most ({source})", ranked, n, 102),
    ]  # fmt: skip


def after_a_fall(replication: int, months: int) -> float:
    """Standing of the demoted, less that of the same customers in a world without tiers, CSI points."""
    horizon = (f"horizon={24 + months} months", gold(60, 5.0))
    programme, twin = followed("living", *SMALL, *horizon, replication=replication)
    at_home = (programme.customers["home"] == FIRM) & (twin.customers["home"] == FIRM)
    fell = at_home & (programme.ranks["fell"] > 720.0) & (programme.ranks["tier"] == 0)
    change = programme.customers["standing"] - twin.customers["standing"]
    return float(change[fell & (programme.customers["present"] == 1)].mean())


def r23(replications: int) -> list[Fact]:
    """R23: who is demoted stands below who was never promoted."""
    n, source = f"{replications} x 1,500 customers at the start", "Wagner, Hennig-Thurau & Rudolph 2009"
    given = "status 5 points; a loss hurts twice, by default"
    rows = []
    for months, when in ((1, "a month after a demotion"), (12, "a year after it")):
        found = tuple(after_a_fall(k, months) for k in range(replications))
        rows.append(Fact(
            "R23", "shape", f"standing {when}, less that of the same customers never promoted", given, -INF,
            0.0,
            f"below 0 ({source})", found, n, 102,
        ))  # fmt: skip
    return rows
