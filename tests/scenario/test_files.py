"""Scenario files that load, and files that do not: one fault a file, its message in the first line."""

import sys
from pathlib import Path

import pytest

from loyaltysim import cli
from loyaltysim.scenario.load import ScenarioFaults, load, resolved_lines

HERE = Path(__file__).parent
VALID = sorted((HERE / "valid").glob("*.yaml"))
SHIPPED = sorted((HERE.parents[1] / "scenarios").rglob("*.yaml"))
INVALID = sorted((HERE / "invalid").glob("*.yaml"))


def first_line(path, word):
    """What stands behind `# word:` in the first line of a file, if it stands there."""
    line = path.read_text(encoding="utf-8-sig").splitlines()[0]
    return line.removeprefix(f"# {word}: ") if line.startswith(f"# {word}: ") else None


def everything_under(folder):
    """Every file below a folder with its size and the time of its last change."""
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}


def fault_of(path, monkeypatch):
    """The only fault of a file, without the name of that file."""
    monkeypatch.chdir(path.parent)
    with pytest.raises(ScenarioFaults) as caught:
        load(path.name)
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 1, told
    assert str(caught.value).splitlines()[0] == told[0]
    return told[0].removeprefix(f"{path.name}:").strip()


@pytest.mark.parametrize("path", INVALID, ids=lambda p: p.stem)
def test_a_fault_is_told_in_exactly_these_words(path, monkeypatch):
    expected = first_line(path, "expect")
    assert expected
    assert fault_of(path, monkeypatch) == expected


@pytest.mark.parametrize("path", INVALID, ids=lambda p: p.stem)
def test_a_faulty_file_ends_with_2_before_anything_is_written(path, monkeypatch, tmp_path, capsys):
    before = everything_under(path.parent)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["loyaltysim", "run", str(path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert everything_under(path.parent) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [*VALID, *SHIPPED], ids=lambda p: p.stem)
def test_a_resolved_scenario_is_the_same_scenario(path, tmp_path):
    loaded = load(path)
    copy = tmp_path / "resolved.yaml"
    copy.write_text("\n".join(resolved_lines(loaded)), encoding="utf-8")
    again = load(copy)
    assert again.scenario == loaded.scenario
    assert again.text_hash == loaded.text_hash
    assert again.annotations == loaded.annotations


@pytest.mark.parametrize("path", [p for p in VALID if first_line(p, "same as")], ids=lambda p: p.stem)
def test_another_way_of_writing_is_the_same_scenario(path):
    twin = path.parent / str(first_line(path, "same as"))
    assert load(path).text_hash == load(twin).text_hash


def test_there_are_files_of_both_kinds():
    assert len(VALID) >= 60
    assert len(INVALID) >= 100
