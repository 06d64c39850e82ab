"""Progress towards a tier as a stock of standing (MODEL 3.5, 3.7), on both engines.

The breaks named in the docstrings were made in this tree and seen to fail the test.
"""

import numpy as np
import pytest
from small_worlds import ALONE, differences, differing_measures, of_kind, play, worlds

LEVELS = (
    "{low: {from: 4 visits, multiplier: 1.5, status: 2}, high: {from: 9 visits, multiplier: 3, status: 5}}"
)
STAYING = ("loyalty.stay=[100 %, 100 %]", *ALONE, "market.entries=[]", "market.entrants=0")
AWAY = "loyalty.away={at_par: 25 %, slope: 30}"


def tiers(progress, review="calendar", levels=LEVELS):
    """The override that gives the programme tiers, the way to the next of which is worth something."""
    return (
        f"programme.tiers={{window: 3 months, review: {review}, progress: {progress}, dilution: 0, "
        f"demotion: 1, failure: 0, levels: {levels}}}"
    )


@pytest.mark.parametrize("review", ["calendar", "rolling"])
def test_standing_rises_by_the_way_behind_her(engine, review):
    """Two worlds alike but for `progress`, in which nobody leaves: the difference at the end is the formula.

    Breaks: the threshold of the tier that she holds; the purchases in H left out.
    """
    short = "horizon=8 months"  # in the midst of a window of the calendar
    ours, _ = worlds(engine, *STAYING, short, "firm.offers=[]", tiers(0.5, review))
    theirs, _ = worlds(engine, *STAYING, short, "firm.offers=[]", tiers(0, review))
    c, ranks = ours.customers, ours.ranks
    here = (c["present"] == 1) & (c["home"] == 0)
    rise = c["standing"][here] - theirs.customers["standing"][here]
    adds = np.array([2.0, 3.0, 0.0])[ranks["tier"][here]]
    multiplier = np.array([0.5, 1.5, 0.0])[ranks["tier"][here]]
    weight = np.where(c["segment"][here] == 0, 75.0, 120.0)
    rate, quarter = c["rate"][here].astype(float), 3 * 365.0 / 12.0
    part = np.minimum(ranks["counted"][here] / np.array([4, 9, 1])[ranks["tier"][here]], 1.0)
    purchases = rate * quarter / np.maximum(rate * quarter, 1.0)  # in a window, over those in H
    expected = 0.5 * part * (adds + weight * 0.8 * 0.10 * multiplier) * purchases
    np.testing.assert_allclose(rise, expected, rtol=1e-6, atol=1e-9)
    assert set(ranks["tier"][here].tolist()) == {0, 1, 2} and (rise > 0.3).sum() > 5
    np.testing.assert_allclose(ranks["ahead"][here], expected, rtol=1e-6, atol=1e-9)


def test_progress_to_what_gives_nothing_changes_nothing(engine):
    """Where tiers give nothing beyond one another the way to them is worth nothing, bit for bit."""
    nothing = "{low: {from: 4 visits}, high: {from: 9 visits}}"
    ours, theirs = (play(engine, tiers(p, levels=nothing)) for p in (3, 0))
    assert differences(ours.programme, theirs.programme) == []


def test_who_has_something_to_lose_leaves_later_person_by_person():
    """A hazard lower at every moment: nobody leaves the firm earlier for progress that is worth something.

    Break: the stock taken off standing.
    """
    more, none = (play("compiled", *ALONE, "market.customers=400", tiers(p)) for p in (2, 0))
    with_, without = (x.programme.customers["first_defection"] for x in (more, none))
    assert (with_ >= without).all()
    assert (with_ > without).sum() > 3


def test_one_purchase_elsewhere_forfeits_no_progress(engine):
    """Where nobody leaves she buys elsewhere as often as ever: standing_occ leaves stocks out (MODEL 3.6).

    Break: the stock in the standing of today.
    """
    ours, theirs = (play(engine, *STAYING, AWAY, tiers(p)) for p in (2, 0))
    assert differing_measures(ours.programme.money, theirs.programme.money) == []
    assert ours.programme.money.sum() > 0


def test_a_new_window_begins_the_way_anew():
    """With the calendar, at the close that ends a window: no progress, no stock."""
    world, _ = worlds("compiled", *STAYING, "horizon=9 months", tiers(1))
    assert of_kind(world.log, "promoted").size > 0
    here = world.ranks[world.customers["present"] == 1]
    assert not here["ahead"].any() and not here["counted"].any()
