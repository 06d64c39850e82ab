"""C11, C12, C13: points earned, points redeemed before they lapse, stamp cards."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules.draws import key_of
from loyaltysim.rules.ledger import USES, M
from loyaltysim.rules.programme import points as book
from loyaltysim.rules.programme.terms import POINTS
from loyaltysim.validation.forms import compound_gamma_cdf
from loyaltysim.validation.verdict import Row, counts, deviation, distribution, exactly, mean, run, share


def c11() -> list[Row]:
    """C11: one point a euro, 2 visits a month for a year, baskets of mean 30 and sd 15, nothing redeemed."""
    (found,) = run("points_earned")
    arm = found.programme
    balance = arm.customers["balance"]
    sd = math.sqrt(24.0 * (30.0**2 + 15.0**2))
    issued, sales, visits = (
        int(arm.money[..., measure].sum()) for measure in (M.POINTS_ISSUED, M.LIST_SALES, M.VISITS)
    )
    return [
        mean("points of a customer", 720.0, balance, "customers", sd),
        deviation("sd of a customer's points", sd, balance, "customers"),
        distribution("points", lambda x: compound_gamma_cdf(24.0, 4.0, 30.0, x), balance, "customers"),
        Row(
            "points less euros spent, per visit",
            0.005,  # cents rounded to the nearest euro, halves up
            float(issued - sales / 100.0) / visits,
            1.0 / math.sqrt(12.0 * visits),
            f"{visits:,} visits",
        ),
        exactly("points issued and points held", issued, balance.sum(), f"{len(balance):,} customers"),
        exactly("points held in the twin", 0, found.twin.customers["balance"].sum(), "the twin"),
    ]


def c13() -> list[Row]:
    """C13: a card of 10 stamps, 2 visits a month, a life of 10 months."""
    (found,) = run("stamps")
    arm = found.programme
    visits = arm.customers["purchases"].astype(int)
    rewards = visits // 10
    ledger = arm.money.sum(axis=(0, 1))
    p = 2.0 / 2.1
    full = p**10
    n = len(visits)
    of = f"{n:,} customers"
    sd = math.sqrt(full) / (1.0 - full)
    found_share = 10.0 * rewards.sum() / visits.sum()
    residual = 10.0 * rewards - found_share * visits
    return [
        share("customers with a reward", full, rewards >= 1, "customers"),
        Row(
            "rewards of a customer",
            full / (1.0 - full),
            ledger[M.REWARDS_EARNED] / n,
            sd / math.sqrt(n),
            of,
        ),
        Row(
            "stamps of a customer",
            20.0,
            ledger[M.POINTS_ISSUED] / n,
            math.sqrt(p) / (1 - p) / math.sqrt(n),
            of,
        ),
        Row(
            "share of stamps that reach a reward",
            10.0 * full * (1.0 - p) / (p * (1.0 - full)),
            10.0 * ledger[M.REWARDS_EARNED] / ledger[M.POINTS_ISSUED],
            float(residual.std() / visits.mean()) / math.sqrt(n),
            of,
        ),
        counts("rewards of a customer", full ** np.arange(60) * (1.0 - full), rewards, "customers"),
        exactly("rewards by ledger and by customer", rewards.sum(), ledger[M.REWARDS_EARNED], of),
        exactly("stamps by ledger and by customer", visits.sum(), ledger[M.POINTS_ISSUED], of),
    ]


def terms(**values: float) -> np.ndarray:
    """The record of a points scheme for a test of its functions: 1 cent a point, P = 1/2 at 150 points."""
    points = np.zeros(1, POINTS)
    given = dict(active=1, worth=1, worth_over=1, minimum=100, step=100, valuation=1.0, hassle=150.0)
    for name, value in {**given, "choice_scale": 100.0, "validity": 12, **values}.items():
        points[0][name] = value
    return points


def c12(members: int = 20_000) -> list[Row]:
    """C12: redemption (.10 a month), leaving (.02) and expiry at 12 months compete for points.

    The functions of the points book, one lot a member: visits come at Poisson times with rate .10 / P, at
    each the hazard -ln(1 - P) is used up; thinning makes that an exponential time of rate .10.
    """
    points = terms()[0]
    face = book.face_value(points, 100)
    chance = book.chance_of_redeeming(points, float(face))
    hazard = book.redeeming_hazard(points, float(face))
    luck = np.random.default_rng(12)
    visits, redeemed, left, lapsed = [], [], [], []
    for i in range(members):
        lots, uses = np.zeros(13, np.int32), np.zeros((13, len(USES)), np.int64)
        book.grant(lots, 0, 100)
        resistance = book.resistance_to_redeeming(np.uint64(key_of(12, 0, i)), 0)  # a key is unsigned
        needed = math.floor(resistance / hazard) + 1
        day = luck.gamma(needed, chance / 0.10)
        leaves = luck.exponential(1.0 / 0.02)
        if day < min(leaves, 12.0):
            book.take_oldest(lots, lots[:0], int(day), 100, uses)
        elif leaves < 12.0:
            book.all_points(lots)
        gone = book.lapsing(points, lots, 12, 0, uses, 0)
        visits.append(needed)
        redeemed.append(day < min(leaves, 12.0))
        left.append(leaves < min(day, 12.0))
        lapsed.append(gone == 100 and lots.sum() == 0)
    total = 0.12
    both = 1.0 - math.exp(-12.0 * total)
    geometric = chance * (1.0 - chance) ** np.arange(200)
    return [
        share("redeemed before 12 months", 0.10 / total * both, np.array(redeemed), "members"),
        share("forfeited before 12 months", 0.02 / total * both, np.array(left), "members"),
        share("lapsed at 12 months", 1.0 - both, np.array(lapsed), "members"),
        counts("visits to a redemption, less one", geometric, np.array(visits) - 1, "members"),
    ]
