"""The fingerprint of a replication: the same for every engine, number of workers, and place."""

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from loyaltysim.record.outcome import Arm, Replication


def digest(replication: Replication) -> str:
    """The sha256 over sorted (table, column, values as little-endian bytes) of both arms."""
    summed = hashlib.sha256(f"{replication.seed} {replication.index} {replication.warm_up}".encode())
    for table, column, values in sorted(columns(replication), key=lambda entry: entry[:2]):
        summed.update(f"\n{table}\t{column}\t{values.dtype.str}\t{values.shape}\n".encode())
        summed.update(values.tobytes())
    return summed.hexdigest()


def digest_of_all(digests: Iterable[str]) -> str:
    """The fingerprint of a run: of its replications' in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def columns(replication: Replication) -> Iterator[tuple[str, str, np.ndarray]]:
    """Every table and column of the record, in bytes that do not depend on the machine."""
    yield "days", "", canonical(replication.days)
    yield "lift", "", canonical(replication.lift)
    arms: tuple[tuple[str, Arm], ...] = (("programme", replication.programme), ("twin", replication.twin))
    for arm, record in arms:
        for table, values in zip(Arm._fields, record, strict=True):
            for column in values.dtype.names or ("",):
                yield f"{arm}.{table}", column, canonical(values[column] if column else values)


def canonical(values: np.ndarray) -> np.ndarray:
    """Contiguous and little-endian, with one bit pattern for what is not a number."""
    whole = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    if whole.dtype.kind == "f":
        whole[np.isnan(whole)] = np.nan
    return whole
