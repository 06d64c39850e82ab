"""Points by class of products (MODEL 3.7), on both engines.

Where a docstring says "Break", that break was made in a copy and seen to fail.
"""

import numpy as np
from small_worlds import differences, of_kind, play, worlds

from loyaltysim.rules.ledger import M

BUYS = (
    "market.segments.regulars.buys={fresh: 40 %, tobacco: 10 %}",
    "market.segments.visitors.buys={tobacco: 50 %}",
)


def classes(factors):
    """The override of the factors on points."""
    return f"programme.points.classes={{{factors}}}"


def test_a_factor_of_one_is_none(engine):
    """What earns once earns as without classes; what nobody calls a class changes nothing."""
    plain = play(engine)
    for overrides in (BUYS, (*BUYS, classes("fresh: 1, tobacco: 1"))):
        other = play(engine, *overrides)
        assert differences(plain.programme, other.programme) == []
        assert differences(plain.twin, other.twin) == []


def test_twice_for_all_is_twice(engine):
    """All that everybody buys in a class that earns twice: the programme that gives two points a euro.

    Break: the factor is left out of what earning is worth to her.
    """
    all_fresh = tuple(f"market.segments.{s}.buys={{fresh: 100 %}}" for s in ("regulars", "visitors"))
    twice = play(engine, *all_fresh, classes("fresh: 2"))
    other = play(engine, "programme.points.earn=2 / EUR")
    assert differences(twice.programme, other.programme) == []


def test_each_visit_earns_by_what_is_in_the_basket(engine):
    """3 points a euro on fresh, none on tobacco: 0.4 x 3 + 0.5 = 1.7 times for the one, 0.5 for the other.

    To the nearest point, by what was paid at each visit. Break: shares of one segment for all.
    """
    world = worlds(engine, *BUYS, classes("fresh: 3, tobacco: 0"))[0]
    visits = of_kind(world.log, "visit")
    visits = visits[(visits["time"] > 0.0) & (visits["provider"] == 0) & (visits["paid"] > 0)]
    segment = world.customers["segment"][visits["customer"]]
    due = visits["paid"] / 100.0 * np.array([1.7, 0.5])[segment]
    assert (np.abs(visits["earned"] - due) <= 0.5 + 1e-9).all()
    assert len(visits) > 200 and (np.bincount(segment) > 20).all()


def test_a_class_that_earns_nothing_holds_nobody(engine):
    """Factor 0 on everything: nobody earns, and nobody stays for points."""
    all_tobacco = tuple(f"market.segments.{s}.buys={{tobacco: 100 %}}" for s in ("regulars", "visitors"))
    none = play(engine, *all_tobacco, classes("tobacco: 0"))
    assert none.programme.money[..., M.POINTS_ISSUED].sum() == 0
    points = ("points_issued", "points_outstanding")
    assert differences(none.programme, none.twin, (), points) == []


def test_those_outside_of_a_rollout_earn_by_what_ran_before():
    """The status quo's classes hold for them, the programme's for the others."""
    terms = "earn: 1 / EUR, worth: 0.10 EUR, minimum: 20, step: 10, expiry: 4 months"
    overrides = (
        *BUYS,
        "programme=",
        f"status_quo={{points: {{{terms}, classes: {{tobacco: 3}}}}}}",
        f"programme={{points: {{{terms}, classes: {{fresh: 5}}}}, rollout: {{share: 50 %}}}}",
    )
    world = worlds("compiled", *overrides)[0]
    visits = of_kind(world.log, "visit")
    visits = visits[(visits["time"] > 0.0) & (visits["provider"] == 0) & (visits["paid"] > 0)]
    segment, outside = (a[visits["customer"]] for a in (world.customers["segment"], world.outside))
    factor = np.array([[1 + 0.4 * 4, 1.0], [1 + 0.1 * 2, 1 + 0.5 * 2]])[outside, segment]
    due = np.floor(visits["paid"] / 100.0 * factor + 1e-9)
    assert (visits["earned"] == due).all()
    assert 0 < outside.sum() < len(outside)
