"""From a tree of the right shape to a `Scenario`: pydantic judges the values, the faults get our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from loyaltysim.scenario.coherence import faults_of_sound_part
from loyaltysim.scenario.form import Form, form_at
from loyaltysim.scenario.marks import Findings, Mark, Node, Path, parsed_path
from loyaltysim.scenario.partial import sound_part
from loyaltysim.scenario.spec import Scenario
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.writing import shown, written_share

_BOUNDS = {
    "greater_than": ("gt", "must be greater than"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be less than"),
    "less_than_equal": ("le", "must be at most"),
}


def judged(tree: Node, found: Findings) -> Scenario | None:
    """The scenario that a tree says; None, with the faults noted, if it says none."""
    try:
        return Scenario.model_validate(tree.plain())
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            if error["type"] == "missing":
                continue  # told by `shape`
            if "\x1f" in _own_words(error):
                _note_incoherence(tree, _own_words(error), found)
            else:
                _note(tree, error, found)
    for path, what in faults_of_sound_part(sound_part(tree)):
        found.add(place(located(tree, path)[0]), path, what)
    return None


def _note(tree: Node, error: Any, found: Findings) -> None:
    """Note one of pydantic's faults at the place it concerns."""
    steps = tuple(error["loc"])
    is_key = steps[-1:] == ("[key]",)
    node, path = located(tree, steps[:-1] if is_key else steps)
    if node.broken:
        return
    words = in_words(error, form_at(path), node.text)
    node, path = _field_spoken_of(words, node, path)
    found.add((node.key if is_key else None) or place(node), path, words)


def _field_spoken_of(words: str, node: Node, path: Path) -> tuple[Node, Path]:
    """The field that a fault of a whole mapping names first, such as "'stay' must rise"."""
    named = re.match(r"'([a-z_]+)'", words)
    child = node.value.get(named[1]) if named and isinstance(node.value, dict) else None
    return (child, (*path, named[1])) if named and child else (node, path)


def _note_incoherence(tree: Node, joined: str, found: Findings) -> None:
    """Note the faults between fields that `coherence` has joined into one text."""
    for fault in joined.split("\x1e"):
        where, what = fault.split("\x1f")
        steps = parsed_path(where) if where else ()
        found.add(place(located(tree, steps)[0]), steps, what)


def located(tree: Node, steps: Path) -> tuple[Node, Path]:
    """The node at a path, or the nearest one above it that was written; and the path of that node."""
    node = tree
    for depth, step in enumerate(steps):
        child = node.child(step)
        if child is None:
            return node, steps[:depth]
        node = child
        if node.broken:
            return node, steps[: depth + 1]
    return node, steps


def place(node: Node) -> Mark:
    """Where a fault of a node is shown: at a value itself, at the key of a mapping."""
    return (node.key if isinstance(node.value, dict) else None) or node.mark


def in_words(error: Mapping[str, Any], form: Form | None = None, text: str = "") -> str:
    """One of pydantic's faults: what is wrong, the value, what would do."""
    kind, given = error["type"], error["input"]
    value = text if text and not isinstance(given, str) else shown(given)
    context = error.get("ctx", {})
    if kind == "value_error":
        return _own_words(error)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        in_percent = isinstance(given, str) and given.endswith("%")
        bound = written_share(context[name]) if in_percent else f"{context[name]:g}"
        return f"{words} {bound}, not {value}"
    if kind == "literal_error" and form and form.choices:
        choices = [str(choice) for choice in form.choices]
        if len(choices) == 1:
            return f"must be {choices[0]}, not {value}"
        return f"{value} is none of {', '.join(choices)}{_meant(given, choices)}"
    if kind == "string_type":
        return f"expected text, not {value}; put it into quotes"
    if kind == "string_too_short":
        return "the text is empty"
    if kind == "string_too_long":
        return f"the text has more than {context['max_length']} characters"
    if kind == "string_pattern_mismatch":
        return f"expected three capital letters such as EUR, not {value}"
    if kind == "too_short":
        return f"needs at least {context['min_length']}, and has {context['actual_length']}"
    if kind == "too_long":
        return f"takes at most {context['max_length']}"
    words = str(error["msg"])
    return f"{words[:1].lower()}{words[1:]}, not {value}"


def _meant(given: Any, choices: list[str]) -> str:
    """The choice that was probably meant, if one looks alike."""
    told = hint(str(given), choices)
    return f"; {told}" if told.startswith("did") else ""


def _own_words(error: Mapping[str, Any]) -> str:
    """The text of a fault raised by our own validators."""
    own = error.get("ctx", {}).get("error")
    return str(own) if own is not None else str(error["msg"])
