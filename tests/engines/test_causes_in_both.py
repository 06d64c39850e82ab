"""Causes of defection are the same in both engines, and nothing else is other for them (MODEL 3.5).

"Catches" says what a test is meant for.
"""

import numpy as np
import pytest
from identity import differences, differing, lived
from small_worlds import MARKET, parameters

from loyaltysim.metrics.causes import KPIS
from loyaltysim.metrics.terms import terms_of
from loyaltysim.scenario.load import load

ASKED = "loyalty.causes=true"


def test_causes_change_nothing(engine):
    """With them and without: every table and column of the world that is not theirs, bit for bit.

    Catches: `move` draws one resistance more where causes are kept.
    """
    lively = (
        "firm.failures={chance: 20 %, attribute: quality, severity: 40, complains: 50 %, recovered: 50 %}",
        "referrals={rate: 1 / month, delight: 65, readiness: 0}",
        "relationship={}",
        "loyalty.away={at_par: 25 %, slope: 30}",
    )
    for arms in zip(
        lived(parameters(*lively), (engine,)), lived(parameters(*lively, ASKED), (engine,)), strict=True
    ):
        theirs = {"left_by", "waited", "causes", "log.cause", "clock.usual_wait"}
        assert {name.split(":")[0] for name in differing(*arms)} <= theirs
        assert "left_by" in {name.split(":")[0] for name in differing(*arms)}


@pytest.mark.parametrize(
    "overrides",
    [(), ("loyalty.period=occasion", "loyalty.stay=[80 %, 99.8 %]"), ("firm.sites=3",), ("firm.service=",)],
    ids=["months", "occasions", "sites", "nobody meets"],
)
def test_both_engines_find_the_same_causes(overrides):
    """Bit for bit, whole, cut at every close, and shared by threads."""
    numbers = parameters(
        *overrides,
        ASKED,
        "firm.failures={chance: 20 %, attribute: quality, severity: 40, complains: 50 %, recovered: 50 %}",
        "referrals={rate: 1 / month, delight: 65, readiness: 0}",
    )
    assert differences(numbers) == []
    assert differences(numbers, ("simpy",), ("compiled", "simpy")) == []
    assert differences(numbers, ("compiled",), ("compiled",), threads=2) == []
    assert lived(numbers, ("compiled",))[0].left_by.sum() > 5


def test_who_does_not_ask_pays_nothing():
    """No row for anybody; no key figure."""
    world = lived(parameters(), ("compiled",))[0]
    assert world.causes.size == 0 and world.left_by.size == 0
    assert not any(kpi.when(terms_of(load(MARKET).scenario)) for kpi in KPIS)
    assert np.all(world.waited == 0)
