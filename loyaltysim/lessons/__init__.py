"""Lessons for a class: small scenarios, each with a finding that holds or does not (SCIENCE 6).

A lesson is a module with its scenario beside it, and a marimo notebook in `notebooks/` that shows its code
and lets a class turn one knob. `loyaltysim lesson NAME` runs it without marimo and prints what is found.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from loyaltysim.errors import UsageError

MODULES = {  # by the name on the command line
    "satisfied-leave": "satisfied_leave",
    "two-conditionals": "two_conditionals",
    "free-club": "free_club",
}


def lesson(name: str) -> ModuleType:
    """The lesson of that name; raises UsageError if there is none."""
    if name not in MODULES:
        raise UsageError(f"lesson {name}: there is no such lesson; choose {', '.join(MODULES)}")
    return import_module(f"loyaltysim.lessons.{MODULES[name]}")


def notebook(name: str) -> Path:
    """The notebook of a lesson."""
    return Path(__file__).parent / "notebooks" / f"{MODULES[name]}.py"
