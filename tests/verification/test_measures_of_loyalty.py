"""Decision time, price sensitivity, refused offers, tolerated failures, against closed forms (MODEL 3.4).

Breaks seen to fail: nats in place of bits; the price sensitivity of the other side, 1 - p; offers counted for
who does not see them; a failure that is followed at every later occasion.
"""

import math

import numpy as np
import pytest
from small_worlds import differing_measures, play, record

from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.slopes import curve_of, slope
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import M
from loyaltysim.rules.loyalty import staying
from loyaltysim.rules.measures import bits
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.verdict import SCENARIOS, require, run, share

SLOPE, WEIGHT = 20.0, 75.0  # of away.yaml; CSI points for the whole price


def chance(standing):
    """Chance of buying elsewhere, so many points of standing above par."""
    return 1.0 / (1.0 + math.exp(standing / SLOPE - math.log(0.3 / 0.7)))


def figure(name, *overrides):
    """A key figure of the twin of `away.yaml`, as numerator and denominator."""
    (found,) = run("away", *overrides, engine="compiled")
    terms = terms_of(load(SCENARIOS / "away.yaml", overrides).scenario)
    kpi = CATALOGUE[name]
    assert kpi.when(terms)
    return kpi.formula(views(found, terms)[1])


def hits(parts):
    """As many successes among as many trials."""
    return np.arange(parts[1]) < parts[0]


@pytest.mark.parametrize("p", [0.01, 0.25, 0.5, 0.8])
def test_bits_are_the_entropy_of_a_choice_of_two(p):
    assert bits(p) == pytest.approx(-p * math.log2(p) - (1 - p) * math.log2(1 - p), rel=1e-12)
    assert bits(p) == pytest.approx(bits(1.0 - p), rel=1e-12)
    assert bits(0.0) == bits(1.0) == 0.0


def test_decisions_are_as_hard_as_their_chance_says():
    """All stand 12.5 points below par: one chance, one entropy, one slope, to the fixed point."""
    p = chance(-12.5)
    total, decisions = figure("decision_bits")
    assert decisions > 50_000
    assert total / decisions == pytest.approx(-p * math.log2(p) - (1 - p) * math.log2(1 - p), abs=2**-16)
    total, decisions = figure("price_sensitivity")
    assert total / decisions == pytest.approx(p * WEIGHT / SLOPE, abs=2**-16)


def test_the_price_sensitivity_is_what_a_small_price_cut_does():
    """A cut of 2 % raises the chance of buying from us by the sensitivity, halfway between the two points."""
    before, after = chance(-12.5), chance(-12.5 + 0.02 * WEIGHT)
    cut = "firm.offers=[{from: month 0, to: month 12, depth: 2 %, reach: 100 %}]"
    sensitivities = [
        total / n for total, n in (figure("price_sensitivity"), figure("price_sensitivity", cut))
    ]
    found = 0.02 * sum(sensitivities) / 2.0
    assert found == pytest.approx(math.log((1.0 - after) / (1.0 - before)), rel=2e-3)


@pytest.mark.statistical
def test_offers_are_refused_as_often_as_she_buys_from_us():
    """Near, which pulls most, offers 10 % to half of the market: those who see it stand 7.5 points lower."""
    offer = "rivals.Near.offers=[{from: month 0, to: month 12, depth: 10 %, reach: 50 %}]"
    parts = figure("offers_refused_share", offer)
    assert parts[1] > 30_000
    require([share("refused", 1.0 - chance(-20.0), hits(parts), "occasions with an offer")])
    met = figure("decision_bits", offer)[1]
    assert 0.4 < parts[1] / met < 0.6


@pytest.mark.statistical
def test_failures_are_tolerated_as_often_as_she_stays():
    """Who stays with 90 % at each occasion and buys nowhere else tolerates 90 % of failures."""
    fails = (
        "loyalty={theory: constant, rate: 90 %, period: occasion, away: null}",
        "firm.failures={chance: 25 %, attribute: quality, severity: 30}",
    )
    parts = figure("failures_tolerated_share", *fails)
    assert parts[1] > 1000
    require([share("tolerated", 0.9, hits(parts), "failures")])


def test_what_is_measured_changes_nothing_and_both_engines_measure_alike():
    """In the small market, in which everything happens: the same whole numbers from both engines."""
    lively = ("loyalty.away={at_par: 25 %, slope: 30}",
              "firm.failures={chance: 20 %, attribute: quality, severity: 40, complains: 50 %}")  # fmt: skip
    one, other = (play(engine, *lively).programme.money for engine in ("simpy", "compiled"))
    assert differing_measures(one, other) == []
    total = one.sum(axis=(0, 1))
    for name in ("DECISIONS", "OFFERS_MET", "OFFERS_REFUSED", "FAILURES_FOLLOWED", "FAILURES_TOLERATED"):
        assert total[getattr(M, name)] > 0, name
    assert total[M.OFFERS_REFUSED] < total[M.OFFERS_MET]
    assert total[M.FAILURES_TOLERATED] < total[M.FAILURES_FOLLOWED] <= total[M.FAILURES]


def test_leaving_is_as_hard_a_decision_as_its_chance_before_the_next_occasion():
    """97 % a month stay, 0.1 occasions a month: p = 1 - .97^10, one entropy for all. Catches: p a month."""
    (found,) = run("hazard", engine="compiled")
    terms = terms_of(load(SCENARIOS / "hazard.yaml").scenario)
    kpi = CATALOGUE["leaving_bits"]
    assert kpi.when(terms) and not CATALOGUE["decision_bits"].when(terms)
    total, customers = kpi.formula(views(found, terms)[1])
    p = 1.0 - 0.97**10
    assert customers > 800
    assert total / customers == pytest.approx(-p * math.log2(p) - (1 - p) * math.log2(1 - p), rel=1e-6)


HERS = np.dtype([("threshold", "f4"), ("stays", "f4")])  # what a curve asks of a customer
THEORIES = ("threshold", "kotler", "competitive", "two_threshold", "inverted_u", "constant", "beta")


@pytest.mark.parametrize("theory", THEORIES)
def test_the_slope_of_a_curve_is_the_difference_of_its_values(theory):
    """dL/d standing in closed form against `rules.loyalty.staying` a thousandth of a point to either side.

    Between the corners of the curves. Break: the slope of kotler without 1 - L; the width left out.
    """
    own = ("loyalty.rate=80 %", "loyalty.renewal={alpha: 1, beta: 3}", "loyalty.intensity=0.8")
    scenario = load(SCENARIOS / "hazard.yaml", (f"loyalty.theory={theory}", *own)).scenario
    curve = curve_of(scenario)
    assert curve is not None
    terms = lower(scenario).terms.view(np.recarray)[0]
    standings = np.arange(-4.75, 118.0, 2.5)
    her = record(HERS, threshold=46.25, stays=0.7)
    low, here, high = (
        np.array([staying(terms, her, x + d) for x in standings]) for d in (-0.001, 0.0, 0.001)
    )
    steep = slope(curve, standings, np.full(len(standings), 46.25), here)
    assert steep == pytest.approx((high - low) / 0.002, rel=2e-5, abs=1e-9)
    assert (np.abs(steep).max() > 0.001) == (theory not in ("constant", "beta"))


def test_a_dearer_price_loses_as_many_as_the_sensitivity_says():
    """All stand at 76 on the kotler curve: P(stays a year) at prices 0.5 % up and down, and the figure.

    Catches: the weight of a whole price; the period left out; L in place of L to the power of a year.
    """
    overrides = (
        "loyalty={theory: kotler, rate: null, period: 6 months}",
        "market.segments.all.price_weight=1.5",
        "firm.attributes.quality.level=76",
    )
    (found,) = run("hazard", *overrides, engine="compiled")
    scenario = load(SCENARIOS / "hazard.yaml", overrides).scenario
    terms, rules = terms_of(scenario), lower(scenario).terms.view(np.recarray)[0]
    kpi = CATALOGUE["leaving_price_sensitivity"]
    assert kpi.when(terms) and not CATALOGUE["price_sensitivity"].when(terms)
    total, customers = kpi.formula(views(found, terms)[1])
    her = record(HERS)
    dear, cheap = (365.0 / rules.period * math.log(staying(rules, her, 76.0 + d)) for d in (-0.75, 0.75))
    assert customers > 100 and total / customers == pytest.approx(cheap - dear, rel=1e-3)
