"""Sales that are brought back, visit by visit, against what a person would reckon from the till (MODEL 3.7).

Small enough to be run with the JIT off: bugs that these tests kill are planted by tests/planted_points.py.
"""

import numpy as np
import pytest
from identity import differences
from small_worlds import ENGINES, of_kind, parameters, worlds

from loyaltysim.metrics.laws import broken
from loyaltysim.rules.ledger import M

SEGMENTS = ("regulars", "visitors")
BACK = "firm.returns={share: 40 %, within: 40 days, resold: 100 %}"
FEW = (
    "market.customers=8", "market.entries=[]", "market.entrants=0", "horizon=9 months", "warm_up=0",
    "loyalty=", "waiting=", "firm.service=", "firm.offers=[]", "market.season=[]",
    *(f"market.segments.{s}.home={{firm: 100 %, Bean: 0 %, Kiosk: 0 %}}" for s in SEGMENTS),
    *(f"market.segments.{s}.lifetime={{mean: 12 months, shape: null, scale: null}}" for s in SEGMENTS),
    "programme.points={earn: 3 / EUR, minimum: 5, step: 5, hassle: 0 EUR, displacement: 60 %, sign_up: 4}",
    BACK,
)  # fmt: skip
CHARGED = "programme.points.returns=charge"
MIXED = (  # everything that a return touches, in the small market
    "firm.returns={share: 30 %, within: 40 days, resold: 80 %, cost: 2 EUR}",
    "programme.enrolment={chance: 60 %, bonus: 10, identified: 90 %}",
    "programme.points.birthday=15", "programme.cashback=3 %", "programme.member_price.discount=5 %",
    "programme.tiers={window: 3 months, levels: {low: {from: 10 EUR}, high: {from: 30 EUR, multiplier: 2}}}",
)  # fmt: skip


def back_and_sold(world):
    """Each sale brought back, beside the visit at which it was made."""
    returned, visits = of_kind(world.log, "returned"), of_kind(world.log, "visit")
    sold = {(v["customer"], v["occasion"]): v for v in visits if v["provider"] == 0}
    return returned, np.array([sold[r["customer"], r["occasion"]] for r in returned])


@pytest.mark.parametrize(
    "more",
    [
        MIXED,
        (*MIXED, CHARGED, "programme.points.expires=rolling"),
        (*MIXED, "programme.tiers.review=rolling", "firm.returns.share=100 %", "warm_up=1 months"),
        (*MIXED, "status_quo={points: {earn: 2 / EUR, worth: 0.05 EUR}}", "firm.service="),
    ],
)
def test_both_engines_bring_back_the_same(more):
    """Bit for bit, the books balanced at every close of both."""
    assert not differences(parameters("market.customers=60", "horizon=7 months", *more))


def test_the_money_of_a_sale_brought_back_is_paid_back_and_its_points_are_taken():
    """Line by line: the refund is what was paid, the points taken are those the sale earned, to the point."""
    world = worlds("compiled", *FEW)[0]
    returned, sold = back_and_sold(world)
    assert len(returned) > 30
    assert (returned["paid"] == -sold["paid"]).all() and (returned["list_price"] == -sold["list_price"]).all()
    assert (returned["time"] >= sold["time"]).all() and (returned["time"] <= sold["time"] + 40.0).all()
    money = world.money.sum(axis=(0, 1))
    visits = of_kind(world.log, "visit")
    assert money[M.REVENUE] == visits["paid"].sum() - sold["paid"].sum()
    assert money[M.POINTS_TAKEN_BACK] == sold["earned"].sum() > 0
    assert money[M.RETURNS] == len(returned)
    assert money[M.POINTS_RESTORED] == -returned["redeemed"].sum() > 0


def test_who_has_spent_the_points_owes_them_and_later_points_pay_first():
    """Her account of signed points, told from the log alone: balance − debt at every line of it."""
    world = worlds("compiled", *FEW)[0]
    lines = world.log[np.lexsort((np.arange(len(world.log)), world.log["customer"]))]
    account, in_debt, lowest = {}, 0, 0
    first = set()
    for line in lines:
        who = int(line["customer"])
        before = account.get(who, 0)
        if line["kind"] in (1, 10):  # a purchase, a return
            after = before + int(line["earned"]) - int(line["redeemed"])
            if who not in first and line["kind"] == 1:
                first.add(who)
                after += 4  # for signing up
        elif line["kind"] == 4:
            after = before - int(line["redeemed"])  # lapsed
        elif line["kind"] == 5:
            after = 0
        else:
            continue
        assert line["kind"] == 5 or line["balance"] == max(after, 0)
        in_debt += after < 0
        lowest = min(lowest, after)
        account[who] = after
    assert in_debt > 0 > lowest
    held = world.customers["balance"].astype(int) - world.debts
    assert all(held[who] == value for who, value in account.items())
    assert world.money[..., M.POINTS_DEBT].sum() > 0


def test_the_debt_of_who_leaves_the_market_is_written_off():
    """Nobody gone owes anything, and what they owed is told."""
    gone = tuple(f"market.segments.{s}.lifetime.mean=4 months" for s in SEGMENTS)
    world = worlds("compiled", *FEW, *gone, "firm.returns.share=80 %", "market.customers=30")[0]
    left = world.customers["present"] == 2
    assert left.sum() > 10 and world.debts[left].sum() == 0
    assert world.money[..., M.POINTS_WRITTEN_OFF].sum() > 0


def test_with_charge_the_worth_of_spent_points_is_kept_and_nobody_owes():
    """Refund + charge = what was paid; the charge is the face of the missing points, 10 cents each."""
    world = worlds("compiled", *FEW, CHARGED)[0]
    returned, sold = back_and_sold(world)
    money = world.money.sum(axis=(0, 1))
    assert money[M.CHARGED] == (returned["paid"] + sold["paid"]).sum() > 0
    assert money[M.CHARGED] == 10 * money[M.POINTS_CHARGED]
    assert world.debts.sum() == money[M.POINTS_DEBT] == 0
    assert money[M.POINTS_RESTORED] > 0


def test_returns_of_everything_leave_no_sales_but_those_still_on_their_way():
    """With all goods back on the shelf and all sales brought back, value is that of the sales still out."""
    world = worlds("compiled", *FEW, "firm.returns.share=100 %", "firm.returns.within=3 days",
                   "programme.points.displacement=100 %", "finance.discount_rate=0 % / year")[0]  # fmt: skip
    open_ = world.parcels[world.parcels["open"] == 1]
    money = world.money.sum(axis=(0, 1))
    assert money[M.RETURNS] + len(open_) == money[M.VISITS] > 100
    assert money[M.REVENUE] == open_["net"].sum() == world.customers["spend"].sum()
    assert money[M.GOODS_SOLD] == open_["goods"].sum()
    fulfilment = money[M.FULFILMENT]
    assert money[M.VALUE] == 65536 * (open_["net"].sum() - open_["goods"].sum() - fulfilment)
    assert money[M.REWARD_COST] == 65536 * (open_["paid"].sum() + fulfilment)


def test_a_sale_brought_back_counts_no_longer_towards_a_tier():
    """Rolling: what counts is the visits of the window less those brought back."""
    tiers = "programme.tiers={window: 12 months, review: rolling, levels: {one: {from: 3 visits}}}"
    world = worlds("compiled", *FEW, tiers)[0]
    here = world.customers["present"] == 1
    visits, returned = of_kind(world.log, "visit"), of_kind(world.log, "returned")
    counted = np.zeros(len(here), int)
    np.add.at(counted, visits["customer"], 1)
    np.add.at(counted, returned["customer"], -1)
    assert (world.ranks["counted"][here] == counted[here]).all() and len(returned) > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_share_of_nothing_is_no_return(engine):
    """`share: 0 %` leaves what the absence of the block leaves, bit for bit."""
    few = ("market.customers=40", "horizon=6 months")
    none, nothing = worlds(engine, *few)[0], worlds(engine, *few, "firm.returns={share: 0 %}")[0]
    assert none.money.tobytes() == nothing.money.tobytes()
    assert none.customers.tobytes() == nothing.customers.tobytes()


def test_without_a_programme_the_same_sales_come_back_in_both_arms():
    """Whether and when is drawn by the sale: nothing tells the arms apart."""
    from small_worlds import play

    found = play("compiled", "programme=", "firm.returns={share: 30 %}", "market.customers=40")
    assert found.programme.money.tobytes() == found.twin.money.tobytes()
    assert found.twin.money[..., M.RETURNS].sum() > 0
    assert not broken(found)


def test_the_laws_of_the_record_hold_with_returns():
    """Points and money of the finished record, from other code than the identities at the closes."""
    from small_worlds import play

    for more in (MIXED, (*MIXED, CHARGED)):
        found = play("compiled", *more)
        assert found.programme.money[..., M.POINTS_TAKEN_BACK].sum() > 0
        assert not broken(found)
