"""The bugs of `planted`: each stands for a text of the package (quick), and its test kills it.

    python -m pytest -m planted tests/test_planted_bugs.py      # plant them, about five seconds a bug
    python -m pytest tests/test_planted_bugs.py                 # only whether each still stands for a text

A bug is planted in a copy of the package, which runs with the JIT off.
"""

import re
from functools import cache

import pytest
from copies import PACKAGE, TESTS, Copy, the_one_place
from planted import BUGS as OTHERS
from planted_books import ACCOUNTS
from planted_points import POINTS

BUGS = {**OTHERS, **POINTS, **ACCOUNTS}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """One copy of the package, changed and changed back."""
    return Copy(tmp_path_factory.mktemp("planted"))


@cache
def names_in(file):
    """Names of the tests of a file."""
    return set(re.findall(r"^def (test_\w+)", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_every_bug_changes_a_text_that_is_there_and_names_a_test_that_is_there(bug):
    the_one_place(PACKAGE, bug.old)
    assert bug.old != bug.new
    file, _, name = bug.test.partition("::")
    assert name.partition("[")[0] in names_in(file)


@pytest.mark.planted
def test_the_tests_pass_on_an_unchanged_copy(copy):
    assert copy.passes(*sorted({bug.test for bug in BUGS.values()}))


@pytest.mark.planted
@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_every_planted_bug_is_killed_by_the_test_named(copy, bug):
    restore = copy.change(bug.old, bug.new)
    try:
        assert not copy.passes(bug.test)
    finally:
        restore()
