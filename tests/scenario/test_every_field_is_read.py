"""No lever is silently ignored: every field of the schema changes what is simulated or what is measured.

Each field is perturbed in a scenario in which it matters; the lowered parameters must change, and with
them the run itself, or else the terms of measuring. Fields read elsewhere are listed with their reader.
"""

import ast
import importlib
import inspect
import types
import typing
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel
from small_worlds import MARKET, SEED

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.digest import digest
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules import holdings, state
from loyaltysim.rules import parameters as p
from loyaltysim.rules.holdings import SUBSCRIPTION
from loyaltysim.rules.programme import terms
from loyaltysim.rules.programme.terms import (
    APPROACH,
    ENROLMENT,
    POINTS,
    REFERRING,
    STORING,
    TARGET,
    TIER,
    TIERING,
)
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.scenario.spec import Instruments, Scenario

RUN, MEASURED = "the run", "the terms of measuring"
ELSEWHERE = {
    "rivals.*.claims.*.cost": "loyaltysim.scenario.settings",  # refused
    "rivals.*.failures.cost": "loyaltysim.scenario.complaints",  # refused  # field: the module that reads it
    "schema": "loyaltysim.scenario.spec",
    "name": "loyaltysim.report.page",
    "question": "loyaltysim.report.page",
    "seed": "loyaltysim.experiments.run",
    "replications": "loyaltysim.experiments.run",
    "checks.*.kpi": "loyaltysim.experiments.checks",
    "checks.*.arm": "loyaltysim.experiments.checks",
    "checks.*.min": "loyaltysim.experiments.checks",
    "checks.*.max": "loyaltysim.experiments.checks",
    "checks.*.judge": "loyaltysim.experiments.checks",
    "levers.*.from": "loyaltysim.scenario.levers",
    "levers.*.to": "loyaltysim.scenario.levers",
    "levers.*.steps": "loyaltysim.experiments.sweep",
    "observed.dataset": "loyaltysim.report.page",
    "replications_per_draw": "loyaltysim.experiments.outer",
    **{
        f"uncertainties.*.{law}": "loyaltysim.scenario.spec.uncertain"
        for law in ("uniform", "triangular", "normal", "lognormal", "beta")
    },
    "uncertainties.*.values": "loyaltysim.scenario.uncertain",
    "uncertainties.*.range": "loyaltysim.scenario.uncertain",
    "uncertainties.*.within": "loyaltysim.scenario.uncertain",
    "uncertainties.*.together": "loyaltysim.experiments.outer",
    **{
        f"finance.budget.{field}": "loyaltysim.experiments.budget"
        for field in ("amount", "counts", "confidence", "limits.overspend", "limits.roi", "limits.liability")
    },
    "market.segments.*.fit.mean": "loyaltysim.scenario.spec.customers",  # refused unless 0
}
CALLED = {"levers.*.from": "low", "levers.*.to": "high"}  # `from` is no name in Python
SHARES = "market.segments={regulars: {share: 61 %}, visitors: {share: 39 %}}"
SEGMENT = "market.segments.regulars"
OFFER = "rivals.Bean.offers=[{{from: {0}, to: {1}, depth: {2}, reach: {3}}}]"
ENTRY = "market.entries=[{{on: {0}, customers: {1}}}]"
KOTLER = ("loyalty.theory=kotler",)
CONSTANT = ("loyalty.theory=constant", "loyalty.rate=70 %")
COMPETITIVE = ("loyalty.theory=competitive",)
TWO_THRESHOLD = ("loyalty.theory=two_threshold",)
INVERTED_U = ("loyalty.theory=inverted_u",)
FELT = ("relationship={up: 2 %}",)
BETA = ("loyalty.theory=beta", "loyalty.renewal={alpha: 0.7, beta: 1.2}")
REACTION = "rivals.Bean.reactions=[{{to: {0}, does: {1}, lag: {2}, {3}}}]"
REACTS = (REACTION.format("offer", "undercut", "20 days", "by: 5 %"), "rivals.Bean.price_level=5 %")
OFFERED = "{reach: 90 %, gift: 20 EUR, cost: 1 EUR, readiness: 0"
CAMPAIGN = (f"programme.acquisition={{spring: {OFFERED}, at: month 3, response: 2}}}}",)
BACK = (f"programme.win_back={OFFERED}, delay: 20 days}}",)
SAVED = (f"programme.save={OFFERED}}}",)
ASKED = ("survey={sample: 50 %}",)
OUT = ("market.outside={view: 60}",)
GROWS = ("rivals.Bean.growth={to: 20 %, half_life: 2 months, from: month 1}",)
REFERS = ("referrals={rate: 1 / month, delight: 65, readiness: 0}",)
REWARD = (*REFERS, "programme.referral={bonus: 3 EUR, welcome: 2 EUR}")
TALK = ("word_of_mouth={rate: 2 / month, delight: 75, disappointment: 60}",)
AWAY = ("loyalty.away={at_par: 25 %, slope: 30}", "programme.acceleration=1.5")
PLANNED = ("programme.points.plan={}",)
GOAL = ("programme.points.goal={}", "programme.points.lift={}", "programme.points.endowed={points: 5}")
DAYS = "programme.points.campaigns=[{{from: month {0}, to: month {1}, multiplier: {2}}}]"
DOUBLE = (DAYS.format(4, 7, 2),)
CHANGES, TOLD = "programme.points.changes", "announced: month 5"
CHANGE = (f"{CHANGES}=[{{{TOLD}, at: month 8, worth: 0.04 EUR}}]",)
HALF = ("programme.rollout={share: 50 %}",)
STAGES = (
    "programme.rollout={{stages: [{{from: month 0, share: 20 %, sites: [2]}}, "
    "{{from: month {0}, share: {1}, sites: {2}}}]}}"
)
STAGED = ("firm.sites=3", STAGES.format(1, "50 %", "[2, 3]"))
OPENED = ("programme.points.opening={share: 50 %, mean: 30}",)
GIFTED = ("programme.surprise={value: 20, chance: 30 %, cost: 0.50 EUR}",)
NEEDS = (
    f"{SEGMENT}.needs={{toward: {{quality: 20 %, time: 40 %, price: 40 %}}, wander: 0.2, from: month 2}}",
)
PAID_CLUB = "programme.membership"
JOINED = (
    f"{PAID_CLUB}={{fee: 9 EUR, term: 3 months, trial: 1 month, discount: 4 %, worth: 1 EUR, cost: 0.20 EUR, "
    "taste: 2 EUR, chance: 40 %, renewal: {alpha: 1, beta: 2}, refund: {part: 80 %, chance: 60 %}, "
    "opening: {share: 40 %}}",
)
CONTACT = "programme.contact"
CONTACTED = (
    f"{CONTACT}={{rate: 3.5 / month, cost: 0.30 EUR, tolerance: 2 / month, tolerance_spread: 0.4, gain: 2, "
    "effort: 2, unsubscribes: 20 %, asleep: 2 months, "
    "plans: {few: {rate: 1 / month, target: {segments: [visitors]}}}}",
)
MEETS = "programme.community"
MET = (f"{MEETS}={{interest: 80 %, chance: 50 %, leaves: 20 %, cost: 0.40 EUR/month, fixed: 9 EUR/month}}",)
PURSE = "programme.stored_value"
STORED = (
    f"{PURSE}={{top_up: 20 EUR, chance: 30 %, appeal: 0.3, expiry: 2 months, "
    "refund: {part: 80 %, chance: 60 %}, opening: {share: 60 %, mean: 9 EUR}}",
)
FRESH = (f"{SEGMENT}.buys={{fresh: 30 %}}", "programme.points.classes={fresh: 2}")
BONDS = ("loyalty.par_bonds=",)
EVERY = (f"{SEGMENT}.occasions={{mean: null, shape: null, every: 9 days}}",)
CLUB = (
    "programme.enrolment={chance: 20 %, appeal: 0.5, friction: 0.30 EUR, cost: 1 EUR, bonus: 10}",
    "programme.enrolment.identified=80 %",
)
LEVELS = (
    "{low: {from: 2 visits, status: 1}, "
    "high: {from: 4 visits, multiplier: 1.5, status: 4, perks: {cost: 0.20 EUR, value: 2}}}"
)
TIERS = (f"programme.tiers={{window: 3 months, failure: -20 %, levels: {LEVELS}}}",)
HIGH = "programme.tiers.levels.high"
FADING = (*TIERS, f"{HIGH}.perks.keeps=50 %")
SOFT = (*TIERS, "programme.tiers.levels.high.from=9 visits", "programme.tiers.levels.low.from=4 visits")
ROLLING = (*TIERS, "programme.tiers.review=rolling")
ONE_LIFE = (f"{SEGMENT}.lifetime={{mean: null, shape: 2, scale: 900 days}}",)
EVENT = ("events=[{at: month 4, set: {firm.attributes.quality.level: 82}, cost: 60000 EUR}]",)
OWN = "firm.service.self_service"
SELF = (
    f"{OWN}={{share: 30 %, service: -5, effort: 5, fails: 20 %, cost: 0.10 EUR}}",
    *(f"{who}.attributes.service={{level: 70}}" for who in ("firm", "rivals.Bean", "rivals.Kiosk")),
    *(
        f"market.segments.{name}.weights={{quality: 30 %, time: 30 %, price: 20 %, service: 20 %}}"
        for name in ("regulars", "visitors")
    ),
)
COMFORT = (
    "firm.service.comfort={shortens: 20 %, per_minute: 0.02 EUR, fixed: 50 EUR/month}",
    "firm.service.information={shortens: 10 %, fixed: 50 EUR/month}",
)
PROMISE = ("firm.service.promise={within: 3 min, cost: 2 EUR, eases: 10}",)
HYGIENE = ("firm.attributes.quality={level: 78, sd: 8, kind: hygiene, floor: 70, penalty: 0.5}",)
PERK = (
    "firm.attributes.perk={level: 9, need: unstated}",
    "rivals.Bean.attributes.perk={level: 3}",
    "rivals.Kiosk.attributes.perk={level: 0}",
    f"{SEGMENT}.weights={{quality: 50 %, time: 30 %, price: 20 %, perk: 0 %}}",
    "market.segments.visitors.weights={quality: 30 %, time: 20 %, price: 50 %, perk: 0 %}",
)
FAILS = "{chance: 20 %, attribute: quality, severity: 40, complains: 50 %, recovered: 40 %, resentment: 0.5}"
FIRM_CLAIMS = ("firm.claims=[{at: month 4, points: 8, reach: 50 %}]",)
BEAN_CLAIMS = ("rivals.Bean.claims=[{at: month 4, points: 8, reach: 50 %}]",)
BACK_AGAIN = ("firm.returns={share: 30 %, within: 40 days, resold: 80 %, cost: 2 EUR}",)
FIRM_FAILS = (f"firm.failures={FAILS}",)
BEAN_FAILS = (f"rivals.Bean.failures={FAILS}",)

PERKS_OWED = (
    "programme.tiers={window: 3 months, levels: {gold: {from: 4 visits, perks: {cost: 1 EUR}}}}",
    "finance.tier_benefits=obligation",
)

# field: (context, override, what it must change)
PERTURBED = {
    "market.represents": ((), "market.represents=900", MEASURED),
    "loyalty.causes": ((), "loyalty.causes=true", RUN),
    "finance.budget.when_dry": (
        ("finance.budget={amount: 700 EUR/year}",),
        "finance.budget.when_dry=stop",
        RUN,
    ),
    "currency": ((), "", RUN),  # tested by itself: every amount changes with it
    "first_day": ((), "first_day=2027-02-01", RUN),
    "warm_up": ((), "warm_up=2 months", RUN),
    "horizon": ((), "horizon=12 months", RUN),
    "opening": ((), "opening=fresh", RUN),
    "market.customers": ((), "market.customers=91", RUN),
    "market.entrants": ((), "market.entrants=4 % / month", RUN),
    "market.entries.*.on": ((), ENTRY.format("day 41", 5), RUN),
    "market.entries.*.customers": ((), ENTRY.format("day 40", 6), RUN),
    "market.entry_purchase": ((), "market.entry_purchase=false", RUN),
    "market.season": (
        (),
        "market.season=[0.9, 0.7, 1, 1, 1.1, 1.2, 1.2, 1.1, 1, 1, 0.9, 0.9]",
        RUN,
    ),
    "market.segments.*.share": (
        (),
        SHARES,
        RUN,
    ),
    "market.segments.*.home": (
        (),
        f"{SEGMENT}.home={{firm: 40 %, Bean: 40 %, Kiosk: 20 %}}",
        RUN,
    ),
    "market.segments.*.occasions.mean": (
        (),
        f"{SEGMENT}.occasions.mean=6 / month",
        RUN,
    ),
    "market.segments.*.occasions.shape": ((), f"{SEGMENT}.occasions.shape=1.4", RUN),
    "market.segments.*.occasions.stages": ((), f"{SEGMENT}.occasions.stages=3", RUN),
    "market.segments.*.occasions.every": (
        EVERY,
        f"{SEGMENT}.occasions.every=10 days",
        RUN,
    ),
    "market.segments.*.basket.mean": ((), f"{SEGMENT}.basket.mean=5.41 EUR", RUN),
    "market.segments.*.basket.shape": ((), f"{SEGMENT}.basket.shape=6", RUN),
    "market.segments.*.basket.spread": ((), f"{SEGMENT}.basket.spread=4", RUN),
    "market.segments.*.basket.correlation": (
        (),
        f"{SEGMENT}.basket.correlation=-0.3",
        RUN,
    ),
    "market.segments.*.weights": (
        (),
        f"{SEGMENT}.weights={{quality: 51 %, time: 30 %, price: 19 %}}",
        RUN,
    ),
    "market.segments.*.extras": (PERK, f"{SEGMENT}.extras=1.4", RUN),
    "market.segments.*.threshold.mean": ((), f"{SEGMENT}.threshold.mean=60", RUN),
    "market.segments.*.threshold.sd": ((), f"{SEGMENT}.threshold.sd=11", RUN),
    "market.segments.*.fit.sd": ((), f"{SEGMENT}.fit.sd=9", RUN),
    "market.segments.*.switching_cost": ((), f"{SEGMENT}.switching_cost=4", RUN),
    "market.segments.*.price_weight": ((), f"{SEGMENT}.price_weight=0.8", RUN),
    "market.segments.*.lifetime.mean": ((), f"{SEGMENT}.lifetime.mean=30 months", RUN),
    "market.segments.*.lifetime.shape": (ONE_LIFE, f"{SEGMENT}.lifetime.shape=3", RUN),
    "market.segments.*.lifetime.scale": (
        ONE_LIFE,
        f"{SEGMENT}.lifetime.scale=500 days",
        RUN,
    ),
    "firm.attributes.*.level": ((), "firm.attributes.quality.level=79", RUN),
    "firm.attributes.*.sd": ((), "firm.attributes.quality.sd=7", RUN),
    "firm.attributes.*.kind": (
        HYGIENE,
        "firm.attributes.quality={level: 78, sd: 8, kind: core, floor: null, penalty: null}",
        RUN,
    ),
    "firm.attributes.*.need": (PERK, "firm.attributes.perk.need=real", RUN),
    "firm.attributes.*.keeps": (PERK, "firm.attributes.perk.keeps=60 %", RUN),
    "firm.attributes.*.floor": (HYGIENE, "firm.attributes.quality.floor=71", RUN),
    "firm.attributes.*.penalty": (HYGIENE, "firm.attributes.quality.penalty=0.6", RUN),
    "firm.price_level": ((), "firm.price_level=3 %", RUN),
    "firm.offers.*.from": (
        (),
        "firm.offers=[{from: month 3, to: month 6, depth: 10 %, reach: 40 %}]",
        RUN,
    ),
    "firm.offers.*.to": (
        (),
        "firm.offers=[{from: month 4, to: month 7, depth: 10 %, reach: 40 %}]",
        RUN,
    ),
    "firm.offers.*.depth": (
        (),
        "firm.offers=[{from: month 4, to: month 6, depth: 15 %, reach: 40 %}]",
        RUN,
    ),
    "firm.offers.*.reach": (
        (),
        "firm.offers=[{from: month 4, to: month 6, depth: 10 %, reach: 90 %}]",
        RUN,
    ),
    "firm.failures.chance": (FIRM_FAILS, "firm.failures.chance=25 %", RUN),
    "firm.failures.attribute": (FIRM_FAILS, "firm.failures.attribute=time", RUN),
    "firm.failures.severity": (FIRM_FAILS, "firm.failures.severity=50", RUN),
    "firm.failures.complains": (FIRM_FAILS, "firm.failures.complains=70 %", RUN),
    "firm.failures.recovered": (FIRM_FAILS, "firm.failures.recovered=60 %", RUN),
    "firm.failures.repairs": (FIRM_FAILS, "firm.failures.repairs=1.0", RUN),
    "firm.failures.resentment": (FIRM_FAILS, "firm.failures.resentment=0.9", RUN),
    "firm.failures.delay": (FIRM_FAILS, "firm.failures.delay=20 days", RUN),
    "rivals.*.failures.chance": (BEAN_FAILS, "rivals.Bean.failures.chance=25 %", RUN),
    "rivals.*.failures.attribute": (BEAN_FAILS, "rivals.Bean.failures.attribute=time", RUN),
    "rivals.*.failures.severity": (BEAN_FAILS, "rivals.Bean.failures.severity=50", RUN),
    "rivals.*.failures.complains": (BEAN_FAILS, "rivals.Bean.failures.complains=70 %", RUN),
    "rivals.*.failures.recovered": (BEAN_FAILS, "rivals.Bean.failures.recovered=60 %", RUN),
    "rivals.*.failures.repairs": (BEAN_FAILS, "rivals.Bean.failures.repairs=1.0", RUN),
    "rivals.*.failures.resentment": (BEAN_FAILS, "rivals.Bean.failures.resentment=0.9", RUN),
    "rivals.*.failures.delay": (BEAN_FAILS, "rivals.Bean.failures.delay=20 days", RUN),
    "firm.failures.cost": (FIRM_FAILS, "firm.failures.cost=3 EUR", RUN),
    "experience.paradox": ((*FIRM_FAILS, "firm.failures.repairs=1.5"), "experience.paradox=true", RUN),
    "firm.effort": ((), "firm.effort=6", RUN),
    "firm.claims.*.at": (FIRM_CLAIMS, "firm.claims.0.at=month 5", RUN),
    "firm.claims.*.points": (FIRM_CLAIMS, "firm.claims.0.points=12", RUN),
    "firm.claims.*.reach": (FIRM_CLAIMS, "firm.claims.0.reach=80 %", RUN),
    "rivals.*.effort": ((), "rivals.Bean.effort=6", RUN),
    "rivals.*.claims.*.at": (BEAN_CLAIMS, "rivals.Bean.claims.0.at=month 5", RUN),
    "rivals.*.claims.*.points": (BEAN_CLAIMS, "rivals.Bean.claims.0.points=12", RUN),
    "rivals.*.claims.*.reach": (BEAN_CLAIMS, "rivals.Bean.claims.0.reach=80 %", RUN),
    "firm.claims.*.cost": (FIRM_CLAIMS, "firm.claims.0.cost=4 EUR", MEASURED),
    "firm.sites": ((), "firm.sites=2", RUN),
    "firm.service.desks": ((), "firm.service.desks=2", RUN),
    "firm.service.open.hours": ((), "firm.service.open.hours=3", RUN),
    "firm.service.open.from": ((), "firm.service.open.from=9", RUN),
    "firm.service.time.law": (
        (),
        "firm.service.time={law: exponential, mean: 5 min, cv: null}",
        RUN,
    ),
    "firm.service.time.mean": ((), "firm.service.time.mean=6 min", RUN),
    "firm.service.time.cv": ((), "firm.service.time.cv=0.5", RUN),
    "firm.service.patience.law": (
        (),
        "firm.service.patience={law: constant, mean: 8 min, cv: null}",
        RUN,
    ),
    "firm.service.patience.mean": ((), "firm.service.patience.mean=5 min", RUN),
    "firm.service.patience.cv": ((), "firm.service.patience.cv=0.4", RUN),
    "firm.service.peaks": ((), "firm.service.peaks=[1, 3, 0, 2]", RUN),
    "firm.service.self_service.share": (SELF, f"{OWN}.share=40 %", RUN),
    "firm.service.self_service.service": (SELF, f"{OWN}.service=-9", RUN),
    "firm.service.self_service.effort": (SELF, f"{OWN}.effort=9", RUN),
    "firm.service.self_service.fails": (SELF, f"{OWN}.fails=50 %", RUN),
    "firm.service.self_service.cost": (SELF, f"{OWN}.cost=0.30 EUR", RUN),
    "firm.service.comfort.shortens": (COMFORT, "firm.service.comfort.shortens=50 %", RUN),
    "firm.service.comfort.per_minute": (COMFORT, "firm.service.comfort.per_minute=0.03 EUR", MEASURED),
    "firm.service.comfort.fixed": (COMFORT, "firm.service.comfort.fixed=60 EUR/month", MEASURED),
    "firm.service.information.shortens": (COMFORT, "firm.service.information.shortens=50 %", RUN),
    "firm.service.information.fixed": (COMFORT, "firm.service.information.fixed=60 EUR/month", MEASURED),
    "firm.service.promise.within": (PROMISE, "firm.service.promise.within=2 min", RUN),
    "firm.service.promise.cost": (PROMISE, "firm.service.promise.cost=3 EUR", RUN),
    "firm.service.promise.eases": (PROMISE, "firm.service.promise.eases=20", RUN),
    "market.segments.*.priority": ((), f"{SEGMENT}.priority=true", RUN),
    "firm.costs.goods": ((), "firm.costs.goods=33 %", RUN),
    "firm.costs.clerk": ((), "firm.costs.clerk=18 EUR/h", MEASURED),
    "firm.costs.fixed": ((), "firm.costs.fixed=901 EUR/month", MEASURED),
    "rivals.*.attributes.*.level": ((), "rivals.Bean.attributes.time.level=77", RUN),
    "rivals.*.attributes.*.sd": ((), "rivals.Bean.attributes.time.sd=7", RUN),
    "rivals.*.price_level": ((), "rivals.Bean.price_level=1 %", RUN),
    "rivals.*.offers.*.from": (
        (),
        OFFER.format("month 1", "month 5", "20 %", "50 %"),
        RUN,
    ),
    "rivals.*.offers.*.to": (
        (),
        OFFER.format("month 2", "month 6", "20 %", "50 %"),
        RUN,
    ),
    "rivals.*.offers.*.depth": (
        (),
        OFFER.format("month 2", "month 5", "25 %", "50 %"),
        RUN,
    ),
    "rivals.*.offers.*.reach": (
        (),
        OFFER.format("month 2", "month 5", "20 %", "90 %"),
        RUN,
    ),
    "rivals.*.awareness": ((), "rivals.Bean.awareness=50 %", RUN),
    "events.*.at": (EVENT, "events.0.at=month 5", RUN),
    "events.*.set": (EVENT, "events.0.set={firm.attributes.quality.level: 84}", RUN),
    "events.*.cost": (EVENT, "events.0.cost=61000 EUR", MEASURED),
    "rivals.*.rewards": ((), "rivals.Bean.rewards=6 %", RUN),
    "rivals.*.reactions.*.to": (REACTS, REACTION.format("price", "undercut", "20 days", "by: 5 %"), RUN),
    "rivals.*.reactions.*.does": (REACTS, REACTION.format("offer", "match", "20 days", "by: null"), RUN),
    "rivals.*.reactions.*.lag": (REACTS, REACTION.format("offer", "undercut", "90 days", "by: 5 %"), RUN),
    "rivals.*.reactions.*.chance": (
        REACTS,
        REACTION.format("offer", "undercut", "20 days", "by: 5 %, chance: 0"),
        RUN,
    ),
    "rivals.*.reactions.*.by": (REACTS, REACTION.format("offer", "undercut", "20 days", "by: 9 %"), RUN),
    "rivals.*.reactions.*.worth": (
        (REACTION.format("programme", "programme", "20 days", "worth: 5 %"),),
        REACTION.format("programme", "programme", "20 days", "worth: 9 %"),
        RUN,
    ),
    "programme.acquisition.*.at": (CAMPAIGN, "programme.acquisition.spring.at=month 4", RUN),
    "programme.acquisition.*.reach": (CAMPAIGN, "programme.acquisition.spring.reach=20 %", RUN),
    "programme.acquisition.*.gift": (CAMPAIGN, "programme.acquisition.spring.gift=31 EUR", RUN),
    "programme.acquisition.*.cost": (CAMPAIGN, "programme.acquisition.spring.cost=2 EUR", RUN),
    "programme.acquisition.*.readiness": (CAMPAIGN, "programme.acquisition.spring.readiness=2", RUN),
    "programme.acquisition.*.response": (CAMPAIGN, "programme.acquisition.spring.response=0.2", RUN),
    "programme.win_back.reach": (BACK, "programme.win_back.reach=20 %", RUN),
    "programme.win_back.gift": (BACK, "programme.win_back.gift=31 EUR", RUN),
    "programme.win_back.cost": (BACK, "programme.win_back.cost=2 EUR", RUN),
    "programme.win_back.readiness": (BACK, "programme.win_back.readiness=-2", RUN),
    "programme.win_back.delay": (BACK, "programme.win_back.delay=80 days", RUN),
    "programme.win_back.fades": (BACK, "programme.win_back.fades=2 / month", RUN),
    "programme.save.reach": (SAVED, "programme.save.reach=20 %", RUN),
    "programme.save.gift": (SAVED, "programme.save.gift=31 EUR", RUN),
    "programme.save.cost": (SAVED, "programme.save.cost=2 EUR", RUN),
    "programme.save.readiness": (SAVED, "programme.save.readiness=-2", RUN),
    "programme.enrolment.chance": (CLUB, "programme.enrolment.chance=30 %", RUN),
    "programme.enrolment.slope": (CLUB, "programme.enrolment.slope=0.2", RUN),
    "programme.enrolment.appeal": (CLUB, "programme.enrolment.appeal=2", RUN),
    "programme.enrolment.friction": (CLUB, "programme.enrolment.friction=2 EUR", RUN),
    "programme.enrolment.cost": (CLUB, "programme.enrolment.cost=2 EUR", RUN),
    "programme.enrolment.bonus": (CLUB, "programme.enrolment.bonus=11", RUN),
    "programme.enrolment.identified": (CLUB, "programme.enrolment.identified=60 %", RUN),
    "programme.enrolment.asleep": (CLUB, "programme.enrolment.asleep=1 month", RUN),
    "programme.tiers.window": (TIERS, "programme.tiers.window=4 months", RUN),
    "programme.tiers.review": (TIERS, "programme.tiers.review=rolling", RUN),
    "programme.tiers.holds": (ROLLING, "programme.tiers.holds=2 months", RUN),
    "programme.tiers.soft_landing": (SOFT, "programme.tiers.soft_landing=true", RUN),
    "programme.tiers.dilution": (TIERS, "programme.tiers.dilution=20 %", RUN),
    "programme.tiers.contrast": (TIERS, "programme.tiers.contrast=2", RUN),
    "programme.tiers.demotion": (TIERS, "programme.tiers.demotion=3", RUN),
    "programme.tiers.healing": (TIERS, "programme.tiers.healing=20 days", RUN),
    "programme.tiers.near": (TIERS, "programme.tiers.near=90 %", RUN),
    "programme.tiers.failure": (TIERS, "programme.tiers.failure=-30 %", RUN),
    "programme.tiers.failure_by_tier": (TIERS, "programme.tiers.failure_by_tier=3", RUN),
    "programme.tiers.opening": (TIERS, "programme.tiers.opening=true", RUN),
    "programme.tiers.progress": (TIERS, "programme.tiers.progress=1", RUN),
    "programme.tiers.success": (TIERS, "programme.tiers.success=20 %", RUN),
    "programme.tiers.levels.*.from": (TIERS, f"{HIGH}.from=5 visits", RUN),
    "programme.tiers.levels.*.multiplier": (TIERS, f"{HIGH}.multiplier=2", RUN),
    "programme.tiers.levels.*.priority": (TIERS, f"{HIGH}.priority=true", RUN),
    "programme.tiers.levels.*.status": (TIERS, f"{HIGH}.status=6", RUN),
    "programme.tiers.levels.*.perks.cost": (TIERS, f"{HIGH}.perks.cost=0.30 EUR", RUN),
    "programme.tiers.levels.*.perks.value": (TIERS, f"{HIGH}.perks.value=4", RUN),
    "programme.tiers.levels.*.perks.keeps": (TIERS, f"{HIGH}.perks.keeps=50 %", RUN),
    "programme.tiers.levels.*.perks.wears_off": (FADING, f"{HIGH}.perks.wears_off=20 days", RUN),
    "programme.points.earn": ((), "programme.points.earn=2 / EUR", RUN),
    "programme.points.worth": ((), "programme.points.worth=0.11 EUR", RUN),
    "programme.points.minimum": ((), "programme.points.minimum=30", RUN),
    "programme.points.step": ((), "programme.points.step=20", RUN),
    "programme.points.expiry": ((), "programme.points.expiry=2 months", RUN),
    "programme.points.expires": ((), "programme.points.expires=rolling", RUN),
    "programme.points.rounding": ((), "programme.points.rounding=up", RUN),
    "programme.points.valuation": ((), "programme.points.valuation=0.7", RUN),
    "programme.points.hassle": ((), "programme.points.hassle=0.90 EUR", RUN),
    "programme.points.choice_scale": (
        (),
        "programme.points.choice_scale=0.40 EUR",
        RUN,
    ),
    "programme.points.displacement": ((), "programme.points.displacement=90 %", RUN),
    "programme.points.fulfilment": ((), "programme.points.fulfilment=0.16 EUR", RUN),
    "programme.points.returns": (BACK_AGAIN, "programme.points.returns=charge", RUN),
    "firm.returns.share": (BACK_AGAIN, "firm.returns.share=31 %", RUN),
    "firm.returns.within": (BACK_AGAIN, "firm.returns.within=21 days", RUN),
    "firm.returns.resold": (BACK_AGAIN, "firm.returns.resold=79 %", RUN),
    "firm.returns.cost": (BACK_AGAIN, "firm.returns.cost=2.50 EUR", RUN),
    "programme.points.goal.strength": (GOAL, "programme.points.goal.strength=2", RUN),
    "programme.points.goal.power": (GOAL, "programme.points.goal.power=3", RUN),
    "programme.points.goal.heavy": (GOAL, "programme.points.goal.heavy=2 / month", RUN),
    "programme.points.lift.strength": (GOAL, "programme.points.lift.strength=40 %", RUN),
    "programme.points.lift.half_life": (GOAL, "programme.points.lift.half_life=90 days", RUN),
    "programme.points.plan.ahead": (PLANNED, "programme.points.plan.ahead=3 days", RUN),
    "programme.points.plan.momentum": (PLANNED, "programme.points.plan.momentum=50 %", RUN),
    "programme.points.endowed.points": (GOAL, "programme.points.endowed.points=9", RUN),
    "programme.points.endowed.commitment": (
        (*GOAL, "programme.points.kept=80 %"),
        "programme.points.endowed.commitment=2",
        RUN,
    ),
    "programme.points.endowed.haste": (GOAL, "programme.points.endowed.haste=60 %", RUN),
    "programme.points.kept": (GOAL, "programme.points.kept=80 %", RUN),
    "programme.points.changes.*.at": (CHANGE, f"{CHANGES}=[{{{TOLD}, at: month 7, worth: 0.04 EUR}}]", RUN),
    "programme.points.changes.*.announced": (
        CHANGE,
        f"{CHANGES}=[{{announced: month 4, at: month 8, worth: 0.04 EUR}}]",
        RUN,
    ),
    "programme.points.changes.*.worth": (
        CHANGE,
        f"{CHANGES}=[{{{TOLD}, at: month 8, worth: 0.05 EUR}}]",
        RUN,
    ),
    "programme.points.changes.*.earn": (
        CHANGE,
        f"{CHANGES}=[{{{TOLD}, at: month 8, worth: 0.04 EUR, earn: 2 / EUR}}]",
        RUN,
    ),
    "programme.points.changes.*.minimum": (
        CHANGE,
        f"{CHANGES}=[{{{TOLD}, at: month 8, worth: 0.04 EUR, minimum: 30}}]",
        RUN,
    ),
    "programme.points.changes.*.rush": (
        CHANGE,
        f"{CHANGES}=[{{{TOLD}, at: month 8, worth: 0.04 EUR, rush: 9}}]",
        RUN,
    ),
    "programme.points.campaigns.*.from": (DOUBLE, DAYS.format(3, 7, 2), RUN),
    "programme.points.campaigns.*.to": (DOUBLE, DAYS.format(4, 8, 2), RUN),
    "programme.points.campaigns.*.multiplier": (DOUBLE, DAYS.format(4, 7, 3), RUN),
    "programme.cashback": ((), "programme.cashback=2 %", RUN),
    "programme.member_price.discount": ((), "programme.member_price={discount: 3 %}", RUN),
    "programme.points.sign_up": ((), "programme.points.sign_up=5", RUN),
    "programme.points.birthday": ((), "programme.points.birthday=5", RUN),
    "programme.rollout.share": (HALF, "programme.rollout.share=70 %", RUN),
    "programme.rollout.stages.*.from": (STAGED, STAGES.format(2, "50 %", "[2, 3]"), RUN),
    "programme.rollout.stages.*.share": (STAGED, STAGES.format(1, "70 %", "[2, 3]"), RUN),
    "programme.rollout.stages.*.sites": (STAGED, STAGES.format(1, "50 %", "[1, 2, 3]"), RUN),
    "programme.rollout.from": (HALF, "programme.rollout.from=month 3", RUN),
    "programme.rollout.sites": (("firm.sites=3", *HALF), "programme.rollout.sites=[2, 3]", RUN),
    "programme.points.opening.share": (OPENED, "programme.points.opening.share=70 %", RUN),
    "programme.points.opening.mean": (OPENED, "programme.points.opening.mean=40", RUN),
    "programme.points.opening.shape": (OPENED, "programme.points.opening.shape=2", RUN),
    "programme.points.opening.ages": (OPENED, "programme.points.opening.ages=[0, 0, 1]", RUN),
    **{
        f"{PURSE}.{name}": (STORED, f"{PURSE}.{name}={value}", RUN)
        for name, value in (
            ("top_up", "25 EUR"),
            ("bonus", "20 %"),
            ("below", "15 EUR"),
            ("first", "cash"),
            ("chance", "50 %"),
            ("slope", "2"),
            ("appeal", "2"),
            ("valuation", "3"),
            ("uplift", "9 %"),
            ("expiry", "1 month"),
            ("refund.part", "50 %"),
            ("refund.chance", "20 %"),
            ("refund.leaving", "false"),
            ("opening.share", "90 %"),
            ("opening.mean", "7 EUR"),
            ("opening.shape", "2"),
            ("unclaimed", "state"),
        )
    },
    **{
        f"{PAID_CLUB}.{name}": (JOINED, f"{PAID_CLUB}.{name}={value}", RUN)
        for name, value in (
            ("fee", "11 EUR"),
            ("refund.part", "30 %"),
            ("refund.chance", "20 %"),
            ("opening.share", "90 %"),
            ("term", "2 months"),
            ("trial", "2 months"),
            ("discount", "7 %"),
            ("worth", "1.50 EUR"),
            ("cost", "0.30 EUR"),
            ("chance", "70 %"),
            ("taste", "9 EUR"),
            ("valuation", "3"),
            ("sunk_cost", "1.5"),
            ("renewal.alpha", "3"),
            ("renewal.beta", "9"),
        )
    },
    **{
        f"{CONTACT}.{name}": (CONTACTED, f"{CONTACT}.{name}={value}", RUN)
        for name, value in (
            ("rate", "5 / month"),
            ("cost", "0.31 EUR"),
            ("consent", "90 %"),
            ("asleep", "1 month"),
            ("gain", "1"),
            ("most", "9"),
            ("fades", "9 days"),
            ("tolerance", "1 / month"),
            ("tolerance_spread", "1"),
            ("effort", "4"),
            ("heals", "5 days"),
            ("unsubscribes", "70 %"),
        )
    },
    f"{CONTACT}.plans.*.rate": (CONTACTED, f"{CONTACT}.plans.few.rate=2 / month", RUN),
    f"{SEGMENT.replace('regulars', '*')}.tolerates": (CONTACTED, f"{SEGMENT}.tolerates=1 / month", RUN),
    **{
        f"{MEETS}.{name}": (MET, f"{MEETS}.{name}={value}", RUN)
        for name, value in (
            ("interest", "20 %"),
            ("chance", "5 %"),
            ("devotion", "3"),
            ("most", "15"),
            ("half_life", "20 days"),
            ("fades", "3 days"),
            ("leaves", "70 %"),
            ("cost", "0.50 EUR/month"),
        )
    },
    f"{MEETS}.fixed": (MET, f"{MEETS}.fixed=90 EUR/month", MEASURED),
    "finance.prepaid.redeemed": ((), "finance.prepaid.redeemed=90 %", MEASURED),
    "finance.tier_benefits": (PERKS_OWED[:1], "finance.tier_benefits=obligation", MEASURED),
    "finance.tier_expected": (PERKS_OWED, "finance.tier_expected=2 %", MEASURED),
    "programme.surprise.chance": (GIFTED, "programme.surprise.chance=60 %", RUN),
    "programme.surprise.value": (GIFTED, "programme.surprise.value=30", RUN),
    "programme.surprise.cost": (GIFTED, "programme.surprise.cost=0.60 EUR", RUN),
    "programme.points.classes": (FRESH, "programme.points.classes={fresh: 3}", RUN),
    "market.segments.*.buys": (FRESH, f"{SEGMENT}.buys={{fresh: 40 %}}", RUN),
    "market.segments.*.fit.taste_drift": ((), f"{SEGMENT}.fit.taste_drift=1 year", RUN),
    "market.segments.*.needs.toward": (
        NEEDS,
        f"{SEGMENT}.needs.toward={{quality: 10 %, time: 50 %, price: 40 %}}",
        RUN,
    ),
    "market.segments.*.needs.half_life": (NEEDS, f"{SEGMENT}.needs.half_life=90 days", RUN),
    "market.segments.*.needs.wander": (NEEDS, f"{SEGMENT}.needs.wander=0.3", RUN),
    "market.segments.*.needs.from": (NEEDS, f"{SEGMENT}.needs.from=month 5", RUN),
    "programme.fixed": ((), "programme.fixed=51 EUR/month", MEASURED),
    "programme.acceleration": ((), "programme.acceleration=1.1", RUN),
    "loyalty.theory": ((), "loyalty.theory=kotler", RUN),
    "loyalty.period": ((), "loyalty.period=9 months", RUN),
    "loyalty.stay": ((), "loyalty.stay=[10 %, 98 %]", RUN),
    "loyalty.steepness": ((), "loyalty.steepness=5", RUN),
    "loyalty.intensity": (COMPETITIVE, "loyalty.intensity=0.9", RUN),
    "loyalty.width": (TWO_THRESHOLD, "loyalty.width=60", RUN),
    "loyalty.peak": (INVERTED_U, "loyalty.peak=110", RUN),
    "loyalty.drop": (INVERTED_U, "loyalty.drop=60 %", RUN),
    "loyalty.rate": (CONSTANT, "loyalty.rate=75 %", RUN),
    "loyalty.renewal.alpha": (BETA, "loyalty.renewal.alpha=0.9", RUN),
    "loyalty.renewal.beta": (BETA, "loyalty.renewal.beta=2", RUN),
    "loyalty.offset": ((), "loyalty.offset=-2", RUN),
    "loyalty.par_standing": ((), "loyalty.par_standing=69", RUN),
    "loyalty.par_bonds": ((), "loyalty.par_bonds=1", RUN),
    "loyalty.choice_slope": ((), "loyalty.choice_slope=0.5", RUN),
    "loyalty.softness": ((), "loyalty.softness=1", RUN),
    "loyalty.rechoose": ((), "loyalty.rechoose=all", RUN),
    "loyalty.never_returns": ((), "loyalty.never_returns=100 %", RUN),
    "loyalty.away.at_par": (AWAY, "loyalty.away.at_par=30 %", RUN),
    "loyalty.away.slope": (AWAY, "loyalty.away.slope=25", RUN),
    "market.category_expandability": (AWAY, "market.category_expandability=40 %", RUN),
    "market.borrowed": (("programme.acceleration=1.5",), "market.borrowed=40 %", RUN),
    "loyalty.stock_horizon": ((), "loyalty.stock_horizon=2 months", RUN),
    "relationship.up": (FELT, "relationship.up=9 %", RUN),
    "relationship.down": (FELT, "relationship.down=20 %", RUN),
    "relationship.breach": (FELT, "relationship.breach=4", RUN),
    "relationship.habit_speed": (FELT, "relationship.habit_speed=30 %", RUN),
    "market.segments.*.bonds.affect": (FELT, f"{SEGMENT}.bonds={{affect: 9}}", RUN),
    "market.segments.*.bonds.trust": (FELT, f"{SEGMENT}.bonds={{trust: 9}}", RUN),
    "market.segments.*.bonds.habit": (FELT, f"{SEGMENT}.bonds={{habit: 1}}", RUN),
    "experience.beta_up": ((), "experience.beta_up=0.3", RUN),
    "experience.beta_down": ((), "experience.beta_down=0.6", RUN),
    "experience.kappa_up": ((), "experience.kappa_up=0.4", RUN),
    "experience.kappa_down": ((), "experience.kappa_down=0.3", RUN),
    "experience.zone": ((), "experience.zone=4", RUN),
    "experience.memory": ((), "experience.memory=0.25", RUN),
    "experience.prior": ((), "experience.prior=3", RUN),
    "experience.decay": ((), "experience.decay=200 days", RUN),
    "experience.forgetting": ((), "experience.forgetting=3 % / month", RUN),
    "reputation.speed": ((), "reputation.speed=30 %", RUN),
    "waiting.penalty": ((), "waiting.penalty=50", RUN),
    "waiting.tolerance": ((), "waiting.tolerance=4 min", RUN),
    "satisfaction.cuts": ((), "satisfaction.cuts=[20, 40, 60, 76]", RUN),
    "finance.customer_worth": (
        ("finance.customer_worth=50 EUR",),
        "finance.customer_worth=60 EUR",
        MEASURED,
    ),
    "finance.discount_rate": ((), "finance.discount_rate=9 % / year", RUN),
    "word_of_mouth.rate": (TALK, "word_of_mouth.rate=3 / month", RUN),
    "word_of_mouth.delight": (TALK, "word_of_mouth.delight=70", RUN),
    "word_of_mouth.disappointment": (TALK, "word_of_mouth.disappointment=70", RUN),
    "word_of_mouth.louder": (TALK, "word_of_mouth.louder=3", RUN),
    "word_of_mouth.weight": (TALK, "word_of_mouth.weight=40 %", RUN),
    "market.outside.view": (OUT, "market.outside.view=66", RUN),
    "market.outside.awareness": (OUT, "market.outside.awareness=20 %", RUN),
    "rivals.*.growth.to": (GROWS, "rivals.Bean.growth.to=5 %", RUN),
    "rivals.*.growth.half_life": (GROWS, "rivals.Bean.growth.half_life=3 months", RUN),
    "rivals.*.growth.from": (GROWS, "rivals.Bean.growth.from=month 3", RUN),
    "referrals.rate": (REFERS, "referrals.rate=2 / month", RUN),
    "referrals.delight": (REFERS, "referrals.delight=60", RUN),
    "referrals.readiness": (REFERS, "referrals.readiness=-1", RUN),
    "referrals.matching": (REFERS, "referrals.matching=100 %", RUN),
    "referrals.newcomers": (REFERS, "referrals.newcomers=90", RUN),
    "programme.referral.bonus": (REWARD, "programme.referral.bonus=4 EUR", RUN),
    "programme.referral.welcome": (REWARD, "programme.referral.welcome=9 EUR", RUN),
    "programme.referral.lift": (REWARD, "programme.referral.lift=2", RUN),
    "programme.referral.response": (REWARD, "programme.referral.response=0.6", RUN),
    "survey.sample": (ASKED, "survey.sample=60 %", MEASURED),
    "survey.response": (ASKED, "survey.response=40 %", MEASURED),
    "survey.tilt": (ASKED, "survey.tilt=0.4", MEASURED),
    "survey.extremes": (ASKED, "survey.extremes=0.1", MEASURED),
    "survey.noise": (ASKED, "survey.noise=5", MEASURED),
    "finance.point.redeemed": ((), "finance.point.redeemed=81 %", MEASURED),
    "finance.point.estimate": ((), "finance.point.estimate=hazard", MEASURED),
    "finance.point.review": (("finance.point.estimate=hazard",), "finance.point.review=6 months", MEASURED),
}

RECORDS = "firm.records={known: 90 %, value_error: 0.2, high_value: 150 EUR}"
TOLD_APART = (*TIERS, *FELT, RECORDS)
CRITERIA = {  # of a target: what it asks for, and what else it may ask for
    "segments": ("[regulars]", "[visitors]"),
    "classes": ("[4, 5]", "[1, 2, 3]"),
    "tiers": ("[none]", "[low, high]"),
    "stages": ("[none, preference]", "[habitual, devoted]"),
    "groups": ("[strangers]", "[friends, butterflies, barnacles]"),
}
FOR_SOME = {  # what is for some customers only
    "firm.offers.*": "firm.offers=[{{from: month 1, to: month 6, depth: 10 %, target: {{{0}}}}}]",
    "programme.member_price": "programme.member_price={{discount: 3 %, target: {{{0}}}}}",
    "programme.surprise": "programme.surprise={{value: 20, chance: 50 %, target: {{{0}}}}}",
    "programme.contact": (
        "programme.contact={{rate: 5 / month, tolerance: 1 / month, effort: 3, consent: 100 %, "
        "target: {{{0}}}}}"
    ),
    "programme.contact.plans.*": (
        "programme.contact={{rate: 1 / month, tolerance: 1 / month, effort: 3, consent: 100 %, "
        "plans: {{more: {{rate: 6 / month, target: {{{0}}}}}}}}}"
    ),
    "programme.points.campaigns.*": (
        "programme.points.campaigns=[{{from: month 2, to: month 7, target: {{{0}}}}}]"
    ),
    "programme.points": "programme.points.target={{{0}}}",
    "programme.tiers": "programme.tiers.target={{{0}}}",
    "programme.acquisition.*": "programme.acquisition={{spring: {{at: month 3, target: {{{0}}}}}}}",
    "programme.win_back": "programme.win_back={{gift: 5 EUR, target: {{{0}}}}}",
    "programme.save": "programme.save={{gift: 5 EUR, target: {{{0}}}}}",
}
PERTURBED |= {
    f"{what}.target.{criterion}": (
        (*TOLD_APART, text.format(f"{criterion}: {one}")), text.format(f"{criterion}: {other}"), RUN
    )
    for what, text in FOR_SOME.items() for criterion, (one, other) in CRITERIA.items()
}  # fmt: skip
PERTURBED |= {
    f"programme.cashback_target.{criterion}": (
        (*TOLD_APART, "programme.cashback=4 %", f"programme.cashback_target={{{criterion}: {one}}}"),
        f"programme.cashback_target={{{criterion}: {other}}}",
        RUN,
    )
    for criterion, (one, other) in CRITERIA.items()
}
FRIENDS = (*TOLD_APART, FOR_SOME["firm.offers.*"].format("groups: [friends], stages: [none, preference]"))
PERTURBED |= {
    f"firm.records.{name}": (FRIENDS, f"firm.records.{name}={value}", RUN)
    for name, value in (
        ("known", "40 %"), ("value_error", 2), ("stage_error", "60 %"), ("high_value", "40 EUR"),
        ("loyal_from", 0.95),
    )
}  # fmt: skip
PERTURBED["firm.records.satisfaction_error"] = (
    (*TOLD_APART, FOR_SOME["firm.offers.*"].format("classes: [4, 5]")),
    "firm.records.satisfaction_error=20",
    RUN,
)

RUNNING = (  # the programme of the market, running already before month 0, in the place of the one on trial
    "status_quo={points: {earn: 1 / EUR, worth: 0.10 EUR, minimum: 20, step: 10, expiry: 4 months, "
    "rounding: nearest, hassle: 0.80 EUR, choice_scale: 0.50 EUR, fulfilment: 0.15 EUR}, "
    "fixed: 50 EUR/month}",
    "warm_up=9 months",
)


def of_status_quo(overrides):
    """What is said of the programme, said of the status quo."""
    return tuple(text.replace("programme.", "status_quo.", 1) for text in overrides)


PERTURBED |= {
    field.replace("programme.", "status_quo.", 1): (
        (*RUNNING, *of_status_quo(context)), *of_status_quo((override,)), moves
    )
    for field, (context, override, moves) in PERTURBED.items()
    if field.startswith("programme.") and field.split(".")[1] in Instruments.model_fields
    and not field.startswith(tuple(f"programme.points.{x}." for x in ("changes", "campaigns", "target")))
}  # fmt: skip


def models_in(annotation):
    """The models inside an annotation, each with the step that leads to it (`*` for an item)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ()
        return
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from models_in(inside[0])
    elif origin in (typing.Union, types.UnionType):
        for part in inside:
            yield from models_in(part)
    elif origin in (tuple, dict):
        for model, steps in models_in(inside[0] if origin is tuple else inside[1]):
            yield model, ("*", *steps)


def leaves(model, path=()):
    """Every field below a model that holds a value, as a dotted path."""
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        below = list(models_in(field.annotation))
        for inner, steps in below:
            yield from leaves(inner, (*here, *steps))
        if not below:
            yield ".".join(here)


def lowered(*overrides):
    """The scenario with overrides, and its parameters."""
    scenario = load(MARKET, overrides).scenario
    return scenario, lower(scenario)


def unlike(one, other):
    """Names of the parameters that are not the same."""
    return [
        name
        for name, a, b in zip(one._fields, one, other, strict=True)
        if (a.tobytes() != b.tobytes() or a.shape != b.shape if isinstance(a, np.ndarray) else a != b)
    ]


def test_every_field_is_accounted_for():
    """A new field of the schema needs a line here: what it changes, or who reads it."""
    known = set(leaves(Scenario))
    assert known == set(PERTURBED) | set(ELSEWHERE)
    assert not set(PERTURBED) & set(ELSEWHERE)


@pytest.mark.parametrize("field", [f for f in PERTURBED if f != "currency"])
def test_every_lever_moves_what_it_says(field):
    """The parameters change, and the run with them; or the terms of measuring do, and the run does not.

    Break: a field that is lowered into another's place; one that no rule reads.
    """
    context, override, moves = PERTURBED[field]
    plain, numbers = lowered(*context)
    changed, other = lowered(*context, override)
    if moves == RUN:
        assert unlike(numbers, other), f"{override} changes no parameter"
        assert digest(simulate(numbers, 0, SEED)) != digest(simulate(other, 0, SEED)), (
            f"{override}: the same run"
        )
    else:
        assert terms_of(plain) != terms_of(changed), f"{override} changes no term"
        assert not unlike(numbers, other)


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_the_currency_says_how_amounts_are_counted(tmp_path, currency):
    """Yen have no minor unit, dinars have a thousand; `currency` is read by lowering and by measuring."""
    path = tmp_path / "market.yaml"
    path.write_text(MARKET.read_text().replace("EUR", currency))
    unit = {"JPY": 1, "KWD": 1000}[currency]
    scenario = load(path).scenario
    numbers = lower(scenario)
    _, euros = lowered()
    assert numbers.money_unit == terms_of(scenario).money_unit == unit
    assert numbers.segments["basket"] == pytest.approx(euros.segments["basket"] * unit / 100)


@pytest.mark.parametrize("field", ELSEWHERE)
def test_every_other_field_has_its_reader(field):
    """The named module reads an attribute of that name."""
    tree = ast.parse(inspect.getsource(importlib.import_module(ELSEWHERE[field])))
    name = CALLED.get(field, field.rsplit(".", 1)[-1])
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    fields = [node.target for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)]
    names |= {target.id for target in fields if isinstance(target, ast.Name)}
    assert name in names or f"{name}_version" in names


UNREAD = {  # fields of records that no rule needs, and why they are there
    "months": "read in Python",
    "wave": "read in Python",
    "contacts": "read in Python",
    "horizon_day": "read in Python",
    "chance": "drawn when a world opens",
    "begins": "read by the market",
    "opening": "read when a world opens",
    "answers": "read when a world opens",
    "place": "the index of that draw",
    "since": "read in Python",
    "exit_shape": "the shape lives in its quantile table",
}


def test_every_number_that_is_lowered_is_read_by_a_rule():
    """A field of a record that no rule reads is a lever without effect.

    Break: `displacement` struck out of the rule that reads it.
    """
    read = set()
    for path in Path(importlib.import_module("loyaltysim.rules.life").__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text())
        read |= {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
        }
    for record in (
        p.TERMS,
        p.SEGMENT,
        p.PROVIDER,
        p.OFFER,
        p.CHANGE,
        p.ATTRIBUTE,
        p.FAILURE,
        p.CLAIM,
        TARGET,
        POINTS,
        ENROLMENT,
        TIERING,
        TIER,
        p.CLOCK,
        state.TIE,
        state.WALLET,
        state.DEPARTURE,
        APPROACH,
        p.REACTION,
        p.TALK,
        REFERRING,
        p.GROWTH,
        STORING,
        holdings.PURSE,
        terms.CLUB,
        SUBSCRIPTION,
        terms.OUTREACH,
        terms.PLAN,
        terms.COMMUNITY,
        holdings.RELATION,
    ):
        for name in record.names:
            assert name in read or name in UNREAD, name
