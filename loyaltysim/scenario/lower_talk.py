"""What customers tell one another, as records."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.rules.programme.terms import REFERRING
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.spec import Scenario


def lower_talk(scenario: Scenario) -> np.ndarray:
    """Word of mouth, TALK (1,); no row where nobody speaks."""
    talk = scenario.word_of_mouth
    result = np.zeros(0 if talk is None else 1, p.TALK)
    if talk is not None:
        fill(
            result[0],
            rate=talk.rate,
            delight=talk.delight,
            disappointment=talk.disappointment,
            louder=talk.louder,
            weight=talk.weight,
        )
    return result


def lower_referring(scenario: Scenario, unit: int) -> np.ndarray:
    """Referrals and their reward, REFERRING (1,); no row where nobody refers."""
    told = scenario.referrals
    result = np.zeros(0 if told is None else 1, REFERRING)
    if told is None:
        return result
    fill(
        result[0],
        rate=told.rate,
        delight=told.delight,
        readiness=told.readiness,
        matching=told.matching,
        newcomers=told.newcomers,
    )
    reward = scenario.programme.referral if scenario.programme else None
    if reward is not None:
        bonus = round(minor(reward.bonus, unit)) if reward.bonus else 0
        fill(
            result[0],
            bonus=bonus,
            welcome=round(minor(reward.welcome, unit)) if reward.welcome else 0,
            lift=reward.lift * -math.expm1(-reward.response * bonus / unit),
        )
    return result
