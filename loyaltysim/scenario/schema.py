"""The JSON Schema of a scenario file, for editors and other programs.

A file that extends another one may leave out what its base says, at any depth. So the definitions say what a
value looks like wherever it stands, and what must be there is demanded apart, of files without `extends`.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from loyaltysim.scenario.form import Form, below, fields_of, form_of_field, places
from loyaltysim.scenario.help import help_texts, on_one_line
from loyaltysim.scenario.reference import assumed_of, unit_of
from loyaltysim.scenario.resolve import default_text
from loyaltysim.scenario.spec import Scenario, Spec
from loyaltysim.scenario.tree import resolved

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}

_EXTENDS = {
    "type": "string",
    "description": "A scenario file in the scenario folder; what is written here is laid over it.",
    "pattern": r"^[^\\:/~][^\\:]*\.ya?ml$",
    "examples": ["base/coffee.yaml"],
}

_SOURCES = {
    "type": "object",
    "description": "Where values of this file come from that do not say so themselves, by place: "
    "`market.segments: pilot 2026` for all at and below it.",
    "additionalProperties": {"type": "string", "minLength": 1},
    "examples": [{"market.segments": "pilot 2026"}],
}

_ANNOTATED = {
    "type": "object",
    "properties": {
        "value": {"type": ["number", "string", "boolean", "array"], "description": "The value."},
        "range": {
            "type": "array",
            "items": {"type": ["number", "string"]},
            "minItems": 2,
            "maxItems": 2,
            "description": "Lowest and highest value it may have.",
        },
        "source": {"type": "string", "minLength": 1, "description": "Where the number comes from."},
    },
    "required": ["value"],
    "additionalProperties": False,
}


# ---------------------------------------------------------------- the JSON Schema


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    forms = dict(places())
    listed = {form.model for path, form in forms.items() if path.endswith("[]")}
    models = {form.model: form for form in forms.values() if form.model is not None}
    definitions = {m.__name__: _mapping(form, strict=m in listed) for m, form in models.items()}
    demands = {f"complete.{m.__name__}": _demands(form) for m, form in models.items() if m not in listed}
    top = definitions.pop("Scenario")
    demand = demands.pop("complete.Scenario")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenario",
        "description": on_one_line(Scenario.__doc__),
        **top,
        "properties": {"extends": _EXTENDS, "sources": _SOURCES, **top["properties"]},
        "if": {"not": {"required": ["extends"]}},
        "then": demand,
        "definitions": {**definitions, **{k: d for k, d in demands.items() if d}, "annotated": _ANNOTATED},
    }


def schema_text() -> str:
    """The JSON Schema as a file holds it."""
    return json.dumps(json_schema(), indent=2, allow_nan=False) + "\n"


def _mapping(form: Form, strict: bool) -> dict[str, Any]:
    """The definition of a mapping of fields; `strict` also demands what must be there."""
    assert form.model is not None
    shape: dict[str, Any] = {
        "type": "object",
        "properties": {name: _field(name, form.model) for name in form.fields()},
        "additionalProperties": False,
    }
    if strict:
        shape["required"] = _required(form)
    return shape


def _field(name: str, model: type[Spec]) -> dict[str, Any]:
    """The schema of one field, with its help and its default."""
    field = fields_of(model)[name]
    form = form_of_field(field)
    help_text = help_texts(model)[name]
    shape = _shape(form, help_text, f"{help_text}\n\n{_facts(name, model)}")
    default = field.get_default(call_default_factory=True)
    if not field.is_required() and default is not None and form.model is None:
        shape["default"] = _default(default, form)
    return shape


def _facts(name: str, model: type[Spec]) -> str:
    """What else an editor shows of a field: its unit, and what counts where it is left out."""
    form, default = form_of_field(fields_of(model)[name]), assumed_of(name, model)
    needed = {"required": default, "absent": "may be left out"}.get(default, f"left out: {default}")
    unit = "" if form.model is not None or form.choices else f"*{unit_of(form)}* · "
    return f"{unit}{needed}"


def _shape(form: Form, help_text: str, hover: str) -> dict[str, Any]:
    """What may stand at a place, with the text that an editor shows there.

    An editor shows the text of the innermost schema that fits, and joins those of alternatives it cannot tell
    apart. So every alternative carries the whole text, and a description of its own.
    """
    shapes = [_wrapped(shape) for shape in _shapes(form, help_text)]
    if len(shapes) == 1:
        return {**shapes[0], "description": help_text, "markdownDescription": hover}
    for shape in shapes:
        shape |= {"description": _kind(shape), "markdownDescription": hover}
    return {"anyOf": shapes, "description": help_text}


def _wrapped(shape: dict[str, Any]) -> dict[str, Any]:
    """The shape in a way that something may stand beside it: beside a bare $ref nothing would count."""
    return {"allOf": [shape]} if "$ref" in shape else dict(shape)


def _kind(shape: dict[str, Any]) -> str:
    """An alternative in a few words."""
    if "allOf" in shape:
        return str(shape["allOf"][0]["$ref"].rpartition("/")[2])
    return str(shape.get("type", shape.get("const")))


def _shapes(form: Form, help_text: str = "") -> list[dict[str, Any]]:
    """The alternatives of what may stand at a place."""
    shapes: list[dict[str, Any]]
    if form.model is not None:
        shapes = [{"$ref": f"#/definitions/{form.model.__name__}"}]
        alone = form.child(form.model.alone) if form.model.alone else None
        shapes += _leaf(alone) if alone else []
    elif form.named is not None:
        shapes = [{"type": "object", "additionalProperties": _part(below(form, ""), help_text)}]
    elif form.is_list:
        shapes = [_list(form, help_text)]
        if below(form, 0).is_value:
            shapes.append({"$ref": "#/definitions/annotated"})
    else:
        shapes = _leaf(form)
    return [*shapes, {"type": "null"}] if form.optional else shapes


def _part(form: Form, help_text: str) -> dict[str, Any]:
    """What may stand in a list or under a name: a mapping tells what it is, a value what the whole is."""
    told = on_one_line(form.model.__doc__) if form.model else help_text
    return _shape(form, told, told)


def _list(form: Form, help_text: str) -> dict[str, Any]:
    """A list."""
    size = {"minItems": len(form.fixed), "maxItems": len(form.fixed)} if form.fixed else {}
    return {"type": "array", "items": _part(below(form, 0), help_text), **size}


def _leaf(form: Form) -> list[dict[str, Any]]:
    """A single value, bare or annotated."""
    found = _alternatives(TypeAdapter(form.annotation).json_schema())
    shapes = [shape for shape in found if shape.get("type") != "null"]
    for shape in shapes:
        shape.pop("examples", None)
        shape.pop("title", None)
        for bound, name in _BOUNDS.items():
            if bound in shape:
                shape[name] = shape.pop(bound)
        if form.quantity:
            shape["errorMessage"] = f"expected {form.quantity.unit}, such as {form.quantity.example}"
    return [*shapes, {"$ref": "#/definitions/annotated"}] if form.quantity else shapes


def _alternatives(shape: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a shape, and of those that have some in turn."""
    return [a for part in shape["anyOf"] for a in _alternatives(part)] if "anyOf" in shape else [dict(shape)]


def _default(value: Any, form: Form) -> Any:
    """A default as JSON, written as one would write it in a file."""
    if isinstance(value, tuple) and form.is_list:
        return [_default(item, below(form, index)) for index, item in enumerate(value)]
    if isinstance(value, dict | str):
        return value
    return resolved(default_text(value, form))


def _required(form: Form) -> list[str]:
    """Fields that must be there."""
    return [name for name, field in form.fields().items() if field.is_required()]


def _demands(form: Form) -> dict[str, Any]:
    """What must be there in a mapping and below it; nothing is said about lists, whose items are whole."""
    demand: dict[str, Any] = {}
    if _required(form):
        demand["required"] = _required(form)
    parts = {name: d for name in form.fields() if (d := _demand(below(form, name)))}
    if parts:
        demand["properties"] = parts
    return demand


def _demand(form: Form) -> dict[str, Any]:
    """What must be there at one place."""
    if form.model is not None and _demands(form):
        return {"$ref": f"#/definitions/complete.{form.model.__name__}"}
    if form.named is not None and (demand := _demand(below(form, ""))):
        return {"additionalProperties": demand}
    return {}
