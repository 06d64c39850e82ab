"""What contacts and a community let one expect, to first order (MODEL 3.7)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from loyaltysim.scenario.spec import Community, Contact, Scenario, Segment

MONTH = 365.0 / 12.0  # days
Line = tuple[str, str, float | None, str, str]
"""An expectation: its name, the segment it is about, its value, its unit, how it comes about."""


def tolerated(contact: Contact, segment: Segment) -> float:
    """Contacts that a mean customer of the segment tolerates, a month."""
    return (contact.tolerance if segment.tolerates is None else segment.tolerates) * MONTH


def rates_of(contact: Contact, name: str) -> tuple[float, float]:
    """Contacts a month with a customer of a segment as far as it is known before, and with some at most."""
    whole, some = [], []
    for plan in contact.plans.values():
        target = plan.target
        if target.classes or target.tiers or target.stages or target.groups:
            some.append(plan.rate)
        elif name in target.segments:
            whole.append(plan.rate)
    usual = min(whole) if whole else contact.rate
    most = usual if whole else max([usual, *some])
    return usual * MONTH, most * MONTH


def bond_at_rest(contact: Contact, within: float) -> float:
    """M (1 - q) / (1 - f q) after each month's contacts, q = (1 - gain / M)^y, f what a month leaves."""
    if contact.most == 0.0:
        return 0.0
    q = math.exp(math.log1p(-contact.gain / contact.most) * within)
    return contact.most * (1.0 - q) / (1.0 - q * math.exp2(-MONTH / contact.fades))


def strain_at_rest(contact: Contact, beyond: float) -> float:
    """What so many contacts a month beyond tolerance take in the end: effort x / (1 - f)."""
    return contact.effort * beyond / (1.0 - math.exp2(-MONTH / contact.heals))


def still_consent(contact: Contact, beyond: float) -> float:
    """Of those who gave their consent, the share that still does after a year."""
    return float((1.0 - contact.unsubscribes) ** (12.0 * beyond))


def contacts(scenario: Scenario, contact: Contact, home: dict[str, float]) -> Iterator[Line]:
    """How many, what they cost, and what they leave; `home`: customers at home at the start, by segment."""
    rates = {name: rates_of(contact, name)[0] for name in home}
    number = contact.consent * math.fsum(home[name] * rates[name] for name in home)
    how = f"{contact.consent * 100:g} % of {math.fsum(home.values()):,.0f} at home consent; all are members"
    yield "contacts_a_month", "", number, "contacts", how
    if contact.cost is not None:
        each = float(contact.cost.amount)
        yield "cost_of_contacts_a_month", "", number * each, scenario.currency, f"{each:g} each"
    for name in home:
        segment = scenario.market.segments[name]
        within = min(rates[name], tolerated(contact, segment))
        how = f"{within:.3g} a month that she tolerates, for ever"
        yield "bond_of_contacts", name, bond_at_rest(contact, within), "CSI points", how


def community(scenario: Scenario, terms: Community, home: dict[str, float]) -> Iterator[Line]:
    """How many take part in the end, and what it binds them with."""
    joins = terms.interest * terms.chance / (terms.chance + terms.leaves)
    how = f"{terms.interest * 100:g} % interested; join {terms.chance:g}, leave {terms.leaves:g} a month"
    yield "take_part_in_the_end", "", joins * math.fsum(home.values()), "customers", how
    if terms.leaves > 0.0:
        months = 1.0 / terms.leaves
        bond = terms.most * (1.0 - math.exp2(-months * MONTH / terms.half_life))
        yield "bond_of_community", "", bond, "CSI points", f"after {months:.3g} months, the mean time in it"


def too_often(scenario: Scenario) -> Iterator[str]:
    """Who is contacted more than she tolerates, and what that leads to."""
    contact = scenario.programme.contact if scenario.programme else None
    if contact is None:
        return
    for name, segment in sorted(scenario.market.segments.items()):
        rate = rates_of(contact, name)[1]
        beyond = rate - tolerated(contact, segment)
        if beyond > 1e-6:
            gone = 1.0 - still_consent(contact, beyond)
            yield (
                f"{rate:.3g} contacts a month are {beyond:.3g} more than a mean customer of '{name}' "
                f"tolerates: that takes {strain_at_rest(contact, beyond):.1f} CSI points in the end, and "
                f"{100 * gone:.0f} % of those who consent withdraw it within a year"
            )
