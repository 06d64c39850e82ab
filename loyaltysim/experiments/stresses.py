"""Stresses of a budget: documented changes of the scenario, lived on the draws and luck of the plan.

Each says in words what it changes, and sets values at paths, as `--set` would. What is not known is drawn as
before; a stress that would set a number that is drawn itself is not lived, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import ScenarioError
from loyaltysim.experiments.budget import budget, require_enough
from loyaltysim.metrics.budget import Tail, tail
from loyaltysim.metrics.statistics import Estimate, mean_interval
from loyaltysim.metrics.summary import LEVEL
from loyaltysim.scenario.load import altered
from loyaltysim.scenario.quantities import written_qualification
from loyaltysim.scenario.writing import plain, written_share

if TYPE_CHECKING:
    from loyaltysim.experiments.budget import Budgeted
    from loyaltysim.scenario.spec import Scenario

FEWEST = 200
Change = dict[str, str]
"""Values as written, by path."""


@dataclass(frozen=True)
class Stressed:
    """A stress, what it changes, and what became of the dearest year; or why it was not lived."""

    name: str
    what: str
    change: Change
    replications: int
    tail: Tail | None = None
    more: Estimate | None = None
    """Cost of the dearest year beyond that of the plan, paired."""
    why_not: str = ""

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        figures = {} if self.tail is None else {n: e._asdict() for n, e in self.tail._asdict().items()}
        more = None if self.more is None else self.more._asdict()
        head = {"name": self.name, "what": self.what, "set": self.change, "replications": self.replications}
        return {**head, **figures, "more_than_plan": more, "not_lived": self.why_not or None}


def stressed(found: Budgeted, replications: int = FEWEST, **how: Any) -> list[Stressed]:
    """Every stress that the scenario allows, each lived `replications` times; `how` goes on to `budget`."""
    n = min(replications, len(found.costs))
    require_enough(n, found.budget.confidence)
    return [live(found, n, *stress, **how) for stress in stresses(found.loaded.scenario)]


def live(plan: Budgeted, n: int, name: str, what: str, change: Change, **how: Any) -> Stressed:
    """One stress beside the first replications of the plan, which live the same draws with the same luck."""
    drawn = [path for path in change if path in plan.loaded.scenario.uncertainties]
    if drawn:
        return Stressed(name, what, change, n, why_not=f"{drawn[0]} is drawn itself")
    try:
        other = altered(plan.loaded, change)
    except ScenarioError as error:
        return Stressed(name, what, change, n, why_not=str(error).splitlines()[0])
    costs = budget(other, replications=n, seed=plan.seed, **how).costs.max(axis=1)
    apart = (costs - plan.costs[:n].max(axis=1)).tolist()
    figures = tail(costs.tolist(), plan.amount, plan.budget.confidence, LEVEL, plan.seed)
    return Stressed(name, what, change, n, figures, mean_interval(apart, LEVEL))


# ---------------------------------------------------------------- what is changed


def stresses(scenario: Scenario) -> Iterator[tuple[str, str, Change]]:
    """Name, words and changes of every stress that has a place in this scenario."""
    for name, make in STRESSES.items():
        made = make(scenario)
        if made is not None:
            yield (name, *made)


Made = tuple[str, Change] | None


def devaluation(scenario: Scenario) -> Made:
    """A run before a devaluation."""
    points = scenario.programme.points if scenario.programme else None
    if points is None or points.changes:
        return None
    at, told = 9, 6
    worth = f"{plain(points.worth.amount / 2)} {points.worth.currency}"
    what = f"points lose half their worth in month {at}, told in month {told}; customers weigh the loss fully"
    return what, {
        "programme.points.changes": f"[{{announced: month {told}, at: month {at}, worth: {worth}, rush: 1}}]"
    }


def surge(scenario: Scenario) -> Made:
    """A surge of redemptions."""
    points = scenario.programme.points if scenario.programme else None
    if points is None:
        return None
    what = "redeeming costs no trouble and is worth its face value; all points are expected to be used"
    return what, {
        "programme.points.hassle": f"0 {scenario.currency}",
        "programme.points.valuation": "1",
        "finance.point.redeemed": "100 %",
    }


def closure(scenario: Scenario) -> Made:
    """The programme is closed, and its points run off."""
    points = scenario.programme.points if scenario.programme else None
    if points is None or points.changes:
        return None
    per = points.earn.currency or points.earn.per
    what = "told in month 6, nothing is earned from month 9 on; points held stay good, all are expected used"
    return what, {
        "programme.points.changes": f"[{{announced: month 6, at: month 9, earn: 0 / {per}}}]",
        "finance.point.redeemed": "100 %",
    }


def match(scenario: Scenario) -> Made:
    """The strongest rival matches the programme."""
    points = scenario.programme.points if scenario.programme else None
    if points is None or not scenario.rivals or points.earn.per == "visit":
        return None
    worth = min(Decimal(1), points.earn.points * points.worth.amount)
    levels = {n: sum(a.level for a in r.attributes.values()) for n, r in sorted(scenario.rivals.items())}
    name = max(levels, key=lambda one: levels[one])
    what = f"{name} rewards purchases as we do, {written_share(float(worth))} of the price"
    return what, {f'rivals."{name}".rewards': written_share(float(worth))}


def inflation(scenario: Scenario) -> Made:
    """Costs rise."""
    costs, programme = scenario.firm.costs, scenario.programme
    dearer = Decimal("1.1")
    change = {"firm.costs.goods": written_share(min(1.0, costs.goods * 1.1))}
    if programme is not None and programme.fixed is not None:
        fixed = plain(programme.fixed.amount * dearer)
        change["programme.fixed"] = f"{fixed} {programme.fixed.currency}/month"
    if programme is not None and programme.points is not None and programme.points.fulfilment is not None:
        paid = programme.points.fulfilment
        change["programme.points.fulfilment"] = f"{plain(paid.amount * dearer)} {paid.currency}"
    return "goods, handing out rewards and the programme's fixed cost are a tenth dearer", change


def overqualified(scenario: Scenario) -> Made:
    """More customers qualify than planned."""
    programme = scenario.programme
    if programme is None:
        return None
    if programme.tiers is not None:
        levels = programme.tiers.levels
        lower = {
            f'programme.tiers.levels."{name}".from': written_qualification(
                tier.start._replace(amount=Decimal(round(tier.start.amount * 3 / 4)) or Decimal(1))
            )
            for name, tier in levels.items()
        }
        return "the thresholds of all tiers lie a quarter lower than planned", lower
    if programme.points is None:
        return None
    points = programme.points
    per = points.earn.currency or points.earn.per
    what = "every purchase earns a quarter more points than planned"
    return what, {"programme.points.earn": f"{plain(points.earn.points * Decimal('1.25'))} / {per}"}


STRESSES: dict[str, Callable[[Scenario], Made]] = {
    "run before devaluation": devaluation,
    "redemption surge": surge,
    "closure with run-off": closure,
    "rival's match": match,
    "cost inflation": inflation,
    "over-qualification": overqualified,
}
