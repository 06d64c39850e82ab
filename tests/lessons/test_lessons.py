"""Lessons find what they say, in their notebooks and on the command line."""

from importlib import import_module

import pandas as pd
import pytest
from typer.testing import CliRunner

from loyaltysim.cli import app
from loyaltysim.lessons import MODULES, free_club, lesson, notebook, satisfied_leave
from loyaltysim.lessons.taught import Finding

RUNNER = CliRunner()


@pytest.mark.parametrize("name", MODULES)
def test_the_notebook_runs_to_its_end_and_its_finding_holds(name):
    module = import_module(f"loyaltysim.lessons.notebooks.{MODULES[name]}")
    outputs, found = module.app.run()
    assert found["found"].holds
    assert "%" in found["finding"]
    assert len(outputs) == 8
    assert lesson(name).QUESTION.endswith("?") and "falsify" in lesson(name).FALSIFIED_BY


def test_lessons_are_listed():
    told = RUNNER.invoke(app, ["lesson"])
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.stdout.splitlines()] == list(MODULES)


def test_a_lesson_tells_its_finding_and_where_its_notebook_is():
    told = RUNNER.invoke(app, ["lesson", "free-club"])
    assert told.exit_code == 0, told.stderr
    assert "1.00 times what they would without it" in told.stdout
    assert f"marimo edit {notebook('free-club')}" in told.stderr
    assert notebook("free-club").exists()


def test_a_finding_that_does_not_hold_is_told_by_the_exit_code(monkeypatch):
    monkeypatch.setattr(free_club, "finding", lambda: Finding("nothing", pd.DataFrame(), False))
    told = RUNNER.invoke(app, ["lesson", "free-club"])
    assert told.exit_code == 1
    assert "its assertion fails" in told.stderr


def test_an_unknown_lesson_is_refused_with_those_there_are():
    told = RUNNER.invoke(app, ["lesson", "free-clubs"])
    assert told.exit_code == 2
    assert "choose satisfied-leave, two-conditionals, free-club" in told.stderr


def test_the_finding_fails_where_all_markets_are_alike(monkeypatch):
    monkeypatch.setattr(satisfied_leave, "MARKETS", dict.fromkeys(satisfied_leave.MARKETS, 0.5))
    assert not satisfied_leave.finding(replications=2).holds
