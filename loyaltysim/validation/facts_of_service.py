"""R28, R29, R32: failures made good, waiting and price, what binds and what pleases."""

from __future__ import annotations

import numpy as np

from loyaltysim.record.outcome import Replication
from loyaltysim.rules.ledger import M, V
from loyaltysim.rules.state import FIRM
from loyaltysim.validation.facts import Fact, lived, of, seed_of
from loyaltysim.validation.facts_of_loyalty import INF, RIVALS, base, jackknife, left_within
from loyaltysim.validation.facts_of_members import ELSEWHERE

FAILING = (
    "firm.failures={chance: 8 %, attribute: quality, severity: 30, complains: 100 %, recovered: 100 %, "
    "repairs: 1.1}"
)


def felt_and_done(found: list[Replication]) -> tuple[np.ndarray, np.ndarray]:
    """Mean satisfaction of home customers after a year; share of the base cohort not gone within two."""
    rows = [r.twin.money[r.warm_up + 11].sum(axis=0) for r in found]
    felt = np.array([row[M.SATISFACTION] / 65536.0 / row[M.HOME_CUSTOMERS] for row in rows])
    stay = np.array([1.0 - left_within(base(r.twin), 730.0).mean() for r in found])
    return felt, stay


def r28(replications: int) -> list[Fact]:
    """R28: a failure made good in full pleases more than none, and keeps nobody the better."""
    plain = lived("living", replications=replications)
    felt, stay = felt_and_done(plain)
    n, seed, source = of(plain), seed_of(plain), "de Matos, Henrique & Rossi 2007"
    more, longer = felt_and_done(lived("living", FAILING, replications=replications))
    given = "a recovery gives back 1.1 of what was lost"
    return [
        Fact("R28", "shape", "satisfaction where 8 % of visits fail and are made good, less where none fail",
             given, 0.0, INF, f"above 0: the paradox ({source})", tuple(more - felt), n, seed),
        Fact("R28", "shape", "customers not lost in two years, likewise", given, -INF, 1e-9,
             f"not above 0: none in behaviour ({source})", tuple(longer - stay), n, seed),
    ]  # fmt: skip


def drive_through(
    seconds: float, replications: int, price: str = "0 %"
) -> tuple[list[Replication], np.ndarray]:
    """A line before two windows: replications, and the mean wait in each, seconds."""
    time = tuple(f"{p}.attributes.time={{level: 76, sd: 8}}" for p in ("firm", *RIVALS))
    found = lived(
        "living", ELSEWHERE, *time, "market.segments.all.weights={quality: 60 %, time: 40 %}",
        f"waiting={{penalty: {PENALTY}, tolerance: 5 min}}", f"firm.price_level={price}",
        "firm.service={desks: 2, open: {hours: 10 h/day, from: 8}, "
        f"time: {{law: exponential, mean: {seconds:g} s}}}}",
        replications=replications,
    )  # fmt: skip
    rows = [r.twin.service[r.warm_up :].sum(axis=(0, 1)) for r in found]
    return found, np.array([row[V.WAIT_MS] / row[V.ARRIVED] / 1000.0 for row in rows])


PENALTY = 20
BASKET = 5.40  # EUR, of `living`


def market_share(found: list[Replication]) -> np.ndarray:
    """Share of the firm in all purchases after month 0."""
    sums = [r.twin.money[r.warm_up :].sum(axis=(0, 1)) for r in found]
    return np.array([s[M.VISITS] / (s[M.VISITS] + s[M.VISITS_RIVALS]) for s in sums])


def r29(replications: int) -> list[Fact]:
    """R29: seven seconds of waiting are worth 1 % of share, a second four cents of the price."""
    plain, slow = drive_through(200.0, replications)
    faster, quick = drive_through(185.0, replications)
    cheaper, _ = drive_through(200.0, replications, "-5 %")
    won = np.log(market_share(faster) / market_share(plain))
    by_price = np.log(market_share(cheaper) / market_share(plain))
    source = "Allon, Federgruen & Pierson 2011; Kellogg Insight"
    cents = jackknife(5.0 * BASKET * won, by_price * (slow - quick).mean())
    n, seed = of(plain), seed_of(plain)
    return [
        Fact("R29", "exact", "share gained for 7 seconds less to wait",
             f"penalty of waiting, b_w = {PENALTY}, on this",
             0.008, 0.012, f"about .01 ({source})", jackknife(7.0 * won, slow - quick), n, seed),
        Fact("R29", "checked", "price cut that wins as much as a second less to wait, cents",
             "penalty of waiting, on the line above", 4.0, INF, f"4 or more ({source})", cents, n, seed),
    ]  # fmt: skip


def r32(replications: int) -> list[Fact]:
    """R32: what binds her tells more of whether she will stay than what pleases her."""
    found = lived("living", "relationship={}", replications=replications)
    pleased, bound = [], []
    for r in found:
        c = r.twin.customers
        ours = (c["home"] == FIRM) & (c["present"] == 1)
        standing, threshold = c["standing"][ours], c["threshold"][ours].astype(float)
        intention = 0.15 + 0.83 / (1.0 + np.exp(-(standing - threshold) / 4.0))
        pleased.append(explained(r.twin.satisfaction[ours, FIRM], intention))
        bound.append(explained(c["bond"][ours].astype(float), intention))
    n, seed, source = of(found), seed_of(found), "Burnham, Frels & Mahajan 2003"
    given = "affect, trust, habit at their defaults"
    return [
        Fact("R32", "shape", "variance of the chance of staying that bonds explain, less satisfaction", given,
             0.0, INF, f"above 0 ({source})", tuple(np.array(bound) - np.array(pleased)), n, seed),
        Fact("R32", "checked", "the same of bonds over that of satisfaction", given, 1.3, 3.0,
             f"about 1.9: .30 and .16 ({source}, from memory)", jackknife(np.array(bound), np.array(pleased)),
             n, seed),
    ]  # fmt: skip


def explained(cause: np.ndarray, outcome: np.ndarray) -> float:
    """Squared correlation."""
    return float(np.corrcoef(cause, outcome)[0, 1]) ** 2
