"""C5, C10, C31: what retention is worth, what baskets reveal, what a reward must bring."""

from __future__ import annotations

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.record.world import EVERYBODY
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import CENT
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower
from loyaltysim.validation.forms import break_even_lift, constant_clv, expected_basket, uplift_of_five_points
from loyaltysim.validation.verdict import SCENARIOS, Row, exactly, mean, run

PRINTED_LIFTS = ((0.01, 0.3, 0.0345), (0.02, 0.3, 0.0714), (0.03, 0.3, 0.1111), (0.02, 0.1, 0.25))
PAYMENTS = 11  # at once and at ten renewals


def c5() -> list[Row]:
    """C5: five points of retention more, at 10 % interest, over ten renewals."""
    value = {}
    for retention in (80, 85, 90):
        (found,) = run(
            "constant_retention",
            f"loyalty.rate={retention} %",
            "horizon=126 months",
            "market.entries=[{on: day 0, customers: 5000}]",
        )
        value[retention] = found.programme.customers["value"] / CENT / 100.0
    rows = []
    for retention in (80, 85):
        few, more = value[retention], value[retention + 5]
        r = retention / 100.0
        expected = constant_clv(100.0, r + 0.05, 0.1, PAYMENTS) / constant_clv(100.0, r, 0.1, PAYMENTS)
        ratio = more.mean() / few.mean()
        error = (more - ratio * few).std(ddof=1) / few.mean() / len(few) ** 0.5
        rows += [
            mean(f"CLV at {retention} %", constant_clv(100.0, r, 0.1, PAYMENTS), few, "customers"),
            Row(f"uplift from {retention} % to {retention + 5} %", expected - 1.0, ratio - 1.0, error,
                f"{len(few):,} customers"),
            exactly(f"customers worth less at {retention + 5} %", 0, (more < few).sum(),
                    f"{len(few):,} customers"),
        ]  # fmt: skip
    limits = {(0.9, 0.0): 1.0, (0.8, 0.0): 1 / 3, (0.9, 0.1): 1 / 3, (0.85, 0.1): 0.25, (0.9, 0.15): 0.25}
    for (r, i), published in limits.items():
        form = round(uplift_of_five_points(r, i), 12)
        rows.append(exactly(f"uplift for ever, r = {r:g}, i = {i:g}", round(published, 12), form, "the form"))
    return rows


def c10() -> list[Row]:
    """C10: what her past baskets say of her next ones (gamma-gamma), the second year judged by the first."""
    scenario = load(SCENARIOS / "spend.yaml", ()).scenario
    _, world, _ = run_arms(lower(scenario), 0, scenario.seed, "simpy", EVERYBODY)
    log = np.asarray(world.log[: int(world.logged[0])])
    bought = log[(log["kind"] == KINDS.index("visit")) & (log["provider"] == FIRM)]
    early, late = bought[bought["time"] < 0.0], bought[bought["time"] >= 0.0]
    number = len(world.customers)

    def by_customer(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        count = np.bincount(lines["customer"], minlength=number)
        spent = np.bincount(lines["customer"], lines["paid"], number) / 100.0
        return count, spent

    x, spent = by_customer(early)
    y, later = by_customer(late)
    rows = []
    for low, high in ((0, 0), (1, 1), (2, 3), (4, 99)):
        who = (x >= low) & (x <= high) & (y > 0)
        past = np.divide(spent[who], x[who], out=np.zeros(who.sum()), where=x[who] > 0)
        hers = expected_basket(6.25, 3.74, 15.44, x[who], past)
        apart = later[who] / y[who] - hers
        name = f"{low}" if low == high else f"{low} to {high}" if high < 99 else f"{low} or more"
        rows.append(mean(f"next baskets less the form, given {name}", 0.0, apart, "customers"))
        if low > 0:
            centred = hers - hers.mean()
            slope = float((apart * centred).sum() / (centred**2).sum())
            error = float(
                ((apart - slope * centred) * centred).std() * len(apart) ** 0.5 / (centred**2).sum()
            )
            rows.append(Row(f"slope of that on the form, given {name}", 0.0, slope, error,
                            f"{who.sum():,} customers"))  # fmt: skip
    return rows


def c31() -> list[Row]:
    """C31: a flat reward pays for itself at a lift of rho / (g - rho); 2 % of what is paid, margin 30 %."""
    rows = [
        exactly(f"lift needed, {reward:g} at margin {g:g}", wanted, round(break_even_lift(reward, g), 4),
                "the form")
        for reward, g, wanted in PRINTED_LIFTS
    ]  # fmt: skip
    reward = 0.02 / 1.02  # of the list price: what points pay for earns nothing
    lift = break_even_lift(reward, 0.30)
    for accelerated, expected in ((1.0, -reward / 0.30), (1.0 + lift, 0.0)):
        (found,) = run("break_even", f"programme.acceleration={accelerated:.15g}")
        a, b = found.programme.customers, found.twin.customers
        gain = (a["value"] - b["value"]) / CENT / 100.0 - a["balance"] * 0.0002  # less what is owed
        before = b["value"] / CENT / 100.0
        ratio = gain.mean() / before.mean()
        error = max((gain - ratio * before).std(ddof=1) / before.mean() / len(gain) ** 0.5, 1e-5)
        rows.append(Row(
            f"change of the contribution at a lift of {accelerated - 1:.2%}", expected, ratio,
            float(error), f"{len(gain):,} customers, five years",
        ))  # fmt: skip
    return rows
