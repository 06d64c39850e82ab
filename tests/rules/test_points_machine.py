"""Everything that the points book can do, in any order, against exact fractions (TRUST L1, L2, §2a).

One customer of a real world, driven by the calls that both engines make: points held on the first day,
visits, closes, returns, terms that change, leaving the market; in the programme or outside of its rollout.
After every step balance, debt, every lot and every flow of the ledger are those
of `ledger_of_lists`, and the identities of the close hold. `LOYALTYSIM_BOOKS` is the number of examples. Bugs
that it kills are planted by tests/planted_points.py; with the JIT off, as there, no failure is made smaller.
"""

import math
import os
from fractions import Fraction
from functools import cache

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ledger_of_lists import DOWN, EARNED, GIVEN, NEAREST, UP, Account, Terms
from small_worlds import SEED, parameters

from loyaltysim.record.ledgers import broken
from loyaltysim.record.world import copy_of, fork, open_world
from loyaltysim.rules import calls
from loyaltysim.rules.compiled import INTERPRETED
from loyaltysim.rules.ledger import USES, M
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.world import handle_of

MONTHS = 34
ALONE = (
    "market.customers=1", "market.entries=[]", "market.entrants=0", "horizon=36 months", "warm_up=0",
    "loyalty=", "waiting=", "experience=", "reputation=", "firm.service=", "firm.offers=[]",
    "rivals.Bean.offers=[]", "market.season=[]", "firm.price_level=0",
    *(f"market.segments.{s}.home={{firm: 100 %, Bean: 0 %, Kiosk: 0 %}}" for s in ("regulars", "visitors")),
    *(f"market.segments.{s}.lifetime=" for s in ("regulars", "visitors")),
    "programme.points.sign_up=1", "programme.enrolment={chance: 50 %, bonus: 1}",
    "programme.tiers={window: 120 months, failure: 0, levels: {gold: {from: 1000 visits, multiplier: 2}}}",
    "firm.returns={share: 50 %, within: 60 days}",
)  # fmt: skip
FLOWS = {
    "issued": M.POINTS_ISSUED, "given": M.POINTS_GIVEN, "redeemed": M.POINTS_REDEEMED,
    "expired": M.POINTS_EXPIRED, "forfeited": M.POINTS_FORFEITED, "taken_back": M.POINTS_TAKEN_BACK,
    "opening": M.POINTS_OPENING,
    "restored": M.POINTS_RESTORED, "charged": M.POINTS_CHARGED, "written_off": M.POINTS_WRITTEN_OFF,
}  # fmt: skip

rates = st.builds(Fraction, st.integers(1, 60), st.integers(300, 2000))  # points a minor unit
worths = st.builds(Fraction, st.integers(0, 900), st.integers(1, 40))
few = st.integers(0, 40)
minima = st.one_of(st.integers(1, 20), st.integers(60, 150))
schemes = st.builds(
    Terms,
    earn=rates, per_visit=st.booleans(), worth=worths, minimum=minima, step=st.integers(1, 12),
    validity=st.integers(0, 4), rolling=st.booleans(), rounding=st.sampled_from([DOWN, NEAREST, UP]),
    cashback=st.sampled_from([Fraction(0), Fraction(1, 16), Fraction(3, 64)]),
    member_price=st.sampled_from([Fraction(0), Fraction(1, 8), Fraction(5, 64)]),
    pays=st.booleans(), sign_up=few, endowed=few, birthday=st.integers(0, 40),
    fickle=st.sampled_from([False, False, True]), charges=st.booleans(), tier_at=st.integers(1, 12),
    tier_times=st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(2), Fraction(5, 4)]),
)  # fmt: skip


AGES = ([1], [0, 1], [1, 1], [1, 3], [0, 1, 0, 3])  # weights of the months before; fractions exact in binary
TERMS_OF_A_ROW = ("points", "enrolment", "tiering", "tiers")


@cache
def opened(rolled_out=False):
    """A world with one customer at month 0 of her programme, to be copied for each example.

    `rolled_out`: she lives outside of a rollout, under terms of the same form; those within it have others.
    """
    numbers = parameters(*ALONE, *(("programme.rollout={share: 0 %}",) if rolled_out else ()))
    world = fork(open_world(numbers, SEED, 0), numbers, True)
    if rolled_out:
        assert world.outside.tolist() == [1]
        for name in TERMS_OF_A_ROW:
            terms = getattr(world, name)
            terms[1] = terms[0]
    return world


def set_terms(world, terms):
    """The record of a scheme whose rates are exact fractions."""
    row = len(world.points) - 1
    one = world.points[row]
    per_visit = int(terms.per_visit)
    earn = terms.earn * 500 if per_visit else terms.earn
    terms.earn = earn
    for name, value in dict(
        active=1, carded=1, per_visit=per_visit, earn=earn.numerator, earn_over=earn.denominator,
        worth=terms.worth.numerator, worth_over=terms.worth.denominator, minimum=terms.minimum,
        step=terms.step, validity=terms.validity, rolling=int(terms.rolling), rounding=terms.rounding,
        cashback=float(terms.cashback), member_price=float(terms.member_price),
        displacement=float(terms.pays), sign_up=terms.sign_up, endowed=terms.endowed,
        birthday=terms.birthday, kept=1e-9 if terms.fickle else 1.0, commitment=0.0,
        charges=int(terms.charges), hassle=0.0,
    ).items():  # fmt: skip
        one[name] = value
    world.tiers[row]["threshold"][1] = terms.tier_at
    world.tiers[row]["times"][1] = terms.tier_times.numerator
    world.tiers[row]["over"][1] = terms.tier_times.denominator


class Book(RuleBasedStateMachine):
    """{buy, redeem, bring back, close, change of terms, campaign, leave} in any order."""

    left = False

    @initialize(
        terms=schemes, has_to_join=st.booleans(), bonus=few, birth=st.integers(0, 3),
        held=st.sampled_from([0, 0, 1, 7, 150]), ages=st.sampled_from(AGES), outside=st.booleans(),
    )  # fmt: skip
    def open_book(self, terms, has_to_join, bonus, birth, held, ages, outside):
        terms.step = min(terms.step, terms.minimum)
        terms.rolling = terms.rolling and terms.validity > 0
        world = copy_of(opened(outside))
        row = int(outside)
        fixed = terms.validity and not terms.rolling
        width = terms.validity + 1 if fixed else MONTHS + 6
        if fixed and not sum(ages[: terms.validity]):
            ages = [1]
        ages = ages[: terms.validity] if fixed else ages
        months, segments = world.money.shape[:2]
        world = world._replace(
            lots=np.zeros((1, width), np.int32),
            gifts=np.zeros((1, width), np.int32),
            cohorts=np.zeros((months, segments, 2 * width, len(USES)), np.int64),
            ages=np.array([np.cumsum(ages) / sum(ages), np.ones(len(ages))]),
        )
        set_terms(world, terms)
        world.cards["birthday"] = birth
        world.enrolment[row]["active"] = has_to_join
        world.enrolment[row]["logit"], world.enrolment[row]["slope"] = 700.0, 0.0
        world.enrolment[row]["bonus"] = bonus
        world.points["opening_share"], world.points["opening_mean"] = float(held > 0), held
        self.world, self.handle = world, handle_of(world)
        self.account = Account(terms, not has_to_join, bonus if has_to_join else 0)
        calls.open_books(self.handle, 0, 0.0)
        if held and not outside:
            self.account.open(held, ages)
        self.now = 0.0
        self.sold = 0

    def later(self, part):
        """Some time goes by, within the month."""
        end = float(self.world.closes[self.account.month + 1])
        self.now += part * (end - self.now) * 0.5

    @precondition(lambda self: not self.left)
    @rule(
        n=st.integers(1, 6),
        part=st.sampled_from([0.0, 0.1, 0.5, 0.9]),
        willing=st.sampled_from([True, True, False]),
        comes_back=st.booleans(),
    )
    def buy_so_often(self, n, part, willing, comes_back):
        for _ in range(n):
            self.buy(part, willing, comes_back)
            self.the_book_is_the_account()

    def buy(self, part, willing, comes_back):
        self.later(part)
        world, c = self.world, self.world.customers[0:1]
        c["reward_resistance"] = -1.0 if willing else 1e9
        world.terms["returned"] = float(comes_back)
        before = world.money.sum(axis=(0, 1))
        parcels = world.parcels[0].copy()
        self.account.undo_due(self.now)
        undone = sum(p["price"] for p in parcels if p["open"] and p["due"] <= self.now)
        calls.visit(self.handle, 0, self.now, FIRM, 0.0, False)
        if comes_back and sum(p["open"] and p["due"] > self.now for p in parcels) == 8:
            waiting = [p for p in parcels if p["open"]]
            undone += min(waiting, key=lambda p: p["due"])["price"]
        price = int(world.money.sum(axis=(0, 1))[M.LIST_SALES] - before[M.LIST_SALES] + undone)
        sale = self.account.buy(price, willing)
        self.sold += 1
        if comes_back:
            place = self.account.place_for_one()
            parcel = world.parcels[0, place]
            assert parcel["open"] == 1 and self.now <= parcel["due"] <= self.now + 60.0
            assert (parcel["price"], parcel["net"]) == (price, sale.net)
            sale.due = float(parcel["due"])
            self.account.places[place] = sale

    @precondition(lambda self: not self.left and self.account.month < MONTHS)
    @rule(leaves=st.sampled_from([False] * 7 + [True]))
    def close(self, leaves):
        end = float(self.world.closes[self.account.month + 1])
        self.account.undo_due(end)
        if leaves:
            self.world.customers["exits"] = end
            self.account.leave()
            self.left = True
            self.account.month += 1
        else:
            self.account.close(int(self.world.cards["birthday"][0]))
        calls.close_month(self.handle, end)
        calls.take_stock_of_all(self.handle, end)
        self.now = end
        assert not list(broken(self.world, self.handle))

    @rule(earn=rates, worth=worths, minimum=minima, times=st.sampled_from([1, 2, Fraction(5, 2)]))
    def terms_change(self, earn, worth, minimum, times):
        """A change of terms, or double points: what is held stays, what it is worth and earns does not."""
        terms = self.account.terms
        terms.earn = earn * times
        terms.worth, terms.minimum = worth, minimum
        terms.step = min(terms.step, minimum)
        set_terms(self.world, terms)

    @invariant()
    def the_book_is_the_account(self):
        if not hasattr(self, "world"):
            return
        world, account = self.world, self.account
        assert int(world.customers["balance"][0]) == account.balance
        assert int(world.debts[0]) == account.debt and not (account.debt and account.balance)
        width = world.lots.shape[1]
        lots, gifts = np.zeros(width, int), np.zeros(width, int)
        for (month, kind), number in account.lots.items():
            (lots if kind == EARNED else gifts)[month % width] += number
        assert world.lots[0].tolist() == lots.tolist() and world.gifts[0].tolist() == gifts.tolist()
        money = world.money.sum(axis=(0, 1))
        for name, measure in FLOWS.items():
            assert money[measure] == account.books.get(name, 0), name
        books = account.books
        came = sum(books.get(name, 0) for name in ("issued", "restored", "charged", "written_off"))
        went = sum(books.get(name, 0) for name in ("redeemed", "expired", "forfeited", "taken_back"))
        assert came - went == account.balance - account.debt
        assert money[M.REVENUE] == account.spent == int(world.customers["spend"][0])
        assert int(world.ranks["counted"][0]) == account.visits
        assert bool(world.ranks["tier"][0]) == account.tier
        assert GIVEN == 1 and not math.isnan(self.now)


EXAMPLES = int(os.environ.get("LOYALTYSIM_BOOKS", "100"))
PHASES = tuple(phase for phase in Phase if not (INTERPRETED and phase in (Phase.shrink, Phase.explain)))


def test_the_book_of_a_world_is_the_ledger_of_lists():
    """In any order; breaks: see tests/planted_points.py."""
    how = settings(
        max_examples=EXAMPLES, stateful_step_count=50, deadline=None, phases=PHASES, derandomize=INTERPRETED
    )
    run_state_machine_as_test(Book, settings=how)


def test_a_birthday_pays_a_debt_first():
    """Seven owed, ten given: three are hers. Break: gifts are paid out to who owes."""
    world = copy_of(opened())
    world.points["birthday"][0], world.points["carded"][0] = 10, 1
    world.cards["birthday"], world.cards["joined"] = 0, 1
    world.debts[0] = 7
    calls.close_month(handle_of(world), float(world.closes[1]))
    assert (int(world.debts[0]), int(world.customers["balance"][0]), int(world.gifts.sum())) == (0, 3, 3)


def test_who_leaves_the_market_owes_nothing():
    """Seven owed are written off, once. Break: the debt outlives her (tests/planted_points.py)."""
    world = copy_of(opened())
    world.debts[0] = 7
    world.customers["exits"] = end = float(world.closes[1])
    before = int(world.money[:, :, M.POINTS_WRITTEN_OFF].sum())
    calls.close_month(handle_of(world), end)
    assert int(world.debts[0]) == 0
    assert int(world.money[:, :, M.POINTS_WRITTEN_OFF].sum()) - before == 7
