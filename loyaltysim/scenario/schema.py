"""The JSON Schema of a scenario file, for editors and other programs, and the reference table of the docs.

A file that extends another one may leave out what its base says, at any depth. So `properties` say what a
value looks like wherever it stands, and what must be there is demanded apart, of files without `extends`.
"""

from __future__ import annotations

import json
from typing import Any

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.resolve import default_text
from loyaltysim.scenario.tree import resolved

BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}

_EXTENDS = {
    "type": "string",
    "description": "A scenario file in the same folder or below it; what is written here is laid over it.",
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


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    raw = ROOT.model.model_json_schema(by_alias=True) if ROOT.model else {}
    shapes: dict[str, Any] = raw.pop("$defs")
    shapes["Scenario"] = raw
    forms = _models()
    demands = {f"complete.{name}": demand for name, shape in shapes.items() if (demand := _demand(shape))}
    for name, shape in shapes.items():
        _finish(shape, forms[name])
    for name in shapes.keys() - _listed(shapes):
        shapes[name].pop("required", None)
    scenario = shapes.pop("Scenario")
    opened = {name: _alone(shape, forms[name]) for name, shape in shapes.items()}
    demand = demands.pop("complete.Scenario")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of loyaltysim",
        "description": scenario["description"],
        "type": "object",
        "properties": {**scenario["properties"], "extends": _EXTENDS},
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "else": demand,
        "definitions": {**opened, **_only_used(demands, demand), "annotated": _ANNOTATED},
    }


def schema_text() -> str:
    """The JSON Schema as it is stored in a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
