"""The table of published facts is whole and current in form; a few of its facts are run anew."""

import math
import re

import pytest

from loyaltysim.validation.fact_list import FACTS, MISSES, WAITING
from loyaltysim.validation.facts import BEGIN, END, HEAD, PAGE, Fact, accepted, gathered, in_short

EXPECTED = [*range(1, 9), *range(14, 26), *range(27, 30), *range(31, 36), 37, 38]  # R9 to R13, R26 elsewhere


def section():
    """The lines of the table in docs/validation.md: number of the fact, verdict."""
    text = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = [line.split("|") for line in text.splitlines() if line.startswith(("| R", "| D"))]
    return text, [(row[1].strip(), row[-3].strip()) for row in rows]


def test_every_fact_is_run_or_says_what_it_waits_for():
    assert {*FACTS, *WAITING} == {*(f"R{k}" for k in EXPECTED), "Delight"}
    assert not set(FACTS) & set(WAITING)


def test_the_page_shows_every_fact_with_its_verdict_and_its_misses():
    text, rows = section()
    assert {number for number, _ in rows} == set(FACTS)
    assert {verdict for _, verdict in rows} <= {"met", "**missed**"}
    said = dict(re.findall(r"^- \*\*(\w+)\*\*: (.+)$", text, re.MULTILINE))
    missed = {number for number, verdict in rows if verdict == "**missed**"}
    assert set(MISSES) == missed
    assert all(row.count("|") == 10 for row in text.splitlines() if row.startswith(("| R", "| Delight")))
    assert said == {number: MISSES[number] for number in missed} | WAITING
    met = sum(verdict == "met" for _, verdict in rows)
    assert f"**{met} met, {len(rows) - met} missed**" in text
    assert HEAD.split("{tested}")[0] in text
    assert in_short(text) in PAGE.read_text(encoding="utf-8").partition(BEGIN)[0]


def fact(grade, low, high, *values):
    return Fact("R0", grade, "", "", low, high, "", values, "", 1)


def test_a_fact_is_met_by_its_mean_and_a_shape_by_its_whole_interval():
    assert fact("checked", 0.0, 1.0, 0.5, 1.3).met
    assert not fact("checked", 0.0, 1.0, 0.9, 1.3).met
    assert not fact("shape", 0.0, float("inf"), -0.5, 1.3, 0.9).met
    assert fact("shape", 0.0, float("inf"), 0.8, 1.3, 0.9).met
    assert not fact("shape", 0.0, float("inf"), 0.0, 0.0, 0.0).met
    assert "| 0 to 1 | **missed** |" in str(fact("checked", 0.0, 1.0, 2.0, 2.1))
    assert [accepted(*ends) for ends in ((0.0, math.inf), (-math.inf, 1e-9))] == ["above 0", "below 0"]


@pytest.mark.statistical
@pytest.mark.parametrize("name", ["R1", "R17", "R33"])
def test_a_fact_run_anew_with_other_luck_has_the_verdict_of_the_page(name):
    """Two replications in place of ten: the verdicts with room to spare are the same."""
    shown = [verdict == "met" for number, verdict in section()[1] if number == name]
    assert [row.met for row in gathered([name], 2)] == shown
