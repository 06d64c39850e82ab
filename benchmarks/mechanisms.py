"""What each mechanism costs a visit: the market of the benchmarks with it, against the same market without.

A mechanism is what a scenario file names; the figure is the time of one visit with it over the time without,
in turn within one round. It holds what the mechanism changes about the visits, too: who waits longer, comes
more often or has a ledger of her own takes the time that this takes.
"""

from __future__ import annotations

from functools import partial

from benchmarks.measuring import ROUNDS, cpu, side_by_side
from benchmarks.worlds import counted, lived, numbers
from loyaltysim.rules.arrays import World

CUSTOMERS, MONTHS = 20_000, 24
RIVAL = "{attributes: {quality: {level: 70, sd: 8}, time: {level: 76, sd: 6}, price: {level: 76, sd: 4}}}"
MECHANISMS: dict[str, tuple[str, ...]] = {
    "no desks: nobody waits": ("firm.service=", "waiting="),
    "no points": ("programme.points=",),
    "a rival's offer for three months": (
        "rivals.Rival.offers=[{from: month 6, to: month 9, depth: 20 %, reach: 50 %}]",
    ),
    "decay of satisfaction and drift of expectation": (
        "experience.decay=365 days",
        "experience.forgetting=0.02 / month",
    ),
    "buying elsewhere": ("loyalty.away={at_par: 25 %, slope: 30}",),
    "self-service, comfort and information": (
        "firm.service.self_service={share: 15 %, effort: 5, fails: 4 %}",
        "firm.service.comfort={shortens: 30 %}",
        "firm.service.information={shortens: 10 %}",
    ),
    "peaks": ("firm.service.open={from: 8, hours: 12 h/day}", "firm.service.peaks=[1, 2, 3, 2, 1, 1]"),
    "some are served first": ("market.segments.customers.priority=true",),
    "failures, complaints and recovery": (
        "firm.failures={chance: 3 %, attribute: quality, severity: 40, complains: 30 %, recovered: 60 %}",
    ),
    "an extra that comes to be expected": (
        "firm.attributes.gift={level: 5, sd: 2, need: additional, keeps: 30 %}",
        "rivals.Rival.attributes.gift={level: 0}",
    ),
    "an upgrade at a date": ("events=[{at: month 12, set: {firm.attributes.quality.level: 80}}]",),
    "offers to win back and to keep": (
        "programme.win_back={delay: 1 month, gift: 8 EUR}",
        "programme.save={reach: 50 %, gift: 6 EUR}",
    ),
    "a rival that copies the programme": (
        "rivals.Rival.reactions=[{to: programme, does: copy, lag: 6 months}]",
    ),
    "a rollout to half the customers": ("programme.rollout={share: 50 %}",),
    "a member price for some by the records": (
        "firm.records={high_value: 100 EUR}",
        "programme.member_price={discount: 1 %, target: {groups: [friends]}}",
    ),
    "surprises": ("programme.surprise={chance: 10 %, value: 10}",),
    "points by class of products": (
        "market.segments.customers.buys={fresh: 40 %}",
        "programme.points.classes={fresh: 2}",
    ),
    "needs that change": (
        "market.segments.customers.needs="
        "{toward: {quality: 30 %, time: 40 %, price: 30 %}, half_life: 2 years}",
    ),
    "tastes that change": ("market.segments.customers.fit={sd: 8, taste_drift: 2 years}",),
    "affect, trust and habit": ("relationship={}",),
    "word of mouth": ("word_of_mouth={}",),
    "enrolment": ("programme.enrolment={chance: 20 %, appeal: 0.5, cost: 1 EUR, identified: 80 %}",),
    "tiers": ("programme.tiers={window: 12 months, levels: {gold: {from: 8 visits, multiplier: 1.5}}}",),
    "stored value": ("programme.stored_value={top_up: 50 EUR, chance: 20 %, bonus: 5 %}",),
    "a paid club": (
        "programme.membership={fee: 10 EUR, term: 12 months, discount: 3 %, renewal: {alpha: 1, beta: 2}}",
    ),
    "contacts": ("programme.contact={rate: 5 / month, tolerance: 4 / month, cost: 0.01 EUR}",),
    "a community": ("programme.community={cost: 0.20 EUR/month}",),
    "referrals, with a bonus": (
        "referrals={rate: 0.1 / month}",
        "programme.referral={bonus: 2 EUR, welcome: 2 EUR}",
    ),
    "sales that are brought back": ("firm.returns={share: 10 %}",),
    "the pull of a reward that is near": ("programme.points.goal={}",),
    "cash back and a member price": ("programme.cashback=1 %", "programme.member_price={discount: 1 %}"),
    "double points, and terms that change": (
        "programme.points.campaigns=[{from: month 3, to: month 4, multiplier: 2}]",
        "programme.points.changes=[{at: month 12, announced: month 9, worth: 0.04 EUR}]",
    ),
    "points held on the first day": ("programme.points.opening={share: 70 %, mean: 50 points}",),
    "a way out of the category": ("market.outside={view: 45, awareness: 80 %}",),
    "a rival that becomes known": ("rivals.Rival.growth={to: 90 %, half_life: 6 months, from: month 2}",),
    "a survey each month": ("survey={sample: 20 %, response: 30 %}",),
    "causes of defection": ("loyalty.causes=true",),
    "three rivals more": (
        *(f"rivals.{name}={RIVAL}" for name in "BCD"),
        "market.segments.customers.home={firm: 50 %, Rival: 20 %, B: 10 %, C: 10 %, D: 10 %}",
    ),
}


def a_visit(*overrides: str) -> float:
    """Nanoseconds of CPU of one visit, the opening of the world included."""
    parameters = numbers(CUSTOMERS, MONTHS, *overrides)
    found: list[World] = []
    seconds = cpu(lambda: found.append(lived("compiled", parameters)))
    return 1e9 * seconds / counted(found[0]).visits


def costs(rounds: int = ROUNDS) -> dict[str, list[tuple[float, float]]]:
    """By mechanism: nanoseconds of a visit without it and with it, round by round."""
    a_visit()
    found = side_by_side(a_visit, *(partial(a_visit, *words) for words in MECHANISMS.values()), rounds=rounds)
    return {name: [(r[0], r[place]) for r in found] for place, name in enumerate(MECHANISMS, start=1)}
