"""A tiny scenario on disk, and runs of it without an engine."""

import made_up
import pytest

from loyaltysim.experiments import run as verb
from loyaltysim.scenario.load import load


@pytest.fixture
def scenario(tmp_path):
    """The scenario's file."""
    path = tmp_path / "tiny.yaml"
    path.write_text(made_up.SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def loaded(scenario):
    return load(scenario)


@pytest.fixture
def go(loaded, monkeypatch):
    """Run the tiny scenario, or another, with made-up replications."""

    def run(of=None, replicate=made_up.replicate, **how):
        monkeypatch.setattr(verb, "replicate", replicate)
        return verb.run(of or loaded, **({"workers": 1} | how))

    return run
