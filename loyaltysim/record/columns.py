"""Records as columns in plain units: names for numbers, the currency for money, null for what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysim.rules.ledger import CAUSES
from loyaltysim.rules.parameters import BETA

if TYPE_CHECKING:
    import pyarrow as pa

    from loyaltysim.scenario.lower import Parameters

MONTH = 365.0 / 12.0
ARMS = ("past", "programme", "twin")  # the past is lived once, before the arms part


class Plain(NamedTuple):
    """What is needed to write the records of a scenario in plain units."""

    scenario: str
    providers: tuple[str, ...]
    segments: tuple[str, ...]
    money_unit: int  # minor units in a unit of the currency
    own_staying: bool  # whether customers have a chance of staying of their own
    causes: tuple[str, ...] = ()  # of leaving the firm, where they are asked for

    def money(self, minor: np.ndarray, fixed_point: float = 1.0) -> np.ndarray:
        """Amounts in the currency."""
        return minor / fixed_point / self.money_unit


def plain_of(scenario: str, parameters: Parameters) -> Plain:
    """The same, of a scenario's numbers."""
    return Plain(
        scenario,
        parameters.names,
        parameters.segment_names,
        parameters.money_unit,
        bool(parameters.terms["theory"][0] == BETA),
        causes_of(parameters.attribute_names) if parameters.causes else (),
    )


def causes_of(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the causes of leaving, in the order of the rules; an attribute of such a name is marked."""
    return (*(f"{a} (attribute)" if a in CAUSES else a for a in attributes), *CAUSES)


def column(values: np.ndarray, where: np.ndarray | bool = True) -> pa.Array:
    """Values, null where `where` does not hold."""
    import pyarrow as pa

    values = np.ascontiguousarray(values)
    return pa.array(values, mask=None if where is True else ~np.broadcast_to(where, values.shape))


def day(values: np.ndarray) -> pa.Array:
    """Days, null for never and for not yet."""
    values = np.ascontiguousarray(values)
    return column(values, np.isfinite(values))


def named(numbers: np.ndarray | int, names: tuple[str, ...], rows: int) -> pa.Array:
    """Names for numbers, null for those that are negative."""
    import pyarrow as pa

    indices = np.ascontiguousarray(np.broadcast_to(numbers, rows), np.int16)
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=indices < 0), pa.array(names, pa.string()))


def labels(plain: Plain, arm: str, replication: int, rows: int) -> dict[str, pa.Array]:
    """The columns that say of which run the rows are."""
    return {
        "scenario": named(0, (plain.scenario,), rows),
        "arm": named(ARMS.index(arm), ARMS, rows),
        "replication": column(np.full(rows, replication, np.int32)),
    }
