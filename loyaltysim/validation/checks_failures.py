"""C25 in the market: visits fail, customers speak or are silent, and decide by what they felt."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.ledger import M
from loyaltysim.validation.forms import retention_after_failure
from loyaltysim.validation.verdict import YEAR, Row, run, share

LOW, HIGH, THRESHOLD, STEEPNESS = 0.15, 0.98, 60.0, 4.0  # of the scenario `one_failure`, as are the next
LEVEL, SEVERITY, REPAIRS, RESENTMENT = 70.2112, 8.9477, 0.8593, 0.1952
FAILS, SPEAKS, RECOVERED = 0.1, 0.4, 0.7
WANTED = (0.92, 0.63, 0.54, 0.90)


def stays(satisfaction: float) -> float:
    """The threshold curve at a rival who pulls with 0 points."""
    return LOW + (HIGH - LOW) / (1.0 + math.exp(-(satisfaction - THRESHOLD) / STEEPNESS))


def retentions() -> tuple[float, float, float, float]:
    """After a visit as it should be; a failure passed over; one not made good; one made good."""
    failed = LEVEL - SEVERITY
    left = (LEVEL, failed, failed - RESENTMENT * SEVERITY, failed + REPAIRS * SEVERITY)
    one, two, three, four = (stays(satisfaction) for satisfaction in left)
    return one, two, three, four


def c25() -> list[Row]:
    """C25: retention over a window of failures: .92 without, .63 if silent, .54 unresolved, .90 made good."""
    (found,) = run("one_failure")
    arm = found.programme
    each = retentions()
    assert np.allclose(each, WANTED, atol=5e-5), each
    left_in = np.floor(arm.customers["first_defection"] / YEAR)
    lived = (
        left_in >= 1
    )  # she was still here at the first occasion, lived that visit, and came to decide again
    flows = arm.money.sum(axis=(0, 1))

    def part(of: int, whole: int) -> np.ndarray:
        return np.arange(int(flows[whole])) < flows[of]

    expected = retention_after_failure(FAILS, SPEAKS, RECOVERED, *each)
    return [
        share("stayed before anything failed", each[0], lived, "customers"),
        share("stayed after the window of failures", expected, left_in[lived] >= 2, "customers"),
        share("visits that fail", FAILS, part(M.FAILURES, M.VISITS), "visits"),
        share("failures of which she speaks", SPEAKS, part(M.COMPLAINTS, M.FAILURES), "failures"),
        share("complaints made good", RECOVERED, part(M.RECOVERED, M.COMPLAINTS), "complaints"),
    ]
