"""Levers: do their paths lead to a value, do their ends fit there, and which values lie between."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.marks import Fault, parsed_path
from loyaltysim.scenario.quantities import written_dial
from loyaltysim.scenario.reading import Dial
from loyaltysim.scenario.suggestions import hint

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Lever, Scenario

DIGITS = 4  # significant digits of a value between two ends


def faults(scenario: Scenario) -> Iterator[Fault]:
    """Every lever leads to a single value that both of its ends may take."""
    for path, lever in scenario.levers.items():
        try:
            form = form_at(path)
        except ValueError as error:
            yield ("levers", path), str(error)
            continue
        for name, end in (("from", lever.low), ("to", lever.high)):
            try:
                text_of(form, end)
            except ValueError as error:
                yield ("levers", path, name), str(error)


def form_at(path: str) -> Form:
    """What stands at a path, if that is one value; ValueError says what would do."""
    form: Form = ROOT
    for step in parsed_path(path):
        whole = isinstance(step, str) and step.isdecimal() and form.is_list
        below = form.child(int(step) if whole else step)
        if below is None:
            raise ValueError(f"no such place: '{step}'; {hint(str(step), form.fields())}")
        form = below
    if form.quantity is None:
        raise ValueError(f"a lever moves a single value that is a number; here stands {form.wanted()}")
    return form


def text_of(form: Form, value: Dial) -> str:
    """The value as it is written at its place, a whole number where only whole ones are allowed."""
    assert form.quantity is not None
    try:
        form.quantity.parse(raw(value))
        return written_dial(value)
    except ValueError:
        whole = Dial(Decimal(round(value.number)), value.unit)
        form.quantity.parse(raw(whole))
        return written_dial(whole)


def raw(value: Dial) -> Any:
    """The value as a file would give it: a number, or text with its unit."""
    if value.unit:
        return written_dial(value)
    return int(value.number) if value.number == int(value.number) else float(value.number)


def between(path: str, lever: Lever, share: float) -> str:
    """The value at this share of the way, 0 to 1, as text to be set."""
    number = lever.low.number + (lever.high.number - lever.low.number) * Decimal(str(share))
    exact = share in (0.0, 1.0) or not number
    shortened = number if exact else Decimal(f"{number:.{DIGITS}g}")
    return text_of(form_at(path), Dial(shortened, lever.high.unit))


def steps(path: str, lever: Lever, count: int) -> list[str]:
    """Evenly spaced values with both ends, none twice."""
    return list(dict.fromkeys(between(path, lever, k / (count - 1)) for k in range(count)))
