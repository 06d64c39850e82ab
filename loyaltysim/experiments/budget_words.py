"""A budget in lines of text: go or no-go first, then why."""

from __future__ import annotations

from loyaltysim.experiments.answer import number
from loyaltysim.experiments.budget import Budgeted, Verdict
from loyaltysim.experiments.capped import Capped, Moved
from loyaltysim.experiments.limits_of_levers import Largest
from loyaltysim.experiments.stresses import Stressed
from loyaltysim.metrics.budget import Tail
from loyaltysim.metrics.statistics import Estimate


def lines(found: Budgeted) -> list[str]:
    """The decision, the thresholds, the years, where the risk comes from."""
    budget, unit = found.budget, found.loaded.scenario.currency
    count = f"{len(found.years)} {'year' if len(found.years) == 1 else 'years'}"
    told = [
        f"{'GO' if found.go else 'NO GO'}: a budget of {number(found.amount)} {unit} a year "
        f"({budget.counts}) is overspent with a chance of {percent(found.dearest.overspent)} in at least one "
        f"of {count} ({len(found.costs):,} replications).",
        "",
        *(verdict(each) for each in found.verdicts),
        "",
        *years(found, unit),
        "",
        f"Spent before the year is over in {percent(found.dry)} of the replications; "
        + (
            "earning stops then until the next budget year."
            if budget.when_dry == "stop"
            else "it goes on then."
        ),
    ]
    if found.split is not None:
        s = found.split
        span = "" if s["share_low"] is None else f" ({s['share_low']:.0%} to {s['share_high']:.0%})"
        told += [
            "",
            f"Spread of the dearest year: {number(s['luck_sd'])} {unit} by customers' luck, "
            f"{number(s['parameters_sd'])} {unit} by what is not known, {s['share']:.0%}{span} of the "
            f"variance ({s['pairs']} draws lived twice).",
        ]
    for row in [row for row in found.moves if row["clear"]][:5]:
        told.append(
            f"  {' with '.join(row['paths'])}: {row['part']:.0%} of the variance; {number(row['at_low'])} "
            f"where it is lowest, {number(row['at_high'])} where it is highest"
        )
    return told


def years(found: Budgeted, unit: str) -> list[str]:
    """A line a year, and one for the dearest, in aligned columns."""
    share = 100 * found.budget.confidence
    worst = f"mean of the worst {100 - share:g} %"
    head = ("year", f"mean, {unit}", f"P{share:g}", "over the budget by", worst, "overspent")
    rows: list[tuple[str, ...]] = [head]
    for name, one in [*((str(n), x) for n, x in enumerate(found.years, start=1)), ("dearest", found.dearest)]:
        rows.append((name, *cells(one, found.amount)))
    widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
    return ["  ".join(text.ljust(w) for text, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def cells(one: Tail, amount: float) -> tuple[str, ...]:
    """The figures of a year with their intervals."""
    q = one.quantile
    risk = "-" if q.estimate is None else number(q.estimate - amount)
    return spanned(one.mean), spanned(q), risk, spanned(one.shortfall), percent(one.overspent)


def spanned(found: Estimate) -> str:
    """A figure with its interval."""
    if found.estimate is None:
        return "not estimable"
    if found.low is None or found.high is None:
        return number(found.estimate)
    return f"{number(found.estimate)} ({number(found.low)} to {number(found.high)})"


def percent(found: Estimate) -> str:
    """A chance with its interval."""
    assert found.estimate is not None and found.low is not None and found.high is not None
    return f"{found.estimate:.1%} ({found.low:.1%} to {found.high:.1%})"


def verdict(one: Verdict) -> str:
    """A threshold in a line."""
    side = "at least" if one.name == "roi" else "at most"
    head = f"{'met   ' if one.met else 'missed'}  {one.name}: {side}"
    if one.name == "overspend":
        return f"{head} {one.limit:.1%} asked for; {percent(one.found)}"
    return f"{head} {number(one.limit)} asked for; {spanned(one.found)} {one.unit}"


def stress_lines(found: list[Stressed], amount: float, unit: str) -> list[str]:
    """A block a stress: what is changed, and what it costs."""
    if not found:
        return []
    told = ["", f"Stresses, on the same draws and luck ({found[0].replications} replications):"]
    for one in found:
        told.append(f"  {one.name}: {one.what}")
        if one.why_not:
            told.append(f"    not lived: {one.why_not}")
            continue
        assert one.tail is not None and one.more is not None
        told.append(
            f"    dearest year {spanned(one.tail.mean)} {unit}, {spanned(one.more)} more than the plan; tail "
            f"{spanned(one.tail.quantile)}; overspent {percent(one.tail.overspent)}"
        )
    return told


def cap_lines(found: Capped | None) -> list[str]:
    """What the cap does to behaviour, figure by figure."""
    if found is None:
        return []
    head = f"The cap, on the same draws and luck ({found.replications} replications):"
    if not found.bites:
        return ["", head, "  it bites in none of them: nothing differs from a budget that may be overspent"]
    told = [
        "",
        head,
        f"  it bites in {found.bites} of them; with it, against a budget that may be overspent:",
    ]
    for one in found.moved:
        told.append(f"    {one.label}: {signed(one)}")
    return told


def signed(one: Moved) -> str:
    """A difference with its interval, shares in percentage points."""
    scale, unit = (100.0, "percentage points") if one.unit == "share" else (1.0, one.unit)
    found = one.difference
    if found.estimate is None or found.low is None or found.high is None:
        return "not estimable"
    said, low, high = (
        f"{scale * value:+,.2f}" if one.unit == "share" else f"{value:+,.0f}"
        for value in (found.estimate, found.low, found.high)
    )
    return f"{said} ({low} to {high}) {unit}"


def lever_lines(found: Largest) -> list[str]:
    """The largest value of a lever, and what was looked at."""
    told = ["", f"Largest {found.path} within the budget at {found.confidence:.0%}:"]
    if found.value is None:
        lowest = found.looked[0]
        told.append(f"  none: even at {lowest.value} it is overspent with {lowest.overspent:.1%}")
    else:
        assert found.checked is not None
        told.append(f"  {found.value}; on fresh luck it is overspent with {percent(found.checked)}")
    told += [f"  looked at {one.value}: overspent with {one.overspent:.1%}" for one in found.looked]
    if not found.rising:
        told.append("  the chance of overspending does not rise all the way with it; look closer by hand")
    return told
