"""Which conclusions survive the choice of the curve: signs and intervals of effects, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from loyaltysim.experiments.answer import number
from loyaltysim.metrics.catalogue import CATALOGUE

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results
    from loyaltysim.experiments.theories import UnderTheories
    from loyaltysim.metrics.summary import Row

HEADLINES = (
    "incremental_contribution",
    "incremental_retained",
    "retained_months_gained",
    "share_of_wallet",
    "satisfaction_base",
    "customers_end",
    "visits",
    "profit",
)
LEVELS = ("retention_12m", "defection_12m", "never_left_72m", "customers_end", "contribution", "profit")
ORDER = "incremental_contribution"
DEAF = ("constant", "beta")  # curves on which standing has no effect
ABOVE, BELOW, NOTHING, OPEN, UNKNOWN = "above", "below", "nothing", "open", "unknown"


@dataclass(frozen=True)
class Conclusion:
    """One effect of the programme under every curve."""

    kpi: str
    unit: str
    verdict: str
    """`survives`: clear of 0 on the same side under every curve that can tell; `depends`: clear under some
    only; `contradicted`: clear on both sides; `open`: clear nowhere; `nothing`: exactly 0 everywhere."""
    of_those_that_matter: str
    """The same of the curves in which standing matters, `constant` and `beta` left out."""
    signs: dict[str, str]
    """By theory: above or below 0 with its whole interval, nothing (exactly 0), open, unknown."""
    lowest: float | None
    highest: float | None

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return asdict(self)


def concluded(theories: Sequence[str], results: Sequence[Results]) -> list[Conclusion]:
    """The headline effects; none without a programme, whose arms are one run."""
    from loyaltysim.metrics.terms import terms_of

    if not terms_of(results[0].loaded.scenario).has_programme:
        return []
    return [conclusion(name, theories, [one.kpi(name, "effect") for one in results]) for name in HEADLINES]


def conclusion(name: str, theories: Sequence[str], rows: Sequence[Row]) -> Conclusion:
    """One effect under every curve."""
    signs = {theory: sign(row) for theory, row in zip(theories, rows, strict=True)}
    known = [row["estimate"] for row in rows if row["estimate"] is not None]
    return Conclusion(
        name,
        rows[0]["unit"],
        verdict(list(signs.values())),
        verdict([side for theory, side in signs.items() if theory not in DEAF]),
        signs,
        min(known) if known else None,
        max(known) if known else None,
    )


def sign(row: Row) -> str:
    """On which side of 0 the whole interval lies."""
    if row["estimate"] is None or row["low"] is None or row["high"] is None:
        return UNKNOWN
    if row["low"] == row["high"] == 0:
        return NOTHING
    return ABOVE if row["low"] > 0 else BELOW if row["high"] < 0 else OPEN


def verdict(signs: Sequence[str]) -> str:
    """What all curves together say."""
    told = {one for one in signs if one != UNKNOWN}
    if {ABOVE, BELOW} <= told:
        return "contradicted"
    if told in ({ABOVE}, {BELOW}):
        return "survives"
    if told == {NOTHING}:
        return "nothing"
    return "depends" if told & {ABOVE, BELOW} else "open"


def ranking(theories: Sequence[str], results: Sequence[Results]) -> list[str]:
    """The curves by what the programme adds under them, the highest first; none without a programme."""
    found = {
        theory: one.kpi(ORDER, "effect")["estimate"] for theory, one in zip(theories, results, strict=True)
    }
    if not concluded(theories, results):
        return []
    return sorted(
        (theory for theory, value in found.items() if value is not None), key=lambda t: -float(found[t])
    )


# ---------------------------------------------------------------- in words


def lines(found: UnderTheories) -> list[str]:
    """The curves, the figures under each, and what survives."""
    own, count = found.curves[0], found.results[0].replications
    told = [
        f"{found.results[0].loaded.scenario.name}, under {len(found.curves)} curves "
        f"({count} replications on common luck; at month 0 {100 * own.stays:.1f} % stay a period "
        f"under {own.theory}, the scenario's own curve)",
        "",
        *table(found),
        "",
    ]
    told += [
        line for curve in found.curves if not curve.met for line in [short_of(curve.theory, curve.stays)]
    ]
    if not found.conclusions:
        return [
            *told,
            "Without a programme there is no effect that could survive: these are levels, not effects.",
        ]
    told += [in_words(one) for one in found.conclusions]
    told += ["", f"By what the programme adds, highest first: {', '.join(found.ranking)}."]
    failed = [c.theory for c, r in zip(found.curves, found.results, strict=True) if r.checks_failed]
    return [*told, f"A check of the scenario fails under {listed(failed)}."] if failed else told


def short_of(theory: str, stays: float) -> str:
    """A curve that cannot be made comparable."""
    return f"{theory} cannot be moved that far: {100 * stays:.1f} % stay a period under it."


def table(found: UnderTheories) -> list[str]:
    """One line a curve: by how much it was moved, and its main figures."""
    wanted = [(name, "effect") for name in HEADLINES[:3]] if found.conclusions else shown(found)
    cells = [["curve", "moved by", *(f"{CATALOGUE[name].label}" for name, _ in wanted)]]
    base = found.curves[0].loyalty.offset
    for curve, one in zip(found.curves, found.results, strict=True):
        moved = "own" if curve.own else fitted_to(curve.numbers(), base)
        cells.append([curve.theory, moved, *(cell(one.kpi(*key)) for key in wanted)])
    widths = [max(len(row[k]) for row in cells) for k in range(len(cells[0]))]
    return ["  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True)).rstrip() for row in cells]


def shown(found: UnderTheories) -> list[tuple[str, str]]:
    """The levels that the scenario has; at most four."""
    there = {(row["kpi"], row["arm"]) for row in found.results[0].kpis}
    return [(name, "programme") for name in LEVELS if (name, "programme") in there][:4]


def fitted_to(numbers: dict[str, Any], base: float) -> str:
    """What was fitted: points of standing, a rate, or a mean."""
    if numbers["rate"] is not None:
        return f"rate {numbers['rate']:.3f}"
    if numbers["renewal"] is not None:
        return f"mean {numbers['stays']:.3f}"
    return f"{numbers['offset'] - base:+.1f} points"


def cell(row: Row) -> str:
    """A figure with its interval."""
    if row["estimate"] is None:
        return "-"
    scale, unit = (100.0, " %") if row["unit"] == "share" else (1.0, "")
    told = signed(row["estimate"] * scale) + unit
    if row["low"] is None:
        return told
    return f"{told} ({signed(row['low'] * scale)} to {signed(row['high'] * scale)})"


def signed(value: float) -> str:
    """A figure to about three digits; small ones in full."""
    return number(value) if abs(value) >= 0.1 or value == 0 else f"{value:.3g}"


def in_words(one: Conclusion) -> str:
    """One conclusion as a sentence."""
    label = CATALOGUE[one.kpi].label
    of = {s: [t for t, found in one.signs.items() if found == s] for s in set(one.signs.values())}
    sides = "; ".join(
        f"{words} under {listed(of[s])}"
        for s, words in ((ABOVE, "above 0"), (BELOW, "below 0"), (NOTHING, "exactly 0"), (OPEN, "open"))
        if s in of
    )
    span = (
        "" if one.lowest is None or one.highest is None
        else f" ({signed(one.lowest)} to {signed(one.highest)} {one.unit})"
    )  # fmt: skip
    without = {
        "survives": " Of the curves in which standing matters, all agree.",
        "contradicted": " The curves in which standing matters contradict one another.",
    }
    too = without.get(one.of_those_that_matter, "") if one.verdict != one.of_those_that_matter else ""
    return told(one, label, of, sides, span) + too


def told(one: Conclusion, label: str, of: dict[str, list[str]], sides: str, span: str) -> str:
    """The sentence for its verdict."""
    match one.verdict:
        case "survives":
            side = "above" if ABOVE in of else "below"
            return f"Survives: {label} is {side} 0 under every curve{span}."
        case "nothing":
            return f"Survives: {label} is exactly 0 under every curve."
        case "contradicted":
            return f"Contradicted: {label} is {sides}{span}."
        case "depends":
            return f"Depends on the curve: {label} is {sides}{span}."
        case _:
            return f"Open: {label} is clear of 0 under no curve{span}."


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "none"
