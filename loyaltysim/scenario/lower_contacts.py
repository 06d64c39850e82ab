"""Contacts and a community as records."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.programme.terms import COMMUNITY, MILLIONTHS, OUTREACH, PLAN
from loyaltysim.scenario.lower_enrolment import MONTH, logit
from loyaltysim.scenario.lower_targeting import number_of
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.spec import Contact, ContactPlan, Instruments, Scenario


def a_month(rate: float) -> float:
    """A daily rate as one a month; rounded, so that whole numbers stay whole."""
    return round(rate * MONTH, 9)


def decay(half_life: float) -> float:
    """A half-life in days as a rate per day."""
    return math.log(2.0) / half_life


def lower_contacts(scenario: Scenario, programme: Instruments | None, unit: int) -> np.ndarray:
    """How members are contacted, OUTREACH (1,); where they are not, what contacts left fades as before."""
    one = np.zeros(1, OUTREACH)
    terms = programme.contact if programme else None
    known = [x.contact for x in (scenario.status_quo, scenario.programme) if x and x.contact]
    if known:
        fill(one[0], fading=decay((terms or known[0]).fades), healing=decay((terms or known[0]).heals))
    if terms is None:
        return one
    fill(
        one[0],
        active=1,
        rate=a_month(terms.rate),
        target=number_of(terms.target, scenario),
        cost=0 if terms.cost is None else round(minor(terms.cost, unit) * MILLIONTHS),
        consent=terms.consent,
        asleep=terms.asleep * MONTH,
        most=terms.most,
        growing=math.log1p(-terms.gain / terms.most) if terms.most > 0.0 else 0.0,
        tolerance=a_month(terms.tolerance),
        tolerance_spread=terms.tolerance_spread,
        effort=terms.effort,
        wearing_out=-math.log1p(-terms.unsubscribes),
    )
    return one


def lower_plans(scenario: Scenario, programme: Instruments | None) -> np.ndarray:
    """Other rates of contacts for some, PLAN (plans,): as many rows for either programme."""
    both = (x.contact for x in (scenario.status_quo, scenario.programme) if x)
    most = max((len(plans_of(contact)) for contact in both), default=0)
    plans = np.zeros(most, PLAN)
    plans["rate"] = math.inf
    named = plans_of(programme.contact) if programme else {}
    for one, (_, plan) in zip(plans, sorted(named.items()), strict=False):
        fill(one, target=number_of(plan.target, scenario), rate=a_month(plan.rate))
    return plans


def plans_of(contact: Contact | None) -> dict[str, ContactPlan]:
    """The plans of a programme's contacts."""
    return contact.plans if contact else {}


def lower_community(scenario: Scenario, programme: Instruments | None, unit: int) -> np.ndarray:
    """The community, COMMUNITY (1,); where there is none, what one has left fades as before."""
    one = np.zeros(1, COMMUNITY)
    terms = programme.community if programme else None
    known = [x.community for x in (scenario.status_quo, scenario.programme) if x and x.community]
    if known:
        fill(one[0], fading=decay((terms or known[0]).fades))
    if terms is None:
        return one
    fill(
        one[0],
        active=1,
        interest=terms.interest,
        logit=logit(terms.chance),
        devotion=terms.devotion / 10.0,
        most=terms.most,
        growing=decay(terms.half_life),
        leaving=-math.log1p(-terms.leaves),
        cost=0 if terms.cost is None else round(minor(terms.cost, unit)),
    )
    return one
