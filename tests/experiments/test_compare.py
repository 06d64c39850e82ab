"""Scenario files side by side on common luck."""

from pathlib import Path

import pytest

from loyaltysim.errors import RefusedError, UsageError
from loyaltysim.experiments.compare import comparable, compare, folders
from loyaltysim.scenario.load import load

COFFEE = Path(__file__).resolve().parents[2] / "scenarios" / "coffee.yaml"
SMALL = ("market.customers=80", "horizon=13 months", "warm_up=1 month", "checks=[]")


def coffee(*overrides):
    """The coffee scenario, small."""
    return load(COFFEE, (*SMALL, "rivals.Bean House.offers=[]", *overrides))


@pytest.fixture(scope="module")
def compared():
    """Dearer stars, and the same file once more, against the shipped ones."""
    files = [coffee(), coffee("programme.points.worth=0.08 EUR", "name=dearer"), coffee("name=same")]
    return compare(files, replications=6, workers=1)


def rows(compared, scenario):
    return [one for one in compared.differences if one["scenario"] == scenario]


def test_a_file_compared_with_itself_is_exactly_0_everywhere(compared):
    """TRUST M2. Break: the second file run with another seed."""
    found = [one for one in rows(compared, "same") if one["estimable"]]
    assert len(found) > 30
    assert {(one["estimate"], one["low"], one["high"]) for one in found} == {(0.0, 0.0, 0.0)}


def test_the_difference_is_that_of_the_estimates(compared):
    base, dearer = compared.results[0], compared.results[1]
    for one in rows(compared, "dearer"):
        if one["estimable"]:
            arm = one["arm"]
            apart = dearer.kpi(one["kpi"], arm)["estimate"] - base.kpi(one["kpi"], arm)["estimate"]
            assert one["estimate"] == pytest.approx(apart, rel=1e-9, abs=1e-9), one["kpi"]


def test_dearer_points_cost_more_and_pairing_pays(compared):
    cost = next(one for one in rows(compared, "dearer") if one["kpi"] == "programme_cost")
    assert cost["low"] > 0
    assert cost["pairing"] > 2


def test_a_bound_is_told_of_the_same_persons_only(compared):
    """Dearer stars begin at month 0: the customers there are the same. Poor quality before it: they are not.

    Catches: the bound of shares given whoever is counted, far above what can be reached.
    """
    assert next(one for one in rows(compared, "dearer") if one["kpi"] == "retention_12m")["pairing_bound"] > 1
    before = ("warm_up=6 months", "firm.attributes.quality.level=72", "name=poor")
    found = compare([coffee("warm_up=6 months"), coffee(*before)], replications=5, workers=1)
    row = next(one for one in rows(found, "poor") if one["kpi"] == "retention_12m")
    assert row["estimable"] and row["pairing_bound"] is None


def test_alike_in_every_replication_is_not_equal(compared):
    """A clerk whom hardly anybody misses: retention differs in no replication, and that is said."""
    assert not [told for told in compared.warnings if told.startswith("same")]
    clerks = coffee("firm.service.desks=3", "name=clerks")
    found = compare([coffee("firm.service.desks=2"), clerks], replications=3, workers=1)
    row = next(one for one in rows(found, "clerks") if one["kpi"] == "retention_12m")
    assert row["low"] == row["high"] == 0.0
    assert any("retention_12m: alike in all 3 replications" in told for told in found.warnings)


def test_the_other_way_round_every_difference_changes_its_sign():
    """TRUST M3."""
    files = [coffee(), coffee("programme.points.worth=0.08 EUR", "name=dearer")]
    there, back = (compare(files, baseline=b, replications=3, workers=1).differences for b in (0, 1))
    turned = {one["kpi"]: one["estimate"] for one in back}
    for one in there:
        if one["estimable"]:
            assert one["estimate"] == pytest.approx(-turned[one["kpi"]], abs=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [("horizon=14 months", "13 months and 14 months ahead"), (None, "at least two")],
)
def test_what_cannot_be_compared_is_refused(change, words):
    files = [coffee()] if change is None else [coffee(), coffee(change)]
    with pytest.raises(UsageError, match=words):
        comparable(files)


def test_every_file_has_a_folder_of_its_own():
    assert folders([coffee(), coffee(), coffee()]) == ["coffee", "coffee-2", "coffee-3"]


@pytest.mark.parametrize("precision", [(), ("profit=1e9",)])
def test_the_results_of_every_file_are_kept(tmp_path, precision):
    """With and without a precision to reach: a folder a file, complete, with all replications lived."""
    files = [coffee(), coffee("name=same")]
    found = compare(files, replications=2, workers=1, out=tmp_path, precision=precision)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coffee", "coffee-2"]
    for one in found.results:
        assert one.folder is not None and (one.folder / "manifest.json").exists()
        assert one.replications == (40 if precision else 2)


def test_files_that_share_a_name_are_told_apart_by_their_files(tmp_path):
    """A copy that was not renamed. Break: rows found by the scenario's name alone, so that two are mixed."""
    for name, worth in (("one", "0.05"), ("two", "0.08")):
        text = f"extends: base.yaml\nprogramme: {{points: {{worth: {worth} EUR}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "base.yaml").write_text(COFFEE.read_text(encoding="utf-8"), encoding="utf-8")
    files = [load(tmp_path / f"{name}.yaml", SMALL) for name in ("one", "two", "one")]
    found = compare(files, replications=2, workers=1)
    names = [one.loaded.scenario.name for one in found.results]
    assert names == ["Coffee stars (one)", "Coffee stars (two)", "Coffee stars (one-2)"]
    cost = {one["scenario"]: one["estimate"] for one in found.differences if one["kpi"] == "programme_cost"}
    assert cost["Coffee stars (two)"] > 0 == cost["Coffee stars (one-2)"]
    assert [one.loaded.text_hash for one in found.results] == [one.text_hash for one in files]


def test_a_comparison_that_was_interrupted_goes_on(tmp_path):
    """With --resume what is there is not lived again. Break: `resume` not handed on to `run`."""
    files = [coffee(), coffee("programme.points.worth=0.08 EUR", "name=dearer")]
    first = compare(files, replications=2, out=tmp_path, workers=1)
    told = []
    more = compare(
        files,
        replications=3,
        out=tmp_path,
        resume=True,
        workers=1,
        progress=lambda done, of: told.append(done),
    )
    assert told[0] == 2  # of three, before anything is lived
    assert more.results[1].digests[:2] == first.results[1].digests
    with pytest.raises(UsageError, match="--out DIR"):
        compare(files, replications=2, resume=True, workers=1)


def test_more_than_a_day_is_refused_and_by_force_begun(monkeypatch):
    """The refusal names --force, so that there has to be one."""
    monkeypatch.setattr("loyaltysim.experiments.resources.LONGEST", 0.0)
    files = [coffee(), coffee("name=same")]
    with pytest.raises(RefusedError, match="only with --force"):
        compare(files, replications=1, workers=1)
    assert compare(files, replications=1, workers=1, force=True).results
