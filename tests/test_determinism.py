"""One digest, wherever and however a run is made (TRUST 2e), and what happens to runs that are broken off.

Locales that are not installed count all the same: Python reads their names. With the tests of
`tests/experiments` (made-up replications: Ctrl-C twice, a killed worker, the n-th write that fails) these are
the rows F14, F16, F17 and F37 of TRUST 3 with the real engines.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from small_worlds import MARKET

from loyaltysim.experiments.run import run
from loyaltysim.scenario.load import load

SMALL = ("market.customers=25", "horizon=6 months")
PIECES = 3  # replications of a run
KILLS = int(os.environ.get("LOYALTYSIM_KILLS", 4))
"""How often the run of F17 is killed; as TRUST asks: `LOYALTYSIM_KILLS=20 python -m pytest -k killed`"""

SCRIPT = """
import json, sys
from loyaltysim.experiments.run import run
from loyaltysim.scenario.load import load
if __name__ == "__main__":
    file, engine, workers, pieces, out, overrides = json.loads(sys.argv[1])
    for count in pieces:  # each run goes on where the one before stopped
        results = run(load(file, overrides), replications=count, engine=engine, workers=workers, out=out,
                      resume=True)
    print(json.dumps(results.digests))
"""
CELLS = {  # engine, workers, replications of each run, environment
    "as it comes": ("compiled", 1, [PIECES], {}),
    "SimPy, two workers, New Zealand, German": (
        "simpy", 2, [PIECES], {"PYTHONHASHSEED": "0", "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8"},
    ),
    "resumed twice, Newfoundland, Turkish": (
        "compiled", 1, [1, 2, PIECES],
        {"PYTHONHASHSEED": "1", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
    ),
    "no AVX-512, resumed by two workers, C": (
        "compiled", 2, [1, PIECES],
        {
            "PYTHONHASHSEED": "random", "TZ": "UTC", "LC_ALL": "C",
            "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        },
    ),
    "SimPy, no AVX-512, nothing said": (
        "simpy", 1, [PIECES], {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR", "LANG": ""},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def here():
    """The run of this process, in one piece: digests and the bytes of its tables."""
    return run(load(MARKET, SMALL), replications=PIECES, workers=1, engine="simpy")


def in_a_process(folder, engine, workers, pieces, environment):
    """Digests and tables of runs in a process of its own, in a folder of its own."""
    script = folder / "one_run.py"
    script.write_text(SCRIPT, encoding="utf-8")
    words = json.dumps([str(MARKET), engine, workers, pieces, "kept", SMALL])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore", **environment}
    told = subprocess.run(
        [sys.executable, script, words],
        env=env, cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    tables = tuple((folder / "kept" / name).read_bytes() for name in ("kpis.csv", "monthly.csv"))
    return json.loads(told.stdout), tables


@pytest.mark.slow
def test_one_digest_and_the_same_tables_in_every_cell_of_the_matrix(here, tmp_path):
    """Engine x workers x straight or resumed x hash seed x time zone x locale x processor x folder."""
    found = {}
    for number, (name, cell) in enumerate(CELLS.items()):
        folder = tmp_path / f"cell {number}"
        folder.mkdir()
        found[name] = in_a_process(folder, *cell)
    assert {name: digests for name, (digests, _) in found.items() if digests != here.digests} == {}
    assert len({tables for _, tables in found.values()}) == 1


@pytest.mark.parametrize("workers", [0, -1, 10_000])
def test_an_impossible_number_of_workers_gives_the_same_digest(here, workers):
    """F37: clamped, with a notice."""
    results = run(load(MARKET, SMALL), replications=PIECES, workers=workers)
    assert results.digests == here.digests
    assert any(f"not {workers}" in warning for warning in results.warnings)


COMMAND = (sys.executable, "-c", "from loyaltysim.cli import main; main()")


def test_a_market_too_large_is_refused_at_once(tmp_path):
    """F14: a thousand million customers: exit 3, with the largest number that fits, in 2 s of processor time.

    Nothing is left behind.
    """
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ("run", MARKET, "--set", "market.customers=1000000000", "--out", tmp_path / "out")
    told = subprocess.run([*COMMAND, *map(str, words)], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert told.returncode == 3, told.stderr
    assert "GB of memory" in told.stderr and "customers fit" in told.stderr
    assert "Traceback" not in told.stderr and told.stdout == ""
    assert not (tmp_path / "out").exists()
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5.0


class Long:
    """A run by the command line in a process group of its own, to be broken off."""

    def __init__(self, out, replications, *more):
        words = (
            "run",
            MARKET,
            "--replications",
            replications,
            "--workers",
            2,
            "--quiet",
            "--out",
            out,
            *more,
        )
        self.out = out
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def kept(self):
        """Replications that are kept so far."""
        return len(list(self.out.glob("replications/*/*.npz")))

    def finish(self):
        """Exit code, and what was said."""
        _, err = self.process.communicate(timeout=120)
        return self.process.returncode, err

    def digests(self):
        """The digest of every replication, from the manifest."""
        return json.loads((self.out / "manifest.json").read_text(encoding="utf-8"))["digests"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are told differently on Windows")
def test_ctrl_c_ends_a_run_in_time_and_it_can_be_resumed(tmp_path):
    """F16: exit 130 within 5 s, marked so; resumed it gives the digests of a run not stopped."""
    broken = Long(tmp_path / "r", 4000)
    end = time.monotonic() + 100
    while broken.kept() < 3:
        assert broken.process.poll() is None and time.monotonic() < end, broken.process.communicate()
        time.sleep(0.02)
    asked = time.monotonic()
    os.killpg(broken.process.pid, signal.SIGINT)
    code, err = broken.finish()
    assert code == 130, err
    assert time.monotonic() - asked < 5 and "Traceback" not in err
    assert (
        json.loads((tmp_path / "r" / "manifest.json").read_text(encoding="utf-8"))["status"] == "interrupted"
    )
    again = Long(tmp_path / "r", 5, "--resume")
    assert again.finish()[0] == 0
    assert again.digests() == run(load(MARKET), replications=5, workers=1, engine="simpy").digests


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are told differently on Windows")
def test_a_run_killed_at_random_moments_ends_with_the_same_digest(tmp_path):
    """F17: kill -9 of the whole group, again and again, resuming each time; nothing half written is read.

    The moments come from a fixed seed; where they fall in the run depends on the machine.
    """
    moments = random.Random(17)
    count = 12
    for _ in range(KILLS):
        broken = Long(tmp_path / "r", count, "--resume")
        try:
            broken.process.wait(timeout=moments.uniform(0.5, 3.5))
        except subprocess.TimeoutExpired:
            os.killpg(broken.process.pid, signal.SIGKILL)
        broken.finish()
    last = Long(tmp_path / "r", count, "--resume")
    code, err = last.finish()
    assert code == 0, err
    assert last.digests() == run(load(MARKET), replications=count, workers=1, engine="simpy").digests
    assert not list((tmp_path / "r").rglob("*.tmp"))
