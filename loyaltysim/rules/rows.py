"""Arrays that belong to somebody else, as compiled rules see them: where they are and their shape.

Numba counts the references of its own arrays at every call, which costs more than a rule does. `Rows` is
an address and lengths, nothing else; a row of a table of records is a record, a row of another array is
`Rows` again. With the JIT off it is an array of numpy's.
"""

import ctypes
import operator
import sys

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import carray, from_dtype
from numba.core import cgutils, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

from loyaltysim.rules.apart import mark_fixed, read_element, tell_apart, write_element
from loyaltysim.rules.compiled import INTERPRETED

LINE = 64  # bytes that memory hands over at once


class Rows(types.Type):
    """The type: of what, and in how many dimensions, the last one running fastest."""

    def __init__(self, dtype, ndim):
        self.dtype, self.ndim = dtype, ndim
        super().__init__(name=f"Rows({dtype}, {ndim})")


@register_model(Rows)
class RowsModel(models.StructModel):
    """An address and the lengths."""

    def __init__(self, manager, rows):
        lengths = [(f"length_{d}", types.intp) for d in range(rows.ndim)]
        super().__init__(manager, rows, [("data", types.voidptr), *lengths])


def places_of(index):
    """The types of the whole numbers in an index."""
    return [index] if isinstance(index, types.Integer) else list(index)


@infer_global(operator.getitem)
class TypeOfItem(AbstractTemplate):
    """Type of rows[i], rows[i, j] and rows[i, j, k]."""

    def generic(self, args, kws):
        """The signature, or None for other arguments than rows."""
        rows, index = args
        if not isinstance(rows, Rows):
            return None
        left = rows.ndim - len(places_of(index))
        return signature(Rows(rows.dtype, left) if left else rows.dtype, rows, index)


@infer_global(operator.setitem)
class TypeOfSetting(AbstractTemplate):
    """Type of rows[i, j] = value."""

    def generic(self, args, kws):
        """The signature, or None for other arguments than rows."""
        rows, index, _ = args
        return signature(types.void, rows, index, rows.dtype) if isinstance(rows, Rows) else None


@infer_global(len)
class TypeOfLength(AbstractTemplate):
    """Type of len(rows)."""

    def generic(self, args, kws):
        """The signature, or None for other arguments than rows."""
        return signature(types.intp, *args) if isinstance(args[0], Rows) else None


def address(context, builder, kind, rows, index_kind, index):
    """Address of an element or of a row; the index is not checked, nor counted from the end."""
    parts = cgutils.create_struct_proxy(kind)(context, builder, value=rows)
    kinds = places_of(index_kind)
    places = [index] if isinstance(index_kind, types.Integer) else cgutils.unpack_tuple(builder, index)
    places = [context.cast(builder, p, k, types.intp) for p, k in zip(places, kinds, strict=True)]
    offset = context.get_constant(types.intp, 0)
    for d in range(kind.ndim):
        offset = builder.mul(offset, getattr(parts, f"length_{d}"))
        if d < len(places):
            offset = builder.add(offset, places[d])
    size = context.get_constant(types.intp, item_size(context, kind.dtype))
    return builder.gep(parts.data, [builder.mul(offset, size)])


def item_size(context, dtype):
    """Bytes of an element."""
    return (
        dtype.size
        if isinstance(dtype, types.Record)
        else context.get_abi_sizeof(context.get_data_type(dtype))
    )


def at_type(context, builder, kind, place):
    """The address as a pointer to an element."""
    return builder.bitcast(place, context.get_data_type(kind.dtype).as_pointer())


@lower_builtin(operator.getitem, Rows, types.Integer)
@lower_builtin(operator.getitem, Rows, types.BaseTuple)
def code_of_item(context, builder, signature, arguments):
    """rows[i], rows[i, j]: an element, or a row."""
    kind, index_kind = signature.args
    place = address(context, builder, kind, arguments[0], index_kind, arguments[1])
    left = signature.return_type
    if isinstance(left, Rows):
        whole = cgutils.create_struct_proxy(kind)(context, builder, value=arguments[0])
        row = cgutils.create_struct_proxy(left)(context, builder)
        row.data = place
        for d in range(left.ndim):
            setattr(row, f"length_{d}", getattr(whole, f"length_{kind.ndim - left.ndim + d}"))
        return row._getvalue()
    there = at_type(context, builder, kind, place)
    if isinstance(kind.dtype, types.Record):
        return there
    return read_element(context, builder, kind.dtype, there)


@lower_builtin(operator.setitem, Rows, types.Integer, types.Any)
@lower_builtin(operator.setitem, Rows, types.BaseTuple, types.Any)
def code_of_setting(context, builder, signature, arguments):
    """rows[i, j] = value."""
    kind, index_kind, _ = signature.args
    place = address(context, builder, kind, arguments[0], index_kind, arguments[1])
    write_element(context, builder, kind.dtype, arguments[2], at_type(context, builder, kind, place))
    return context.get_dummy_value()


@lower_builtin(len, Rows)
def code_of_length(context, builder, signature, arguments):
    """len(rows): of the first dimension."""
    (kind,) = signature.args
    return cgutils.create_struct_proxy(kind)(context, builder, value=arguments[0]).length_0


def rows_in_a_record(record, place, lengths, dtype, fixed):
    """A rule that takes a record of addresses, and returns the rows whose address and lengths it holds.

    It is written into each caller as a few loads: nothing is compiled for it alone. `fixed`: no rule writes
    these rows.
    """
    if INTERPRETED:
        kind = np.dtype((Row, dtype)) if dtype.names else dtype
        return lambda w: carray(ctypes.c_void_p(int(w[place])), tuple(int(w[n]) for n in lengths), kind)

    tell_apart(record, "handle", True)
    if dtype.names:
        tell_apart(dtype, place, fixed)

    def code(context, builder, signature, arguments):
        rows = cgutils.create_struct_proxy(signature.return_type)(context, builder)
        rows.data = builder.inttoptr(number(builder, arguments[0], place), cgutils.voidptr_t)
        for d, name in enumerate(lengths):
            setattr(rows, f"length_{d}", number(builder, arguments[0], name))
        return rows._getvalue()

    def number(builder, w, name):
        there = cgutils.pointer_add(builder, w, record.fields[name][1], ir.IntType(64).as_pointer())
        read = builder.load(there)
        mark_fixed(builder.module, read)
        return read

    @intrinsic
    def rows(typing, w):
        return Rows(from_dtype(dtype), len(lengths))(w), code

    return rows


class Row(np.record):  # type: ignore[misc]
    """A record whose fields come before what numpy calls by the same name (`base` is such a name)."""

    def __getattribute__(self, name):
        try:
            return np.void.__getitem__(self, name)
        except ValueError:
            return super().__getattribute__(name)


@intrinsic
def compiled_bare(typing, array):
    """The rows of an array; whoever asks sees to it that the array outlives them."""

    def code(context, builder, signature, arguments):
        (kind,) = signature.args
        if isinstance(kind, Rows):
            return arguments[0]
        whole = context.make_array(kind)(context, builder, arguments[0])
        rows = cgutils.create_struct_proxy(signature.return_type)(context, builder)
        rows.data = builder.bitcast(whole.data, cgutils.voidptr_t)
        for d, length in enumerate(cgutils.unpack_tuple(builder, whole.shape)):
            setattr(rows, f"length_{d}", length)
        return rows._getvalue()

    return Rows(array.dtype, array.ndim)(array), code


@intrinsic
def compiled_bring(typing, rows, index):
    """Ask for row `index` to be brought from memory, without waiting for it: a record, or an element."""
    return code_that_brings(rows, index, None)


@intrinsic
def compiled_bring_head(typing, rows, index):
    """The same of the beginning of a record, as much as a line holds."""
    return code_that_brings(rows, index, LINE)


def code_that_brings(rows, index, most):
    """Signature and code of `bring`, for so many bytes at most."""

    def code(context, builder, signature, arguments):
        kind, index_kind = signature.args
        place = address(context, builder, kind, arguments[0], index_kind, arguments[1])
        flag = ir.IntType(32)
        kinds = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, flag, flag, flag])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], kinds)
        size = min(item_size(context, kind.dtype), most or sys.maxsize)
        for offset in (*range(0, size - 1, LINE), size - 1):
            there = builder.gep(place, [context.get_constant(types.intp, offset)])
            builder.call(prefetch, [there, flag(1), flag(3), flag(1)])  # to be written, kept, data
        return context.get_dummy_value()

    return types.void(rows, index), code
