"""Values of a scenario with the place they were written at, the faults found there, and dotted paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from loyaltysim.errors import ScenarioError

Path = tuple[str | int, ...]
"""Where a value stands: keys of mappings and indices of lists, from the top."""

Fault = tuple[Path, str]
"""What is wrong at a place, and what would do."""


@dataclass(frozen=True)
class Mark:
    """A place in a file, counted from 1; line 0 is the file as a whole, or an override."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Node:
    """A value with the place where it, and its key, were written."""

    value: Any
    """A scalar, a dict of nodes or a list of nodes."""
    mark: Mark
    key: Mark | None = None
    text: str = ""
    """A scalar as it was written."""
    range: Node | None = None
    """Of an annotated number: the range it may lie in."""
    source: Node | None = None
    """Of an annotated number: where it comes from."""
    broken: bool = False
    """Whether a fault has been reported here, so that others at the same place are only its echo."""
    height: int = 1
    """Levels of nesting, this one included."""
    size: int = 1
    """Values in this one, itself included."""

    def plain(self) -> Any:
        """The bare value."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, step: str | int) -> Node | None:
        """The node one step down, if there is one."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def with_child(self, step: str | int, child: Node) -> Node:
        """The same node with one child put in or replaced."""
        if isinstance(self.value, dict):
            return replace(self, value={**self.value, step: child})
        assert isinstance(step, int)
        return replace(self, value=[*self.value[:step], child, *self.value[step + 1 :]])

    @property
    def annotated(self) -> bool:
        """Whether the value was written as an annotated number."""
        return self.range is not None or self.source is not None


@dataclass(frozen=True)
class Problem:
    """One fault: where it is written, what it concerns, what is wrong and what would do."""

    mark: Mark
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.mark), self.path, self.message) if part)


class ScenarioFaults(ScenarioError):
    """All faults of a scenario, in the order of their places; the text lists them, one a line."""

    def __init__(self, problems: Iterable[Problem], sources: Mapping[str, str]) -> None:
        order = {file: number for number, file in enumerate(sources)}
        self.problems = tuple(
            sorted(
                dict.fromkeys(problems),
                key=lambda p: (order.get(p.mark.file, len(order)), p.mark.line, p.mark.column, p.path),
            )
        )
        super().__init__("\n".join(_with_source(p, sources.get(p.mark.file, "")) for p in self.problems))


MOST_FAULTS = 200


@dataclass
class Findings:
    """Where faults are collected while a scenario is read, with the text of every file read."""

    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def add(self, mark: Mark, path: Path, message: str) -> None:
        """Note a fault and go on, unless there are so many that nobody reads on."""
        if len(self.problems) >= MOST_FAULTS:
            raise self.stop(mark, (), f"more than {MOST_FAULTS} faults; the others are not looked for")
        self.problems.append(Problem(mark, dotted(path), on_one_line(message)))

    def stop(self, mark: Mark, path: Path, message: str) -> ScenarioFaults:
        """The exception for a fault after which reading cannot go on."""
        self.problems.append(Problem(mark, dotted(path), on_one_line(message)))
        return self.failure()

    def failure(self) -> ScenarioFaults:
        """The exception that carries everything found."""
        return ScenarioFaults(self.problems, self.sources)


def on_one_line(text: str, most: int = 2_000) -> str:
    """Text from a file as a message may show it: printable, on one line, and not endless."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:most])
    return shown if len(text) <= most else f"{shown}…"


def _with_source(problem: Problem, text: str) -> str:
    """The fault, and below it the line it is about with a caret."""
    lines = re.split(r"\r\n|\r|\n", text)
    if not 0 < problem.mark.line <= len(lines):
        return str(problem)
    line = "".join(c if c.isprintable() else " " for c in lines[problem.mark.line - 1])
    if not line.strip() or len(line) > 160:
        return str(problem)
    return f"{problem}\n    {line}\n    {' ' * (problem.mark.column - 1)}^"


# ---------------------------------------------------------------- dotted paths


def dotted(path: Path) -> str:
    """A path as text: `rivals."Bean House".offers[0].depth`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + _written_step(step)
    return text


def _written_step(step: str) -> str:
    """A key, in quotes unless it is a plain word; absurdly long ones are cut."""
    if re.fullmatch(r"[\w-]{1,60}", step):
        return step
    short = step if len(step) <= 60 else f"{step[:57]}…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


_STEP = re.compile(r'"(?:[^"\\]|\\.)*"|\[[0-9]{1,6}\]|[^."\[\]]+')


def parsed_path(text: str) -> Path:
    """The path that a text names; steps with dots or blanks stand in double quotes."""
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        if text[at] == "." and steps and at + 1 < len(text):
            at += 1
        elif steps and text[at] != "[":
            raise ValueError(f"{text!r} is not a path")
        found = _STEP.match(text, at)
        if not found:
            raise ValueError(f"{text!r} is not a path")
        steps.append(_step(found[0]))
        at = found.end()
    if not steps:
        raise ValueError("a path names at least one field")
    return tuple(steps)


def _step(text: str) -> str | int:
    """One step of a path."""
    if text.startswith('"'):
        return str(json.loads(text))
    if text.startswith("["):
        return int(text[1:-1])
    return text.strip()
