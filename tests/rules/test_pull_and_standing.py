"""Standing, its parts and its bookkeeping: MODEL 3.5.

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import CALM, play, record, same, table

from loyaltysim.rules import parameters as p
from loyaltysim.rules.draws import HOME
from loyaltysim.rules.loyalty import crossing
from loyaltysim.rules.programme.terms import POINTS
from loyaltysim.rules.rivals import discount_seen, offer_value, sees
from loyaltysim.rules.standing import (
    best_home,
    money_at,
    pull,
    satisfaction_at,
    stand,
    standing_now,
    view,
)
from loyaltysim.rules.state import CUSTOMER, TIE

NO_OFFERS = table(p.OFFER)
NO_POINTS = record(POINTS, earn_over=1, worth_over=1)
SEGMENT = record(p.SEGMENT, price_weight=0.75, bonds=3.0)
SOMEBODY = record(CUSTOMER, key=0x1234567)


def terms_of(**values):
    """Terms at MODEL 7's numbers."""
    return record(
        p.TERMS,
        **{"par_standing": 70.0, "prior": 2.0, "stock_horizon": 91.25, "choice_slope": 0.08, "period": 365.0,
           "theory": p.THRESHOLD, "stay_low": 0.15, "stay_high": 0.98, "steepness": 4.0} | values,
    )  # fmt: skip


def her_at(home=0, **values):
    """A customer with this home; once every ten days, 540 cents."""
    return record(
        CUSTOMER,
        **{
            "key": 0x1234567,
            "home": home,
            "rate": 0.1,
            "basket": 540.0,
            "threshold": 45.0,
            "resistance": 9.0,
            "earns": 1.0,
            "shows": 1.0,
            "zeal": 1.0,
        }
        | values,
    )


def market(*reputations, awareness=None):
    """Providers of these reputations, nobody knowing any of them first hand."""
    seen = awareness or [1.0] * len(reputations)
    rows = [
        {
            "reputation": r,
            "awareness": a,
            "log_awareness": math.log(a) if a > 0 else 0.0,
            "luck": 10 + j,
        }
        for j, (r, a) in enumerate(zip(reputations, seen, strict=True))
    ]
    return table(p.PROVIDER, *rows), table(TIE, *({} for _ in rows))


@pytest.mark.parametrize("visits", [0.0, 1.0, 5.0, 500.0])
def test_her_view_mixes_her_own_experience_with_reputation(visits):
    """(n S + n0 reputation) / (n + n0); what people say where she has never been."""
    tie, provider = (
        record(TIE, satisfaction=90.0, visits=visits),
        record(p.PROVIDER, reputation=60.0),
    )
    expected = (visits * 90.0 + 2.0 * 60.0) / (visits + 2.0)
    assert view(terms_of(), tie, provider) == pytest.approx(expected, rel=1e-15)
    assert satisfaction_at(tie, provider) == (90.0 if visits else 60.0)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=6), st.integers(0, 5))
@settings(max_examples=150, deadline=None)
def test_the_soft_maximum_tends_to_the_maximum(reputations, home):
    """pull = max as softness -> 0; never below it, never above it by more than s ln n.

    Break: a sum that takes the home in.
    """
    providers, ties = market(*reputations)
    her = her_at(home % len(reputations))
    hard = max(r for j, r in enumerate(reputations) if j != her.home) - 70.0

    def at(softness):
        return pull(
            terms_of(softness=softness),
            SEGMENT,
            her,
            ties,
            providers,
            NO_OFFERS,
            NO_POINTS,
            0.0,
            False,
        )

    assert at(0.0) == hard
    for softness in (10.0, 1.0, 1e-2, 1e-6):
        above = at(softness) - hard
        assert -1e-9 <= above <= softness * math.log(len(reputations) - 1) + 1e-9


def test_a_softened_pull_of_equals_grows_with_their_number():
    """s ln(sum a): four equals of awareness 1 pull s ln 4 more than one; awareness a counts as a of one."""
    terms = terms_of(softness=5.0)
    providers, ties = market(70.0, 80.0, 80.0, 80.0, 80.0)
    args = (SEGMENT, her_at(), ties, providers, NO_OFFERS, NO_POINTS, 0.0, False)
    assert pull(terms, *args) == pytest.approx(10.0 + 5.0 * math.log(4.0), rel=1e-12)
    half, ties = market(70.0, 80.0, awareness=[1.0, 0.5])
    assert pull(terms, SEGMENT, her_at(), ties, half, NO_OFFERS, NO_POINTS, 0.0, False) == pytest.approx(
        10.0 + 5.0 * math.log(0.5), rel=1e-12
    )


@pytest.mark.parametrize("softness", [0.0, 3.0])
def test_who_is_not_seen_takes_no_part(softness):
    """Awareness 0: not in the pull, never chosen. Break: a pull that does not ask who is seen."""
    terms = terms_of(softness=softness)
    hidden, hidden_ties = market(70.0, 75.0, 100.0, awareness=[1.0, 1.0, 0.0])
    plain, plain_ties = market(70.0, 75.0)
    with_it = pull(terms, SEGMENT, her_at(), hidden_ties, hidden, NO_OFFERS, NO_POINTS, 0.0, False)
    assert with_it == pull(terms, SEGMENT, her_at(), plain_ties, plain, NO_OFFERS, NO_POINTS, 0.0, False)
    choices = {
        int(
            best_home(
                terms,
                SEGMENT,
                her_at(key=k),
                hidden_ties,
                hidden,
                NO_OFFERS,
                NO_POINTS,
                0.0,
                0,
                1,
                HOME,
                False,
            )
        )
        for k in range(1, 400, 2)
    }
    assert choices == {1}


def test_with_nowhere_to_go_nobody_pulls():
    """The only provider: pull -inf, standing inf, hazard 0."""
    providers, ties = market(70.0)
    her = her_at(standing=math.nan)
    args = (SEGMENT, her, ties, providers, NO_OFFERS, NO_POINTS, 0.0)
    assert pull(terms_of(), *args, False) == -math.inf
    assert standing_now(terms_of(), *args, False) == math.inf
    stand(terms_of(), *args, False)
    assert her.hazard_rate == 0.0
    assert (
        best_home(terms_of(), SEGMENT, her, ties, providers, NO_OFFERS, NO_POINTS, 0.0, 0, 1, HOME, False)
        == -1
    )


def test_standing_is_the_sum_of_its_parts():
    """Satisfaction + bonds + money(home) - pull + offset, never clamped.

    Break: the offset left out.
    """
    providers, ties = market(70.0, 62.0, 66.0)
    ties[0].satisfaction, ties[0].visits = 81.0, 7.0
    offers = table(p.OFFER, {"provider": 0, "end": 1000.0, "depth": 0.04, "reach": 1.0})
    found = standing_now(
        terms_of(offset=-12.0),
        SEGMENT,
        her_at(),
        ties,
        providers,
        offers,
        NO_POINTS,
        0.0,
        False,
    )
    assert found == pytest.approx(81.0 + 3.0 + 0.75 * 4.0 - (66.0 - 70.0) - 12.0, rel=1e-15)
    far = market(70.0, 0.0)
    assert (
        standing_now(terms_of(), SEGMENT, her_at(), far[1], far[0], NO_OFFERS, NO_POINTS, 0.0, False) == 143.0
    )


@given(left=st.floats(0.01, 400), depth=st.floats(0, 1), rate=st.floats(0.001, 2))
@settings(max_examples=150, deadline=None)
def test_an_offer_counts_for_the_time_that_is_left(left, depth, rate):
    """depth x min(time left, H) / H, H at least one purchase cycle. Break: the full depth to its last day."""
    her = her_at(rate=rate)
    offers = table(
        p.OFFER,
        {"provider": 1, "start": -5.0, "end": left, "depth": depth, "reach": 1.0},
    )
    horizon = max(91.25, 1.0 / float(her.rate))
    found = money_at(terms_of(), SEGMENT, her, offers, NO_POINTS, 1, 0.0, False, False)
    assert found == pytest.approx(0.75 * 100 * depth * min(left, horizon) / horizon, rel=1e-12)
    assert money_at(terms_of(), SEGMENT, her, offers, NO_POINTS, 0, 0.0, False, False) == 0.0


def test_offers_count_from_their_first_day_to_before_their_last():
    """Break: an offer that holds on the day on which it ends."""
    offers = table(p.OFFER, {"provider": 0, "start": 10.0, "end": 20.0, "depth": 0.2, "reach": 1.0})
    seen = [discount_seen(SOMEBODY, offers, 0, day) for day in (9.999, 10.0, 19.999, 20.0)]
    assert seen == [0.0, 0.2, 0.2, 0.0]
    worth = [offer_value(SOMEBODY, offers, 0, day, 10.0, 0.0) for day in (9.999, 10.0, 15.0, 20.0)]
    assert worth == [0.0, 0.2, 0.1, 0.0]


def test_of_several_offers_she_takes_the_deepest_that_she_sees():
    rows = [{"provider": 0, "end": 50.0, "depth": d, "reach": r, "luck": k} for k, (d, r) in
            enumerate([(0.1, 1.0), (0.3, 1.0), (0.9, 0.0)])]  # fmt: skip
    offers = table(p.OFFER, *rows)
    assert discount_seen(SOMEBODY, offers, 0, 1.0) == 0.3
    assert not sees(SOMEBODY, offers[2]) and sees(SOMEBODY, offers[0])


@given(balance=st.integers(0, 10**6), rate=st.floats(0.0005, 3.0))
@settings(max_examples=150, deadline=None)
def test_points_held_count_at_home_over_the_purchases_of_h(balance, rate):
    """stock / max(lambda H, 1), at her valuation, only where leaving would forfeit them.

    Break: a stock that counts whether or not leaving forfeits it.
    """
    points = record(
        POINTS, active=1, until=math.inf, earn=1, earn_over=100, worth=5, worth_over=1, valuation=0.8
    )
    her = her_at(rate=rate, balance=balance)
    rate = float(her.rate)
    flow = 0.8 * 5 / 100
    stock = 0.8 * balance * 5 / 540 / max(rate * max(91.25, 1.0 / rate), 1.0)
    at_home = money_at(terms_of(), SEGMENT, her, NO_OFFERS, points, 0, 0.0, True, False)
    assert at_home == pytest.approx(75.0 * (flow + stock), rel=1e-9)
    assert money_at(terms_of(), SEGMENT, her, NO_OFFERS, points, 0, 0.0, False, False) == pytest.approx(
        75.0 * flow
    )
    assert money_at(terms_of(), SEGMENT, her, NO_OFFERS, points, 1, 0.0, True, False) == 0.0


def test_a_tier_that_multiplies_points_multiplies_neither_member_price_nor_cash_back():
    """10 % off and 2 % back: .1 + .9 x .02 of the basket, whatever her tier makes of points; half of it where
    every other visit is identified.

    Break: both times `earns`, which holds the tier's factor (so it was).
    """
    points = record(
        POINTS, active=0, until=math.inf, member_price=0.1, cashback=0.02, worth_over=1, earn_over=1
    )
    silver, gold = (her_at(earns=times, shows=1.0) for times in (1.0, 2.0))
    found = [
        money_at(terms_of(), SEGMENT, her, NO_OFFERS, points, 0, 0.0, True, False) for her in (silver, gold)
    ]
    assert found == pytest.approx([75.0 * (0.1 + 0.9 * 0.02)] * 2)
    half = money_at(terms_of(), SEGMENT, her_at(shows=0.5), NO_OFFERS, points, 0, 0.0, True, False)
    assert half == pytest.approx(75.0 * (0.05 + 0.95 * 0.02 * 0.5))


def test_one_purchase_elsewhere_forfeits_no_stock_and_takes_an_offer_in_full():
    """Standing of the occasion: points held do not count, an offer's last day counts in full (MODEL 3.6).

    Break: the stock counted; the offer by the time left.
    """
    providers, ties = market(70.0, 74.0)
    points = record(
        POINTS, active=1, until=math.inf, earn=1, earn_over=100, worth=5, worth_over=1, valuation=0.8
    )
    offers = table(p.OFFER, {"provider": 1, "end": 1.0, "depth": 0.2, "reach": 1.0})
    found = {
        (balance, today): standing_now(
            terms_of(), SEGMENT, her_at(balance=balance), ties, providers, offers, points, 0.0, today
        )
        for balance in (0, 10_000)
        for today in (False, True)
    }
    assert found[0, True] == found[10_000, True] == pytest.approx(70.0 + 3.0 + 3.0 - 4.0 - 0.75 * 20.0)
    assert found[10_000, False] > found[0, False] > found[0, True]


def test_what_changes_nothing_for_her_splits_nothing():
    """A thousand times the same standing between two closes: the hazard is that of one piece, bit for bit.

    Break: a piece that ends whenever she stands anew.
    """
    providers, ties = market(70.0, 74.0)
    quiet, busy = her_at(standing=math.nan), her_at(standing=math.nan)
    for her, looks in ((quiet, 0), (busy, 1000)):
        args = (SEGMENT, her, ties, providers, NO_OFFERS, NO_POINTS)
        stand(terms_of(), *args, 0.0, False)
        for k in range(looks):
            stand(terms_of(), *args, 31.0 * (k + 1) / 1001.0, False)
        stand(terms_of(), *args, 31.0, True)
    assert quiet.hazard == busy.hazard > 0.0
    assert quiet.hazard_from == busy.hazard_from == 31.0
    assert quiet.hazard_rate == busy.hazard_rate


def test_who_has_left_keeps_the_day_of_the_crossing():
    """Standing anew after the crossing, before it shows, does not move it.

    Break: a piece that ends all the same.
    """
    providers, ties = market(70.0, 74.0)
    her = her_at(standing=math.nan, resistance=1e-4)
    args = (terms_of(), SEGMENT, her, ties, providers, NO_OFFERS, NO_POINTS)
    stand(*args, 0.0, False)
    day = crossing(her, 12.0)
    assert 0.0 < day < 12.0
    providers[1].reputation = 20.0
    stand(*args, 12.0, False)
    assert crossing(her, 31.0) == day


def test_who_never_returns_is_not_pulled_back():
    """A provider to which she never returns takes no part in pull and choice."""
    providers, ties = market(70.0, 95.0, 74.0)
    ties[1].barred = 1
    args = (SEGMENT, her_at(), ties, providers, NO_OFFERS, NO_POINTS, 0.0)
    assert pull(terms_of(), *args, False) == 4.0
    assert best_home(terms_of(), *args, 0, 1, HOME, False) == 2


def test_a_changed_standing_ends_the_piece_and_acts_forward():
    """The hazard up to then at the old rate, from then on at the new one."""
    providers, ties = market(70.0, 74.0)
    her = her_at(standing=math.nan)
    args = (terms_of(), SEGMENT, her, ties, providers, NO_OFFERS, NO_POINTS)
    stand(*args, 0.0, False)
    rate = her.hazard_rate
    providers[1].reputation = 90.0
    stand(*args, 12.0, False)
    assert her.hazard == 12.0 * rate and her.hazard_from == 12.0 and her.hazard_rate > rate


LOYALTY = (
    "standing", "resistance", "hazard", "hazard_rate", "hazard_from", "first_defection", "spells", "home",
    "home_12", "retained_months", "base", "class_0", "class_close",
)  # fmt: skip


def test_how_often_she_comes_is_nothing_to_her_loyalty(engine):
    """At equal standing everybody leaves on the same day whether she comes 5 or 40 times a month.

    Break: a piece of hazard that ends at every visit.
    """
    often = (
        "market.segments.regulars.occasions.mean=40 / month",
        "market.segments.visitors.occasions.mean=17 / month",
    )
    slow, fast = play(engine, *CALM).twin, play(engine, *CALM, *often).twin
    assert fast.customers["occasions"].sum() > 5 * slow.customers["occasions"].sum()
    for field in LOYALTY:
        assert same(slow.customers[field], fast.customers[field]).all(), field
    assert np.isfinite(slow.customers["first_defection"]).sum() > 3
