"""The hot-pot scenarios answer their question: comfort for those who wait pays
where labour is cheap; where it is dear a trimmed offer pays more, but not one that cuts the meal itself.
"""

from pathlib import Path

import numpy as np
import pytest

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

pytestmark = pytest.mark.statistical
SCENARIOS = Path(__file__).parents[2] / "scenarios"
REPLICATIONS = 8
POORER = ("firm.attributes.quality.level=70", "firm.costs.goods=40 %")  # what a cheaper meal saves, and costs


def figure(name, kpi, *overrides):
    """A figure of the twin by replication, the same luck for all."""
    scenario = load(SCENARIOS / f"{name}.yaml", overrides).scenario
    numbers, terms = lower(scenario), terms_of(scenario)
    found = [views(simulate(numbers, r, 67, "compiled"), terms)[1] for r in range(REPLICATIONS)]
    return np.array([CATALOGUE[kpi].formula(view) for view in found], float)


def surely_more(one, other):
    """Is the mean of the paired differences above 0 by four standard errors?"""
    apart = one - other
    return apart.mean() > 4.0 * apart.std(ddof=1) / np.sqrt(len(apart))


def test_comfort_pays_where_labour_is_cheap_and_not_where_it_is_dear():
    """Without comfort, the firm earns less where labour is cheap and more where it is dear."""
    assert surely_more(figure("hot-pot", "profit"), figure("hot-pot-plain", "profit"))
    dear, trimmed = (figure(f"hot-pot-dear-labour{end}", "profit") for end in ("", "-trimmed"))
    assert surely_more(trimmed, dear)
    plain = figure("hot-pot-dear-labour", "profit", "firm.service.comfort=")
    assert surely_more(trimmed, plain) and surely_more(plain, dear)
    assert surely_more(trimmed, figure("hot-pot-dear-labour-trimmed", "profit", *POORER))


def test_comfort_makes_customers_happier_and_the_line_longer():
    """Who is kept comes again and waits: the price of comfort is paid in minutes too."""
    happier = [figure(name, "csi_mean") for name in ("hot-pot", "hot-pot-plain")]
    assert surely_more(happier[0][:, 0] / happier[0][:, 1], happier[1][:, 0] / happier[1][:, 1])
    waits = [figure(name, "wait_mean_min") for name in ("hot-pot", "hot-pot-plain")]
    assert surely_more(waits[0][:, 0] / waits[0][:, 1], waits[1][:, 0] / waits[1][:, 1])
