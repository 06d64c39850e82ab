"""While rules are compiled, answers that numba would work out again and again are remembered.

Numba asks anew, for every instruction, which function of its own adds two numbers of these types, and reads
each instruction many times over for the variables in it. Nothing here changes an answer; when the rules are
compiled, numba is as it was.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import ir
from numba.core.targetconfig import TargetConfig
from numba.core.types import Record
from numba.core.types.functions import BaseFunction

MISSING = object()


@contextmanager
def remembered() -> Iterator[None]:
    """Numba with a memory."""
    places: list[tuple[Any, str, Any]] = [
        (BaseFunction, "get_call_type", calls_remembered(BaseFunction.get_call_type)),
        (TargetConfig, "__eq__", compared(TargetConfig.__eq__)),
        (Record, "__repr__", said_once(Record.__repr__)),
        (ir.Stmt, "list_vars", lambda stmt: variables(stmt.__dict__.values())),
        (ir.Expr, "list_vars", lambda expr: variables(expr._kws.values())),
    ]
    before = [(place, name, place.__dict__.get(name, MISSING)) for place, name, _ in places]
    for place, name, function in places:
        setattr(place, name, function)
    collecting = gc.isenabled()
    gc.disable()  # few of the objects are garbage, and to look through them all takes an eighth of the time
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        for place, name, function in before:
            if function is MISSING:
                delattr(place, name)
            else:
                setattr(place, name, function)


def calls_remembered(asked: Callable) -> Callable:
    """Which of numba's own functions serves a call with arguments of these types."""
    known: dict[tuple, Any] = {}

    def get_call_type(self: Any, context: Any, args: tuple, kws: dict) -> Any:
        if kws:
            return asked(self, context, args, kws)
        key = (self, context, args)
        if key not in known:
            known[key] = asked(self, context, args, kws)
        return known[key]

    return get_call_type


def compared(asked: Callable) -> Callable:
    """Whether two sets of options are the same; most often they are one."""

    def equal(self: Any, other: Any) -> Any:
        return self is other or asked(self, other)

    return equal


def said_once(asked: Callable) -> Callable:
    """The words for a record's type, which are long."""
    known: dict[int, tuple[Any, str]] = {}

    def said(self: Any) -> str:
        if id(self) not in known:
            known[id(self)] = (self, asked(self))
        return known[id(self)][1]

    return said


HOLDS: dict[type, str] = {ir.Var: "variable", list: "several", tuple: "several", dict: "named"}


def kind_of(thing: type) -> str:
    """What a part of an instruction can hold."""
    if thing not in HOLDS:
        parents = (
            (ir.Var, "variable"),
            (ir.Inst, "instruction"),
            ((list, tuple), "several"),
            (dict, "named"),
        )
        HOLDS[thing] = next((kind for parent, kind in parents if issubclass(thing, parent)), "nothing")
    return HOLDS[thing]


def variables(parts: Iterable[Any]) -> list[Any]:
    """The variables in the parts of an instruction, in their order."""
    found: list[Any] = []
    for part in parts:
        kind = HOLDS.get(part.__class__) or kind_of(part.__class__)
        if kind == "variable":
            found.append(part)
        elif kind == "instruction":
            found += part.list_vars()
        elif kind == "several":
            found += variables(part)
        elif kind == "named":
            found += variables(part.values())
    return found
