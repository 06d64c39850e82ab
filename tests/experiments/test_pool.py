"""Tasks in many processes: all done once, deaths survived, the culprit named."""

import os
import signal
import threading
from functools import partial
from pathlib import Path

import pytest

from loyaltysim.experiments.pool import Failed, run_all
from loyaltysim.experiments.stopping import stopping


def square(number):
    return number * number


def zero(number):
    return 0


def dies_while_sending_once(mark, number):
    """A result of 100 MB, and a kill that falls into its way through the pipe."""
    if number == 1 and not Path(mark).exists():
        Path(mark).touch()
        threading.Timer(0.03, os._exit, [9]).start()
    return bytes(100_000_000 if number == 1 else 1)


def asks_to_stop(number):
    os.kill(os.getppid(), signal.SIGINT)
    return number


def gathered(task, numbers, workers):
    found = {}
    again = run_all(task, numbers, workers, found.__setitem__)
    return found, again


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_task_is_done_once_whatever_the_number_of_workers(workers):
    assert gathered(square, range(7), workers) == ({number: number**2 for number in range(7)}, 0)


def test_no_tasks_are_no_work():
    assert gathered(square, [], 4) == ({}, 0)


def test_a_result_of_0_is_a_result():
    assert gathered(zero, [5], 1) == ({5: 0}, 0)


def test_a_worker_killed_while_it_sends_does_not_hang_the_run(tmp_path):
    found, again = gathered(partial(dies_while_sending_once, str(tmp_path / "died")), range(3), 2)
    assert [len(found[number]) for number in range(3)] == [1, 100_000_000, 1]
    assert again <= 1  # 0 only if it was sent faster than it was killed


def test_a_keeper_that_fails_ends_the_workers_and_the_run():
    def full(number, result):
        raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        run_all(square, range(5), 2, full)


def test_what_failed_is_known_by_its_number():
    def divided(number):
        return 1 / number

    with pytest.raises(Failed, match="ZeroDivisionError") as failure:
        run_all(divided, [2, 0, 1], 1, lambda number, result: None)
    assert failure.value.number == 0 and "divided" in failure.value.trace


@pytest.mark.skipif(os.name == "nt", reason="signals are told differently on Windows")
def test_ctrl_c_keeps_what_was_under_way():
    found = {}
    with pytest.raises(KeyboardInterrupt):
        run_all(asks_to_stop, range(50), 2, found.__setitem__)
    assert 0 < len(found) < 6 and max(found) < 6  # what had begun is kept, nothing new is begun


@pytest.mark.skipif(os.name == "nt", reason="signals are told differently on Windows")
def test_ctrl_c_is_heard_once_politely_and_twice_at_once_and_then_as_before():
    before = signal.getsignal(signal.SIGINT)
    with stopping() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_nothing_is_heard_and_nothing_breaks():
    found = {}
    thread = threading.Thread(target=lambda: run_all(square, range(3), 1, found.__setitem__))
    thread.start()
    thread.join()
    assert found == {0: 0, 1: 1, 2: 4}
