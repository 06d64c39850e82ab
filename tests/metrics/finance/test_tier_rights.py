"""Perks of tiers as a right that sales earn: what is owed in a world that stands still, and what is not."""

import numpy as np
import pytest
from small_worlds import MARKET, play

from loyaltysim.metrics.finance.due import time_bands
from loyaltysim.metrics.finance.lived import broken, kept, recognised_of
from loyaltysim.metrics.finance.tiers import TIER
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load

TIERS = (
    "horizon=26 months",
    "programme.tiers={window: 6 months, levels: {gold: {from: 8 visits, perks: {cost: 0.60 EUR, value: 2}}}}",
)
RIGHT = "finance.tier_benefits=obligation"
POINTLESS = "programme.points="


def lived(*overrides):
    """Terms, arm and books of the programme's arm."""
    found, terms = play("compiled", *overrides), terms_of(load(MARKET, overrides).scenario)
    return found, terms, kept(found.programme, terms, found.days)


def steady(months, first, tier_months=24, expected=None):
    """Books of sales of 1,000.00 a month, perks of 10.00 from the month `first` on; goods half price."""
    found, terms, _ = lived(*TIERS, POINTLESS, RIGHT)
    money = np.zeros((months, 1, found.programme.money.shape[2]), np.int64)
    money[:, 0, [M.LIST_SALES, M.REVENUE]] = 100_000
    money[:, 0, M.GOODS_SOLD] = 50_000
    money[first:, 0, M.PERK_COST] = 1_000
    arm = found.programme._replace(
        money=money,
        cohorts=np.zeros((months, 1, 0, found.programme.cohorts.shape[3]), np.int64),
        open_lots=np.zeros((0, 1, 0), np.int64),
    )
    terms = terms._replace(tier_months=tier_months, tier_expected=expected)
    return kept(arm, terms, 30.0 * np.arange(months + 1))


def test_in_a_world_that_stands_still_a_years_promises_are_owed():
    """Perks of 20.00 (cost 10.00, goods at half price) for sales of 1,000.00 a month, a year after the sales:
    19.61 a month deferred, twelve of them owed from the end of the first year on.

    Breaks: the rate of the year to date defers nothing in the first year; perks at their cost.
    """
    books = steady(36, 12)
    a_month = round(100_000 * 2_000 / 102_000)
    assert books.line("deferred")[:, 0].tolist() == [a_month] * 36
    assert books.liability[11:, 0].tolist() == [12 * a_month] * 25
    assert recognised_of(books.lines)[12:, 0].tolist() == [100_000] * 24
    assert sum(time_bands(books)) == books.books.liability == 12 * a_month


def test_what_can_bring_nothing_any_more_lapses():
    """Promised by 2 % of sales, given in the last month only: after six months a promise is revenue."""
    books = steady(12, 11, tier_months=6, expected=20_000)
    assert books.line("used")[:11].sum() == 0
    assert (books.line("lapsed")[:7] == 0).all()
    assert (books.line("lapsed")[7:] == books.line("deferred")[0]).all()


def test_perks_beyond_what_was_promised_bring_no_revenue():
    """A tenth of the perks was expected: a tenth of their price is all that becomes revenue."""
    books = steady(12, 0, expected=2_000)
    assert books.line("used").sum() == books.line("deferred").sum() and books.books.liability == 0


@pytest.mark.parametrize(
    "more", [(), (POINTLESS,), ("firm.returns={share: 20 %, within: 45 days}",)], ids=str
)
def test_books_of_a_lived_programme_hold_either_way(more):
    """Received = revenue + what is owed; as marketing the books are as if there were no perks."""
    found, _, books = lived(*TIERS, *more, RIGHT)
    _, terms, plain = lived(*TIERS, *more)
    assert list(broken(books, found.programme)) == [] and terms.tier_months == 0
    mine = [c for (_, kind, _), c in books.books.cohorts.items() if kind == TIER]
    assert sum(c.allocation for c in mine) > 0 and sum(c.recognised for c in mine) > 0
    if plain is None:
        return
    assert not any(kind == TIER for _, kind, _ in plain.books.cohorts)
    deferred = [int(b.line("deferred").sum()) for b in (plain, books)]
    assert deferred[0] < deferred[1]
    points = [
        sum(c.allocation for (_, kind, _), c in b.books.cohorts.items() if kind == "points")
        for b in (plain, books)
    ]
    assert 0 < points[1] < points[0], "points and perks share what was paid"


def test_the_judgement_changes_the_accounting_view_alone():
    """Every other figure is the same; revenue is later."""
    (found, terms, _), (_, plain, _) = lived(*TIERS, RIGHT), lived(*TIERS)
    ours, theirs = measure(found, terms).parts, measure(found, plain).parts
    unlike = {name for name in theirs if ours[name] != theirs[name]}
    assert {name for name, _ in unlike} <= {
        "liability_end", "liability_due_12m", "liability_due_24m", "liability_due_later",
        "revenue_recognised", "liability_per_urr_point",
    }  # fmt: skip
    assert ("liability_end", "programme") in unlike
