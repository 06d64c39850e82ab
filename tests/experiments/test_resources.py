"""What a run will need is told before it starts, and what does not fit is refused with the size that does."""

import subprocess
import sys

import pytest

from loyaltysim.errors import RefusedError
from loyaltysim.experiments import resources
from loyaltysim.experiments.engine import seconds_needed
from loyaltysim.experiments.lives import Asked
from loyaltysim.experiments.resources import Need, duration, limits, memory_available, require
from loyaltysim.experiments.smallest import smallest
from loyaltysim.experiments.trace import warmup

DAY = 86_400.0
EVENTS = Asked(("events",))


def of(customers, **changes):
    """The smallest market with so many customers."""
    small = smallest()
    market = small.market.model_copy(update={"customers": customers})
    return small.model_copy(update={"market": market, **changes})


def need(customers=1000, replications=10, workers=2, seconds=3.0, asked=None):
    return Need(of(customers), replications, workers, seconds, asked or Asked())


@pytest.fixture
def machine(monkeypatch):
    """A machine with so much memory and disk."""

    def have(memory=16e9, disk=100e9):
        monkeypatch.setattr(resources, "memory_available", lambda: memory)
        monkeypatch.setattr(resources, "disk_free", lambda out: disk)

    return have


def test_time_and_memory_are_told_in_one_line():
    assert need().told() == "about 3 s and 0.7 GB with 2 workers"
    assert need(workers=1).told() == "about 3 s and 0.3 GB with 1 worker"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.01, "1 s"), (1.4, "1 s"), (59, "59 s"), (119, "119 s"), (121, "2 min"), (3599, "60 min"),
        (5400, "2 h"), (86_400, "24 h"), (200_000, "2 days"),
    ],
)  # fmt: skip
def test_a_time_in_words(seconds, words):
    assert duration(seconds) == words


def test_time_grows_with_the_occasions_and_shrinks_with_the_processors():
    one = seconds_needed("compiled", of(1000), 10, 1)
    assert seconds_needed("compiled", of(1000), 10, 2) == pytest.approx(one / 2)
    assert seconds_needed("compiled", of(2000), 20, 1) == pytest.approx(4 * one, rel=0.01)
    assert seconds_needed("simpy", of(1000), 10, 1) > 10 * one
    assert seconds_needed("compiled", of(1000), 10, 1, logged=1.0) > 2 * one


def test_a_market_too_large_is_refused_with_the_size_that_fits(machine, tmp_path):
    machine(memory=2e9)
    with pytest.raises(
        RefusedError, match=r"needs about .* GB of memory.*up to ([\d,]+) customers fit"
    ) as error:
        require(need(10**8), tmp_path)
    assert error.value.exit_code == 3
    most = int(str(error.value).split("up to ")[1].split()[0].replace(",", ""))
    require(need(int(0.99 * most), workers=1), tmp_path)
    with pytest.raises(RefusedError):
        require(need(int(1.01 * most), workers=1), tmp_path)


def test_more_workers_than_memory_is_told(machine, tmp_path):
    machine(memory=2e9)
    with pytest.raises(RefusedError, match="--workers 1 fits"):
        require(need(workers=16), tmp_path)


def test_more_than_the_disk_holds_is_refused(machine, tmp_path):
    machine(disk=1e6)
    with pytest.raises(RefusedError, match=r"GB of disk; 80% of the .*; up to \d+ replications fit"):
        require(need(replications=100), tmp_path)
    with pytest.raises(RefusedError, match=r"GB of disk.*keep a smaller --sample"):
        require(need(10**6, replications=1, workers=1, asked=EVENTS), tmp_path)
    require(need(replications=100), None)  # nothing is written


def test_more_than_a_day_needs_force(machine, tmp_path):
    machine()
    slow = need(seconds=2 * DAY)
    with pytest.raises(
        RefusedError, match=r"about 2 days and .*only with --force \(in that time 5 replications fit"
    ):
        require(slow, tmp_path)
    with pytest.raises(RefusedError, match="one replication of 250 customers fits"):
        require(need(replications=1, seconds=4 * DAY), tmp_path)
    require(slow, tmp_path, force=True)
    require(need(seconds=0.9 * DAY), tmp_path)


def test_force_does_not_conjure_memory(machine, tmp_path):
    machine(memory=1e9)
    with pytest.raises(RefusedError, match="GB of memory"):
        require(need(10**8), tmp_path, force=True)


def test_events_need_memory_disk_and_time(machine):
    assert need(asked=EVENTS).memory > need().memory
    some = Asked(("events",), 0.01)
    none, few, all_of_them = (need(asked=asked).disk for asked in (None, some, EVENTS))
    assert few - none == pytest.approx(0.01 * (all_of_them - none)) and few > none
    assert need(asked=Asked(("customers",))).disk > need().disk


def test_limits_of_control_groups_are_respected(tmp_path, monkeypatch):
    groups = tmp_path / "cgroup"
    groups.write_text("0::/a/b\n", encoding="utf-8")
    assert tmp_path / "a" / "memory.max" in limits(tmp_path, groups)
    assert tmp_path / "a" / "b" / "memory.max" in limits(tmp_path, groups)
    groups.write_text("5:memory:/docker/x\n4:cpu:/y\n", encoding="utf-8")
    found = limits(tmp_path, groups)
    assert tmp_path / "memory" / "docker" / "x" / "memory.limit_in_bytes" in found
    assert not [path for path in found if "y" in path.parts]
    (tmp_path / "limit").write_text("1000000\n", encoding="ascii")
    (tmp_path / "none").write_text("max\n", encoding="ascii")
    monkeypatch.setattr(resources, "limits", lambda *_: [tmp_path / n for n in ("none", "limit", "missing")])
    assert memory_available() == 1_000_000


MEASURED = """
import resource, sys
from pathlib import Path
from loyaltysim.experiments.lives import Asked, Lives
from loyaltysim.experiments.smallest import smallest
from loyaltysim.experiments.task import Plan, replicate
small = smallest()
large = small.model_copy(update={"market": small.market.model_copy(update={"customers": 100_000})})
lives = Lives(Asked(tuple(sys.argv[2:])), Path(sys.argv[1]), "x")
replicate(Plan(large, "x", 1, "compiled", lives=lives), 0)
status = Path("/proc/self/status")  # what getrusage tells may be the peak of the process that started us
if status.exists():
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    print(1024 * int(lines["VmHWM"].split()[0]))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured differently there")
@pytest.mark.parametrize("kinds", [(), ("events", "customers")])
def test_the_estimate_of_memory_is_near_what_is_measured(tmp_path, kinds):
    """Peak of a process that lives 100,000 customers; the estimate errs upward rather than downward."""
    warmup()  # compiling takes more memory than running does
    words = [sys.executable, "-c", MEASURED, str(tmp_path), *kinds]
    peak = int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    told = need(100_000, replications=1, workers=1, asked=Asked(kinds)).memory
    assert 0.9 * peak < told < 1.6 * peak
