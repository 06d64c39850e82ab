"""Does a tree have the shape of a scenario: known keys, nothing missing, mappings where mappings belong?

Misspelt keys are mended (after the fault is noted) and misplaced values dropped, so that the values beside
them can still be judged and one mistake is one fault.
"""

from __future__ import annotations

from dataclasses import replace

from loyaltysim.scenario.annotations import check_annotation
from loyaltysim.scenario.form import Form
from loyaltysim.scenario.marks import Findings, Node, Path
from loyaltysim.scenario.suggestions import hint, nearest
from loyaltysim.scenario.tree import ANNOTATION
from loyaltysim.scenario.writing import shown


def mended(node: Node, form: Form, path: Path, found: Findings) -> Node | None:
    """The tree with all faults of shape noted and mended; None where nothing usable is left."""
    if node.broken or (node.value is None and not form.optional):
        _nothing(node, form, path, found)
        return None
    if node.value is None:
        return node
    check_annotation(node, form, path, found)
    if form.model:
        return _fields(node, form, path, found)
    if form.named is not None:
        return _names(node, form, path, found)
    if form.is_list:
        return _items(node, form, path, found)
    if isinstance(node.value, dict):
        _not_a_value(node, form, path, found)
        return None
    if isinstance(node.value, list):
        _misplaced(node, form, path, found)
        return None
    return node


def _nothing(node: Node, form: Form, path: Path, found: Findings) -> None:
    """A place left empty, unless its fault is known already."""
    if not node.broken:
        found.add(node.key or node.mark, path, f"there is nothing here; expected {form.wanted()}")


def _misplaced(node: Node, form: Form, path: Path, found: Findings) -> None:
    """A value of the wrong shape."""
    found.add(node.mark, path, f"expected {form.wanted()}, not {shown(node.value)}")


def _not_a_value(node: Node, form: Form, path: Path, found: Findings) -> None:
    """A mapping where a single value belongs: perhaps an annotated number gone wrong."""
    strange = [key for key in node.value if key not in ANNOTATION]
    if "value" in node.value and strange:
        key = strange[0]
        mark = node.value[key].key or node.mark
        told = hint(key, sorted(ANNOTATION))
        found.add(mark, (*path, key), f"unknown key in an annotated number; {told}")
    else:
        _misplaced(node, form, path, found)


def _fields(node: Node, form: Form, path: Path, found: Findings) -> Node | None:
    """A mapping of fields."""
    assert form.model is not None
    if not isinstance(node.value, dict):
        if form.model.alone and not isinstance(node.value, list):
            return node
        _misplaced(node, form, path, found)
        return None
    if "value" in node.value and node.value.keys() <= ANNOTATION and not node.value.keys() & form.fields():
        found.add(node.mark, path, "only a single value has a range or a source; write the mapping by itself")
        return None
    fields = form.fields()
    kept: dict[str, Node] = {}
    for key, child in node.value.items():
        meant: str | None = key
        if key not in fields:
            meant = _unknown_key(node, key, form, path, found)
        if meant is None:
            continue
        below = form.child(meant)
        assert below is not None
        kept[meant] = mended(child, below, (*path, key), found) or replace(child, broken=True)
    for name, field in fields.items():
        if field.is_required() and name not in kept:
            below = form.child(name)
            assert below is not None
            found.add(node.key or node.mark, path, f"'{name}' is missing; expected {below.wanted()}")
    return replace(node, value=kept)


def _unknown_key(node: Node, key: str, form: Form, path: Path, found: Findings) -> str | None:
    """Note an unknown key; return the key that was meant, if that is still free."""
    child = node.value[key]
    fields = form.fields()
    if key in ("extends", "sources"):
        told = "it stands at the top of a file only"
    else:
        told = hint(key, fields)
    found.add(child.key or child.mark, (*path, key), f"unknown key; {told}")
    meant = nearest(key, fields)
    return meant if meant not in node.value else None


def _names(node: Node, form: Form, path: Path, found: Findings) -> Node | None:
    """A mapping from names to things of one form."""
    if not isinstance(node.value, dict):
        _misplaced(node, form, path, found)
        return None
    below = form.child("")
    assert below is not None
    kept = {}
    for key, child in node.value.items():
        kept[key] = mended(child, below, (*path, key), found) or replace(child, broken=True)
    return replace(node, value=kept)


def _items(node: Node, form: Form, path: Path, found: Findings) -> Node | None:
    """A list."""
    if not isinstance(node.value, list) or (form.fixed and len(node.value) != len(form.fixed)):
        if isinstance(node.value, list):
            found.add(node.mark, path, f"expected {form.wanted()}, not of {len(node.value)}")
            return None
        _misplaced(node, form, path, found)
        return None
    kept = []
    for index, child in enumerate(node.value):
        below = form.child(index)
        assert below is not None
        kept.append(mended(child, below, (*path, index), found) or replace(child, broken=True))
    return replace(node, value=kept)
