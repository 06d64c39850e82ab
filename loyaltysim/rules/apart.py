"""What machine code may take for granted of memory: no field lies over another, and what is fixed stays.

Without it every number would be read anew after each write, which might have changed it. So reads and
writes of records carry a tag, the field (type-based alias analysis of LLVM): a write of one field changes no
other. Elements of other arrays are told apart by their type. What is `fixed` no compiled rule writes, so it
stays as it is as long as Python waits for one: addresses, and the terms of a scenario.
"""

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import from_dtype
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic

_known: dict[np.dtype, bool] = {}  # kinds of records that have been told apart: are they fixed?
PACKED = 1  # alignment of a field, bytes: records have no gaps


def mark(module, access, name):
    """Tag a read or a write with the name of what it touches."""
    kind = [name, ["rules"], ir.Constant(ir.IntType(64), 0)]
    access.set_metadata("tbaa", module.add_metadata([kind, kind, ir.Constant(ir.IntType(64), 0)]))


def mark_fixed(module, read):
    """Tag a read that finds the same whenever it is made."""
    read.set_metadata("invariant.load", module.add_metadata([]))


def read_element(context, builder, dtype, place):
    """An element of an array of numbers."""
    read = builder.load(place)
    mark(builder.module, read, str(dtype))
    return context.data_model_manager[dtype].from_data(builder, read)


def write_element(context, builder, dtype, number, place):
    """Write an element of an array of numbers."""
    data = context.data_model_manager[dtype].as_data(builder, number)
    mark(builder.module, builder.store(data, place), str(dtype))


def tell_apart(dtype, name, fixed):
    """Have the fields of these records told apart from whatever else is in memory, once; or `fixed`."""
    if dtype in _known:
        if _known[dtype] != fixed:
            raise TypeError(f"{name}: some records of this kind are fixed, and others are not")
        return
    _known[dtype] = fixed
    record = from_dtype(dtype)

    def place_of(context, builder, value, field):
        kind = context.get_data_type(record.typeof(field))
        return cgutils.get_record_member(builder, value, record.offset(field), kind)

    @lower_getattr_generic(record)
    def read_field(context, builder, kind, value, field):
        """value.field"""
        read = builder.load(place_of(context, builder, value, field), align=PACKED)
        if fixed:
            mark_fixed(builder.module, read)
        else:
            mark(builder.module, read, f"{name}.{field}")
        return context.data_model_manager[record.typeof(field)].from_data(builder, read)

    @lower_setattr_generic(record)
    def write_field(context, builder, signature, arguments, field):
        """value.field = number"""
        if fixed:
            raise TypeError(f"{name}.{field} is written by a rule, and taken for fixed")
        kind = record.typeof(field)
        number = context.cast(builder, arguments[1], signature.args[1], kind)
        data = context.data_model_manager[kind].as_data(builder, number)
        place = place_of(context, builder, arguments[0], field)
        mark(builder.module, builder.store(data, place, align=PACKED), f"{name}.{field}")
