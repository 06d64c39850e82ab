"""Events as a table: every entry, visit, wait given up, move, lapse of points and exit (docs/results.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.record.columns import Plain, column, labels, named
from loyaltysim.rules.eventlog import EVENT, KINDS

if TYPE_CHECKING:
    import pyarrow as pa

REPEATED = ("occasion", "list_price", "paid", "earned", "redeemed", "expired", "balance")  # few values
MINUTES = 1440.0  # a day
ENTERED, VISIT, GAVE_UP, EXPIRED, RETURNED, CONTACTED = (
    KINDS.index(k) for k in ("entered", "visit", "gave_up", "expired", "returned", "contacted")
)
AHEAD = [KINDS.index(k) for k in ("topped_up", "paid_ahead", "balance_ended", "club_began", "contacted")]


def in_order(rows: np.ndarray, begins: float) -> np.ndarray:
    """A month's events by time, then customer; those of one instant as they happened to her.

    An exit that had to wait for the end of a wait is told a month late; it is dated at the close between.
    """
    rows["time"] = np.maximum(rows["time"], begins)
    return rows[np.lexsort((rows["customer"], rows["time"]))]


def events_table(plain: Plain, arm: str, replication: int, rows: np.ndarray) -> pa.Table:
    """Events, EVENT records, in plain units; null where a field says nothing of an event of its kind."""
    import pyarrow as pa

    assert rows.dtype == EVENT
    came = (rows["kind"] == VISIT) | (rows["kind"] == GAVE_UP)
    bought = (rows["kind"] == VISIT) | (rows["kind"] == RETURNED)
    lapsed = rows["kind"] == EXPIRED
    standing = rows["standing"]
    return pa.table(
        {
            **labels(plain, arm, replication, len(rows)),
            "time": column(rows["time"]),
            "customer": column(rows["customer"]),
            "kind": named(rows["kind"], KINDS, len(rows)),
            "provider": named(rows["provider"], plain.providers, len(rows)),
            "other": named(rows["other"], plain.providers, len(rows)),
            "occasion": column(rows["occasion"]),
            "wait": column(rows["wait"] * MINUTES, came),
            "csi": column(rows["csi"], came),
            "expectation": column(rows["expectation"]),
            "satisfaction": column(rows["satisfaction"], came),
            "standing": column(standing, ~np.isnan(standing)),
            "list_price": column(plain.money(rows["list_price"]), bought),
            "paid": column(plain.money(rows["paid"]), bought | np.isin(rows["kind"], AHEAD)),
            "earned": column(rows["earned"], bought),
            "redeemed": column(rows["redeemed"], bought),
            "expired": column(rows["redeemed"], lapsed),
            "contacts": column(rows["earned"], rows["kind"] == CONTACTED),
            "balance": column(rows["balance"]),
            **({"cause": named(rows["cause"], plain.causes, len(rows))} if plain.causes else {}),
        }
    )
