"""Laws of uncertain numbers: their quantiles, their ends, their ranges."""

import pytest
from scipy import stats
from small_worlds import MARKET

from loyaltysim.scenario.load import load
from loyaltysim.scenario.spec import Uncertainty
from loyaltysim.scenario.uncertain import drawn_at, quantile

SHARES = (0.01, 0.2, 0.5, 0.77, 0.99)
LAWS = {
    "uniform": ({"uniform": [2, 6]}, stats.uniform(2, 4)),
    "triangular": ({"triangular": [1, 2, 6]}, stats.triang(0.2, 1, 5)),
    "normal": ({"normal": [5, 2]}, stats.norm(5, 2)),
    "lognormal": ({"lognormal": [5, 0.4]}, stats.lognorm(0.4, scale=5)),
    "beta": ({"beta": [2, 5]}, stats.beta(2, 5)),
    "stretched beta": ({"beta": [2, 5], "within": [10, 20]}, stats.beta(2, 5, 10, 10)),
    "cut normal": ({"normal": [5, 2], "within": [4, 8]}, stats.truncnorm(-0.5, 1.5, 5, 2)),
}


@pytest.mark.parametrize("law", LAWS)
def test_every_law_has_the_quantiles_of_scipy(law):
    """To six digits. Catches: the mean of a lognormal law in the place of its median."""
    given, true = LAWS[law]
    found = [float(quantile(Uncertainty(**given), share).number) for share in SHARES]
    assert found == pytest.approx(true.ppf(SHARES).tolist(), rel=2e-5)


def test_values_are_drawn_as_they_are():
    """Each of n values for an nth of the shares."""
    law = Uncertainty(values=[3, 1, 2])
    assert [int(quantile(law, s).number) for s in (0, 0.33, 0.34, 0.66, 0.67, 1)] == [3, 3, 1, 1, 2, 2]


def test_what_counts_is_drawn_whole_and_amounts_keep_their_unit():
    """A number of desks is rounded; money stays money."""
    desks, worth = Uncertainty(uniform=[1, 4]), Uncertainty(uniform=["0.01 EUR", "0.05 EUR"])
    assert drawn_at("firm.service.desks", desks, 0.4) == "2"
    assert drawn_at("programme.points.worth", worth, 0.5) == "0.03 EUR"


def test_a_range_that_a_number_carries_feeds_its_law():
    """`range: triangular` is the law over the range with its peak at the value, and the same scenario."""
    number = "loyalty.offset={value: 1, range: [-3, 2], source: pilot}"
    fed = load(MARKET, (number, "uncertainties={loyalty.offset: {range: triangular}}"))
    told = load(MARKET, (number, "uncertainties={loyalty.offset: {triangular: [-3, 1, 2]}}"))
    assert fed.scenario == told.scenario and fed.text_hash == told.text_hash
