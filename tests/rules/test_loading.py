"""What Python calls of the rules, as machine code: the rule's own answer; what does not fit is refused."""

import math

import numpy as np
import pytest

from loyaltysim.rules import draws, loading, variates
from loyaltysim.rules.compiled import INTERPRETED

compiled = pytest.mark.skipif(INTERPRETED, reason="with the JIT off there is no machine code")


@compiled
def test_an_entry_answers_as_the_function_that_it_was_made_of():
    """Numbers, 64 bits with the highest set, and rows into which is written."""
    for n in (1, 7, 2**31):
        key = draws.key_of(n, 3, 5)
        with np.errstate(over="ignore"):
            assert key == interpreted(draws.key_of)(np.uint64(n), 3, 5)
        assert isinstance(key, int)
    assert draws.key_of(2**64 - 1, 0, 0) == draws.key_of(np.uint64(2**64 - 1), 0, 0)
    for u in (0.001, 0.5, 0.975):
        assert math.isclose(variates.normal(u), -variates.normal(1.0 - u), abs_tol=1e-8)
    keys = np.zeros(5, np.uint64)
    assert draws.write_keys(1, 0, keys) is None
    assert keys.tolist() == [draws.key_of(1, 0, i) for i in range(5)]


def interpreted(entry):
    """A rule as Python runs it, with all that it calls."""
    return lambda *words: entry.alone(*words)


@compiled
def test_what_does_not_fit_is_refused_and_nothing_is_run():
    """Catches: a door that does not look at the size of an item; 32-bit rows would be overrun."""
    with pytest.raises(TypeError):
        draws.write_keys(1, 0)
    with pytest.raises(TypeError):
        draws.write_keys(1, 0, np.zeros(4, np.int32))
    with pytest.raises(TypeError):
        draws.write_keys(1, 0, 3.0)
    with pytest.raises(ValueError, match="contiguous"):
        draws.write_keys(1, 0, np.zeros((4, 2), np.uint64)[:, 0])
    with pytest.raises(TypeError):
        variates.normal("half")
    with pytest.raises(OverflowError):
        draws.uniform(1, 2**70, 0, 0)


def test_an_object_file_is_kept_whole_or_not_believed(tmp_path, monkeypatch):
    """Catches: no checksum, so that half a file is handed to the loader."""
    library = loading.Library("some")
    monkeypatch.setenv("LOYALTYSIM_CACHE", str(tmp_path))
    assert not library.is_kept and library.kept() is None
    loading.keep(library.file, b"machine code")
    assert library.is_kept and library.kept() == b"machine code"
    library.file.write_bytes(library.file.read_bytes()[:-1])
    assert library.kept() is None
    assert [path.name for path in library.file.parent.iterdir()] == [library.file.name]


def test_libraries_lie_apart_by_machine_and_by_what_numba_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("LOYALTYSIM_CACHE", str(tmp_path))
    before = loading.Library("some").file
    monkeypatch.setenv("NUMBA_OPT", "1")
    assert loading.Library("some").file != before
