"""C29: common random numbers."""

from __future__ import annotations

import numpy as np

from loyaltysim.record.outcome import Arm
from loyaltysim.validation.verdict import Row, counts, exactly, mean, run, share

HAZARDS = (0.97, 0.973)


def differing(one: Arm, other: Arm) -> int:
    """Customers whose records differ in any byte, plus ledger cells that differ."""
    size = one.customers.dtype.itemsize
    a, b = (np.ascontiguousarray(x.customers).view(np.uint8).reshape(-1, size) for x in (one, other))
    ledgers = ("money", "service", "waits", "weeks", "satisfaction", "reputation")
    cells = sum(int((getattr(one, name) != getattr(other, name)).sum()) for name in ledgers)
    return int((a != b).any(axis=1).sum()) + cells


def identical() -> list[Row]:
    """C29: a programme that does nothing makes exactly no difference, customer by customer."""
    rows = []
    for name, overrides in (
        ("a programme that does nothing", ()),
        ("points worth nothing", ("programme.points={earn: 1 / EUR, worth: 0 EUR, expiry: 3 months}",)),
    ):
        (found,) = run("twins", *overrides)
        a, b = found.programme, found.twin
        if overrides:  # the points themselves differ, and nothing else may
            a, b = (blind_to_points(arm) for arm in (a, b))
        rows.append(exactly(f"{name}: differences", 0, differing(a, b), f"{len(a.customers):,} customers"))
    return rows


def blind_to_points(arm: Arm) -> Arm:
    """The arm without what a points book writes down."""
    from loyaltysim.rules.ledger import MONEY

    customers = arm.customers.copy()
    for name in ("balance", "redemptions", "reward_resistance"):
        customers[name] = 0
    money = arm.money.copy()
    for place, name in enumerate(MONEY):
        if name.startswith("points") or name in ("rewards", "rewards_earned"):
            money[..., place] = 0
    return arm._replace(customers=customers, money=money)


def paired(replications: int = 20) -> list[Row]:
    """C29: retention .97 against .973 a month over a year, the same customers with the same luck."""
    left = [
        np.array(
            [
                r.programme.customers["first_defection"] <= 365.0
                for r in run("hazard", f"loyalty.rate={rate}", replications=replications)
            ]
        )
        for rate in HAZARDS
    ]
    more, fewer = left
    stay = [rate**12 for rate in HAZARDS]
    delta = stay[1] - stay[0]
    size = more.shape[1]
    of = f"replications of {size:,} customers"
    lost = more.mean(axis=1) - fewer.mean(axis=1)
    apart = (more & ~fewer).ravel()
    ratio = (stay[0] * (1 - stay[0]) + stay[1] * (1 - stay[1])) / (delta * (1 - delta))
    unpaired = more.var() + fewer.var()
    rows = [share(f"stay a year at {rate:.1%}", s, ~x.ravel(), "customers")
            for rate, s, x in zip(HAZARDS, stay, left, strict=True)]  # fmt: skip
    rows += [
        mean("difference of retention", delta, lost, of, (delta * (1 - delta) / size) ** 0.5),
        exactly("driven away by a lower hazard", 0, (fewer & ~more).sum(), f"{more.size:,} customers"),
        Row(
            "variance without pairing over variance with it",
            ratio,
            float(unpaired / apart.var()),
            ratio / np.sqrt(delta * apart.size),
            f"{apart.size:,} customers",
        ),
    ]
    size_of_cells = [delta * (1 - delta) ** k for k in range(400)]
    return [*rows, counts("customers between two who are saved", size_of_cells, gaps(apart), "saved")]


def gaps(hits: np.ndarray) -> np.ndarray:
    """Failures between successive successes: geometric when customers are independent."""
    return np.diff(np.flatnonzero(hits)) - 1
