"""The first run on a machine: two processes compile, each some of the libraries that the engines need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loyaltysim.experiments.engine import to_compile
from loyaltysim.experiments.warm import cores

# What customers do, with or without a line: as much to compile as all that the market does.
ASIDE = {"line": "loyaltysim.engines.line:LINE", "turns": "loyaltysim.rules.loading:TURNS"}
COMPILE = """
import sys
from importlib import import_module
for place in sys.argv[1:]:
    module, name = place.split(":")
    getattr(import_module(module), name).built()
"""


def compile_on_all_cores(*engines: str) -> None:
    """Compile what is missing: lives in another process, if there is a core for it, the rest in this one."""
    missing = to_compile(*engines)
    apart = [ASIDE[library.name] for library in missing if library.name in ASIDE]
    if cores() > 1 and sys.executable and 0 < len(apart) < len(missing):
        with compiled_aside(apart):
            for library in missing:
                if library.name not in ASIDE:
                    library.load()


@contextmanager
def compiled_aside(places: list[str]) -> Iterator[None]:
    """Another process compiles these meanwhile; what it does not leave behind is compiled when needed."""
    package = str(Path(__file__).parents[2])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-c", COMPILE, *places],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
        process.wait()
    finally:
        process.kill()
        process.wait()
