"""The published schema and the reference in the docs are those of the specification."""

import json
import re
from pathlib import Path

import pytest
import yaml

from loyaltysim.scenario.form import ROOT, form_at, places
from loyaltysim.scenario.help import help_texts
from loyaltysim.scenario.load import load, resolved_lines
from loyaltysim.scenario.reference import BEGIN, END, reference, with_reference
from loyaltysim.scenario.schema import json_schema, schema_text

HERE = Path(__file__).parent
HOME = HERE.parents[1]
VALID = sorted([*(HERE / "valid").glob("*.yaml"), *(HOME / "scenarios").glob("*.yaml")])


def test_the_published_schema_is_current():
    assert (HOME / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_reference_in_the_docs_is_current():
    page = (HOME / "docs" / "scenario.md").read_text(encoding="utf-8")
    assert page == with_reference(page)
    assert page.count(BEGIN) == page.count(END) == 1


def test_the_scenario_in_the_docs_loads(tmp_path):
    page = (HOME / "docs" / "scenario.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(# yaml-language-server.*?)```", page, re.DOTALL)
    assert example
    (tmp_path / "coffee.yaml").write_text(example[1], encoding="utf-8")
    assert load(tmp_path / "coffee.yaml").scenario.name == "Coffee stars"


def test_every_field_has_its_help():
    def fields(form, path):
        for name in form.fields():
            yield f"{path}{name}", help_texts(form.model)[name]
            yield from fields(form.child(name), f"{path}{name}.")
        step = "" if form.named is not None else 0
        if form.named is not None or form.listed is not None:
            yield from fields(form.child(step), f"{path}*.")

    found = dict(fields(ROOT, ""))
    assert len(found) > 120
    assert [path for path, text in found.items() if not text] == []
    table = reference()
    assert [path for path in found if f"| `{path.split('.')[-1]}` |" not in table] == []


def owned(model, name):
    """A field by the model that declares it: what another one inherits is the same field."""
    docs = {field.alias or attribute: attribute for attribute, field in model.model_fields.items()}
    owner = next(m for m in reversed(model.__mro__) if docs[name] in getattr(m, "__annotations__", {}))
    return f"{owner.__name__}.{name}"


def test_every_field_is_written_by_a_file_that_loads():
    def keys(node, path=()):
        parts = dict(enumerate(node.value)) if isinstance(node.value, list) else node.value
        for step, child in parts.items() if isinstance(parts, dict) else ():
            yield (*path, step)
            yield from keys(child, (*path, step))

    written = set()
    for path in (HERE / "valid").glob("*.yaml"):
        for steps in keys(load(path).tree):
            above = form_at(steps[:-1])
            if above is not None and above.model is not None:
                written.add(owned(above.model, steps[-1]))
    known = {owned(form.model, name) for _, form in places() if form.model for name in form.fields()}
    assert known - written == {"Uncertainty.range"}  # loading puts the range itself in its place


def test_every_reference_inside_the_schema_leads_somewhere():
    schema = json_schema()
    for name in re.findall(r'"#/definitions/([^"]+)"', json.dumps(schema)):
        assert name in schema["definitions"]


def test_defaults_are_written_as_one_would_write_them():
    loyalty = json_schema()["definitions"]["Loyalty"]["properties"]
    assert loyalty["stock_horizon"]["default"] == "3 months"
    assert loyalty["stay"]["default"] == ["15 %", "98 %"]
    assert loyalty["steepness"]["default"] == 4


def test_a_file_that_extends_may_leave_things_out_and_another_may_not():
    schema = json_schema()
    assert "required" not in schema
    assert schema["if"] == {"not": {"required": ["extends"]}}
    assert schema["then"]["required"] == ["schema", "name", "currency", "horizon", "market", "firm"]
    assert schema["definitions"]["Offer"]["required"] == ["from", "to", "depth"]
    assert "required" not in schema["definitions"]["Firm"]


def test_forms_lead_nowhere_where_nothing_can_stand():
    assert form_at(("market", "segments", "anyone", "share")) is not None
    assert form_at(("market", "customers", "share")) is None
    assert form_at(("loyalty", "stay", 2)) is None
    assert form_at(("nothing",)) is None


# ---------------------------------------------------------------- judged by somebody else's validator

SEEN_BY_THE_SCHEMA = [
    "unknown-key",
    "missing-field",
    "missing-field-deep",
    "bare-money",
    "bare-duration",
    "unknown-unit",
    "share-above-one",
    "level-above-100",
    "level-as-percentage",
    "text-for-a-count",
    "yes-for-true",
    "unknown-choice",
    "mapping-for-a-value",
    "value-for-a-mapping",
    "pair-of-one",
    "annotation-misspelt",
    "annotation-range-of-one",
    "bare-rate",
    "wrong-schema-version",
]


def document(path):
    """A file as an editor sees it: YAML 1.2, where dates are text."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in rules
            if tag.rpartition(":")[2] not in ("timestamp", "bool", "int", "float")
        ]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
    digits = list("-+.0123456789")
    Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9_]+$"), digits)
    number = re.compile("^[-+]?([0-9][0-9_]*)?(\\.[0-9]*)?([eE][-+]?[0-9]+)?$")
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", number, digits)
    return Loader(path.read_text(encoding="utf-8-sig")).get_single_data()


@pytest.fixture(scope="module")
def validator():
    jsonschema = pytest.importorskip("jsonschema", reason="the schema is judged by jsonschema, if installed")
    jsonschema.Draft7Validator.check_schema(json_schema())
    return jsonschema.Draft7Validator(json_schema())


@pytest.mark.parametrize("path", [p for p in VALID if p.stem != "other-words"], ids=lambda p: p.stem)
def test_valid_files_keep_to_the_schema(validator, path):
    assert [error.message for error in validator.iter_errors(document(path))] == []


@pytest.mark.parametrize("name", SEEN_BY_THE_SCHEMA)
def test_the_schema_sees_the_fault(validator, name):
    assert list(validator.iter_errors(document(HERE / "invalid" / f"{name}.yaml")))


@pytest.mark.parametrize("path", [p for p in VALID if p.stem != "other-words"], ids=lambda p: p.stem)
def test_a_resolved_scenario_keeps_to_the_schema(validator, path, tmp_path):
    copy = tmp_path / "resolved.yaml"
    copy.write_text("\n".join(resolved_lines(load(path))), encoding="utf-8")
    assert [error.message for error in validator.iter_errors(document(copy))] == []
