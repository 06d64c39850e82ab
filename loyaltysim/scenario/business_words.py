"""What the fields of a scenario are called when people speak of them: nouns, and the units of bare numbers.

A place is written with `*` for each name; `{0}` in the noun is the first of those names. What has no noun of
its own is called by its key and its place.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from loyaltysim.scenario import business_nouns as more
from loyaltysim.scenario.marks import Path, dotted


class Noun(NamedTuple):
    """What a field is called, and what its bare numbers are."""

    text: str
    unit: str = ""
    """What stands behind a bare number."""

    @property
    def plural(self) -> bool:
        """Whether a verb takes its plural."""
        head = re.split(r" (?:of|at|in|for|on|among|that|who|to) ", self.text.rpartition(": ")[2])[0]
        return " and " in head or (head.endswith("s") and not head.endswith(("ss", "basis", "bonus")))


CSI = "CSI points"
_Table = dict[str, str | tuple[str, str]]
"""A noun, or a noun with the unit of its bare numbers, for each place."""

_PROVIDER: _Table = {
    "attributes": "the attributes of {0}",
    "attributes.*.level": ("the {1} of {0}", CSI),
    "attributes.*.sd": ("the spread of the {1} of {0}", CSI),
    "attributes.*.kind": "the kind of the attribute {1}",
    "attributes.*.need": "the kind of need that the attribute {1} answers",
    "attributes.*.keeps": "the part of the delight in {1} that stays",
    "attributes.*.floor": ("the floor of the attribute {1}", CSI),
    "attributes.*.penalty": ("the penalty below the floor of the attribute {1}", CSI),
    "price_level": "the price level of {0}",
    "offers[]": "an offer of {0}",
    "effort": ("the effort of dealing with {0}", CSI),
    "claims[]": "a claim of {0}",
    "failures": "the failures of {0}",
    "failures.chance": "the chance that {0} fails at a visit",
    "failures.severity": ("the severity of a failure of {0}", CSI),
    "failures.complains": "the share of failures of {0} that are complained of",
    "failures.recovered": "the share of complaints that {0} puts right",
    "failures.repairs": "the repair of a complaint put right by {0}",
    "failures.cost": "the cost of putting a complaint right",
    "returns": "the sales of {0} that are brought back",
    "rewards": "the rewards of {0}",
    "reactions[]": "a reaction of {0}",
    "awareness": "the awareness of {0}",
    "sites": "the sites of {0}",
    "service": "the desks and waiting of {0}",
    "service.desks": "the desks of each site of {0}",
    "service.open.hours": "the opening hours of {0}",
    "service.open.from": ("the opening time of {0}", "o'clock"),
    "service.time.mean": "the time a clerk spends on a customer",
    "service.time.cv": "the variation of the time a clerk spends on a customer",
    "service.patience": "the patience of customers who wait",
    "service.patience.mean": "the mean patience of customers who wait",
    "service.peaks": "the peaks of the day",
    "service.self_service": "the self-service of {0}",
    "service.self_service.share": "the share of visits served by self-service",
    "service.self_service.cost": "the cost of a visit served by self-service",
    "service.comfort": "the comfort of waiting at {0}",
    "service.information": "the information on the wait",
    "service.promise": "the promise of a short wait",
    "service.promise.within": "the wait that is promised",
    "service.promise.cost": "the price of a promise broken",
    "costs.goods": "the cost of goods of {0}",
    "costs.clerk": "the cost of a clerk",
    "costs.fixed": "the fixed cost of {0}",
}

_PROGRAMME: _Table = {
    "enrolment": "enrolment",
    "enrolment.chance": "the chance that a customer who is asked enrols",
    "enrolment.friction": "the trouble of enrolling",
    "enrolment.cost": "the cost of enrolling a member",
    "enrolment.bonus": "the welcome points",
    "enrolment.identified": "the share of members' purchases that are identified",
    "points": "the points scheme",
    "points.earn": "the number of points earned",
    "points.worth": "the worth of a point",
    "points.minimum": "the smallest redemption",
    "points.step": "the step of redemption",
    "points.expiry": "the life of points",
    "points.expires": "the rule of expiry",
    "points.rounding": "the rounding of points",
    "points.valuation": "the worth that customers feel in a unit of face value",
    "points.hassle": "the hassle of redeeming",
    "points.displacement": "the share of rewards that pay for what would have been bought anyway",
    "points.fulfilment": "the cost of handing out a reward",
    "points.goal": "the pull of a reward that is near",
    "points.goal.strength": "the strength of the pull of a reward that is near",
    "points.lift": "the lift after a reward",
    "points.lift.strength": "the strength of the lift after a reward",
    "points.endowed": "the progress given with the first card",
    "points.endowed.points": "the points given with the first card",
    "points.kept": "the share of customers who keep the card",
    "points.returns": "what becomes of points on goods brought back",
    "points.sign_up": "the points for signing up",
    "points.birthday": "the points on a birthday",
    "points.campaigns[]": "a campaign of extra points",
    "points.changes[]": "a change of the terms of points",
    "cashback": "the cash back",
    "member_price": "the price for members",
    "member_price.discount": "the discount for members",
    "tiers": "the tiers",
    "tiers.window": "the window of qualification for a tier",
    "tiers.review": "the rule of review of tiers",
    "tiers.holds": "the time a tier is held",
    "tiers.soft_landing": "the soft landing of tiers",
    "tiers.levels": "the tiers",
    "tiers.levels.*.from": "the threshold of the tier {0}",
    "tiers.levels.*.multiplier": "the multiplier of points in the tier {0}",
    "tiers.levels.*.perks.cost": "the cost of perks at a visit in the tier {0}",
    "tiers.levels.*.perks.value": ("the worth of perks in the tier {0}", CSI),
    "tiers.levels.*.priority": "the priority of the tier {0} in the line",
    "tiers.levels.*.status": ("the status felt in the tier {0}", CSI),
    "contact": "the contacts with members",
    "contact.rate": "the rate of contacts with members",
    "contact.cost": "the cost of a contact",
    "contact.consent": "the share of customers who consent to contacts",
    "contact.plans": "the plans of contacts",
    "contact.plans.*": "the plan of contacts {0}",
    "contact.plans.*.rate": "the rate of contacts of the plan {0}",
    "contact.plans.*.target": "the target of the plan of contacts {0}",
    "contact.target": "the target of contacts",
    "contact.asleep": "the months without a purchase after which contacts stop",
    "contact.gain": ("the bond that a first contact leaves", CSI),
    "contact.most": ("the bond that contacts lead to at most", CSI),
    "contact.fades": "the half-life of the bond of contacts",
    "contact.tolerance": "the rate of contacts that customers tolerate",
    "contact.tolerance_spread": "the spread of the contacts that customers tolerate",
    "contact.effort": ("the strain of a contact beyond tolerance", CSI),
    "contact.heals": "the half-life of the strain of contacts",
    "contact.unsubscribes": "the chance that a contact beyond tolerance ends her consent",
    "community": "the community",
    "community.interest": "the share of customers for whom the community is something",
    "community.chance": "the chance of joining the community in a month",
    "community.devotion": "the weight of satisfaction in joining the community",
    "community.most": ("the bond that the community leads to at most", CSI),
    "community.half_life": "the time in which half of the bond of the community grows",
    "community.fades": "the half-life of the bond of those who have left the community",
    "community.leaves": "the chance of leaving the community in a month",
    "community.cost": "the cost of each who takes part in the community",
    "community.fixed": "the fixed cost of the community",
    "fixed": "the fixed cost of the programme",
    "rollout": "the roll-out of the programme",
    "acquisition": "the campaigns of acquisition",
    "win_back": "winning back",
    "win_back.reach": "the reach of winning back",
    "win_back.gift": "the gift to those to be won back",
    "win_back.cost": "the cost of a contact of winning back",
    "save": "saving those who are about to leave",
    "save.gift": "the gift to those about to leave",
}

_SEGMENT: _Table = {
    "share": "the share of {0} in the market",
    "home": "the homes of {0} at the start",
    "home.*": "the share of {0} at home with {1} at the start",
    "occasions.mean": "the occasions of {0}",
    "occasions.every": "the time between occasions of {0}",
    "occasions.shape": "the shape of the spread of rates among {0}",
    "basket.mean": "the mean basket of {0}",
    "basket.shape": "the shape of baskets of {0}",
    "basket.spread": "the shape of the spread of baskets among {0}",
    "weights.*": "the weight of {1} for {0}",
    "extras": ("the weight of extras for {0}", CSI),
    "threshold.mean": ("the mean switching threshold of {0}", CSI),
    "threshold.sd": ("the spread of the switching threshold of {0}", CSI),
    "fit.sd": ("the spread of fit with providers among {0}", CSI),
    "switching_cost": ("the switching cost of {0}", CSI),
    "bonds": "the bonds of {0}",
    "tolerates": "the contacts that {0} tolerate",
    "price_weight": ("the price weight of {0}", f"{CSI} per 1 % of a basket"),
    "lifetime": "the time {0} stay in the market",
    "lifetime.mean": "the mean time {0} stay in the market",
}

_TOP: _Table = {
    "name": "the name",
    "question": "the question",
    "currency": "the currency",
    "first_day": "the first day",
    "warm_up": "the warm-up",
    "horizon": "the horizon",
    "seed": "the seed",
    "replications": "the number of replications",
    "opening": "the opening of the market",
    "rivals": "the rivals",
    "events[]": "an event",
    "programme": "the programme",
    "status_quo": "the programme that runs already",
    "loyalty": "the curve of loyalty",
    "loyalty.theory": "the theory of loyalty",
    "loyalty.period": "the period of the curve of loyalty",
    "loyalty.stay": "the range of the chance of staying",
    "loyalty.steepness": ("the steepness of the curve of loyalty", CSI),
    "loyalty.rate": "the chance of staying",
    "loyalty.away": "buying away from home",
    "loyalty.away.at_par": "the chance of buying away from home at par",
    "loyalty.stock_horizon": "the horizon of stocking up",
    "relationship": "the bonds of affect, trust and habit",
    "experience": "the memory of experience",
    "experience.beta_up": "the weight of good surprises",
    "experience.beta_down": "the weight of bad surprises",
    "reputation": "reputation",
    "reputation.speed": "the speed of reputation",
    "waiting": "the penalty of waiting",
    "waiting.penalty": ("the penalty of waiting", CSI),
    "waiting.tolerance": "the wait that is tolerated",
    "satisfaction.cuts": "the cuts between classes of satisfaction",
    "finance.customer_worth": "what a customer kept is worth",
    "finance.discount_rate": "the discount rate",
    "finance.point.redeemed": "the share of points expected to be redeemed",
    "survey": "the survey",
    "checks[]": "a check",
    "observed": "the published data",
    "market.customers": "the number of customers in the market",
    "market.entrants": "the inflow of newcomers",
    "market.entries[]": "an entry of customers",
    "market.category_expandability": "the part of extra purchases that are new to the category",
    "market.borrowed": "the part of extra purchases that are paid back later",
    "market.season": "the season",
    "market.segments": "the segments",
}


_DAYS = {
    (what, key): word for what in ("offers", "campaigns") for key, word in (("from", "start"), ("to", "end"))
}
_DAYS |= {(what, "at"): "day" for what in ("claims", "events", "changes", "acquisition")} | {
    ("entries", "on"): "day"
}
"""Keys of days, which are no nouns, by what happens on them."""


def _noun(told: str | tuple[str, str]) -> Noun:
    """A noun of the tables."""
    return Noun(told) if isinstance(told, str) else Noun(*told)


def _nouns() -> dict[str, Noun]:
    """Every noun by its place."""
    found = {place: _noun(told) for place, told in (more.TOP | _TOP).items()}
    found |= {f"market.segments.*.{place}": _noun(told) for place, told in (more.SEGMENT | _SEGMENT).items()}
    provider = more.PROVIDER | _PROVIDER
    found |= {f"rivals.*.{place}": _noun(told) for place, told in provider.items()}
    for place, told in provider.items():
        text, unit = _noun(told)
        found[f"firm.{place}"] = Noun(text.replace("{0}", "the firm").replace("{1}", "{0}"), unit)
    for place, told in (more.PROGRAMME | _PROGRAMME).items():
        found[f"programme.{place}"] = _noun(told)
        found[f"status_quo.{place}"] = Noun(f"so far: {_noun(told).text}", _noun(told).unit)
    return found


NOUNS = _nouns()


def noun_of(path: Path) -> Noun:
    """What the field at a path is called; an item of a list by what its list holds."""
    steps = [str(step) for step in path if not isinstance(step, int)]
    item = "[]" if isinstance(path[-1], int) else ""
    for place, noun in NOUNS.items():
        wanted = place.removesuffix("[]").split(".")
        if place.endswith("[]") != bool(item) or len(wanted) != len(steps):
            continue
        if all(w in ("*", step) for w, step in zip(wanted, steps, strict=True)):
            names = [step for w, step in zip(wanted, steps, strict=True) if w == "*"]
            return Noun(noun.text.format(*names), noun.unit)
    if (whom := _target(path)) is not None:
        return whom
    last = _DAYS.get((steps[-2] if len(steps) > 1 else "", steps[-1]), steps[-1]).replace("_", " ")
    above = dotted(tuple(path[:-1]))
    return Noun(f"{above}: the {last}" if above else f"the {last}")


def _target(path: Path) -> Noun | None:
    """Whom something is for, where the path leads to a target (`target`, `cashback_target`)."""
    for place, step in enumerate(path):
        if str(step).endswith("target"):
            what = str(step).removesuffix("target").rstrip("_")
            of = noun_of((*path[:place], what) if what else path[:place])
            whom = more.TARGETS.get(str(path[-1]), "those")
            return Noun(f"{whom} for whom {of.text} {'are' if of.plural else 'is'}")
    return None
