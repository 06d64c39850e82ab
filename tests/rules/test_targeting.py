"""What the firm's records know (MODEL 3.7), rule by rule. Breaks named were made and seen to fail."""

import math

import numpy as np
from small_worlds import record

from loyaltysim.rules.draws import keys_of
from loyaltysim.rules.holdings import GROUPS
from loyaltysim.rules.meant import meant
from loyaltysim.rules.parameters import TERMS
from loyaltysim.rules.state import CUSTOMER
from loyaltysim.rules.targeting import admits, group_of, recorded_stage, recorded_value, still_active

KEYS = keys_of(7, 0, 20_000)


def test_the_chance_of_being_active_is_t_to_the_n():
    """Three purchases, the last one three quarters of the time ago after the first: (3/4)^3."""
    assert still_active(10.0, 85.0, 3, 110.0) == 0.75**3
    assert still_active(math.nan, -math.inf, 0, 110.0) == 0.0
    assert still_active(10.0, 10.0, 1, 110.0) == 0.0
    assert still_active(110.0, 110.0, 1, 110.0) == 1.0


def test_classes_of_value_and_loyalty():
    """High from the stated value on, loyal from the stated chance on."""
    terms = record(TERMS, high_value=100.0, loyal_from=0.5)
    found = [GROUPS[group_of(terms, v, a)] for v, a in ((100, 0.5), (100, 0.4), (99, 0.5), (99, 0.4))]
    assert found == list(GROUPS)


def test_a_recorded_value_is_right_in_the_mean():
    """ln(recorded / true) has the stated deviation; its mean is 1 within four standard errors (n = 20,000).

    Break: without - error^2 / 2.
    """
    terms = record(TERMS, value_error=0.4)
    found = np.array([recorded_value(terms, key, 1.0) for key in KEYS])
    assert abs(found.mean() - 1.0) < 4 * math.sqrt((math.exp(0.16) - 1.0) / len(KEYS))
    assert abs(np.log(found).std() - 0.4) < 4 * 0.4 / math.sqrt(2 * len(KEYS))
    assert recorded_value(record(TERMS), KEYS[0], 3.25) == 3.25


def test_a_wrong_stage_is_another_stage():
    """As many are misfiled as stated, never as what they are, and never as customers of a rival."""
    terms = record(TERMS, stage_error=0.3)
    for stage in (1, 2, 3, 4):
        found = np.array([recorded_stage(terms, key, stage) for key in KEYS])
        wrong = found != stage
        assert abs(wrong.mean() - 0.3) < 4 * math.sqrt(0.21 / len(KEYS))
        counts = np.bincount(found[wrong], minlength=5)
        assert counts[0] == counts[stage] == 0
        others = np.delete(counts[1:], stage - 1)
        assert (abs(others / wrong.sum() - 1 / 3) < 4 * math.sqrt(2 / 9 / wrong.sum())).all()
    assert recorded_stage(terms, KEYS[0], 0) == 0


def test_a_criterion_admits_what_it_names():
    """One not named admits all, even without a value; one named admits nobody without a value."""
    assert admits(-1, -1) and admits(-1, 5)
    assert admits(0b101, 0) and admits(0b101, 2)
    assert not admits(0b101, 1) and not admits(0b101, -1)


def test_marks_are_bits_from_the_first_target_on():
    """0 means everybody."""
    her = record(CUSTOMER, marks=0b10)
    assert meant(her, 0) and meant(her, 2)
    assert not meant(her, 1) and not meant(her, 3)
