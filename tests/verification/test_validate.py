"""`validate`: one table of laws, closed forms and facts; it ends with 1 where what must hold does not."""

import json
import sys

import pytest

from loyaltysim import cli
from loyaltysim.validation import validate as subject
from loyaltysim.validation.checks import CHECKS
from loyaltysim.validation.fact_list import FACTS
from loyaltysim.validation.verdict import Row


def called(monkeypatch, *words):
    """The exit code of `validate`."""
    monkeypatch.setattr(sys, "argv", ["loyaltysim", "validate", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0


def test_names_mean_checks_that_begin_so_or_whole_parts():
    known = ["laws", *CHECKS, *FACTS]
    assert subject.chosen((), known) == known
    assert subject.chosen(("C6",), known) == ["C6, four clerks", "C6, six clerks"]
    assert subject.chosen(("R18",), known) == ["R18, ten stamps", "R18"]
    assert subject.chosen(("facts", "laws"), known) == [*FACTS, "laws"]


def test_forms_hold_and_are_printed(monkeypatch, capsys):
    assert called(monkeypatch, "C21", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["holds"] for row in rows] == [True] * 4
    assert {row["part"] for row in rows} == {"forms"}


def test_a_form_that_misses_ends_with_1_and_a_fact_does_not(monkeypatch, capsys):
    wrong = Row("the answer", 42.0, 41.0, 0.1, "1 try")
    monkeypatch.setitem(CHECKS, "C21", (lambda: [wrong], "forms"))
    assert called(monkeypatch, "C21") == 1
    assert "MISSES" in capsys.readouterr().out
    missed = subject.Verdict("facts", "R0", "what", "1", 2.0, None, False, False, "n")
    monkeypatch.setattr(subject, "validate", lambda *words: iter([missed]))
    assert called(monkeypatch, "R1") == 0
    assert "facts: 0 of 1 met, 1 missed (limits of the model)" in capsys.readouterr().out


def test_a_name_that_is_none_ends_with_2(monkeypatch, capsys):
    assert called(monkeypatch, "C99") == 2
    assert "no check 'C99'" in capsys.readouterr().err


@pytest.mark.slow
def test_no_law_is_broken_in_any_market_of_the_closed_forms():
    found = list(subject.laws())
    assert len(found) > 30
    assert all(one.holds for one in found), [one for one in found if not one.holds]
