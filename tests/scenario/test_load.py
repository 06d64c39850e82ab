"""Loading: faults together, extends, overrides, limits, marks, and what loading leaves alone."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from loyaltysim.scenario.load import ScenarioFaults, assumed, load, resolved_lines, unsourced
from loyaltysim.scenario.marks import dotted, parsed_path

VALID = Path(__file__).parent / "valid"
MINIMAL = VALID / "minimal.yaml"
TEXT = MINIMAL.read_text()


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file into a scenario folder that is the working directory."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def written(name, text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    return written


def faults(path, *overrides):
    """The faults of a scenario, one text each."""
    with pytest.raises(ScenarioFaults) as caught:
        load(path, overrides)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


# ---------------------------------------------------------------- faults


def test_all_faults_of_a_file_are_told_together_in_the_order_of_their_places(write):
    path = write(
        "x.yaml",
        TEXT.replace("36 months", "36 mnths")
        .replace("share: 100 %", "share: 120 %")
        .replace("level: 78", "levle: 780")
        .replace("worth: 0.01 EUR", "worth: 0.01, worth: 1 EUR")
        .replace("customers: 600", "customers: !x 600"),
    )
    told = faults(path)
    assert [line.split(":")[1] for line in told] == ["4", "6", "9", "15", "15", "21", "21"]
    assert "did you mean 'level'?" in told[3]
    assert "must be at most 100, not 780" in told[4]


def test_a_fault_shows_its_line_and_a_caret(write):
    with pytest.raises(ScenarioFaults) as caught:
        load(write("x.yaml", TEXT.replace("36 months", "36 mnths")))
    assert str(caught.value) == (
        "x.yaml:4:10: horizon: '36 mnths' is not a length of time; did you mean '36 months'?\n"
        "    horizon: 36 mnths\n"
        "             ^"
    )


def test_a_misspelt_key_hides_neither_its_value_nor_what_depends_on_it(write):
    told = faults(write("x.yaml", TEXT.replace("horizon: 36 months", "horizn: 36")))
    assert told == [
        "x.yaml:4:1: horizn: unknown key; did you mean 'horizon'?",
        "x.yaml:4:9: horizon: say the unit, such as 36 months, not just 36",
    ]


def test_faults_between_fields_are_all_told(write):
    path = write("x.yaml", TEXT.replace("5.40 EUR", "5.40 USD").replace("0.01 EUR", "0.01 CHF"))
    assert len(faults(path)) == 2


def test_a_fault_in_a_base_file_names_the_base_file(write):
    write("base/coffee.yaml", TEXT.replace("level: 78", "level: 780"))
    path = write("x.yaml", "extends: base/coffee.yaml\nhorizon: 1\n")
    assert faults(path) == [
        "x.yaml:2:10: horizon: say the unit, such as 36 months, not just 1",
        "base/coffee.yaml:15:22: firm.attributes.quality.level: must be at most 100, not 780",
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"name: \xff\xfe", "x.yaml:1:1: not UTF-8 text; save the file as UTF-8"),
        (b"", "x.yaml:1:1: the file is empty"),
        (b"x" * (2**20 + 1), "x.yaml: larger than 1 MiB; a scenario is not"),
        ("name: a\u202eb".encode(), None),
        (b"name: \x1b[31m", "x.yaml:1:7: the unprintable character U+001B is not allowed in a scenario"),
    ],
)
def test_what_is_no_text_is_refused(write, data, expected):
    told = faults(write("x.yaml", data))
    assert expected is None or told == [expected]
    assert all(line.isprintable() for line in told)


def test_a_missing_file_is_named_with_its_like(write):
    write("coffee.yaml", TEXT)
    assert faults("cofee.yaml") == ["cofee.yaml: no such file; did you mean 'coffee.yaml'?"]
    assert faults(".") == [".: a folder, not a file"]
    assert faults("a\0b")[0].endswith("not the name of a file")


def test_unreadable_names_stay_on_one_line(write):
    assert faults("a\nb.yaml") == ["a\N{REPLACEMENT CHARACTER}b.yaml: no such file"]


def test_faults_between_sound_fields_are_told_beside_faults_of_others(write):
    path = write(
        "x.yaml",
        TEXT.replace("36 months", "36 mnths")
        .replace("0.01 EUR", "0.01 USD")
        .replace("level: 78", "level: 780")
        .replace("time: {level: 80}}", "tiem: {level: 80}}")
        .replace("600", "0"),
    )
    told = faults(path)
    assert [line.split(":")[1] for line in told] == ["4", "6", "15", "19", "19", "21"]


@pytest.mark.parametrize("broken", ["currency: eur", "firm: [1]", "rivals: 5", "market: {}", "loyalty: {}"])
def test_what_needs_a_faulty_part_is_not_judged(write, broken):
    field = broken.split(":")[0]
    kept = [line for line in TEXT.splitlines() if not line.startswith(f"{field}:")]
    if field in ("firm", "rivals", "market"):
        start = TEXT.splitlines().index(f"{field}:")
        kept = TEXT.splitlines()[:start]
        rest = TEXT.splitlines()[start + 1 :]
        while rest and rest[0].startswith(" "):
            rest.pop(0)
        kept += rest
    told = faults(write("x.yaml", "\n".join([*kept, broken])))
    assert all(f": {field}" in line for line in told), told


# ---------------------------------------------------------------- bombs


def alias_bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(lines)


BOMBS = {
    "aliases": (alias_bomb(), "more than 100000 values once aliases are expanded"),
    "many aliases": (f"a: &a 1\nb: [{', '.join(['*a'] * 101)}]", "more than 100 aliases (*a)"),
    "quadratic": (f"a: &a [{'x, ' * 20_000}x]\nb: [{', '.join(['*a'] * 50)}]", "more than 100000 values"),
    "flow nesting": ("a: " + "[" * 20_000, "more than 50 levels of nesting"),
    "block nesting": ("\n".join(" " * n + "a:" for n in range(900)), "more than 50 levels of nesting"),
    "nesting by alias": (
        "\n".join(f"a{n}: &a{n} {'[' * 30}{'*a' + str(n - 1) if n else ''}{']' * 30}" for n in range(3)),
        "more than 50 levels of nesting",
    ),
    "digits": ("seed: " + "9" * 5_000, "seed: a number of 5000 digits; 100 are enough"),
    "exponent": ("horizon: 1e999 months", "horizon: '1e999 months' is longer than 10000 years"),
    "many keys": ("\n".join(f"k{n}: 1" for n in range(60_000)), "k0: unknown key"),
}


@pytest.mark.parametrize("name", ["aliases", "many aliases", "quadratic", "flow nesting", "block nesting"])
def test_bombs_are_refused_at_once(write, name):
    text, expected = BOMBS[name]
    began = time.process_time()
    told = faults(write("x.yaml", text))
    assert time.process_time() - began < 1
    assert len(told) == 1
    assert expected in told[0]


@pytest.mark.parametrize("name", ["nesting by alias", "digits", "exponent"])
def test_absurd_values_are_refused_by_name(write, name):
    text, expected = BOMBS[name]
    assert any(expected in line for line in faults(write("x.yaml", text)))


# ---------------------------------------------------------------- extends


def test_a_link_out_of_the_scenario_folder_is_not_followed(write, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n")
    os.symlink(secret, "link.yaml")
    with pytest.raises(ScenarioFaults, match=r"'link\.yaml' lies outside of the scenario folder") as caught:
        load(write("x.yaml", "extends: link.yaml\n" + TEXT))
    assert "hunter2" not in str(caught.value)


def test_the_root_is_the_nearest_folder_called_scenarios(write):
    write("coffee.yaml", TEXT)
    write("deep/er/x.yaml", "extends: ../../coffee.yaml\nname: Deep\n")
    assert load("deep/er/x.yaml").scenario.name == "Deep"


def test_without_such_a_folder_the_root_is_the_folder_of_the_file(tmp_path):
    (tmp_path / "coffee.yaml").write_text(TEXT)
    below = tmp_path / "below"
    below.mkdir()
    (below / "x.yaml").write_text("extends: ../coffee.yaml\n")
    assert "lies outside of the scenario folder" in faults(below / "x.yaml")[0]


def test_ten_generations_are_allowed(write):
    write("g10.yaml", TEXT)
    for n in range(10):
        write(f"g{n}.yaml", f"extends: g{n + 1}.yaml\n")
    assert load("g0.yaml").scenario.horizon == 36


def test_maps_merge_and_lists_replace(write):
    write("base.yaml", TEXT + "checks: [{kpi: a, min: 0}, {kpi: b, min: 0}]\n")
    path = write("x.yaml", "extends: base.yaml\nmarket: {customers: 7}\nchecks: [{kpi: c, max: 1}]\n")
    scenario = load(path).scenario
    assert scenario.market.customers == 7
    assert list(scenario.market.segments) == ["regulars"]
    assert [check.kpi for check in scenario.checks] == ["c"]


def test_an_annotated_number_is_replaced_whole(write):
    write("base.yaml", TEXT.replace("level: 78", "level: {value: 78, range: [70, 80], source: a survey}"))
    path = write("x.yaml", "extends: base.yaml\nfirm: {attributes: {quality: {level: 90}}}\n")
    assert load("base.yaml").annotations["firm.attributes.quality.level"].source == "a survey"
    assert load(path).annotations == {}


def test_null_takes_an_optional_part_away(write):
    write("base.yaml", TEXT)
    assert load(write("x.yaml", "extends: base.yaml\nprogramme: null\n")).scenario.programme is None


# ---------------------------------------------------------------- annotated numbers


def test_annotations_are_kept_by_path_in_plain_values():
    annotations = load(VALID / "annotated.yaml").annotations
    level = annotations["firm.attributes.quality.level"]
    assert (level.range, level.source) == ((70, 85), "survey 2026")
    assert annotations["loyalty.never_returns"].range == (0, 0.1)
    low, high = annotations["market.segments.regulars.basket.mean"].range
    assert (str(low.amount), high.currency) == ("5", "EUR")


# ---------------------------------------------------------------- overrides


def test_overrides_reach_names_with_blanks_and_dots(write):
    path = write("x.yaml", TEXT.replace("Bean House", "Bean Co. Ltd"))
    for override in ('rivals."Bean Co. Ltd".awareness=0', 'rivals."Bean Co. Ltd"={awareness: 0}'):
        assert load(path, [override]).scenario.rivals["Bean Co. Ltd"].awareness == 0
    assert load(MINIMAL, ["rivals.Bean House.awareness=10 %"]).scenario.rivals["Bean House"].awareness == 0.1


def test_overrides_reach_items_of_lists():
    for where in ("offers[1].depth", "offers.1.depth"):
        loaded = load(VALID / "calendar.yaml", [f"rivals.Bean House.{where}=33 %"])
        assert loaded.scenario.rivals["Bean House"].offers[1].depth == 0.33


def test_overrides_may_make_what_is_not_there_and_the_last_one_counts():
    loaded = load(MINIMAL, ["finance.discount_rate=8 %", "finance.discount_rate=9 %", "checks=[]"])
    assert loaded.scenario.finance.discount_rate == 0.09
    assert load(MINIMAL, ["programme="]).scenario.programme is None
    assert (
        load(MINIMAL, ["market.customers={value: 9, source: me}"]).annotations["market.customers"].source
        == "me"
    )


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("horizon", "no '=' here; write path=value, such as programme.points.expiry='24 months'"),
        (
            "=5",
            "a path names at least one field; write path=value, such as programme.points.expiry='24 months'",
        ),
        ("a..b=5", "'a..b' is not a path; write path=value, such as programme.points.expiry='24 months'"),
        ("horizn=1 year", "horizn: unknown key; did you mean 'horizon'?"),
        ("programme.points.expirey=1", "programme.points.expirey: unknown key; did you mean 'expiry'?"),
        (
            "rivals.Been House.awareness=0",
            "rivals.\"Been House\": no such name here; did you mean 'Bean House'?",
        ),
        (
            "horizon.months=3",
            "horizon.months: there is a single value such as 36 months above this, with nothing below it",
        ),
        ("checks[0].min=3", "checks[0]: this list has 0 items, counted from [0]; set the list as a whole"),
        ("extends=x.yaml", "extends: unknown key; it stands at the top of a file only"),
        ("seed=[1", "a comma or a closing bracket is missing, here or above"),
        ("seed=!x 1", "seed: tags are not allowed, and '!x' is one"),
        ("seed=.inf", "seed: must be finite, not .inf"),
        ("market.customers=-1", "market.customers: must be at least 0, not -1"),
    ],
)
def test_a_fault_in_an_override_names_the_override(override, expected):
    assert faults(MINIMAL, override) == [f"--set {override}: {expected}"]


@pytest.mark.parametrize(
    "path",
    [("a",), ("rivals", "Bean House", "offers", 0, "depth"), ("x", 'a."b"', "c.d"), ("Δ", "100 %", 12)],
)
def test_a_dotted_path_reads_back(path):
    assert parsed_path(dotted(path)) == path


# ---------------------------------------------------------------- standard input, marks, hashes


def test_a_dash_reads_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    assert load("-").text_hash == load(MINIMAL).text_hash
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"schema: 1\nnam: x\n")))
    assert "<stdin>:2:1: nam: unknown key; did you mean 'name'?" in faults("-")


def test_the_hash_changes_with_a_value_and_not_with_its_spelling():
    same = load(MINIMAL).text_hash
    assert load(MINIMAL, ["horizon=3 years", "seed=1", "waiting=null"]).text_hash == same
    assert load(MINIMAL, ["seed=2"]).text_hash != same
    assert load(MINIMAL, ["programme.points.worth=0.011 EUR"]).text_hash != same


def test_resolved_lines_say_where_each_value_came_from(monkeypatch):
    monkeypatch.chdir(VALID)
    lines = resolved_lines(load("extending.yaml", ["seed=7"]))
    origin = {line.split(":")[0].strip(): line.split("#")[-1].strip() for line in lines if "#" in line}
    assert origin["name"] == "extending.yaml:3"
    assert origin["customers"] == "base/between.yaml:3"
    assert origin["horizon"] == "base/root.yaml:4"
    assert origin["seed"] == "--set seed=7"
    assert origin["replications"] == "default"


def test_what_was_assumed_and_what_has_no_source():
    loaded = load(VALID / "annotated.yaml")
    taken, bare = dict(assumed(loaded)), dict(unsourced(loaded))
    assert taken["market.segments.regulars.threshold.sd"] == "18"
    assert taken["market.segments.regulars.lifetime"] == "absent"
    assert "firm.attributes.quality.level" not in taken.keys() | bare.keys()
    assert bare["firm.attributes.time.level"] == "80"
    assert bare["loyalty.never_returns"] == "{value: 5 %, range: [0, 10 %]}"
    assert "horizon" not in bare


# ---------------------------------------------------------------- what loading leaves alone


def test_loading_imports_nothing_heavy():
    code = (
        "import sys; from loyaltysim.scenario.load import load; load(sys.argv[1]);"
        "print(sorted({'numpy', 'pandas', 'scipy', 'numba', 'matplotlib', 'simpy'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(MINIMAL)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_dates_and_text_of_yaml_1_1_are_plain_text(write):
    scenario = load(
        write("x.yaml", TEXT.replace("Coffee stars", "NO").replace("  Bean House:", "  on:"))
    ).scenario
    assert scenario.name == "NO"
    assert list(scenario.rivals) == ["on"]


def test_more_rivals_than_a_record_holds_are_refused():
    home = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
    taste = "attributes: {quality: {level: 70}, service: {level: 70}, price: {level: 70}, time: {level: 70}}"
    rivals = "{" + ", ".join(f"R{n}: {{{taste}}}" for n in range(130)) + "}"
    with pytest.raises(ScenarioFaults, match="132 rivals are too many; at most 126 fit"):
        load(home, (f"rivals={rivals}",))
