"""Planted breaks are seen: in how an engine tells time or the line by the identity of the two engines, in a
rule that both share by a closed form or an invariant.

Each break is a textual change in a copy of the package (a text that is not there, or there twice, fails the
test), run in a process of its own with the JIT off, so that nothing need be compiled: four to six seconds
each. By themselves: `python -m pytest -m planted tests/engines/test_breaks.py`; other runs ask only whether
each still stands for a text.

What was seen: every break of time and line below changes desks, customers, ledgers or the story, also last
come, first served, which leaves the mean wait as it is; each broken rule fails the test named beside it.
"""

import pytest
from copies import PACKAGE, Copy, the_one_place

SHORT = (  # a month of ties, so that plain Python lives it in seconds
    "warm_up=0",
    "horizon=1 month",
    "market.entries=[{on: day 0, customers: 14}, {on: day 3, customers: 4}]",
)
TIME_AND_LINE = {  # what is broken: the world in which it shows, the text, and what it becomes
    "compiled: gives up unless the start is before the end of patience (>= for >)": (
        "around the clock", "start <= quits", "start < quits",
    ),
    "compiled: of those who come at one instant the highest number is first": (
        "around the clock",
        "(time == other) & (number < its_number)",
        "(time == other) & (number > its_number)",
    ),
    "compiled: a start at the very instant at which the doors shut is made": (
        "doors that shut", "doors <= until and doors <= start", "doors <= until and doors < start",
    ),
    "compiled: of the clerks free equally long the highest number serves": (
        "two sites", "if desks[k] < desks[best]:", "if desks[k] <= desks[best]:",
    ),
    "SimPy: last come, first served": (
        "around the clock",
        "clerk = Turn(site.clerks, first, next(site.turns))",
        "clerk = Turn(site.clerks, first, -next(site.turns))",
    ),
    "SimPy: served in no order": (
        "around the clock", "next(site.turns))", "next(site.turns) * 7919 % 101)",
    ),
    "SimPy: a clerk comes back twice": (
        "one clerk", "        self.clerks.put(clerk)\n", "        self.clerks.put(clerk)\n" * 2,
    ),
    "compiled: the end of patience is not cancelled when service begins": (
        "around the clock",
        "while quitting > 0 and not still_waits(w, quitters[0]):",
        "while quitting > 0 and False:",
    ),
    "compiled: who is served first breaks off who is being served": (
        "two classes, one clerk",
        "elif row < 0 and desks[clerk] <= arrival:",
        "elif world.customers(w)[i].waiting == 2 or row < 0 and desks[clerk] <= arrival:",
    ),
    "compiled: nobody is served first": (
        "two classes, doors that shut", "for row in range(1, -1, -1):", "for row in range(2):",
    ),
    "compiled: at the end of the shift the one being served is dropped": (
        "two classes, doors that shut",
        "world.desks(w)[world.customers(w)[i].site, clerk] = now + service",
        "world.desks(w)[world.customers(w)[i].site, clerk] = min(\n"
        "        now + service, closing_time(world.terms(w)[0], math.floor(now))\n    )",
    ),
    "compiled: who serves herself stands in the line as well": (
        "self-service that may fail", "if world.customers(w)[i].waiting == 0:", "if where != FIRM:",
    ),
}  # fmt: skip
RULES = {  # what is broken: the text, what it becomes, and the test that sees it
    "patience begins anew when a month closes": (
        "day = world.customers(w)[i].arrival + patience",
        "day = now + patience",
        "engines/test_instants.py::test_those_in_the_line_at_a_close_keep_their_places_and_their_patience",
    ),
    "the waits of those who give up are dropped": (
        "row[V.WAIT_MS] += rounded(wait * MILLISECONDS)",
        "row[V.WAIT_MS] += 0 if gave_up else rounded(wait * MILLISECONDS)",
        "engines/test_service.py::test_the_ledger_counts_waits_of_all_who_left_the_line_from_month_0_on",
    ),
    "who gives up is counted as served too": (
        "row[V.GAVE_UP if gave_up else V.SERVED] += 1",
        "row[V.SERVED] += 1\n        row[V.GAVE_UP] += 1 if gave_up else 0",
        "engines/test_service.py::test_the_ledger_counts_waits_of_all_who_left_the_line_from_month_0_on",
    ),
    "waits of the warm-up are in the histogram": (
        "if month >= world.terms(w)[0].warm_up:\n            world.waits",
        "if month >= 0:\n            world.waits",
        "engines/test_service.py::test_the_ledger_counts_waits_of_all_who_left_the_line_from_month_0_on",
    ),
    "the rate of occasions is taken for their mean distance": (
        "days = customer.gap / rate if found",
        "days = customer.gap * rate if found",
        "rules/test_occasions_and_hours.py::test_asking_late_spends_the_months_that_have_gone_by",
    ),
    "an item of the promise also for those who give up": (
        "return not gave_up and wait > terms.promise_within",
        "return wait > terms.promise_within",
        "rules/test_desk.py::test_a_broken_promise_gives_back_at_most_what_the_wait_has_cost",
    ),
    "the profile of arrivals is read backwards": (
        "fraction >= peaks[part]",
        "fraction >= 1.0 - peaks[len(peaks) - 1 - part]",
        "rules/test_desk.py::test_the_profile_puts_an_occasion_where_its_share_of_the_day_has_come",
    ),
    "omega: the latest visit never weighs more than omega_min, in place of never less": (
        "return max(memory, 1.0 / (visits + 1.0))",
        "return min(memory, 1.0 / (visits + 1.0))",
        "rules/test_quality_and_expectation.py::test_the_first_visits_weigh_one_in_how_many",
    ),
    "points: a redemption takes the youngest lot": (
        "for age in range(len(lots) - 1, -1, -1):",
        "for age in range(len(lots)):",
        "rules/test_points_book.py::test_a_redemption_never_touches_a_younger_lot_first",
    ),
    "hazard: what a piece has used up is forgotten where it ends": (
        "customer.hazard += (now - customer.hazard_from) * customer.hazard_rate",
        "customer.hazard += 0.0",
        "rules/test_loyalty_curves.py::test_she_leaves_when_the_hazard_has_used_up_her_resistance",
    ),
}


TEXTS = {name: texts[-2] for name, texts in TIME_AND_LINE.items()} | {
    name: texts[0] for name, texts in RULES.items()
}


@pytest.fixture
def copy(tmp_path):
    """A copy of the package, and how to change it and to run something with it."""
    return Copy(tmp_path)


@pytest.mark.parametrize("old", TEXTS.values(), ids=TEXTS)
def test_every_break_changes_a_text_that_is_there(old):
    the_one_place(PACKAGE, old)


@pytest.mark.planted
@pytest.mark.parametrize("world", ["around the clock", "doors that shut"])
def test_an_unchanged_copy_shows_no_difference(copy, world):
    assert copy.differences(world, *SHORT) == []


@pytest.mark.planted
@pytest.mark.parametrize(("world", "old", "new"), TIME_AND_LINE.values(), ids=TIME_AND_LINE)
def test_an_engine_that_tells_time_or_the_line_wrongly_is_seen(copy, world, old, new):
    copy.change(old, new)
    assert is_seen(copy, world)


def is_seen(copy, world):
    """Do the engines of the copy differ, or does one of them stop at what cannot be?"""
    try:
        return len(copy.differences(world, *SHORT)) > 0
    except AssertionError as stopped:
        return any(error in str(stopped) for error in ("InvariantError", "IndexError"))


@pytest.mark.planted
@pytest.mark.parametrize(("old", "new", "test"), RULES.values(), ids=RULES)
def test_a_wrong_rule_is_seen_by_a_closed_form_or_an_invariant(copy, old, new, test):
    """The identity is blind to it: both engines live by the same rules."""
    assert copy.passes(test)
    copy.change(old, new)
    assert not copy.passes(test)
