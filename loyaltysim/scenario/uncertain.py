"""Uncertain numbers: do their paths lead to a value, do their laws fit there, and which value is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from loyaltysim.scenario.form import ROOT, Form
from loyaltysim.scenario.levers import form_at, raw
from loyaltysim.scenario.marks import Fault, Findings, Node, parsed_path
from loyaltysim.scenario.quantities import written_dial
from loyaltysim.scenario.reading import Dial

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario, Uncertainty

DIGITS = 6  # significant digits of a drawn value
TAIL = 1e-6  # the share of a law's ends that is never drawn
WHOLE = ("whole number", "points", "whole months")  # units of numbers that are rounded
OF_THE_STUDY = {  # what is studied and how long; not known is the market, the firm and the programme
    "schema", "name", "question", "currency", "first_day", "warm_up", "horizon", "seed", "replications",
    "replications_per_draw", "represents", "opening", "satisfaction", "levers", "uncertainties", "checks",
    "observed",
}  # fmt: skip


def faults(scenario: Scenario) -> Iterator[Fault]:
    """Every uncertain number is a single value of the model that takes whatever its law may give."""
    lengths: dict[str, tuple[str, int]] = {}
    for path, law in scenario.uncertainties.items():
        here = ("uncertainties", path)
        try:
            steps = parsed_path(path)
            form = form_at(path)
        except ValueError as error:
            yield here, str(error).replace("a lever moves", "uncertain is")
            continue
        if steps[0] in OF_THE_STUDY:
            yield here, f"'{steps[0]}' says what is studied; only numbers of the model are uncertain"
            continue
        name = law.law
        if name == "range":
            continue  # its fault was told where the range was looked for
        try:
            law.require_rising()
        except ValueError:
            continue  # told where the law stands
        try:
            for share in (TAIL, 1.0 - TAIL, 0.5):
                drawn(form, law, share)
        except ValueError as error:
            cut = name in ("normal", "lognormal") and law.within is None
            yield (*here, name), f"{error}{'; cut the law by within: [lowest, highest]' if cut else ''}"
        if law.together is not None and law.values is not None:
            first, count = lengths.setdefault(law.together, (path, len(law.values)))
            if count != len(law.values):
                yield (*here, "values"), f"{len(law.values)} values, drawn together with {count} of {first}"


def with_ranges(tree: Node, found: Findings) -> Node:
    """The tree with every `range: uniform` replaced by the range that the number at the path carries."""
    laws = tree.child("uncertainties")
    if laws is None or not isinstance(laws.value, dict):
        return tree
    for path, law in laws.value.items():
        kind = law.child("range")
        if kind is None or kind.value not in ("uniform", "triangular"):
            continue
        number = _at(tree, path)
        if number is None or number.range is None or not isinstance(number.range.value, list):
            told = "the number at this path carries no range; write it {value: ..., range: [..., ...]}"
            found.add(kind.mark, ("uncertainties", path, "range"), told)
            continue
        ends = number.range.value
        if len(ends) != 2:
            continue  # told where the range stands
        bare = replace(number, range=None, source=None)
        middle = [bare] if kind.value == "triangular" else []
        of_it = replace(kind, value=[ends[0], *middle, ends[-1]], text="")
        rest = {key: node for key, node in law.value.items() if key != "range"}
        laws = laws.with_child(path, replace(law, value={**rest, kind.value: of_it}))
    return tree.with_child("uncertainties", laws)


def _at(tree: Node, path: str) -> Node | None:
    """The node that a path leads to, if it was written."""
    try:
        steps = parsed_path(path)
    except ValueError:
        return None
    node: Node | None = tree
    form: Form | None = ROOT
    for step in steps:
        if node is None or form is None:
            return None
        at = int(step) if form.is_list and isinstance(step, str) and step.isdecimal() else step
        node, form = node.child(at), form.child(at)
    return node


# ---------------------------------------------------------------- values


def drawn_at(path: str, law: Uncertainty, share: float) -> str:
    """The value at this share of the law, 0 to 1, as text to be set at the path."""
    return drawn(form_at(path), law, share)


def drawn(form: Form, law: Uncertainty, share: float) -> str:
    """The law's quantile as it is written at its place; ValueError where that place does not take it."""
    value = quantile(law, min(max(share, TAIL), 1.0 - TAIL))
    from loyaltysim.scenario.values import in_words

    assert form.quantity is not None
    if form.quantity.unit in WHOLE:
        value = Dial(Decimal(round(value.number)), value.unit)
    try:
        _adapter(form.annotation).validate_python(raw(value))
    except ValidationError as error:
        told = in_words(error.errors(include_url=False)[0], form)
        raise ValueError(f"the law reaches {written_dial(value)}: {told}") from None
    return written_dial(value)


def quantile(law: Uncertainty, share: float) -> Dial:
    """The value below which this share of the law lies, to six digits."""
    if law.values is not None:
        return law.values[min(int(share * len(law.values)), len(law.values) - 1)]
    dials = [d for d in (*law.numbers, *(law.within or ())) if isinstance(d, Dial)]
    found = _inverse(law, share)
    unit = dials[0].unit if dials else ""
    return Dial(Decimal(f"{found:.{DIGITS}g}"), unit)


def _inverse(law: Uncertainty, share: float) -> float:
    """The quantile as a plain number, in the unit of the law."""
    a, *rest = (float(d.number) if isinstance(d, Dial) else float(d) for d in law.numbers)
    ends = None if law.within is None else (float(law.within[0].number), float(law.within[1].number))
    if law.law == "uniform":
        return a + share * (rest[0] - a)
    if law.law == "triangular":
        return _triangular(a, rest[0], rest[1], share)
    if law.law == "beta":
        from scipy.special import betaincinv

        low, high = ends or (0.0, 1.0)
        return low + (high - low) * float(betaincinv(a, rest[0], share))
    log = law.law == "lognormal"
    normal = NormalDist(math.log(a), rest[0]) if log else NormalDist(a, rest[0])
    if ends is not None:
        below = [_cdf(normal, end, log) for end in ends]
        share = min(max(below[0] + share * (below[1] - below[0]), 1e-300), 1.0 - 1e-16)
    value = normal.inv_cdf(share)
    value = math.exp(value) if log else value
    return value if ends is None else min(max(value, ends[0]), ends[1])


def _cdf(normal: NormalDist, end: float, log: bool) -> float:
    """The share of a normal, or lognormal, law below an end."""
    if not log:
        return normal.cdf(end)
    return normal.cdf(math.log(end)) if end > 0 else 0.0


def _triangular(low: float, mode: float, high: float, share: float) -> float:
    """The quantile of a triangular law."""
    rising = (mode - low) / (high - low)
    if share < rising:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - share) * (high - low) * (high - mode))


@lru_cache(maxsize=256)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    """Pydantic's judge of one kind of value."""
    return TypeAdapter(annotation)
