"""How a library of entries is compiled: numba types and translates rules, LLVM optimises them all at once.

Numba would make machine code of each function that Python calls by itself, with all that it calls in it. Here
they are one module: what several entries call is optimised once. Around each entry stands a function in
C's manner, which takes its arguments from Python objects and gives its result back as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from llvmlite import binding as llvm  # type: ignore[import-untyped]
from llvmlite import ir
from numba import from_dtype
from numba.core import cgutils, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from loyaltysim.rules.ingredients import OutermostLibrary, ready
from loyaltysim.rules.parameters import TERMS
from loyaltysim.rules.remembering import remembered
from loyaltysim.rules.rows import Rows
from loyaltysim.rules.state import CUSTOMER
from loyaltysim.rules.world import HANDLE

if TYPE_CHECKING:
    from loyaltysim.rules.loading import Entry

BYTE, FLAG, WORD, REAL = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.DoubleType()
POINTER = BYTE.as_pointer()
BUFFER = 10  # words of a Py_buffer: address, object, length, size of an item, and six more
TYPES = {
    "world": Rows(from_dtype(HANDLE), 1),
    "terms": Rows(from_dtype(TERMS), 1),
    "customers": Rows(from_dtype(CUSTOMER), 1),
    "whole": types.int64,
    "real": types.float64,
    "flag": types.boolean,
    "key": types.uint64,
    "wholes": Rows(types.int64, 1),
    "smalls": Rows(types.int32, 1),
    "reals": Rows(types.float64, 1),
    "keys": Rows(types.uint64, 1),
}
SIZES = {
    "world": HANDLE.itemsize,
    "terms": TERMS.itemsize,
    "customers": CUSTOMER.itemsize,
    "wholes": 8,
    "smalls": 4,
    "reals": 8,
    "keys": 8,
}
LETTERS = {"whole": "L", "real": "d", "key": "K"}  # of Py_BuildValue
MEMORY = """
declare ptr @malloc(i64)
declare void @free(ptr)

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %wide = zext i32 %align to i64
  %room = add i64 %size, %wide
  %whole = add i64 %room, 48
  %place = call ptr @malloc(i64 %whole)
  %none = icmp eq ptr %place, null
  br i1 %none, label %full, label %fine
fine:
  %address = ptrtoint ptr %place to i64
  %behind = add i64 %address, 47
  %over = add i64 %behind, %wide
  %mask = sub i64 0, %wide
  %even = and i64 %over, %mask
  %data = inttoptr i64 %even to ptr
  store i64 1, ptr %place
  %at = getelementptr i8, ptr %place, i64 24
  store ptr %data, ptr %at
  br label %full
full:
  ret ptr %place
}

define void @NRT_MemInfo_call_dtor(ptr %place) {
  call void @free(ptr %place)
  ret void
}
"""  # what numba's arrays ask for: references, three addresses, of which the last is the data's, and so on


@global_compiler_lock
def machine_code(entries: Mapping[str, Entry]) -> bytes:
    """An object file with these functions."""
    ready()
    codegen = cpu_target.target_context.codegen()
    library = OutermostLibrary(codegen, "loyaltysim")
    module = library.create_ir_module("entries")
    with remembered():
        rules = {
            name: entry.inside.compiled(tuple(TYPES[kind] for kind in entry.takes))
            for name, entry in entries.items()
        }
    for name, entry in entries.items():
        rule = rules[name]
        library.add_linking_library(rule.library)
        Door(module, name, entry, rule).write()
    library.add_ir_module(module)
    library.link()
    whole = library._final_module
    memory = llvm.parse_assembly(MEMORY)
    memory.data_layout, memory.triple = whole.data_layout, whole.triple
    ours = [f.name for f in memory.functions if not f.is_declaration]
    whole.link_in(memory)
    for name in ours:  # numba's own, should it be loaded too, are others
        whole.get_function(name).linkage = "internal"
    library._optimize_final_module()
    whole.verify()
    code: bytes = codegen._tm.emit_object(whole)
    return code


class Door:
    """The function that Python calls: from objects to numbers and addresses, and back."""

    def __init__(self, module: ir.Module, name: str, entry: Entry, rule: Any) -> None:
        self.module, self.entry, self.rule = module, entry, rule
        self.context = cpu_target.target_context
        kind = ir.FunctionType(POINTER, [POINTER, POINTER, WORD])
        self.function = ir.Function(module, kind, name)
        self.builder = ir.IRBuilder(self.function.append_basic_block("entry"))

    def write(self) -> None:
        """Its code."""
        builder, (_, objects, number) = self.builder, self.function.args
        buffers = {
            place: cgutils.alloca_once(builder, ir.ArrayType(WORD, BUFFER), zfill=True)
            for place, kind in enumerate(self.entry.takes)
            if kind in SIZES
        }
        refused = self.function.append_basic_block("refused")
        wanted = ir.Constant(WORD, len(self.entry.takes))
        self.go_on_if(builder.icmp_signed("==", number, wanted), refused, wrong=True)
        values = []
        for place, kind in enumerate(self.entry.takes):
            at = builder.gep(objects, [ir.Constant(WORD, 8 * place)])
            given = builder.load(builder.bitcast(at, POINTER.as_pointer()))
            values.append(
                self.rows(given, kind, buffers[place], refused) if kind in SIZES else self.number(given, kind)
            )
        if len(buffers) < len(values):
            told = self.call("PyErr_Occurred", POINTER, [])
            self.go_on_if(builder.icmp_unsigned("==", told, cgutils.get_null_value(POINTER)), refused)
        thread = self.call("PyEval_SaveThread", POINTER, [])
        results = self.run(values)
        self.call("PyEval_RestoreThread", ir.VoidType(), [thread])
        status, result = results
        self.let_go(buffers.values())
        full = self.function.append_basic_block("full")
        fine = self.function.append_basic_block("fine")
        builder.cbranch(status.is_error, full, fine)
        builder.position_at_end(full)  # all that can go wrong in a rule
        builder.ret(self.call("PyErr_NoMemory", POINTER, []))
        builder.position_at_end(fine)
        builder.ret(self.made(result))
        builder.position_at_end(refused)
        self.let_go(buffers.values())
        builder.ret(cgutils.get_null_value(POINTER))

    def call(self, name: str, gives: Any, arguments: list, var_arg: bool = False) -> Any:
        """A call of a function of Python's own."""
        takes = [a.type for a in arguments[: 1 if var_arg else None]]
        kind = ir.FunctionType(gives, takes, var_arg=var_arg)
        return self.builder.call(cgutils.get_or_insert_function(self.module, kind, name), arguments)

    def go_on_if(self, fine: Any, refused: Any, wrong: bool = False) -> None:
        """Refuse the call unless all is well; with `wrong` Python is told that the arguments are."""
        builder = self.builder
        goes_on = self.function.append_basic_block("goes_on")
        if not wrong:
            builder.cbranch(fine, goes_on, refused)
        else:
            bad = self.function.append_basic_block("bad")
            builder.cbranch(fine, goes_on, bad)
            builder.position_at_end(bad)
            self.call("PyErr_BadArgument", FLAG, [])
            builder.branch(refused)
        builder.position_at_end(goes_on)

    def number(self, given: Any, kind: str) -> Any:
        """A number from an object."""
        if kind == "real":
            return self.call("PyFloat_AsDouble", REAL, [given])
        if kind == "key":
            return self.call("PyLong_AsUnsignedLongLongMask", WORD, [given])
        if kind == "whole":
            return self.call("PyLong_AsLongLong", WORD, [given])
        truth = self.call("PyObject_IsTrue", FLAG, [given])
        return self.builder.icmp_signed(">", truth, ir.Constant(FLAG, 0))

    def rows(self, given: Any, kind: str, buffer: Any, refused: Any) -> Any:
        """Rows from an array, which is held until the call is over."""
        builder = self.builder
        place = builder.bitcast(buffer, POINTER)
        failed = self.call("PyObject_GetBuffer", FLAG, [given, place, ir.Constant(FLAG, 0)])
        self.go_on_if(builder.icmp_signed("==", failed, ir.Constant(FLAG, 0)), refused)
        address, length, size = (
            builder.load(cgutils.gep_inbounds(builder, buffer, 0, word)) for word in (0, 2, 3)
        )
        wanted = ir.Constant(WORD, SIZES[kind])
        self.go_on_if(builder.icmp_signed("==", size, wanted), refused, wrong=True)
        found = cgutils.create_struct_proxy(TYPES[kind])(self.context, builder)
        found.data = builder.inttoptr(address, cgutils.voidptr_t)
        found.length_0 = builder.sdiv(length, wanted)
        return found._getvalue()

    def run(self, values: list) -> tuple[Any, Any]:
        """Call the rule."""
        convention, described = self.context.call_conv, self.rule.fndesc
        kind = convention.get_function_type(described.restype, described.argtypes)
        rule = cgutils.get_or_insert_function(self.module, kind, described.llvm_func_name)
        found: tuple[Any, Any] = convention.call_function(
            self.builder, rule, described.restype, described.argtypes, values
        )
        return found

    def made(self, result: Any) -> Any:
        """The result as an object."""
        builder, gives = self.builder, self.entry.gives
        if gives == ("real",):
            return self.call("PyFloat_FromDouble", POINTER, [result])
        if gives == ("flag",):
            return self.call("PyBool_FromLong", POINTER, [builder.zext(result, WORD)])
        parts = [] if not gives else [result] if len(gives) == 1 else cgutils.unpack_tuple(builder, result)
        letters = "".join(LETTERS[kind] for kind in gives)
        letters = f"({letters})" if len(gives) > 1 else letters
        text = self.context.insert_const_string(self.module, letters)
        return self.call("Py_BuildValue", POINTER, [text, *parts], var_arg=True)

    def let_go(self, buffers: Iterable[Any]) -> None:
        """Give up what was held of arrays; nothing happens where nothing was."""
        for buffer in buffers:
            self.call("PyBuffer_Release", ir.VoidType(), [self.builder.bitcast(buffer, POINTER)])
