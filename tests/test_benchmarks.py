"""The benchmarks compare like with like: whoever lives the market counts the same. No times here."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_everybody_counts_the_same():
    """Break: a straight loop that forgets begin_month."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--small"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "everybody counts the same"), done.stderr


def test_an_unknown_row_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--row", "nonsense"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2 and "no row nonsense; there are naive, reference" in done.stderr
