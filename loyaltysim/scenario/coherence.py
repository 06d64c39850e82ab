"""Do the parts of a scenario fit together? Faults that only show when several fields are seen at once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from loyaltysim.scenario import complaints, settings
from loyaltysim.scenario.marks import Path, dotted
from loyaltysim.scenario.moments import day_of, month_start
from loyaltysim.scenario.quantities import Amount, Earning, Instant, Qualified
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.writing import plain

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Instruments, Provider, Scenario

Fault = tuple[Path, str]
FIRM = "firm"
LARGEST_TERM = 10**9  # of a rate as a fraction: times an amount of a thousand millions it fits 64 bits


def faults(scenario: Scenario) -> list[tuple[str, str]]:
    """All faults between fields, as (dotted path, what is wrong and what would do)."""
    return [(dotted(path), what) for look in _looks() for path, what in look(scenario)]


def faults_of_sound_part(part: Scenario) -> list[Fault]:
    """The faults between fields of a scenario that lacks some: what needs one of those is not judged."""
    found: list[Fault] = []
    for look in _looks():
        with suppress(AttributeError):
            found += look(part)
    return found


def _looks() -> tuple[Callable[[Scenario], Iterator[Fault]], ...]:
    """Everything that is looked at."""
    return (
        _currencies,
        _provider_names,
        _attributes,
        _weights,
        _homes,
        _somewhere_to_go,
        _waiting_is_felt,
        _helps_are_felt,
        _desks,
        _points,
        _bonus,
        _tiers,
        _cards,
        _campaigns,
        _changes_of_terms,
        _somebody,
        _times,
        settings.faults,
        complaints.faults,
    )


def _values(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every single value below a part, with its path as it is written in a file."""
    steps: Iterable[tuple[str | int, Any]]
    if isinstance(part, BaseModel):
        fields = type(part).model_fields
        known = ((name, field.alias or name) for name, field in fields.items() if hasattr(part, name))
        steps = ((written, getattr(part, name)) for name, written in known)
    elif isinstance(part, dict):
        steps = part.items()
    elif isinstance(part, tuple) and not hasattr(part, "_fields"):
        steps = enumerate(part)
    else:
        yield path, part
        return
    for step, child in steps:
        yield from _values(child, (*path, step))


def _providers(scenario: Scenario) -> Iterator[tuple[Path, Provider]]:
    """The firm and its rivals, with their paths."""
    yield (FIRM,), scenario.firm
    for name, rival in scenario.rivals.items():
        yield ("rivals", name), rival


def _currencies(scenario: Scenario) -> Iterator[Fault]:
    """Every amount is in the scenario's currency."""
    ours = scenario.currency
    for path, value in _values(scenario):
        if not isinstance(value, Amount | Earning | Qualified) or value.currency in (None, ours):
            continue
        if isinstance(value, Qualified):
            yield path, f"a tier is reached by {value.currency}, but the scenario's currency is {ours}"
        elif isinstance(value, Amount):
            yield path, f"{plain(value.amount)} {value.currency} is not in the scenario's currency, {ours}"
        else:
            yield path, f"points are earned per {value.currency}, but the scenario's currency is {ours}"


MOST_RIVALS = 126  # a customer's record keeps her home in one byte


def _provider_names(scenario: Scenario) -> Iterator[Fault]:
    """No two providers have the same name, letters' case aside; `firm` is the firm."""
    if len(scenario.rivals) > MOST_RIVALS:
        yield ("rivals",), f"{len(scenario.rivals)} rivals are too many; at most {MOST_RIVALS} fit"
    seen: dict[str, str] = {}
    for name in scenario.rivals:
        if name.casefold() == FIRM:
            yield ("rivals", name), f"'{name}' stands for the firm itself; give the rival another name"
        elif name.casefold() in seen:
            yield ("rivals", name), f"the name differs from '{seen[name.casefold()]}' in capitals only"
        seen[name.casefold()] = name


def _attributes(scenario: Scenario) -> Iterator[Fault]:
    """Every rival has exactly the firm's attributes."""
    known = list(scenario.firm.attributes)
    for name, rival in scenario.rivals.items():
        path: Path = ("rivals", name, "attributes")
        for missing in [a for a in known if a not in rival.attributes]:
            yield path, f"'{missing}' is missing; every provider has the firm's attributes"
        for strange in [a for a in rival.attributes if a not in known]:
            yield (*path, strange), f"the firm has no attribute '{strange}'; {hint(strange, known)}"


def _weights(scenario: Scenario) -> Iterator[Fault]:
    """Every segment weighs exactly the firm's attributes."""
    known = list(scenario.firm.attributes)
    for name, segment in scenario.market.segments.items():
        path: Path = ("market", "segments", name, "weights")
        extras = [a for a in known if scenario.firm.attributes[a].is_extra]
        for missing in [a for a in known if a not in (*segment.weights, *extras)]:
            yield path, f"'{missing}' is missing; every attribute of the firm has a weight, if only 0 %"
        for extra in [a for a in extras if segment.weights.get(a)]:
            yield (*path, extra), "an extra counts in CSI points beside the weights; leave it out here"
        for strange in [a for a in segment.weights if a not in known]:
            yield (*path, strange), f"the firm has no attribute '{strange}'; {hint(strange, known)}"


def _homes(scenario: Scenario) -> Iterator[Fault]:
    """Homes are providers."""
    known = [FIRM, *scenario.rivals]
    for name, segment in scenario.market.segments.items():
        for home in segment.home or {}:
            if home not in known:
                path: Path = ("market", "segments", name, "home", home)
                yield path, f"there is no provider '{home}'; {hint(home, known)}"


def _somewhere_to_go(scenario: Scenario) -> Iterator[Fault]:
    """Who can leave can go somewhere."""
    loyalty = scenario.loyalty
    if loyalty is None or scenario.rivals:
        return
    never = (loyalty.theory == "constant" and loyalty.rate == 1) or (
        loyalty.theory in ("threshold", "two_threshold", "competitive", "inverted_u") and loyalty.stay[0] == 1
    )
    if not never:
        yield (
            ("loyalty",),
            "customers may leave, but there is nowhere to go; name 'rivals', or leave 'loyalty' out",
        )


def _waiting_is_felt(scenario: Scenario) -> Iterator[Fault]:
    """A penalty for waiting lands on the attribute `time`."""
    costs = scenario.waiting is not None and scenario.waiting.penalty > 0
    time = scenario.firm.attributes.get("time")
    if costs and scenario.firm.service and time is not None and time.is_extra:
        yield ("firm", "attributes", "time"), "waiting lowers 'time', which therefore cannot be an extra"
    if costs and scenario.firm.service and time is None:
        yield (
            ("waiting",),
            "waiting lowers the attribute 'time', which the firm lacks; add it, or set 'penalty: 0'",
        )


def _helps_are_felt(scenario: Scenario) -> Iterator[Fault]:
    """What changes an attribute of a visit finds that attribute."""
    service, attributes = scenario.firm.service, scenario.firm.attributes
    if service is None:
        return
    own, promise = service.self_service, service.promise
    wanted = (
        (own is not None and own.effort > 0, "time", ("self_service", "effort")),
        (own is not None and own.service != 0, "service", ("self_service", "service")),
        (promise is not None and promise.eases > 0, "time", ("promise", "eases")),
    )
    for given, attribute, path in wanted:
        if given and attribute not in attributes:
            yield (
                (FIRM, "service", *path),
                f"this changes the attribute '{attribute}', which the firm lacks; add it, or set 0",
            )


def _desks(scenario: Scenario) -> Iterator[Fault]:
    """A service has somebody who serves."""
    if scenario.firm.service and scenario.firm.service.desks == 0:
        yield ("firm", "service", "desks"), "0 desks serve nobody; close the desk by leaving 'service' out"


def _programmes(scenario: Scenario) -> Iterator[tuple[Path, Instruments]]:
    """The programme on trial and the one that runs already, with their paths."""
    for name in ("programme", "status_quo"):
        programme = getattr(scenario, name)
        if programme is not None:
            yield (name,), programme


def _points(scenario: Scenario) -> Iterator[Fault]:
    """Points are reckoned in whole numbers of 64 bits, and the smallest balance can be redeemed."""
    for where, programme in _programmes(scenario):
        terms = programme.points
        for name, rate in (("earn", terms.earn.points), ("worth", terms.worth.amount)) if terms else ():
            if max(Fraction(rate).as_integer_ratio()) > LARGEST_TERM:
                yield (
                    (*where, "points", name),
                    f"{rate} has more digits than points are reckoned with; nine will do",
                )
        if terms and terms.step is not None and terms.step > terms.minimum:
            yield (
                (*where, "points", "step"),
                f"a step of {terms.step} points is more than the minimum of {terms.minimum}; "
                "raise 'minimum' too",
            )


def _bonus(scenario: Scenario) -> Iterator[Fault]:
    """Points for joining belong to a points scheme."""
    for where, programme in _programmes(scenario):
        if programme.enrolment and programme.enrolment.bonus and programme.points is None:
            yield (
                (*where, "enrolment", "bonus"),
                "points for joining need a points scheme; add 'points', or leave 'bonus' out",
            )


def _tiers(scenario: Scenario) -> Iterator[Fault]:
    """Tiers differ in one measure, which the programme knows."""
    for where, programme in _programmes(scenario):
        levels = programme.tiers.levels if programme.tiers else {}
        seen: dict[object, str] = {}
        for name, tier in levels.items():
            path: Path = (*where, "tiers", "levels", name, "from")
            first = next(iter(levels.values())).start.measure
            if tier.start.measure != first:
                yield path, f"tiers are reached by one measure; the first one counts {first}"
            elif tier.start.amount in seen:
                yield path, f"the tier {seen[tier.start.amount]!r} needs as much; which one is higher?"
            elif first == "points" and programme.points is None:
                yield path, "the programme has no points; count visits or spend"
            seen.setdefault(tier.start.amount, name)


def _cards(scenario: Scenario) -> Iterator[Fault]:
    """Progress that is given does not fill the card."""
    terms = scenario.programme.points if scenario.programme else None
    if terms and terms.endowed and terms.endowed.points >= terms.minimum:
        yield (
            ("programme", "points", "endowed", "points"),
            f"{terms.endowed.points} points given fill a card of {terms.minimum}; give fewer than 'minimum'",
        )


def _campaigns(scenario: Scenario) -> Iterator[Fault]:
    """Campaigns of the points end after they begin, and after month 0; no two overlap."""
    terms = scenario.programme.points if scenario.programme else None
    seen: list[tuple[float, float]] = []
    for index, campaign in enumerate(terms.campaigns if terms else ()):
        path: Path = ("programme", "points", "campaigns", index)
        first = yield from _day(campaign.start, (*path, "from"), scenario)
        last = yield from _day(campaign.end, (*path, "to"), scenario)
        if first is None or last is None:
            continue
        if last <= max(first, 0.0):
            yield (*path, "to"), "a campaign must end after it begins ('from'), and after month 0"
        elif any(first < end and start < last for start, end in seen):
            yield path, "the campaign overlaps another; let one end before the next begins"
        seen.append((first, last))


def _changes_of_terms(scenario: Scenario) -> Iterator[Fault]:
    """Changes of the points' terms follow one another, after month 0, each announced before the day."""
    terms = scenario.programme.points if scenario.programme else None
    if terms is None:
        return
    last, least = 0.0, terms.minimum
    for index, change in enumerate(terms.changes):
        path: Path = ("programme", "points", "changes", index)
        day = yield from _day(change.at, (*path, "at"), scenario)
        told = day
        if change.announced is not None:
            told = yield from _day(change.announced, (*path, "announced"), scenario)
        if day is None or told is None:
            return
        if change.earn is not None and change.earn.per != terms.earn.per:
            yield (*path, "earn"), "points stay earned per visit, or per currency unit, as before"
        if day <= last:
            yield (*path, "at"), "changes come one after another, the first one after month 0"
        if told > day or (last > told and day > last and index > 0):
            yield (*path, "announced"), "a change is announced before it comes, and after the one before it"
        least = change.minimum or least
        if terms.step is not None and terms.step > least:
            yield (*path, "minimum"), f"the minimum cannot fall below the step of {terms.step} points"
        last = day


def _somebody(scenario: Scenario) -> Iterator[Fault]:
    """Somebody is, or will be, in the market."""
    market = scenario.market
    if market.customers + sum(entry.customers for entry in market.entries) == 0:
        yield (
            ("market", "customers"),
            "nobody is ever in the market; it needs customers or 'entries'",
        )


def _times(scenario: Scenario) -> Iterator[Fault]:
    """Entries and offers fall into the time that is simulated; offers may begin before it or outlast it."""
    try:
        start = month_start(-scenario.warm_up, scenario.first_day)
        end = month_start(scenario.horizon, scenario.first_day)
    except OverflowError:
        yield ("horizon",), "the months run beyond the calendar's years 1 to 9999; leave 'first_day' out"
        return
    for index, entry in enumerate(scenario.market.entries):
        path: Path = ("market", "entries", index, "on")
        day = yield from _day(entry.on, path, scenario)
        if day is not None and not start <= day < end:
            yield path, f"the day lies outside of the time simulated, {_window(scenario)}"
    for index, event in enumerate(scenario.events):
        path = ("events", index, "at")
        day = yield from _day(event.at, path, scenario)
        if day is not None and not start <= day < end:
            yield path, f"the day lies outside of the time simulated, {_window(scenario)}"
    for name, campaign in (scenario.programme.acquisition if scenario.programme else {}).items():
        path = ("programme", "acquisition", name, "at")
        day = yield from _day(campaign.at, path, scenario)
        if day is not None and not 0 < day <= end:
            yield (
                path,
                f"the day lies outside of the programme's time, after month 0 up to month {scenario.horizon}",
            )
    for where, provider in _providers(scenario):
        for index, offer in enumerate(provider.offers):
            path = (*where, "offers", index)
            first = yield from _day(offer.start, (*path, "from"), scenario)
            last = yield from _day(offer.end, (*path, "to"), scenario)
            if first is None or last is None:
                continue
            if last <= first:
                yield (*path, "to"), "an offer must end after it begins ('from')"
            elif last <= start or first >= end:
                yield path, f"the offer lies outside of the time simulated, {_window(scenario)}"


def _day(moment: Instant, path: Path, scenario: Scenario) -> Generator[Fault, None, float | None]:
    """The day of a moment; None, with the fault, if it has none."""
    try:
        return day_of(moment, scenario.first_day)
    except ValueError as error:
        yield path, str(error)
    except OverflowError:
        yield path, "the moment lies beyond the calendar's years 1 to 9999"
    return None


def _window(scenario: Scenario) -> str:
    """The time simulated, in words."""
    return f"month {-scenario.warm_up} to month {scenario.horizon}"
