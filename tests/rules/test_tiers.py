"""Thresholds, status and perks of tiers, by hand (E24)."""

import pytest
from small_worlds import record, table

from loyaltysim.rules.programme.terms import TIER, TIERING
from loyaltysim.rules.programme.tiers import perk_of, status_of, tier_for, window_ends

LADDER = table(
    TIER,
    {"share": 0.5},
    {"threshold": 12, "status": 2.0, "share": 0.3},
    {"threshold": 24, "status": 5.0, "share": 0.2},
)


@pytest.mark.parametrize(("counted", "tier"), [(0, 0), (11, 0), (12, 1), (23, 1), (24, 2), (999, 2)])
def test_a_tier_is_reached_at_its_threshold(counted, tier):
    """Break: more than the threshold is needed."""
    assert tier_for(LADDER, counted) == tier


def test_status_is_diluted_by_those_above_and_beside_and_raised_by_those_below():
    """Gold 20 %, silver 30 %: gold loses a fifth, silver half; contrast adds three tenths to gold alone."""
    plain = record(TIERING, dilution=1.0)
    assert status_of(plain, LADDER, 2) == pytest.approx(5.0 * 0.8)
    assert status_of(plain, LADDER, 1) == pytest.approx(2.0 * 0.5)
    contrast = record(TIERING, dilution=1.0, contrast=1.0)
    assert status_of(contrast, LADDER, 2) == pytest.approx(5.0 * 1.1)
    assert status_of(contrast, LADDER, 1) == pytest.approx(2.0 * 0.5)
    assert status_of(record(TIERING), LADDER, 2) == 5.0


def test_a_perk_wears_off_to_what_it_keeps():
    half_life = 0.6931471805599453 / 90.0
    perk = record(TIER, perk=4.0, keeps=0.25, wearing=half_life)
    assert [perk_of(perk, days) for days in (0.0, 90.0)] == pytest.approx([4.0, 2.5])
    assert perk_of(perk, 1e6) == pytest.approx(1.0)
    assert perk_of(record(TIER, perk=4.0, keeps=1.0, wearing=half_life), 1e6) == 4.0


def test_windows_of_the_calendar_count_from_month_0():
    """Of three months, after a warm-up of four: they end with the 3rd, 6th and 9th month after month 0."""
    terms = record(TIERING, window=3)
    assert [month for month in range(4, 14) if window_ends(terms, 4, month)] == [6, 9, 12]
