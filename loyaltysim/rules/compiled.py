"""The `rule` and `step` decorators: a plain function on numbers and records, compiled once by numba.

Rules use `math` and scalars only (no numpy ufunc, no constant power, no fastmath), so that the
compiled and the interpreted rule agree to the last bit. Numba does not notice an edit in a called
function of another file; the cache therefore lives in a folder named by a hash of all rule sources.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import platformdirs


def sources_stamp(folder: Path = Path(__file__).parent) -> str:
    """Hash of every rule source below `folder`, of the Python and of the numba that compile them."""
    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {np.__version__}".encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled rules are kept: the user's cache (or LOYALTYSIM_CACHE), stamped with the sources."""
    root = os.environ.get("LOYALTYSIM_CACHE") or platformdirs.user_cache_dir("loyaltysim")
    return Path(root) / f"rules-{sources_stamp()}"


INTERPRETED = bool(numba.config.DISABLE_JIT)
if INTERPRETED:
    np.seterr(over="ignore")  # 64-bit draws wrap around on purpose; compiled code never warns
numba.config.CACHE_DIR = str(cache_folder())


def decorator(**options: bool) -> Callable[[Callable], Callable]:
    """A numba decorator whose functions are compiled once for all integers, not once for each constant."""

    def decorate(function: Callable) -> Callable:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
        if INTERPRETED:
            return compiled
        template = compiled.get_call_template

        def without_literals(args: tuple, kws: dict) -> object:
            return template(tuple(numba.types.unliteral(a) for a in args), kws)

        compiled.get_call_template = without_literals
        return compiled

    return decorate


rule = decorator()
# A rule of every visit with more arguments than registers: written into its caller, since handing them over
# through memory costs as much as the rule itself.
inner = decorator(forceinline=True)
# A rule that only other rules call, with the whole world in hand: without the wrappers that Python would
# need to call it (they take half of the time of compiling it).
step = decorator(no_cpython_wrapper=True, no_cfunc_wrapper=True)
