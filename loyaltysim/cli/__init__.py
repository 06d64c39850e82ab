"""The command line: read the words, call one verb, print what it returns.

Results go to stdout, everything else to stderr. Heavy libraries are imported inside the verbs, so that
`--help` and mistakes are answered at once.
"""

import sys

from loyaltysim.cli import running  # noqa: F401 (verbs add themselves, in this order)

# isort: split
from loyaltysim.cli import (
    budgeting,  # noqa: F401
    calibrating,  # noqa: F401
    files,  # noqa: F401
    searching,  # noqa: F401
    teaching,  # noqa: F401
    validating,  # noqa: F401
)
from loyaltysim.cli.base import app
from loyaltysim.edge import start_lightly


def main() -> None:
    """Run the command line on the words of this process."""
    start_lightly()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a narrow terminal encoding must not stop a result
    app(prog_name="loyaltysim")
