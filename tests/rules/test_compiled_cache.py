"""Compiled rules are kept under a stamp of all rule sources: no edit is ever answered from the past.

Numba alone does not notice an edit in a called function of another file. The copy of the rules that is edited
here compiles one rule of `desk`, which calls `variates` and `draws`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import loyaltysim
from loyaltysim.rules.keeping import sources_stamp

PACKAGE = Path(loyaltysim.__file__).parent
ASK = """
import sys
from loyaltysim.rules import compiled, desk, keeping, parameters
assert not compiled.INTERPRETED
assert compiled.__file__.startswith(sys.argv[1])
print(desk.time_from(parameters.EXPONENTIAL_TIME, 10.0, 0.0, 0.5))
print(sum(desk.time_from.stats.cache_hits.values()), keeping.cache_folder())
"""


@pytest.fixture
def rules(tmp_path):
    """A copy of the rules in a package of its own."""
    copy = tmp_path / "loyaltysim"
    (copy / "rules").parent.mkdir()
    (copy / "__init__.py").write_text("", encoding="utf-8")
    shutil.copytree(PACKAGE / "rules", copy / "rules", ignore=shutil.ignore_patterns("__pycache__"))
    return copy / "rules"


def ask(rules):
    """A rule's answer in a process of its own; whether it came from the cache; the cache's folder."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"},
        "PYTHONPATH": str(rules.parents[1]),
        "LOYALTYSIM_CACHE": str(rules.parents[1] / "cache"),
    }
    told = subprocess.run(
        [sys.executable, "-c", ASK, str(rules)],
        env=environment, cwd=rules.parents[1], capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    answer, rest = told.stdout.splitlines()
    hits, folder = rest.split(" ", 1)
    return float(answer), int(hits) > 0, folder


@pytest.mark.slow
def test_an_edit_in_a_called_function_of_another_file_is_seen(rules):
    """The same answer from the cache; after an edit of `variates.exponential` the new one, compiled anew.

    Break: a cache folder without the stamp. The old answer came back from the cache.
    """
    before, cached, folder = ask(rules)
    assert not cached
    assert ask(rules) == (before, True, folder)
    variates = rules / "variates.py"
    text = variates.read_text(encoding="utf-8")
    old, new = "    return -math.log(u)\n", "    return -2.0 * math.log(u)\n"
    assert old in text
    variates.write_text(text.replace(old, new, 1), encoding="utf-8")
    after, cached, new_folder = ask(rules)
    assert after == 2.0 * before and not cached and new_folder != folder
    variates.write_text(text, encoding="utf-8")
    assert ask(rules)[::2] == (before, folder)


def test_the_stamp_knows_every_byte_and_every_name(rules):
    """Contents, names and new files change it; a file that is no source does not."""
    stamp = sources_stamp(rules)
    assert sources_stamp(rules) == stamp
    (rules / "notes.txt").write_text("no rule", encoding="utf-8")
    assert sources_stamp(rules) == stamp
    seen = {stamp}
    last = rules / "programme" / "points.py"
    last.write_text(last.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    seen.add(sources_stamp(rules))
    last.rename(last.with_name("dots.py"))
    seen.add(sources_stamp(rules))
    (rules / "more.py").write_text("", encoding="utf-8")
    seen.add(sources_stamp(rules))
    assert len(seen) == 4
