"""The compiled site: one loop over arrivals, the line and the clerks, up to the next sync point.

What a visit changes is told in `rules.life`, the same functions that the SimPy engine calls; here is
only time and the line, told a second time. Whoever buys elsewhere, or from a firm without desks, meets
nobody: she is carried straight on. Only those who come to the desks are put in order of time.
"""

import math

import numpy as np

from loyaltysim.rules import life, world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.desk import closing_time
from loyaltysim.rules.loading import Library
from loyaltysim.rules.memory import bare, bring, bring_head
from loyaltysim.rules.state import FIRM

LINE = Library("line", __name__)
LATER, GONE = life.LATER, life.GONE
_goes, _visit, _begin_month = life.goes, life.visit, life.begin_month
_patience, _service_time = life.patience_of, life.service_time_of
AHEAD, FAR_AHEAD = 4, 16  # customers who are fetched from memory before their turn, whole and a line of each


@rule
def earlier(time, number, other, its_number):
    """Does (time, number) come before another entry: by time, then by number?"""
    return (time < other) | ((time == other) & (number < its_number))


@rule
def push(times, ids, size, time, number):
    """Enter (time, number) into a calendar (a binary heap) of `size` entries; returns the new size."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if not earlier(time, number, times[above], ids[above]):
            break
        times[place] = times[above]
        ids[place] = ids[above]
        place = above
    times[place] = time
    ids[place] = number
    return size + 1


@rule
def drop_first(times, ids, size):
    """Take the first entry out of a calendar; returns the new size."""
    size -= 1
    time = times[size]
    number = ids[size]
    place = 0
    below = 1
    while below + 1 < size:  # the gap goes down to the bottom, where the last entry belongs more or less
        below += earlier(times[below + 1], ids[below + 1], times[below], ids[below])
        times[place] = times[below]
        ids[place] = ids[below]
        place = below
        below = 2 * place + 1
    if below < size:
        times[place] = times[below]
        ids[place] = ids[below]
        place = below
    push(times, ids, place, time, number)
    return size


@rule
def in_order(times, ids, size, begin, until, sorted_times, sorted_ids, ends):
    """Put entries, all between two instants, by time, then by number: into as many buckets as entries.

    Within a bucket, which holds about one, they are put in their places one by one.
    """
    scale = size / (until - begin)
    for k in range(size + 1):
        ends[k] = 0
    for k in range(size):
        ends[bucket(times[k], begin, scale, size) + 1] += 1
    for k in range(size):
        ends[k + 1] += ends[k]
    for k in range(size):
        place = bucket(times[k], begin, scale, size)
        sorted_times[ends[place]] = times[k]
        sorted_ids[ends[place]] = ids[k]
        ends[place] += 1
    for k in range(1, size):
        time, number = sorted_times[k], sorted_ids[k]
        place = k
        while place > 0 and earlier(time, number, sorted_times[place - 1], sorted_ids[place - 1]):
            sorted_times[place] = sorted_times[place - 1]
            sorted_ids[place] = sorted_ids[place - 1]
            place -= 1
        sorted_times[place] = time
        sorted_ids[place] = number


@rule
def bucket(time, begin, scale, number):
    """In which of so many equal parts of the time since `begin` an instant falls."""
    return min(max(int((time - begin) * scale), 0), number - 1)


@rule
def grown(array):
    """The same array with twice the room."""
    bigger = np.empty(2 * len(array), array.dtype)
    for k in range(len(array)):
        bigger[k] = array[k]
    return bigger


@rule
def first_free(desks):
    """The clerk who is, or will be, free first; of several the lowest number."""
    best = 0
    for k in range(1, len(desks)):
        if desks[k] < desks[best]:
            best = k
    return best


@rule
def fetch(w, i):
    """Have a customer brought from memory; many live far apart, and each would be waited for."""
    bring(world.customers(w), i)
    bring(world.ties(w), i)
    bring(world.lots(w), i)


@step
def carry_on(w, i, now, until):
    """Carry a customer on who meets nobody, up to the sync point or to the desks.

    Returns the instant at which she comes to the desks, or inf when she does not before `until`.
    """
    c = world.customers(w)[i]
    desks = world.terms(w)[0].desks > 0
    arrival = c.arrival
    while arrival < until:
        if desks and c.home == FIRM:
            return arrival
        where = _goes(w, i, arrival)
        if where == GONE:
            return math.inf
        if where == LATER:
            arrival = c.arrival
            continue
        if c.waiting > 0:
            return arrival  # she is in the line already
        arrival = _visit(w, i, arrival, where, 0.0, False)
    return math.inf


@rule
def serve(w, i, now, clerk, until):
    """A clerk begins with her now; returns her next arrival at the desks, or inf."""
    service = _service_time(w, i)
    world.desks(w)[world.customers(w)[i].site, clerk] = now + service
    _visit(w, i, now, FIRM, service, False)
    return carry_on(w, i, now, until)


@rule
def give_up(w, i, now, until):
    """She leaves the line now; returns her next arrival at the desks, or inf."""
    _visit(w, i, now, FIRM, 0.0, True)
    return carry_on(w, i, now, until)


@rule
def ticket(w, i):
    """One number for this customer at this occasion: what stands in the line."""
    return (int(world.customers(w)[i].occasions) << 32) | i


@rule
def holder(ticket):
    """The customer of a ticket."""
    return ticket & 0xFFFFFFFF


@rule
def still_waits(w, entry):
    """Does she still stand in the line for this occasion?"""
    c = world.customers(w)[holder(entry)]
    return c.waiting > 0 and c.occasions == entry >> 32


@rule
def stands(w, line, ends, entry):
    """A ticket joins the end of its row; returns the line, in a larger room if there was none left.

    Row 1 is of those who are served first, row 0 of all others; `ends` holds of each row its head and the
    place after its last ticket.
    """
    row = world.customers(w)[holder(entry)].waiting - 1
    if ends[row, 0] == ends[row, 1]:
        ends[row, 0] = ends[row, 1] = 0
    place = ends[row, 1]
    if place == line.shape[1]:
        larger = np.empty((2, 2 * place), np.int64)
        for k in range(2):
            for n in range(place):
                larger[k, n] = line[k, n]
        line = larger
    line[row, place] = entry
    ends[row, 1] = place + 1
    return line


@rule
def next_row(w, line, ends):
    """The row whose first is served next, or -1 when nobody stands in the line."""
    for row in range(1, -1, -1):
        while ends[row, 0] < ends[row, 1] and not still_waits(w, line[row, ends[row, 0]]):
            ends[row, 0] += 1
        if ends[row, 0] < ends[row, 1]:
            return row
    return -1


@rule
def take_first(line, ends, row):
    """The customer at the head of a row leaves it."""
    head = ends[row, 0]
    ends[row, 0] = head + 1
    return holder(line[row, head])


@LINE.entry("world smalls wholes")
def by_catchment(handle, order, ends):
    """Everybody's number by site, then by number, into `order`; where each site's part ends, into `ends`."""
    w = handle[0]
    for i in range(len(order)):
        ends[world.customers(w)[i].site] += 1
    begin = 0
    for site in range(len(ends)):
        begin, ends[site] = begin + ends[site], begin
    for i in range(len(order)):
        site = world.customers(w)[i].site
        order[ends[site]] = i
        ends[site] += 1


@LINE.entry("world whole smalls real real reals wholes reals wholes wholes")
def advance_site(
    handle, site, residents, now, until, room_times, room_numbers, known_times, known_numbers, room_of_buckets
):
    """Carry the customers of one site to the sync point `until`; what happens at `until` is left to it.

    `residents` are the numbers of those who live in its catchment. At one instant the doors come first,
    then starts from the line, then customers (MODEL 1). `room_times` and `room_numbers` are room for a
    calendar of all of them, as are `known_times` and `known_numbers`; `room_of_buckets` is for one more.
    """
    w = handle[0]
    times, ids, members = bare(room_times), bare(room_numbers), bare(residents)
    desks = world.desks(w)[site]
    size = 0
    line = np.empty((2, 256), np.int64)  # tickets, first come first served; row 1 before row 0
    bounds = np.zeros((2, 2), np.int64)  # head of each row, and the place after its last
    ends = np.empty(256)  # when patience ends, of those in the line: a calendar with its tickets
    quitters = np.empty(256, np.int64)
    quitting = 0
    cut = 0
    begins = world.closes(w)[world.clock(w)[0].month]
    for k in range(len(members)):
        i = np.int64(members[k])
        if k + FAR_AHEAD < len(members):
            bring_head(world.customers(w), members[k + FAR_AHEAD])
        c = world.customers(w)[i]
        if c.present != 1:
            continue
        if c.waiting > 0:  # the run was cut, or the market acted, while she waited
            if cut == len(ends):
                ends, quitters = grown(ends), grown(quitters)
            cut = push(ends, quitters, cut, c.arrival, i)
            continue
        if now == begins or c.counted_from == now:  # else she has been asked already, at the pace of then
            _begin_month(w, i, now)
        if c.arrival < until:
            ids[size] = i
            size += 1
    known = 0
    for k in range(size):
        i = np.int64(ids[k])
        if k + AHEAD < size:
            fetch(w, ids[k + AHEAD])
        arrival = carry_on(w, i, now, until)
        if arrival < until:
            times[known] = arrival
            ids[known] = i
            known += 1
    ahead, who, head = bare(known_times), bare(known_numbers), 0  # who comes, as known when the month begins
    in_order(times, ids, known, now, until, ahead, who, bare(room_of_buckets))
    size = 0  # of the calendar of those who come once more
    while cut > 0:
        line = stands(w, line, bounds, ticket(w, quitters[0]))
        cut = drop_first(ends, quitters, cut)
    for row in range(2):
        for k in range(bounds[row, 1]):
            i = holder(line[row, k])
            patience = _patience(w, i)
            if patience < math.inf:
                day = world.customers(w)[i].arrival + patience
                quitting = push(ends, quitters, quitting, day, line[row, k])

    while True:
        row = next_row(w, line, bounds)
        while quitting > 0 and not still_waits(w, quitters[0]):
            quitting = drop_first(ends, quitters, quitting)
        arrival = times[0] if size > 0 else math.inf
        again_here = head == known or (size > 0 and earlier(times[0], ids[0], ahead[head], who[head]))
        if not again_here:
            arrival = ahead[head]
        clerk = first_free(desks) if len(desks) > 0 else -1
        start = quits = doors = math.inf
        if row >= 0:
            start = max(desks[clerk], now)
            quits = ends[0] if quitting > 0 else math.inf
            if world.terms(w)[0].open_share < 1.0:
                came = world.customers(w)[holder(line[row, bounds[row, 0]])].arrival
                doors = closing_time(world.terms(w)[0], math.floor(came))
        again = math.inf
        i = -1
        if doors <= until and doors <= start and doors <= quits and doors <= arrival:
            i = take_first(line, bounds, row)
            again = give_up(w, i, doors, until)
        elif start < until and start <= quits and start <= arrival:
            i = take_first(line, bounds, row)
            again = serve(w, i, start, clerk, until)
        elif quits < until and quits <= arrival:
            i = holder(quitters[0])
            quitting = drop_first(ends, quitters, quitting)
            again = give_up(w, i, quits, until)
        elif arrival < until:
            if again_here:
                i = int(ids[0])
                size = drop_first(times, ids, size)
            else:
                i = int(who[head])
                head += 1
                if head + AHEAD < known:
                    fetch(w, who[head + AHEAD])
            where = FIRM if world.customers(w)[i].waiting > 0 else _goes(w, i, arrival)
            if world.customers(w)[i].waiting == 0:
                if where >= 0:
                    _visit(w, i, arrival, where, 0.0, False)
                again = carry_on(w, i, arrival, until)
            elif row < 0 and desks[clerk] <= arrival:
                again = serve(w, i, arrival, clerk, until)
            else:
                entry = ticket(w, i)
                line = stands(w, line, bounds, entry)
                patience = _patience(w, i)
                if patience < math.inf:
                    if quitting == len(ends):
                        ends, quitters = grown(ends), grown(quitters)
                    quitting = push(ends, quitters, quitting, arrival + patience, entry)
        else:
            return
        if again < until:
            size = push(times, ids, size, again, i)
