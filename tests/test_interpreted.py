"""The rules mean the same to Python as to the compiler: with the JIT off the digest is the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_worlds import ENGINES, SEED, parameters

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.digest import digest
from loyaltysim.rules.ledger import M

SMALL = (
    "market.customers=16", "market.entries=[{on: day 20, customers: 1}]", "warm_up=1 month",
    "horizon=4 months", "firm.offers=[{from: month 1, to: month 3, depth: 10 %, reach: 40 %}]",
    "rivals.Bean.offers=[{from: month 0, to: month 2, depth: 20 %, reach: 50 %}]",
    "programme.points.expiry=1 month", "market.segments.regulars.home={firm: 80 %, Bean: 10 %, Kiosk: 10 %}",
    "loyalty.period=2 months", "programme.points.minimum=25",
)  # fmt: skip
SCRIPT = """
import sys
from small_worlds import parameters
from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.digest import digest
from loyaltysim.rules.compiled import INTERPRETED
assert INTERPRETED
for engine in sys.argv[2].split():
    print(engine, digest(simulate(parameters(*sys.argv[3:]), 0, int(sys.argv[1]), engine)))
"""


@pytest.mark.slow
def test_with_the_jit_off_every_number_is_the_same():
    """A small market with every mechanism at work, both engines, in a process whose rules are plain Python.

    Break: a compiler that may contract and reassociate (`fastmath`).
    """
    here = Path(__file__).parent
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(here), *sys.path]),
    }
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(SEED), " ".join(ENGINES), *SMALL],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    interpreted = dict(line.split() for line in told.stdout.splitlines())
    compiled = {engine: digest(simulate(parameters(*SMALL), 0, SEED, engine)) for engine in ENGINES}
    assert interpreted == compiled
    money = simulate(parameters(*SMALL), 0, SEED).programme.money.sum(axis=(0, 1))
    alive = (
        M.VISITS,
        M.VISITS_RIVALS,
        M.DEFECTIONS,
        M.REWARDS,
        M.POINTS_EXPIRED,
        M.DISCOUNTS,
    )
    assert (money[list(alive)] > 0).all(), "the small market is too small to show anything"
    assert len(set(compiled.values())) == 1
