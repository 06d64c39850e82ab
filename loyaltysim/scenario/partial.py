"""What can be known of a faulty scenario, so that the faults between its sound parts are told as well.

A part that is missing or wrong has no attribute at all, so whatever needs it cannot be judged, and is not.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.marks import Node

_UNKNOWN = object()


def sound_part(tree: Node) -> Any:
    """A `Scenario` without the attributes whose values are missing or wrong."""
    return _part(tree, ROOT)


def _part(node: Node, form: Form) -> Any:
    """The value at one place, as far as it is known."""
    if node.broken:
        return _UNKNOWN
    if node.value is None and form.optional:
        return None
    if form.model is not None and isinstance(node.value, dict):
        return _fields(node, form)
    if form.named is not None and isinstance(node.value, dict):
        return {name: _below(child, form, name) for name, child in node.value.items()}
    if form.listed is not None and isinstance(node.value, list):
        items = tuple(_below(child, form, index) for index, child in enumerate(node.value))
        return _UNKNOWN if _UNKNOWN in items else items
    try:
        return _adapter(form.annotation).validate_python(node.plain())
    except ValidationError:
        return _UNKNOWN


def _fields(node: Node, form: Form) -> Any:
    """A mapping of fields, without those that are not known."""
    assert form.model is not None
    values = {name: _below(child, form, name) for name, child in node.value.items()}
    part = form.model.model_construct(None, **values)
    for attribute, value in list(part.__dict__.items()):
        if value is _UNKNOWN:
            del part.__dict__[attribute]
    return part


def _below(child: Node, form: Form, step: str | int) -> Any:
    """The value one step down."""
    below = form.child(step)
    return _part(child, below) if below is not None else _UNKNOWN


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    """Pydantic's judge of one kind of value."""
    return TypeAdapter(annotation)
