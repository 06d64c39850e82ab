import math

import pytest

from loyaltysim.report.wording import (
    BLANK,
    alike,
    estimate,
    interval,
    measured,
    number,
    plain,
    spelled,
    verdict,
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234567.8, "", "1,234,568"),
        (-0.2, "share", "−20 %"),
        (0.0451, "share", "4.51 %"),
        (-0.001, "", "0"),
        (12.34, "", "12.3"),
        (None, "EUR", "–"),
        (math.nan, "", "–"),
    ],
)
def test_numbers_as_words(value, unit, text):
    assert number(value, unit).replace(BLANK, " ") == text


def test_a_figure_carries_its_unit_once():
    assert measured(210, "customers") == f"210{BLANK}customers"
    assert measured(0.5, "share") == f"50{BLANK}%"


def test_figure_and_interval_have_the_same_decimals():
    assert spelled(9.7, 9.35, 10.0) == ("9.7", "9.3 to 10.0".replace(" ", BLANK))
    assert spelled(4.0, -1.0, 9.0, sign=True) == ("+4", "−1 to 9".replace(" ", BLANK))
    assert spelled(0.02, -0.01, 0.05, "pp")[0] == f"2{BLANK}pp"


def test_an_interval_never_breaks_over_a_line():
    assert " " not in interval(-1.0, 9.0)


def test_without_an_interval_none_is_claimed():
    assert interval(None, 3.0) == interval(math.nan, 3.0) == ""
    assert estimate(4, None, None, "customers") == f"4{BLANK}customers"


def test_compared_figures_have_the_same_decimals():
    assert alike([71.48, 71.0]) == ["71.5", "71.0"]


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(1, 2, "more"), (-2, -1, "less"), (-1, 1, "unclear"), (0, 0, "same"), (None, None, "unknown")],
)
def test_a_difference_is_called_clear_only_by_its_interval(low, high, found):
    assert verdict(low, high) == found


def test_names_are_one_visible_line():
    assert plain("a\nb\x00c\u2028d") == "a b c d"
    assert plain("x" * 80, 10) == "x" * 9 + "…"
