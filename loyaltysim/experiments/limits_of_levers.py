"""The largest value of a lever at which the budget holds: found on common luck, checked on fresh luck."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.budget import budget
from loyaltysim.metrics.statistics import Estimate
from loyaltysim.scenario.levers import between
from loyaltysim.scenario.load import altered
from loyaltysim.scenario.suggestions import hint

if TYPE_CHECKING:
    from loyaltysim.scenario.load import Loaded

HALVINGS = 6  # of the lever's range: to a 64th of it
FRESH = 1_000_003  # added to the seed for luck that the search has not seen


@dataclass(frozen=True)
class Looked:
    """A value of the lever and the chance of overspending there."""

    share: float  # of the way from one end to the other
    value: str
    overspent: float


@dataclass(frozen=True)
class Largest:
    """What the search found."""

    path: str
    confidence: float
    value: str | None
    """None: not even the lowest value keeps the budget."""
    checked: Estimate | None
    """Chance of overspending at that value on fresh luck."""
    looked: list[Looked] = field(default_factory=list)
    """In the order of the lever."""

    @property
    def rising(self) -> bool:
        """Whether the chance never falls with the lever, as the search supposes."""
        chances = [one.overspent for one in self.looked]
        return chances == sorted(chances)

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "path": self.path,
            "confidence": self.confidence,
            "value": self.value,
            "overspent": None if self.checked is None else self.checked._asdict(),
            "looked": [{"value": one.value, "overspent": one.overspent} for one in self.looked],
            "rising": self.rising,
        }


def largest(loaded: Loaded, path: str, **how: Any) -> Largest:
    """The largest value of a lever that keeps P(cost ≤ budget) at the asked confidence.

    Halves the range on common luck, supposing that a higher value costs more; that is told if it is seen to
    be otherwise. The chance at the value found is that of fresh luck, since the search has chosen it. `how`
    goes on to `budget`.
    """
    levers = loaded.scenario.levers
    if path not in levers:
        raise UsageError(f"--lever {path}: the scenario has no such lever; {hint(path, list(levers))}")
    if path in loaded.scenario.uncertainties:
        raise UsageError(
            f"--lever {path}: it is drawn anew in every replication; take it out of 'uncertainties'"
        )
    asked = loaded.scenario.finance.budget
    assert asked is not None
    seen: dict[str, Looked] = {}

    def look(share: float) -> Looked:
        value = between(path, levers[path], share)
        if value not in seen:
            chance = budget(altered(loaded, {path: value}), **how).dearest.overspent.estimate
            assert chance is not None
            seen[value] = Looked(share, value, chance)
        return seen[value]

    def holds(share: float) -> bool:
        return look(share).overspent <= 1.0 - asked.confidence + 1e-12

    best: float | None = None
    if holds(1.0):
        best = 1.0
    elif holds(0.0):
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (middle, high) if holds(middle) else (low, middle)
        best = low
    looked = sorted(seen.values(), key=lambda one: one.share)
    if best is None:
        return Largest(path, asked.confidence, None, None, looked)
    value = look(best).value
    fresh = {**how, "seed": (how.get("seed") or loaded.scenario.seed) + FRESH}
    checked = budget(altered(loaded, {path: value}), **fresh).dearest.overspent
    return Largest(path, asked.confidence, value, checked, looked)
