"""Who joins, and what joining may change, on both engines (MODEL 3.7, 4).

The breaks named in the docstrings were made in a copy of the tree and seen to fail the test.
"""

import numpy as np
from small_worlds import (
    POINTS_FIELDS,
    POINTS_MEASURES,
    differences,
    differing_measures,
    of_kind,
    play,
    worlds,
)

from loyaltysim.rules.ledger import CENT, MONEY, M

CLUB = "programme.enrolment={chance: 15 %, cost: 1.50 EUR, bonus: 25, identified: 70 %}"
FREE_CLUB = (
    "programme.points.worth=0 EUR",
    "programme.points.fulfilment=0 EUR",
    "programme.enrolment={chance: 15 %, identified: 60 %}",
)
OF_MEMBERS = (
    "enrolled",
    "enrolment_cost",
    "member_spend",
    "member_days",
    "other_days",
    "members",
    "active_members",
)


def joined(arm):
    """Whether she has joined."""
    return np.isfinite(arm.members["since"])


def test_a_free_club_without_effect_changes_nothing_but_its_books(engine):
    """C23 in a lively market: bit for bit the twin's, membership and the points book apart.

    Break: who is no member stands one point lower.
    """
    played = play(engine, *FREE_CLUB)
    assert 5 < joined(played.programme).sum() < len(played.programme.customers) - 5
    fields, measures = (*POINTS_FIELDS, "earns", "shows"), (*POINTS_MEASURES, *OF_MEMBERS)
    assert differences(played.programme, played.twin, fields, measures) == []
    ours, theirs = (arm.members["spend"] for arm in (played.programme, played.twin))
    assert ours.sum() > 0
    assert (ours == theirs).all()


def test_who_has_to_join_and_never_does_is_no_member(engine):
    """A chance of 0 leaves the twin's world; a chance of 1 makes a member of everybody at her first visit."""
    nobody = play(engine, "programme.enrolment={chance: 0}")
    assert not joined(nobody.programme).any()
    assert differences(nobody.programme, nobody.twin, ("earns", "shows"), OF_MEMBERS) == []
    everybody = play(engine, "programme.enrolment={chance: 1}")
    bought = everybody.programme.customers["purchases"] > 0
    assert (joined(everybody.programme) == bought).all()


def test_only_identified_visits_of_members_earn(engine):
    """The story: no points before she joined; a share of `identified` of the later visits earns.

    Break: the card is shown at every visit.
    """
    programme, _ = worlds(engine, CLUB)
    since = programme.members["since"]
    visits = of_kind(programme.log, "visit")
    visits = visits[(visits["provider"] == 0) & (visits["time"] > 0.0) & (visits["paid"] >= 100)]
    later = visits["time"] > since[visits["customer"]]
    assert not visits["earned"][~later].any()
    share = (visits["earned"][later] > 0).mean()
    n = later.sum()
    assert n > 200
    assert abs(share - 0.7) < 4 * np.sqrt(0.21 / n)
    joining = of_kind(programme.log, "enrolled")
    assert sorted(joining["time"]) == sorted(since[np.isfinite(since)])


def test_joining_costs_and_gives_what_it_says(engine):
    """Cost and bonus for each who joined, and the cost taken off her value at the day's discount."""
    played = play(engine, CLUB)
    money = played.programme.money.sum(axis=(0, 1))
    members = joined(played.programme)
    assert members.sum() > 5
    assert money[M.ENROLLED] == members.sum()
    assert money[M.ENROLMENT_COST] == 150 * members.sum()
    assert money[M.POINTS_GIVEN] == 25 * members.sum()
    dear = play(engine, CLUB.replace("1.50 EUR", "2.50 EUR"))
    allowed = ("enrolment_cost", "value", "reward_cost")
    assert differing_measures(played.programme.money, dear.programme.money) == sorted(
        allowed, key=MONEY.index
    )
    day = played.programme.members["since"][members]
    more = (played.programme.customers["value"] - dear.programme.customers["value"])[members]
    assert np.abs(more - 100 * CENT * 1.08 ** (-day / 365)).max() <= 1.0


def test_days_and_spending_of_members_add_up(engine):
    """Member-days run from joining to leaving the market or the horizon; no spending is lost."""
    played = play(engine, CLUB)
    arm, end = played.programme, played.days[-1]
    members = joined(arm)
    days = np.minimum(arm.customers["exits"], end)[members] - arm.members["since"][members]
    assert abs(arm.money[..., M.MEMBER_DAYS].sum() / CENT - days.sum()) < 0.01
    assert arm.money[..., M.MEMBER_SPEND].sum() == arm.members["spend"].sum()
    everything = arm.members["before"].sum() + arm.members["spend"].sum()
    assert everything == arm.money[..., M.REVENUE].sum()
