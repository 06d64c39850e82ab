"""The bundle that pages draw their charts with: made by vl-convert, kept in the package as made.

`python docs/bundle.py` compares the kept file with what the installed vl-convert makes; `--write` keeps that.
Making it takes more than a second and needs 84 MB of package, which no run should pay.
"""

from __future__ import annotations

import sys
from pathlib import Path

import vl_convert

KEPT = Path(__file__).resolve().parents[1] / "loyaltysim" / "report" / "embedded" / "vega.js"


def main(words: list[str]) -> int:
    """Compare or write; 1 if they differ."""
    made = vl_convert.javascript_bundle().encode()
    if "--write" in words:
        KEPT.write_bytes(made)
    same = KEPT.read_bytes() == made
    print(f"{KEPT.name}: {'as' if same else 'not what'} vl-convert {vl_convert.__version__} makes it")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
