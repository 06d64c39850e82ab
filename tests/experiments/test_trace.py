"""The story of one customer in sentences: what happened to her is told, in the world in which it happened."""

import numpy as np
from small_worlds import MARKET, of_kind, worlds

from loyaltysim.experiments.trace import trace
from loyaltysim.scenario.load import load

TOLD = (
    "programme.surprise={value: 20, chance: 40 %}",
    "programme.points.opening={share: 50 %, mean: 40}",
)


def test_surprises_and_balances_from_before_are_told():
    """As many sentences as events, in the programme's world only.

    Catches: a surprise noted for whom it does not reach; a balance told in the twin.
    """
    programme, _ = worlds("compiled", *TOLD)
    surprised, opened = (of_kind(programme.log, kind) for kind in ("surprised", "opened"))
    both = np.intersect1d(surprised["customer"], opened["customer"])
    assert len(both) and (opened["balance"] == 40).all()
    customer = int(both[0])
    lines = trace(load(MARKET, TOLD), customer, seed=7)
    told = [line for line in lines if "a surprise awaits her" in line]
    assert len(told) == (surprised["customer"] == customer).sum()
    held = [line for line in lines if "she holds 40 points from before" in line]
    assert len(held) == 1
    assert all(line.startswith("with the programme:") for line in told + held)
