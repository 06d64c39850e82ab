"""The result folder: byte-stable, never mixed, never half written, resumable."""

import errno
import hashlib
import io
import json
import os
import socket
import subprocess
import sys

import made_up
import numpy as np
import pytest

from loyaltysim.errors import StorageError, UsageError
from loyaltysim.experiments import files
from loyaltysim.experiments.store import vouch
from loyaltysim.scenario.load import load

TABLES = ("kpis.csv", "monthly.csv")


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def parts(folder):
    return sorted(folder.glob("replications/*/*.npz"))


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def renamed(scenario, name="Other"):
    path = scenario.with_name("other.yaml")
    path.write_text(made_up.SCENARIO.replace("name: Tiny", f"name: {name}"), encoding="utf-8")
    return load(path)


def edited(scenario):
    path = scenario.with_name("edited.yaml")
    path.write_text(made_up.SCENARIO.replace("level: 78", "level: 79"), encoding="utf-8")
    return load(path)


# ---------------------------------------------------------------- what is written


def test_the_tables_have_the_same_bytes_however_they_were_made(go, tmp_path):
    for name, how in (("a", {"workers": 1}), ("b", {"workers": 3}), ("c", {"workers": 1})):
        go(out=tmp_path / name, **how)
    go(out=tmp_path / "c", resume=True)
    for table in TABLES:
        assert len({(tmp_path / name / table).read_bytes() for name in "abc"}) == 1


def test_a_table_is_plain_csv(go, tmp_path):
    results = go(out=tmp_path / "r", replications=2)
    lines = (tmp_path / "r" / "kpis.csv").read_bytes().decode().split("\n")
    assert lines[0] == "scenario,arm,replication,kpi,value" and lines[-1] == ""
    assert lines[1] == f"Tiny,effect,0,acquired,{float(results.samples['value'][0])!r}"
    assert "Tiny,programme,0,breakage_rate," in lines
    first = (tmp_path / "r" / "monthly.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert first[0] == "scenario,arm,replication,month,group,measure,value"
    assert first[1].startswith("Tiny,programme,0,-1,regulars,entered,")


def test_the_manifest_vouches_for_every_file(go, tmp_path):
    results = go(out=tmp_path / "r")
    told = manifest(tmp_path / "r")
    assert (told["status"], told["seed"], told["replications"]) == ("complete", 7, 6)
    assert told["digests"] == results.digests and told["digest"] == results.digest
    for name in TABLES:
        assert told["files"][name] == hashlib.sha256((tmp_path / "r" / name).read_bytes()).hexdigest()
    assert not list((tmp_path / "r").glob(".*"))  # neither lock nor temporary file


def test_files_written_later_can_be_vouched_for(go, tmp_path):
    go(out=tmp_path / "r")
    (tmp_path / "r" / "report.html").write_bytes(b"<p>")
    vouch(tmp_path / "r")
    told = manifest(tmp_path / "r")
    assert set(told["files"]) == {*TABLES, "report.html"} and told["status"] == "complete"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ('a,"b"', '"a,""b"""'),
        (-1.5, "-1.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (12, "12"),
        (1e300, "1e+300"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_a_cell_is_exact_and_never_a_formula(value, cell):
    assert files.cell(value) == cell


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(go, scenario, tmp_path):
    go(renamed(scenario, '"=1+1"'), out=tmp_path / "r", replications=1)
    assert b"\n'=1+1,programme,0," in (tmp_path / "r" / "kpis.csv").read_bytes()


# ---------------------------------------------------------------- what is not mixed


def test_another_scenario_is_kept_out_of_the_folder(go, scenario, tmp_path):
    go(out=tmp_path / "r")
    before = contents(tmp_path / "r")
    for resume in (False, True):
        with pytest.raises(UsageError, match="holds results of the scenario 'Tiny', not of 'Other'"):
            go(renamed(scenario), out=tmp_path / "r", resume=resume)
    assert contents(tmp_path / "r") == before


def test_to_resume_an_edited_scenario_is_refused_and_says_in_what_it_differs(go, scenario, tmp_path):
    go(out=tmp_path / "r")
    with pytest.raises(UsageError, match=r"cannot resume, it keeps replications of scenario [0-9a-f]{12}"):
        go(edited(scenario), out=tmp_path / "r", resume=True)
    with pytest.raises(UsageError, match=r"cannot resume, it keeps replications of seed 7 \(now 8\)"):
        go(out=tmp_path / "r", resume=True, seed=8)


def test_an_edited_scenario_replaces_its_results_whole(go, scenario, tmp_path):
    go(out=tmp_path / "r")
    fresh = go(edited(scenario), out=tmp_path / "r", replications=3)
    assert manifest(tmp_path / "r")["digests"] == fresh.digests
    assert len(parts(tmp_path / "r")) == 3


def test_until_new_results_are_complete_the_old_ones_stand(go, scenario, tmp_path):
    go(out=tmp_path / "r")
    before = contents(tmp_path / "r")
    with pytest.raises(Exception, match="replication 3"):
        go(edited(scenario), out=tmp_path / "r", replicate=made_up.third_fails)
    after = contents(tmp_path / "r")
    assert {path: after[path] for path in before} == before


def test_a_folder_with_other_things_in_it_is_refused(go, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds other files \(thesis.tex\)"):
        go(out=tmp_path / "home")
    with pytest.raises(UsageError, match="is a file"):
        go(out=tmp_path / "home" / "thesis.tex")
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["thesis.tex"]


def test_results_in_an_unknown_format_are_refused(go, tmp_path):
    go(out=tmp_path / "r")
    head = next((tmp_path / "r").glob("replications/*/run.json"))
    head.write_text(head.read_text(encoding="utf-8").replace('"format": 1', '"format": 99'), encoding="utf-8")
    with pytest.raises(UsageError, match="written in format 99, this version writes 1"):
        go(out=tmp_path / "r")


# ---------------------------------------------------------------- one at a time


def lock(folder, text):
    folder.mkdir()
    (folder / ".lock").write_text(text, encoding="utf-8")


def test_a_folder_in_use_is_refused_at_once(go, tmp_path):
    lock(tmp_path / "r", json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
    with pytest.raises(StorageError, match=f"in use by process {os.getpid()}"):
        go(out=tmp_path / "r", replicate=made_up.third_fails)
    assert (tmp_path / "r" / ".lock").exists()  # not ours to remove


def test_a_lock_of_another_machine_is_respected(go, tmp_path):
    lock(tmp_path / "r", json.dumps({"pid": 1, "host": "elsewhere"}))
    with pytest.raises(StorageError, match="in use by process 1 on elsewhere"):
        go(out=tmp_path / "r")


def test_the_lock_of_a_dead_process_is_taken_over_with_a_notice(go, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock(tmp_path / "r", json.dumps({"pid": dead.pid, "host": socket.gethostname()}))
    results = go(out=tmp_path / "r")
    assert f"the lock of process {dead.pid}, which is gone, was removed" in results.warnings[0]


def test_a_lock_that_cannot_be_read_is_left_alone(go, tmp_path):
    lock(tmp_path / "r", "?")
    with pytest.raises(StorageError, match="delete it if no run is under way"):
        go(out=tmp_path / "r")


# ---------------------------------------------------------------- resuming


def test_resuming_redoes_only_what_is_missing(go, tmp_path, monkeypatch):
    whole = go(out=tmp_path / "whole")
    with pytest.raises(Exception, match="replication 3"):
        go(out=tmp_path / "r", replicate=made_up.third_fails)
    assert len(parts(tmp_path / "r")) == 3
    monkeypatch.setenv("DIARY", str(tmp_path / "begun"))
    resumed = go(out=tmp_path / "r", resume=True, replicate=made_up.slowly)
    assert (tmp_path / "begun").read_text(encoding="ascii").split() == ["3", "4", "5"]
    assert resumed.kpis == whole.kpis and resumed.digest == whole.digest
    for table in TABLES:
        assert (tmp_path / "r" / table).read_bytes() == (tmp_path / "whole" / table).read_bytes()


def test_resuming_may_ask_for_more_or_fewer_replications(go, tmp_path):
    go(out=tmp_path / "r", replications=4)
    assert go(out=tmp_path / "r", replications=6, resume=True).digests == go().digests
    assert (
        go(out=tmp_path / "r", replications=2, resume=True, replicate=made_up.third_fails).replications == 2
    )


def test_resuming_what_was_never_begun_begins(go, tmp_path):
    assert go(out=tmp_path / "r", resume=True).digests == go().digests


def test_without_resume_everything_is_done_anew(go, tmp_path, monkeypatch):
    go(out=tmp_path / "r")
    monkeypatch.setenv("DIARY", str(tmp_path / "begun"))
    go(out=tmp_path / "r", replications=2, replicate=made_up.slowly)
    assert (tmp_path / "begun").read_text(encoding="ascii").split() == ["0", "1"]


@pytest.mark.parametrize("damage", ["emptied", "cut", "flipped", "exchanged"])
def test_a_damaged_replication_is_named_and_never_averaged(go, tmp_path, damage):
    go(out=tmp_path / "r")
    victim, other = parts(tmp_path / "r")[2:4]
    data = bytearray(victim.read_bytes())
    if damage == "flipped":
        data[len(data) // 2] ^= 1
    changed = {"emptied": b"", "cut": data[:-50], "flipped": data, "exchanged": other.read_bytes()}[damage]
    victim.write_bytes(bytes(changed))
    with pytest.raises(StorageError, match=r"00002.npz: damaged .*delete it and run again with --resume"):
        go(out=tmp_path / "r", resume=True)
    victim.unlink()
    assert go(out=tmp_path / "r", resume=True).digests == go().digests


def test_a_replication_edited_by_hand_is_refused(go, tmp_path):
    go(out=tmp_path / "r")
    victim = parts(tmp_path / "r")[1]
    content = dict(np.load(io.BytesIO(victim.read_bytes())))
    content["values"][0] += 1.0
    np.savez(victim, **content)
    with pytest.raises(StorageError, match=r"00001\.npz: damaged \(its checksum is wrong\)"):
        go(out=tmp_path / "r", resume=True)


# ---------------------------------------------------------------- failing disks


class Disk:
    """Fails the n-th write, fsync or rename."""

    def __init__(self, monkeypatch, n, code=errno.ENOSPC):
        self.calls, self.n, self.code = 0, n, code
        for name in ("fsync", "replace"):
            monkeypatch.setattr(files.os, name, self.failing(getattr(os, name)))

    def failing(self, real):
        def call(*words):
            self.calls += 1
            if self.calls == self.n:
                raise OSError(self.code, os.strerror(self.code))
            return real(*words)

        return call


def test_whichever_write_fails_the_run_says_so_and_resumes_to_the_same_result(go, tmp_path, monkeypatch):
    whole, n = go(replications=2), 0
    while True:
        n += 1
        folder = tmp_path / f"r{n}"
        with monkeypatch.context() as patch:
            disk = Disk(patch, n)
            try:
                go(out=folder, replications=2)
            except StorageError as error:
                assert "the disk is full; " in str(error) and "bytes are needed" in str(error)
        if disk.calls < n:
            break
        assert not list(folder.rglob("*.tmp"))
        assert go(out=folder, replications=2, resume=True).digest == whole.digest
        assert manifest(folder)["status"] == "complete"
    assert n > 12  # head, two replications, two tables, manifest: three calls each


def test_another_fault_of_the_disk_is_told_in_its_own_words(go, tmp_path, monkeypatch):
    Disk(monkeypatch, 4, errno.EIO)
    with pytest.raises(StorageError, match=r"00000\.npz: Input/output error"):
        go(out=tmp_path / "r")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that nobody may write to")
def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(go):
    with pytest.raises(StorageError, match=r"^/proc/self/r: "):
        go(out="/proc/self/r", replicate=made_up.third_fails)


def test_what_a_killed_run_had_begun_to_write_is_gone_after_a_resume(go, tmp_path):
    """Break: sweep the replications only. The half-written table of the killed process stayed."""
    go(out=tmp_path / "r")
    half = tmp_path / "r" / ".monthly.csv.488.tmp"
    half.write_bytes(b"scenario,arm")
    go(out=tmp_path / "r", resume=True)
    assert not half.exists()
