"""R1 to R8, R33, R38: satisfaction, leaving, staying."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.record.outcome import Arm, Replication
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.facts import Fact, correlation_ratio, lived, of, seed_of
from loyaltysim.validation.verdict import SCENARIOS

SATISFIED = 3  # the top two of five classes
INF = math.inf


def base(arm: Arm) -> np.ndarray:
    """Customers of the base cohort."""
    return np.asarray(arm.customers[arm.customers["base"] == 1])


def left_within(customers: np.ndarray, days: float) -> np.ndarray:
    """Who left the firm within so many days of month 0."""
    return np.asarray(customers["first_defection"] <= days)


def r1(replications: int) -> list[Fact]:
    """R1: defection by level of satisfaction."""
    rows = []
    for level, rate in ((10, 0.80), (30, 0.40), (50, 0.20), (70, 0.10), (90, 0.015)):
        found = lived("levels", f"firm.attributes.quality.level={level}", replications=replications)
        left = tuple(float(left_within(r.twin.customers, 366.0).mean()) for r in found)
        band = 4.0 * math.sqrt(rate * (1.0 - rate) / sum(len(r.twin.customers) for r in found))
        rows.append(Fact(
            "R1", "exact", f"leave within a year at satisfaction {level}", "the curve goes through it",
            rate - band, rate + band, f"{rate:.3g} (Kotler)", left, of(found), seed_of(found),
        ))  # fmt: skip
    return rows


def conditionals(found: list[Replication], days: float) -> tuple[list[float], list[float], list[float]]:
    """Satisfied at month 0; satisfied before among those who left; left among those who were satisfied."""
    satisfied, of_leavers, of_satisfied = [], [], []
    for r in found:
        customers = base(r.twin)
        happy, left = customers["class_0"] >= SATISFIED, left_within(customers, days)
        satisfied.append(float(happy.mean()))
        of_leavers.append(float(happy[left].mean()))
        of_satisfied.append(float(left[happy].mean()))
    return satisfied, of_leavers, of_satisfied


def r2(replications: int) -> list[Fact]:
    """R2: most of those who left had been satisfied."""
    found = lived("living", "loyalty.theory=kotler", *levels(LEVEL_OF_91), replications=replications)
    satisfied, before, hence = conditionals(found, 365.0)
    given = f"quality, until {np.mean(satisfied):.0%} are satisfied; leaving by Kotler's curve"
    n, seed = of(found), seed_of(found)
    return [
        Fact("R2", "checked", "satisfied before, of those who left within a year", given, 0.65, 0.85,
             ".65 to .85 (Reichheld 1996)", tuple(before), n, seed),
        Fact("R2", "checked", "left within a year, of those who were satisfied", given, 0.05, 0.12,
             "about .08 (arithmetic on Kotler's rates)", tuple(hence), n, seed),
    ]  # fmt: skip


LEVEL_OF_91, LEVEL_OF_87 = 69.5, 60.5


def levels(level: float) -> tuple[str, ...]:
    """The same quality with everybody."""
    places = ("firm", "rivals.East", "rivals.North", "rivals.West")
    return tuple(f"{place}.attributes.quality.level={level:g}" for place in places)


def r3(replications: int) -> list[Fact]:
    """R3: cars: 85 to 90 % satisfied, 30 to 40 % buy the same make again."""
    found = lived("cars", *levels(LEVEL_OF_87), replications=replications)
    satisfied, before, _ = conditionals(found, 6.0 * 365.0)
    again = tuple(1.0 - float(left_within(base(r.twin), 6.0 * 365.0).mean()) for r in found)
    given = f"quality, until {np.mean(satisfied):.0%} are satisfied; standing lowered by 12 points"
    n, seed = of(found), seed_of(found)
    return [
        Fact("R3", "checked", "never left in a cycle of six years", given, 0.30, 0.40,
             ".30 to .40 repurchase (Reichheld)", again, n, seed),
        Fact("R3", "checked", "satisfied before, of those who left", given, 0.65, 0.85,
             ".65 to .85 (Reichheld 1996)", tuple(before), n, seed),
    ]  # fmt: skip


def r5(replications: int) -> list[Fact]:
    """R5: totally satisfied customers are six times as likely to buy again as merely satisfied ones."""
    curve = ("loyalty.theory=competitive", f"loyalty.intensity={INTENSITY:.6f}", "loyalty.stay=[0 %, 100 %]")
    stay = []
    for level in (100, 75):  # 5 and 4 on a scale of 1 to 5
        at_level = f"firm.attributes.quality.level={level}"
        found = lived("levels", *curve, at_level, replications=replications)
        stay.append([1.0 - float(left_within(r.twin.customers, 366.0).mean()) for r in found])
    return [
        Fact("R5", "exact", "stay a year at satisfaction 100 over stay at 75",
             f"intensity of competition {INTENSITY:.3f}: the curve has the power 6.23", 5.5, 6.5,
             "about 6 (Jones & Sasser 1995, Xerox)", jackknife(*map(np.array, stay)), of(found),
             seed_of(found)),
    ]  # fmt: skip


INTENSITY = 0.5 + math.log(math.log(6.0) / math.log(4.0 / 3.0)) / 4.0  # exp(2 (2 c - 1)) = 6.23


def r6(replications: int) -> list[Fact]:
    """R6: satisfaction explains little of who stays."""
    found = lived("living", replications=replications)
    explained = []
    for r in found:
        customers = base(r.twin)
        explained.append(correlation_ratio(left_within(customers, 365.0) * 1.0, customers["class_0"]))
    return [
        Fact("R6", "shape", "variance of leaving within a year that classes of satisfaction explain",
             "", 0.0, 0.25, "about .08, and small (Kumar, Dalla Pozza & Ganesh 2013)", tuple(explained),
             of(found), seed_of(found)),
    ]  # fmt: skip


def retention(found: list[Replication]) -> np.ndarray:
    """Share of the base cohort that has not left within a year, by replication."""
    return np.array([1.0 - left_within(base(r.twin), 365.0).mean() for r in found])


def r7(replications: int) -> list[Fact]:
    """R7: a disappointment weighs more than a delight; satisfaction buys less where it is high."""
    fresh = ("opening=fresh", "warm_up=0", "market.segments.all.fit.sd=0", "market.entrants=0")
    low, par, high = (
        lived("living", *fresh, f"firm.attributes.quality.level={level}", replications=replications)
        for level in (60, 70, 80)
    )
    felt = [satisfaction_at_3_months(found) for found in (low, par, high)]
    stayed = [retention(found) for found in (low, par, high)]
    n, seed = of(par), seed_of(par)
    target = "above 1 (Anderson & Sullivan 1993; Mittal et al. 1998)"
    rows = [
        Fact("R7", "shape", "satisfaction lost at 10 points below expectation, over that gained 10 above", "",
             1.0, INF, target, tuple((felt[1] - felt[0]) / (felt[2] - felt[1])), n, seed),
        Fact("R7", "shape", "retention lost at 10 points below expectation, over that gained 10 above", "",
             1.0, INF, target, tuple((stayed[1] - stayed[0]) / (stayed[2] - stayed[1])), n, seed),
    ]  # fmt: skip
    for theory in ("threshold", "kotler"):
        ends = [
            retention(
                lived(
                    "living", f"loyalty.theory={theory}", f"firm.attributes.quality.level={level}",
                    replications=replications,
                )
            )
            for level in (62, 66, 84, 88)
        ]  # fmt: skip
        below = np.log(ends[1] / ends[0]) / math.log(66 / 62)
        above = np.log(ends[3] / ends[2]) / math.log(88 / 84)
        rows.append(Fact(
            "R7", "shape", f"elasticity of retention at quality 64, less that at 86 ({theory})", "", 0.0, INF,
            "above 0: lower for firms of high satisfaction (Anderson & Sullivan 1993)", tuple(below - above),
            n, seed,
        ))  # fmt: skip
    return rows


def satisfaction_at_3_months(found: list[Replication]) -> np.ndarray:
    """Mean satisfaction of home customers at the third close after month 0, CSI points."""
    rows = [r.twin.money[r.warm_up + 2].sum(axis=0) for r in found]
    return np.array([row[M.SATISFACTION] / 65536.0 / row[M.HOME_CUSTOMERS] for row in rows])


def termination(found: list[Replication]) -> np.ndarray:
    """Defections per customer-month after month 0."""
    sums = [r.twin.money[r.warm_up :].sum(axis=(0, 1)) for r in found]
    return np.array([s[M.DEFECTIONS] / s[M.HOME_CUSTOMERS] for s in sums])


def r8(replications: int) -> list[Fact]:
    """R8: quality keeps customers less where it is unsteady."""
    elasticity = []
    for sd in (4, 16):
        steady = tuple(f"{p}.attributes.quality.sd={sd}" for p in ("firm", *RIVALS))
        plain, better = (
            termination(
                lived(
                    "living", *steady, f"firm.attributes.quality.level={level}", "market.customers=12000",
                    replications=replications,
                )
            )
            for level in (76, 79.04)
        )  # fmt: skip
        elasticity.append(np.log(better / plain) / math.log(1.04))
    n, source = f"{replications} x 12,000 customers at the start", "Sriram et al. 2015"
    steady, unsteady = elasticity
    return [
        Fact("R8", "checked", "termination per 1 % of quality, sd 4", "", -1.5, -0.7, f"-1.1 % ({source})",
             tuple(steady), n, 102),
        Fact("R8", "checked", "termination per 1 % of quality, sd 16", "", -0.6, -0.2, f"-.41 % ({source})",
             tuple(unsteady), n, 102),
        Fact("R8", "shape", "the first less the second", "", -INF, 0.0, f"below 0 ({source})",
             tuple(steady - unsteady), n, 102),
        Fact("R8", "checked", "ratio of the two", "", 2.0, 3.5, f"2.7 ({source})",
             jackknife(steady, unsteady), n, 102),
    ]  # fmt: skip


def jackknife(above: np.ndarray, below: np.ndarray) -> tuple[float, ...]:
    """Pseudo-values of a ratio of means: their mean and interval are those of the ratio (Tukey 1958)."""
    n = len(above)
    whole = above.sum() / below.sum()
    without = (above.sum() - above) / (below.sum() - below)
    return tuple(float(x) for x in n * whole - (n - 1) * without)


RIVALS = ("rivals.East", "rivals.North", "rivals.West")


def r33(replications: int) -> list[Fact]:
    """R33: how long she stays says little of what she is worth."""
    found = lived("living", "horizon=36 months", replications=replications)
    values = []
    for r in found:
        customers = base(r.twin)
        stay = np.minimum(np.minimum(customers["first_defection"], customers["exits"]), r.days[-1])
        values.append(float(np.corrcoef(stay, customers["value"])[0, 1]))
    return [
        Fact("R33", "checked", "correlation of time with the firm and value, three years", "",
             0.20, 0.45, ".20 to .45 (Reinartz & Kumar 2002, four firms)", tuple(values), of(found),
             seed_of(found)),
    ]  # fmt: skip


def defection_by_size(replication: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares of three brands at month 0, and the yearly rate at which each loses customers in two years."""
    path = SCENARIOS / "facts" / "sizes.yaml"
    scenario = load(path, ()).scenario
    _, world, _ = run_arms(lower(scenario), replication, scenario.seed, "compiled", EVERYBODY)
    log = np.asarray(world.log[: int(world.logged[0])])
    home = np.zeros(len(world.customers), int)
    for kind in ("entered", "moved"):
        lines = log[(log["kind"] == KINDS.index(kind)) & (log["time"] < 0.0)]
        home[lines["customer"]] = lines["provider"]
    moves = log[(log["kind"] == KINDS.index("moved")) & (log["time"] >= 0.0)]
    at_start = np.bincount(home, minlength=3)
    change = np.bincount(moves["provider"], minlength=3) - np.bincount(moves["other"], minlength=3)
    exposed = 2.0 * (at_start + change / 2.0)  # customer-years
    return at_start / at_start.sum(), np.bincount(moves["other"], minlength=3) / exposed


def r38(replications: int) -> list[Fact]:
    """R38: larger brands lose a smaller share of their customers, all else equal."""
    found = [defection_by_size(k) for k in range(replications)]
    shares = np.array([share for share, _ in found])
    rates = np.array([rate for _, rate in found])
    large, middle, small = rates.T
    n, source = f"{replications} x 6,000 customers", "Wright & Riebe 2010"
    given = "awareness, for shares of " + " / ".join(f"{s:.0%}" for s in shares.mean(axis=0)[::-1])
    theory = (1.0 - shares[:, 2]) / (1.0 - shares[:, 0])
    return [
        Fact("R38", "shape", "defection of the small brand less that of the middle one", given, 0.0, INF,
             f"above 0 ({source})", tuple(small - middle), n, 138),
        Fact("R38", "shape", "defection of the middle brand less that of the large one", given, 0.0, INF,
             f"above 0 ({source})", tuple(middle - large), n, 138),
        Fact("R38", "checked", "defection of the small over that of the large, over what 1 - share gives",
             given, 0.9, 1.1, f"1 ({source})", tuple(small / large / theory), n, 138),
    ]  # fmt: skip
