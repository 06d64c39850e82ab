"""Two processes compile at once: who compiles what, and what a process that fails leaves behind."""

from types import SimpleNamespace

import pytest

from loyaltysim.experiments import compiling, engine


class Recorded:
    """A library that says when it is loaded."""

    def __init__(self, name, log):
        self.name, self.log = name, log

    def load(self):
        self.log.append(self.name)


@pytest.fixture
def log(monkeypatch):
    """What happens, in order, where these libraries are missing and there are two cores."""
    told = []
    missing = [Recorded(name, told) for name in ("market", "books", "line", "turns")]
    monkeypatch.setattr(compiling, "to_compile", lambda *engines: missing[: 2 + len(engines)])
    monkeypatch.setattr(compiling, "cores", lambda: 2)

    def begin(words, **how):
        told.append(("aside", *(place.split(":")[1] for place in words[3:])))
        return SimpleNamespace(wait=lambda: told.append("waits"), kill=lambda: None)

    monkeypatch.setattr(compiling.subprocess, "Popen", begin)
    return told


def test_lives_are_compiled_aside_and_the_market_here(log):
    compiling.compile_on_all_cores("compiled", "simpy")
    assert log == [("aside", "LINE", "TURNS"), "market", "books", "waits", "waits"]


def test_with_one_core_or_nothing_to_share_no_process_is_begun(log, monkeypatch):
    monkeypatch.setattr(compiling, "cores", lambda: 1)
    compiling.compile_on_all_cores("compiled", "simpy")
    monkeypatch.setattr(compiling, "cores", lambda: 2)
    compiling.compile_on_all_cores()
    assert log == []


def test_a_process_that_fails_is_no_fault():
    """What it was to compile is compiled when it is needed. Catches: `check=True`."""
    with compiling.compiled_aside(["loyaltysim.rules.loading:NOTHING"]):
        pass


def test_every_library_of_an_engine_is_asked_for(monkeypatch, tmp_path):
    """Catches: a list without `turns`, so that the first SimPy run compiles without a word."""
    from loyaltysim.engines.line import LINE
    from loyaltysim.record.ledgers import BOOKS
    from loyaltysim.rules.compiled import INTERPRETED
    from loyaltysim.rules.loading import MARKET, TURNS

    if INTERPRETED:
        pytest.skip("with the JIT off nothing is compiled")
    for library in (LINE, BOOKS, MARKET, TURNS):
        monkeypatch.setattr(library, "file", tmp_path / library.name)
    assert engine.to_compile("compiled") == [MARKET, BOOKS, LINE]
    assert engine.to_compile("simpy") == [MARKET, BOOKS, TURNS]
    (tmp_path / "market").write_bytes(b"")
    assert engine.to_compile("compiled", "simpy") == [BOOKS, LINE, TURNS]
    assert engine.must_compile("compiled")
