"""When what is owed becomes revenue, and what another estimate would make of it (IFRS 15.120)."""

from __future__ import annotations

import numpy as np

from loyaltysim.metrics.finance import tiers
from loyaltysim.metrics.finance.core import PARTS, PROPORTIONAL, portion, shared_out
from loyaltysim.metrics.finance.estimates import hazards
from loyaltysim.metrics.finance.journal import Books
from loyaltysim.metrics.finance.lived import KINDS, STORED, Kept


def at_another_rate(books: Books, change: int) -> int:
    """By how much the liability would differ if so many more parts in a million of each issue were used."""
    total = 0
    for (_, kind, _), cohort in books.cohorts.items():
        if kind in KINDS and cohort.open and cohort.allocation and cohort.method == PROPORTIONAL:
            reach = (cohort.used + cohort.open) * PARTS
            moved = min(max(cohort.within_reach() + cohort.issued * change, cohort.used * PARTS), reach)
            earned = portion(cohort.allocation, cohort.used * PARTS, moved)
            total += cohort.recognised - earned
    return total


def time_bands(found: Kept, ends: tuple[int, ...] = (12, 24)) -> list[int]:
    """The liability by when it is expected to become revenue (IFRS 15.120): to each end, and later, months.

    Each cohort's liability is spread over the months in which its open points would be used by the hazards of
    the last year; the bands sum to it to the cent.
    """
    books = found.books
    bands = bands_of_stored(found, ends)
    if not found.flows:
        return bands
    h, gone = hazards(found.flows[0].together(), found.expires)
    last = len(found.lines) - 1
    for (issue, kind, _), cohort in books.cohorts.items():
        if cohort.liability and kind == KINDS[0]:
            weights = uses_by_band(h, gone, last - issue, ends)
            for number, amount in enumerate(shared_out(cohort.liability, weights)):
                bands[number] += amount
    return bands


def bands_of_stored(found: Kept, ends: tuple[int, ...]) -> list[int]:
    """Stored value, and perks promised, become revenue as fast as they have done since the start."""
    held = [cohort for (_, kind, _), cohort in found.books.cohorts.items() if kind in (STORED, tiers.TIER)]
    left, used = sum(cohort.liability for cohort in held), sum(cohort.recognised for cohort in held)
    each_month = used / max(len(found.lines), 1)
    bands = []
    for begins, ends_at in zip((0, *ends), ends, strict=False):
        part = min(left, round(each_month * (ends_at - begins)))
        bands.append(part)
        left -= part
    bands[0] += found.books.fees - found.books.fees_back  # of terms of a year at most
    return [*bands, left]


def uses_by_band(h: np.ndarray, gone: np.ndarray, age: int, ends: tuple[int, ...]) -> list[int]:
    """Chances that an open point of this age is used up to each end, or later, in parts of a million."""
    alive, so_far, chances = 1.0, 0.0, []
    months = max(ends)
    for month in range(1, months + 1):
        k = min(age + month, len(h) - 1)
        beyond = age + month > len(h) - 1 and h[k] + gone[k] >= 1.0
        so_far += 0.0 if beyond else alive * h[k]
        alive *= 0.0 if beyond else max(1.0 - h[k] - gone[k], 0.0)
        if month in ends:
            chances.append(so_far)
    k = len(h) - 1
    later = alive * h[k] / (h[k] + gone[k]) if alive > 0 and h[k] + gone[k] > 0 else 0.0
    parts = [round((b - a) * PARTS) for a, b in zip((0.0, *chances), (*chances, so_far + later), strict=True)]
    return parts if any(parts) else [PARTS] + [0] * len(ends)
