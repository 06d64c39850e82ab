"""Do the parts of a programme fit together, and the programme with the rest of the scenario?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from loyaltysim.scenario.coherence_rollout import rollout_faults
from loyaltysim.scenario.coherence_times import day_at
from loyaltysim.scenario.currencies import money_unit
from loyaltysim.scenario.marks import Fault, Path
from loyaltysim.scenario.mixtures import mixture
from loyaltysim.scenario.suggestions import hint

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Instruments, Scenario, Target

LARGEST_TERM = 10**9  # of a rate as a fraction: times an amount of a thousand millions it fits 64 bits


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
        first = yield from day_at(campaign.start, (*path, "from"), scenario)
        last = yield from day_at(campaign.end, (*path, "to"), scenario)
        if first is None or last is None:
            continue
        if campaign.target is not None and terms is not None and terms.target is not None:
            yield (*path, "target"), "points are for some customers only already ('points.target')"
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
        day = yield from day_at(change.at, (*path, "at"), scenario)
        told = day
        if change.announced is not None:
            told = yield from day_at(change.announced, (*path, "announced"), scenario)
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


def _opening(scenario: Scenario) -> Iterator[Fault]:
    """Points that are held at the opening have not lapsed, and the books are opened once."""
    for where, programme in _programmes(scenario):
        terms = programme.points
        if terms is None or terms.opening is None:
            continue
        path: Path = (*where, "points", "opening")
        expires = terms.expiry if terms.expires == "fixed" else None
        if expires is not None and len(terms.opening.ages) > expires:
            yield (*path, "ages"), f"points lapse after {expires} months; give no more weights than that"
        if where == ("programme",) and scenario.status_quo and scenario.status_quo.points:
            yield path, "points run already, their balances go on; say at 'status_quo' what it opens with"


def _opening_tiers(scenario: Scenario) -> Iterator[Fault]:
    """Tiers are opened once, and where there are members to hold them."""
    for where, programme in _programmes(scenario):
        if programme.tiers is None or not programme.tiers.opening:
            continue
        path: Path = (*where, "tiers", "opening")
        if where == ("programme",) and scenario.status_quo and scenario.status_quo.tiers:
            yield path, "tiers run already, they go on; say at 'status_quo' that they are held at the start"
        elif programme.enrolment is not None and (
            programme.points is None or programme.points.opening is None
        ):
            yield path, "nobody is a member on the first day; let some hold points then ('points.opening')"


def _targeted(scenario: Scenario) -> Iterator[tuple[Path, Target]]:
    """Everything that is for some customers only, with its path."""
    found: list[tuple[Path, Target | None]] = [
        (("firm", "offers", index), offer.target) for index, offer in enumerate(scenario.firm.offers)
    ]
    for where, programme in _programmes(scenario):
        if programme.member_price is not None:
            found.append(((*where, "member_price"), programme.member_price.target))
        if programme.surprise is not None:
            found.append(((*where, "surprise"), programme.surprise.target))
        if programme.contact is not None:
            found.append(((*where, "contact"), programme.contact.target))
            for name, plan in programme.contact.plans.items():
                found.append(((*where, "contact", "plans", name), plan.target))
        if programme.tiers is not None:
            found.append(((*where, "tiers"), programme.tiers.target))
    one = scenario.programme
    if one is not None:
        found += [(("programme", "acquisition", name), x.target) for name, x in one.acquisition.items()]
        for name in ("win_back", "save"):
            offer = getattr(one, name)
            found += [(("programme", name), offer.target)] if offer is not None else []
        for index, campaign in enumerate(one.points.campaigns if one.points else ()):
            found.append((("programme", "points", "campaigns", index), campaign.target))
        found += [(("programme", "points"), one.points.target)] if one.points else []
    for path, target in found:
        if target is not None:
            yield (*path, "target"), target
    for where, programme in _programmes(scenario):
        if programme.cashback_target is not None:
            yield (*where, "cashback_target"), programme.cashback_target


def _targets(scenario: Scenario) -> Iterator[Fault]:
    """A target names what there is, and what the records can tell."""
    segments = list(scenario.market.segments)
    tiered = next((x.tiers for _, x in _programmes(scenario) if x.tiers is not None), None)
    tiers = ["none", *tiered.levels] if tiered else []
    classes = len(scenario.satisfaction.cuts) + 1
    seen: set[Target] = set()
    for path, target in _targeted(scenario):
        seen.add(target)
        for name in target.segments:
            if name not in segments:
                yield (*path, "segments"), f"there is no segment '{name}'; {hint(name, segments)}"
        for name in target.tiers:
            if name not in tiers:
                known = hint(name, tiers) if tiers else "name tiers, too"
                yield (*path, "tiers"), f"there is no tier '{name}'; {known}"
        for number in target.classes:
            if number > classes:
                yield (*path, "classes"), f"there is no class {number}; satisfaction has {classes} classes"
        if target.stages and scenario.relationship is None:
            yield (*path, "stages"), "stages need affect, trust and habit; name 'relationship', too"
        if target.groups and scenario.firm.records.high_value is None:
            yield (*path, "groups"), "say from which yearly spend value is high: 'firm.records.high_value'"
    if len(seen) > MOST_TARGETS:
        yield ("programme",), f"{len(seen)} different targets are too many; at most {MOST_TARGETS} fit"


def _surprise(scenario: Scenario) -> Iterator[Fault]:
    """A surprise is felt."""
    for where, programme in _programmes(scenario):
        if programme.surprise is not None and scenario.experience is None:
            yield (
                (*where, "surprise"),
                "a surprise is felt as what goes beyond expectation; name 'experience' "
                "(such as {beta_up: 0.2}), too",
            )


def _classes(scenario: Scenario) -> Iterator[Fault]:
    """Classes of products that earn in their own way are bought by somebody, and earn by what is spent."""
    bought = sorted({name for segment in scenario.market.segments.values() for name in segment.buys})
    for where, programme in _programmes(scenario):
        terms = programme.points
        if terms is None or not terms.classes:
            continue
        path: Path = (*where, "points", "classes")
        if terms.earn.per == "visit":
            yield path, "classes of products earn by what is spent on them; earn per currency unit"
        for name in terms.classes:
            if name not in bought:
                known = hint(name, bought) if bought else "say who does at 'market.segments.*.buys'"
                yield (*path, name), f"no segment buys '{name}'; {known}"
        for name, segment in scenario.market.segments.items():
            rate = Fraction(terms.earn.points) * mixture(programme, segment)
            if max(rate.as_integer_ratio()) > LARGEST_TERM:
                yield path, f"what '{name}' earns has more digits than points are reckoned with"


def _stored_value(scenario: Scenario) -> Iterator[Fault]:
    """Something is paid in, within what balances are reckoned in; balances open once."""
    most = LARGEST_TERM // money_unit(scenario.currency)
    for where, programme in _programmes(scenario):
        terms = programme.stored_value
        if terms is None:
            continue
        path: Path = (*where, "stored_value")
        for name, amount in (("top_up", terms.top_up), ("below", terms.below)):
            if amount is not None and not 0 < amount.amount <= most:
                yield (
                    (*path, name),
                    f"more than 0, and at most {most:,} {scenario.currency}, not {amount.amount}",
                )
        if terms.unclaimed == "state" and scenario.finance.prepaid.redeemed < 1.0:
            what = "all is owed where the state gets what is left; 'finance.prepaid.redeemed' is 100 % then"
            yield (*path, "unclaimed"), what
        if terms.opening is None:
            continue
        if not 0 < terms.opening.mean.amount <= most:
            yield (*path, "opening", "mean"), f"more than 0, and at most {most:,} {scenario.currency}"
        if where == ("programme",) and scenario.status_quo and scenario.status_quo.stored_value:
            yield (
                (*path, "opening"),
                "value is stored already, balances go on; say at 'status_quo' what it opens with",
            )


def _membership(scenario: Scenario) -> Iterator[Fault]:
    """A fee is within what amounts are reckoned in; a club gives something, or nobody would join."""
    most = LARGEST_TERM // money_unit(scenario.currency)
    for where, programme in _programmes(scenario):
        club = programme.membership
        if club is None:
            continue
        path: Path = (*where, "membership")
        if club.fee.amount > most:
            yield (*path, "fee"), f"at most {most:,} {scenario.currency}, not {club.fee.amount}"
        if not (club.discount or club.worth or club.taste):
            yield path, "members get nothing, so nobody would join; name 'discount', 'worth' or 'taste'"
        running = scenario.status_quo.membership if scenario.status_quo else None
        if where == ("programme",) and club.opening is not None and running is not None:
            what = "a club runs already, its members go on; say at 'status_quo' who they are on the first day"
            yield (*path, "opening"), what


def _contact(scenario: Scenario) -> Iterator[Fault]:
    """What a contact costs is within what amounts are reckoned in."""
    most = LARGEST_TERM // money_unit(scenario.currency) // 1000
    for where, programme in _programmes(scenario):
        cost = programme.contact.cost if programme.contact else None
        if cost is not None and cost.amount > most:
            yield (
                (*where, "contact", "cost"),
                f"at most {most:,} {scenario.currency} a contact, not {cost.amount}",
            )


MOST_TARGETS = 30  # a customer's record marks them in bits

LOOKS = (
    _points,
    _bonus,
    _tiers,
    _cards,
    _campaigns,
    _changes_of_terms,
    rollout_faults,
    _opening,
    _opening_tiers,
    _targets,
    _surprise,
    _classes,
    _stored_value,
    _membership,
    _contact,
)
"""Everything that is looked at."""
