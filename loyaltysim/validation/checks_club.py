"""C23 with a fee: who buys the club is not what the club does; and renewals of an sBG."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from loyaltysim.metrics.membership import same_persons
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.programme.savings import PAYING
from loyaltysim.scenario.load import load
from loyaltysim.validation.checks_members import averaged
from loyaltysim.validation.forms import sbg_survival
from loyaltysim.validation.verdict import MONTH, SCENARIOS, Row, exactly, run, share

LEAST = 60.0 / 12.0 / 4.0  # purchases a month from which a fee of 60 EUR is worth it at 4 EUR each
HORIZON = 24.0
ALPHA, BETA = 0.7, 1.9
MONTHLY = (
    "programme.membership={fee: 5 EUR, worth: 60 EUR, term: 1 month, chance: 100 %, valuation: 0, "
    f"sunk_cost: 1, renewal: {{alpha: {ALPHA}, beta: {BETA}}}}}",
)


def c23_paid() -> list[Row]:
    """C23: a club with a fee and without effect; those join to whom it is worth its fee, the heavy buyers."""
    (found,) = run("paid_club")
    joined = np.isfinite(found.programme.subscriptions["since"])
    rates = found.programme.customers["rate"].astype(float) * MONTH
    law = stats.gamma(1.5)
    # who is above the least rate and never bought in the horizon has not joined: exp(-30) of them at most
    bought = averaged(lambda x: -math.expm1(-x * HORIZON) if x > LEAST else 0.0)
    above = stats.gamma(2.5).sf(LEAST) * 1.5
    ours, others = rates[joined], rates[~joined]
    ratio = ours.mean() / others.mean()
    error = ratio * math.sqrt(sum(x.var() / len(x) / x.mean() / x.mean() for x in (ours, others)))
    n = f"{len(joined):,} customers"
    chance = law.sf(LEAST)
    expected = above / chance / ((1.5 - above) / (1.0 - chance))
    programme, twin = views(found, terms_of(load(SCENARIOS / "paid_club.yaml").scenario))
    parts = same_persons(programme, twin)
    assert isinstance(parts, tuple)
    unlike = sum(
        int((found.programme.customers[name] != found.twin.customers[name]).sum())
        for name in ("spend", "purchases", "home", "occasions")
    )
    return [
        share("join", bought, joined, "customers"),
        Row(
            "rate of members over that of others",
            expected,
            ratio,
            error,
            n,
        ),
        exactly("members to whom it is not worth its fee", 0, int((ours <= LEAST - 1e-6).sum()), n),
        exactly("lift of the members against their twins", 0, parts[0], n),
        exactly("records that differ from the twin's", 0, unlike, n),
    ]


def renewals() -> list[Row]:
    """C1, in the paid club: members who pay for another month, by the number of months paid for."""
    (found,) = run("paid_club", *MONTHLY)
    s = found.programme.subscriptions
    long_ago = s["since"] < found.days[-1] - 8.0 * MONTH
    terms, still = s["terms"][long_ago], s["state"][long_ago] == PAYING
    # terms paid for count the first; who is still in has passed at least seven renewals
    rows = []
    for t in (1, 2, 3, 4, 7):
        passed = (terms > t) | still
        rows.append(share(f"renewed {t} times", sbg_survival(ALPHA, BETA, t), passed, "members"))
    return rows
