"""Does a rollout fit the firm's sites, the programme and the length of the run?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loyaltysim.scenario.coherence_times import day_at
from loyaltysim.scenario.marks import Fault, Path
from loyaltysim.scenario.quantities import Instant

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario

ROLLOUT: Path = ("programme", "rollout")


def rollout_faults(scenario: Scenario) -> Iterator[Fault]:
    """A rollout names sites that there are, each once, and begins when it can; stages take nobody back."""
    rollout = scenario.programme.rollout if scenario.programme else None
    if rollout is None:
        return
    yield from _sites(scenario, rollout.sites, ROLLOUT)
    for index, stage in enumerate(rollout.stages):
        path: Path = (*ROLLOUT, "stages", index)
        yield from _sites(scenario, stage.sites, path)
        yield from _in_time(scenario, stage.start, (*path, "from"))
    if rollout.stages:
        yield from _stages(scenario)
        yield from _begins_late(scenario, rollout.stages[0].start, (*ROLLOUT, "stages", 0, "from"))
    elif rollout.start is not None:
        yield from _in_time(scenario, rollout.start, (*ROLLOUT, "from"))
        yield from _begins_late(scenario, rollout.start, (*ROLLOUT, "from"))


def _sites(scenario: Scenario, sites: tuple[int, ...], where: Path) -> Iterator[Fault]:
    """Sites that there are, each named once."""
    seen: set[int] = set()
    for index, number in enumerate(sites):
        path: Path = (*where, "sites", index)
        if not 1 <= number <= scenario.firm.sites:
            yield path, f"there is no site {number}; the firm's sites are 1 to {scenario.firm.sites}"
        elif number in seen:
            yield path, f"site {number} is named twice"
        seen.add(number)


def _in_time(scenario: Scenario, start: Instant, path: Path) -> Iterator[Fault]:
    """It begins with a month of the run."""
    if start.kind != "month" or not 0 <= int(str(start.value)) < scenario.horizon:
        last = scenario.horizon - 1
        yield path, f"a rollout begins with a month of the programme's time, 'month 0' to 'month {last}'"


def _stages(scenario: Scenario) -> Iterator[Fault]:
    """Stages follow one another, and none reaches fewer than the one before it."""
    programme = scenario.programme
    assert programme is not None and programme.rollout is not None
    rollout = programme.rollout
    every = tuple(range(1, scenario.firm.sites + 1))
    for index, (before, stage) in enumerate(zip(rollout.stages, rollout.stages[1:], strict=False), start=1):
        path: Path = (*ROLLOUT, "stages", index)
        first, then = before.start, stage.start
        if first.kind == then.kind == "month" and int(str(then.value)) <= int(str(first.value)):
            yield (*path, "from"), f"it does not come after the stage before it, month {first.value}"
        if stage.share < before.share:
            yield (
                (*path, "share"),
                f"a stage takes nobody back: at least {before.share * 100:g} %, as before it",
            )
        left = sorted(set(before.sites or every) - set(stage.sites or every))
        if left:
            yield (*path, "sites"), f"a stage takes nobody back: site {left[0]} was reached before it"
    if scenario.status_quo is not None and scenario.status_quo.points is not None:
        yield (*ROLLOUT, "stages"), "points run already; let their terms change by 'programme.points.changes'"
    opened = {
        "points": programme.points and programme.points.opening,
        "tiers": programme.tiers and programme.tiers.opening,
        "stored_value": programme.stored_value and programme.stored_value.opening,
    }
    for name, opening in opened.items():
        if opening:
            yield ("programme", name, "opening"), "a programme in stages has no one first day; leave it out"


def _begins_late(scenario: Scenario, start: Instant, path: Path) -> Iterator[Fault]:
    """What a programme dates comes after it begins; points that run already do not begin."""
    programme = scenario.programme
    assert programme is not None and programme.rollout is not None
    if start.kind != "month":
        return
    staged = bool(programme.rollout.stages)
    if not staged and scenario.status_quo is not None and scenario.status_quo.points is not None:
        yield path, "points run already; let their terms change on a day by 'programme.points.changes'"
    points = programme.points
    dated: list[tuple[Path, Instant]] = [
        (("programme", "acquisition", n, "at"), one.at) for n, one in programme.acquisition.items()
    ]
    if points is not None:
        for index, campaign in enumerate(points.campaigns):
            dated.append((("programme", "points", "campaigns", index, "from"), campaign.start))
        for index, change in enumerate(points.changes):
            dated.append((("programme", "points", "changes", index, "at"), change.announced or change.at))
    first = yield from day_at(start, path, scenario)
    named = "rollout.stages" if staged else "rollout.from"
    for where, moment in dated:
        day = yield from day_at(moment, where, scenario)
        if first is not None and day is not None and day <= first > 0:
            yield where, f"it comes before the programme begins ('{named}: month {start.value}')"
