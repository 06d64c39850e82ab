"""How two scenarios differ, in the words of those who run the business.

Compared is what will be run: with what a file extends, with overrides and defaults. What has a name is
compared by its name, whatever the order; items of lists by what tells them apart (a day, a figure).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from loyaltysim.scenario.business_words import Noun, noun_of
from loyaltysim.scenario.form import ROOT, Form, below
from loyaltysim.scenario.marks import Node, Path, dotted, parsed_path
from loyaltysim.scenario.quantities import Amount, Earning, Instant, Qualified, Setting
from loyaltysim.scenario.resolve import default_text
from loyaltysim.scenario.writing import plain, written_amount

if TYPE_CHECKING:
    from loyaltysim.scenario.load import Loaded
    from loyaltysim.scenario.spec import Instruments, Scenario

TELLS_APART = ("kpi", "arm", "at", "on", "from", "to", "does")
"""Fields of an item of a list that say which one it is, as far as it has them."""


class Difference(NamedTuple):
    """One thing that differs."""

    path: str
    before: str | None
    """The value in the first scenario, as one would write it; None if it has none."""
    after: str | None
    """The value in the second scenario."""
    words: str
    """The difference as a sentence."""

    def to_json(self) -> dict[str, str | None]:
        """The difference for programs."""
        return self._asdict()


def differences(one: Scenario, other: Scenario) -> list[Difference]:
    """All that differs between two scenarios, in the order of the spec; nothing if they are equal."""
    return [*_rewards(one, other), *_differ(one, other, ROOT, ())]


def differences_of_sources(one: Loaded, other: Loaded) -> list[Difference]:
    """Ranges and sources of numbers that differ, of numbers in both; they change no result of a run."""
    found = []
    told = one.annotations.keys() | other.annotations.keys()
    for path in sorted(p for p in told if _is_written(one, p) and _is_written(other, p)):
        first, second = one.annotations.get(path), other.annotations.get(path)
        for what in ("range", "source"):
            before, after = getattr(first, what, None), getattr(second, what, None)
            if before != after:
                text = f"{path}: the {what} given for the number {_what_happens(before, after)}"
                found.append(Difference(path, _as_text(before), _as_text(after), text))
    return found


def _is_written(loaded: Loaded, path: str) -> bool:
    """Whether a file says something at a path."""
    node: Node | None = loaded.tree
    for step in parsed_path(path):
        node = node.child(step) if node else None
    return node is not None


def _what_happens(before: Any, after: Any) -> str:
    """What happens to a source or range, as the end of a sentence."""
    if before is None:
        return f"is new: {_as_text(after)}"
    if after is None:
        return f"is gone; it was {_as_text(before)}"
    return f"changes from {_as_text(before)} to {_as_text(after)}"


def _as_text(value: Any) -> str | None:
    """A source or range as text."""
    if value is None:
        return None
    if isinstance(value, str):
        return f"'{value}'"
    ends = (written_amount(v) if isinstance(v, Amount) else f"{v:g}" for v in value)
    return f"[{', '.join(ends)}]"


# ---------------------------------------------------------------- walking both at once


def _differ(one: Any, other: Any, form: Form, path: Path) -> Iterator[Difference]:
    """What differs at and below one place."""
    if one == other:
        return
    if one is None or other is None:
        yield _comes_or_goes(one, other, form, path)
    elif form.model is not None:
        for attribute, field in form.model.model_fields.items():
            name = field.alias or attribute
            yield from _differ(
                getattr(one, attribute), getattr(other, attribute), below(form, name), (*path, name)
            )
    elif form.named is not None:
        for name in [*one, *(n for n in other if n not in one)]:
            yield from _differ(one.get(name), other.get(name), below(form, name), (*path, name))
    elif form.listed is not None and below(form, 0).model is not None:
        yield from _items_differ(one, other, form, path)
    else:
        yield _changes(one, other, form, path)


def _items_differ(one: Any, other: Any, form: Form, path: Path) -> Iterator[Difference]:
    """What differs between two lists of things: equal ones are put aside, the rest told apart by fields."""
    item = below(form, 0)
    rest_one, rest_other = list(one), list(other)
    for equal in [x for x in one if x in other]:
        if equal in rest_one and equal in rest_other:
            rest_one.remove(equal)
            rest_other.remove(equal)
    if not rest_one and not rest_other:
        yield _order_changes(one, other, form, path)
    for thing in rest_one:
        alone = len(rest_one) == len(rest_other) == 1  # then it can only be the same one, moved
        twin = next((x for x in rest_other if alone or _tag(x, item) == _tag(thing, item)), None)
        if twin is None:
            yield _comes_or_goes(thing, None, item, (*path, one.index(thing)))
            continue
        rest_other.remove(twin)
        told = noun_of((*path, 0)).text.removeprefix("an ").removeprefix("a ")
        label = f"the {told} {_flow(thing, item, TELLS_APART).replace(', ', ' ')}".strip()
        here = (*path, one.index(thing))
        for found in _differ(thing, twin, item, here):
            yield found._replace(words=f"{label}: {found.words.removeprefix(dotted(here)).lstrip(': ')}")
    for thing in rest_other:
        yield _comes_or_goes(None, thing, item, (*path, other.index(thing)))


def _tag(thing: Any, item: Form) -> tuple[Any, ...]:
    """What tells an item of a list from the others."""
    assert item.model is not None
    return tuple(
        getattr(thing, attribute)
        for attribute, field in item.model.model_fields.items()
        if (field.alias or attribute) in TELLS_APART[:4] or (field.alias or attribute) == "from"
    )


# ---------------------------------------------------------------- the sentences


def _order_changes(one: Any, other: Any, form: Form, path: Path) -> Difference:
    """The same things in another order."""
    what = noun_of((*path, 0)).text.partition(" ")[2]
    words = f"the order of the list changes: {what}"
    return Difference(dotted(path), _value(one, form), _value(other, form), words)


def _comes_or_goes(one: Any, other: Any, form: Form, path: Path) -> Difference:
    """Something is there in one of the two only."""
    noun = _named(form, path)
    text = _written(one if other is None else other, form, noun)
    if other is None:
        verb, it = ("are", "they were") if noun.plural else ("is", "it was")
        words = f"{noun.text} {verb} gone; {it} {text}" if text else f"{noun.text} {verb} gone"
        return Difference(dotted(path), _value(one, form), None, words)
    verb = "are" if noun.plural else "is"
    return Difference(
        dotted(path), None, _value(other, form), f"{noun.text} {verb} new" + (f": {text}" if text else "")
    )


def _named(form: Form, path: Path) -> Noun:
    """What comes or goes: a rival, a segment, a tier by its name, anything else by its noun."""
    kinds = {"rivals": "rival", "segments": "segment", "levels": "tier", "attributes": "attribute"}
    above = path[-2] if len(path) > 1 else None
    if form.model is not None and above in kinds and not isinstance(path[-1], int):
        return Noun(f"the {kinds[str(above)]} '{path[-1]}'")
    return noun_of(path)


def _changes(one: Any, other: Any, form: Form, path: Path) -> Difference:
    """A single value, or a list of them, is another one."""
    noun = noun_of(path)
    before, after = _written(one, form, noun), _written(other, form, noun)
    verb = _verb(one, other, noun.plural)
    if verb == "switch":
        words = f"{noun.text} {'are' if noun.plural else 'is'} switched {'on' if other else 'off'}"
    else:
        first = _without_common_unit(before, after) if form.quantity else before
        words = f"{noun.text} {verb} from {first} to {after}"
    return Difference(dotted(path), _value(one, form), _value(other, form), words)


def _without_common_unit(before: str, after: str) -> str:
    """The first value without what both say at their end: from 78 to 82 CSI points."""
    number, _, unit = before.partition(" ")
    return number if len(unit) > 3 and after.partition(" ")[2] == unit else before


def _verb(one: Any, other: Any, plural: bool) -> str:
    """What the value does."""
    if isinstance(one, bool):
        return "switch"
    if isinstance(one, Instant):
        return "move" if plural else "moves"
    first, second = _size(one), _size(other)
    if first is None or second is None or first[1] != second[1]:
        return "change" if plural else "changes"
    word = "rise" if second[0] > first[0] else "fall"
    return word if plural else f"{word}s"


def _size(value: Any) -> tuple[Decimal | float, Any] | None:
    """The size of a value, and what it must share with another one to be compared by size."""
    match value:
        case bool() | str() | Instant():
            return None
        case int() | float():
            return value, None
        case Amount():
            return value.amount, value.currency
        case Earning():
            return value.points, (value.per, value.currency)
        case Qualified():
            return value.amount, (value.measure, value.currency)
        case Setting():
            return value.value, value.percent
    return None


def _written(value: Any, form: Form, noun: Noun) -> str:
    """A value in a sentence: with its unit, and a mapping without braces."""
    if form.model is not None or form.named is not None:
        return _flow(value, form)
    text = _value(value, form) or ""
    return f"{text} {noun.unit}" if noun.unit and not isinstance(value, str | bool) else text


def _value(value: Any, form: Form) -> str | None:
    """A value as one would write it."""
    if value is None:
        return None
    if form.model is not None or form.named is not None:
        return f"{{{_flow(value, form)}}}"
    if form.listed is not None:
        return f"[{', '.join(str(_value(item, below(form, 0))) for item in value)}]"
    return default_text(value, form)


def _flow(value: Any, form: Form, only: tuple[str, ...] = ()) -> str:
    """The parts of a mapping that are not their defaults, on one line."""
    if form.named is not None:
        return ", ".join(f"{name}: {_value(part, below(form, name))}" for name, part in value.items())
    assert form.model is not None
    parts = []
    for attribute, field in form.model.model_fields.items():
        name, part = field.alias or attribute, getattr(value, attribute)
        if (only and name not in only) or part == field.get_default(call_default_factory=True):
            continue
        parts.append(f"{name.replace('_', ' ')} {_value(part, below(form, name))}")
    return ", ".join(parts)


# ---------------------------------------------------------------- what several fields say together


def _rewards(one: Scenario, other: Scenario) -> Iterator[Difference]:
    """The reward, worked out from the points earned and the worth of a point."""
    for where in ("programme", "status_quo"):
        first, second = _reward(getattr(one, where)), _reward(getattr(other, where))
        if first is None or second is None or first == second or first[1] != second[1]:
            continue
        verb = "rises" if second[0] > first[0] else "falls"
        before, after = _reward_text(first, one.currency), _reward_text(second, other.currency)
        so_far = "so far: " if where == "status_quo" else ""
        base = "of sales" if first[1] == "currency" else "a visit"
        words = f"{so_far}the reward {verb} from {before} to {after} {base}"
        yield Difference(f"{where}.points", f"{before} {base}", f"{after} {base}", words)


def _reward(programme: Instruments | None) -> tuple[Decimal, str] | None:
    """Face value of the points earned, for each unit of money spent or for each visit."""
    if programme is None or programme.points is None:
        return None
    terms = programme.points
    return terms.earn.points * terms.worth.amount, terms.earn.per


def _reward_text(reward: tuple[Decimal, str], currency: str) -> str:
    """The reward in per cent, or in money."""
    return f"{plain(reward[0] * 100)} %" if reward[1] == "currency" else f"{plain(reward[0])} {currency}"
