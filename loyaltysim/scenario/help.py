"""The help text of every field: the docstring that stands below it in the specification.

Read from the source when somebody asks for help, not by pydantic at every start: reading the text of all
models takes longer than making them.
"""

import ast
import inspect
import re
from functools import cache
from itertools import pairwise
from types import ModuleType

from loyaltysim.scenario.spec.base import Spec


@cache
def help_texts(model: type[Spec]) -> dict[str, str]:
    """What each field means, on one line, by the name that a file uses; "" where nothing is said."""
    said: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, Spec):
            module = inspect.getmodule(kind)
            assert module is not None
            said |= _texts_of(module).get(kind.__name__, {})
    return {field.alias or name: on_one_line(said.get(name)) for name, field in model.model_fields.items()}


@cache
def _texts_of(module: ModuleType) -> dict[str, dict[str, str]]:
    """The docstrings below the fields of each class of a module."""
    return {
        node.name: {
            field.target.id: below.value.value
            for field, below in pairwise(node.body)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        }
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.ClassDef)
    }


def on_one_line(docstring: str | None) -> str:
    """A docstring on one line."""
    return re.sub(r"\s+", " ", docstring or "").strip()
