"""What events set: the paths that may be set, and the values that they may take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from loyaltysim.scenario.marks import Path, dotted, parsed_path
from loyaltysim.scenario.quantities import Setting
from loyaltysim.scenario.suggestions import hint

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Provider, Scenario

FIRM, RIVALS, TIME = "firm", "rivals", "time"
ALLOWED = (
    "an event sets a provider's 'attributes.<name>.level', '….sd', 'price_level' or 'effort', a rival's "
    "'awareness', such as firm.attributes.quality.level"
)


class Target(NamedTuple):
    """What a path names."""

    provider: str
    what: str  # level, sd, price_level, effort, awareness
    attribute: str | None


def target(path: str, scenario: Scenario) -> Target:
    """What may be set at this path; ValueError says what would do."""
    steps = [str(step) for step in parsed_path(path)]
    provider = FIRM
    if steps[0] == RIVALS and len(steps) > 1:
        provider = steps[1]
        if provider not in scenario.rivals:
            raise ValueError(f"there is no rival '{provider}'; {hint(provider, list(scenario.rivals))}")
    elif steps[0] != FIRM:
        raise ValueError(ALLOWED)
    rest = steps[2:] if steps[0] == RIVALS else steps[1:]
    if rest == ["price_level"]:
        return Target(provider, "price_level", None)
    if rest == ["awareness"] and provider != FIRM:
        return Target(provider, "awareness", None)
    if rest == ["effort"]:
        return Target(provider, "effort", TIME)
    if len(rest) == 3 and rest[0] == "attributes" and rest[2] in ("level", "sd"):
        known = list(scenario.firm.attributes)
        if rest[1] not in known:
            raise ValueError(f"the firm has no attribute '{rest[1]}'; {hint(rest[1], known)}")
        return Target(provider, rest[2], rest[1])
    raise ValueError(ALLOWED)


def wrong(what: str, value: Setting) -> str | None:
    """What is wrong with a value for this, if anything."""
    if what == "price_level":
        if not -1 < value.value < 10:
            return "a price level lies above -100 % and below 1000 %"
        return None
    if what == "awareness":
        return None if 0 <= value.value <= 1 else "awareness lies between 0 % and 100 %"
    if value.percent:
        return f"a level is a number from 0 to 100, not a percentage; write {100 * value.value:g}"
    return None if 0 <= value.value <= 100 else f"a level lies between 0 and 100, not {value.value:g}"


def faults(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """What events set exists, once a day, and lies within its bounds."""
    setting_effort = [e for e in scenario.events for path in e.set if path.endswith("effort")]
    providers: list[tuple[Path, Provider]] = [((FIRM,), scenario.firm)]
    providers += [((RIVALS, name), rival) for name, rival in scenario.rivals.items()]
    time = scenario.firm.attributes.get(TIME)
    for where, provider in providers:
        if (provider.effort or setting_effort) and (time is None or time.is_extra):
            yield (*where, "effort"), "effort lowers the attribute 'time', which is missing or an extra"
        for index, claim in enumerate(provider.claims):
            if claim.cost is not None and where != (FIRM,):
                yield (*where, "claims", index, "cost"), "what a rival spends is not counted; leave it out"
    seen: dict[tuple[object, Target], str] = {}
    for index, event in enumerate(scenario.events):
        for path, value in event.set.items():
            here: Path = ("events", index, "set", path)
            try:
                found = target(path, scenario)
            except ValueError as error:
                yield here, str(error)
                continue
            if complaint := wrong(found.what, value):
                yield here, complaint
            other = seen.setdefault((event.at, found), dotted(here))
            if other != dotted(here):
                yield here, f"{other} sets the same on the same day; leave one of them out"
