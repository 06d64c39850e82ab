"""Work shared with a copy of the process gives what it gives here, in order; a fault is seen here."""

import multiprocessing
import os
import sys

import pytest

from loyaltysim.report import sharing

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process at no cost")


@pytest.fixture
def copied(monkeypatch):
    """Sharing as in a process without other threads, of which this one has some."""
    monkeypatch.setattr(sharing, "can_be_copied", lambda: True)


@only_linux
def test_every_other_thing_is_done_by_a_copy_and_comes_back_in_order(copied):
    found = sharing.shared(lambda n: (n, os.getpid()), range(7))
    assert [n for n, _ in found] == list(range(7))
    assert {pid == os.getpid() for n, pid in found if n % 2 == 0} == {True}
    assert {pid == os.getpid() for n, pid in found if n % 2 == 1} == {False}


@only_linux
def test_what_fails_in_the_copy_is_told_here(copied):
    """Catches: a copy that sends None for what failed."""

    def work(n):
        if n == 3:
            raise ValueError("three")
        return n

    with pytest.raises(ValueError, match="three"):
        sharing.shared(work, range(6))


@only_linux
def test_what_a_copy_does_not_bring_is_done_here(copied):
    """A copy that is killed takes nothing with it."""
    here = os.getpid()

    def work(n):
        if os.getpid() != here:
            os._exit(9)
        return 10 * n

    assert sharing.shared(work, range(5)) == [0, 10, 20, 30, 40]


def test_one_thing_and_a_process_that_must_not_be_copied_stay_here(monkeypatch):
    assert sharing.shared(lambda n: os.getpid(), [1]) == [os.getpid()]
    monkeypatch.setattr(multiprocessing.current_process(), "_config", {"daemon": True})
    assert not sharing.can_be_copied()
