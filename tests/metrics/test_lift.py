"""Lift by mechanism and by source: exact in every shipped scenario, and as worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from loyaltysim.engines.simulate import simulate
from loyaltysim.metrics.laws import broken
from loyaltysim.metrics.lift import MECHANISMS, SOURCES
from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.terms import terms_of
from loyaltysim.record.world import EVERYBODY, NOBODY, fork, open_world, twin_of
from loyaltysim.rules import diary
from loyaltysim.rules.ledger import LIFT, MONEY
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.world import handle_of
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SHIPPED = sorted(path.relative_to(SCENARIOS).as_posix() for path in SCENARIOS.rglob("*.yaml"))
COFFEE = SCENARIOS / "coffee.yaml"


def lived(path, overrides=(), scribe=None):
    scenario = load(path, overrides).scenario
    return simulate(lower(scenario), 0, scenario.seed, scribe=scribe), terms_of(scenario)


MORE = {  # instruments that no shipped scenario has, or that it has alone
    "purse": ("programme.stored_value={top_up: 40 EUR, bonus: 10 %, chance: 30 %, refund: {part: 90 %}}",),
    "club": ("programme.membership={fee: 12 EUR, discount: 5 %, cost: 0.10 EUR}",),
    "many": (
        "programme.cashback=2 %",
        "programme.surprise={chance: 5 %, value: 20, cost: 1 EUR}",
        "programme.stored_value={top_up: 40 EUR, bonus: 10 %, chance: 30 %}",
        "firm.returns={share: 10 %, cost: 0.50 EUR}",
        "firm.failures={chance: 5 %, attribute: service, severity: 30, cost: 2 EUR}",
    ),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_mechanisms_sum_to_incremental_profit_and_the_sources_to_extra_visits(name):
    customers = load(SCENARIOS / name).scenario.market.customers
    record, terms = lived(SCENARIOS / name, (f"market.customers={min(customers, 400)}",))
    sums_to_profit(record, terms)


@pytest.mark.parametrize("name", MORE)
def test_so_they_do_with_instruments_that_are_paid_ahead_and_with_many_at_once(name):
    record, terms = lived(COFFEE, ("market.customers=300", "horizon=18 months", *MORE[name]))
    sums_to_profit(record, terms)


def sums_to_profit(record, terms):
    """The identities of both tables, in one replication."""
    assert broken(record) == []
    if not terms.has_programme:
        assert not record.lift.any()
        return
    after = [arm.money[record.warm_up :].sum(axis=(0, 1)) for arm in (record.programme, record.twin)]
    margin, sold, goods = after[0] - after[1], MONEY.index("list_sales"), MONEY.index("goods_sold")
    assert int(record.lift.sum()) == 2 * int(margin[sold] - margin[goods])  # to the half minor unit
    parts = measure(record, terms).parts
    rows = [parts[kpi.name, "effect"].numerator for kpi in MECHANISMS]
    profit = parts["profit", "programme"].numerator - parts["profit", "twin"].numerator
    assert sum(rows) == pytest.approx(profit, abs=1e-6)  # of a currency unit: sums of floats
    extra, rivals, new, _ = (parts[kpi.name, "effect"].numerator for kpi in SOURCES)
    assert extra == rivals + new
    assert extra == margin[MONEY.index("visits")]


def test_what_comes_of_each_kind_of_customer_goes_to_its_row():
    parameters = lower(load(COFFEE, ("market.customers=4",)).scenario)
    past = open_world(parameters, 1, 0)
    ours, theirs = twin_of(fork(past, parameters, True), fork(past, parameters, False))
    c = theirs.customers
    c["base"][:4] = [1, 0, 0, 1]
    c["enters"][:4] = [-5.0, 0.0, 3.0, -5.0]  # the second was elsewhere at month 0, the third came later
    months = {  # customer: margin, visits, home with the firm; with the programme, and without
        0: ((500, 3, True), (120, 1, False)),  # retention 380
        1: ((300, 2, True), (0, 0, False)),  # capture 300
        2: ((0, 0, False), (90, 1, True)),  # acquisition -90
        3: ((700, 4, True), (505, 3, True)),  # m = 175 and 505/3: frequency 171.67, basket the rest of 195
    }
    for i, (with_it, _) in months.items():
        diary.pair(handle_of(ours)[0], i, 0, *with_it)
    for i, (_, without) in months.items():
        diary.pair(handle_of(theirs)[0], i, 0, *without)
    frequency = round(175 + 505 / 3)  # half minor units
    assert theirs.lift[0].tolist() == [760, 600, -180, frequency, 2 * 195 - frequency]
    assert not ours.lift.any()


def test_a_month_without_visits_in_one_arm_is_half_frequency_and_half_basket():
    parameters = lower(load(COFFEE, ("market.customers=1",)).scenario)
    past = open_world(parameters, 1, 0)
    ours, theirs = twin_of(fork(past, parameters, True), fork(past, parameters, False))
    diary.pair(handle_of(ours)[0], 0, 0, 240, 2, True)
    diary.pair(handle_of(theirs)[0], 0, 0, 0, 0, True)
    assert dict(zip(LIFT, theirs.lift[0].tolist(), strict=True)) == {
        "retention": 0, "capture": 0, "acquisition": 0, "frequency": 240, "basket": 240,
    }  # fmt: skip


def test_a_programme_without_effect_lifts_nothing_in_any_row():
    record, terms = lived(COFFEE, ("programme.points.valuation=0", "programme.points.earn=0 / EUR"))
    assert not record.lift.any()
    parts = measure(record, terms).parts
    changed = {kpi.name for kpi in (*MECHANISMS, *SOURCES) if parts[kpi.name, "effect"].numerator != 0.0}
    assert changed == {"lift_by_mechanism.fixed"}


class Listener:
    """Who hears every event and keeps none."""

    follow, below, share = EVERYBODY, 0, 1.0

    def events(self, arm, rows, begins, ends):
        pass

    def customers(self, arm, world):
        pass


def test_arms_carried_on_one_after_the_other_leave_the_same_as_side_by_side():
    short = ("market.customers=150", "horizon=14 months")
    aside, _ = lived(COFFEE, short)
    told, _ = lived(COFFEE, short, Listener())
    assert Listener.follow != NOBODY
    assert aside.lift.any()
    assert (aside.lift == told.lift).all()
    for one, other in ((aside.programme, told.programme), (aside.twin, told.twin)):
        for name in ("money", "status", "joiners", "curve", "gaps", "lost_from"):
            assert (getattr(one, name) == getattr(other, name)).all(), name


def test_the_tables_of_the_closes_are_what_the_customers_are():
    record, _ = lived(COFFEE)
    for arm in (record.programme, record.twin):
        c = arm.customers
        base = c["base"] == 1
        at_12 = c["home_12"][base]
        left = c["first_defection"][base] <= record.days[record.warm_up + 12]
        assert arm.status[12, 0] == ((at_12 == FIRM) & ~left).sum()
        assert arm.status[12, 1] == ((at_12 == FIRM) & left).sum() > 0
        assert arm.status[0].tolist() == [base.sum(), 0, 0, 0, 0]
        assert arm.joiners[0, 12, 1] == (at_12 == FIRM).sum()
        rows = len(arm.joiners) // 2
        assert arm.joiners[:rows, :, 2].sum() <= c["spend"].sum()
        assert arm.joiners[0, :, 2].sum() == c["spend"][base].sum()  # all that the base cohort spent
        assert arm.joiners[0, :, 3].sum() == c["purchases"][base].sum()
        assert (np.diff(arm.joiners[:rows, :, 0].sum(axis=0)) <= 0).all()
        homes = arm.money[record.warm_up :, :, MONEY.index("home_customers")].sum()
        assert arm.curve[:, 0].sum() <= homes + base.sum()
