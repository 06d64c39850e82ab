"""Copies of the package with a text changed: what a planted bug is run on."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import loyaltysim

TESTS = Path(__file__).parent
PACKAGE = Path(loyaltysim.__file__).parent


class Copy:
    """A copy of the package in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(PACKAGE, folder / "loyaltysim", ignore=shutil.ignore_patterns("__pycache__"))

    def change(self, old, new):
        """Change the one place at which a text stands; how to change it back."""
        path, text = the_one_place(self.folder / "loyaltysim", old)
        path.write_text(text.replace(old, new), encoding="utf-8")
        return lambda: path.write_text(text, encoding="utf-8")

    def run(self, *words):
        """Run Python on the copy with the JIT off."""
        paths = [self.folder, TESTS, TESTS / "engines", TESTS / "verification"]
        environment = {
            **os.environ,
            "NUMBA_DISABLE_JIT": "1",
            "LOYALTYSIM_CACHE": str(self.folder / "cache"),
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",  # a change within a second would be answered from the cache
        }
        return subprocess.run(
            [sys.executable, *map(str, words)],
            env=environment, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def differences(self, world, *overrides):
        """What the two engines of the copy differ in."""
        told = self.run(TESTS / "engines" / "identity.py", world, *overrides)
        assert told.returncode == 0, told.stderr
        found = json.loads(told.stdout)
        assert Path(found["package"]) == self.folder / "loyaltysim"
        return found["differences"]

    def passes(self, *tests):
        """Do tests pass on the copy? Anything but a plain yes or no is an error."""
        words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", TESTS.parent)
        told = self.run(*words, "-c", TESTS.parent / "pyproject.toml", *(TESTS / test for test in tests))
        assert told.returncode in (0, 1) and "error" not in told.stdout.splitlines()[-1], told.stdout
        return told.returncode == 0


def the_one_place(package, text):
    """The file in which a text stands, once, and what it says."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py"))}
    found = {path: said for path, said in texts.items() if text in said}
    assert [said.count(text) for said in found.values()] == [1], f"{text!r} stands in {list(found)}"
    return next(iter(found.items()))
