"""How a rule that another rule calls is compiled: typed and translated, but not made into machine code.

Numba optimises every function together with all that it calls and makes machine code of it, so a rule five
calls deep is optimised five times over, and once more in whoever calls those. An ingredient is handed to
its caller as it is; the outermost function optimises everything at once, across all calls.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numba
from numba import _dynfunc
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import (
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)


class OutermostLibrary(JITCodeLibrary):
    """The code of a rule that Python calls, with all that it calls linked into it.

    Numba optimises twice, the first time to find counts of references that cancel out; rules count none.
    """

    def _optimize_final_module(self) -> None:
        """Once, in full."""
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


@register_pass(mutates_CFG=True, analysis_only=False)
class OutermostLowering(NativeLowering):
    """Numba's lowering, into a library that can be kept on disk."""

    _name = "outermost_lowering"

    def run_pass(self, state: Any) -> bool:
        """Translate the typed rule and optimise it; True, as every pass says that changes something."""
        state.library = OutermostLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return super().run_pass(state)


class IngredientLibrary(JITCodeLibrary):
    """The code of one rule, for linking into its callers only."""

    def _optimize_final_module(self) -> None:
        """Left to the outermost caller."""

    def _finalize_final_module(self) -> None:
        """Ready to be linked; nothing to run."""
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class IngredientLowering(NativeLowering):
    """Numba's lowering, into a library of ingredients."""

    _name = "ingredient_lowering"

    def run_pass(self, state: Any) -> bool:
        """Translate the typed rule; returns True, as every pass that changes something does."""
        state.library = IngredientLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        library = state.library
        library._ensure_finalized()
        key = _dynfunc.make_function(
            lowered.fndesc.lookup_module(), lowered.fndesc.unique_name, "", 0, lowered.env, (library,)
        )
        state.targetctx.insert_user_function(key, lowered.fndesc, [library])
        state["cr"] = lowered._replace(cfunc=key)
        return True


def pipeline_with(lowering: type) -> type[CompilerBase]:
    """A compiler made of those of numba's passes that rules need, and of this way to lower them.

    Left out are the passes for closures, `with`, literals that choose a type, dead branches, arrays in
    expressions, parallel loops and listings: each reads the whole function once more.
    """

    class RuleCompiler(CompilerBase):
        """The passes, as numba asks for them."""

        def define_pipelines(self) -> list:
            """One pipeline."""
            passes = PassManager("rule")
            for step in (
                TranslateByteCode,
                FixupArgs,
                IRProcessing,
                GenericRewrites,
                ReconstructSSA,
                NopythonTypeInference,
                PreLowerStripPhis,
                IRLegalization,
                lowering,
                NoPythonBackend,
            ):
                passes.add_pass(step, step.__name__)
            passes.finalize()
            return [passes]

    return RuleCompiler


OutermostCompiler = pipeline_with(OutermostLowering)
IngredientCompiler = pipeline_with(IngredientLowering)


class Ingredient:
    """A function as other compiled functions see it: its types, and its code to be linked into theirs.

    Literals count as their type: it is compiled once for all integers, not once for each constant.
    """

    def __init__(self, function: Callable, written_in: bool) -> None:
        self.function, self.written_in = function, written_in

    @cached_property
    def inside(self) -> Any:
        """The function for other compiled ones, made when the first of them asks."""
        inside = numba.njit(
            nogil=True,
            error_model="numpy",
            no_cpython_wrapper=True,
            no_cfunc_wrapper=True,
            forceinline=self.written_in,
            pipeline_class=IngredientCompiler,
        )(self.function)
        inside._can_compile = False  # a dispatcher measures its time, with one clock more for each depth
        return inside

    def get_call_template(self, args: tuple, kws: dict) -> object:
        """What numba asks for when another function calls this one with arguments of these types."""
        compiler = self.inside._compiler
        _, args = compiler.fold_argument_types(tuple(types.unliteral(a) for a in args), kws)
        if tuple(args) not in self.inside.overloads:
            self.inside.add_overload(compiler.compile(tuple(args), None))
        return self.inside.get_call_template(args, {})

    def get_overload(self, signature: object) -> object:
        """The key under which numba keeps the code for these types."""
        return self.inside.get_overload(signature)
