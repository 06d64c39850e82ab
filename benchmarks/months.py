"""The other way to be fast: whole months at once with NumPy, without queues and without a clock.

Each customer has a Poisson number of occasions a month; her k-th occasions of the month are lived
together, vector by vector. Experience, expectation, points with redemption and expiry by month, standing
with pull and savings, and hazard against a threshold are those of the scenario, a little simplified; what it
cannot have is a line, a day on which something happens, offers in mid-month, or luck of one's own.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

MONTH = 365.0 / 12.0
LEVELS = np.array([[76.0, 80.0, 72.0], [76.0, 76.0, 76.0]])  # quality, time, price of firm and rival
SPREADS = np.array([[8.0, 6.0, 4.0], [8.0, 6.0, 4.0]])
WEIGHTS = np.array([0.5, 0.3, 0.2])
VALIDITY = 12


class Market:
    """The state of everybody as arrays."""

    def __init__(self, customers: int, seed: int = 1) -> None:
        luck = self.luck = np.random.Generator(np.random.SFC64(seed))
        n = self.n = customers
        self.rate = luck.gamma(1.5, 0.8 / 1.5, n)
        self.mean_basket = 2000.0 * 2.74 / luck.gamma(3.74, 1.0, n)
        self.threshold = luck.normal(45.0, 18.0, n)
        self.fit = luck.normal(0.0, 8.0, (2, n))
        self.home = (luck.random(n) >= 0.6).astype(np.int8)
        self.reputation = np.full(2, 76.0)
        self.satisfaction = np.full((2, n), 76.0)
        self.visits_at = np.zeros((2, n))
        self.expectation = np.full(n, 76.0)
        self.resistance = luck.exponential(1.0, n)
        self.reward_resistance = luck.exponential(1.0, n)
        self.hazard, self.reward_hazard = np.zeros(n), np.zeros(n)
        self.lots = np.zeros((VALIDITY + 1, n), np.int32)
        self.balance = np.zeros(n, np.int64)
        self.spend, self.value = np.zeros(n), np.zeros(n)
        self.visits = 0
        self.counts: list[dict[str, float]] = []

    def live(self, months: int) -> int:
        """Live so many months; visits."""
        for month in range(months):
            self.live_month(month)
        return self.visits

    def live_month(self, month: int) -> None:
        """A month: occasions in rounds, then the close."""
        left = self.luck.poisson(self.rate)
        lived = np.zeros((2, 2))
        row: dict[str, float] = {}
        who = np.flatnonzero(left)
        while len(who):
            self.round(who, month, lived, row)
            left[who] -= 1
            who = who[left[who] > 0]
        self.close(month, lived, row)

    def round(self, who: np.ndarray, month: int, lived: np.ndarray, row: dict[str, float]) -> None:
        """One visit of each of these customers."""
        luck, home = self.luck, self.home[who]
        self.visits += len(who)
        z = luck.standard_normal(len(who))
        delivered = LEVELS[home] + SPREADS[home] * z[:, None] + self.fit[home, who][:, None]
        csi = np.clip(delivered, 0.0, 100.0) @ WEIGHTS
        gap = csi - self.expectation[who]
        felt = np.where(np.abs(gap) <= 5.0, csi, csi + np.where(gap > 0.0, 0.2, 0.5) * gap)
        felt = np.clip(felt, 0.0, 100.0)
        n = self.visits_at[home, who] + 1.0
        before = np.where(n == 1.0, self.reputation[home], self.satisfaction[home, who])
        self.visits_at[home, who] = n
        self.satisfaction[home, who] = before + np.maximum(0.2, 1.0 / (n + 1.0)) * (felt - before)
        self.expectation[who] += np.where(gap > 0.0, 0.35, 0.25) * gap
        lived[0] += np.bincount(home, felt, 2)
        lived[1] += np.bincount(home, minlength=2)
        basket = np.floor(self.mean_basket[who] * luck.gamma(6.25, 1.0 / 6.25, len(who)) + 0.5)
        mine = home == 0
        self.buy(who[mine], basket[mine], month, row)
        gaps = csi[mine] - self.expectation[who[mine]]
        for name, x in (("csi", csi[mine]), ("squares", csi[mine] ** 2), ("gap", gaps)):
            row[name] = row.get(name, 0.0) + float(x.sum())
        self.leave(who, 1.0 / np.maximum(self.rate[who], 0.1))

    def buy(self, who: np.ndarray, price: np.ndarray, month: int, row: dict[str, float]) -> None:
        """Redemption, payment, points."""
        balance = self.balance[who]
        number = np.minimum(balance // 100, (price // 5).astype(np.int64) // 100) * 100
        face = 5.0 * number
        x = np.where(number > 0, 0.8 * face / 100.0 - 1.5, -700.0)
        self.reward_hazard[who] += np.where(x > 0.0, x + np.log1p(np.exp(-np.abs(x))), np.log1p(np.exp(x)))
        redeems = (number > 0) & (self.reward_hazard[who] > self.reward_resistance[who])
        her, taken = who[redeems], number[redeems]
        pays = np.zeros(len(who))
        pays[redeems] = np.where(self.luck.random(len(her)) < 0.4, face[redeems], 0.0)
        given = np.where(redeems & (pays == 0.0), 0.35 * face, 0.0)
        for age in range(VALIDITY, -1, -1):
            lot = self.lots[(month - age) % (VALIDITY + 1)]
            part = np.minimum(lot[her], taken)
            lot[her] -= part.astype(np.int32)
            taken = taken - part
        self.reward_hazard[her] = 0.0
        self.reward_resistance[her] = self.luck.exponential(1.0, len(her))
        net = price - pays
        earned = (net // 100).astype(np.int64)
        self.lots[month % (VALIDITY + 1), who] += earned.astype(np.int32)
        self.balance[who] += earned - np.where(redeems, number, 0)
        today = np.exp(-0.00021 * month * MONTH)
        self.spend[who] += net
        self.value[who] += (net - 0.35 * price - given) * today
        for name, x in (("revenue", net), ("given", given), ("earned", earned)):
            row[name] = row.get(name, 0.0) + float(x.sum())

    def standing(self, who: np.ndarray) -> np.ndarray:
        """Satisfaction at home + bonds + savings - pull."""
        home = self.home[who]
        away = 1 - home
        n = self.visits_at[away, who]
        view = (n * self.satisfaction[away, who] + 2.0 * self.reputation[away]) / (n + 2.0)
        known = self.visits_at[home, who] > 0.0
        here = np.where(known, self.satisfaction[home, who], self.reputation[home])
        purchases = np.maximum(self.rate[who] * 3.0, 1.0)
        stock = 0.8 * self.balance[who] * 5.0 / self.mean_basket[who] / purchases
        flow = 0.8 * 0.05
        money = 75.0 * np.where(home == 0, flow + stock, 0.0)
        against = view - 70.0 + 75.0 * np.where(away == 0, flow, 0.0)
        return here + money - against

    def leave(self, who: np.ndarray, months: np.ndarray) -> None:
        """Use up resistance for the time since the last visit; who has none left chooses a new home."""
        staying = 0.15 + 0.83 * expit((self.standing(who) - self.threshold[who]) / 4.0)
        self.hazard[who] += -np.log(staying) / 12.0 * months
        gone = who[self.hazard[who] > self.resistance[who]]
        self.home[gone] = 1 - self.home[gone]
        self.hazard[gone] = 0.0
        self.resistance[gone] = self.luck.exponential(1.0, len(gone))

    def close(self, month: int, lived: np.ndarray, row: dict[str, float]) -> None:
        """The month's close: reputations, points that lapse, everybody's standing, and the stocks."""
        self.reputation += 0.2 * (lived[0] / np.maximum(lived[1], 1.0) - self.reputation)
        lapsing = self.lots[(month + 1) % (VALIDITY + 1)]
        self.balance -= lapsing
        row["expired"] = float(lapsing.sum())
        lapsing[:] = 0
        everybody = np.arange(self.n)
        standing = self.standing(everybody)
        row["standing"] = float(standing.mean())
        row["home"] = float((self.home == 0).sum())
        row["points"] = float(self.balance.sum())
        self.counts.append(row)
