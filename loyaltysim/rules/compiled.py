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

from loyaltysim.rules.ingredients import Ingredient, OutermostCompiler


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


def decorator(written_in: bool) -> Callable[[Callable], Callable]:
    """Compiles a function by itself for Python, and as an ingredient for other rules, as the need arises."""

    def decorate(function: Callable) -> Callable:
        alone = numba.njit(
            cache=True,
            nogil=True,
            error_model="numpy",
            no_cfunc_wrapper=True,
            pipeline_class=OutermostCompiler,
        )(function)
        if not INTERPRETED:
            inside = Ingredient(function, written_in)
            alone.get_call_template = inside.get_call_template
            alone.get_overload = inside.get_overload
        return alone

    return decorate


# A rule is written into its callers: handing over its arguments costs as much as the rule itself.
rule = decorator(written_in=True)
# A step is long, and called from several places: a call goes to the one copy of it.
step = decorator(written_in=False)
