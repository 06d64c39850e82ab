"""The `rule`, `step` and `entry` decorators: a plain function on numbers and records, compiled once by numba.

Rules use `math` and scalars only (no numpy ufunc, no constant power, no fastmath), so that the
compiled and the interpreted rule agree to the last bit. Nothing of numba's is loaded before something has to
be compiled: what the engines call (`entry`) is kept as machine code, and loaded without it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar

import numpy as np

INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
if INTERPRETED:
    np.seterr(over="ignore")  # 64-bit draws wrap around on purpose; compiled code never warns


class Rule:
    """A function that is compiled when it is first asked for: for Python, or as part of other rules."""

    def __init__(self, function: Callable, written_in: bool) -> None:
        functools.update_wrapper(self, function)
        self.function, self.written_in = function, written_in

    @cached_property
    def inside(self) -> Any:
        """The function as other rules see it."""
        from loyaltysim.rules.ingredients import Ingredient

        return Ingredient(self.function, self.written_in)

    @cached_property
    def alone(self) -> Any:
        """The function as Python calls it: whatever its arguments are, numba compiles it for their types."""
        from loyaltysim.rules.ingredients import alone

        return alone(self.function, self.inside)

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        return self.alone(*arguments)

    @property
    def stats(self) -> Any:
        """How often numba compiled it and how often that was found on disk."""
        return self.alone.stats

    @property
    def _numba_type_(self) -> Any:
        """What numba takes it for where another rule names it."""
        return self.inside.type


class Later:
    """Something that only numba understands, and that is made before rules are compiled."""

    known: ClassVar[list[Later]] = []

    def __init__(self, module: str, name: str, *arguments: Any) -> None:
        """`name` in `module`; what it gives for these arguments, if there are any."""
        self.module, self.name, self.arguments = module, name, arguments
        self.known.append(self)

    @cached_property
    def made(self) -> Any:
        """The thing itself."""
        found = getattr(import_module(self.module), self.name)
        return found(*self.arguments) if self.arguments else found

    @property
    def _numba_type_(self) -> Any:
        """What numba takes it for."""
        from numba.core.registry import cpu_target

        return cpu_target.typing_context.resolve_value_type(self.made)


def decorator(written_in: bool) -> Callable[[Callable], Any]:
    """A decorator that makes rules of functions; with the JIT off it leaves them as they are."""
    return lambda function: function if INTERPRETED else Rule(function, written_in)


# A rule is written into its callers: handing over its arguments costs as much as the rule itself.
rule = decorator(written_in=True)
# A step is long, and called from several places: a call goes to the one copy of it.
step = decorator(written_in=False)
