"""Segments, providers, offers and entrants as records."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario import rest, timetable
from loyaltysim.scenario.lower_contacts import a_month
from loyaltysim.scenario.lowering import Tables, fill, luck_of, minor
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.spec import Bonds, Experience, Loyalty, Provider, Scenario, Segment

OUTSIDE = "outside"
PAR_BONDS = 10.0  # at which the curve is calibrated where affect, trust and habit are kept (MODEL 7)


def lower_segments(
    segments: list[Segment], loyalty: Loyalty | None, feels: bool, unit: int, tables: Tables
) -> np.ndarray:
    """The segments, SEGMENT (segments,)."""
    result = np.zeros(len(segments), p.SEGMENT)
    up_to = 0.0
    for one, s in zip(result, segments, strict=True):
        up_to += s.share
        o, b, life = s.occasions, s.basket, s.lifetime
        regular = o.every is not None
        par_bonds = None if loyalty is None else loyalty.par_bonds
        if par_bonds is None and feels:
            par_bonds = PAR_BONDS
        weights = s.bonds or Bonds()
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
            taste_drift=0.0 if s.fit.taste_drift is None else math.log(2.0) / s.fit.taste_drift,
            bonds=0.0 if par_bonds is None else s.switching_cost - par_bonds,
            procedural=s.switching_cost,
            affect=weights.affect if feels else 0.0,
            trust=weights.trust if feels else 0.0,
            habit=weights.habit if feels else 0.0,
            price_weight=s.price_weight,
            priority=s.priority,
            extras=s.extras,
            tolerates=-1.0 if s.tolerates is None else a_month(s.tolerates),
            exit_rate=1.0 / life.mean if life is not None and life.mean else 0.0,
            exit_shape=0.0 if life is None or life.shape is None else life.shape,
            exit_table=-1 if life is None else tables.gamma(life.shape),
            exit_scale=1.0 if life is None or life.scale is None else life.scale,
        )
    return result


def lower_attributes(scenario: Scenario, names: list[str]) -> np.ndarray:
    """What kind each attribute is, ATTRIBUTE (attributes,)."""
    result = np.zeros(len(names), p.ATTRIBUTE)
    for one, name in zip(result, names, strict=True):
        a = scenario.firm.attributes[name]
        fill(one, extra=a.is_extra, keeps=a.keeps, floor=a.floor or 0.0, penalty=a.penalty or 0.0)
    return result


def lower_failures(offered: list[Provider], attributes: list[str], unit: int) -> np.ndarray:
    """How visits fail, FAILURE (providers,); no rows where no provider says so."""
    if not any(x.failures for x in offered):
        return np.zeros(0, p.FAILURE)
    result = np.zeros(len(offered), p.FAILURE)
    for one, provider in zip(result, offered, strict=True):
        f = provider.failures
        if f is not None:
            fill(
                one,
                chance=f.chance,
                attribute=attributes.index(f.attribute),
                severity=f.severity,
                complains=f.complains,
                recovered=f.recovered,
                repairs=f.repairs,
                resentment=f.resentment,
                delay=f.delay,
                cost=0 if f.cost is None else round(minor(f.cost, unit)),
            )
    return result


def lower_rests(scenario: Scenario, weights: np.ndarray, spreads: np.ndarray) -> np.ndarray:
    """Affect, trust and habit at rest, float64 (segments, providers, 3); empty where they are not kept."""
    kept = scenario.relationship
    if kept is None:
        return np.zeros((0, 0, 3))
    moves = scenario.experience or Experience(
        beta_up=0.0, beta_down=0.0, kappa_up=0.0, kappa_down=0.0, zone=0.0, memory=0.2
    )
    away = scenario.loyalty.away if scenario.loyalty else None
    found = np.full((len(weights), len(spreads), 3), 1.0 - (away.at_par if away else 0.0))
    for k, row in enumerate(weights):
        for j, sds in enumerate(spreads):
            found[k, j, :2] = rest.feelings(float(row @ sds), moves, kept)
    return found


def lower_homes(
    segment: Segment, names: tuple[str, ...], offered: list[Provider], outside: bool
) -> np.ndarray:
    """Intercepts of the first home, float64 (providers,); equal shares over those she sees by default.

    Nobody is `outside` at the start unless the shares say so.
    """
    seen = [getattr(x, "awareness", 1.0) > 0.0 for x in offered]
    if segment.home is None:
        shares = [float(s) / sum(seen) for s in seen]
    else:
        shares = [segment.home.get(name, 0.0) for name in names]
    if outside:
        shares.append((segment.home or {}).get(OUTSIDE, 0.0))
        return rest.intercepts(shares, segment.fit.sd, len(names))
    return rest.intercepts(shares, segment.fit.sd)


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
    kinds = lower_attributes(scenario, attributes)
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
                + rest.mean_of_kinds(kinds, list(level), list(spreads[j]), s.fit.sd, s.extras)
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
