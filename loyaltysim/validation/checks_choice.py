"""C14, C17: who qualifies, who chooses what; C12 by the month."""

from __future__ import annotations

import numpy as np
from scipy import stats

from loyaltysim.rules.ledger import M
from loyaltysim.validation.forms import logit_shares, share_held_by_habit
from loyaltysim.validation.verdict import Row, mean, run, share


def c14() -> list[Row]:
    """C14: 24 visits a year at a mean of 20, and again the next year: regression to the mean, or rank."""
    rows = []
    alike, unlike = float(stats.poisson.sf(23, 20.0)), float(stats.nbinom.sf(23, 2.0, 2.0 / 22.0))
    for name, overrides, expected in (
        ("all alike", (), (alike, alike)),
        ("Gamma(2) rates", ("market.segments.all.occasions.shape=2",), (unlike, both_years(2.0, 20.0, 24))),
    ):
        (found,) = run("qualify", *overrides)
        later = found.programme.customers["purchases"].astype(int)
        early = found.programme.customers["occasions"].astype(int) - later
        top = early >= 24
        rows += [
            share(f"{name}: 24 visits in the first year", expected[0], top, "customers"),
            share(f"{name}: and again in the second", expected[1], later[top] >= 24, "customers"),
        ]
    return rows


def both_years(r: float, mean_rate: float, visits: int) -> float:
    """Chance of so many visits in a year, given so many in the year before, at Gamma(r) rates."""
    k = np.arange(visits, 2000)
    alpha = r / mean_rate
    first = stats.nbinom.pmf(k, r, alpha / (alpha + 1.0))
    again = stats.nbinom.sf(visits - 1, r + k, (alpha + 1.0) / (alpha + 2.0))
    return float((first * again).sum() / first.sum())


def c17() -> list[Row]:
    """C17: logit shares at utilities 1, .5 and 0, and after a price rise; two firms and habit."""
    rows = []
    for rise, name in ((0.0, "at par"), (0.1, "firm 10 % dearer")):
        (found,) = run("logit", f"firm.price_level={rise:.0%}")
        home = found.programme.customers["home"]
        expected = logit_shares(np.array([1.0 - 2.0 * rise, 0.5, 0.0]))  # .08 x .25 x 100 = 2 a unit of price
        rows += [
            share(f"{name}: share of utility {u}", float(expected[j]), home == j, "customers")
            for j, u in enumerate(("1 (firm)", ".5", "0"))
        ]
    stay, come, rest = share_held_by_habit(0.3, 1.0)
    (found,) = run("two_firms")
    stock = found.programme.money[:, 0, M.HOME_CUSTOMERS]
    n = len(found.programme.customers)
    start = 0.1
    for month in (1, 2, 4, 12):
        expected_share = rest + (start - rest) * (stay - come) ** month
        error = (expected_share * (1.0 - expected_share) / n) ** 0.5
        rows.append(Row(
            f"two firms: share after {month} decisions from 10 %", expected_share,
            float(stock[month - 1]) / n, error, f"{n:,} customers",
        ))  # fmt: skip
    return rows


def c12_by_month(replications: int = 20) -> list[Row]:
    """C12 by the month: points held and redeemed, a redemption taking all, with lapse and death."""
    chance, death, life = 0.1, 0.02, 12
    found = run("lots", replications=replications)
    of = f"replications of {len(found[0].programme.customers):,} customers"
    n = len(found[0].programme.customers)
    ledgers = np.array([r.programme.money.sum(axis=1) for r in found], float)
    rows = []
    for month in (6, 12, 24):
        held = (1.0 - (1.0 - chance) ** min(month, life)) / chance * np.exp(-death * month)
        rows.append(mean(f"points held after {month} months", n * held,
                         ledgers[:, month - 1, M.POINTS_OUTSTANDING], of))  # fmt: skip
    within = (1.0 - np.exp(-death)) / death  # a visit falls anywhere within the month
    for month in (6, 23):
        old = min(month, life)
        present = np.exp(-death * month) * within
        redeemed = n * present * (1.0 - (1.0 - chance) ** old)
        rows.append(mean(f"points redeemed in month {month}", redeemed,
                         ledgers[:, month, M.POINTS_REDEEMED], of))  # fmt: skip
    lapsed = n * np.exp(-death * 24.0) * (1.0 - chance) ** life
    rows.append(mean("points lapsed at the close of month 24", lapsed, ledgers[:, 23, M.POINTS_EXPIRED], of))
    return rows
