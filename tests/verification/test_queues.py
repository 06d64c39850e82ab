"""A line of each kind against its closed form, on the compiled engine: `queues` in small.

Four replications of 40,000 arrivals. All lines at full length, about a minute:

    python tests/verification/queues.py
"""

import pytest
from queues import LINES, rows

from loyaltysim.validation.verdict import require

pytestmark = pytest.mark.statistical
KINDS = ("M/M/10: 8, 1", "M/D/1: .8", "Erlang-A: 12, 1, 10, 2")


def test_every_line_has_a_name_of_its_own():
    assert len({line.name for line in LINES}) == len(LINES)
    assert set(KINDS) <= {line.name for line in LINES}


@pytest.mark.parametrize("line", [line for line in LINES if line.name in KINDS], ids=lambda line: line.name)
def test_a_line_is_that_of_the_textbook(line):
    """Figures whose spread is known; the distribution of time in the line within 4 of its errors too.

    Its spread is estimated from four replications only, so those rows are judged by the bound on a share.
    """
    found = list(rows(line, replications=4, months=5))
    known = {name for name, (_, one) in line.figures.items() if one}
    require([row for row in found if row.what.removeprefix(f"{line.name}: ") in known])
    for row in found:
        if "in line" in row.what:
            assert row.found == pytest.approx(row.expected, abs=0.02), row
