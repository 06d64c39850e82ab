"""The edges of the command line: what is printed where, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import pytest

from loyaltysim import cli, edge
from loyaltysim.cli import running
from loyaltysim.errors import InvariantError, RefusedError, ScenarioError, StorageError, UsageError

PASSED = {
    "kpi": "retention_12m",
    "arm": "programme",
    "min": 0.2,
    "max": 0.9,
    "judge": "estimate",
    "estimate": 0.5,
    "low": 0.4,
    "high": 0.6,
    "passed": True,
}
FAILED = {
    "kpi": "programme_roi",
    "arm": "effect",
    "min": 0.1,
    "max": None,
    "judge": "interval",
    "estimate": 0.2,
    "low": 0.05,
    "high": 0.35,
    "passed": False,
}
UNKNOWN = {
    "kpi": "cost_per_saved_customer",
    "arm": "effect",
    "min": None,
    "max": 50.0,
    "judge": "estimate",
    "estimate": None,
    "low": None,
    "high": None,
    "passed": False,
}
HEAVY = {"numpy", "pandas", "numba", "scipy", "matplotlib", "pyarrow", "simpy"}


@pytest.fixture
def call(monkeypatch, capsys):
    """Run the command line in this process: (exit code, stdout, stderr)."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["loyaltysim", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return end.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def verbs(monkeypatch, tmp_path):
    """Stand-ins for the verbs; `verbs.asked` is what the command line asked of them."""
    asked = {}

    def load(path, overrides=()):
        asked.update(path=path, overrides=tuple(overrides))
        if "broken" in str(path):
            raise ScenarioError(f"{path}:3:1: programm: unknown key; did you mean 'programme'?")
        return SimpleNamespace(scenario=str(path))

    def run(loaded, **how):
        asked.update(how)
        if stand_in.error is not None:
            raise stand_in.error
        return SimpleNamespace(
            folder=tmp_path,
            answer="The programme pays.",
            warnings=["few replications"],
            loaded=SimpleNamespace(path="shop.yaml", scenario=SimpleNamespace(name="Shop & <Co>")),
            checks=stand_in.checks,
            outer=None,
            to_json=lambda: stand_in.document,
        )

    def module(name, **members):
        made = ModuleType(name)
        made.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, made)

    module("loyaltysim.scenario.load", load=load, resolved_lines=lambda loaded: ["seed: 42", "name: x"])
    module("loyaltysim.scenario.schema", json_schema=lambda: {"type": "object"})
    module(
        "loyaltysim.experiments.run",
        run=run,
        trace=lambda loaded, customer, replication=0, seed=None: [f"{customer} {replication} {seed}"],
        warmup=lambda *engines: None,
    )
    module("loyaltysim.report.page", write_report=lambda results: results.folder / "report.html")
    stand_in = SimpleNamespace(asked=asked, error=None, checks=[], document={"kpis": []})
    return stand_in


def test_help_names_every_verb(call):
    code, out, err = call("--help")
    assert (code, err) == (0, "")
    for verb in ("run", "demo", "check", "resolve", "trace", "schema", "warmup"):
        assert f"\n  {verb} " in out


def test_version_goes_to_stdout(call):
    assert call("--version") == (0, "loyaltysim 0.1.0\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ["rnu"],
        ["run"],
        ["run", "x.yaml", "--sede", "3"],
        ["run", "x.yaml", "--replications", "0"],
        ["run", "x.yaml", "--seed", "-1"],
        ["run", "x.yaml", "--engine", "steam"],
        ["run", "x.yaml", "--workers", "many"],
        ["check"],
        ["trace", "x.yaml"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_nothing_on_stdout(call, words):
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert "Error" in err or "Missing" in err


def test_unknown_verb_is_answered_with_the_nearest(call):
    assert "Did you mean 'run'" in call("rn")[2]


def test_importing_the_command_line_imports_nothing_heavy():
    probe = "import sys, loyaltysim, loyaltysim.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert HEAVY.isdisjoint(loaded.split())


def test_importing_the_package_imports_none_of_its_floors():
    probe = "import sys, loyaltysim; print(*[m for m in sys.modules if m.startswith('loyaltysim.')])"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


def test_run_prints_the_answer_on_stdout_and_the_rest_on_stderr(call, verbs, tmp_path):
    code, out, err = call("run", "shop.yaml")
    assert (code, out) == (0, "The programme pays.\n")
    assert err == f"warning: few replications\nreport: {tmp_path / 'report.html'}\n"


def test_run_passes_on_every_option(call, verbs):
    words = "--out there --replications 7 --seed 5 --engine simpy --workers 2 --resume --set a.b=1 --set c=2"
    words += " --customers --events --sample 1% --force --precision revenue=5"
    assert call("run", "in/shop.yaml", *words.split())[0] == 0
    assert callable(verbs.asked.pop("notify"))
    assert verbs.asked == {
        "path": Path("in/shop.yaml"),
        "overrides": ("a.b=1", "c=2"),
        "out": Path("there"),
        "replications": 7,
        "seed": 5,
        "engine": "simpy",
        "workers": 2,
        "resume": True,
        "customers": True,
        "events": True,
        "sample": "1%",
        "force": True,
        "precision": ["revenue=5"],
        "progress": None,
    }


def test_run_leaves_to_the_scenario_what_was_not_asked(call, verbs):
    call("run", "in/shop.yaml")
    assert verbs.asked["out"] == Path("reports/shop")
    assert verbs.asked["engine"] == "auto"
    assert verbs.asked["replications"] is verbs.asked["seed"] is verbs.asked["workers"] is None


def test_json_is_the_only_thing_on_stdout(call, verbs):
    verbs.document = {"scenario": "Café", "kpis": [{"estimate": None}]}
    code, out, err = call("run", "shop.yaml", "--json")
    assert code == 0
    assert json.loads(out) == verbs.document
    assert "report.html" in err


def test_json_never_holds_a_number_that_is_not_one(call, verbs):
    verbs.document = {"estimate": float("nan")}
    code, out, err = call("run", "shop.yaml", "--json")
    assert (code, out) == (5, "")
    assert "internal error" in err


def test_quiet_leaves_stderr_empty(call, verbs):
    assert call("run", "shop.yaml", "--quiet") == (0, "The programme pays.\n", "")


def test_a_failed_check_of_the_scenario_ends_with_1_after_the_answer(call, verbs):
    verbs.checks = [PASSED, FAILED]
    code, out, err = call("run", "shop.yaml")
    assert (code, out) == (1, "The programme pays.\n")
    assert err.splitlines()[-1] == (
        "check failed: programme_roi (effect) at least 0.1, whole interval; found 0.2, interval 0.05 to 0.35"
    )


def test_checks_are_written_for_machines(call, verbs, tmp_path):
    verbs.checks = [PASSED, FAILED, UNKNOWN]
    target = tmp_path / "checks.xml"
    assert call("run", "shop.yaml", "--junit", str(target))[0] == 1
    suite = ElementTree.fromstring(target.read_bytes()).find("testsuite")
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("Shop & <Co>", "3", "2")
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [
        "retention_12m (programme) at least 0.2 and at most 0.9",
        "programme_roi (effect) at least 0.1, whole interval",
        "cost_per_saved_customer (effect) at most 50",
    ]
    assert [len(case.findall("failure")) for case in cases] == [0, 1, 1]
    assert cases[2].find("failure").get("message").endswith("; found not estimable")
    verbs.checks = [PASSED]
    assert call("run", "shop.yaml", "--junit", str(target))[0] == 0
    assert b"failure " not in target.read_bytes()


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (ScenarioError("x.yaml:1:1: bad"), 2, "x.yaml:1:1: bad"),
        (UsageError("no customer 9"), 2, "no customer 9"),
        (RefusedError("needs 80 GB"), 3, "needs 80 GB"),
        (MemoryError(), 3, "not enough memory"),
        (StorageError("manifest changed"), 4, "manifest changed"),
        (OSError(28, "No space left on device"), 4, "No space left on device"),
        (InvariantError("points do not add up"), 5, "points do not add up"),
        (ZeroDivisionError("division by zero"), 5, "internal error: ZeroDivisionError: division by zero"),
        (KeyboardInterrupt(), 130, "interrupted; --resume keeps what was finished"),
    ],
)
def test_every_error_has_its_exit_code_and_no_traceback(call, verbs, error, code, text):
    verbs.error = error
    ended, out, err = call("run", "shop.yaml")
    assert (ended, out) == (code, "")
    assert text in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback_and_keeps_the_exit_code(call, verbs):
    verbs.error = InvariantError("points do not add up")
    code, _, err = call("run", "shop.yaml", "--debug")
    assert code == 5
    assert "Traceback" in err


def test_check_reads_every_file_and_names_all_faults(call, verbs):
    code, out, err = call("check", "broken.yaml", "fine.yaml", "broken2.yaml")
    assert (code, out) == (2, "fine.yaml: ok\n")
    assert err.count("unknown key") == 2


def test_check_as_json_holds_the_faults(call, verbs):
    code, out, _ = call("check", "broken.yaml", "fine.yaml", "--json")
    first, second = json.loads(out)
    assert code == 2
    assert (first["ok"], second) == (False, {"scenario": "fine.yaml", "ok": True, "faults": None})
    assert "did you mean 'programme'" in first["faults"]


def test_resolve_prints_the_lines(call, verbs):
    assert call("resolve", "shop.yaml") == (0, "seed: 42\nname: x\n", "")


def test_trace_asks_for_one_customer(call, verbs):
    words = ["--customer", "12", "--replication", "3", "--seed", "9"]
    assert call("trace", "shop.yaml", *words) == (0, "12 3 9\n", "")


def test_schema_is_printed_or_written(call, verbs, tmp_path):
    code, out, _ = call("schema")
    assert (code, json.loads(out)) == (0, {"type": "object"})
    target = tmp_path / "scenario.schema.json"
    assert call("schema", "-o", str(target))[:2] == (0, "")
    assert target.read_text() == out


def test_schema_into_a_folder_that_is_missing_ends_with_4(call, verbs, tmp_path):
    code, out, err = call("schema", "-o", str(tmp_path / "missing" / "x.json"))
    assert (code, out) == (4, "")
    assert "storage" in err


def test_warmup_says_how_long_it_took(call, verbs):
    code, out, err = call("warmup")
    assert (code, out) == (0, "")
    assert "compiled" in err


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A checkout that has the demo's scenario."""
    scenario = tmp_path / "scenarios" / "coffee.yaml"
    scenario.parent.mkdir()
    scenario.touch()
    monkeypatch.setattr(running, "__file__", str(tmp_path / "loyaltysim" / "cli" / "running.py"))
    return tmp_path


def test_demo_says_what_it_runs_and_ends_with_the_report(call, verbs, checkout):
    code, out, err = call("demo")
    assert code == 0
    assert "scenarios/coffee.yaml" in err
    assert out.endswith(f"\nOpen {checkout / 'report.html'}\n")
    assert verbs.asked.get("replications") is None
    assert verbs.asked["path"] == checkout / "scenarios" / "coffee.yaml"


def test_demo_outside_a_checkout_says_so(call, verbs, monkeypatch, tmp_path):
    monkeypatch.setattr(running, "__file__", str(tmp_path / "loyaltysim" / "cli" / "running.py"))
    code, out, err = call("demo")
    assert (code, out) == (2, "")
    assert "needs a checkout" in err


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is another error there")
def test_a_reader_that_goes_away_is_no_error():
    read_end, write_end = os.pipe()
    os.close(read_end)
    probe = "import sys; from loyaltysim.edge import say; say('x' * 100_000); say('y'); sys.exit(1)"
    try:
        ended = subprocess.run(
            [sys.executable, "-c", probe], stdout=write_end, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(write_end)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_no_bar_off_a_terminal_or_when_quiet(monkeypatch):
    with edge.progress_bar(quiet=False) as progress:
        assert progress is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with edge.progress_bar(quiet=True) as progress:
        assert progress is None


def test_a_bar_on_a_terminal_counts_replications(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with edge.progress_bar(quiet=False) as progress:
        progress(3, 10)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "3/10" in printed.err


def test_compare_wants_its_baseline_among_the_files(call):
    code, out, err = call("compare", "a.yaml", "b.yaml", "--baseline", "c.yaml")
    assert (code, out) == (2, "")
    assert "none of the files" in err


def test_compare_tells_and_writes_the_checks_of_every_file(call, verbs, monkeypatch, tmp_path):
    def results(name, checks):
        scenario = SimpleNamespace(name=name)
        return SimpleNamespace(loaded=SimpleNamespace(path=f"{name}.yaml", scenario=scenario), checks=checks)

    found = SimpleNamespace(
        results=[results("a", [PASSED]), results("b", [FAILED])], warnings=[], to_json=dict
    )
    for name, members in (
        ("compare", {"compare": lambda files, **how: found}),
        ("side_by_side", {"lines": lambda found: ["b, less a"], "amount": str}),
        ("why", {"lines": lambda shares, amount: [], "reasons": lambda *words, **how: []}),
    ):
        stand_in = ModuleType(name)
        stand_in.__dict__.update(members)
        monkeypatch.setitem(sys.modules, f"loyaltysim.experiments.{name}", stand_in)
    target = tmp_path / "checks.xml"
    code, out, err = call("compare", "a.yaml", "b.yaml", "--junit", str(target))
    assert (code, out) == (1, "b, less a\n")
    assert err.startswith("b: check failed: programme_roi (effect) at least 0.1")
    suites = ElementTree.fromstring(target.read_bytes()).findall("testsuite")
    assert [(suite.get("name"), suite.get("failures")) for suite in suites] == [("a", "0"), ("b", "1")]
