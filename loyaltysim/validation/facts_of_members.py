"""R14, R15, R34: what members seem to do and what a programme makes them do; whence its lift; how loyal."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from loyaltysim.metrics.members import members_against_others, same_persons
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.record.outcome import Replication
from loyaltysim.rules.arrays import World
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.validation.facts import Fact, followed, lived, of, seed_of, visits_of
from loyaltysim.validation.facts_of_loyalty import INF, jackknife
from loyaltysim.validation.facts_of_programmes import POINTS, thirds
from loyaltysim.validation.verdict import SHIPPED, run

TIERS = SHIPPED / "tiers.yaml"
ELSEWHERE = "loyalty.away={at_par: 25 %, slope: 30}"  # defaults of coffee, MODEL 7
SELECTION = "programme.enrolment={chance: 5 %, slope: 1}"  # the defaults


def share_of_wallet(customers: np.ndarray) -> np.ndarray:
    """Part of her spending of the last year that went to the firm."""
    return np.asarray(customers["spend_year"] / np.maximum(customers["spend_year_all"], 1))


def wallets(found: list[Replication]) -> tuple[np.ndarray, np.ndarray]:
    """Share of wallet of members less that of others; and of the members less that of the same in the twin.

    Everybody in the market who was there, and bought something, throughout the last year; members had
    joined before it.
    """
    naive, true = [], []
    for r in found:
        ours, theirs, begins = r.programme, r.twin, r.days[-1] - 365.0
        asked = (ours.customers["spend_year_all"] > 0) & (theirs.customers["spend_year_all"] > 0)
        asked &= ours.customers["enters"] < begins
        joined = asked & (ours.members["since"] < begins)
        others = asked & ~np.isfinite(ours.members["since"])
        with_it, without = share_of_wallet(ours.customers), share_of_wallet(theirs.customers)
        naive.append(with_it[joined].mean() - with_it[others].mean())
        true.append((with_it - without)[joined].mean())
    return np.array(naive), np.array(true)


def spending(found: list[Replication]) -> tuple[float, ...]:
    """Naive over true lift of members' spending, the key figures `naive_lift` and `member_lift`."""
    terms = terms_of(load(TIERS, ()).scenario)
    parts = np.array([
        (*members_against_others(*views(r, terms)), *same_persons(*views(r, terms)))  # type: ignore[misc]
        for r in found
    ])  # fmt: skip
    n = len(parts)
    whole = parts.sum(axis=0)
    without = whole - parts

    def ratio(p: np.ndarray) -> np.ndarray:
        return np.asarray(p[..., 0] / p[..., 1] / (p[..., 2] / p[..., 3]))

    return tuple(float(x) for x in n * ratio(whole) - (n - 1) * ratio(without))


def r14(replications: int) -> list[Fact]:
    """R14: members' share of wallet tells little of what the programme did."""
    source = "7, of seven programmes 3 to 10 (Leenheer et al. 2007)"
    found = lived("living", ELSEWHERE, POINTS, SELECTION, "horizon=36 months", replications=replications)
    naive, true = wallets(found)
    n, seed = of(found), seed_of(found)
    rows = [
        Fact("R14", "shape", "share of wallet that the programme adds to its members", "", 0.0, INF,
             "small, and above 0 (Leenheer et al. 2007)", tuple(true), n, seed),
        Fact("R14", "checked", "naive over true lift of the share of wallet", "", 3.0, 10.0, source,
             jackknife(naive, true), n, seed),
    ]  # fmt: skip
    shipped = run(TIERS, replications=4 * replications, engine="compiled")
    n, seed = of(shipped), seed_of(shipped)
    rows.append(Fact(
        "R14", "checked", "`scenarios/tiers`: naive over true lift of spending", "", 3.0, 10.0, source,
        spending(shipped), n, seed,
    ))  # fmt: skip
    for what, overrides in (
        ("`scenarios/tiers`: the same of the share of wallet", ()),
        ("`scenarios/tiers`: where its customers also buy elsewhere", (ELSEWHERE,)),
        (
            "`scenarios/tiers`: where, too, a point is worth .05",
            (ELSEWHERE, "programme.points.worth=0.05 EUR"),
        ),
    ):
        found = run(TIERS, *overrides, replications=4 * replications, engine="compiled")
        rows.append(Fact(
            "R14", "checked", what, "", 3.0, 10.0, source, jackknife(*wallets(found)), of(found), seed,
        ))  # fmt: skip
    return rows


def lifts(replication: Replication) -> tuple[float, float, float]:
    """Logarithms of three ratios of the arms, of the base cohort: spend; purchases; months at home."""
    who = replication.twin.customers["base"] == 1
    arms = replication.programme, replication.twin
    spend, bought = (
        [float(arm.customers[field][who].sum()) for arm in arms] for field in ("spend", "purchases")
    )
    home = [float(arm.money[replication.warm_up :, :, M.BASE_HOME].sum()) for arm in arms]
    return tuple(float(np.log(a / b)) for a, b in (spend, bought, home))  # type: ignore[return-value]


def r15(replications: int) -> list[Fact]:
    """R15: over five years, 30 % more, of which four fifths are customers who did not leave."""
    rows = []
    leavers = "market.segments.all.threshold={mean: 60, sd: 18}"
    for worth, pull, overrides, where in (
        (0.19, ", goal: {strength: 0.323}", (), "the market at rest, a pull towards the reward (R18)"),
        (0.22, "", (leavers,), "no such pull, and thresholds 15 points higher: more leave"),
    ):
        points = (
            f"programme.points={{earn: 1 / EUR, worth: {worth} EUR, minimum: 100, expiry: 12 months{pull}}}"
        )
        found = lived("living", ELSEWHERE, points, "horizon=60 months", *overrides, replications=replications)
        parts = np.array([lifts(r) for r in found])
        spend, bought, home = parts.T
        given = f"worth of a point, on 30 % more; {where}"
        n, seed, source = of(found), seed_of(found), "Gopalakrishnan et al. 2021"
        rows += [
            Fact("R15", "exact", "spend of the base cohort in five years, over that without", given, 0.27,
                 0.33,
                 f".30 ({source})", tuple(np.expm1(spend)), n, seed),
            Fact("R15", "checked", "part of it that is staying longer", given, 0.8, INF,
                 f"above .80 ({source})", jackknife(home, spend), n, seed),
            Fact("R15", "checked", "part of it that is coming more often", given, -INF, 0.2,
                 f"below .20 ({source})", jackknife(bought - home, spend), n, seed),
            Fact("R15", "checked", "part of it that is spending more a visit", given, -0.1, 0.1,
                 f"about 0 ({source})", jackknife(spend - bought, spend), n, seed),
        ]  # fmt: skip
        values = np.array([[more(r, who) for who in thirds(r)] for r in found])
        rows.append(Fact(
            "R15", "shape", "the same lift, lightest and heaviest third less the middle one", given, 0.0, INF,
            f"above 0: largest at both ends ({source})",
            tuple((values[:, 0] + values[:, 2]) / 2.0 - values[:, 1]), n, seed,
        ))  # fmt: skip
    return rows


def more(replication: Replication, who: np.ndarray) -> float:
    """Spend of some customers over theirs without the programme, less 1."""
    arms = replication.programme, replication.twin
    with_it, without = (float(arm.customers["spend"][who].sum()) for arm in arms)
    return with_it / without - 1.0


# ---------------------------------------------------------------- the Dirichlet norm


def bought(world: World, end: float) -> np.ndarray:
    """Purchases of the last year by customer (of those who bought) and provider."""
    visits = visits_of(world)
    visits = visits[visits["time"] > end - 365.0]
    table = np.zeros((len(world.customers), len(world.providers)), int)
    np.add.at(table, (visits["customer"], visits["provider"]), 1)
    return table[table.sum(axis=1) > 0]


def never(share: float, sameness: float, purchases: np.ndarray) -> np.ndarray:
    """Chance that none of so many purchases is of a brand (Goodhardt, Ehrenberg & Chatfield 1984)."""
    k = np.arange(int(purchases.max()))
    steps = np.log((sameness * (1.0 - share) + k) / (sameness + k))
    return np.asarray(np.exp(np.append(0.0, np.cumsum(steps))[purchases]))


def excess_loyalty(table: np.ndarray) -> float:
    """Purchases per buyer of the firm over the Dirichlet norm, less 1.

    The norm takes the category purchases as they are, the firm's share, and the S that its rivals show.
    """
    total, shares = table.sum(axis=1), table.sum(axis=0) / table.sum()
    reach = (table > 0).mean(axis=0)

    def missing(sameness: float, brand: int) -> float:
        return float((1.0 - never(shares[brand], sameness, total)).mean() - reach[brand])

    found = [optimize.brentq(missing, 1e-3, 500.0, args=(j,)) for j in range(1, table.shape[1])]
    expected = shares[0] * total.mean() / (1.0 - never(shares[0], float(np.mean(found)), total)).mean()
    return float(shares[0] * total.mean() / reach[0] / expected) - 1.0


def r34(replications: int) -> list[Fact]:
    """R34: a programme makes its buyers hardly more loyal than the norm for a brand of that size."""
    small = ("market.customers=1500", "warm_up=12 months")
    ours, theirs = [], []
    for k in range(replications):
        programme, twin = followed("living", ELSEWHERE, POINTS, *small, replication=k)
        end = 24 * 365.0 / 12.0
        ours.append(excess_loyalty(bought(programme, end)))
        theirs.append(excess_loyalty(bought(twin, end)))
    n, source = f"{replications} x 1,500 customers at the start", "Sharp & Sharp 1997"
    return [
        Fact("R34", "checked", "purchases per buyer over the Dirichlet norm, less 1, no programme", "",
             -0.02, 0.02,
             "0: the norm (Goodhardt, Ehrenberg & Chatfield 1984)", tuple(theirs), n, 102),
        Fact("R34", "checked", "the same with a programme: excess loyalty", "", 0.0, 0.1, f"weak ({source})",
             tuple(ours), n, 102),
        Fact("R34", "shape", "with the programme less without", "", 0.0, INF, f"above 0 ({source})",
             tuple(np.array(ours) - np.array(theirs)), n, 102),
    ]  # fmt: skip
