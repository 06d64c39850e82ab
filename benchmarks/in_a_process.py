"""What is measured in a process of its own: `python -m benchmarks.in_a_process WHAT ...` prints JSON."""

from __future__ import annotations

import json
import resource
import sys
import time

KIB = 1024.0


def peak() -> float:
    """Most memory that this process has held, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


def size(customers: int, months: int, threads: int, *overrides: str) -> dict[str, float]:
    """One arm at a size: seconds from opening to horizon, visits, bytes a customer at the peak."""
    from benchmarks.worlds import counted, lived, numbers

    lived("compiled", numbers(2000, 2, *overrides))  # loaded here
    parameters = numbers(customers, months, *overrides)
    began, cpu = time.perf_counter(), time.process_time()
    world = lived("compiled", parameters, threads)
    return {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "visits": counted(world).visits,
        "bytes": peak() / customers,
    }


def alone(customers: int, months: int) -> dict[str, float]:
    """Seconds on the wall of a kernel that nothing else needs: for the ceiling of two processes."""
    from benchmarks.worlds import lived, numbers

    parameters = numbers(customers, months)
    lived("compiled", numbers(2000, 2))
    print("ready", flush=True)
    sys.stdin.readline()  # all begin together
    began = time.perf_counter()
    for _ in range(4):
        lived("compiled", parameters)
    return {"wall": time.perf_counter() - began}


def first_event(scenario: str, out: str) -> None:
    """`run` until the first site has lived its first stretch of time; then the process ends."""
    import os

    from loyaltysim.engines import kernel

    begin = kernel.advance_site

    def once(*words: object) -> None:
        begin(*words)
        print(json.dumps({"lived": 1}), flush=True)
        os._exit(0)

    kernel.advance_site = once
    sys.argv = [
        "loyaltysim",
        "run",
        scenario,
        "--workers",
        "1",
        "--engine",
        "compiled",
        "--quiet",
        "--out",
        out,
    ]
    from loyaltysim.cli import main

    main()


def main() -> None:
    """Do what is asked for."""
    what, *words = sys.argv[1:]
    if what == "first-event":
        first_event(words[0], words[1])
    elif what == "alone":
        print(json.dumps(alone(int(words[0]), int(words[1]))))
    else:
        print(json.dumps(size(int(words[0]), int(words[1]), int(words[2]), *words[3:])))


if __name__ == "__main__":
    main()
