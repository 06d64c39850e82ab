"""Overrides from the command line: `--set programme.points.expiry=24 months`."""

from __future__ import annotations

import re
from dataclasses import replace

from loyaltysim.scenario.files import merged
from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.marks import Findings, Mark, Node, Path, ScenarioFaults, on_one_line, parsed_path
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.tree import read_text

_SPLIT = re.compile(r'((?:"(?:[^"\\]|\\.)*"|[^"=])*)=(.*)', re.DOTALL)


def overridden(tree: Node, override: str, found: Findings) -> Node:
    """The tree with one `path=value` carried out; the fault noted and the tree as it was if that fails."""
    mark = Mark(f"--set {on_one_line(override, 100)}")
    try:
        path, text = _parts(override)
    except ValueError as error:
        found.add(mark, (), f"{error}; write path=value, such as programme.points.expiry='24 months'")
        return tree
    try:
        value = read_text(text, mark.file, found, fixed=mark, path=path) if text.strip() else Node(None, mark)
    except ScenarioFaults:
        return tree
    return _put(tree, ROOT, path, (), replace(value, key=mark), found) or tree


def _parts(override: str) -> tuple[Path, str]:
    """The path and the text of the value."""
    found = _SPLIT.fullmatch(override)
    if not found:
        raise ValueError("no '=' here")
    return parsed_path(found[1].strip()), found[2]


def _put(node: Node, form: Form, rest: Path, done: Path, value: Node, found: Findings) -> Node | None:
    """The node with a value put in below it; None, with the fault noted, if there is no such place."""
    if not rest:
        return merged(node, value)
    assert value.key is not None
    step = _index(rest[0]) if form.is_list else rest[0]
    here = (*done, step)
    below = form.child(step)
    if below is None:
        found.add(value.key, here, _no_such_place(node, form, step))
        return None
    child = node.child(step)
    if child is None:
        last = len(rest) == 1
        if form.is_list or (form.named is not None and not last):
            known = list(node.value) if isinstance(node.value, dict) else []
            told = _no_such_item(node) if form.is_list else f"no such name here; {hint(str(step), known)}"
            found.add(value.key, here, told)
            return None
        child = value if last else Node({}, value.mark, value.key)
    fits = isinstance(node.value, list if form.is_list else dict)
    parent = node if fits else Node({}, value.mark, value.key)
    put = _put(child, below, rest[1:], here, value, found)
    return put and parent.with_child(step, put)


def _index(step: str | int) -> str | int:
    """A step into a list: `[0]` and `.0` are the same."""
    return int(step) if isinstance(step, str) and step.isascii() and step.isdecimal() else step


def _no_such_place(node: Node, form: Form, step: str | int) -> str:
    """Why nothing can stand at a step."""
    if step in ("extends", "sources"):
        return "unknown key; it stands at the top of a file only"
    if form.model and isinstance(step, str):
        return f"unknown key; {hint(step, form.fields())}"
    if form.is_list:
        return _no_such_item(node)
    return f"there is {form.wanted()} above this, with nothing below it"


def _no_such_item(node: Node) -> str:
    """What a list has instead of the item asked for."""
    count = len(node.value) if isinstance(node.value, list) else 0
    return f"this list has {count} items, counted from [0]; set the list as a whole"
