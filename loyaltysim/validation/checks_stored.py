"""C22: float and discount of stored value."""

from __future__ import annotations

import numpy as np

from loyaltysim.metrics.stored_value import float_mean
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.validation.verdict import MONTH, SCENARIOS, Row, counts, deviation, exactly, mean, run

PATH = SCENARIOS / "stored_value.yaml"
PURCHASES = 11  # of 5 EUR, out of one top-up of 50 EUR with 10 % on top
RATE, TOP_UP, BONUS = 4.0, 5000.0, 500.0  # purchases a month; minor units


def c22() -> list[Row]:
    """C22: float = what flows in a month x the months for which it is held; 10 % on top is 9.09 % off.

    A purchase uses up one of eleven parts of a top-up, so a customer holds 0 to 10 of them alike often: half
    a top-up less half a part of money. A part waits for 0 to 10 purchases, at 4 a month 1.25 months (Little).
    """
    (found,) = run("stored_value")
    programme, _ = views(found, terms_of(load(PATH).scenario))
    purses = found.programme.purses
    begun = purses["since"] < found.days[found.warm_up] - 12 * MONTH
    held = purses["cash"][begun]
    parts = np.round((held + purses["bonus"][begun]) / (TOP_UP + BONUS) * PURCHASES).astype(int)
    part = TOP_UP / PURCHASES
    flow = programme.flow("prepaid_in") / programme.months / len(purses)
    months = (PURCHASES - 1) / 2.0 / RATE
    n = f"{len(held):,} customers"
    # a renewal process: top-ups of a year are Poisson purchases thinned to every eleventh
    sd_of_flow = TOP_UP / PURCHASES * np.sqrt(RATE / programme.months / len(purses))
    averages = float_mean(programme) * 100.0 / len(purses)
    rows = [
        counts("purchases that a balance holds", np.full(PURCHASES, 1.0 / PURCHASES), parts, "customers"),
        mean("money held, minor units", part * (PURCHASES - 1) / 2.0, held, "customers"),
        deviation("its deviation", part * np.sqrt((PURCHASES**2 - 1) / 12.0), held, "customers"),
        Row("paid in a month, a customer", RATE * part, flow, float(sd_of_flow), n),
        Row(
            "float, a customer, at the closes of a year",
            RATE * part * months,
            averages,
            float(held.std() / np.sqrt(len(held))),
            n,
        ),
    ]
    money = found.programme.money.sum(axis=(0, 1))
    spent = money[M.PREPAID_SPENT] + money[M.BONUS_SPENT]
    gone = money[M.TOP_UPS] * (TOP_UP + BONUS) - (purses["cash"] + purses["bonus"]).sum()
    return [
        *rows,
        exactly("spent from balances", gone, spent, f"{money[M.VISITS]:,} purchases"),
        exactly(
            "purchases whose bonus is 1/11 to the cent",
            1.0,
            float(abs(money[M.BONUS_SPENT] - spent / PURCHASES) <= 0.5 * money[M.VISITS]),
            f"discount {money[M.BONUS_SPENT] / spent:.5f}",
        ),
    ]
