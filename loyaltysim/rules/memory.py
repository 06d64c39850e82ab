"""Three things that rules ask of memory, beyond reading and writing; with the JIT off none does anything."""

from loyaltysim.rules.compiled import INTERPRETED, Later


def interpreted_bare(array):
    """An array is its own rows, with the JIT off."""
    return array


def interpreted_bring(rows, index):
    """Nothing to do with the JIT off."""


bare = interpreted_bare if INTERPRETED else Later("loyaltysim.rules.rows", "compiled_bare")
bring = interpreted_bring if INTERPRETED else Later("loyaltysim.rules.rows", "compiled_bring")
bring_head = interpreted_bring if INTERPRETED else Later("loyaltysim.rules.rows", "compiled_bring_head")
