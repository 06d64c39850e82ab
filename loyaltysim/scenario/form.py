"""What may stand at each place of a scenario, read off the spec: fields, names, a list or a value."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from loyaltysim.scenario.marks import Path
from loyaltysim.scenario.quantities import Quantity
from loyaltysim.scenario.spec import Scenario, Spec


@dataclass(frozen=True)
class Form:
    """What may stand at one place; of `model`, `named`, `listed`, `fixed` one is set, or none (a value)."""

    annotation: Any
    optional: bool = False
    """Whether null may stand here."""
    model: type[Spec] | None = None
    """A mapping with these fields."""
    named: Any = None
    """A mapping from names to this."""
    listed: Any = None
    """A list of this."""
    fixed: tuple[Any, ...] = ()
    """A list of exactly these."""
    quantity: Quantity | None = None
    """A value written like this."""
    choices: tuple[Any, ...] = ()
    """A value out of these."""

    @property
    def is_value(self) -> bool:
        """Whether a single value stands here."""
        return self.model is None and self.named is None and not self.is_list

    @property
    def is_list(self) -> bool:
        """Whether a list stands here."""
        return self.listed is not None or bool(self.fixed)

    def fields(self) -> dict[str, FieldInfo]:
        """The fields of the mapping here, as they are written."""
        return fields_of(self.model) if self.model else {}

    def child(self, step: str | int) -> Form | None:
        """The form one step down; None if nothing can stand there."""
        if isinstance(step, int):
            if self.fixed:
                return form_of(self.fixed[step]) if step < len(self.fixed) else None
            return form_of(self.listed) if self.listed is not None else None
        if self.named is not None:
            return form_of(self.named)
        return form_of_named_field(self.model, step) if self.model else None

    def wanted(self) -> str:
        """What stands here, in words."""
        if self.model:
            needed = [name for name, field in self.fields().items() if field.is_required()]
            return f"a mapping with {', '.join(needed or self.fields())}"
        if self.named is not None:
            return "a mapping of names"
        if self.is_list:
            return f"a list of {len(self.fixed)} values" if self.fixed else "a list"
        if self.choices:
            return "one of " + ", ".join(map(str, self.choices))
        if self.quantity:
            return f"a single value such as {self.quantity.example}"
        return "text"


@cache
def fields_of(model: type[Spec]) -> dict[str, FieldInfo]:
    """The fields of a model by the names a file uses, in their order."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


@cache
def form_of_named_field(model: type[Spec], name: str) -> Form | None:
    """The form of a field of a model; None if it has no such field. Asked for at every node of every tree."""
    field = fields_of(model).get(name)
    return form_of_field(field) if field else None


def form_of_field(field: FieldInfo) -> Form:
    """The form of a model's field."""
    annotation: Any = field.annotation
    for metadata in field.metadata:
        annotation = Annotated[annotation, metadata]
    return form_of(annotation)


def form_of(annotation: Any) -> Form:
    """The form that a type says."""
    bare, quantity, optional = _unwrapped(annotation)
    if quantity:
        return Form(annotation, optional, quantity=quantity)
    origin, arguments = get_origin(bare), get_args(bare)
    if isinstance(bare, type) and origin is None and issubclass(bare, Spec):
        return Form(annotation, optional, model=bare)
    if origin is dict:
        return Form(annotation, optional, named=arguments[1])
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return Form(annotation, optional, listed=arguments[0])
        return Form(annotation, optional, fixed=arguments)
    return Form(annotation, optional, choices=arguments if origin is Literal else ())


def _unwrapped(annotation: Any) -> tuple[Any, Quantity | None, bool]:
    """A type without its wrappings: the type itself, its quantity, whether null is allowed."""
    quantity, optional = None, False
    while True:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            found = [m for m in arguments[1:] if isinstance(m, Quantity)]
            quantity = found[0] if found else quantity
            annotation = arguments[0]
        elif origin in (Union, types.UnionType) and type(None) in arguments:
            optional = True
            rest = [a for a in arguments if a is not type(None)]
            annotation = rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
        else:
            return annotation, quantity, optional


ROOT = Form(Scenario, model=Scenario)
"""The form of a whole scenario."""


def form_at(path: Path) -> Form | None:
    """The form at a path from the top; None if nothing can stand there."""
    form: Form | None = ROOT
    for step in path:
        form = form.child(step) if form else None
    return form


def below(form: Form, step: str | int) -> Form:
    """The form one step down, where there is one."""
    found = form.child(step)
    assert found is not None
    return found


def places(form: Form = ROOT, path: str = "") -> Iterator[tuple[str, Form]]:
    """Every place of a scenario, from the top: its path with `<name>` and `[]` for any, and its form."""
    yield path, form
    for name in form.fields():
        yield from places(below(form, name), f"{path}.{name}" if path else name)
    if form.named is not None:
        yield from places(below(form, ""), f"{path}.<name>")
    elif form.listed is not None:
        yield from places(below(form, 0), f"{path}[]")
