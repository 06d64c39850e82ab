"""`new`: a scenario that loads as it is and with every block switched on, and that spares what is there."""

import os
import sys

import pytest

from loyaltysim import cli
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.scenario.schema import schema_text
from loyaltysim.scenario.starter import SCHEMA, starter_text

DIVIDER = "# ----"


@pytest.fixture
def new(monkeypatch, tmp_path, capsys):
    """Run `new` in an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["loyaltysim", "new", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return end.value.code or 0, printed.out, printed.err

    return run


def test_new_writes_a_scenario_and_the_schema_beside_it(new, tmp_path):
    code, out, err = new()
    assert (code, out) == (0, "")
    assert err == "wrote scenario.yaml\nwrote scenario.schema.json\nnext: loyaltysim check scenario.yaml\n"
    assert (tmp_path / "scenario.yaml").read_text(encoding="utf-8") == starter_text()
    assert (tmp_path / SCHEMA).read_text(encoding="utf-8") == schema_text()


def test_new_asks_nothing(new, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert new("shop.yaml", "--quiet") == (0, "", "")


def test_new_never_overwrites(new, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("mine", encoding="utf-8")
    code, out, err = new("mine.yaml")
    assert (code, out) == (2, "")
    assert err == "mine.yaml: there is such a file already, and it is left alone\n"
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / SCHEMA).exists()
    (tmp_path / SCHEMA).write_text("old", encoding="utf-8")
    assert new("other.yaml")[0] == 0
    assert (tmp_path / SCHEMA).read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_new_does_not_write_through_a_link(new, tmp_path):
    (tmp_path / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert new("link.yaml")[0] == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.parametrize(("name", "code"), [("shop.txt", 2), ("shop", 2), ("no/such/folder.yaml", 4)])
def test_new_refuses_what_it_cannot_write(new, tmp_path, name, code):
    ended, out, err = new(name)
    assert (ended, out) == (code, "")
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_starter_loads_and_can_be_run(new):
    new()
    loaded = load("scenario.yaml")
    assert lower(loaded.scenario) is not None
    assert loaded.scenario.programme is not None
    assert any(line.startswith("#") for line in starter_text().splitlines())


def test_the_starter_loads_with_every_block_switched_on(tmp_path):
    before, _, after = starter_text().partition(DIVIDER)
    blocks = [line.removeprefix("#").removeprefix(" ") for line in after.splitlines()[1:]]
    (tmp_path / "all.yaml").write_text(before + "\n" + "\n".join(blocks), encoding="utf-8")
    scenario = load(tmp_path / "all.yaml").scenario
    assert scenario.checks and scenario.events and scenario.survey and scenario.status_quo
