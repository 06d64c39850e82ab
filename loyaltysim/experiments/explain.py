"""First-order expectations before anything is run: what a scenario implies on the back of an envelope.

Everything here is worked out from the values that were written, for customers at the mean of their segment,
with the shares of the start. No feedback: nobody gives up, changes home or comes more often. A run that is
far off has found something that the envelope does not hold, or a slip of the pen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from loyaltysim.experiments import explain_relations as relations
from loyaltysim.metrics.terms import expected_cost_per_point, fixed_cost, scale_of
from loyaltysim.scenario.currencies import money_unit
from loyaltysim.scenario.mixtures import mean_factor
from loyaltysim.scenario.spec import Membership, PointsTerms, Programme, Scenario, Segment, StoredValue, Tiers

MONTH = 365.0 / 12.0  # days
SCALE = 100.0  # CSI points from the worst to the best
NOBODY = 0.005  # share of the customers at home below which a tier is out of reach
SETTLES = 60  # months that a market needs that is opened `fresh` (MODEL 2)


class Expected(NamedTuple):
    """One expectation; `of` is the segment it is about, or nothing; a value of None: not within any time."""

    name: str
    of: str
    value: float | None
    unit: str
    how: str


class Explanation(NamedTuple):
    """What a scenario lets one expect, and what one should know before running it."""

    expected: list[Expected]
    warnings: list[str]

    def value(self, name: str, of: str = "") -> float | None:
        """The value of an expectation."""
        return next(e.value for e in self.expected if (e.name, e.of) == (name, of))

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"expected": [one._asdict() for one in self.expected], "warnings": self.warnings}

    def lines(self) -> list[str]:
        """The same for people."""
        rows = [
            (f"{e.name.replace('_', ' ')}{f' ({e.of})' if e.of else ''}", shown(e), e.how)
            for e in self.expected
        ]
        wide = [max((len(row[k]) for row in rows), default=0) for k in (0, 1)]
        told = [f"  {name:<{wide[0]}}  {value:>{wide[1]}}  {how}" for name, value, how in rows]
        return [*told, *(f"  warning: {text}" for text in self.warnings)]


def shown(one: Expected) -> str:
    """The value of an expectation with its unit."""
    if one.value is None:
        return "never"
    if one.unit == "share":
        return f"{one.value * 100:.1f} %"
    return f"{one.value:,.0f}" if one.value >= 100.0 else f"{one.value:.1f}"


def explain(scenario: Scenario) -> Explanation:
    """What to expect of a scenario, to first order."""
    found: list[Expected] = [*visits(scenario), *desks(scenario)]
    programme = scenario.programme
    if programme is not None:
        if programme.points is not None:
            found += first_rewards(scenario, programme, programme.points)
        if programme.tiers is not None:
            found += tiers_reached(scenario, programme, programme.tiers)
        if programme.stored_value is not None:
            found += stored_value(scenario, programme.stored_value)
        if programme.membership is not None:
            found += paid_club(scenario, programme.membership)
        home = customers_at_home(scenario)
        if programme.contact is not None:
            found += map(Expected._make, relations.contacts(scenario, programme.contact, home))
        if programme.community is not None:
            found += map(Expected._make, relations.community(scenario, programme.community, home))
        found += list(cost_of_the_programme(scenario, found))
    return Explanation(found, list(warnings(scenario, found)))


# ---------------------------------------------------------------- visits and desks


def at_home(scenario: Scenario, segment: Segment) -> float:
    """Share of a segment whose home is the firm at the start."""
    if segment.home is not None:
        return segment.home.get("firm", 0.0)
    return 1.0 / (1 + rivals_seen(scenario))


def customers_at_home(scenario: Scenario) -> dict[str, float]:
    """Customers at home with the firm at the start, by segment, as far as the programme goes."""
    all_of_them = scenario.market.customers * reached(scenario)
    return {name: all_of_them * one.share * at_home(scenario, one) for name, one in segments(scenario)}


def rivals_seen(scenario: Scenario) -> int:
    """Rivals that customers see."""
    return sum(rival.awareness > 0.0 for rival in scenario.rivals.values())


def bought_away(scenario: Scenario) -> float:
    """Share of purchases that are made away from home when her standing is at par (MODEL 3.6)."""
    away = scenario.loyalty.away if scenario.loyalty is not None else None
    return away.at_par if away is not None and rivals_seen(scenario) else 0.0


def occasions(scenario: Scenario, segment: Segment) -> float:
    """Occasions of the mean customer of a segment a month, under the programme."""
    season = scenario.market.season
    rate = 1.0 / segment.occasions.every if segment.occasions.every else segment.occasions.mean or 0.0
    faster = scenario.programme.acceleration if scenario.programme else 1.0
    return rate * MONTH * faster * (math.fsum(season) / len(season) if season else 1.0)


def visits_of(scenario: Scenario, segment: Segment) -> float:
    """Visits of a segment to the firm, a month."""
    home, away = at_home(scenario, segment), bought_away(scenario)
    here = home * (1.0 - away) + (1.0 - home) * away / max(rivals_seen(scenario), 1)
    return scenario.market.customers * segment.share * here * occasions(scenario, segment)


def segments(scenario: Scenario) -> list[tuple[str, Segment]]:
    """Segments in the order of their names."""
    return sorted(scenario.market.segments.items())


def visits(scenario: Scenario) -> Iterator[Expected]:
    """Visits to the firm a month."""
    total = math.fsum(visits_of(scenario, s) for _, s in segments(scenario))
    how = "customers at home at the start x their mean rate"
    if bought_away(scenario):
        how += ", less what they buy away, and what others buy here"
    yield Expected("visits_a_month", "", total, "visits", how)


def desks(scenario: Scenario) -> Iterator[Expected]:
    """How busy the clerks are."""
    service = scenario.firm.service
    if service is None:
        return
    total = math.fsum(visits_of(scenario, s) for _, s in segments(scenario))
    if service.self_service is not None:
        total *= 1.0 - service.self_service.share * (1.0 - service.self_service.fails)
    minutes = service.desks * scenario.firm.sites * service.open.hours * 60.0 * MONTH
    how = (
        f"{total:,.0f} visits x {service.time.mean:.3g} min at {scenario.firm.sites * service.desks} "
        f"desk(s) open {service.open.hours:g} h a day"
    )
    busy = total * service.time.mean / minutes
    yield Expected("utilisation", "", busy, "share", how)
    if service.peaks:
        most = max(service.peaks) * len(service.peaks) / math.fsum(service.peaks)
        how = f"{most:.3g} times the mean of the day comes in the busiest of {len(service.peaks)} parts"
        yield Expected("utilisation_at_peak", "", busy * most, "share", how)


def no_steady_state(scenario: Scenario) -> Iterator[str]:
    """That the line grows without end, if it does: nobody gives up, and the clerks cannot keep up."""
    service = scenario.firm.service
    if service is None or service.patience is not None:
        return
    for one in desks(scenario):
        if one.name == "utilisation" and one.value is not None and one.value >= 1.0:
            yield (
                f"the desks are overloaded, {one.value * 100:.0f} % of their time, and nobody gives up: "
                "waits have no steady state and grow with the horizon; those told are of this horizon only"
            )


# ---------------------------------------------------------------- points


def points_a_visit(terms: PointsTerms, segment: Segment, price: float) -> float:
    """Points of a mean basket; rounding takes or gives half a point on the average of uneven baskets."""
    if terms.earn.per == "visit":
        return float(terms.earn.points)
    exact = float(terms.earn.points) * float(segment.basket.mean.amount) * price
    exact *= float(mean_factor(terms.classes, segment))
    if segment.basket.shape is None and segment.basket.spread is None:
        rounded = {"down": math.floor(exact), "nearest": math.floor(exact + 0.5), "up": math.ceil(exact)}
        return float(rounded[terms.rounding])
    return max(exact + {"down": -0.5, "nearest": 0.0, "up": 0.5}[terms.rounding], 0.0)


def given_at_first(programme: Programme, terms: PointsTerms) -> int:
    """Points that a customer has before she has earned any: for signing up, on her card, for joining."""
    endowed = terms.endowed.points if terms.endowed is not None else 0
    return terms.sign_up + endowed + (programme.enrolment.bonus if programme.enrolment is not None else 0)


def first_rewards(scenario: Scenario, programme: Programme, terms: PointsTerms) -> Iterator[Expected]:
    """Months in which a mean customer gathers the smallest balance that may be redeemed."""
    price = 1.0 + scenario.firm.price_level
    given = given_at_first(programme, terms)
    needed = max(terms.minimum - given, 0)
    for name, segment in segments(scenario):
        a_visit = points_a_visit(terms, segment, price)
        often = occasions(scenario, segment) * (1.0 - bought_away(scenario))
        month = a_visit * often
        less = f", {given:,} of them given," if given else ""
        how = f"{terms.minimum:,} points{less} at {a_visit:.3g} a visit, {often:.3g} visits a month"
        reach = needed / month if month > 0.0 else 0.0 if not needed else math.inf
        if terms.expiry and terms.expires == "fixed" and reach > terms.expiry:
            reach, how = math.inf, f"{how}; points lapse after {terms.expiry} months"
        value = reach if reach < math.inf else None
        yield Expected("months_to_first_reward", name, value, "months", how)


def tiers_reached(scenario: Scenario, programme: Programme, tiers: Tiers) -> Iterator[Expected]:
    """Share of the firm's customers whose own rate fills a tier in one window (NBD rates, mean baskets)."""
    known = programme.enrolment.identified if programme.enrolment else 1.0
    price = 1.0 + scenario.firm.price_level
    points = programme.points
    for name, tier in tiers.levels.items():
        reached = everybody = 0.0
        for _, segment in segments(scenario):
            here = scenario.market.customers * segment.share * at_home(scenario, segment)
            often = occasions(scenario, segment) * (1.0 - bought_away(scenario)) * known
            each = {
                "visits": 1.0,
                "spend": float(segment.basket.mean.amount) * price,
                "points": points_a_visit(points, segment, price) if points else 0.0,
            }[tier.start.measure]
            everybody += here
            reached += here * chance_of_as_much(
                segment, often * each * tiers.window, float(tier.start.amount)
            )
        how = f"whose rate fills {tier.start.amount:g} {tier.start.measure} in {tiers.window} months"
        yield Expected("tier_reached", name, reached / everybody if everybody else 0.0, "share", how)


def chance_of_as_much(segment: Segment, mean: float, needed: float) -> float:
    """Chance that a customer's own mean, gamma over customers, is at least what is needed."""
    from scipy.special import gammaincc  # slow to import, and only tiers ask

    if mean <= 0.0:
        return float(needed <= 0.0)
    shape = segment.occasions.shape
    return float(mean >= needed) if shape is None else float(gammaincc(shape, shape * needed / mean))


def paid_club(scenario: Scenario, club: Membership) -> Iterator[Expected]:
    """How often one must come for a term to be worth its fee, and which share of a segment does (C23)."""
    price = 1.0 + scenario.firm.price_level
    fee = float(club.fee.amount)
    each = 0.0 if club.worth is None else float(club.worth.amount)
    for name, segment in segments(scenario):
        gain = each + club.discount * float(segment.basket.mean.amount) * price
        least = fee / (gain * club.term) if gain > 0.0 else None
        how = f"a fee of {fee:g} for {club.term} months at {gain:.3g} a purchase"
        yield Expected("fee_is_worth_it_from", name, least, "purchases a month", how)
        share = 0.0 if least is None else chance_of_as_much(segment, own_rate(segment), least)
        how = "whose own rate is that high; they pay for it in the end if they stay customers"
        yield Expected("would_join", name, share, "share", how)


def own_rate(segment: Segment) -> float:
    """Occasions of the mean customer of a segment a month, season and programme apart."""
    rate = 1.0 / segment.occasions.every if segment.occasions.every else segment.occasions.mean or 0.0
    return rate * MONTH


def stored_value(scenario: Scenario, terms: StoredValue) -> Iterator[Expected]:
    """What paying ahead saves, and what one who does has stored on the average (C22)."""
    saved = terms.bonus / (1.0 + terms.bonus)
    how = f"{terms.bonus * 100:g} % on top: b / (1 + b)"
    yield Expected("discount_of_paying_ahead", "", saved, "share", how)
    price = 1.0 + scenario.firm.price_level
    top_up = float(terms.top_up.amount)
    for name, segment in segments(scenario):
        basket = float(segment.basket.mean.amount) * price
        often = occasions(scenario, segment) * (1.0 - bought_away(scenario))
        if basket <= 0.0 or often <= 0.0:
            continue
        least = max(float(terms.below.amount), basket) if terms.below is not None else basket
        held = (top_up + max(2.0 * (least - basket) / (1.0 + terms.bonus), 0.0)) / 2.0
        how = f"half a top-up of {top_up:g}" + (" above the balance kept" if terms.below is not None else "")
        yield Expected("money_stored", name, held, scenario.currency, how)
        paid_in = often * basket * (1.0 - saved)
        yield Expected("months_held", name, held / paid_in, "months", f"of {paid_in:.3g} paid in a month")


def reached(scenario: Scenario) -> float:
    """Share of the customers to whom the programme goes."""
    rollout = scenario.programme.rollout if scenario.programme else None
    if rollout is None:
        return 1.0
    last = rollout.stages[-1] if rollout.stages else rollout
    return last.share * (len(last.sites) or scenario.firm.sites) / scenario.firm.sites


def cost_of_the_programme(scenario: Scenario, found: list[Expected]) -> Iterator[Expected]:
    """Cost of the programme as a share of sales, and the lift at which it is earned back (C31)."""
    programme, costs = scenario.programme, scenario.firm.costs
    assert programme is not None
    unit, price = money_unit(scenario.currency), 1.0 + scenario.firm.price_level
    point = expected_cost_per_point(programme, costs.goods, scenario.finance.point.redeemed, unit) / unit
    known = programme.enrolment.identified if programme.enrolment else 1.0
    sales = cost = 0.0
    for _, segment in segments(scenario):
        n, basket = visits_of(scenario, segment), float(segment.basket.mean.amount) * price
        sales += n * basket
        a_visit = at_the_till(programme, basket)
        if programme.points is not None:
            cut = programme.member_price.discount if programme.member_price else 0.0
            a_visit += points_a_visit(programme.points, segment, price * (1.0 - cut)) * point
        cost += n * reached(scenario) * known * a_visit
    if sales <= 0.0:
        return
    fixed = fixed_cost(programme, unit) / unit / scale_of(scenario)
    fixed += math.fsum(one.value or 0.0 for one in found if one.name == "cost_of_contacts_a_month")
    rate, margin = cost / sales, 1.0 - costs.goods / price
    other = "fixed" if programme.contact is None else "fixed and of contacts"
    how = f"{cost:,.0f} of rewards and {fixed:,.0f} {other} a month, of sales of {sales:,.0f}"
    how += left_out(programme)
    yield Expected("programme_cost_share", "", (cost + fixed) / sales, "share", how)
    if cost == 0.0 and left_out(programme):
        return  # what has to be earned back is not on this envelope
    pays = margin > rate
    yield Expected(
        "break_even_lift",
        "",
        rate / (margin - rate) if pays else None,
        "share",
        f"rewards of {rate * 100:.2f} % of sales against a margin of {margin * 100:.1f} %",
    )


def at_the_till(programme: Programme, basket: float) -> float:
    """What a purchase of a member costs at once: member price, cash back on what is left, a surprise."""
    cut = programme.member_price.discount * basket if programme.member_price else 0.0
    gift = programme.surprise
    surprised = gift.chance * float(gift.cost.amount) if gift is not None and gift.cost is not None else 0.0
    return cut + programme.cashback * (basket - cut) + surprised


def left_out(programme: Programme) -> str:
    """What the envelope does not hold of the programme's cost, in words."""
    offers = programme.acquisition or programme.win_back or programme.save or programme.referral
    missing = {
        "tiers": programme.tiers,
        "enrolment": programme.enrolment,
        "stored value": programme.stored_value,
        "the club": programme.membership,
        "those who take part in the community": programme.community and programme.community.cost,
        "offers to persons": offers,
    }
    named = [name for name, there in missing.items() if there]
    if not named:
        return ""
    everybody = "; as if every customer were a member" if programme.enrolment else ""
    return f"{everybody}; without what is given by {', '.join(named)}"


# ---------------------------------------------------------------- warnings


def warnings(scenario: Scenario, found: list[Expected]) -> Iterator[str]:
    """What one should know before running."""
    for one in found:
        if one.name == "months_to_first_reward" and (one.value is None or one.value > scenario.horizon):
            yield f"a mean customer of '{one.of}' never holds a reward within the horizon: {one.how}"
        if one.name.startswith("utilisation") and one.value is not None and one.value >= 1.0:
            when = "at the peak, " if one.name == "utilisation_at_peak" else ""
            yield f"the desks are overloaded, {when}{one.value * 100:.0f} % of their time: {one.how}"
        if one.name == "tier_reached" and (one.value or 0.0) < NOBODY:
            yield f"hardly anybody reaches the tier '{one.of}', {shown(one)}: {one.how}"
        if one.name == "break_even_lift" and one.value is None:
            yield f"every sale to a member loses money: {one.how}"
    yield from too_short(scenario)
    yield from outweighs(scenario)
    yield from relations.too_often(scenario)


def too_short(scenario: Scenario) -> Iterator[str]:
    """The warm-up and the horizon cover the longest memory of the market."""
    experience, points = scenario.experience, scenario.programme.points if scenario.programme else None
    if scenario.opening == "fresh" and scenario.warm_up < SETTLES:
        yield f"a market opened fresh settles in {SETTLES} months or more; its warm-up is {scenario.warm_up}"
    if (
        experience is not None
        and experience.decay is not None
        and experience.decay > scenario.warm_up * MONTH
    ):
        yield (
            f"the warm-up of {scenario.warm_up} months is shorter than {experience.decay / MONTH:.3g} "
            "months, the half-life of satisfaction"
        )
    running = scenario.status_quo
    windows = {
        "the expiry of points": running.points.expiry or 0 if running and running.points else 0,
        "the window of tiers": running.tiers.window if running and running.tiers else 0,
    }
    for what, months in windows.items():
        if months > scenario.warm_up:
            yield (
                f"the warm-up of {scenario.warm_up} months is shorter than {months} months, {what} of the "
                "programme that runs already"
            )
    tiers = scenario.programme.tiers if scenario.programme else None
    if tiers is not None and tiers.window > scenario.horizon:
        yield (
            f"the window of tiers, {tiers.window} months, is longer than the horizon of {scenario.horizon}: "
            "no window ends in it"
        )
    if points is not None and points.expiry and points.expiry > scenario.horizon:
        yield (
            f"points are valid for {points.expiry} months, longer than the horizon of {scenario.horizon}: "
            "no point lapses in it"
        )


def outweighs(scenario: Scenario) -> Iterator[str]:
    """Points held, times price_weight, stay below half the scale of satisfaction (the stock of MODEL 3.5)."""
    points = scenario.programme.points if scenario.programme else None
    if points is None:
        return
    months = min(points.expiry or scenario.horizon, scenario.horizon)
    horizon = (scenario.loyalty.stock_horizon if scenario.loyalty else 0.0) / MONTH
    for name, segment in segments(scenario):
        often = occasions(scenario, segment) * (1.0 - bought_away(scenario))
        held = points_a_visit(points, segment, 1.0 + scenario.firm.price_level) * often * months
        worth = points.valuation * held * float(points.worth.amount) / float(segment.basket.mean.amount)
        weight = segment.price_weight * 100.0 * worth / max(often * horizon, 1.0)
        if weight > SCALE / 2.0:
            yield (
                f"a mean customer of '{name}' who saves all her points holds {held:,.0f} of them, which "
                f"weigh {weight:,.0f} CSI points in her standing: able to outweigh any experience"
            )
