"""What measuring needs to know of the scenario besides the records: prices, estimates, the calendar."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from loyaltysim.metrics.slopes import Curve, curve_of
from loyaltysim.scenario.owing import (
    cost_changes,
    expected_cost_per_point,
    fixed_cost,
    in_minor_units,
    scale_of,
)

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Instruments, Scenario, Survey


class Terms(NamedTuple):
    """The scenario in the units of the ledgers: minor units of money, months, CSI classes."""

    currency: str
    money_unit: int  # minor units in a unit of the currency
    segments: tuple[str, ...]  # in the order of the ledgers
    warm_up: int  # months
    horizon: int  # months
    discount_rate: float  # per year
    fixed: float  # of the firm, minor units a month
    clerk: float  # one clerk, minor units an hour
    comfort_minute: float  # comfort, minor units a minute in the line
    comfort_fixed: float  # comfort and information, minor units a month
    has_programme: bool
    programme_fixed: float  # minor units a month
    cost_per_point: float  # expected cost of an outstanding point, minor units
    classes: int  # of satisfaction
    survey: Survey | None = None
    cost_changes: tuple[tuple[int, float], ...] = ()  # (month from the start of the warm-up, cost per point)
    run_months: tuple[int, int] | None = None  # announcement and day of the first change, months from month 0
    event_costs: tuple[tuple[int, float], ...] = ()  # (month from the start of the warm-up, minor units)
    tiers: tuple[str, ...] = ()  # of the programme, from the lowest on
    has_status_quo: bool = False  # whether a programme ran already before month 0
    status_quo_fixed: float = 0.0  # of that programme, minor units a month
    status_quo_point: float | None = None  # expected cost of a point under it; None: as under the programme
    has_members: bool = False  # whether customers have to join the programme
    feels: bool = False  # whether affect, trust and habit are kept
    returning: bool = False  # whether sales are brought back
    away: bool = False  # whether customers buy elsewhere now and then
    rivals_offer: bool = False  # whether rivals make price offers
    fails: bool = False  # whether visits to the firm fail
    inherits_points: bool = False  # whether points are held on the first day of the status quo
    has_surprises: bool = False  # whether a programme gives extras that nobody promised
    has_groups: bool = False  # whether records tell classes of value x loyalty
    has_rollout: bool = False  # whether the programme goes to some customers only
    talks: bool = False  # whether customers speak of providers
    outside: int = 0  # number of the provider that stands for buying nothing; 0: there is none
    leaves_in_time: bool = False  # whether leaving has a rate, decisions falling on no occasion
    programme_from: int = 0  # the month, from month 0, with which the programme takes over
    refers: bool = False  # whether they refer others to their home
    customer_worth: float | None = None  # of a customer kept, as stated, minor units
    scale: float = 1.0  # real customers that one simulated stands for, k
    stores: bool = False  # whether customers can pay ahead
    has_club: bool = False  # whether there is a paid club
    has_contacts: bool = False  # whether members are contacted
    has_community: bool = False  # whether there is a community
    prepaid_redeemed: float = 1.0  # share of stored value that is expected to be spent or paid back
    inherits_fees: bool = False  # whether terms of a club run on the first day of the status quo
    inherits_prepaid: bool = False  # whether some is held on the first day of the status quo
    has_points: bool = False  # whether points are issued, by the programme or the status quo
    redeemed: int = 800_000  # points expected to be redeemed in the end, parts of a million
    estimate: str = "fixed"  # how the books estimate that
    review: int = 12  # months between estimates
    validity: int = 0  # months after which every point has lapsed; 0: some never do
    returned: float = 0.0  # share of sales that is brought back
    return_within: float = 1.0  # days
    stages: tuple[int, ...] = ()  # months, from month 0, with which the stages of a rollout begin
    curve: Curve | None = None  # from standing to staying, where leaving has a rate
    attributes: tuple[str, ...] = ()  # in their order, where causes of defections are asked for
    tier_months: int = 0  # for which a sale may bring perks of a tier; 0: they are marketing
    tier_expected: int | None = None  # of these, parts in a million of sales; None: as the record shows

    def point_cost(self, month: int) -> float:
        """Expected cost of a point outstanding at a month's close, months from the start of the warm-up."""
        held = [cost for since, cost in self.cost_changes if since <= month]
        return held[-1] if held else self.cost_per_point

    def factor(self, day: float) -> float:
        """The discount factor (1 + d)^(−t/365) at day t after month 0."""
        return math.exp(-day / 365.0 * math.log1p(self.discount_rate))


def terms_of(scenario: Scenario) -> Terms:
    """The terms of a scenario; money becomes minor units here."""
    from loyaltysim.scenario.currencies import money_unit
    from loyaltysim.scenario.lower_rollout import month_of_begin, months_of_stages
    from loyaltysim.scenario.lower_targeting import all_targets

    unit = money_unit(scenario.currency)
    programme, running, costs = scenario.programme, scenario.status_quo, scenario.firm.costs
    redeemed = 1.0 if scenario.finance.point.is_estimated else scenario.finance.point.redeemed
    returns = scenario.firm.returns
    service = scenario.firm.service
    k = scale_of(scenario)
    helps = (service.comfort, service.information) if service else ()
    return Terms(
        currency=scenario.currency,
        money_unit=unit,
        segments=tuple(sorted(scenario.market.segments)),
        warm_up=scenario.warm_up,
        horizon=scenario.horizon,
        discount_rate=scenario.finance.discount_rate,
        scale=k,
        customer_worth=in_minor_units(worth, unit) if (worth := scenario.finance.customer_worth) else None,
        fixed=in_minor_units(costs.fixed, unit) / k,
        clerk=in_minor_units(costs.clerk, unit),
        comfort_minute=in_minor_units(service.comfort.per_minute, unit)
        if service and service.comfort
        else 0.0,
        comfort_fixed=sum(in_minor_units(h.fixed, unit) for h in helps if h is not None),
        has_programme=programme is not None,
        programme_fixed=fixed_cost(programme, unit) / k,
        cost_per_point=expected_cost_per_point(programme, costs.goods, redeemed, unit),
        classes=len(scenario.satisfaction.cuts) + 1,
        survey=scenario.survey,
        feels=scenario.relationship is not None,
        returning=scenario.firm.returns is not None,
        away=scenario.loyalty is not None and scenario.loyalty.away is not None,
        rivals_offer=any(rival.offers or rival.reactions for rival in scenario.rivals.values()),
        fails=scenario.firm.failures is not None,
        talks=scenario.word_of_mouth is not None,
        refers=scenario.referrals is not None,
        programme_from=month_of_begin(scenario),
        leaves_in_time=scenario.loyalty is not None and scenario.loyalty.period != "occasion",
        outside=len(scenario.rivals) + 1 if scenario.market.outside is not None else 0,
        cost_changes=cost_changes(scenario, unit),
        run_months=run_months(scenario),
        event_costs=tuple((month, cost / k) for month, cost in event_costs(scenario, unit)),
        tiers=tier_names(programme) or tier_names(running),
        has_status_quo=running is not None,
        status_quo_fixed=fixed_cost(running, unit) / k,
        status_quo_point=expected_cost_per_point(running, costs.goods, redeemed, unit) if running else None,
        has_members=any(x is not None and x.enrolment is not None for x in (programme, running)),
        inherits_points=bool(running and running.points and running.points.opening),
        has_surprises=any(x is not None and x.surprise is not None for x in (programme, running)),
        has_groups=scenario.firm.records.high_value is not None and bool(all_targets(scenario)),
        has_rollout=programme is not None and programme.rollout is not None,
        stores=any(x is not None and x.stored_value is not None for x in (programme, running)),
        has_club=any(x is not None and x.membership is not None for x in (programme, running)),
        has_contacts=any(x is not None and x.contact is not None for x in (programme, running)),
        has_community=any(x is not None and x.community is not None for x in (programme, running)),
        prepaid_redeemed=scenario.finance.prepaid.redeemed,
        inherits_fees=bool(running and running.membership and running.membership.opening),
        inherits_prepaid=bool(running and running.stored_value and running.stored_value.opening),
        has_points=any(x is not None and x.points is not None for x in (programme, running)),
        redeemed=round(scenario.finance.point.redeemed * 1_000_000),
        estimate=scenario.finance.point.estimate,
        review=scenario.finance.point.review,
        validity=validity_of(programme, running),
        returned=returns.share if returns else 0.0,
        return_within=returns.within if returns else 1.0,
        stages=months_of_stages(scenario)
        if programme and programme.rollout and programme.rollout.stages
        else (),
        curve=curve_of(scenario),
        attributes=tuple(sorted(scenario.firm.attributes))
        if scenario.loyalty is not None and scenario.loyalty.causes
        else (),
        tier_months=tier_months(scenario),
        tier_expected=None if (part := scenario.finance.tier_expected) is None else round(part * 1_000_000),
    )


def tier_months(scenario: Scenario) -> int:
    """Months after a sale in which it may still bring perks of a tier; 0 where these are no obligation."""
    if scenario.finance.tier_benefits == "marketing":
        return 0
    found = 0
    for programme in (scenario.programme, scenario.status_quo):
        if programme is not None and programme.tiers is not None:
            tiers = programme.tiers
            held = tiers.holds if tiers.review == "rolling" else tiers.window
            found = max(found, tiers.window + held)
    return found


def validity_of(*programmes: Instruments | None) -> int:
    """Months after which every point has lapsed, however it is used; 0 where some never lapse of age."""
    schemes = [x.points for x in programmes if x is not None and x.points is not None]
    if any(points.expiry is None or points.expires == "rolling" for points in schemes):
        return 0
    return max((points.expiry or 0 for points in schemes), default=0)


def event_costs(scenario: Scenario, unit: int) -> tuple[tuple[int, float], ...]:
    """What events and advertising cost, by month; what happens on a close belongs to the month after it."""
    from loyaltysim.scenario.moments import day_of
    from loyaltysim.scenario.timetable import closes

    paid = [(x.at, x.cost) for x in scenario.events] + [(x.at, x.cost) for x in scenario.firm.claims]
    if not paid:
        return ()
    days = [float(day) for day in closes(scenario)]
    found = []
    for at, cost in paid:
        month = bisect_right(days, day_of(at, scenario.first_day)) - 1
        found.append((month, in_minor_units(cost, unit)))
    return tuple(sorted(found))


def tier_names(programme: Instruments | None) -> tuple[str, ...]:
    """The tiers of a programme, from the lowest on."""
    if programme is None or programme.tiers is None:
        return ()
    levels = programme.tiers.levels
    return tuple(sorted(levels, key=lambda name: levels[name].start.amount))


def run_months(scenario: Scenario) -> tuple[int, int] | None:
    """Whole months of a possible run on points: from the first announced change's announcement to its day."""
    from loyaltysim.scenario.moments import day_of
    from loyaltysim.scenario.timetable import closes

    points = scenario.programme.points if scenario.programme else None
    told = [change for change in points.changes if change.announced is not None] if points else []
    if not told:
        return None
    days = [float(day) for day in closes(scenario)]
    announced, at = (told[0].announced, told[0].at)
    assert announced is not None
    first, last = (bisect_left(days, day_of(moment, scenario.first_day)) for moment in (announced, at))
    return first - scenario.warm_up, last - scenario.warm_up
