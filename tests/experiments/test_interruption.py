"""Ctrl-C and kill, on a run in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals are told differently on Windows"),
]
HERE = Path(__file__).parent


class Run:
    """A slow run of twelve replications, watched from outside."""

    def __init__(self, scenario, out, workers, *more):
        self.out, self.diary = out, out.with_suffix(f".{time.monotonic_ns()}")
        words = [sys.executable, HERE / "slow_run.py", scenario, out, str(workers), *more]
        env = {**os.environ, "DIARY": str(self.diary)}
        self.process = subprocess.Popen(
            [str(word) for word in words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def begun(self):
        return self.diary.read_text(encoding="ascii").split() if self.diary.exists() else []

    def wait_until_begun(self, count):
        end = time.monotonic() + 60
        while len(self.begun()) < count:
            assert self.process.poll() is None and time.monotonic() < end, self.process.communicate()
            time.sleep(0.02)

    def finish(self):
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out.strip(), err

    def family(self):
        """Processes of this run that are still alive."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,stat=", "-s", str(self.process.pid)], capture_output=True, text=True
        )
        return [line.split()[0] for line in listed.stdout.splitlines() if not line.split()[1].startswith("Z")]

    def is_all_gone(self):
        end = time.monotonic() + 10
        while self.family() and time.monotonic() < end:
            time.sleep(0.05)
        return not self.family()


@pytest.fixture
def whole(go):
    """The digest of the run that nobody disturbs."""
    return go(replications=12).digest


@pytest.mark.parametrize("workers, how", [(1, "anew"), (2, "anew"), (2, "warm")])
def test_ctrl_c_stops_at_the_next_boundary_and_the_rest_can_be_resumed(
    scenario, tmp_path, whole, workers, how
):
    run = Run(scenario, tmp_path / "r", workers, how)
    run.wait_until_begun(4)
    asked = time.monotonic()
    os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does: parent and workers alike
    code, _, err = run.finish()
    assert code == 130, err
    assert time.monotonic() - asked < 5 and run.is_all_gone()
    assert (
        json.loads((tmp_path / "r" / "manifest.json").read_text(encoding="utf-8"))["status"] == "interrupted"
    )
    kept = len(list((tmp_path / "r").glob("replications/*/*.npz")))
    assert kept == len(run.begun()) >= 4  # what was under way was kept
    again = Run(scenario, tmp_path / "r", workers, "resume", how)
    assert again.finish()[:2] == (0, whole)
    assert len(again.begun()) == 12 - kept


@pytest.mark.parametrize("how", ["anew", "warm"])
def test_ctrl_c_twice_stops_at_once(scenario, tmp_path, how):
    run = Run(scenario, tmp_path / "r", 2, how)
    run.wait_until_begun(3)
    for _ in range(2):
        os.killpg(run.process.pid, signal.SIGINT)
        time.sleep(0.05)
    assert run.finish()[0] == 130
    assert run.is_all_gone()


@pytest.mark.parametrize("begun, how", [(1, "anew"), (5, "anew"), (5, "warm"), (9, "anew")])
def test_a_run_that_is_killed_leaves_no_orphans_and_resumes_to_the_same_digest(
    scenario, tmp_path, whole, begun, how
):
    run = Run(scenario, tmp_path / "r", 2, how)
    run.wait_until_begun(begun)
    os.kill(run.process.pid, signal.SIGKILL)
    run.finish()
    assert run.is_all_gone()
    again = Run(scenario, tmp_path / "r", 2, "resume")
    code, digest, err = again.finish()
    assert (code, digest) == (0, whole), err
    assert len(again.begun()) <= 12 - (begun - 4)  # at most those under way are redone
    assert not list((tmp_path / "r").rglob("*.tmp"))


@pytest.mark.parametrize("how", ["anew", "warm"])
def test_a_worker_that_is_killed_from_outside_is_replaced(scenario, tmp_path, whole, how):
    run = Run(scenario, tmp_path / "r", 2, how)
    run.wait_until_begun(3)
    workers = [pid for pid in run.family() if is_worker(pid, how)]
    os.kill(int(workers[0]), signal.SIGKILL)
    code, digest, err = run.finish()
    assert (code, digest) == (0, whole), err
    assert json.loads((tmp_path / "r" / "manifest.json").read_text(encoding="utf-8"))["retries"] >= 1


def is_worker(pid, how):
    """Whether it is a worker: begun anew, or forked from the process that stands ready."""
    if how == "anew":
        return "spawn_main" in listed(pid, "args")
    return "forkserver" in listed(pid, "args") and "forkserver" in listed(listed(pid, "ppid"), "args")


def listed(pid, column):
    return subprocess.run(
        ["ps", "-o", f"{column}=", "-p", pid], capture_output=True, text=True
    ).stdout.strip()
