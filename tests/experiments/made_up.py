"""Made-up replications: figures that are a pure function of seed and number, and no engine behind them."""

import hashlib
import os
import time
from pathlib import Path

import numpy as np

from loyaltysim.metrics.measure import Measured, Part, applicable
from loyaltysim.metrics.monthly import MEASURES
from loyaltysim.metrics.terms import terms_of

SCENARIO = """\
schema: 1
name: Tiny
question: Does it pay?
currency: EUR
warm_up: 2 months
horizon: 14 months
seed: 7
replications: 6
market:
  customers: 40
  segments:
    regulars:
      share: 100 %
      home: {firm: 50 %, Kiosk: 50 %}
      occasions: {mean: 3 / month}
      basket: {mean: 5 EUR}
      weights: {quality: 100 %}
loyalty: {theory: threshold, period: 12 months}
experience: {}
firm:
  attributes: {quality: {level: 78, sd: 8}}
  costs: {goods: 30 %}
rivals:
  Kiosk: {attributes: {quality: {level: 76, sd: 8}}}
programme:
  points: {earn: 1 / EUR, worth: 0.05 EUR, minimum: 20, expiry: 6 months}
checks: [{kpi: programme_roi, min: -1000}]
"""


def luck(*of):
    """A number in [0, 1) for any words."""
    return int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:6], "big") / 2**48


def replicate(plan, number):
    """A replication's figures, at once."""
    terms = terms_of(plan.scenario)
    parts = {}
    for kpi in applicable(terms):
        for arm in ("effect",) if kpi.paired else ("programme", "twin"):
            value = 10.0 * luck(plan.seed, number, kpi.name, arm)
            parts[kpi.name, arm] = Part(value, 100.0) if kpi.estimator == "ratio" else Part(value)
    parts["breakage_rate", "programme"] = None
    shape = (terms.warm_up + terms.horizon, len(terms.segments) + 1, len(MEASURES))
    monthly = {}
    for arm in ("programme", "twin"):
        monthly[arm] = np.arange(np.prod(shape)).reshape(shape) + luck(plan.seed, number, arm)
        monthly[arm][:, :-1, -1] = np.nan
    weekly = {arm: np.arange(60) for arm in ("programme", "twin")}
    return Measured(number, parts, monthly, weekly, f"{luck(plan.seed, number):.12f}")


def slowly(plan, number):
    """The same, after a moment, leaving a trace of having been begun."""
    if diary := os.environ.get("DIARY"):
        with open(diary, "a", encoding="ascii") as file:
            file.write(f"{number}\n")
    time.sleep(0.15)
    return replicate(plan, number)


def third_fails(plan, number):
    if number == 3:
        raise ZeroDivisionError("three")
    return replicate(plan, number)


def third_has_no_memory(plan, number):
    if number == 3:
        raise MemoryError
    return replicate(plan, number)


def third_kills_its_process(plan, number):
    if number == 3:
        os._exit(9)
    return replicate(plan, number)


def third_kills_its_process_once(plan, number):
    mark = Path(os.environ["DIARY"])
    if number == 3 and not mark.exists():
        mark.touch()
        os._exit(9)
    return replicate(plan, number)
