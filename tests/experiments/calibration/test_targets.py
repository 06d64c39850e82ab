"""Solving for targets: what made the figures is found, what does nothing is flat, faults have a place."""

import json
import re
import sys
from dataclasses import replace

import numpy as np
import pytest

from loyaltysim import cli
from loyaltysim.errors import ScenarioError
from loyaltysim.experiments.calibration import solved
from loyaltysim.experiments.calibration.solving import Market, solve
from loyaltysim.experiments.calibration.targets import read_targets
from loyaltysim.scenario.load import load

SCENARIO = """
schema: 1
name: Two bakers
currency: EUR
horizon: 13 months
seed: 5
loyalty: {period: 12 months, away: {at_par: 20 %, slope: 20}}
market:
  customers: 1500
  segments:
    all:
      share: 100 %
      occasions: {mean: 2 / month, shape: 1.5}
      basket: {mean: 10 EUR}
      weights: {quality: 100 %}
      threshold: {mean: 45, sd: 18}
      fit: {sd: 10}
firm: {attributes: {quality: {level: 74, sd: 8}}}
rivals: {Other: {attributes: {quality: {level: 72, sd: 8}}}}
"""
TARGETS = """
scenario: bakers.yaml
replications: 2
targets:
  - {kpi: retention_12m, value: 80 %, within: 1 %}
  - {kpi: share_of_wallet, value: 75 %, within: 1 %}
  - {kpi: csi_mean, value: 76, within: 0.5}
solve:
  market.segments.all.threshold.mean: {from: 35, to: 60}
  away: {paths: [loyalty.away.at_par], from: 5 %, to: 50 %}
  firm.attributes.quality.level: {from: 68, to: 84}
"""


@pytest.fixture
def asked(tmp_path):
    """Write both files, with replacements in the targets; the path of the targets."""

    def write(*changes, scenario=SCENARIO):
        text = TARGETS
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "bakers.yaml").write_text(scenario)
        (tmp_path / "targets.yaml").write_text(text)
        return tmp_path / "targets.yaml"

    return write


@pytest.mark.slow
@pytest.mark.statistical
def test_values_that_made_the_figures_are_found_and_what_does_nothing_is_flat(asked, tmp_path):
    """1,500 customers, 2 replications, seed 5: figures of a known place; a fourth value moves nothing."""
    path = asked(("solve:\n", "solve:\n  market.segments.all.price_weight: {from: 0.3, to: 2}\n"))
    problem = read_targets(path)
    truth = np.array([0.5, 0.3, 0.6, 0.4])
    figures = Market(problem, print).figures(truth)[0]
    targets = tuple(
        one.model_copy(update={"value": float(v)}) for one, v in zip(problem.targets, figures, strict=True)
    )
    found = solve(replace(problem, targets=targets))
    assert found.fits
    lowest, highest = found.sets.min(axis=0), found.sets.max(axis=0)
    assert (lowest[1:] < truth[1:]).all() and (truth[1:] < highest[1:]).all()  # among what fits equally well
    assert (highest - lowest)[1:].max() < 0.6
    assert np.abs(found.shares[[1, 3]] - truth[[1, 3]]).max() < 0.05  # the chance to be away is known worse
    assert found.singular[-1] == pytest.approx(0.0, abs=1e-9)
    assert abs(found.directions[-1][0]) == pytest.approx(1.0)
    assert (np.abs(found.jacobian[:, 0]) == 0.0).all()
    assert len(found.sets) > 3
    assert np.ptp(found.sets[:, 0]) > 0.5
    (tmp_path / "calibrated.yaml").write_text(solved.scenario_yaml(found), encoding="utf-8")
    loaded = load(tmp_path / "calibrated.yaml").scenario
    assert set(loaded.uncertainties) == {p for one in problem.moved for p in one.paths}
    assert loaded.firm.attributes["quality"].level == pytest.approx(68 + 16 * found.shares[3], abs=0.01)
    told = "\n".join(solved.lines(found))
    assert "flat" in told and "missed" not in told
    assert json.loads(json.dumps(solved.to_json(found), allow_nan=False))["fits"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kpi: csi_mean", "kpi: csi"), r":7:11: targets.2.kpi: no such figure: 'csi'; .*"),
        (("value: 76, ", ""), r":7:5: targets.2.value: Field required"),
        (("within: 0.5", "within: 0"), r":7:40: targets.2.within: Input should be greater than 0"),
        (("68, to: 84", "84, to: 68"), r":11:34: solve.firm.attributes.quality.level: 'from' must lie .*"),
        (("quality.level", "quality.levle"), r":11:34: solve.firm.attributes.quality.levle: no such .*"),
        (("scenario: bakers.yaml\n", ""), r":2:1: scenario: Field required"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_with_its_place(asked, change, message):
    path = asked(change)
    with pytest.raises(ScenarioError) as fault:
        read_targets(path)
    text = str(fault.value)
    assert re.fullmatch(re.escape(str(path)) + message, text), text


def test_targets_that_cannot_be_met_end_with_1(asked, tmp_path, monkeypatch, capsys):
    path = asked(
        ("80 %, within", "20 %, within"),
        ("  market.segments.all.threshold.mean: {from: 35, to: 60}\n", ""),
        ("  away: {paths: [loyalty.away.at_par], from: 5 %, to: 50 %}\n", ""),
    )
    assert called(monkeypatch, "--targets", str(path), "--out", str(tmp_path / "out")) == 1
    assert "missed" in capsys.readouterr().out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["calibrated.yaml", "targets.json"]


@pytest.mark.parametrize("words", [(), ("data.csv", "--targets", "x.yaml"), ("--targets", "nowhere.yaml")])
def test_wrong_words_end_with_2(words, monkeypatch, capsys):
    assert called(monkeypatch, *words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def called(monkeypatch, *words):
    """The exit code of `calibrate`."""
    monkeypatch.setattr(sys, "argv", ["loyaltysim", "calibrate", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0
