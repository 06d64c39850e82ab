"""The survey beside the truth: without bias the same, with bias what the law of answering says."""

import math

import numpy as np
import pytest
from small_worlds import MARKET, SEED, parameters

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.digest import digest
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.survey import promoters_less_detractors
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.draws import keys_of
from loyaltysim.rules.survey import answers
from loyaltysim.scenario.load import load

FIGURES = ("nps", "nps_true", "csi_survey", "csi_true", "survey_response")
EVERYBODY = "sample: 100 %, response: 99.9999 %, extremes: 0, noise: 0"


def figures(text):
    """The survey's figures of the twin of the small market."""
    found = simulate(parameters(), 0, SEED)
    parts = measure(found, terms_of(load(MARKET, (f"survey={{{text}}}",)).scenario)).parts
    return {name: parts[name, "twin"].value for name in FIGURES}


def test_who_asks_everybody_and_is_told_the_truth_finds_it():
    """The truth is the mean over those at home with the firm who have bought there."""
    found = figures(EVERYBODY)
    arm = simulate(parameters(), 0, SEED).twin
    ours = (arm.customers["home"] == 0) & (arm.customers["present"] == 1)
    ours &= np.isfinite(arm.customers["last_purchase"])
    assert found["csi_true"] == pytest.approx(arm.satisfaction[ours, 0].mean(), rel=1e-12)
    assert found["nps"] == found["nps_true"] and found["csi_survey"] == found["csi_true"]
    assert found["survey_response"] == 1.0


def test_the_satisfied_who_answer_rather_make_it_look_better():
    """Tilt lifts what the survey says and leaves the truth, with the same luck."""
    plain, tilted = figures(EVERYBODY.replace("99.9999", "40")), figures(
        EVERYBODY.replace("99.9999", "40") + ", tilt: 2"
    )  # fmt: skip
    assert tilted["csi_survey"] > plain["csi_survey"] and tilted["csi_true"] == plain["csi_true"]
    assert tilted["csi_survey"] > tilted["csi_true"]


def test_a_survey_changes_nobody():
    assert digest(simulate(parameters("survey={sample: 50 %}"), 0, SEED)) == digest(
        simulate(parameters(), 0, SEED)
    )
    parts = measure(simulate(parameters(), 0, SEED), terms_of(load(MARKET).scenario)).parts
    assert not any(name in FIGURES for name, _ in parts)


def test_marks_from_0_to_10():
    """9 and 10 less 0 to 6: 84.9 is an 8, 85 a 9, 64.9 a 6, 65 a 7."""
    assert promoters_less_detractors(np.array([84.9, 85.0, 100.0, 64.9, 65.0, 0.0])) == (0.0, 6.0)
    assert promoters_less_detractors(np.array([85.0, 75.0])) == (1.0, 2.0)
    assert promoters_less_detractors(np.zeros(0)) == (0.0, 0.0)


@pytest.mark.statistical
def test_who_answers_follows_the_law():
    """Response and mean answer of 60,000: means of r, and of r·S over that of r.

    Break: extremes that count on one side only.
    """
    n, mean, sample, response, tilt, extremes = 60_000, 70.0, 0.5, 0.3, 0.2, 0.4
    satisfaction = np.linspace(30.0, 95.0, n)
    found = np.empty(n)
    logit = math.log(response / (1.0 - response))
    answers(keys_of(SEED, 0, n), satisfaction, mean, sample, logit, tilt, extremes, 0.0, found)
    apart = (satisfaction - mean) / 10.0
    chance = sample / (1.0 + np.exp(-(logit + tilt * apart + extremes * np.abs(apart))))
    said = ~np.isnan(found)
    assert abs(said.sum() - chance.sum()) <= 4.0 * math.sqrt((chance * (1.0 - chance)).sum())
    expected = (chance * satisfaction).sum() / chance.sum()
    error = math.sqrt((chance * (1.0 - chance) * (satisfaction - expected) ** 2).sum()) / chance.sum()
    assert abs(found[said].mean() - expected) <= 4.0 * error
    assert (found[said] == satisfaction[said]).all()
