import numpy as np
import pandas as pd
import pytest

from loyaltysim.report import series


def table(rows):
    frame = pd.DataFrame(rows, columns=["arm", "replication", "month", "value"])
    return frame.assign(group="all", measure="customers")


def test_the_band_is_the_t_interval_of_the_mean():
    rows = [("programme", r, 0, value) for r, value in enumerate((1.0, 2.0, 3.0))]
    band = series.bands(series.measure(table(rows), "customers")).iloc[0]
    assert band["mean"] == 2.0
    assert band["high"] - band["mean"] == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)  # t(2) at 97.5 %


def test_the_difference_is_paired():
    rows = [(arm, r, 0, 100.0 * r + (arm == "programme")) for arm in ("programme", "twin") for r in range(4)]
    band = series.bands(series.measure(table(rows), "customers"))
    gap = series.last(band, "difference")
    assert gap[["mean", "low", "high"]].tolist() == [1, 1, 1]  # the spread of 100 between worlds is gone


def test_one_replication_has_no_interval():
    band = series.bands(series.measure(table([("programme", 0, 0, 5.0)]), "customers"))
    assert band["mean"].tolist() == [5.0]
    assert band["low"].isna().all() and band["high"].isna().all()


def test_nothing_over_nothing_is_no_number():
    index = pd.MultiIndex.from_tuples([("twin", 0, 0)], names=["arm", "replication", "month"])
    assert series.ratio(pd.Series([0.0], index), pd.Series([0.0], index)).isna().all()
