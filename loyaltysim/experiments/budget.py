"""Does the programme stay within its budget? Every replication lives a draw of its own of what is not known.

Cost is that of a budget year, as `finance.budget` counts it. A year is overspent where its cost exceeds the
amount; the *dearest year* of a replication decides whether the budget holds. A fifth of the replications is
lived once more with other luck: what differs then is luck alone, and tells it from what is not known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysim.errors import UsageError
from loyaltysim.experiments.engine import chosen, threads_for
from loyaltysim.experiments.files import csv_bytes
from loyaltysim.experiments.lives import Asked
from loyaltysim.experiments.manifest import identity_of, manifest_of
from loyaltysim.experiments.moves import by_number
from loyaltysim.experiments.outer import outer_of, terms_of_each
from loyaltysim.experiments.resources import require
from loyaltysim.experiments.run import Progress, clamped, cores, need_of, ready, replicated
from loyaltysim.experiments.spread import drawn_shares, real_year, split_of
from loyaltysim.experiments.store import as_json, opened
from loyaltysim.experiments.task import Plan
from loyaltysim.metrics.budget import Tail, fewest, monthly_cost, runs_dry, tail
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.real_market import Real
from loyaltysim.metrics.statistics import Estimate, quantile_interval, share_interval
from loyaltysim.metrics.summary import LEVEL, estimate, sample
from loyaltysim.metrics.terms import Terms, in_minor_units, terms_of

if TYPE_CHECKING:
    from loyaltysim.scenario.load import Loaded
    from loyaltysim.scenario.spec import Budget

REPLICATIONS = 1_000
AGAIN = 5  # one in so many replications is lived once more
MOST_AGAIN = 200
MUCH = 0.1  # part of what is not known that no regression places, from which on its shape matters


@dataclass(frozen=True)
class Verdict:
    """One threshold, the figure it is about, and whether it is met."""

    name: str
    limit: float
    found: Estimate
    unit: str
    met: bool


@dataclass(frozen=True)
class Budgeted:
    """What was found of a budget."""

    loaded: Loaded
    seed: int
    engine: str
    amount: float
    """Of a budget year, in the currency."""
    costs: np.ndarray
    """Cost by replication and budget year, as the real market spreads it; float64 (replications, years)."""
    years: list[Tail]
    dearest: Tail
    """Of the dearest year of each replication."""
    dry: Estimate
    """Replications in which a year's budget was spent before the year was over."""
    split: dict[str, Any] | None
    """The dearest year's spread by luck and by what is not known; None where nothing is unknown."""
    moves: list[dict[str, Any]]
    verdicts: list[Verdict]
    warnings: list[str]
    measured: list[Measured] = field(default_factory=list, repr=False)
    """What was measured of each replication, those lived once more behind the others."""

    @property
    def digests(self) -> list[str]:
        """Of each replication's record."""
        return [one.digest for one in self.measured]

    @property
    def go(self) -> bool:
        """Whether every threshold is met."""
        return all(one.met for one in self.verdicts)

    @property
    def budget(self) -> Budget:
        """The budget of the scenario."""
        budget = self.loaded.scenario.finance.budget
        assert budget is not None
        return budget

    def to_json(self) -> dict[str, Any]:
        """The result as `--json` prints it."""
        budget = self.budget
        return {
            "scenario": self.loaded.scenario.name,
            "scenario_sha256": self.loaded.text_hash,
            "seed": self.seed,
            "replications": len(self.costs),
            "go": self.go,
            "budget": {
                "amount_a_year": self.amount,
                "counts": budget.counts,
                "when_dry": budget.when_dry,
                "confidence": budget.confidence,
                "unit": self.loaded.scenario.currency,
            },
            "dearest_year": told_of(self.dearest, self.amount),
            "years": [{"year": n, **told_of(one, self.amount)} for n, one in enumerate(self.years, start=1)],
            "runs_dry": self.dry._asdict(),
            "split": self.split,
            "moves": self.moves,
            "verdicts": [
                {
                    "name": one.name,
                    "limit": one.limit,
                    **one.found._asdict(),
                    "unit": one.unit,
                    "met": one.met,
                }
                for one in self.verdicts
            ],
            "warnings": self.warnings,
        }


def told_of(one: Tail, amount: float) -> dict[str, Any]:
    """A year as `--json` prints it; `at_risk` is the quantile less the budget."""
    at_risk = None if one.quantile.estimate is None else one.quantile.estimate - amount
    return {**{name: found._asdict() for name, found in one._asdict().items()}, "at_risk": at_risk}


def budget(
    loaded: Loaded,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> Budgeted:
    """Live the budget so many times (1,000 unless told otherwise), each with its own draw, and judge it.

    Raises UsageError where the scenario has no budget, or where so few replications cannot carry the
    quantile at the asked confidence with its interval.
    """
    scenario = loaded.scenario
    if scenario.finance.budget is None:
        raise UsageError(
            f"budget: {loaded.path} has no budget; add 'finance: {{budget: {{amount: 40000 EUR/year}}}}'"
        )
    own = REPLICATIONS if replications is None else replications
    require_enough(own, scenario.finance.budget.confidence)
    seed = scenario.seed if seed is None else seed
    again = 0 if not scenario.uncertainties else min(own // AGAIN, MOST_AGAIN)
    count = own + again
    processes, notices = clamped(workers, count)
    outer = outer_of(loaded, seed)
    plan = Plan(
        scenario,
        loaded.text_hash,
        seed,
        chosen(engine, scenario, count),
        threads_for(scenario, cores(), processes),
        outer=None if outer is None else replace(outer, own=own),
    )
    folder = None if out is None else Path(out)
    if resume and folder is None:
        raise UsageError("to resume, say where the replications were kept: --out DIR")
    terms = terms_of_each(scenario, plan.outer, range(own))  # refused here where a draw is no scenario
    need = need_of(plan, count, processes, Asked())
    require(need, folder, force)
    ready(plan.engine, need, notify or (lambda text: None))
    began = time.time()
    identity = {**identity_of(plan), "budget": f"{own} draws"}
    place = nullcontext(None) if folder is None else opened(folder, identity, scenario.name, resume)
    with place as store:
        try:
            measured, _ = replicated(plan, count, processes, store, progress)
        except KeyboardInterrupt:
            if store is not None:
                store.interrupted(manifest_of(loaded, plan, count, "interrupted", began))
            raise
        found = concluded(loaded, plan, measured, terms, notices)
        if store is not None:
            files = {"budget.json": as_json(found.to_json()), "budget.csv": table(found)}
            store.finish(files, manifest_of(loaded, plan, count, "complete", began))
    return found


def require_enough(replications: int, confidence: float) -> None:
    """Raise UsageError where so few replications cannot carry the quantile with its interval."""
    if replications < (least := fewest(confidence, LEVEL)):
        raise UsageError(
            f"budget: {replications} replications cannot carry the {100 * confidence:g} % quantile of the "
            f"cost with its interval; at least {least} can, {REPLICATIONS:,} are advised"
        )


def concluded(
    loaded: Loaded, plan: Plan, measured: Sequence[Measured], drawn: Sequence[Terms], notices: Sequence[str]
) -> Budgeted:
    """The figures, the split and the verdicts of all replications; `drawn`: the terms of each draw."""
    scenario, terms, own = loaded.scenario, terms_of(loaded.scenario), len(drawn)
    asked = scenario.finance.budget
    assert asked is not None
    amount = 12.0 * in_minor_units(asked.amount, terms.money_unit) / terms.money_unit
    months = costs_of(measured, drawn, asked.counts)
    lived = months.sum(axis=2)
    dry = sum(1 for cost in months[:own] if runs_dry(cost, amount))
    raw, repeated = lived[:own], lived[own:]
    raw = np.column_stack([raw, raw.max(axis=1)])
    repeated = np.column_stack([repeated, repeated.max(axis=1)])
    shares = None if plan.outer is None else drawn_shares(plan.outer, own)
    real = [real_year(*both, terms.scale, shares, plan.seed) for both in zip(raw.T, repeated.T, strict=True)]
    tails = [
        tail(
            one.costs.tolist(), amount, asked.confidence, LEVEL, plan.seed, simulated.tolist(), one.resampled
        )
        for (one, _), simulated in zip(real, raw.T, strict=True)
    ]
    dearest, parts = raw[:, -1], real[-1][1]
    moved = [] if plan.outer is None else by_number(plan.outer, dearest.tolist())
    return Budgeted(
        loaded=loaded,
        seed=plan.seed,
        engine=plan.engine,
        amount=amount,
        costs=np.column_stack([one.costs for one, _ in real[:-1]]),
        years=tails[:-1],
        dearest=tails[-1],
        dry=share_interval(dry, own, LEVEL),
        split=None if parts is None else split_of(parts, terms.scale),
        moves=moved,
        verdicts=verdicts(asked, tails[-1], measured[:own], terms, amount),
        warnings=[*notices, *cautions(plan, terms, real[-1][0])],
        measured=list(measured),
    )


def costs_of(measured: Sequence[Measured], drawn: Sequence[Terms], counts: str) -> np.ndarray:
    """Cost by replication, budget year and month, each under the terms of its draw; three axes."""
    return np.array([monthly_cost(one, drawn[one.replication % len(drawn)], counts) for one in measured])


def verdicts(
    asked: Budget, dearest: Tail, measured: Sequence[Measured], terms: Terms, amount: float
) -> list[Verdict]:
    """Every threshold, judged by the worse end of its interval."""
    limits = asked.limits
    most = 1.0 - asked.confidence if limits.overspend is None else limits.overspend
    chance = dearest.overspent
    found = [Verdict("overspend", most, chance, "share", chance.high is not None and chance.high <= most)]
    if limits.roi is not None:
        roi = estimate(CATALOGUE["programme_roi"], "effect", measured, LEVEL)
        found.append(Verdict("roi", limits.roi, roi, "ratio", roi.low is not None and roi.low >= limits.roi))
    if limits.liability is not None:
        most = in_minor_units(limits.liability, terms.money_unit) / terms.money_unit
        parts = sample(CATALOGUE["economic_liability_end"], "programme", measured)
        owed = quantile_interval([p.numerator for p in parts if p is not None], asked.confidence, LEVEL)
        found.append(
            Verdict("liability", most, owed, terms.currency, owed.high is not None and owed.high <= most)
        )
    return found


def cautions(plan: Plan, terms: Terms, dearest: Real) -> list[str]:
    """What makes the risk look smaller, or other, than it is."""
    told = []
    if plan.outer is None:
        told.append(
            "the scenario names no 'uncertainties': only the customers' luck is counted, which understates "
            "the risk of a budget grossly"
        )
    if dearest.unexplained > MUCH:
        told.append(
            f"each simulated customer stands for {terms.scale:g}, and {dearest.unexplained:.0%} of what the "
            "drawn numbers do to the cost is no smooth function of them: that part cannot be told from luck "
            "one by one, so that quantiles may be off; simulate more customers"
        )
    return told


def table(found: Budgeted) -> bytes:
    """budget.csv: cost by replication and budget year."""
    rows = (
        (str(number), str(year), repr(float(cost)))
        for number, row in enumerate(found.costs)
        for year, cost in enumerate(row, start=1)
    )
    return csv_bytes(("replication", "year", "cost"), rows)
