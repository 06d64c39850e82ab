"""The edge of the command line: what is printed where, and how a verb may end.

Results go to stdout, everything else to stderr; every error becomes one message and an exit code.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import typer

from loyaltysim.errors import InvariantError, LoyaltysimError, RefusedError, StorageError

CHECK_FAILED = 1
DIFFERENT = 1  # of `diff`, as diff(1) has it
INTERRUPTED = 130


# ---------------------------------------------------------------- what is printed where


def say(text: str) -> None:
    """Print a result on stdout; a reader that has gone away is no error."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str, quiet: bool = False) -> None:
    """Print anything else on stderr, unless asked to be quiet."""
    if not quiet:
        print(text, file=sys.stderr, flush=True)


def as_json(value: Any) -> str:
    """One JSON text; a number that is not finite is a fault, never printed."""
    return json.dumps(value, indent=2, allow_nan=False)


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A `progress(done, total)` that draws a bar with the time left, or None off a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


# ---------------------------------------------------------------- how a verb may end


def edge(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb with every error turned into one message on stderr and its exit code."""

    @wraps(verb)
    def guarded(**words: Any) -> None:
        try:
            if "workers" in words:
                from loyaltysim.experiments.warm import stand_ready

                stand_ready(words["workers"])
            verb(**words)
        except KeyboardInterrupt:
            hint = "; --resume keeps what was finished" if "resume" in words else ""
            note(f"interrupted{hint}")
            raise typer.Exit(INTERRUPTED) from None
        except typer.Exit:
            raise
        except Exception as error:
            if words.get("debug"):
                import traceback

                traceback.print_exc()
            known = as_known(error)
            note(str(known))
            raise typer.Exit(known.exit_code) from None

    return guarded


def as_known(error: Exception) -> LoyaltysimError:
    """The error as one of ours, with a text that says what would help."""
    match error:
        case LoyaltysimError():
            return error
        case MemoryError():
            return RefusedError("not enough memory: try fewer customers, or --workers 1")
        case OSError():
            return StorageError(f"storage: {error}")
        case _:
            text = f"internal error: {type(error).__name__}: {error}\nadd --debug to see where, and report it"
            return InvariantError(text)


def start_lightly() -> None:
    """Spare the start what costs it a quarter of its time: idle threads and garbage runs.

    Nothing here multiplies matrices, and importing makes many objects, none of them garbage.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(200_000, 20, 20)
