"""events.parquet: every event, none lost, in the same bytes however it was written."""

import errno
import json
import os

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from busy import busy

from loyaltysim.engines import logbook
from loyaltysim.errors import StorageError, UsageError
from loyaltysim.experiments import parquet
from loyaltysim.experiments.lives import Asked, asked_of, chosen
from loyaltysim.experiments.run import run
from loyaltysim.rules.eventlog import KINDS


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    return busy(tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="module")
def whole(market, tmp_path_factory):
    """Three replications with all of their events, on the compiled engine."""
    return go(market, tmp_path_factory.mktemp("whole") / "r")


def go(market, out, **how):
    how = {"replications": 3, "workers": 1, "engine": "compiled", "events": True} | how
    return run(market, out=out, **how)


def read(folder, name="events.parquet"):
    return pq.read_table(folder / name, page_checksum_verification=True).to_pandas()


def parts(folder, kind="events"):
    return sorted(folder.glob(f"replications/*/*.{kind}.*.parquet"))


def test_the_events_give_the_ledgers_again(whole):
    """Nothing is lost: counts and money by arm and replication, from other files of the run."""
    events, monthly = read(whole.folder), whole.monthly[whole.monthly["group"] == "all"]
    assert set(events["kind"]) == set(KINDS) - {
        "offer",
        "enrolled",
        "promoted",
        "demoted",
        "returned",
        "referred",
        "surprised",
        "opened",
        *("topped_up", "paid_ahead", "balance_ended", "club_began", "club_ended"),
        *("contacted", "unsubscribed", "community_joined", "community_left"),
    }  # nobody joins or pays ahead, there are no tiers, nothing is brought back, and nobody speaks
    here = events["provider"] == "firm"
    bought = events["kind"] == "visit"
    found = {
        "visits": events[bought & here].groupby,
        "visits_rivals": events[bought & ~here].groupby,
        "entered": events[events["kind"] == "entered"].groupby,
        "left_market": events[events["kind"] == "left_market"].groupby,
    }
    sums = {name: by(["arm", "replication"], observed=True).size() for name, by in found.items()}
    for name, column in (("revenue", "paid"), ("points_issued", "earned"), ("points_redeemed", "redeemed")):
        sums[name] = events[bought & here].groupby(["arm", "replication"], observed=True)[column].sum()
    sums["points_expired"] = events.groupby(["arm", "replication"], observed=True)["expired"].sum()
    for name, by in sums.items():
        rows = monthly[monthly["measure"] == name]
        for arm in ("programme", "twin"):
            for number in range(3):
                mine = rows[(rows["arm"] == arm) & (rows["replication"] == number)]
                past, future = (mine[when]["value"].sum() for when in (mine["month"] <= 0, mine["month"] > 0))
                assert by.get((arm, number), 0.0) == pytest.approx(future), (name, arm)
                assert by.get(("past", number), 0.0) == pytest.approx(past), (name, "past")
    served = monthly[(monthly["measure"] == "points_redeemed") & (monthly["arm"] == "programme")]
    assert served["value"].sum() > 0


def test_rows_are_sorted_and_null_where_a_field_says_nothing(whole):
    events = read(whole.folder)
    keys = [events[name].to_numpy() for name in ("customer", "time", "replication")]
    arms = events["arm"].map({"past": 0, "programme": 1, "twin": 2}).astype(int).to_numpy()
    order = np.lexsort((keys[0], keys[1], arms, keys[2]))
    assert (order == np.arange(len(events))).all()
    came = events["kind"].isin(["visit", "gave_up"])
    for name in ("wait", "csi", "satisfaction"):
        assert (events[name].notna() == came).all(), name
    for name in ("list_price", "paid", "earned", "redeemed"):
        assert (events[name].notna() == (events["kind"] == "visit")).all(), name
    assert (events["expired"].notna() == (events["kind"] == "expired")).all()
    assert (events["other"].notna() == (events["kind"] == "moved")).all()
    assert events.loc[events["kind"] == "gave_up", "wait"].max() > 1.0  # minutes
    assert (events["arm"].iloc[0], events["time"].iloc[0]) == ("past", pytest.approx(-2 * 365 / 12, abs=2))


@pytest.mark.parametrize("how", [{"engine": "simpy"}, {"workers": 2}, {"customers": True}])
def test_the_bytes_are_the_same_however_it_was_run(market, whole, tmp_path, how):
    again = go(market, tmp_path / "r", **how)
    assert again.digest == whole.digest
    assert (tmp_path / "r" / "events.parquet").read_bytes() == (whole.folder / "events.parquet").read_bytes()


def test_the_figures_are_those_of_a_run_without_events(market, whole, tmp_path):
    assert go(market, tmp_path / "r", events=False).digests == whole.digests
    assert not list((tmp_path / "r").rglob("*.parquet"))


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("room", [1, 300])
def test_a_log_that_is_too_small_loses_nothing(market, whole, tmp_path, monkeypatch, engine, room):
    """A month that does not fit is lived again with more room."""
    lived, first = [], logbook.copy_of
    monkeypatch.setattr(logbook, "room_for", lambda world, share: room)
    monkeypatch.setattr(logbook, "copy_of", lambda world: lived.append(len(world.log)) or first(world))
    go(market, tmp_path / "r", engine=engine)
    assert (tmp_path / "r" / "events.parquet").read_bytes() == (whole.folder / "events.parquet").read_bytes()
    assert len(lived) == 3 * (2 + 2 * 14)


def test_a_month_lived_again_is_the_same_month(market, tmp_path, monkeypatch):
    """With too small a log every month is lived twice or once; the log grows to what the longest needs."""
    grown = []
    real = logbook.told

    def watched(advance, *words):
        def counted(world, *more):
            grown.append(len(world.log))
            return advance(world, *more)

        return real(counted, *words)

    monkeypatch.setattr(logbook, "room_for", lambda world, share: 1)
    monkeypatch.setattr("loyaltysim.engines.simulate.told", watched)
    go(market, tmp_path / "r", replications=1)
    assert len(grown) > 2 + 2 * 14 and max(grown) < 2000


def test_row_groups_do_not_depend_on_the_months(market, whole, tmp_path, monkeypatch):
    for module in (parquet, __import__("loyaltysim.experiments.lives", fromlist=["ROWS"])):
        monkeypatch.setattr(module, "ROWS", 1000)
    go(market, tmp_path / "a")
    go(market, tmp_path / "b", engine="simpy")
    with pq.ParquetFile(tmp_path / "a" / "events.parquet") as file:
        sizes = [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)]
    assert max(sizes) == 1000 and sizes.count(1000) >= len(sizes) - 9  # the last of each arm is shorter
    a, b = ((tmp_path / name / "events.parquet").read_bytes() for name in "ab")
    assert a == b
    pd.testing.assert_frame_equal(read(tmp_path / "a"), read(whole.folder))


# ---------------------------------------------------------------- samples


def test_a_sample_is_the_same_customers_with_their_whole_lives(market, whole, tmp_path):
    go(market, tmp_path / "r", sample="20 %", customers=True)
    some, everybody = read(tmp_path / "r"), read(whole.folder)
    who = set(some["customer"])
    assert 0 < len(who) < 0.6 * everybody["customer"].nunique()
    same = everybody[everybody["customer"].isin(who)].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, same)
    customers = read(tmp_path / "r", "customers.parquet")
    sample = set(chosen(int(everybody["customer"].max()) + 1, Asked(share=0.2).below).tolist())
    for _, group in customers.groupby(["arm", "replication"], observed=True):
        assert who <= set(group["customer"]) == sample
    other = go(market, tmp_path / "s", sample=0.2, seed=99)
    assert set(read(other.folder)["customer"]) <= set(customers["customer"])


def test_a_sample_holds_about_its_share_and_all_smaller_samples():
    number = 20_000
    small, large = (set(chosen(number, Asked(share=share).below).tolist()) for share in (0.01, 0.1))
    assert small < large
    for found, share in ((small, 0.01), (large, 0.1)):
        assert abs(len(found) - share * number) < 4 * (number * share) ** 0.5
    assert len(chosen(number, Asked().below)) == number


def test_a_sample_of_nobody_is_an_empty_table(market, tmp_path):
    share = 1e-9
    go(market, tmp_path / "r", sample=share, customers=True, replications=1)
    for name in ("events.parquet", "customers.parquet"):
        table = pq.read_table(tmp_path / "r" / name)
        assert table.num_rows == 0 and "arm" in table.column_names


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"events": False, "sample": "1 %"}, "add --customers or --events"),
        ({"sample": "much"}, "--sample much: .*is not a share"),
        ({"sample": "3"}, "between 0 % and 100 %"),
        ({"sample": "0 %"}, "a sample of nobody"),
        ({"out": None}, "to keep events, say where: --out DIR"),
    ],
)
def test_requests_that_make_no_sense_are_refused(market, tmp_path, how, told):
    with pytest.raises(UsageError, match=told):
        go(market, **{"out": tmp_path / "r"} | how)


def test_a_share_may_be_written_in_several_ways():
    assert {asked_of(True, False, share, True).share for share in ("1 %", "1%", "0.01", 0.01)} == {0.01}


# ---------------------------------------------------------------- keeping and resuming


def test_resuming_redoes_what_lacks_its_events(market, whole, tmp_path):
    go(market, tmp_path / "r", events=False, replications=2)
    again = go(market, tmp_path / "r", resume=True)
    assert again.digest == whole.digest and len(parts(tmp_path / "r")) == 3
    assert (tmp_path / "r" / "events.parquet").read_bytes() == (whole.folder / "events.parquet").read_bytes()


def test_resuming_keeps_what_is_there(market, tmp_path):
    go(market, tmp_path / "r", replications=2)
    before = {path: path.stat().st_mtime_ns for path in parts(tmp_path / "r")}
    go(market, tmp_path / "r", resume=True)
    assert len(parts(tmp_path / "r")) == 3
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_another_sample_is_another_part(market, tmp_path):
    go(market, tmp_path / "r", replications=1)
    go(market, tmp_path / "r", replications=1, sample="30 %", resume=True)
    assert read(tmp_path / "r")["customer"].nunique() < 40
    assert len(parts(tmp_path / "r")) == 2


def test_results_of_an_earlier_run_do_not_stay_beside_those_of_another(market, tmp_path):
    go(market, tmp_path / "r", replications=1, customers=True)
    go(market, tmp_path / "r", replications=2, events=False, resume=True)
    assert not list((tmp_path / "r").glob("*.parquet"))
    told = json.loads((tmp_path / "r" / "manifest.json").read_text(encoding="utf-8"))
    assert "events.parquet" not in told["files"] and told["sample"] is None


def test_the_manifest_vouches_for_the_events(whole):
    told = json.loads((whole.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["files"]["events.parquet"] == parquet.sha256_of(whole.folder / "events.parquet")
    assert told["sample"] == 1.0


@pytest.mark.parametrize("damage", ["emptied", "cut", "flipped", "its footer"])
def test_a_damaged_part_is_named_and_redone_alone(market, whole, tmp_path, damage):
    go(market, tmp_path / "r")
    before = (tmp_path / "r" / "events.parquet").read_bytes()
    victim = parts(tmp_path / "r")[1]
    data = bytearray(victim.read_bytes())
    if damage in ("flipped", "its footer"):
        data[len(data) // 2 if damage == "flipped" else -200] ^= 1
    victim.write_bytes({"emptied": b"", "cut": bytes(data[:-50])}.get(damage, bytes(data)))
    with pytest.raises(StorageError, match=r"00001\.events\..*damaged.*--resume") as error:
        go(market, tmp_path / "r", resume=True)
    assert error.value.exit_code == 4
    assert (tmp_path / "r" / "events.parquet").read_bytes() == before  # the results stand
    assert not list(tmp_path.rglob("*.tmp"))
    victim.unlink()
    go(market, tmp_path / "r", resume=True)
    assert (tmp_path / "r" / "events.parquet").read_bytes() == (whole.folder / "events.parquet").read_bytes()


def test_a_flipped_bit_in_the_joined_file_is_noticed_by_its_reader(whole, tmp_path):
    data = bytearray((whole.folder / "events.parquet").read_bytes())
    data[len(data) // 2] ^= 4
    (tmp_path / "e.parquet").write_bytes(bytes(data))
    with (
        pytest.raises(StorageError, match=r"e\.parquet: damaged"),
        parquet.reading(tmp_path / "e.parquet") as f,
    ):
        f.read()


def full(monkeypatch, n):
    """The disk is full at the n-th row group."""
    real, calls = pq.ParquetWriter.write_table, []

    def write_table(self, *words, **more):
        calls.append(self)
        if len(calls) == n:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, *words, **more)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", write_table)
    return calls


def test_wherever_the_disk_is_full_nothing_is_half_written(market, whole, tmp_path, monkeypatch):
    n = 0
    while True:
        n += 1
        folder = tmp_path / f"r{n}"
        with monkeypatch.context() as patch:
            calls = full(patch, n)
            try:
                go(market, folder)
            except StorageError as error:
                assert "events" in str(error) and "the disk is full" in str(error)
                assert error.exit_code == 4
        if len(calls) < n:
            break
        assert not list(folder.rglob("*.tmp")) and not (folder / "events.parquet").exists()
        if n % 5 == 1:
            go(market, folder, resume=True)
            joined = (folder / "events.parquet").read_bytes()
            assert joined == (whole.folder / "events.parquet").read_bytes()
    assert n > 18  # three arms of three replications, once as parts and once joined


@pytest.mark.skipif(os.name == "nt", reason="a limit on the size of files is told differently there")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_the_system_does_not_take_is_a_fault_of_storage(market, tmp_path, workers):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(StorageError, match=r"0000[012]\.events"):
            go(market, tmp_path / "r", workers=workers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.rglob("*.tmp")) and not parts(tmp_path / "r")
