"""Books of scenarios that are drawn from the spec: at every close, of every segment, to the cent (MODEL 5).

What a programme consists of, what ran before, returns, reviews of the estimate, balances paid ahead and fees
come together as they may; a new field is drawn from the day it exists.
"""

import os
from collections import Counter

import numpy as np
from drawn_scenarios import scenarios
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.finance.estimates import METHODS
from loyaltysim.metrics.finance.journal import LINES, POSTINGS
from loyaltysim.metrics.finance.lived import broken, kept
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import MONEY
from loyaltysim.scenario.lower import lower

DRAWN = int(os.environ.get("LOYALTYSIM_DRAWN_BOOKS", 60))
CASH = {  # what customers pay the firm, by the ledger of the simulation
    "revenue": 1, "prepaid_in": 1, "prepaid_spent": -1, "prepaid_refunded": -1, "fees_received": 1,
    "fees_refunded": -1,
}  # fmt: skip
LIVED = (  # what happens in some of them, however the spec grows
    "sold", "deferred", "used", "lapsed", "refunded", "topped_up", "fee_paid", "fee_earned",
    "brought_forward", "returns_expected",
)  # fmt: skip
OWED = ("liability", "refund_liability", "partners", "state")


def balances(lines):
    """What is in each account at the closes, by segment; from the journal alone."""
    found = {}
    for place, name in enumerate(LINES):
        for account, sign in zip(POSTINGS[name], (1, -1), strict=True):
            found[account] = found.get(account, 0) + sign * lines[:, :, place]
    return {account: flows.cumsum(axis=0) for account, flows in found.items()}


def test_received_is_revenue_and_what_is_owed_at_every_close():
    """Of every scenario, arm, close and segment. Breaks: see tests/planted_books.py."""
    seen = Counter()

    @settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(scenarios(), st.sampled_from((None, *METHODS)))
    def check(scenario, estimate):
        found, terms = simulate(lower(scenario), 0, scenario.seed, "compiled"), terms_of(scenario)
        if estimate is not None:  # reviewed at every close: the runs are short
            terms = terms._replace(estimate=estimate, review=1)
        for arm in (found.programme, found.twin):
            books = kept(arm, terms, found.days)
            if books is None:
                continue
            assert list(broken(books, arm)) == []
            at = balances(books.lines)
            assert (sum(at.values()) == 0).all(), "the journal does not balance"
            flows = [sign * arm.money[:, :, MONEY.index(name)] for name, sign in CASH.items()]
            cash = sum(flows).cumsum(axis=0)
            before = books.line("brought_forward").cumsum(axis=0)
            owed = -sum(at[name] for name in OWED)
            assert (cash + before == -(at["goods"] + at["rights"]) + owed).all()
            assert (books.liability == -at["liability"]).all() and (books.liability >= 0).all()
            assert (at["refund_liability"] <= 0).all() and (at["state"] <= 0).all()
            assert np.array_equal(at["received"], cash + before)
            for name in LINES:
                seen[name] += bool(books.line(name).any())
        measure(found, terms)

    check()
    assert all(seen[name] for name in LIVED), dict(seen)
