"""Laws that no world may break, read off the story of every customer: TRUST L1, L5, L7–L13, L15.

The ledgers are counted in whole numbers while a run goes on; here they are counted a second time, from
the event log, by other code. The breaks named in the docstrings were made in a copy of the tree and seen
to fail the test.
"""

import heapq
import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from small_worlds import SEED, of_kind, parameters, play, worlds

from loyaltysim.engines.simulate import simulate
from loyaltysim.rules.desk import patience, service_time
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import MONEY, M, V
from loyaltysim.rules.state import FIRM, NOWHERE

AROUND_THE_CLOCK = (
    "firm.service.open={from: 0, hours: 24}",
    "firm.service.time.mean=5 h",
    "firm.service.patience.mean=20 h",
    "waiting=",
)
TWO_CLERKS = (*AROUND_THE_CLOCK, "firm.service.desks=2", "firm.service.time.mean=9 h")
SITES = {
    "by day": (),
    "two sites": ("firm.sites=2",),
    "around the clock": AROUND_THE_CLOCK,
    "two clerks": TWO_CLERKS,
}
ARMS = ("programme", "twin")
ENTERED, VISIT, GAVE_UP, MOVED, EXPIRED, LEFT_MARKET = range(6)
assert KINDS[:6] == ("entered", "visit", "gave_up", "moved", "expired", "left_market")


@pytest.fixture(params=SITES)
def site(request):
    """Overrides of each kind of site."""
    return SITES[request.param]


@pytest.fixture(params=ARMS)
def arm(request):
    """Number of the arm in `worlds`."""
    return ARMS.index(request.param)


def counted(world):
    """Flows by month, segment and measure, added up from the story; and the measures counted."""
    log = pd.DataFrame(world.log)
    log["segment"] = np.asarray(world.customers["segment"])[log["customer"]]
    begun = np.searchsorted(world.closes, log["time"], side="right") - 1  # at a close: the month it begins
    ended = np.maximum(np.searchsorted(world.closes, log["time"], side="left") - 1, 0)  # the one it ends
    log["month"] = np.where(log["kind"].isin([ENTERED, EXPIRED, LEFT_MARKET]), ended, begun)
    visit, firm = log["kind"] == VISIT, log["provider"] == FIRM
    here, there = log[visit & firm], log[visit & ~firm]
    measures = {
        "entered": (log[log["kind"] == ENTERED], None),
        "left_market": (log[log["kind"] == LEFT_MARKET], None),
        "occasions": (log[log["kind"].isin([VISIT, GAVE_UP])], None),
        "visits": (here, None),
        "visits_rivals": (there, None),
        "repeat_visits": (here[here["occasion"] > 0], None),
        "list_sales": (here, "list_price"),
        "revenue": (here, "paid"),
        "spend_rivals": (there, "paid"),
        "points_issued": (here, "earned"),
        "points_redeemed": (here, "redeemed"),
        "points_expired": (log[log["kind"] == EXPIRED], "redeemed"),
    }
    sums = np.zeros((*world.money.shape[:2], len(MONEY)), np.int64)
    for name, (rows, column) in measures.items():
        grouped = rows.groupby(["month", "segment"])
        for (month, segment), total in (grouped.size() if column is None else grouped[column].sum()).items():
            sums[month, segment, MONEY.index(name)] = total
    return sums, list(measures)


def test_the_ledgers_are_the_sum_of_the_stories(engine, arm):
    """L13, L5: twelve measures by month and segment, from the log by other code, to the cent.

    Break: a list price entered before its rounding to minor units.
    """
    world = worlds(engine)[arm]
    sums, names = counted(world)
    for name in names:
        k = MONEY.index(name)
        assert (world.money[..., k] == sums[..., k]).all(), name
        assert sums[..., k].any() or name.startswith("points"), name


def test_moves_are_counted_once(engine, arm):
    """L7: defections, acquisitions and win-backs by segment, from the homes of the story.

    Break: a win-back counted as acquired.
    """
    world = worlds(engine)[arm]
    moves = of_kind(world.log, "moved")
    segment = np.asarray(world.customers["segment"])[moves["customer"]]
    visits = of_kind(world.log, "visit", "gave_up")
    first_visit = {}
    for line in visits[visits["provider"] == FIRM]:
        first_visit.setdefault(int(line["customer"]), float(line["time"]))
    began = {int(e["customer"]): (e["provider"], e["time"]) for e in of_kind(world.log, "entered")}
    for s in range(len(world.segments)):
        mine = moves[segment == s]
        assert world.money[:, s, M.DEFECTIONS].sum() == (mine["other"] == FIRM).sum()
        came = mine[mine["provider"] == FIRM]
        knew = 0
        for line in came:
            who = int(line["customer"])
            home, day = began[who]
            seen = first_visit.get(who, math.inf) < line["time"]
            knew += seen or (home == FIRM and day == world.closes[0])
        assert world.money[:, s, M.WINBACKS].sum() == knew
        assert world.money[:, s, M.ACQUIRED].sum() == len(came) - knew


def test_everyone_is_in_one_place(engine, arm):
    """L7, L12: replaying who entered, moved and left gives everybody's home; the providers share everyone.

    Break: a move noted with the old home.
    """
    world = worlds(engine)[arm]
    home = np.full(len(world.customers), NOWHERE)
    state = np.zeros(len(world.customers), int)
    for line in of_kind(world.log, "entered", "moved", "left_market"):
        who = line["customer"]
        if line["kind"] == ENTERED:
            assert state[who] == 0
            home[who], state[who] = line["provider"], 1
        elif line["kind"] == MOVED:
            assert state[who] == 1 and home[who] == line["other"] != line["provider"]
            home[who] = line["provider"]
        else:
            assert state[who] == 1 and home[who] == line["provider"]
            state[who] = 2
    assert (state == world.customers["present"]).all()
    assert (home == world.customers["home"]).all()
    by_provider = np.bincount(home[state == 1], minlength=len(world.providers))
    stock = world.money[-1].sum(axis=0)
    assert by_provider.sum() == stock[M.CUSTOMERS] == (state == 1).sum()
    assert by_provider[FIRM] == stock[M.HOME_CUSTOMERS]
    assert world.money[..., M.ENTERED].sum() == (state > 0).sum()


def test_stocks_follow_from_flows(engine, arm):
    """L7: customers of the month = those of the month before + entered - left."""
    money = worlds(engine)[arm].money.sum(axis=1)
    change = np.diff(money[:, M.CUSTOMERS], prepend=0)
    assert (change == money[:, M.ENTERED] - money[:, M.LEFT_MARKET]).all()


def test_money_that_customers_spend_is_money_that_comes_in(engine, arm):
    """L5, L12: her purchases and spend, over the horizon and in its last year, from her story.

    Break: purchases at rivals left out of the last year's spend at all providers.
    """
    world = worlds(engine)[arm]
    visits = of_kind(world.log, "visit")
    after = visits[visits["time"] >= 0.0]
    late = visits[visits["time"] >= world.closes[-1] - 365.0]

    def by_customer(lines):
        return np.bincount(lines["customer"], lines["paid"], len(world.customers)).astype(np.int64)

    c = world.customers
    own = after["provider"] == FIRM
    assert (c["spend"] == by_customer(after[own])).all()
    assert (c["purchases"] == np.bincount(after["customer"][own], minlength=len(c))).all()
    assert (c["spend_year"] == by_customer(late[late["provider"] == FIRM])).all()
    assert (c["spend_year_all"] == by_customer(late)).all()
    assert (c["spend_year"] <= c["spend_year_all"]).all()


def test_gross_less_what_came_off_is_cash(engine, arm):
    """L5: list price - discount - rewards that pay = revenue, by month and segment; value by its parts."""
    money = worlds(engine, "finance.discount_rate=0 %")[arm].money
    cash = money[..., M.LIST_SALES] - money[..., M.DISCOUNTS] - money[..., M.REWARDS_PAID]
    assert (money[..., M.REVENUE] == cash).all()
    costs = money[..., (M.GOODS_SOLD, M.GOODS_REWARDS, M.FULFILMENT)].sum(axis=-1)
    assert (money[3:, :, M.VALUE] == 65536 * (money[..., M.REVENUE] - costs)[3:]).all()
    assert not money[:3, :, M.VALUE].any()


def test_every_balance_follows_from_what_was_earned_and_used(engine):
    """L1 after every event of every customer: balance = balance before + earned - redeemed, never below 0.

    And the days that points were held, counted by the balance, are those counted by points (L9).

    Break: points earned on what points paid for.
    """
    world = worlds(engine)[0]
    held = np.zeros(len(world.customers), np.int64)
    since = np.zeros(len(world.customers))
    by_balance = by_point = 0.0
    end = world.closes[-1]
    for line in world.log:
        who, kind = line["customer"], line["kind"]
        if kind == MOVED:
            continue
        by_balance += held[who] * (line["time"] - since[who])
        since[who] = line["time"]
        before = held[who]
        held[who] = 0 if kind == LEFT_MARKET else before + line["earned"] - line["redeemed"]
        assert line["balance"] == held[who] >= 0
        assert line["redeemed"] <= before
        if line["earned"]:
            assert line["earned"] == (line["paid"] + 50) // 100  # a point a euro paid, rounded to the nearest
        by_point += (held[who] - before) * (end - line["time"])
    by_balance += (held * (end - since)).sum()
    assert by_point == pytest.approx(by_balance, rel=1e-9)
    assert (held == world.customers["balance"]).all()


def queue_of(world, place):
    """Who left the line of a site, in the order in which they came: arrivals, and lines of the story."""
    lines = of_kind(world.log, "visit", "gave_up")
    lines = lines[(lines["provider"] == FIRM) & (world.customers["site"][lines["customer"]] == place)]
    arrival = lines["time"] - lines["wait"]
    order = np.lexsort((lines["customer"], arrival))
    return arrival[order], lines[order]


def those_waiting(world, place):
    """Customers in the line of a site at the horizon."""
    c = world.customers
    return c[(np.asarray(c["waiting"]) == 1) & (np.asarray(c["site"]) == place)]


def test_the_line_is_first_come_first_served_and_no_clerk_idles(engine, site, arm):
    """L8: every start and every giving up follows from arrivals, patience and service times alone.

    Kiefer & Wolfowitz's recursion over the arrivals: she starts when she comes or when a clerk is free,
    and gives up when that is later than her patience or when the doors shut first. Who gives up uses no
    capacity; a clerk is never idle while somebody waits.

    Break: last come, first served (its mean wait is the same); a clerk who comes back a minute late;
    patience that ends a minute early.
    """
    world = worlds(engine, *site)[arm]
    found = [follow_the_line(world, place) for place in range(len(world.desks))]
    assert sum(waited for waited, _ in found) > 50 and sum(gave_up for _, gave_up in found) > 20


def follow_the_line(world, place):
    """Live the line of one site again; how many waited and were served, and how many gave up."""
    terms, keys = world.terms[0], world.customers["key"]
    free = [float(world.closes[0])] * int(terms["desks"])
    arrival, lines = queue_of(world, place)
    waited = gave_up = 0
    untold = those_waiting(world, place)["arrival"].min(
        initial=math.inf
    )  # how their waits end is not in the story
    for come, line in zip(arrival, lines, strict=True):
        if come >= untold:
            continue
        key, occasion = keys[line["customer"]], int(line["occasion"])
        stands = patience(terms, key, occasion)
        shuts = math.floor(come) + terms["opens"] + terms["open_share"]
        closing = shuts if terms["open_share"] < 1.0 else math.inf
        start = max(come, free[0])
        if start > come + stands or start >= closing:
            left = min(come + stands, closing)
            assert line["kind"] == GAVE_UP, f"customer {line['customer']} gives up on day {left}"
            gave_up += 1
        else:
            left = start
            assert line["kind"] == VISIT, f"customer {line['customer']} is served on day {left}"
            heapq.heapreplace(free, start + service_time(terms, key, occasion))
            waited += start > come
        assert line["time"] == pytest.approx(left, abs=1e-9)
        assert line["wait"] == pytest.approx(left - come, abs=1e-9)
    return waited, gave_up


def test_arrived_is_served_gave_up_or_waits_at_every_close(engine, site, arm):
    """L8: at every close, from the story: who came before it and left the line after it waits.

    Break: a customer in the line who is not counted as waiting.
    """
    world = worlds(engine, *site)[arm]
    for place in range(len(world.desks)):
        arrival, lines = queue_of(world, place)
        come = np.concatenate([arrival, those_waiting(world, place)["arrival"]])
        gone = np.concatenate([lines["time"], np.full(len(come) - len(lines), np.inf)])
        for month, close in enumerate(world.closes[1:]):
            waiting = world.service[month, place, V.WAITING]
            assert waiting == ((come < close) & (gone >= close)).sum()
            row = world.service[: month + 1, place].sum(axis=0)
            assert row[V.ARRIVED] == row[V.SERVED] + row[V.GAVE_UP] + waiting
        total = world.service[:, place].sum(axis=0)
        assert total[V.SERVED] == (lines["kind"] == VISIT).sum() > 0
        assert total[V.GAVE_UP] == (lines["kind"] == GAVE_UP).sum()
        assert total[V.WAIT_MS] == pytest.approx(lines["wait"].sum() * 86_400_000, abs=len(lines))
    assert (world.service >= 0).all()


def test_little_holds_exactly_in_every_month(engine, site, arm):
    """L9: the integral of the length of the line = the time that customers spent in it, month by month.

    The length begins each month with the number that the ledger says wait, and goes up and down with
    the arrivals and leavings of the story.

    Break: a customer in the line who is not counted as waiting.
    """
    world = worlds(engine, *site)[arm]
    come, gone = [], []
    for place in range(len(world.desks)):
        arrival, lines = queue_of(world, place)
        still = those_waiting(world, place)["arrival"]
        come += [*arrival, *still]
        gone += [*lines["time"], *np.full(len(still), world.closes[-1])]
    come, gone = np.array(come), np.array(gone)
    for month, (begin, end) in enumerate(pairwise(world.closes)):
        length = int(world.service[month - 1, :, V.WAITING].sum()) if month else 0
        steps = [(t, 1) for t in come[(come >= begin) & (come < end)]]
        steps += [(t, -1) for t in gone[(gone >= begin) & (gone < end)]]
        area, last = 0.0, begin
        for t, step in sorted(steps):
            area += length * (t - last)
            length, last = length + step, t
        area += length * (end - last)
        spent = np.maximum(np.minimum(gone, end) - np.maximum(come, begin), 0.0).sum()
        assert area == pytest.approx(spent, rel=1e-9, abs=1e-9)


def test_time_goes_forward_and_ends_at_the_horizon(engine, arm):
    """L10: for every customer; nothing happens before she enters or after the last close.

    (A move is dated to the crossing, a market exit to its own day: both may be noticed later.)
    """
    world = worlds(engine)[arm]
    log = world.log
    assert np.isfinite(log["time"]).all()
    assert log["time"].min() >= world.closes[0] and log["time"].max() <= world.closes[-1]
    noticed = log[~np.isin(log["kind"], [MOVED, LEFT_MARKET])]
    order = np.argsort(noticed["customer"], kind="stable")
    hers = np.diff(noticed["customer"][order]) == 0
    assert (np.diff(noticed["time"][order])[hers] >= 0).all()
    entered = of_kind(log, "entered")
    enters = dict(zip(entered["customer"].tolist(), entered["time"].tolist(), strict=True))
    assert all(line["time"] >= enters[int(line["customer"])] for line in log)
    visits = of_kind(log, "visit", "gave_up")
    assert (visits["occasion"] >= 0).all() and (visits["wait"] >= 0).all()
    once = np.unique(np.stack([visits["customer"], visits["occasion"]]), axis=1)
    assert once.shape[1] == len(visits), "an occasion was lived twice"


def test_numbers_are_finite_and_within_their_scales(engine, arm):
    """L11: no field of a customer who is present is infinite or missing but those that may say 'never'."""
    world = worlds(engine)[arm]
    here = np.asarray(world.customers[world.customers["present"] == 1])
    never = {
        "exits", "arrival", "occasion", "last_purchase", "first_defection", "index_purchase",
    }  # fmt: skip
    for field in here.dtype.names:
        if here.dtype[field].kind == "f" and field not in never:
            assert np.isfinite(here[field]).all(), field
    assert (here["rate"] > 0).all() and (here["basket"] > 0).all() and (here["hazard_rate"] >= 0).all()
    assert (here["hazard"] < here["resistance"]).all() and (here["hazard"] >= 0).all()
    known = np.asarray(world.ties["visits"]) > 0
    satisfaction = np.asarray(world.ties["satisfaction"])
    assert (satisfaction[known] >= 0).all() and (satisfaction[known] <= 100).all()
    for field in ("csi", "expectation", "satisfaction", "standing"):
        known = world.log["kind"] != ENTERED
        assert np.isfinite(world.log[field][known & (world.log["kind"] != MOVED)]).all(), field


def test_her_dates_in_the_market_are_kept(engine, arm):
    """MODEL 0.7: she enters on her day and leaves at the first close after hers.

    (Who stands in the line of a site open around the clock when her day has come leaves the market only
    after her visit; so there, and only there, the close may differ between the arms.)
    """
    world = worlds(engine)[arm]
    c = np.asarray(world.customers)
    assert ((c["present"] == 2) == (c["exits"] <= world.closes[-1])).all()
    entered = of_kind(world.log, "entered")
    days, counts = zip((world.closes[0], parameters().first), *parameters().entries, strict=True)
    assert (entered["time"] == np.repeat(days, counts)[entered["customer"]]).all()
    assert len(entered) == len(c)
    left = of_kind(world.log, "left_market")
    assert (left["time"] == c["exits"][left["customer"]]).all()
    both = [w.money[..., M.LEFT_MARKET] for w in worlds(engine)]
    assert (both[0] == both[1]).all()


def test_four_cells_make_up_the_base_cohort(engine):
    """MODEL 4: stayed anyway + saved + driven away + lost anyway + left the market = B.

    And saved - driven away is the difference of the ledgers.
    """
    played = play(engine)
    programme, twin = played.programme.customers, played.twin.customers
    base = twin["base"] == 1
    with_it, without = programme["home_12"][base], twin["home_12"][base]
    assert ((with_it == NOWHERE) == (without == NOWHERE)).all()
    here = without != NOWHERE
    a, b = with_it[here] == FIRM, without[here] == FIRM
    cells = [
        (a & b).sum(),
        (a & ~b).sum(),
        (~a & b).sum(),
        (~a & ~b).sum(),
        (~here).sum(),
    ]
    assert sum(cells) == base.sum() and cells[1] > 0
    at_12 = played.warm_up + 11
    net = played.programme.money[at_12, :, M.BASE_HOME] - played.twin.money[at_12, :, M.BASE_HOME]
    assert cells[1] - cells[2] == net.sum()


def test_a_replication_says_which_it_is(engine):
    """L15: index and seed come back as they were asked for, and the closes are the scenario's."""
    for index in (0, 3, 999_999):
        played = simulate(parameters("market.customers=2", "market.entrants=0"), index, SEED, engine)
        assert (played.index, played.seed, played.warm_up) == (index, SEED, 3)
        assert (played.days == parameters().closes).all() and played.days[played.warm_up] == 0.0
