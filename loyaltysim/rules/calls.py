"""What Python calls: each opens a world (its `handle`) and goes on in compiled code, in `rules.life`."""

from loyaltysim.rules import changes, close, entering, life
from loyaltysim.rules.loading import MARKET, TURNS
from loyaltysim.rules.programme import beginning, opening, rollout

LATER, GONE = life.LATER, life.GONE


@MARKET.entry("world whole whole real")
def create_all(handle, first, last, enters):
    """Draw the traits of customers `first` to `last` - 1, whose keys are known."""
    entering.create_all(handle[0], first, last, enters)


@MARKET.entry("world whole whole real flag")
def enter_all(handle, first, last, now, at_start):
    """Customers `first` to `last` - 1 enter the market: the one that opens, or the one that runs."""
    entering.enter_all(handle[0], first, last, now, at_start)


@TURNS.entry("world whole real", "real")
def begin_month(handle, i, now):
    """Her next arrival, or nan when her next occasion lies beyond the running month."""
    return life.begin_month(handle[0], i, now)


@TURNS.entry("world whole real", "whole real real")
def choose(handle, i, now):
    """Where an occasion takes her: (provider, LATER or GONE; patience; service time), times in days."""
    return life.choose(handle[0], i, now)


@TURNS.entry("world whole", "whole real real")
def at_the_desk(handle, i):
    """What she brings to the line: (the firm, patience, service time), in days."""
    return life.at_the_desk(handle[0], i)


@TURNS.entry("world whole real whole real flag", "real")
def visit(handle, i, now, where, service, gave_up):
    """Live a visit; returns her next arrival, or nan when it lies beyond the running month."""
    return life.visit(handle[0], i, now, where, service, gave_up)


@MARKET.entry("world whole real")
def stand_anew_all(handle, offer, now):
    """An offer begins or ends; -1 - t: the programme's terms change for target t, or that is announced."""
    life.stand_anew_all(handle[0], offer, now)


@MARKET.entry("world whole real")
def promise_to_all(handle, number, now):
    """Advertising promises."""
    life.promise_to_all(handle[0], number, now)


@MARKET.entry("world whole whole")
def take_effect(handle, first, until):
    """An event happens: the changes `first` to `until` - 1 hold from now on."""
    changes.take_effect(handle[0], first, until)


@MARKET.entry("world real")
def close_month(handle, now):
    """The month's close for everyone, up to the entrants."""
    close.close_month(handle[0], now)


@MARKET.entry("world real")
def take_stock_of_all(handle, now):
    """The accounting snapshot of a close; the next month begins."""
    close.take_stock_of_all(handle[0], now)


@MARKET.entry("world real flag")
def fork(handle, now, base):
    """The programme that now holds; at month 0 the `base` cohort too."""
    close.fork(handle[0], now, base)


@MARKET.entry("world real")
def open_tiers(handle, now):
    """Tiers that are held on the first day of a programme."""
    opening.open_tiers(handle[0], now)


@MARKET.entry("world real")
def roll_out(handle, share):
    """Draw which customers the programme does not reach."""
    rollout.roll_out(handle[0], share)


@MARKET.entry("world whole real")
def widen(handle, stage, now):
    """A stage of a rollout reaches more customers."""
    beginning.widen(handle[0], stage, now)


@MARKET.entry("world whole real")
def open_books(handle, of_status_quo, now):
    """Balances of points on a programme's first day."""
    opening.open_books(handle[0], of_status_quo, now)
