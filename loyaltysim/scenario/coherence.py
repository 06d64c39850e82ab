"""Do the parts of a scenario fit together? Faults that only show when several fields are seen at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from loyaltysim.scenario import coherence_programme, coherence_times, complaints, settings
from loyaltysim.scenario.marks import Fault, Path, dotted
from loyaltysim.scenario.quantities import Amount, Earning, Qualified
from loyaltysim.scenario.suggestions import hint
from loyaltysim.scenario.writing import plain

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Programme, Scenario

FIRM = "firm"


def faults(scenario: Scenario) -> list[tuple[str, str]]:
    """All faults between fields, as (dotted path, what is wrong and what would do)."""
    return [(dotted(path), what) for look in _looks() for path, what in look(scenario)]


def faults_of_sound_part(part: Scenario) -> list[Fault]:
    """The faults between fields of a scenario that lacks some: what needs one of those is not judged."""
    found: list[Fault] = []
    for look in _looks():
        with suppress(AttributeError, TypeError, ValueError):  # of a stand-in for what is missing
            found += look(part)
    return found


def _looks() -> tuple[Callable[[Scenario], Iterator[Fault]], ...]:
    """Everything that is looked at."""
    from loyaltysim.scenario import levers, uncertain  # they read the form of the scenario, made first

    return (
        _currencies,
        _provider_names,
        _attributes,
        _weights,
        _homes,
        _somewhere_to_go,
        _bonds_are_kept,
        _waiting_is_felt,
        _helps_are_felt,
        _desks,
        _somebody,
        *coherence_times.LOOKS,
        *coherence_programme.LOOKS,
        settings.faults,
        complaints.faults,
        levers.faults,
        uncertain.faults,
        _referrals,
        _represents,
        _budget,
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
        elif name.casefold() == "outside" and scenario.market.outside is not None:
            yield ("rivals", name), "'outside' stands for buying nothing; give the rival another name"
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
        yield from _weighed(segment.weights, path, known, extras)
        if segment.needs is not None and segment.needs.toward:
            yield from _weighed(segment.needs.toward, (*path[:-1], "needs", "toward"), known, extras)


def _weighed(weights: dict[str, float], path: Path, known: list[str], extras: list[str]) -> Iterator[Fault]:
    """These are weights of exactly the firm's attributes."""
    for missing in [a for a in known if a not in (*weights, *extras)]:
        yield path, f"'{missing}' is missing; every attribute of the firm has a weight, if only 0 %"
    for extra in [a for a in extras if weights.get(a)]:
        yield (*path, extra), "an extra counts in CSI points beside the weights; leave it out here"
    for strange in [a for a in weights if a not in known]:
        yield (*path, strange), f"the firm has no attribute '{strange}'; {hint(strange, known)}"


def _homes(scenario: Scenario) -> Iterator[Fault]:
    """Homes are providers."""
    known = [FIRM, *scenario.rivals] + ["outside"] * (scenario.market.outside is not None)
    for name, segment in scenario.market.segments.items():
        for home in segment.home or {}:
            if home not in known:
                path: Path = ("market", "segments", name, "home", home)
                yield path, f"there is no provider '{home}'; {hint(home, known)}"


def _somewhere_to_go(scenario: Scenario) -> Iterator[Fault]:
    """Who can leave can go somewhere."""
    loyalty = scenario.loyalty
    if loyalty is None or scenario.rivals or scenario.market.outside:
        return
    never = (loyalty.theory == "constant" and loyalty.rate == 1) or (
        loyalty.theory in ("threshold", "two_threshold", "competitive", "inverted_u") and loyalty.stay[0] == 1
    )
    if not never:
        yield (
            ("loyalty",),
            "customers may leave, but there is nowhere to go; name 'rivals', or leave 'loyalty' out",
        )


def _bonds_are_kept(scenario: Scenario) -> Iterator[Fault]:
    """Who is bound by affect, trust or habit has some."""
    for name, segment in scenario.market.segments.items():
        if segment.bonds is not None and scenario.relationship is None:
            yield (
                ("market", "segments", name, "bonds"),
                "affect, trust and habit are not kept here; name 'relationship' (such as {up: 2 %}), too",
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


def _somebody(scenario: Scenario) -> Iterator[Fault]:
    """Somebody is, or will be, in the market."""
    market = scenario.market
    if market.customers + sum(entry.customers for entry in market.entries) == 0:
        yield (
            ("market", "customers"),
            "nobody is ever in the market; it needs customers or 'entries'",
        )


def gives(programme: Programme) -> bool:
    """Does it give its customers anything that could stop?"""
    p = programme
    instruments = (p.points, p.member_price, p.surprise, p.tiers, p.stored_value, p.membership, p.referral)
    offers = (p.win_back, p.save)
    return p.cashback > 0.0 or bool(p.acquisition) or any(x is not None for x in (*instruments, *offers))


def _budget(scenario: Scenario) -> Iterator[Fault]:
    """A budget is one of a programme that runs for a whole budget year."""
    if scenario.finance.budget is None:
        return
    if scenario.programme is None:
        yield (
            ("finance", "budget"),
            "there is no 'programme' that could spend it; name one, too",
        )
    budget = scenario.finance.budget
    if budget.when_dry == "stop" and scenario.programme is not None and not gives(scenario.programme):
        what = "nothing is given here that could stop; it needs an instrument that gives, such as 'points'"
        yield ("finance", "budget", "when_dry"), what
    if budget.when_dry == "stop" and budget.counts == "accrued" and scenario.finance.point.is_estimated:
        what = "what is owed is estimated after the run here; count 'cash', or name 'estimate: fixed'"
        yield ("finance", "budget", "when_dry"), what
    if scenario.horizon < 12:
        yield ("finance", "budget"), f"a budget year has 12 months, the horizon only {scenario.horizon}"


def _represents(scenario: Scenario) -> Iterator[Fault]:
    """Who stands for others is there, and is not compared with a real cohort head by head."""
    market = scenario.market
    if market.represents is None:
        return
    if market.customers == 0:
        yield ("market", "represents"), "nobody is there at the start who could stand for others"
    if scenario.observed is not None:
        yield ("market", "represents"), "'observed' counts the simulated customers one by one; leave this out"


def _referrals(scenario: Scenario) -> Iterator[Fault]:
    """A reward for referrals needs customers who refer."""
    if scenario.programme and scenario.programme.referral and scenario.referrals is None:
        what = "nobody refers here; name 'referrals' (such as {rate: 0.02 / month}), too"
        yield ("programme", "referral"), what
