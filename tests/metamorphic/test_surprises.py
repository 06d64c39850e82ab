"""Surprises delight until they are expected, and then are missed (MODEL 3.3, 3.7), on both engines.

Where a docstring says "Break", that break was made in a copy and seen to fail.
"""

import numpy as np
from small_worlds import ALONE, MARKET, advanced, differences, parameters, play

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.rules.draws import SURPRISE, uniform
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load

HOMES = tuple(
    f"market.segments.{s}.home={{firm: 100 %, Bean: 0 %, Kiosk: 0 %}}" for s in ("regulars", "visitors")
)
SETTLED = ("loyalty=", "firm.service=", "waiting=", "market.entrants=0", "market.entries=[]", *HOMES)


def gift(chance, value=20, more=""):
    """The override of a surprise."""
    return f"programme.surprise={{chance: {chance}, value: {value}{more}}}"


def test_a_surprise_that_is_never_given_is_none(engine):
    """Chance 0: no bit changes, in either arm. Nor in the twin, whatever is given in the other.

    Catches: the surprise of the programme given in the twin, too.
    """
    none = play(engine)
    for override in (gift("0 %"), gift("40 %", 20, ", cost: 1 EUR")):
        other = play(engine, override)
        assert differences(none.twin, other.twin) == []
    assert differences(none.programme, play(engine, gift("0 %")).programme) == []


def test_what_always_comes_wears_off_geometrically():
    """With a surprise of 20 at every visit the n-th delights by 20 (1 - kappa)^(n - 1), for each customer.

    Summed over all visits of all customers by the record; to 2^-17 a visit, the ledger's fixed point.
    Break: what she expects of extras does not learn from surprises.
    """
    overrides = (*SETTLED, gift("100 %"), "warm_up=0 months", "experience.forgetting=0")
    numbers = parameters(*overrides)
    kappa = float(numbers.terms["kappa_up"][0])
    arm = play("compiled", *overrides).programme
    visits = arm.customers["purchases"].astype(float)
    expected = (20.0 * (1.0 - (1.0 - kappa) ** visits) / kappa).sum()
    found = arm.money[..., M.SURPRISE_DELIGHT].sum() / CENT
    assert arm.money[..., M.SURPRISES].sum() == visits.sum() > 1000
    assert abs(found - expected) <= visits.sum() / CENT


def test_rare_surprises_delight_longer():
    """The rarer, the more each delights; expected ones no more than a tenth of the first.

    Catches: as above.
    """
    each = []
    for chance in ("2 %", "20 %", "100 %"):
        overrides = (*SETTLED, gift(chance))
        parts = measure(play("compiled", *overrides), terms_of(load(MARKET, overrides).scenario)).parts
        each.append(parts["surprise_delight", "programme"].value)
    assert 20.0 > each[0] > each[1] > each[2]
    assert each[0] > 15.0
    assert each[2] < 2.0


def test_satisfaction_rises_and_falls_back():
    """A first month of surprises at every visit lifts what is felt; a year later nothing is left."""
    overrides = (*SETTLED, "warm_up=0 months", "horizon=24 months", "experience.forgetting=0", "reputation=")
    plain, gifts = (play("compiled", *overrides, *more).programme for more in ((), (gift("100 %"),)))
    gap = (gifts.money - plain.money)[..., M.GAP].sum(axis=1) / CENT / plain.money[..., M.VISITS].sum(axis=1)
    assert gap[0] > 1.0
    assert gap[0] > 5 * abs(gap[-1])


def test_who_is_surprised_is_drawn_by_occasion_and_paid_for(engine):
    """One draw an occasion, members only; each costs what it costs, in the ledger and off her value.

    Break: those who are no members are surprised.
    """
    override = gift("30 %", 5, ", cost: 0.70 EUR")
    nobody = play(engine, "programme.enrolment={chance: 0}", override).programme
    assert nobody.money[..., M.SURPRISES].sum() == 0
    start = parameters(override).warm_up
    everybody = play(engine, override).programme
    n = everybody.money[start:, :, M.VISITS].sum()
    given = everybody.money[start:, :, M.SURPRISES].sum()
    assert everybody.money[..., M.SURPRISE_COST].sum() == 70 * given > 0
    assert everybody.money[:start, :, M.SURPRISES].sum() == 0
    assert abs(given / n - 0.3) < 4 * np.sqrt(0.21 / n)
    keys = everybody.customers["key"][:50]
    assert 0.1 < np.mean([uniform(key, SURPRISE, 0, 3) < 0.3 for key in keys]) < 0.6


def test_expectations_of_surprises_hurt_rivals():
    """Who has come to expect surprises misses them where none are given: that lowers what rivals deliver.

    Customers live the same occasions; they go to rivals by the same chance (no money, no standing differs).
    Catches: what she expects of extras stays behind when she buys elsewhere.
    """
    alone = (*ALONE, "loyalty.away={at_par: 40 %, slope: 1000000}", "experience.forgetting=0")
    numbers = parameters(*alone, gift("100 %"))
    world = advanced("compiled", numbers)
    ours = (world.customers["home"] == FIRM) & (world.customers["purchases"] > 20)
    expected = world.expected_extras[ours]
    assert ours.sum() > 10
    assert (expected > 0.0).all() and (expected < 20.0).all()
    plain = advanced("compiled", parameters(*alone))
    rivals = world.ties["satisfaction"][ours][:, 1:], plain.ties["satisfaction"][ours][:, 1:]
    assert rivals[0].mean() < rivals[1].mean() - 0.5


def test_surprises_for_some(engine):
    """A target surprises whom it means, nobody else."""
    arm = play(engine, gift("50 %", 10, ", target: {segments: [visitors]}")).programme
    by_segment = arm.money[..., M.SURPRISES].sum(axis=0)
    assert by_segment[0] == 0 < by_segment[1]
