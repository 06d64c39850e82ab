"""The page of the closed forms is whole: every check stands on it with its verdict."""

import re

from loyaltysim.validation.checks import CHECKS
from loyaltysim.validation.table import PAGE, REST


def test_every_closed_form_stands_on_the_page_and_the_sum_is_right():
    """Break: a check added, the page not written anew (as C22 and the paid club's were missing once)."""
    ours = PAGE.read_text(encoding="utf-8").partition(REST)[0]
    headings = re.findall(r"^### (.+)$", ours, re.MULTILINE)
    assert headings == list(CHECKS)
    rows = re.findall(r"\| (?:holds|\*\*misses\*\*) \| [^|]+\|$", ours, re.MULTILINE)
    told = re.search(r"\*\*(\d+) of (\d+) figures hold, (\d+) miss\.\*\*", ours)
    assert told is not None and int(told[2]) == len(rows) == int(told[1]) + int(told[3])
    for name in CHECKS:
        assert f"\n| {name} | " in ours
