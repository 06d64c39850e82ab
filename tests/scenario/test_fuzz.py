"""Whatever a file holds, loading ends soon, with a scenario or with faults that say what and where.

The number of files is small here; LOYALTYSIM_FUZZ=60 fuzzes for 60 seconds on fresh luck and prints the seed.
"""

import faulthandler
import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nasty import PIECES, VALUES, changed

from loyaltysim.scenario.form import places
from loyaltysim.scenario.load import ScenarioFaults, load, resolved_lines
from loyaltysim.scenario.tree import MOST_BYTES

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*valid/*.yaml"))
MINIMAL = HERE / "valid/minimal.yaml"
SOON = 2.0  # seconds of this process for one file; the worst allowed one, 1 MiB, takes about one
MINUTES = float(os.environ.get("LOYALTYSIM_FUZZ", 0)) / 60
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty scenario folder; a file that hangs ends the tests with a traceback of where."""
    monkeypatch.chdir(tmp_path)
    faulthandler.dump_traceback_later(120 + 60 * MINUTES, exit=True)
    yield tmp_path
    faulthandler.cancel_dump_traceback_later()


def loads(data, overrides=()):
    """Whether a file loads; all that must hold of any file holds."""
    path = Path("fuzzed.yaml")
    path.write_bytes(data)
    began = time.process_time()
    try:
        loaded = load(path, overrides)
    except ScenarioFaults as faults:
        assert time.process_time() - began < SOON
        told_well(faults, data)
        return False
    assert time.process_time() - began < SOON
    again = Path("resolved.yaml")
    again.write_text("\n".join(resolved_lines(loaded)), encoding="utf-8", newline="\n")
    assert load(again).text_hash == loaded.text_hash
    return True


def told_well(faults, data):
    """Every fault is one printable line that names its file and a place in it, and is not endless."""
    rows = (
        data.count(b"\n")
        + data.count(b"\r")
        + data.count("\x85".encode())
        + data.count("\u2028".encode())
        + 2
    )
    assert faults.problems
    for problem in faults.problems:
        text = str(problem)
        assert text.isprintable() and len(text) < 5_000, text
        assert problem.message and 0 <= problem.mark.line <= rows
    assert len(str(faults)) < 40_000_000


# ---------------------------------------------------------------- files with small changes


def test_a_file_with_small_changes_loads_or_tells_its_faults():
    texts = [path.read_bytes() for path in FILES]
    sound = [path.read_bytes() for path in FILES if path.parent.name == "valid"]
    seed = random.SystemRandom().randrange(2**32) if MINUTES else 1
    print(f"seed {seed}")
    ends = time.monotonic() + 60 * MINUTES
    loaded = number = 0
    while number < 700 or time.monotonic() < ends:
        luck = random.Random(f"{seed} {number}")
        data = changed(luck.choice(luck.choice((sound, sound, texts))), texts, luck)
        try:
            loaded += loads(data)
        except Exception:
            print(f"found by seed {seed}, file {number}: {data!r}")
            raise
        number += 1
    assert 0.03 < loaded / number < 0.6, "changes that break nothing or everything find nothing"


# ---------------------------------------------------------------- nasty values everywhere

LEAVES = [
    path.replace("<name>", "regulars" if path.startswith("market.segments.<name>") else "Bean House").replace(
        "[]", "[0]"
    )
    for path, form in places()
    if path
]


@MANY
@given(place=st.sampled_from(LEAVES), value=st.sampled_from(VALUES))
def test_any_field_takes_any_value_or_says_why_not(place, value):
    try:
        load(MINIMAL, (f"{place}={value}",))
    except ScenarioFaults as faults:
        told_well(faults, b"\n" * 10_000)


@MANY
@given(st.lists(st.tuples(st.sampled_from(LEAVES), st.sampled_from(VALUES)), max_size=6))
def test_any_overrides_together_are_taken_or_refused(pairs):
    try:
        load(MINIMAL, tuple(f"{place}={value}" for place, value in pairs))
    except ScenarioFaults as faults:
        told_well(faults, b"\n" * 10_000)


@MANY
@given(st.text(max_size=200))
def test_any_text_is_an_override_or_none(text):
    try:
        load(MINIMAL, (text,))
    except ScenarioFaults as faults:
        told_well(faults, b"\n" * 10_000)


# ---------------------------------------------------------------- what the fuzzer found


@pytest.mark.parametrize(
    "overrides",
    [
        ("market=[]", "market.customers=5"),  # a list where a mapping belongs, then a key of it
        ("programme={points: {earn: 1 / EUR, worth: 0.05 EUR, classes: {fresh: lots}}}",
         "market.segments.regulars.buys={fresh: 50 %}"),  # a broken value that other parts reckon with
    ],
)  # fmt: skip
def test_what_was_found_once_stays_a_fault_in_words(overrides):
    """Break: each was a traceback before."""
    with pytest.raises(ScenarioFaults):
        load(MINIMAL, overrides)


# ---------------------------------------------------------------- whole files from nothing

KEYS = sorted(
    {path.rpartition(".")[2].strip("[]") for path, _ in places() if path} | {"value", "range", "source"}
)
SCALARS = st.one_of(st.sampled_from(VALUES), st.text(max_size=12).map(repr), st.floats().map(repr))
TREES = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        st.lists(below, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(KEYS), below, max_size=5).map(
            lambda parts: "{" + ", ".join(f"{key}: {part}" for key, part in parts.items()) + "}"
        ),
    ),
    max_leaves=20,
)


@MANY
@given(st.dictionaries(st.sampled_from([*KEYS, "extends"]), TREES, max_size=8))
def test_any_tree_is_a_scenario_or_tells_its_faults(parts):
    loads("\n".join(f"{key}: {part}" for key, part in parts.items()).encode(errors="replace"))


@MANY
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode(errors="replace"))))
def test_any_bytes_are_told_apart(data):
    assert not loads(data)


@MANY
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_any_pieces_of_yaml_are_told_apart(data):
    assert not loads(data)


# ---------------------------------------------------------------- the worst that is allowed


def padded(text):
    """A file of just the largest size allowed."""
    return text + "#" * (MOST_BYTES - len(text.encode()))


WORST = {
    "a comment": padded(MINIMAL.read_text()),
    "a name": MINIMAL.read_text().replace("Coffee stars", "x" * 900_000),
    "keys": "".join(f"k{n}: 1\n" for n in range(80_000)),
    "faults": "market: {customers: [" + "a, " * 90_000 + "]}\n",
    "wrong keys": "firm: {attributes: {" + ", ".join(f"a{n}: {{lvel: 1}}" for n in range(20_000)) + "}}\n",
    "rivals": MINIMAL.read_text().replace(
        "programme:",
        "".join(f"  r{n}: {{attributes: {{qualty: {{level: 75}}}}}}\n" for n in range(9_000)) + "programme:",
    ),
    "names alike": MINIMAL.read_text() + "".join(f"horizo{'n' * (n % 40)}{n}: 1\n" for n in range(30_000)),
    "long keys": "".join(f"{'k' * 2_000}{n}: 1\n" for n in range(500)),
    "one line": "{" + "a: 1, " * 90_000 + "}",
    "checks": MINIMAL.read_text() + "checks: [" + "{kpi: x}, " * 25_000 + "]\n",
    "a base of names": "extends: a.yaml\n" + "".join(f"k{n}: 1\n" for n in range(50_000)),
}


@pytest.mark.parametrize("what", WORST)
def test_the_largest_file_ends_soon(what):
    path = Path("worst.yaml")
    path.write_text(WORST[what], encoding="utf-8")
    began = time.process_time()
    try:
        load(path)
    except ScenarioFaults as faults:
        told = str(faults)
        assert len(told) < 5_000_000
    assert time.process_time() - began < 10
