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
from numba.core.registry import cpu_target
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

from loyaltysim.rules.compiled import Later
from loyaltysim.rules.locating import keep_compiled_rules


class OutermostLibrary(JITCodeLibrary):
    """The code that Python calls, with all that it calls linked into it, each part once.

    Numba optimises twice, the first time to find counts of references that cancel out; rules count none.
    """

    def _optimize_final_module(self) -> None:
        """Once, in full."""
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)

    def finalize(self) -> None:
        """Link all parts, optimise, make ready."""
        self.link()
        self._optimize_final_module()
        self._finalize_final_module()

    def link(self) -> None:
        """Everything that is called, at any depth."""
        self._codegen._check_llvm_bugs()
        self._raise_if_finalized()
        seen, waiting = {self}, list(self._linking_libraries)
        while waiting:
            part = waiting.pop()
            if part not in seen:
                seen.add(part)
                self._final_module.link_in(part._get_module_for_linking(), preserve=True)
                waiting += part._linking_libraries


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
    """The code of one rule alone, for the outermost caller to link; what it calls is named, not held."""

    def finalize(self) -> None:
        """Ready to be linked; nothing to run."""
        self._raise_if_finalized()
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

    is_compiling = False  # no rule calls itself

    def __init__(self, function: Callable, written_in: bool) -> None:
        self.function, self.written_in = function, written_in
        self.type: Any = types.Dispatcher(self)

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
        self.compiled(tuple(args))
        return self.inside.get_call_template(args, {})

    def compiled(self, args: tuple) -> Any:
        """What numba has made of it for these types."""
        if args not in self.inside.overloads:
            self.inside.add_overload(self.inside._compiler.compile(args, None))
        return self.inside.overloads[args]

    def get_overload(self, signature: object) -> object:
        """The key under which numba keeps the code for these types."""
        return self.inside.get_overload(signature)


def ready() -> None:
    """Numba knows of all that rules name."""
    for one in Later.known:
        _ = one.made
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()


def alone(function: Callable, inside: Ingredient) -> Any:
    """A function as Python calls it, whatever the types; numba keeps it, in the folder of the rules."""
    keep_compiled_rules()
    ready()
    found = numba.njit(
        cache=True,
        nogil=True,
        error_model="numpy",
        no_cfunc_wrapper=True,
        pipeline_class=OutermostCompiler,
    )(function)
    found.get_call_template = inside.get_call_template
    found.get_overload = inside.get_overload
    return found
