"""The set-up: run.py decides rightly, the lock is complete, the floors import what they may."""

import ast
import importlib.util
import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKED = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture
def setup(monkeypatch, tmp_path):
    """run.py as a module whose checkout is an empty folder; `setup.calls` are the programs it would start."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    (tmp_path / "pyproject.toml").write_text("one")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / ".installed")
    monkeypatch.setattr(module, "make_venv", lambda: None)
    module.calls = []
    module.code = 0

    def call(command, **how):
        module.calls.append(command)
        return module.code

    monkeypatch.setattr(module.subprocess, "call", call)
    return module


def test_an_old_python_can_read_run_py_and_be_told_so(setup, monkeypatch):
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    monkeypatch.setattr(setup, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3"):
        setup.main(["demo"])


def test_run_py_needs_the_standard_library_only():
    assert imports(ROOT / "run.py") <= sys.stdlib_module_names


def test_a_stamp_vouches_for_what_was_installed_and_nothing_else(setup):
    extras = frozenset(["test", "all"])
    text = setup.stamp_text("abc", extras)
    assert setup.read_stamp(text, "abc") == extras
    assert setup.read_stamp(text, "abd") is None
    assert setup.read_stamp("", "abc") is None
    assert setup.read_stamp(setup.stamp_text("abc", frozenset()), "abc") == frozenset()


def test_the_digest_tells_where_one_part_ends(setup):
    assert setup.digest([b"ab", b"c"]) != setup.digest([b"a", b"bc"])


def test_the_requirement_names_the_extras_in_order(setup):
    assert setup.requirement(frozenset()) == "."
    assert setup.requirement(frozenset(["test", "all"])) == ".[all,test]"


def test_a_second_set_up_installs_nothing(setup):
    setup.ensure(setup.TEST)
    setup.ensure(setup.TEST)
    setup.ensure(setup.CORE)
    assert len(setup.calls) == 1


def test_more_extras_are_added_to_those_installed(setup):
    setup.ensure(setup.TEST)
    setup.ensure(setup.CHECK)
    assert [call[-1] for call in setup.calls] == [".[all,test]", ".[all,dev,docs,test]"]


def test_changed_requirements_are_installed_again(setup):
    setup.ensure(setup.CORE)
    (setup.ROOT / "pyproject.toml").write_text("two")
    setup.ensure(setup.CORE)
    assert len(setup.calls) == 2


def test_a_failed_installation_leaves_no_stamp_and_passes_its_code_on(setup):
    setup.code = 7
    with pytest.raises(SystemExit) as end:
        setup.ensure(setup.CORE)
    assert end.value.code == 7
    assert not setup.STAMP.exists()


def test_an_interrupted_installation_is_done_again(setup, monkeypatch):
    def interrupted(command, **how):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(setup.subprocess, "call", interrupted)
        with pytest.raises(KeyboardInterrupt):
            setup.ensure(setup.CORE)
    setup.ensure(setup.CORE)
    assert len(setup.calls) == 1


def test_something_is_said_before_the_slow_part(setup, capsys):
    setup.ensure(setup.CORE)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Setting up .venv")


@pytest.mark.parametrize(
    ("words", "extras", "arguments"),
    [
        (["demo"], "CORE", ["-m", "loyaltysim.cli", "demo"]),
        (["test", "-k", "x"], "TEST", ["-m", "pytest", "-n", "2", "-k", "x"]),
        (["check", "x.yaml"], "CORE", ["-m", "loyaltysim.cli", "check", "x.yaml"]),
        (["--help"], "CORE", ["-m", "loyaltysim.cli", "--help"]),
    ],
)
def test_words_become_the_right_program(setup, monkeypatch, words, extras, arguments):
    became = []
    monkeypatch.setattr(setup.os, "chdir", lambda path: None)
    monkeypatch.setattr(setup, "ensure", became.append)

    def become(command):
        became.append(command)
        sys.exit(0)

    monkeypatch.setattr(setup, "become", become)
    with pytest.raises(SystemExit):
        setup.main(words)
    assert became == [getattr(setup, extras), arguments]


def test_check_alone_runs_every_gate_and_fails_at_the_end(setup, capsys):
    setup.code = 1
    assert setup.check(setup.GATES) == 1
    assert len(setup.calls) == len(setup.GATES)
    assert (
        capsys.readouterr().err.splitlines()[-1] == "gates failed: format, lint, types, floors, bundle, docs"
    )
    setup.code = 0
    assert setup.check(setup.GATES) == 0


def test_on_windows_the_exit_code_is_passed_on(setup, monkeypatch):
    setup.code = 3
    monkeypatch.setattr(setup.os, "name", "nt")
    with pytest.raises(SystemExit) as end:
        setup.become(["-m", "loyaltysim.cli"])
    assert end.value.code == 3


def test_no_words_print_how_to_use_it(setup, capsys):
    with pytest.raises(SystemExit) as end:
        setup.main([])
    assert end.value.code == 2
    assert "python3 run.py demo" in capsys.readouterr().out


def test_the_lock_names_versions_only():
    for line in LOCKED:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line), line
    assert not any(line.startswith("loyaltysim") for line in LOCKED)


def test_the_lock_knows_every_dependency():
    project = PYPROJECT["project"]
    asked = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    names = {re.match(r"[\w-]+", line)[0].lower() for line in asked} - {"loyaltysim"}
    assert names <= {line.split("==")[0] for line in LOCKED}


def imports(path):
    """The top-level names a file imports; of this project the second name too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {".".join(name.split(".")[: 2 if name.startswith("loyaltysim") else 1]) for name in names}


def test_the_package_imports_only_what_a_core_installation_brings():
    declared = {re.match(r"[\w-]+", line)[0].lower() for line in PYPROJECT["project"]["dependencies"]}
    brought = {"pyyaml": {"yaml"}, "pydantic": {"pydantic", "pydantic_core"}}
    allowed = set().union(*(brought.get(name, {name}) for name in declared)) | sys.stdlib_module_names
    for path in (ROOT / "loyaltysim").rglob("*.py"):
        besides = {"marimo"} if path.parent.name == "notebooks" else set()  # which nothing imports
        found = {name for name in imports(path) if not name.startswith("loyaltysim")}
        assert found <= allowed | besides, path


def test_rules_import_only_numpy_numba_and_the_standard_library():
    allowed = sys.stdlib_module_names | {"numpy", "numba", "loyaltysim.rules", "loyaltysim.errors"}
    besides = {
        "keeping.py": {"platformdirs"},
        **{key: {"llvmlite"} for key in ("apart.py", "building.py", "loading.py", "rows.py")},
    }  # the cache; machine code
    for path in (ROOT / "loyaltysim" / "rules").rglob("*.py"):
        assert imports(path) <= allowed | besides.get(path.name, set()), path
