"""Does what happens in a scenario fall into the time that is simulated?"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from loyaltysim.scenario.marks import Fault, Path
from loyaltysim.scenario.moments import day_of, month_start
from loyaltysim.scenario.quantities import Instant

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Provider, Scenario


def day_at(moment: Instant, path: Path, scenario: Scenario) -> Generator[Fault, None, float | None]:
    """The day of a moment; None, with the fault, if it has none."""
    try:
        return day_of(moment, scenario.first_day)
    except ValueError as error:
        yield path, str(error)
    except OverflowError:
        yield path, "the moment lies beyond the calendar's years 1 to 9999"
    return None


def _span(scenario: Scenario) -> tuple[float, float] | None:
    """First and last day simulated; None if the calendar does not reach so far."""
    try:
        return month_start(-scenario.warm_up, scenario.first_day), month_start(
            scenario.horizon, scenario.first_day
        )
    except OverflowError:
        return None


def _outside(scenario: Scenario, what: str = "the day") -> str:
    """The fault of what lies outside of the time simulated."""
    first, last = -scenario.warm_up, scenario.horizon
    return f"{what} lies outside of the time simulated, month {first} to month {last}"


def _providers(scenario: Scenario) -> Iterator[tuple[Path, Provider]]:
    """The firm and its rivals, with their paths."""
    yield ("firm",), scenario.firm
    for name, rival in scenario.rivals.items():
        yield ("rivals", name), rival


def _calendar(scenario: Scenario) -> Iterator[Fault]:
    """The months have dates, where dates are wanted."""
    if _span(scenario) is None:
        yield ("horizon",), "the months run beyond the calendar's years 1 to 9999; leave 'first_day' out"


def _entries(scenario: Scenario) -> Iterator[Fault]:
    """Customers enter while time is simulated."""
    for index, entry in enumerate(scenario.market.entries):
        yield from _within(entry.on, ("market", "entries", index, "on"), scenario)


def _events(scenario: Scenario) -> Iterator[Fault]:
    """Events happen while time is simulated."""
    for index, event in enumerate(scenario.events):
        yield from _within(event.at, ("events", index, "at"), scenario)


def _claims(scenario: Scenario) -> Iterator[Fault]:
    """Claims are made while time is simulated."""
    for where, provider in _providers(scenario):
        for index, claim in enumerate(provider.claims):
            yield from _within(claim.at, (*where, "claims", index, "at"), scenario)


def _beginnings(scenario: Scenario) -> Iterator[Fault]:
    """What goes on from a day on has a day from which it does; it may lie before the start."""
    for name, segment in scenario.market.segments.items():
        if segment.needs is not None and segment.needs.start is not None:
            yield from _dated(segment.needs.start, ("market", "segments", name, "needs", "from"), scenario)
    for name, rival in scenario.rivals.items():
        if rival.growth is not None and rival.growth.start is not None:
            yield from _dated(rival.growth.start, ("rivals", name, "growth", "from"), scenario)


def _dated(moment: Instant, path: Path, scenario: Scenario) -> Iterator[Fault]:
    """The moment has a day."""
    yield from day_at(moment, path, scenario)


def _within(moment: Instant, path: Path, scenario: Scenario) -> Iterator[Fault]:
    """The moment falls into the time that is simulated."""
    span = _span(scenario)
    if span is None:
        return
    day = yield from day_at(moment, path, scenario)
    if day is not None and not span[0] <= day < span[1]:
        yield path, _outside(scenario)


def _acquisition(scenario: Scenario) -> Iterator[Fault]:
    """Campaigns of acquisition happen while the programme is on trial."""
    span = _span(scenario)
    if span is None or scenario.programme is None:
        return
    for name, campaign in scenario.programme.acquisition.items():
        path: Path = ("programme", "acquisition", name, "at")
        day = yield from day_at(campaign.at, path, scenario)
        if day is not None and not 0 < day <= span[1]:
            last = scenario.horizon
            yield path, f"the day lies outside of the programme's time, after month 0 up to month {last}"


def _offers(scenario: Scenario) -> Iterator[Fault]:
    """Offers fall into the time that is simulated; they may begin before it or outlast it."""
    span = _span(scenario)
    if span is None:
        return
    for where, provider in _providers(scenario):
        for index, offer in enumerate(provider.offers):
            path: Path = (*where, "offers", index)
            first = yield from day_at(offer.start, (*path, "from"), scenario)
            last = yield from day_at(offer.end, (*path, "to"), scenario)
            if first is None or last is None:
                continue
            if last <= first:
                yield (*path, "to"), "an offer must end after it begins ('from')"
            elif last <= span[0] or first >= span[1]:
                yield path, _outside(scenario, "the offer")


LOOKS = (_calendar, _entries, _events, _acquisition, _claims, _offers, _beginnings)
"""Everything that is looked at."""
