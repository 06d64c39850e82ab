"""Sources of many numbers at once: they become those of each value, and of no other file's."""

from pathlib import Path

import pytest

from loyaltysim.scenario.load import load, resolved_lines, sourced, unsourced

HERE = Path(__file__).parent
FILE = HERE / "valid/sources.yaml"
SHIPPED = HERE.parents[1] / "scenarios"


def told(loaded):
    """Source by place."""
    return {path: source for path, _, _, source in sourced(loaded)}


def test_the_nearest_place_says_most():
    found = told(load(FILE))
    assert found["market.customers"] == found["market.segments.regulars.share"] == "a survey of 2026"
    assert found["market.segments.regulars.basket.mean"] == "tills"
    assert found["market.segments.regulars.basket.shape"] == "elsewhere"
    assert found['rivals."Bean.House".offers[0].depth'] == "their poster"
    assert found['rivals."Bean.House".attributes.quality.level'] == "a guess"
    assert found["firm.service.peaks"] == "counted at the door"
    assert [path for path, _ in unsourced(load(FILE))] == [
        "firm.attributes.quality.level",
        "firm.service.desks",
        "firm.service.open",
        "firm.service.time.mean",
    ]


def test_it_is_the_same_scenario_as_without(tmp_path):
    text = FILE.read_text(encoding="utf-8")
    start, end = text.index("sources:"), text.index("market:\n  customers")
    (tmp_path / "x.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert load(tmp_path / "x.yaml").text_hash == load(FILE).text_hash
    (tmp_path / "y.yaml").write_text("\n".join(resolved_lines(load(FILE))), encoding="utf-8")
    assert told(load(tmp_path / "y.yaml")) == told(load(FILE))


def test_a_value_of_another_file_or_of_the_command_line_has_no_source_by_it(tmp_path):
    """Break: sources applied after the files are laid over one another."""
    (tmp_path / "base.yaml").write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "x.yaml").write_text("extends: base.yaml\nmarket: {customers: 300}\n", encoding="utf-8")
    changed = load(tmp_path / "x.yaml", ["market.segments.regulars.basket.mean=6 EUR"])
    assert not {"market.customers", "market.segments.regulars.basket.mean"} & told(changed).keys()
    assert "market.segments.regulars.share" in told(changed)


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda p: p.stem)
def test_every_number_of_the_shipped_scenarios_names_its_source(path):
    """Issue: sources per value; a number that is made up says so."""
    assert unsourced(load(path)) == []
    assert load(path).scenario.question
