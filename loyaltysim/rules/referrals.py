"""Referrals (MODEL 3.12, E32): one customer tells another of her home, who may make it her own.

Seen from her who is told, like everything else: the referrals that reach her at a close are a hazard, used
up against a resistance of her own. So a provider whose customers refer more is heard of sooner, person by
person. Who told her is drawn among those who refer, by how much they do. A referral moves a home and
nothing else: who is in the market, and when, stays as it is.
"""

import math

from loyaltysim.rules import causes, world
from loyaltysim.rules.approach import begin_anew, gift_value, remember_departure
from loyaltysim.rules.bonds import begin_at_rest
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.counting import count_move, note
from loyaltysim.rules.draws import HEARS, TAKES, TOLD_BY, uniform
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.ledger import CENT, M
from loyaltysim.rules.programme import enrolment
from loyaltysim.rules.programme.relations import held
from loyaltysim.rules.rivals import is_outside
from loyaltysim.rules.standing import money_at, satisfaction_at, view
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import exponential, logistic, rounded

FINE = 4294967296.0  # fixed point of referrals (2^-32 of one)
SCALE = 20.0  # CSI points above `delight` at which she refers as often as `rate` says: from 80 to 100
BEGIN, END, SENT, OTHERS, WON = range(5)  # columns of `circles`
REFERRED = KINDS.index("referred")


@rule
def blank(w, i):
    """Nobody has told her anything yet."""
    told = world.referrals(w)[i]
    told.left = exponential(uniform(world.customers(w)[i].key, HEARS, 0, 0))
    told.source = -1
    told.to = -1


@rule
def refers(w, i, days):
    """How many others she tells of her home in so many days: rate (S - delight)+ / 20, more for a reward."""
    c = world.customers(w)[i]
    terms = world.referring(w)[0]
    tie = world.ties(w)[i][c.home]
    if c.present != 1 or tie.visits == 0.0 or world.providers(w)[c.home].awareness == 0.0:
        return 0.0
    told = terms.rate * days * max(tie.satisfaction - terms.delight, 0.0) / SCALE
    return told * (1.0 + terms.lift) if rewarded(w, i, c.home) else told


@rule
def rewarded(w, i, home):
    """Does the firm reward her for a referral? Under the programme, if she is a member."""
    hers = world.referring(w)[0].active == 1 and world.part(w, i) == 0
    return home == FIRM and hers and enrolment.is_member(w, i)


@step
def gather(w):
    """Who refers at this close: by home one after another, with the referrals so far added up."""
    month = world.clock(w)[0].month
    days = world.closes(w)[month + 1] - world.closes(w)[month]
    circles = world.circles(w)
    here = 0
    for j in range(len(circles)):
        circles[j, END] = 0
        circles[j, SENT] = 0
        circles[j, OTHERS] = 0
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        if c.present == 1:
            here += 1
            circles[c.home, OTHERS] -= 1
            circles[c.home, END] += rounded(refers(w, i, days) * FINE) > 0
    first = 0
    for j in range(len(circles)):
        circles[j, OTHERS] += here
        circles[j, BEGIN] = first
        first += circles[j, END]
        circles[j, END] = circles[j, BEGIN]
    for i in range(len(world.customers(w))):
        c = world.customers(w)[i]
        sent = rounded(refers(w, i, days) * FINE) if c.present == 1 else 0
        if sent > 0:
            circles[c.home, SENT] += sent
            speaker = world.speakers(w)[circles[c.home, END]]
            speaker.who = i
            speaker.up_to = circles[c.home, SENT]
            circles[c.home, END] += 1


@rule
def reaching(w, i, j, home):
    """Referrals to provider j that reach her: all that its customers make, spread evenly over all others."""
    circles = world.circles(w)
    if j == home or circles[j, OTHERS] <= 0 or world.ties(w)[i][j].barred == 1:
        return 0.0
    return circles[j, SENT] / FINE / circles[j, OTHERS]


@rule
def reaching_in_all(w, i, home):
    """Referrals to anywhere but her home that reach her at this close."""
    total = 0.0
    for j in range(w.circles_0):
        total += reaching(w, i, j, home)
    return total


@step
def told_of(w, i, home, total):
    """Of whom she is told, and by whom: (provider, customer), by one draw in proportion to the referrals."""
    rest = uniform(world.customers(w)[i].key, TOLD_BY, 0, world.referrals(w)[i].heard) * total
    last = -1
    for j in range(w.circles_0):
        part = reaching(w, i, j, home)
        if part > 0.0:
            last = j
            if rest < part:
                break
            rest -= part
    circles = world.circles(w)
    share = min(rest / reaching(w, i, last, home), 1.0)
    wanted = min(int(share * circles[last, SENT]), circles[last, SENT] - 1)
    low, high = circles[last, BEGIN], circles[last, END] - 1
    while low < high:
        middle = (low + high) // 2
        if world.speakers(w)[middle].up_to > wanted:
            high = middle
        else:
            low = middle + 1
    return last, world.speakers(w)[low].who


@rule
def as_told(w, i, j, now):
    """What a referral promises her: her view; where she has not been, also how it will suit her, in part."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    tie = world.ties(w)[i][j]
    suits = world.referring(w)[0].matching * float(tie.fit) if tie.visits == 0.0 else 0.0
    money = money_at(
        terms, world.segments(w)[c.segment], c, world.offers(w), world.own_points(w, i), j, now, False, False
    )
    return view(terms, tie, world.providers(w)[j]) + suits + money


@rule
def as_it_is(w, i, j, now):
    """What holds her against it: her home; a newcomer, the best of the others."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    segment = world.segments(w)[c.segment]
    providers = world.providers(w)
    ties = world.ties(w)[i]
    if c.home >= 0:
        money = money_at(terms, segment, c, world.offers(w), world.own_points(w, i), c.home, now, True, False)
        status = float(c.status) if c.home == FIRM else 0.0
        bonds = segment.bonds + float(c.bond) + status + held(w, i)
        return satisfaction_at(ties[c.home], providers[c.home]) + bonds + money
    best = -math.inf
    for k in range(len(providers)):
        if k != j and providers[k].awareness > 0.0 and not is_outside(terms, k):
            money = money_at(terms, segment, c, world.offers(w), world.own_points(w, i), k, now, False, False)
            best = max(best, view(terms, ties[k], providers[k]) + money)
    return best


@step
def takes(w, i, j, source, now):
    """Does she do as she is told? logit = readiness + slope x (what is promised - what holds her)."""
    c = world.customers(w)[i]
    told = world.referrals(w)[i]
    terms = world.referring(w)[0]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    better = as_told(w, i, j, now) - as_it_is(w, i, j, now)
    if terms.welcome > 0 and rewarded(w, source, j):
        better += gift_value(world.terms(w)[0], world.segments(w)[c.segment], c, terms.welcome)
    logit = terms.readiness + world.terms(w)[0].choice_slope * better
    yes = uniform(c.key, TAKES, 0, told.heard) < logistic(logit)
    if j == FIRM:
        row[M.REFERRALS_HEARD] += 1
        row[M.REFERRALS] += yes
    if c.home == FIRM:
        row[M.REFERRED_AWAY] += yes
    return yes


@rule
def charge(w, i, now, amount):
    """A reward for a referral is paid on her account."""
    c = world.customers(w)[i]
    row = world.money(w)[world.clock(w)[0].month, c.segment]
    discounted = rounded(amount * CENT * math.exp(-world.terms(w)[0].discount * now))
    row[M.REFERRAL_COST] += amount
    row[M.VALUE] -= discounted
    row[M.REWARD_COST] += discounted
    c.value -= discounted
    c.reward_cost += discounted


@step
def credit(w, i, j, source, now):
    """The referral is the source's; both get what the programme promises for it."""
    terms = world.referring(w)[0]
    told = world.referrals(w)[i]
    told.source = source
    told.to = j
    told.day = now
    world.referrals(w)[source].won += 1
    world.circles(w)[j, WON] += 1
    if rewarded(w, source, j):
        c = world.customers(w)[i]
        world.money(w)[world.clock(w)[0].month, c.segment, M.REFERRALS_REWARDED] += 1
        charge(w, source, now, terms.bonus)
        charge(w, i, now, terms.welcome)


@rule
def hears(w, i, times, home):
    """Is she told of somebody at this close? Her resistance is used up by what reaches her, `times` over."""
    told = world.referrals(w)[i]
    total = reaching_in_all(w, i, home)
    told.left -= times * total
    return told.left < 0.0 and total > 0.0


@rule
def next_resistance(w, i):
    """She has been told: how much it takes until she is told again."""
    told = world.referrals(w)[i]
    told.heard += 1
    told.left += exponential(uniform(world.customers(w)[i].key, HEARS, 0, told.heard))


@step
def refer_to(w, i, now):
    """At a close, a customer is told of other providers, and may make one of them her home."""
    c = world.customers(w)[i]
    old = int(c.home)
    due = hears(w, i, 1.0, old)
    while due:
        j, source = told_of(w, i, old, reaching_in_all(w, i, old))
        if j != c.home and takes(w, i, j, source, now):
            before = int(c.home)
            c.home = j
            if world.terms(w)[0].feels == 1:
                begin_at_rest(w, i, False)
            begin_anew(w, i, now, now)
            remember_departure(w, i, before, now)
            count_move(w, i, before, now, c.class_close >= world.terms(w)[0].classes - 2)
            if before == FIRM and causes.are_kept(w):
                causes.count(w, w.attributes_0 + causes.TOLD)
            credit(w, i, j, source, now)
            note(w, i, REFERRED, now, j, before)
        next_resistance(w, i)
        due = world.referrals(w)[i].left < 0.0


@step
def refer_all(w, now):
    """The referrals of a close, after what the firm and its rivals do."""
    gather(w)
    for i in range(len(world.customers(w))):
        if world.customers(w)[i].present == 1:
            refer_to(w, i, now)


@step
def first_referral(w, i, now):
    """A newcomer asks around: the provider that somebody tells her to choose, or -1 (MODEL 3.12)."""
    blank(w, i)
    due = hears(w, i, world.referring(w)[0].newcomers, -1)
    found = -1
    while due:
        j, source = told_of(w, i, -1, reaching_in_all(w, i, -1))
        if found < 0 and takes(w, i, j, source, now):
            found = j
            credit(w, i, j, source, now)
        next_resistance(w, i)
        due = world.referrals(w)[i].left < 0.0
    return found
