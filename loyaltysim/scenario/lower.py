"""Scenario -> Parameters: the only translation, every cast, every unit.

Providers are numbered by name (the firm is 0), segments and attributes stand in name order: the order
of keys in the file changes nothing.
"""

from __future__ import annotations

import hashlib
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario import rest, timetable
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.quantities import Money
from loyaltysim.scenario.spec import Law, Loyalty, PointsTerms, Programme, Provider, Scenario, Segment
from loyaltysim.scenario.tables import beta_table, gamma_table

MINUTE = 1.0 / 1440.0
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XAF": 0, "XOF": 0,
                "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}  # fmt: skip
THEORIES = {"threshold": p.THRESHOLD, "kotler": p.KOTLER, "constant": p.CONSTANT, "beta": p.BETA}
LAWS = {"constant": p.CONSTANT_TIME, "exponential": p.EXPONENTIAL_TIME, "lognormal": p.LOGNORMAL_TIME}
ROUNDINGS = {"down": p.DOWN, "nearest": p.NEAREST, "up": p.UP}


class Parameters(NamedTuple):
    """A scenario as plain numbers: what every replication starts from. Arrays as in `World`."""

    terms: np.ndarray
    segments: np.ndarray
    weights: np.ndarray
    levels: np.ndarray
    spreads: np.ndarray
    intercepts: np.ndarray
    offers: np.ndarray
    tables: np.ndarray
    closes: np.ndarray
    seasons: np.ndarray
    cuts: np.ndarray
    providers: np.ndarray
    status_quo: np.ndarray  # POINTS (1,): before month 0, and in the twin for ever
    points: np.ndarray  # POINTS (1,): under the programme
    lots: int  # months of points kept apart
    first: int  # customers in the market at the start
    entries: tuple[tuple[float, int], ...]  # (day, customers) who enter later, in time order
    warm_up: int
    money_unit: int  # minor units in a unit of the currency
    names: tuple[str, ...]  # of the providers
    segment_names: tuple[str, ...]
    has_programme: bool


class Tables:
    """Collects the quantile tables that the segments need, each once."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[float, ...], int] = {}
        self.rows: list[np.ndarray] = []

    def gamma(self, shape: float | None) -> int:
        """Number of the gamma table of this shape; -1 for none."""
        return -1 if shape is None else self._number((shape,))

    def beta(self, alpha: float, beta: float) -> int:
        """Number of the beta table."""
        return self._number((alpha, beta))

    def _number(self, shapes: tuple[float, ...]) -> int:
        if shapes not in self.numbers:
            self.numbers[shapes] = len(self.rows)
            self.rows.append(gamma_table(*shapes) if len(shapes) == 1 else beta_table(*shapes))
        return self.numbers[shapes]

    def array(self) -> np.ndarray:
        """All tables, float64 (tables, cells + 1)."""
        return np.array(self.rows) if self.rows else np.zeros((0, 4))


def lower(scenario: Scenario) -> Parameters:
    """Translate a valid scenario into the numbers that the rules read."""
    unit = money_unit(scenario.currency)
    names = ("firm", *sorted(scenario.rivals))
    offered: list[Provider] = [scenario.firm, *(scenario.rivals[name] for name in names[1:])]
    segment_names = tuple(sorted(scenario.market.segments))
    segments = [scenario.market.segments[name] for name in segment_names]
    attributes = sorted(scenario.firm.attributes)
    weights = np.array([[s.weights[a] for a in attributes] for s in segments])
    levels = np.array([[x.attributes[a].level for a in attributes] for x in offered], float)
    spreads = np.array([[x.attributes[a].sd for a in attributes] for x in offered], float)
    tables = Tables()
    terms = lower_terms(scenario, attributes, unit, tables)
    closes = timetable.closes(scenario)
    points = lower_programme(scenario.programme, unit)
    return Parameters(
        terms=terms,
        segments=lower_segments(segments, scenario.loyalty, unit, tables),
        weights=weights,
        levels=levels,
        spreads=spreads,
        intercepts=np.array([lower_homes(s, names, offered) for s in segments]),
        offers=lower_offers(scenario, names, offered),
        tables=tables.array(),
        closes=closes,
        seasons=timetable.seasons(scenario),
        cuts=np.array(scenario.satisfaction.cuts, float),
        providers=lower_providers(scenario, names, offered, segments, weights, levels, spreads, attributes),
        status_quo=no_points(),
        points=points,
        lots=lot_months(points[0], len(closes) - 1),
        first=scenario.market.customers,
        entries=entries(scenario),
        warm_up=scenario.warm_up,
        money_unit=unit,
        names=names,
        segment_names=segment_names,
        has_programme=scenario.programme is not None,
    )


def money_unit(currency: str) -> int:
    """Minor units in a unit of the currency (ISO 4217)."""
    return int(10 ** MINOR_DIGITS.get(currency, 2))


def minor(amount: Money, unit: int) -> float:
    """An amount in minor units."""
    return float(amount.amount * unit)


def luck_of(name: str) -> int:
    """What draws about a provider or a campaign are keyed by: 24 bits of a hash of its name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=3).digest(), "big")


def fill(record: Any, **values: float) -> None:
    """Write named values into a record; an unknown name raises."""
    for name, value in values.items():
        record[name] = value


def lower_terms(scenario: Scenario, attributes: list[str], unit: int, tables: Tables) -> np.ndarray:
    """The terms that hold for everybody, TERMS (1,)."""
    terms = np.zeros(1, p.TERMS)
    one = terms[0]
    loyalty = scenario.loyalty or Loyalty(period="1 year")
    renewal = loyalty.renewal
    fill(
        one,
        theory=THEORIES[loyalty.theory] if scenario.loyalty else p.NOBODY_LEAVES,
        period=0.0 if loyalty.period == "occasion" else loyalty.period,
        stay_low=loyalty.stay[0],
        stay_high=loyalty.stay[1],
        steepness=loyalty.steepness,
        stay_rate=1.0 if loyalty.rate is None else loyalty.rate,
        renewal_table=-1 if renewal is None else tables.beta(renewal.alpha, renewal.beta),
        offset=loyalty.offset,
        par_standing=loyalty.par_standing,
        choice_slope=loyalty.choice_slope,
        softness=loyalty.softness,
        rechoose_all=loyalty.rechoose == "all",
        never_returns=loyalty.never_returns,
        stock_horizon=loyalty.stock_horizon,
    )
    lower_experience(scenario, attributes, one)
    lower_service(scenario, one)
    closes = timetable.closes(scenario)
    fill(
        one,
        goods_share=scenario.firm.costs.goods,
        discount=math.log1p(scenario.finance.discount_rate) / 365.0,
        warm_up=scenario.warm_up,
        months=len(closes) - 1,
        year_from=closes[-1] - 365.0 if closes[-1] >= 365.0 else math.inf,
        horizon_day=closes[-1],
        entry_purchase=scenario.market.entry_purchase,
        fresh=scenario.opening == "fresh",
        classes=len(scenario.satisfaction.cuts) + 1,
    )
    return terms


def lower_experience(scenario: Scenario, attributes: list[str], one: np.ndarray) -> None:
    """Experience, reputation and waiting; what the scenario does not name is absent."""
    experience = scenario.experience
    if experience is not None:
        fill(
            one,
            beta_up=experience.beta_up,
            beta_down=experience.beta_down,
            kappa_up=experience.kappa_up,
            kappa_down=experience.kappa_down,
            zone=experience.zone,
            decay=0.0 if experience.decay is None else math.log(2.0) / experience.decay,
            forgetting=experience.forgetting,
        )
    fill(
        one,
        memory=0.2 if experience is None else experience.memory,
        prior=2.0 if experience is None else experience.prior,
        reputation_speed=0.0 if scenario.reputation is None else scenario.reputation.speed,
        wait_penalty=0.0 if scenario.waiting is None else scenario.waiting.penalty,
        wait_tolerance=1.0 if scenario.waiting is None else scenario.waiting.tolerance * MINUTE,
        time_attribute=attributes.index("time") if "time" in attributes and scenario.waiting else -1,
    )


def lower_service(scenario: Scenario, one: np.ndarray) -> None:
    """Desks, opening hours, service and patience."""
    service = scenario.firm.service
    fill(one, sites=scenario.firm.sites, open_share=1.0, patience_mean=math.inf)
    if service is None:
        return
    fill(
        one,
        desks=service.desks,
        opens=service.open.start / 24.0,
        open_share=service.open.hours / 24.0,
        service_law=law_of(service.time),
        service_mean=service.time.mean * MINUTE,
        service_cv=service.time.cv or 0.0,
    )
    if service.patience is not None:
        fill(
            one,
            patience_law=law_of(service.patience),
            patience_mean=service.patience.mean * MINUTE,
            patience_cv=service.patience.cv or 0.0,
        )


def law_of(law: Law) -> int:
    """Number of a law: the one named; lognormal when `cv` is given; else exponential."""
    return LAWS[law.law or ("exponential" if law.cv is None else "lognormal")]


def lower_segments(segments: list[Segment], loyalty: Loyalty | None, unit: int, tables: Tables) -> np.ndarray:
    """The segments, SEGMENT (segments,)."""
    result = np.zeros(len(segments), p.SEGMENT)
    up_to = 0.0
    for one, s in zip(result, segments, strict=True):
        up_to += s.share
        o, b, life = s.occasions, s.basket, s.lifetime
        regular = o.every is not None
        par_bonds = None if loyalty is None else loyalty.par_bonds
        fill(
            one,
            up_to=up_to,
            gap_law=p.REGULAR if regular else p.POISSON if o.stages == 1 else p.ERLANG,
            rate=1.0 / o.every if o.every is not None else o.mean or 0.0,
            rate_shape=o.shape or 1.0,
            rate_table=tables.gamma(o.shape),
            stages=o.stages,
            gap_table=tables.gamma(None if o.stages == 1 else float(o.stages)),
            phase_table=tables.gamma(None if o.stages == 1 else o.stages + 1.0),
            basket=minor(b.mean, unit),
            basket_shape=b.shape or 1.0,
            basket_table=tables.gamma(b.shape),
            basket_spread=b.spread or 2.0,
            spread_table=tables.gamma(b.spread),
            correlation=2.0 * math.sin(math.pi * b.correlation / 6.0),
            threshold=s.threshold.mean,
            threshold_sd=s.threshold.sd,
            fit_sd=s.fit.sd,
            bonds=0.0 if par_bonds is None else s.switching_cost - par_bonds,
            price_weight=s.price_weight,
            exit_rate=1.0 / life.mean if life is not None and life.mean else 0.0,
            exit_shape=0.0 if life is None or life.shape is None else life.shape,
            exit_table=-1 if life is None else tables.gamma(life.shape),
            exit_scale=1.0 if life is None or life.scale is None else life.scale,
        )
    return result


def lower_homes(segment: Segment, names: tuple[str, ...], offered: list[Provider]) -> np.ndarray:
    """Intercepts of the first home, float64 (providers,); equal shares over those she sees by default."""
    seen = [getattr(x, "awareness", 1.0) > 0.0 for x in offered]
    if segment.home is None:
        shares = [float(s) / sum(seen) for s in seen]
    else:
        shares = [segment.home.get(name, 0.0) for name in names]
    return rest.intercepts(shares, segment.fit.sd)


def lower_offers(scenario: Scenario, names: tuple[str, ...], offered: list[Provider]) -> np.ndarray:
    """All dated offers, OFFER (offers,), by provider and date."""
    rows = []
    for number, (name, provider) in enumerate(zip(names, offered, strict=True)):
        found: dict[str, int] = {}
        for offer in provider.offers:
            start, end = (day_of(m, scenario.first_day) for m in (offer.start, offer.end))
            campaign = f"{name}/{start!r}/{end!r}"
            found[campaign] = found.get(campaign, 0) + 1
            luck = luck_of(f"{campaign}/{found[campaign]}")
            rows.append((number, luck, start, end, offer.depth, offer.reach))
    return np.array(sorted(rows), p.OFFER) if rows else np.zeros(0, p.OFFER)


def lower_providers(
    scenario: Scenario,
    names: tuple[str, ...],
    offered: list[Provider],
    segments: list[Segment],
    weights: np.ndarray,
    levels: np.ndarray,
    spreads: np.ndarray,
    attributes: list[str],
) -> np.ndarray:
    """The providers, PROVIDER (providers,), with the reputation of a market at rest."""
    result = np.zeros(len(names), p.PROVIDER)
    par = scenario.loyalty.par_standing if scenario.loyalty else 70.0
    for j, (one, name, provider) in enumerate(zip(result, names, offered, strict=True)):
        awareness = getattr(provider, "awareness", 1.0)
        level = levels[j].copy()
        if j == 0 and scenario.waiting and scenario.firm.service and "time" in attributes:
            level[attributes.index("time")] -= scenario.waiting.penalty
        reputation = sum(
            s.share
            * (
                rest.delivered_mean(list(weights[k]), list(level), list(spreads[j]), s.fit.sd)
                - s.price_weight * 100.0 * provider.price_level
            )
            for k, s in enumerate(segments)
        )
        fill(
            one,
            luck=luck_of(name),
            price_level=provider.price_level,
            awareness=awareness,
            log_awareness=math.log(awareness) if awareness > 0.0 else 0.0,
            reputation=par if scenario.opening == "fresh" else round(reputation, 9),
        )
    return result


def no_points() -> np.ndarray:
    """POINTS (1,) of a firm without a points scheme."""
    points = np.zeros(1, p.POINTS)
    fill(points[0], earn_over=1, worth_over=1, minimum=1, step=1, choice_scale=1.0, acceleration=1.0)
    return points


def lower_programme(programme: Programme | None, unit: int) -> np.ndarray:
    """The programme's points, POINTS (1,)."""
    points = no_points()
    if programme is None:
        return points
    points[0]["acceleration"] = programme.acceleration
    if programme.points is not None:
        lower_points(programme.points, unit, points[0])
    return points


def lower_points(terms: PointsTerms, unit: int, one: np.ndarray) -> None:
    """A points scheme: rates as exact fractions of whole numbers, amounts in minor units."""
    per_visit = terms.earn.per == "visit"
    earn = Fraction(terms.earn.points) / (1 if per_visit else unit)
    worth = Fraction(terms.worth.amount) * unit
    currency = terms.worth.currency
    fill(
        one,
        active=1,
        per_visit=per_visit,
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
        fulfilment=round(minor(terms.fulfilment or Money(Decimal(0), currency), unit)),
    )


def lot_months(points: np.ndarray, months: int) -> int:
    """Months of points that must be kept apart: those still valid, or all when points do not lapse by age."""
    if points["active"] == 0:
        return 0
    fixed = points["validity"] > 0 and points["rolling"] == 0
    return min(int(points["validity"]) + 1, months) if fixed else months


def entries(scenario: Scenario) -> tuple[tuple[float, int], ...]:
    """Who enters after the start: newcomers at the closes, and dated entries; in time order.

    The number at each close is the rate's running total rounded, so that the total is right.
    """
    closes = timetable.closes(scenario)
    market = scenario.market
    found: dict[float, int] = {}
    total = 0
    for day in closes[1:-1]:
        so_far = math.floor(market.entrants * market.customers * (day - closes[0]) + 0.5)
        if so_far > total:
            found[float(day)] = so_far - total
            total = so_far
    for entry in market.entries:
        day = day_of(entry.on, scenario.first_day)
        if entry.customers:
            found[day] = found.get(day, 0) + entry.customers
    return tuple(sorted(found.items()))
