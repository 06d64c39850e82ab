"""The JSON Schema of a scenario file, for editors and other programs, and the reference table of the docs.

A file that extends another one may leave out what its base says, at any depth. So the definitions say what a
value looks like wherever it stands, and what must be there is demanded apart, of files without `extends`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from loyaltysim.scenario.form import ROOT, Form, fields_of, form_of_field
from loyaltysim.scenario.resolve import default_text
from loyaltysim.scenario.spec import Spec
from loyaltysim.scenario.tree import resolved

BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}

_EXTENDS = {
    "type": "string",
    "description": "A scenario file in the scenario folder; what is written here is laid over it.",
    "pattern": r"^[^\\:/~][^\\:]*\.ya?ml$",
    "examples": ["base/coffee.yaml"],
}

_ANNOTATED = {
    "type": "object",
    "description": "A number with the range it may lie in and the source it comes from.",
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
    places = dict(_places())
    listed = {form.model for path, form in places.items() if path.endswith("[]")}
    models = {form.model: form for form in places.values() if form.model is not None}
    definitions = {m.__name__: _mapping(form, strict=m in listed) for m, form in models.items()}
    demands = {f"complete.{m.__name__}": _demands(form) for m, form in models.items() if m not in listed}
    top = definitions.pop("Scenario")
    demand = demands.pop("complete.Scenario")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenario",
        **top,
        "properties": {"extends": _EXTENDS, **top["properties"]},
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
        "description": _help(form.model.__doc__),
        "properties": {name: _field(form, name) for name in form.fields()},
        "additionalProperties": False,
    }
    if strict:
        shape["required"] = _required(form)
    return shape


def _field(form: Form, name: str) -> dict[str, Any]:
    """The schema of one field, with its help and its default."""
    field = form.fields()[name]
    below = form_of_field(field)
    shape = _shape(below)
    if "$ref" in shape:
        shape = {"allOf": [shape]}  # beside a bare $ref nothing else would count
    shape["description"] = _help(field.description)
    if not field.is_required() and field.default is not None and below.model is None:
        shape["default"] = _default(field.default, below)
    return shape


def _shape(form: Form) -> dict[str, Any]:
    """What may stand at a place."""
    shapes: list[dict[str, Any]]
    if form.model is not None:
        shapes = [{"$ref": f"#/definitions/{form.model.__name__}"}]
        alone = form.child(form.model.alone) if form.model.alone else None
        shapes += _leaf(alone) if alone else []
    elif form.named is not None:
        shapes = [{"type": "object", "additionalProperties": _shape(_below(form, ""))}]
    elif form.is_list:
        shapes = [_list(form)]
        if _below(form, 0).is_value:
            shapes.append({"$ref": "#/definitions/annotated"})
    else:
        shapes = _leaf(form)
    if form.optional:
        shapes.append({"type": "null"})
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}


def _list(form: Form) -> dict[str, Any]:
    """A list."""
    size = {"minItems": len(form.fixed), "maxItems": len(form.fixed)} if form.fixed else {}
    return {"type": "array", "items": _shape(_below(form, 0)), **size}


def _leaf(form: Form) -> list[dict[str, Any]]:
    """A single value, bare or annotated."""
    found = TypeAdapter(form.annotation).json_schema()
    shapes = [dict(shape) for shape in found.get("anyOf", [found]) if shape.get("type") != "null"]
    for shape in shapes:
        shape.pop("examples", None)
        shape.pop("title", None)
        for bound, name in _BOUNDS.items():
            if bound in shape:
                shape[name] = shape.pop(bound)
    return [*shapes, {"$ref": "#/definitions/annotated"}] if form.quantity else shapes


def _default(value: Any, form: Form) -> Any:
    """A default as JSON, written as one would write it in a file."""
    if isinstance(value, tuple) and form.is_list:
        return [_default(item, _below(form, index)) for index, item in enumerate(value)]
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
    below = {name: d for name in form.fields() if (d := _demand(_below(form, name)))}
    if below:
        demand["properties"] = below
    return demand


def _demand(form: Form) -> dict[str, Any]:
    """What must be there at one place."""
    if form.model is not None and _demands(form):
        return {"$ref": f"#/definitions/complete.{form.model.__name__}"}
    if form.named is not None and (demand := _demand(_below(form, ""))):
        return {"additionalProperties": demand}
    return {}


def _below(form: Form, step: str | int) -> Form:
    """The form one step down, where there is one."""
    found = form.child(step)
    assert found is not None
    return found


# ---------------------------------------------------------------- the reference


def _places(form: Form = ROOT, path: str = "") -> Iterator[tuple[str, Form]]:
    """Every place of a scenario, from the top: its path with `<name>` and `[]` for any, and its form."""
    yield path, form
    for name in form.fields():
        yield from _places(_below(form, name), f"{path}.{name}" if path else name)
    if form.named is not None:
        yield from _places(_below(form, ""), f"{path}.<name>")
    elif form.listed is not None:
        yield from _places(_below(form, 0), f"{path}[]")


def reference() -> str:
    """The reference of all fields, as Markdown: a table for each kind of mapping, under the places it has."""
    places: dict[type[Spec], list[str]] = {}
    for path, form in _places():
        if form.model is not None:
            places.setdefault(form.model, []).append(path)
    return "\n\n".join(_section(model, paths) for model, paths in places.items())


def _section(model: type[Spec], paths: list[str]) -> str:
    """The table of one kind of mapping."""
    where = ", ".join(f"`{path}`" for path in paths if path) or "The top of the file"
    rows = [_row(name, model) for name in fields_of(model)]
    head = ["| Field | Unit | Default | Meaning |", "|---|---|---|---|"]
    return "\n".join([f"### {where}", "", _help(model.__doc__), "", *head, *rows])


def _row(name: str, model: type[Spec]) -> str:
    """The line of one field."""
    field = fields_of(model)[name]
    cells = (f"`{name}`", _unit(form_of_field(field)), _assumed(name, model), _cell(_help(field.description)))
    return f"| {' | '.join(cells)} |"


def _unit(form: Form) -> str:
    """The unit of a field, in words."""
    if form.model is not None:
        return "mapping"
    if form.named is not None:
        return f"names, each with a {_unit(_below(form, ''))}"
    if form.is_list:
        return f"list: {_unit(_below(form, 0))}"
    if form.choices:
        return ", ".join(f"`{choice}`" for choice in form.choices)
    return f"{form.quantity.unit}, such as `{form.quantity.example}`" if form.quantity else "text"


def _assumed(name: str, model: type[Spec]) -> str:
    """The default of a field, in words."""
    field = fields_of(model)[name]
    if field.is_required():
        return "required"
    if field.default is None or field.default in ((), {}):
        return "absent"
    if isinstance(field.default, Spec):
        parts = ", ".join(f"{n}: {_text(v, n, type(field.default))}" for n, v in _pairs(field.default))
        return f"`{{{parts}}}`"
    return f"`{default_text(field.default, form_of_field(field))}`"


def _pairs(default: Spec) -> Iterator[tuple[str, Any]]:
    """The fields of a default that is a mapping, with their values."""
    for attribute, field in type(default).model_fields.items():
        yield field.alias or attribute, getattr(default, attribute)


def _text(value: Any, name: str, model: type[Spec]) -> str:
    """One value of a default that is a mapping."""
    if isinstance(value, Spec):
        return "{" + ", ".join(f"{n}: {_text(v, n, type(value))}" for n, v in _pairs(value)) + "}"
    return default_text(value, form_of_field(fields_of(model)[name]))


def _help(docstring: str | None) -> str:
    """A docstring on one line."""
    return re.sub(r"\s+", " ", docstring or "").strip()


def _cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", r"\|").replace("<", r"\<")


def with_reference(page: str) -> str:
    """A page of the docs with its reference brought up to date."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{rest.split(END)[1]}"
