"""Parquet files: in the same bytes, with checksums written and verified, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysim.errors import StorageError
from loyaltysim.experiments.files import storage, sync_folder

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1 << 17  # of a row group: what is held in memory


class Writer:
    """A Parquet file under a temporary name, row group by row group.

    `repeated` are the columns of numbers in which few values come again and again.
    """

    def __init__(self, path: Path, repeated: Sequence[str] = ()) -> None:
        self.path, self.repeated = path, repeated
        self.temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self.parquet: Any = None

    def write(self, table: pa.Table) -> None:
        """Add one row group."""
        with storage(self.path):
            if self.parquet is None:
                self._begin(table.schema)
            self.parquet.write_table(table, row_group_size=max(len(table), 1))

    def _begin(self, schema: pa.Schema) -> None:
        """Open the file."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.parquet = pq.ParquetWriter(
            self.temporary,
            schema,
            compression="zstd",
            write_page_checksum=True,
            use_dictionary=[*(f.name for f in schema if pa.types.is_dictionary(f.type)), *self.repeated],
            use_byte_stream_split=[
                f.name for f in schema if pa.types.is_floating(f.type) and f.name not in self.repeated
            ],
        )

    def close(self) -> str:
        """Force the file to disk; its sha256. It still bears its temporary name."""
        with storage(self.path):
            self.parquet.close()
            with open(self.temporary, "rb+") as file:
                os.fsync(file.fileno())
        return sha256_of(self.temporary)

    def put(self, path: Path) -> None:
        """Give the file its name."""
        with storage(path):
            os.replace(self.temporary, path)
            sync_folder(path.parent)

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            if self.parquet is not None:
                self.parquet.close()
        self.temporary.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The sha256 of a file of any size."""
    with storage(path), open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def reading(path: Path) -> Iterator[Any]:
    """A Parquet file to read, its pages verified; what is damaged is refused by name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except StorageError:
        raise
    except (OSError, pa.ArrowException) as error:
        raise StorageError(f"{path}: damaged ({error})") from error
