"""The file of targets: what figures are known, and which values of the scenario are to be solved for.

    scenario: coffee.yaml
    targets:
      - {kpi: retention_12m, arm: twin, value: 84 %, within: 1 %}
      - {kpi: purchases, value: 5 %, within: 1 %, response: {rivals.Kiosk.offers: [...]}}
    solve:
      threshold: {paths: [market.segments.a.threshold.mean, …b.threshold.mean], from: 30, to: 60}
      market.segments.a.switching_cost: {from: 0, to: 10}

A target with a `response` is the change of the figure, as a share of itself, that these overrides cause.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from loyaltysim.errors import ScenarioError
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.scenario.levers import form_at, text_of
from loyaltysim.scenario.marks import Findings, Node, on_one_line
from loyaltysim.scenario.quantities import Count, Ratio
from loyaltysim.scenario.reading import Dial
from loyaltysim.scenario.spec import Lever
from loyaltysim.scenario.spec.base import Spec
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.tree import read_text

MOST_BYTES = 2**20


class Target(Spec):
    """A figure that is known."""

    kpi: str
    """Name of the figure."""
    arm: Literal["programme", "twin", "effect"] = "twin"
    """Whose figure: with the programme, without it, or the difference."""
    value: Ratio
    """What it is, in the unit of the figure; of a response, the change as a share."""
    within: Annotated[Ratio, Field(gt=0)]
    """How well it is known: values this far away fit as well."""
    response: dict[str, Any] | None = None
    """Overrides; the target is then by which share of itself they change the figure."""

    @field_validator("kpi")
    @classmethod
    def is_known(cls, kpi: str) -> str:
        """The catalogue knows the figure."""
        if kpi not in CATALOGUE:
            raise ValueError(f"no such figure: '{kpi}'; {hint(kpi, list(CATALOGUE))}")
        return kpi

    @property
    def name(self) -> str:
        """In words."""
        return f"{self.kpi} ({self.arm})" + (", response" if self.response else "")

    @property
    def overrides(self) -> tuple[str, ...]:
        """What a response is the response to."""
        return tuple(f"{path}={json.dumps(value)}" for path, value in (self.response or {}).items())


class Unknown(Lever):
    """A value to be solved for, between two ends; perhaps the same at several places."""

    paths: tuple[str, ...] = ()
    """The places; absent: the name is the path."""


class Asked(Spec):
    """The whole file."""

    scenario: str
    """The scenario, beside this file."""
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]
    """What is known."""
    solve: Annotated[dict[str, Unknown], Field(min_length=1)]
    """What is not."""
    replications: Annotated[Count, Field(ge=1, le=1000)] = 10
    """Replications of each market, on the same luck."""


@dataclass(frozen=True)
class Moved:
    """One value to be solved for."""

    name: str
    paths: tuple[str, ...]
    low: Dial
    high: Dial

    def text(self, share: float) -> str:
        """The value at this share of the way from one end to the other, six digits."""
        span = float(self.high.number - self.low.number)
        number = type(self.low.number)(f"{float(self.low.number) + share * span:.6g}")
        return text_of(form_at(self.paths[0]), Dial(number, self.high.unit))

    def overrides(self, share: float) -> tuple[str, ...]:
        """The same as words of `--set`."""
        text = self.text(share)
        return tuple(f"{path}={text}" for path in self.paths)


@dataclass(frozen=True)
class Problem:
    """What is to be solved."""

    scenario: Path
    targets: tuple[Target, ...]
    moved: tuple[Moved, ...]
    replications: int

    def overrides(self, shares: Any) -> tuple[str, ...]:
        """All values at once."""
        return tuple(
            word
            for one, share in zip(self.moved, shares, strict=True)
            for word in one.overrides(float(share))
        )


def read_targets(path: Path) -> Problem:
    """The problem that a file states; its first fault as one line with its place."""
    shown = on_one_line(str(path))
    try:
        text = path.read_bytes()[: MOST_BYTES + 1].decode("utf-8-sig")
    except OSError as error:
        raise ScenarioError(f"{shown}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{shown}: not UTF-8 text; save the file as UTF-8") from None
    if len(text) > MOST_BYTES:
        raise ScenarioError(f"{shown}: larger than 1 MiB; a list of targets is not")
    found = Findings()
    tree = read_text(text, shown, found)
    if found.problems:
        raise found.failure()
    try:
        asked = Asked.model_validate(tree.plain())
    except ValidationError as error:
        first = error.errors()[0]
        place = [step for step in first["loc"] if isinstance(step, str | int)]
        told = on_one_line(first["msg"].removeprefix("Value error, "))
        raise _fault(tree, place, told) from None
    for name, one in asked.solve.items():
        try:
            for place_ in one.paths or (name,):
                for end in (one.low, one.high):
                    text_of(form_at(place_), end)
        except ValueError as error:
            raise _fault(tree, ["solve", name], str(error)) from None
    moved = tuple(Moved(name, one.paths or (name,), one.low, one.high) for name, one in asked.solve.items())
    return Problem(path.parent / asked.scenario, asked.targets, moved, asked.replications)


def _fault(tree: Node, place: list[str | int], told: str) -> ScenarioError:
    """A fault with line and column of what stands at a place, or above it."""
    node = tree
    for step in place:
        below = node.child(step)
        if below is None:
            break
        node = below
    return ScenarioError(f"{node.mark}: {'.'.join(map(str, place))}: {told}")
