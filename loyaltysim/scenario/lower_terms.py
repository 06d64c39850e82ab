"""What holds for everybody: loyalty, experience, waiting, desks, the calendar."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.scenario import timetable
from loyaltysim.scenario.lowering import MINUTE, Tables, fill, minor
from loyaltysim.scenario.spec import Law, Loyalty, Scenario

THEORIES = {
    "threshold": p.THRESHOLD,
    "kotler": p.KOTLER,
    "competitive": p.COMPETITIVE,
    "two_threshold": p.TWO_THRESHOLD,
    "inverted_u": p.INVERTED_U,
    "constant": p.CONSTANT,
    "beta": p.BETA,
}
LAWS = {"constant": p.CONSTANT_TIME, "exponential": p.EXPONENTIAL_TIME, "lognormal": p.LOGNORMAL_TIME}


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
        bend=math.exp(2.0 * (2.0 * loyalty.intensity - 1.0)),
        width=loyalty.width,
        peak=loyalty.peak,
        drop=loyalty.drop,
        offset=loyalty.offset,
        par_standing=loyalty.par_standing,
        choice_slope=loyalty.choice_slope,
        softness=loyalty.softness,
        rechoose_all=loyalty.rechoose == "all",
        never_returns=loyalty.never_returns,
        stock_horizon=loyalty.stock_horizon,
    )
    lower_wallet(scenario, loyalty, one)
    if scenario.relationship is not None:
        kept = scenario.relationship
        fill(
            one,
            feels=1,
            feel_up=kept.up,
            feel_down=kept.down,
            breach=kept.breach,
            habit_speed=kept.habit_speed,
        )
    lower_experience(scenario, attributes, one)
    lower_service(scenario, one)
    lower_waiting(scenario, attributes, unit, one)
    lower_returns(scenario, unit, one)
    closes = timetable.closes(scenario)
    kinds = scenario.firm.attributes.values()
    surprises = any(
        x is not None and x.surprise is not None for x in (scenario.programme, scenario.status_quo)
    )
    fill(
        one,
        failing=any(x.failures for x in (scenario.firm, *scenario.rivals.values())),
        kinds=any(a.is_extra or a.penalty for a in kinds) or surprises,
        extras=any(a.is_extra for a in kinds) or surprises,
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


def lower_wallet(scenario: Scenario, loyalty: Loyalty, one: np.ndarray) -> None:
    """Buying elsewhere, and what a faster pace is made of."""
    away, market = loyalty.away, scenario.market
    if away is not None:
        fill(one, away_logit=math.log(away.at_par / (1.0 - away.at_par)), away_slope=away.slope)
    fill(
        one,
        expandability=market.category_expandability,
        borrowed=market.borrowed,
        outside_number=len(scenario.rivals) + 1 if market.outside is not None else 0,
        wallets=away is not None or market.category_expandability < 1.0 or market.borrowed > 0.0,
    )


def lower_returns(scenario: Scenario, unit: int, one: np.ndarray) -> None:
    """Sales that are brought back."""
    returns = scenario.firm.returns
    if returns is not None:
        fill(
            one,
            returned=returns.share,
            return_within=returns.within,
            resold=returns.resold,
            return_cost=0 if returns.cost is None else round(minor(returns.cost, unit)),
        )


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
            paradox=experience.paradox,
        )
    fill(
        one,
        memory=0.2 if experience is None else experience.memory,
        prior=2.0 if experience is None else experience.prior,
        reputation_speed=0.0 if scenario.reputation is None else scenario.reputation.speed,
        wait_penalty=0.0 if scenario.waiting is None else scenario.waiting.penalty,
        wait_tolerance=1.0 if scenario.waiting is None else scenario.waiting.tolerance * MINUTE,
        time_attribute=attributes.index("time") if "time" in attributes else -1,
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


def lower_waiting(scenario: Scenario, attributes: list[str], unit: int, one: np.ndarray) -> None:
    """Self-service, comfort, information and the promise: what is absent changes nothing."""
    fill(one, felt_share=1.0, promise_within=math.inf)
    fill(one, service_attribute=attributes.index("service") if "service" in attributes else -1)
    service = scenario.firm.service
    if service is None:
        return
    for help_ in (service.comfort, service.information):
        if help_ is not None:
            one["felt_share"] *= 1.0 - help_.shortens
    if service.self_service is not None:
        own = service.self_service
        fill(
            one,
            self_share=own.share,
            self_fails=own.fails,
            self_shift=own.service,
            self_effort=own.effort,
            self_cost=0 if own.cost is None else round(minor(own.cost, unit)),
        )
    if service.promise is not None:
        fill(
            one,
            promise_within=service.promise.within * MINUTE,
            promise_eases=service.promise.eases,
            promise_cost=round(minor(service.promise.cost, unit)),
        )


def lower_peaks(scenario: Scenario) -> np.ndarray:
    """Share of a day's arrivals before each part of the opening time, float64 (parts + 1,); or empty."""
    service = scenario.firm.service
    if service is None or not service.peaks:
        return np.zeros(0)
    so_far = np.concatenate([[0.0], np.cumsum(service.peaks)])
    return so_far / so_far[-1]


def law_of(law: Law) -> int:
    """Number of a law: the one named; lognormal when `cv` is given; else exponential."""
    return LAWS[law.law or ("exponential" if law.cv is None else "lognormal")]
