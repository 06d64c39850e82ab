"""Validate: laws, closed forms and published facts as one table with verdicts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from loyaltysim.errors import UsageError
from loyaltysim.metrics.laws import broken
from loyaltysim.validation.checks import CHECKS
from loyaltysim.validation.fact_list import FACTS
from loyaltysim.validation.facts import REPLICATIONS, Fact
from loyaltysim.validation.verdict import SCENARIOS, Row, run

LAWS, FORMS, PUBLISHED = "laws", "forms", "facts"


@dataclass(frozen=True)
class Verdict:
    """One figure, what it should be, what it was, and whether that will do."""

    part: str
    """laws, forms or facts."""
    check: str
    """Name of the law's scenario, the closed form or the fact."""
    figure: str
    expected: str
    found: float | None
    away: float | None
    """Standard errors from what is expected; None of a p-value, a fact or a law."""
    holds: bool
    must: bool
    """Whether a miss is a fault of the simulator; facts that the model does not give are its limits."""
    n: str

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return asdict(self)


def validate(
    names: Sequence[str] = (),
    replications: int = REPLICATIONS,
    told: Callable[[str], None] = lambda text: None,
) -> Iterator[Verdict]:
    """Every verdict, in the order of the page; with `names` only of these checks (C1, R2, forms, …)."""
    everything: dict[str, Callable[[], Iterator[Verdict]]] = {LAWS: laws}
    everything |= {name: partial(of_form, name) for name in CHECKS}
    everything |= {name: partial(of_fact, name, replications) for name in FACTS}
    for name in chosen(names, list(everything)):
        told(name)
        yield from everything[name]()


def chosen(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The checks meant by these names: one of them, all that begin with it, or a whole part."""
    if not names:
        return list(known)
    parts = {LAWS: [LAWS], FORMS: list(CHECKS), PUBLISHED: list(FACTS)}
    wanted: list[str] = []
    for name in names:
        meant = parts.get(name) or [one for one in known if one == name or one.startswith(f"{name},")]
        if not meant:
            there = "; ".join([*parts, *(one for one in known if one not in parts)])
            raise UsageError(f"validate: no check '{name}'; there are {there}")
        wanted += meant
    return list(dict.fromkeys(wanted))


def laws() -> Iterator[Verdict]:
    """What must hold exactly, whatever the scenario: tried on every market of the closed forms."""
    for path in sorted(SCENARIOS.glob("*.yaml")):
        faults = broken(run(path, engine="compiled")[0])
        what = faults[0] if faults else "books, customers, queues and twins"
        yield Verdict(
            LAWS, path.stem, what, "none broken", float(len(faults)), None, not faults, True, "1 replication"
        )


def of_form(name: str) -> Iterator[Verdict]:
    """The figures of one closed form."""
    for row in CHECKS[name][0]():
        yield of_row(name, row)


def of_row(name: str, row: Row) -> Verdict:
    """A figure beside its closed form."""
    chance = math.isnan(row.error)
    return Verdict(
        part=FORMS,
        check=name,
        figure=row.what,
        expected="p-value" if chance else f"{row.expected:.6g}",
        found=finite(row.found),
        away=None if chance else finite(row.away),
        holds=row.holds,
        must=True,
        n=row.n,
    )


def of_fact(name: str, replications: int) -> Iterator[Verdict]:
    """The figures of one published fact."""
    for row in FACTS[name](replications):
        yield of_published(row)


def of_published(row: Fact) -> Verdict:
    """A figure beside what was published."""
    found = finite(row.interval[0])
    return Verdict(PUBLISHED, row.number, row.what, row.target, found, None, row.met, False, row.n)


def finite(x: float) -> float | None:
    """The number; None where there is none."""
    return float(x) if math.isfinite(x) else None


def line(one: Verdict) -> str:
    """A verdict on one line."""
    found = "-" if one.found is None else f"{one.found:.6g}"
    away = "" if one.away is None else f" ({one.away:+.2f} s.e.)"
    verdict = ("holds" if one.must else "met") if one.holds else ("MISSES" if one.must else "missed")
    return f"{one.check:<24} {verdict:<7} {one.figure}: expected {one.expected}, found {found}{away}; {one.n}"


def summary(found: Sequence[Verdict]) -> list[str]:
    """How many hold, by part."""
    told = []
    for part in (LAWS, FORMS, PUBLISHED):
        some = [one for one in found if one.part == part]
        if some:
            held = sum(one.holds for one in some)
            words = "met, {} missed (limits of the model)" if part == PUBLISHED else "hold, {} miss"
            told.append(f"{part}: {held} of {len(some)} {words.format(len(some) - held)}")
    return told
