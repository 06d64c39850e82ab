"""C3, C20, C28, C30: what a margin is worth, books to the cent, a budget at risk, the chain ladder."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from loyaltysim.experiments.budget import budget
from loyaltysim.metrics.finance.core import PARTS, portion
from loyaltysim.metrics.finance.estimates import ladder
from loyaltysim.metrics.finance.journal import Books
from loyaltysim.metrics.finance.lived import KINDS, kept
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import CENT
from loyaltysim.scenario.load import load
from loyaltysim.validation.checks_forms import published
from loyaltysim.validation.forms import constant_clv, margin_multiple
from loyaltysim.validation.verdict import SCENARIOS, Row, exactly, mean, run, share

YEARS = 12
STEP = 0.01  # of a parameter, either way


def c3() -> list[Row]:
    """C3: the margin multiple r / (1 + i - r), its elasticities; twelve renewals, a hundredth up and down."""
    r, i = 0.8, 0.1
    rows = [
        published("multiple at r = .8, i = .1", 2.667, margin_multiple(r, i), 3),
        published("multiple at r = .9, i = .12", 4.09, margin_multiple(0.9, 0.12), 2),
        published("multiple at r = .6, i = .16", 1.07, margin_multiple(0.6, 0.16), 2),
        published("elasticity in retention", 3.667, (1.0 + i) / (1.0 + i - r), 3),
        published("elasticity in interest", -0.333, -i / (1.0 + i - r), 3),
    ]

    def multiples(retention: float, interest: float, margin: float = 100.0) -> np.ndarray:
        (found,) = run(
            "constant_retention",
            f"loyalty.rate={100.0 * retention:.6g} %",
            f"finance.discount_rate={100.0 * interest:.6g} % / year",
            f"market.segments.all.basket.mean={margin:g} EUR",
            f"horizon={12 * YEARS + 6} months",
            "market.entries=[{on: day 0, customers: 5000}]",
            engine="compiled",
        )
        value = found.programme.customers["value"] / CENT / 100.0
        return np.asarray(value / 100.0 - margin / 100.0)  # of renewals, the first margin apart

    def form(retention: float, interest: float) -> float:
        return constant_clv(1.0, retention, interest, YEARS + 1) - 1.0

    plain, whole = multiples(r, i), form(r, i)
    rows.append(mean("multiple, lived", whole, plain, "customers"))
    for what, up, down, expected in (
        ("retention", (r * (1.0 + STEP), i), (r * (1.0 - STEP), i), None),
        ("interest", (r, i * (1.0 + STEP)), (r, i * (1.0 - STEP)), None),
        ("margin", (r, i, 101.0), (r, i, 99.0), 1.0),
    ):
        apart = multiples(*up) - multiples(*down)
        exact = expected or (form(up[0], up[1]) - form(down[0], down[1])) / (2.0 * STEP * whole)
        ratio = apart.mean() / plain.mean() / (2.0 * STEP)
        residual = apart - apart.mean() / plain.mean() * plain
        error = residual.std(ddof=1) / plain.mean() / (2.0 * STEP) / math.sqrt(len(plain))
        rows.append(Row(f"elasticity in {what}, lived", exact, float(ratio), max(float(error), 1e-4),
                        f"{len(plain):,} customers"))  # fmt: skip
    return rows


def c20() -> list[Row]:
    """C20: IFRS 15's illustrative example 52 to the cent, told, and lived by 10,000 customers."""
    books = Books(likelihood=950_000)
    deferred = books.sell("points", 0, 10_000_000, 10_000_000, 10_000, 1_000_000)
    first = books.use(0, "points", 0, 4_500)
    left = books.liability
    books.close()
    second = books.revise(0, "points", 0, 9_700 * PARTS) + books.use(0, "points", 0, 4_000)
    told = (
        ("revenue of the product", 91_324.20, 10_000_000 - deferred),
        ("deferred for points", 8_675.80, deferred),
        ("revenue of points in year 1: 4,500 used, 9,500 expected", 4_109.59, first),
        ("liability after year 1", 4_566.21, left),
        ("revenue of points in year 2: 8,500 used to date, 9,700 expected", 3_492.92, second),
        ("liability after year 2", 1_073.29, books.liability),
    )
    rows = [exactly(what, figure, cents / 100.0, "the books") for what, figure, cents in told]
    (found,) = run("sale_with_points")
    terms = terms_of(load(SCENARIOS / "sale_with_points.yaml").scenario)
    lived = kept(found.programme, terms, found.days)
    assert lived is not None
    cohort = lived.books.cohorts[0, KINDS[0], 0]
    n = f"{len(found.programme.customers):,} customers"
    used = np.arange(10_000) < cohort.used
    allocation = 867_580
    earned = portion(allocation, cohort.used, 9_500)
    return [
        *rows,
        exactly("lived: points issued in the first month", 10_000, cohort.issued, n),
        exactly("lived: deferred at issue", allocation / 100.0, cohort.allocation / 100.0, n),
        share("lived: points redeemed a year later", 0.5, used, "customers"),
        exactly(f"lived: revenue of {cohort.used} points used of 9,500 expected", earned / 100.0,
                cohort.recognised / 100.0, n),
        exactly("lived: liability then", (allocation - earned) / 100.0, cohort.liability / 100.0, n),
    ]  # fmt: skip


MEMBERS, TWICE, EACH, SD = 1_000, 2.0, 8.0, 2.0
COMMON = 0.10  # coefficient of variation of what all members share
UNSURE = "uncertainties={programme.cashback: {normal: [50 %, 5 %]}}"


def at_risk(members: int, common: float) -> tuple[float, float, float]:
    """Mean, deviation and P95 of a year's cost: N compound Poisson sums, and a factor that all share."""
    expected = members * TWICE * EACH
    luck = members * TWICE * (EACH**2 + SD**2)
    sd = math.sqrt(luck + (common * expected) ** 2 + common**2 * luck)
    return expected, sd, expected + float(stats.norm.ppf(0.95)) * sd


def c28(replications: int = 200) -> list[Row]:
    """C28: `loyaltysim budget` finds the risk of 1,000 members' cash back, by luck and by what is unsure.

    Of 10,000 members luck has a deviation of 1,166; a factor that is unsure by 10 % brings it to 16,042: what
    all share does not average out.
    """
    luck = at_risk(10_000, 0.0)
    unsure = math.hypot(luck[1], COMMON * luck[0])
    rows = [
        published("10,000 members: mean", 160_000, luck[0], 0),
        published("their deviation, luck alone", 1_166, luck[1], 0),
        published("their P95, luck alone", 161_918, luck[2], 0),
        published("their deviation, 10 % unsure", 16_042, unsure, 0),
        published("their P95, 10 % unsure", 186_390, luck[0] + float(stats.norm.ppf(0.95)) * unsure, -1),
    ]
    for what, common, overrides in (("luck alone", 0.0, ()), ("10 % unsure", COMMON, (UNSURE,))):
        loaded = load(SCENARIOS / "budget_at_risk.yaml", overrides)
        found = budget(loaded, replications=replications, workers=1, engine="compiled")
        costs = found.costs[:, 0]
        expected, sd, top = at_risk(MEMBERS, common)
        n = f"{replications} replications of {MEMBERS:,} members"
        kurtosis = float(stats.kurtosis(costs)) + 3.0
        error = sd * math.sqrt(max(kurtosis - 1.0, 0.5) / (4.0 * replications))
        density = float(stats.norm.pdf(stats.norm.ppf(0.95))) / sd
        quantile = found.dearest.quantile.estimate
        chance = found.dearest.overspent.estimate
        assert quantile is not None and chance is not None
        rows += [
            Row(f"{what}: mean", expected, float(costs.mean()), sd / math.sqrt(replications), n),
            Row(f"{what}: deviation", sd, float(costs.std(ddof=1)), error, n),
            Row(f"{what}: P95", top, quantile, math.sqrt(0.05 * 0.95 / replications) / density, n),
            Row(f"{what}: chance of overspending the mean", 0.5, chance, 0.5 / math.sqrt(replications), n),
        ]
    return rows


def c30() -> list[Row]:
    """C30: the chain ladder of SCIENCE 5.3, a triangle of three cohorts and a tail of 1.05."""
    triangle = np.array(
        [[300.0, 550.0, 650.0], [340.0, 600.0, np.nan], [360.0, np.nan, np.nan]]
    )  # redeemed to date, by age
    factors, ultimate = ladder(triangle, tail=1.05)
    rates = ultimate / np.array([1_000.0, 1_100.0, 1_200.0])
    to_come = float((ultimate - np.array([650.0, 600.0, 360.0])).sum())
    return [
        published("factor from age 1 to 2", 1.796875, factors[0], 6),
        published("factor from age 2 to 3", 1.181818, factors[1], 6),
        *(published(f"ultimate of cohort {k + 1}", figure, ultimate[k], 2)
          for k, figure in enumerate((682.50, 744.55, 802.71))),
        *(published(f"redemption rate of cohort {k + 1}", figure, rates[k], 4)
          for k, figure in enumerate((0.6825, 0.6769, 0.6689))),
        published("points still to be redeemed", 619.76, to_come, 2),
    ]  # fmt: skip
