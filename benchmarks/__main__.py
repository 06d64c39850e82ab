"""`python -m benchmarks`: measure, print the table, and write it into `docs/speed.md`.

--small        only whether everybody counts the same on a small market; no times (for CI)
--row NAME     one measurement; may be repeated; prints only (`mechanisms`: what each costs a visit)
--cimba PATH   a Python in which cimba 0.9.5 is installed; without it that row is not measured
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import ROUNDS, Row
from benchmarks.mechanisms import MECHANISMS, costs
from benchmarks.rows import agreement, all_rows

PAGE = Path(__file__).resolve().parents[1] / "docs" / "speed.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def number(x: float) -> str:
    """A figure with three digits that count."""
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def line(row: Row) -> str:
    """A row of the table."""
    goal = f"{'≥' if row.more_is_better else '≤'} {number(row.least)} / {number(row.aim)}"
    if not row.figures:
        return f"| {row.what} | not measured | | {goal} | |"
    spread = f"{number(min(row.figures))} … {number(max(row.figures))}" if len(row.figures) > 1 else "once"
    return f"| {row.what} | {number(row.middle)} {row.unit} | {spread} | {goal} | {row.verdict} |"


def machine(load: float) -> str:
    """What it was measured on, and how busy that was."""
    names = ("numpy", "numba", "llvmlite", "simpy", "scipy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}, {versions}. "
        f"Load when it began: {load:.1f}. Medians of {ROUNDS} rounds in turn, and their range."
    )


def processor() -> str:
    """The processor's name."""
    try:
        for text in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if text.startswith("model name"):
                return text.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def write(lines: list[str]) -> None:
    """Put the table into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text("\n".join([before + BEGIN, *lines, END + after]), encoding="utf-8", newline="\n")


def by_mechanism() -> list[str]:
    """The table of what each mechanism costs a visit."""
    lines = []
    for name, rounds in costs().items():
        without, within = (statistics.median(r[k] for r in rounds) for k in (0, 1))
        times = [r[1] / r[0] for r in rounds]
        spread = f"{min(times):.2f} … {max(times):.2f}"
        lines.append(
            f"| {name} | {statistics.median(times):.2f} | {spread} | {without:.0f} → {within:.0f} ns |"
        )
    return [
        "",
        "| with this in the scenario | time of a visit, times | range | |",
        "|---|---:|---:|---:|",
        *lines,
    ]


def main() -> int:
    """Measure what is asked for."""
    words = argparse.ArgumentParser(prog="python -m benchmarks")
    words.add_argument("--small", action="store_true", help="agreement only, no times")
    words.add_argument("--row", action="append", metavar="NAME", help="one measurement; may be repeated")
    words.add_argument("--cimba", default=sys.executable, metavar="PATH", help="a Python that has cimba")
    asked = words.parse_args()
    if asked.small:
        faults = agreement()
        print("\n".join(faults) or "everybody counts the same")
        return 1 if faults else 0
    rows = all_rows(asked.cimba)
    if unknown := set(asked.row or ()) - {*rows, "mechanisms"}:
        print(
            f"no row {', '.join(sorted(unknown))}; there are {', '.join(rows)}, mechanisms", file=sys.stderr
        )
        return 2
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    told = [machine(load), "", "| what | figure | range | asked for / aim | |", "|---|---:|---:|---:|---|"]
    print("\n".join(told), flush=True)
    for name in asked.row or (*rows, "mechanisms"):
        if name == "mechanisms":
            told += by_mechanism()
            print("\n".join(told[-len(MECHANISMS) - 3 :]), flush=True)
            continue
        found = rows[name]()
        for row in found if isinstance(found, list) else [found]:
            told.append(line(row))
            print(told[-1], flush=True)
    if not asked.row:
        write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
