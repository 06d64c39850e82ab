"""The programme as a record: rates as exact fractions of whole numbers, amounts in minor units."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from loyaltysim.rules.programme.terms import DOWN, NEAREST, POINTS, UP
from loyaltysim.scenario.lower_targeting import number_of
from loyaltysim.scenario.lowering import fill, minor
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.quantities import Earning, Money
from loyaltysim.scenario.spec import Change, DatedPoints, Instruments, PointsTerms, Scenario

ROUNDINGS = {"down": DOWN, "nearest": NEAREST, "up": UP}


def no_points() -> np.ndarray:
    """POINTS (1,) of a firm without a points scheme."""
    points = np.zeros(1, POINTS)
    fill(points[0], earn_over=1, worth_over=1, minimum=1, step=1, choice_scale=1.0, acceleration=1.0,
         heavy_rate=1.0, gradient_power=1.0, kept=1.0, until=math.inf, next_earn_over=1,
         next_worth_over=1, opening_table=-1)  # fmt: skip
    return points


def lower_programme(programme: Instruments | None, unit: int) -> np.ndarray:
    """The programme's points, POINTS (1,)."""
    points = no_points()
    if programme is None:
        return points
    points[0]["acceleration"] = programme.acceleration
    points[0]["cashback"] = programme.cashback
    points[0]["member_price"] = programme.member_price.discount if programme.member_price else 0.0
    if programme.surprise is not None:
        gift = programme.surprise
        fill(points[0], surprise_chance=gift.chance, surprise_value=gift.value,
             surprise_cost=round(minor(gift.cost, unit)) if gift.cost else 0)  # fmt: skip
    if programme.points is not None:
        lower_points(programme.points, unit, points[0])
    return points


def lower_points(terms: PointsTerms, unit: int, one: np.ndarray) -> None:
    """A points scheme: rates as exact fractions of whole numbers, amounts in minor units."""
    earn, worth = rate_of(terms.earn, unit), Fraction(terms.worth.amount) * unit
    currency = terms.worth.currency
    fill(
        one,
        active=1,
        per_visit=terms.earn.per == "visit",
        earn=earn.numerator,
        earn_over=earn.denominator,
        worth=worth.numerator,
        worth_over=worth.denominator,
        minimum=terms.minimum,
        step=terms.step or terms.minimum,
        validity=terms.expiry or 0,
        rolling=terms.expires == "rolling",
        rounding=ROUNDINGS[terms.rounding],
        valuation=terms.valuation,
        hassle=minor(terms.hassle or Money(Decimal("1.5"), currency), unit),
        choice_scale=minor(terms.choice_scale or Money(Decimal(1), currency), unit),
        displacement=terms.displacement,
        charges=terms.returns == "charge",
        fulfilment=round(minor(terms.fulfilment or Money(Decimal(0), currency), unit)),
    )
    lower_pull(terms, one)


def rate_of(earn: Earning, unit: int) -> Fraction:
    """Points per minor unit, or per visit."""
    return Fraction(earn.points) / (1 if earn.per == "visit" else unit)


def lower_changes(scenario: Scenario, first: Any, unit: int) -> tuple[np.ndarray, np.ndarray]:
    """The points' terms from each day on which something begins, ends or is announced, POINTS (days,).

    What holds at month 0 goes into `first`. `until` is the nearest turn that customers know of: the end of
    the campaign that runs, or a change that has been announced. Beside them the terms at month 0 and on these
    days for those whom campaigns for some customers do not mean, POINTS (days + 1,); none without such.
    """
    none = np.zeros(0, POINTS)
    points = scenario.programme.points if scenario.programme else None
    if points is None or not (points.changes or points.campaigns or points.target):
        return none, none
    turns = turns_of(points, first, unit, scenario)
    days = sorted({0.0} | {day for turn in turns for day in (turn.told, turn.day) if day > 0.0})
    rows = [terms_on(day, first.copy(), turns) for day in days]
    plain = none
    if any(turn.for_some for turn in turns):
        for_all = [turn for turn in turns if not turn.for_some]
        plain = np.array([terms_on(day, first.copy(), for_all) for day in days], POINTS)
        plain["since"] = days
    if points.target is not None:
        plain = np.array([earning(row.copy(), Fraction(0)) for row in rows], POINTS)
        plain["next_earn"] = 0
        number = number_of(points.target, scenario)
        for row in rows:
            row["earn_target"] = number
    fill(first, **{name: rows[0][name] for name in POINTS.names or ()})
    return np.array(rows[1:], POINTS) if rows[1:] else none, plain


class Turn(NamedTuple):
    """Something that happens to the terms on a day, and since when it is known."""

    day: float
    told: float
    rush: float
    held: Any  # terms from then on, campaigns apart; None: as before
    times: Fraction | None  # factor on earning from then on; None: as before
    target: int = 0  # of the campaign that begins
    for_some: bool = False  # whether it is a campaign for some customers that begins or ends


def turns_of(points: DatedPoints, first: Any, unit: int, scenario: Scenario) -> list[Turn]:
    """The changes, and the beginnings and ends of the campaigns, in time order."""
    first_day = scenario.first_day
    found, held = [], first
    for change in points.changes:
        day = day_of(change.at, first_day)
        held = held.copy()
        lower_change(change, unit, held)
        told = day if change.announced is None else day_of(change.announced, first_day)
        found.append(Turn(day, told, change.rush, held, None))
    for campaign in points.campaigns:
        start, end = (day_of(moment, first_day) for moment in (campaign.start, campaign.end))
        target = number_of(campaign.target, scenario)
        times = Fraction(repr(campaign.multiplier))
        found.append(Turn(start, start, 0.0, None, times, target, target > 0))
        found.append(Turn(end, start, 0.0, None, Fraction(1), 0, target > 0))
    return sorted(found, key=lambda turn: (turn.day, turn.times != 1))


def terms_on(day: float, before: Any, turns: list[Turn]) -> Any:
    """The terms that hold on a day, with what customers know to come."""
    held, times, target = before, Fraction(1), 0
    for turn in turns:
        if turn.day <= day:
            held, times = turn.held if turn.held is not None else held, turn.times or times
            target = target if turn.times is None else turn.target
    terms = earning(held.copy(), times)
    fill(terms, since=day, earn_target=target)
    for turn in turns:
        if turn.told <= day < turn.day:
            later = earning((turn.held if turn.held is not None else held).copy(), turn.times or times)
            fill(terms, until=turn.day, rush=turn.rush, next_earn=later["earn"], next_worth=later["worth"],
                 next_earn_over=later["earn_over"], next_worth_over=later["worth_over"])  # fmt: skip
            break
    return terms


def earning(terms: Any, times: Fraction) -> Any:
    """The same terms with so many times the points earned."""
    earn = Fraction(int(terms["earn"]), int(terms["earn_over"])) * times
    fill(terms, earn=earn.numerator, earn_over=earn.denominator)
    return terms


def lower_change(change: Change, unit: int, one: Any) -> None:
    """What a change of terms sets; the rest stays."""
    if change.earn is not None:
        earn = rate_of(change.earn, unit)
        fill(one, earn=earn.numerator, earn_over=earn.denominator)
    if change.worth is not None:
        worth = Fraction(change.worth.amount) * unit
        fill(one, worth=worth.numerator, worth_over=worth.denominator)
    minimum = int(one["minimum"] if change.minimum is None else change.minimum)
    whole = one["step"] == one["minimum"]  # a step that was left out follows the minimum
    fill(one, minimum=minimum, step=minimum if whole else one["step"])


def lower_pull(terms: PointsTerms, one: np.ndarray) -> None:
    """What a reward ahead or behind her does to her pace, and points without a purchase."""
    if terms.goal is not None:
        goal = terms.goal
        fill(one, gradient=goal.strength, gradient_power=goal.power, heavy_rate=goal.heavy)
    if terms.lift is not None:
        fill(one, lift=terms.lift.strength, lift_decay=math.log(2.0) / terms.lift.half_life)
    if terms.plan is not None:
        fill(one, plan_ahead=terms.plan.ahead, plan_lift=terms.plan.momentum)
    if terms.endowed is not None:
        fill(one, endowed=terms.endowed.points, commitment=terms.endowed.commitment,
             haste=terms.endowed.haste)  # fmt: skip
    fill(one, kept=terms.kept, sign_up=terms.sign_up, birthday=terms.birthday)
    blocks = (terms.goal, terms.lift, terms.endowed, terms.plan)
    remembers = any(block is not None for block in blocks) or terms.kept < 1.0
    fill(one, carded=remembers or terms.sign_up + terms.birthday > 0)


def run_off(points: Any, before: Any) -> None:
    """Where a programme without points takes over, those that are held lapse by the terms they came under."""
    if points["active"] == 0 and before["active"] == 1:
        fill(points, validity=before["validity"], rolling=before["rolling"])


def lot_months(points: np.ndarray, months: int) -> int:
    """Months of points that must be kept apart: those still valid, or all when points do not lapse by age."""
    if points["active"] == 0:
        return 0
    fixed = points["validity"] > 0 and points["rolling"] == 0
    return min(int(points["validity"]) + 1, months) if fixed else months


def gives_points(points: np.ndarray) -> bool:
    """Does this programme give points without a purchase?"""
    return bool(points["sign_up"] + points["endowed"] + points["birthday"] > 0)
