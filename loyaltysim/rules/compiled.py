"""The `rule` and `step` decorators: a plain function on numbers and records, compiled once by numba.

Rules use `math` and scalars only (no numpy ufunc, no constant power, no fastmath), so that the
compiled and the interpreted rule agree to the last bit. Numba does not notice an edit in a called
function of another file; the cache therefore lives in a folder named by a hash of all rule sources.
"""

from collections.abc import Callable

import numba
import numpy as np

from loyaltysim.rules.ingredients import Ingredient, OutermostCompiler
from loyaltysim.rules.keeping import keep_compiled_rules

INTERPRETED = bool(numba.config.DISABLE_JIT)
if INTERPRETED:
    np.seterr(over="ignore")  # 64-bit draws wrap around on purpose; compiled code never warns
keep_compiled_rules()


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
