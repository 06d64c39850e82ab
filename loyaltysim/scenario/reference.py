"""The reference table of the docs, and the words in which a field is described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loyaltysim.scenario.form import Form, below, fields_of, form_of_field, places
from loyaltysim.scenario.help import help_texts, on_one_line
from loyaltysim.scenario.resolve import default_text
from loyaltysim.scenario.spec import Spec

BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"


def reference() -> str:
    """The reference of all fields, as Markdown: a table for each kind of mapping, under the places it has."""
    paths_of: dict[type[Spec], list[str]] = {}
    for path, form in places():
        if form.model is not None:
            paths_of.setdefault(form.model, []).append(path)
    return "\n\n".join(_section(model, paths) for model, paths in paths_of.items())


def _section(model: type[Spec], paths: list[str]) -> str:
    """The table of one kind of mapping."""
    where = ", ".join(f"`{path}`" for path in paths if path) or "The top of the file"
    rows = [_row(name, model) for name in fields_of(model)]
    head = ["| Field | Unit | Default | Meaning |", "|---|---|---|---|"]
    return "\n".join([f"### {where}", "", on_one_line(model.__doc__), "", *head, *rows])


def _row(name: str, model: type[Spec]) -> str:
    """The line of one field."""
    field = fields_of(model)[name]
    cells = (
        f"`{name}`",
        unit_of(form_of_field(field)),
        assumed_of(name, model),
        _cell(help_texts(model)[name]),
    )
    return f"| {' | '.join(cells)} |"


def unit_of(form: Form) -> str:
    """The unit of a field, in words."""
    if form.model is not None:
        return "mapping"
    if form.named is not None:
        return f"names, each with a {unit_of(below(form, ''))}"
    if form.is_list:
        return f"list: {unit_of(below(form, 0))}"
    if form.choices:
        return ", ".join(f"`{choice}`" for choice in form.choices)
    return f"{form.quantity.unit}, such as `{form.quantity.example}`" if form.quantity else "text"


def assumed_of(name: str, model: type[Spec]) -> str:
    """The default of a field, in words."""
    field = fields_of(model)[name]
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None or default in ((), {}):
        return "absent"
    if isinstance(default, Spec):
        parts = ", ".join(f"{n}: {_text(v, n, type(default))}" for n, v in _pairs(default))
        return f"`{{{parts}}}`"
    return f"`{default_text(default, form_of_field(field))}`"


def _pairs(default: Spec) -> Iterator[tuple[str, Any]]:
    """The fields of a default that is a mapping, with their values."""
    for attribute, field in type(default).model_fields.items():
        yield field.alias or attribute, getattr(default, attribute)


def _text(value: Any, name: str, model: type[Spec]) -> str:
    """One value of a default that is a mapping."""
    if isinstance(value, Spec):
        return "{" + ", ".join(f"{n}: {_text(v, n, type(value))}" for n, v in _pairs(value)) + "}"
    return default_text(value, form_of_field(fields_of(model)[name]))


def _cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", r"\|").replace("<", r"\<")


def with_reference(page: str) -> str:
    """A page of the docs with its reference brought up to date."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{rest.split(END)[1]}"
