"""What is counted as it happens: the log of those who are followed, moves, and service."""

import math

from loyaltysim.rules import world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.draws import sampled
from loyaltysim.rules.ledger import CENT, GAPS, MILLISECONDS, SQUARE, WAIT_BINS, M, V
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import rounded

NOBODY = -2  # is followed
ENTERED, VISIT, GAVE_UP, MOVED, EXPIRED, LEFT_MARKET = range(6)  # kinds of events: `state.KINDS`


@rule
def followed(w, i):
    """Is her story written down?"""
    who = world.clock(w)[0].logged
    if who == -3:
        return sampled(i, world.clock(w)[0].sample)
    return who == -1 or who == i


@rule
def note(w, i, kind, now, provider, other):
    """Write a line into the log, if she is followed; returns its place, or -1."""
    if world.clock(w)[0].logged == NOBODY:
        return -1
    return write_down(w, i, kind, now, provider, other)


@step
def write_down(w, i, kind, now, provider, other):
    """The same where somebody is followed. A full log counts on."""
    if not followed(w, i):
        return -1
    place = world.logged(w)[0]
    world.logged(w)[0] = place + 1
    if place >= len(world.log(w)):
        return -1
    line = world.log(w)[place]
    c = world.customers(w)[i]
    line.time = now
    line.customer = i
    line.kind = kind
    line.provider = provider
    line.other = other
    line.occasion = c.occasions
    line.wait = 0.0
    line.csi = 0.0
    line.expectation = c.expectation
    line.satisfaction = 0.0
    line.standing = c.standing
    line.list_price = 0
    line.paid = 0
    line.earned = 0
    line.redeemed = 0
    line.balance = c.balance
    line.cause = -1
    return place


@rule
def count_move(w, i, old, day, satisfied):
    """Enter a change of home into the ledgers."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    if old == FIRM:
        row[M.DEFECTIONS] += 1
        if satisfied:
            row[M.DEFECTIONS_SATISFIED] += 1
        if world.clock(w)[0].month >= world.terms(w)[0].warm_up:
            world.lost_from(w)[c.class_close] += 1
            if day < c.first_defection:
                c.first_defection = day
    elif c.home == FIRM:
        if world.ties(w)[i][FIRM].visits > 0.0:
            row[M.WINBACKS] += 1
            c.came_back = 1
        else:
            row[M.ACQUIRED] += 1


@rule
def count_service(w, i, csi, new, wait, service, gave_up):
    """Enter a visit to the firm into the ledgers of service and of experience."""
    c = world.customers(w)[i]
    month = world.clock(w)[0].month
    if c.waiting > 0:
        row = world.service(w)[month, c.site]
        row[V.GAVE_UP if gave_up else V.SERVED] += 1
        row[V.WAIT_MS] += rounded(wait * MILLISECONDS)
        if not gave_up:
            row[V.BUSY_MS] += rounded(service * MILLISECONDS)
        if month >= world.terms(w)[0].warm_up:
            world.waits(w)[min(int(wait * 86400.0), WAIT_BINS - 1)] += 1
    if not gave_up:
        row = world.money(w)[month, c.segment]
        apart = csi - c.expectation + new
        row[M.CSI] += rounded(csi * CENT)
        row[M.CSI_SQUARES] += rounded(csi * csi * SQUARE)
        row[M.GAP] += rounded(apart * CENT)
        if apart < 0.0:
            row[M.GAP_NEGATIVE] += 1
        if month >= world.terms(w)[0].warm_up:
            world.gaps(w)[min(max(math.floor(apart) + GAPS // 2, 0), GAPS - 1)] += 1
