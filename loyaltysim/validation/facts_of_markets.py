"""R4, R24, R37, and Rust & Oliver: buying elsewhere, asking back, delighting."""

from __future__ import annotations

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.record.outcome import Replication
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import M
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.facts import Fact, lived, of, seed_of
from loyaltysim.validation.facts_of_loyalty import INF, jackknife
from loyaltysim.validation.verdict import SHIPPED, run

RESTAURANTS = SHIPPED / "competition" / "restaurants.yaml"


def flows(found: list[Replication], measure: int, arm: str = "twin") -> np.ndarray:
    """Sum of a measure after month 0, by replication."""
    return np.array([getattr(r, arm).money[r.warm_up :, :, measure].sum() for r in found], float)


def r4(replications: int) -> list[Fact]:
    """R4: guests of restaurants eat elsewhere, and are satisfied all the same."""
    found = run(RESTAURANTS, replications=replications, engine="compiled")
    away = flows(found, M.VISITS_AWAY)
    at_home = flows(found, M.VISITS) - flows(found, M.VISITS_DROP_IN)
    left = flows(found, M.DEFECTIONS) / flows(found, M.HOME_CUSTOMERS) * 12.0
    n, seed = of(found), seed_of(found)
    given = "chance of eating elsewhere at par: away from 60 to 65 % of the time"
    return [
        Fact("R4", "exact", "visits elsewhere of a restaurant's own guests", "the chance at par, on this",
             0.60, 0.65, ".60 to .65 switchers (Reichheld, at second hand)",
             tuple(away / (away + at_home)), n, seed),
        Fact("R4", "shape", "visits elsewhere over changes of home, each a year and guest", given, 3.0, INF,
             "far above 1: polygamous loyalty (Ehrenberg 1988)",
             tuple(away / flows(found, M.HOME_CUSTOMERS) * 12.0 / left), n, seed),
    ]  # fmt: skip


def r37(replications: int) -> list[Fact]:
    """R37: who is asked back soon comes back more often."""
    back = []
    for days in (30, 120):  # asked at the first close after: some 45 and 135 days
        offer = f"programme.win_back={{delay: {days} days, readiness: {READINESS}}}"
        found = lived("living", offer, "horizon=36 months", replications=replications)
        asked, came = (flows(found, m, "programme") for m in (M.APPROACHED_WINBACK, M.ACCEPTED_WINBACK))
        back.append(jackknife(came, asked))
    n, seed, source = of(found), seed_of(found), "Dillard & Bates, car buyers"
    return [
        Fact("R37", "exact", "come back, asked some 45 days after leaving", "readiness, on this", 0.45, 0.50,
             f".474 within 90 days ({source})", back[0], n, seed),
        Fact("R37", "checked", "come back, asked some 135 days after leaving", "readiness, on the line above",
             0.25, 0.34, f".295 at 90 to 180 days ({source})", back[1], n, seed),
    ]  # fmt: skip


READINESS = 0.65


def gains(share: float, expandable: float, copies: int, replications: int) -> tuple[np.ndarray, np.ndarray]:
    """Visits that a programme gains over those without, and over all; some rivals copy it at once."""
    rest = (1.0 - share) / 3.0
    homes = f"{{firm: {share:g}, East: {rest:.12g}, North: {rest:.12g}, West: {rest:.12g}}}"
    points = "programme.points={earn: 1 / EUR, worth: 0.05 EUR, minimum: 40, expiry: 12 months, "
    found = lived(
        "living", "loyalty.away={at_par: 25 %, slope: 30}", "warm_up=0 months", "market.customers=2400",
        f"market.segments.all.home={homes}", f"market.category_expandability={expandable:g}",
        points + "goal: {strength: 0.323}}",
        *(f"rivals.{name}.reactions=[{{to: programme, does: copy, lag: 0 days}}]"
          for name in ("East", "North", "West")[:copies]),
        replications=replications,
    )  # fmt: skip
    gain = flows(found, M.VISITS, "programme") - flows(found, M.VISITS)
    return gain / flows(found, M.VISITS), gain / (flows(found, M.VISITS) + flows(found, M.VISITS_RIVALS))


def r24(replications: int) -> list[Fact]:
    """R24: large firms gain more; rivals' programmes take the gain away where the category cannot grow."""
    large, of_all = gains(0.55, 0.2, 0, replications)
    small, of_all_small = gains(0.15, 0.2, 0, replications)
    kept = {
        e: jackknife(gains(0.55, e, 3, replications)[0], gains(0.55, e, 0, replications)[0])
        for e in (0.0, 1.0)
    }
    n, source, pull = f"{replications} x 2,400 customers at the start", "Liu & Yang 2009", "pull of R18"
    return [
        Fact("R24", "shape", "share of the market gained by a firm of 55 %, less that by one of 15 %", pull,
             0.0, INF,
             f"above 0 ({source})", tuple(of_all - of_all_small), n, 102),
        Fact("R24", "shape", "the same, each over its own visits", pull, 0.0, INF, f"above 0 ({source})",
             tuple(large - small), n, 102),
        Fact("R24", "shape", "gain that is left when all three rivals copy, rigid category, less 1", pull,
             -INF, 0.0,
             f"below 0 ({source})", tuple(x - 1.0 for x in kept[0.0]), n, 102),
        Fact("R24", "checked", "gain that is left when all three rivals copy, expandable category", pull,
             0.9, INF,
             f"all of it ({source})", kept[1.0], n, 102),
    ]  # fmt: skip


def delight(replications: int) -> list[Fact]:
    """Delighting for a year: it raises the bar for everybody, and rivals pay more than the delighter."""
    more = "events=[{at: day 0, set: {firm.attributes.quality.level: 88}}, "
    more += "{at: month 12, set: {firm.attributes.quality.level: 76}}]"
    plain, other = (
        lived("living", "horizon=36 months", *change, replications=replications) for change in ((), (more,))
    )
    ours = month_mean(other, M.SATISFACTION) - month_mean(plain, M.SATISFACTION)
    homes = month_sum(other, M.HOME_CUSTOMERS) / month_sum(plain, M.HOME_CUSTOMERS) - 1.0
    rivals = np.array([
        (b.twin.reputation - a.twin.reputation)[a.warm_up + 11, 1:].mean()
        for a, b in zip(plain, other, strict=True)
    ])  # fmt: skip
    n, seed, source = of(plain), seed_of(plain), "Rust & Oliver 2000"
    given = "quality 76, 88 for one year, 76 again"
    return [
        Fact("Delight", "shape", "customers at the end of that year, over those without", given, 0.0, INF,
             f"above 0 ({source})", tuple(homes[:, 11]), n, seed),
        Fact("Delight", "shape", "satisfaction with rivals at the end of that year, less that without", given,
             -INF, 0.0, f"below 0: the bar is raised for them ({source})", tuple(rivals), n, seed),
        Fact("Delight", "shape", "satisfaction with the delighter half a year after, less without", given,
             -INF, 0.0, f"below 0: delight is expected now ({source})", tuple(ours[:, 17]), n, seed),
        Fact("Delight", "shape", "customers two years after, over those without", given, 0.0, INF,
             f"above 0: rivals are hurt more ({source})", tuple(homes[:, 35]), n, seed),
    ]  # fmt: skip


def month_sum(found: list[Replication], measure: int) -> np.ndarray:
    """A measure by replication and month after month 0."""
    return np.array([r.twin.money[r.warm_up :, :, measure].sum(axis=1) for r in found], float)


def month_mean(found: list[Replication], measure: int) -> np.ndarray:
    """The same for each home customer, CSI points."""
    return month_sum(found, measure) / 65536.0 / month_sum(found, M.HOME_CUSTOMERS)


def r31(replications: int) -> list[Fact]:
    """R31: who came at a friend's word stays longer and is worth more than who came otherwise."""
    found = [newcomers(k) for k in range(replications)]
    stayed, value, basket = (np.array([one[k] for one in found]) for k in range(3))  # (replications, 2, 2)
    n = f"{replications} x about {np.mean([one[3] for one in found]):.0f} referred"
    given = "rates of referral and bonus of `bring-a-friend`"
    villanueva, schmitt = "Villanueva, Yoo & Hanssens 2008", "Schmitt, Skiera & Van den Bulte 2011"
    return [
        Fact("R31", "shape", "at home with the firm two years on, referred over others", given, 1.0, INF,
             f"above 1 ({schmitt})", ratios(stayed), n, 2011),
        Fact("R31", "checked", "margin of two years, referred over others", given, 1.16, INF,
             f"at least 1.16 ({schmitt})", ratios(value), n, 2011),
        Fact("R31", "checked", "the same", given, 1.5, 2.5, f"about 2, by word of mouth ({villanueva})",
             ratios(value), n, 2011),
        Fact("R31", "shape", "spend of a purchase, referred over others", given, 1.0, INF,
             f"above 1 at first ({schmitt})", ratios(basket), n, 2011),
    ]  # fmt: skip


def ratios(parts: np.ndarray) -> tuple[float, ...]:
    """The referred over the others, as pseudo-values; parts: (replications, group, sum and count)."""
    n = len(parts)

    def ratio(of: np.ndarray) -> float:
        (a, m), (b, k) = of
        return float(a / m / (b / k))

    whole = ratio(parts.sum(axis=0))
    without = [ratio(parts.sum(axis=0) - one) for one in parts]
    return tuple(n * whole - (n - 1) * one for one in without)


def newcomers(replication: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Who came to the firm in the first year after month 0, and the two years of each after that.

    Of the referred and of the others: who is at home there two years on, spend in those years, spend of a
    purchase; each as (sum, count).
    """
    path = SHIPPED / "bring-a-friend.yaml"
    scenario = load(path, ("horizon=36 months",)).scenario
    world, _, _ = run_arms(lower(scenario), replication, scenario.seed, "compiled", EVERYBODY)
    log = np.asarray(world.log[: int(world.logged[0])])
    kind = {name: log["kind"] == KINDS.index(name) for name in ("entered", "moved", "referred", "visit")}
    ours = log["provider"] == FIRM
    arrivals = log[(kind["entered"] | kind["moved"] | kind["referred"]) & ours]
    changes, purchases = log[kind["moved"] | kind["referred"]], log[kind["visit"] & ours]
    stayed, value, basket = (np.zeros((2, 2)) for _ in range(3))
    seen = set(arrivals[arrivals["time"] <= 0.0]["customer"].tolist())
    for line in arrivals[(arrivals["time"] > 0.0) & (arrivals["time"] <= 365.0)]:
        who, day = int(line["customer"]), float(line["time"])
        if who in seen:
            continue
        seen.add(who)
        told = world.referrals[who]
        at_a_word = line["kind"] == KINDS.index("referred") or (told["to"] == FIRM and told["day"] == day)
        group = 0 if at_a_word else 1
        later = of_her(changes, who, day)
        later = later[later["time"] > day]
        if world.customers["exits"][who] > day + 730.0:
            stayed[group] += (len(later) == 0 or later[-1]["provider"] == FIRM, 1.0)
        mine = of_her(purchases, who, day)
        value[group] += (mine["paid"].sum(), 1.0)
        basket[group] += (mine["paid"].sum(), len(mine))
    return stayed, value, basket, int(value[0, 1])


def of_her(log: np.ndarray, who: int, day: float) -> np.ndarray:
    """Her events in the two years from a day on."""
    return log[(log["customer"] == who) & (log["time"] >= day) & (log["time"] <= day + 730.0)]
