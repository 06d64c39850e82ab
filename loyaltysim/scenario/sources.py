"""Sources of many numbers at once: `sources: {market.segments: prototype}` at the top of a file.

Each entry names a place of the same file, and says where the values at and below it come from that do not
say so themselves. It is a shorter way of writing `{value: ..., source: ...}` at each, and becomes that: a
value that another file or `--set` puts in its place brings a source of its own, or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.marks import Findings, Node, Path, parsed_path
from loyaltysim.scenario.resolve import is_quantity
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.writing import shown

KEY = "sources"


def with_sources(tree: Node, found: Findings) -> Node:
    """The tree of one file with the sources that it names put where they belong; faults are noted."""
    assert isinstance(tree.value, dict)
    if KEY not in tree.value:
        return tree
    told = tree.value[KEY]
    rest = replace(tree, value={key: child for key, child in tree.value.items() if key != KEY})
    if told.broken:
        return rest
    if not isinstance(told.value, dict):
        found.add(told.mark, (KEY,), f"expected places, each with its source, not {shown(told.value)}")
        return rest
    for path, source in nearest_first(told, found):
        if is_text(source, path, found):
            rest = put(rest, ROOT, path, source, (), found)
    return rest


def nearest_first(told: Node, found: Findings) -> list[tuple[Path, Node]]:
    """The places with their sources, the deeper ones first: they say more."""
    places = []
    for name, source in told.value.items():
        try:
            places.append((parsed_path(name), source))
        except ValueError as error:
            found.add(source.key or source.mark, (KEY, name), str(error))
    return sorted(places, key=lambda place: -len(place[0]))


def is_text(source: Node, path: Path, found: Findings) -> bool:
    """Whether a source says something; a fault is noted if not."""
    if source.broken:
        return False
    if not isinstance(source.value, str) or not source.value.strip():
        said = shown(source.value) if source.value is not None else "nothing"
        found.add(source.mark, (KEY, *path), f"expected text that says where values come from, not {said}")
        return False
    return True


def put(node: Node, form: Form | None, rest: Path, source: Node, done: Path, found: Findings) -> Node:
    """The node with the source at and below what is left of the path."""
    if not rest:
        return below(node, form, source)
    step = rest[0]
    if isinstance(node.value, list) and isinstance(step, str) and step.isdecimal():
        step = int(step)
    child = node.child(step)
    if child is None:
        known: Iterable[str] = node.value if isinstance(node.value, dict) else ()
        where = f"nothing is written at '{rest[0]}' in this file"
        found.add(source.key or source.mark, (KEY, *done, *rest), f"{where}; {hint(str(rest[0]), known)}")
        return node
    at = form and form.child(step)
    return node.with_child(step, put(child, at, rest[1:], source, (*done, step), found))


def below(node: Node, form: Form | None, source: Node) -> Node:
    """The node with the source at every number, or list of them, that has none."""
    if form is None or node.broken or node.value is None:
        return node
    if not isinstance(node.value, dict | list) or (isinstance(node.value, list) and is_quantity(form)):
        return replace(node, source=source) if is_quantity(form) and node.source is None else node
    steps = node.value if isinstance(node.value, dict) else range(len(node.value))
    for step in list(steps):
        child = node.child(step)
        assert child is not None
        node = node.with_child(step, below(child, form.child(step), source))
    return node
