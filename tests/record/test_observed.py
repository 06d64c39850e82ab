from importlib import metadata

import numpy as np
import pytest

from loyaltysim.record import observed


def test_purchases_on_the_day_of_the_first_are_no_repeats():
    text = " 1 1 19970101 1 9.00\n 1 1 19970101 2 3.00\n 1 1 19970107 1 1.00\n 1 1 19970108 1 1.00\n"
    customers, repeats = observed.repeats(text)
    assert customers == 1
    assert repeats[:3].tolist() == [1, 2, 2]  # day 6 ends week 1, day 7 begins week 2


def test_the_sample_has_its_published_totals():
    cohort = observed.cohort("cdnow-sample")
    if isinstance(cohort, str):
        pytest.skip(cohort)
    assert cohort.customers == 2357
    assert cohort.repeats[[38, 51, 77]].tolist() == [2457, 3183, 4339]
    assert (np.diff(cohort.repeats) >= 0).all()


def test_a_missing_package_gives_a_sentence(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(observed.metadata, "files", missing)
    assert "lifetimes==0.11.3" in observed.cohort("cdnow-sample")


def test_a_changed_file_is_not_shown(monkeypatch):
    monkeypatch.setattr(observed, "_packaged", lambda: b"something else")
    assert "not the file" in observed.cohort("cdnow-sample")
