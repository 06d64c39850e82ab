"""The outer loop: each draw of what is not known is one scenario, lived by one or several replications.

Replication r lives draw r // R, R = `replications_per_draw`; its luck is that of replication r, as ever. So
both arms of a replication, and all files that are compared, share the draw. Draws come in Latin hypercubes of
20 (McKay, Beckman & Conover 1979), one after the other: more replications add draws and change none. A
number's column is keyed by the seed and its path (or the word it is drawn `together` with): a further
uncertain number changes the draws of no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import ScenarioError
from loyaltysim.scenario.marks import Findings, Node, ScenarioFaults

if TYPE_CHECKING:
    from loyaltysim.metrics.terms import Terms
    from loyaltysim.scenario.load import Loaded
    from loyaltysim.scenario.spec import Scenario

CUBE = 20  # draws of one Latin hypercube


@dataclass(frozen=True)
class Outer:
    """The draws of one scenario."""

    scenario: Scenario
    tree: Node
    file: str
    seed: int
    curve: Mapping[str, Any]
    """Fields of `loyalty` that the run sets, whatever is drawn."""
    own: int = 0
    """So many replications have a draw of their own, and those after them live the same draws again with
    other luck; 0: `replications_per_draw` share a draw."""

    @property
    def each(self) -> int:
        """Replications of one draw, one after the other."""
        return 1 if self.own else self.scenario.replications_per_draw

    def draw_of(self, replication: int) -> int:
        """The draw that a replication lives."""
        return replication % self.own if self.own else replication // self.each

    def draws(self, replications: int) -> int:
        """The number of draws that so many replications live."""
        return -(-replications // self.each)

    def shares(self, draw: int) -> dict[str, float]:
        """How far along its law, 0 to 1, each uncertain number is drawn."""
        laws = self.scenario.uncertainties
        return {
            path: column(self.seed, key_of(path, law.together), draw // CUBE)[draw % CUBE]
            for path, law in laws.items()
        }

    def settings(self, draw: int) -> dict[str, str]:
        """The drawn values, as written, by path."""
        from loyaltysim.scenario.uncertain import drawn_at

        laws = self.scenario.uncertainties
        return {path: drawn_at(path, laws[path], share) for path, share in self.shares(draw).items()}

    def at(self, draw: int) -> Scenario:
        """The scenario of one draw; ScenarioError where the drawn values do not fit together."""
        settings = self.settings(draw)
        found = Findings()
        scenario = changed(self.tree, settings, found)
        if scenario is None:
            told = ", ".join(f"{path} = {value}" for path, value in settings.items())
            why = str(ScenarioFaults(found.problems[:1], {}))
            raise ScenarioError(f"{self.file}: uncertainties: draw {draw} ({told}) is no scenario: {why}")
        if not self.curve or scenario.loyalty is None:
            return scenario
        return scenario.model_copy(update={"loyalty": scenario.loyalty.model_copy(update=self.curve)})


def outer_of(loaded: Loaded, seed: int) -> Outer | None:
    """The outer loop of a scenario; None where all is known."""
    if not loaded.scenario.uncertainties:
        return None
    return Outer(loaded.scenario, loaded.tree, str(loaded.path), seed, curve_of(loaded))


def key_of(path: str, together: str | None) -> str:
    """What a column of draws is keyed by."""
    return f"path {path}" if together is None else f"together {together}"


@lru_cache(maxsize=1024)
def column(seed: int, key: str, cube: int) -> tuple[float, ...]:
    """One column of a Latin hypercube: a share in each twentieth, in an order of its own."""
    import numpy as np
    from scipy.stats import qmc

    named = hashlib.sha256(f"{seed}\n{key}\n{cube}".encode()).digest()
    generator = np.random.default_rng(int.from_bytes(named[:16], "little"))
    return tuple(qmc.LatinHypercube(1, seed=generator).random(CUBE)[:, 0].tolist())


def changed(tree: Node, settings: Mapping[str, str], found: Findings) -> Scenario | None:
    """The scenario of a tree with these values set, and all known; None, with the faults noted, if none."""
    from loyaltysim.scenario.form import ROOT
    from loyaltysim.scenario.overrides import overridden
    from loyaltysim.scenario.shape import mended
    from loyaltysim.scenario.values import judged

    for path, text in settings.items():
        tree = overridden(tree, f"{path}={text}", found)
    assert isinstance(tree.value, dict)
    known = Node({k: v for k, v in tree.value.items() if k != "uncertainties"}, tree.mark, tree.key)
    shaped = mended(known, ROOT, (), found)
    scenario = judged(shaped, found) if shaped and not found.problems else None
    return None if found.problems else scenario


def terms_of_each(scenario: Scenario, outer: Outer | None, replications: Iterable[int]) -> list[Terms]:
    """The terms under which each replication is valued: those of the draw that it lives."""
    from loyaltysim.metrics.terms import terms_of

    if outer is None:
        plain = terms_of(scenario)
        return [plain for _ in replications]
    known: dict[int, Terms] = {}
    found = []
    for number in replications:
        draw = outer.draw_of(number)
        if draw not in known:
            known[draw] = terms_of(outer.at(draw))
        found.append(known[draw])
    return found


def curve_of(loaded: Loaded) -> dict[str, Any]:
    """What a curve of loyalty that no file says (`--theory`) has put in the place of the scenario's own."""
    own = changed(loaded.tree, {}, Findings())
    ours = loaded.scenario.loyalty
    if own is None or own.loyalty is None or ours is None:
        return {}
    return {name: value for name, value in ours if value != getattr(own.loyalty, name)}


def require_sound(outer: Outer | None, replications: int) -> None:
    """Raise, before anything is simulated, where a draw is no scenario."""
    if outer is not None:
        for draw in range(outer.draws(replications)):
            outer.at(draw)


# ---------------------------------------------------------------- what is told of the draws


def draws_table(outer: Outer, replications: int) -> bytes:
    """draws.csv: the value of every uncertain number in every draw."""
    from loyaltysim.experiments.files import cell, csv_bytes

    rows = (
        (str(draw), cell(path), cell(value))
        for draw in range(outer.draws(replications))
        for path, value in outer.settings(draw).items()
    )
    return csv_bytes(("draw", "path", "value"), rows)


def inputs(outer: Outer) -> list[dict[str, str]]:
    """Each uncertain number with its law, and the values between which it lies with 95 %."""
    from loyaltysim.scenario.uncertain import drawn_at

    laws = outer.scenario.uncertainties
    return [
        {"path": path, "law": law.law, "low": drawn_at(path, law, 0.025), "high": drawn_at(path, law, 0.975)}
        for path, law in laws.items()
    ]
