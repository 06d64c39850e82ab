"""Standing, pull and the choice of a new home (MODEL 3.5): everything in CSI points."""

import math

from loyaltysim.rules import causes, world
from loyaltysim.rules.compiled import rule, step
from loyaltysim.rules.draws import HOME, RETURNS, uniform
from loyaltysim.rules.loyalty import crossing, hazard_of_period, new_piece, new_spell
from loyaltysim.rules.occasions import usual_basket
from loyaltysim.rules.programme.points import (
    cash_back,
    flow_value,
    mean_factor,
    part_before,
    price_for_members,
    stock_value,
)
from loyaltysim.rules.programme.relations import held
from loyaltysim.rules.programme.savings import stock_ahead
from loyaltysim.rules.programme.tiers import stock_of
from loyaltysim.rules.rivals import discount_seen, given_back, is_outside, offer_value
from loyaltysim.rules.state import FIRM
from loyaltysim.rules.variates import gumbel


@rule
def satisfaction_at(tie, provider):
    """S_ij: her own where she has been, else what people say."""
    return tie.satisfaction if tie.visits > 0.0 else provider.reputation


@rule
def view(terms, tie, provider):
    """(n S + n0 reputation) / (n + n0): her own experience where she has any (MODEL 3.5)."""
    visits = float(tie.visits)
    if visits == 0.0:
        return provider.reputation
    return (visits * tie.satisfaction + terms.prior * provider.reputation) / (visits + terms.prior)


@rule
def horizon_of(terms, customer):
    """H, over which a stock counts: as stated, or one cycle of her purchases if that is longer; days."""
    rate = float(customer.rate)
    return max(terms.stock_horizon, 1.0 / rate) if rate > 0.0 else terms.stock_horizon


@rule
def money_at(terms, segment, customer, offers, points, provider, now, leaving_forfeits, today):
    """CSI points that the savings on top of the price level are worth at this provider.

    A flow (offers, points earned, member price, cash back) counts as it is; a stock (points held) only at
    home, where leaving would forfeit it, spread over the purchases of H. For the purchase of `today` an
    offer counts in full.
    """
    member = price_for_members(points, customer) * float(customer.shows) if provider == FIRM else 0.0
    share = member
    if len(offers) > 0:
        if today:
            share = max(discount_seen(customer, offers, provider, now), member)
        else:
            horizon = horizon_of(terms, customer)
            share = member + offer_value(customer, offers, provider, now, horizon, member)
    basket = usual_basket(customer)
    if provider == FIRM:
        horizon = horizon_of(terms, customer)
        before = part_before(points, now, horizon)
        share += flow_value(points, basket, before) * mean_factor(points, segment) * float(customer.earns)
        back = cash_back(points, customer) * (1.0 - member) * float(customer.shows)
        share += back + float(customer.saves)
        if leaving_forfeits:
            share += stock_value(points, customer.balance, basket, float(customer.rate) * horizon, before)
    elif len(offers) > 0:
        flow = flow_value(points, basket, 1.0) * mean_factor(points, segment)
        share += given_back(offers, provider, now, flow)
    return segment.price_weight * 100.0 * share


@rule
def appeal(terms, segment, customer, ties, providers, offers, points, j, now, today):
    """What provider j is worth to her, who is not at home there: view - par + money, CSI points."""
    x = view(terms, ties[j], providers[j]) - terms.par_standing
    return x + money_at(terms, segment, customer, offers, points, j, now, False, today)


@rule
def open_to_her(terms, ties, providers, j, today):
    """Would she go to provider j? One that she sees, and has not barred; for a purchase, one that sells."""
    if providers[j].awareness == 0.0 or ties[j].barred == 1:
        return False
    return not (today and is_outside(terms, j))


@rule
def pull(terms, segment, customer, ties, providers, offers, points, now, today):
    """Best over the others she would go to of view - par + money; -inf when there is none."""
    best = -math.inf
    for j in range(len(providers)):
        if j != customer.home and open_to_her(terms, ties, providers, j, today):
            x = appeal(terms, segment, customer, ties, providers, offers, points, j, now, today)
            best = max(best, x)
    if terms.softness == 0.0 or best == -math.inf:
        return best
    return soft_pull(terms, segment, customer, ties, providers, offers, points, now, today, best)


@step
def soft_pull(terms, segment, customer, ties, providers, offers, points, now, today, best):
    """With a softness s it is s ln(sum a exp(x / s)), which tends to the best as s tends to 0."""
    total = 0.0
    for j in range(len(providers)):
        if j != customer.home and open_to_her(terms, ties, providers, j, today):
            x = appeal(terms, segment, customer, ties, providers, offers, points, j, now, today)
            total += providers[j].awareness * math.exp(max((x - best) / terms.softness, -700.0))
    return best + terms.softness * math.log(total)


@rule
def standing_now(terms, segment, customer, ties, providers, offers, points, now, today):
    """Satisfaction at home + bonds + money(home) - pull + offset; inf when there is nowhere to go.

    For one purchase (`today`) no stock counts, since buying elsewhere once forfeits nothing (MODEL 3.6).
    """
    against = pull(terms, segment, customer, ties, providers, offers, points, now, today)
    home = satisfaction_at(ties[customer.home], providers[customer.home])
    money = money_at(terms, segment, customer, offers, points, customer.home, now, not today, today)
    standing = home + segment.bonds + float(customer.bond) + money - against + terms.offset
    return standing + float(customer.status) if customer.home == FIRM else standing


@rule
def stand(terms, segment, customer, ties, providers, offers, points, now, close):
    """Her standing from now on. A piece of hazard ends only where the number changes, or at a close.

    A spell that has just begun (standing nan) runs from the day it began, which may lie before `now`.
    """
    standing = standing_now(terms, segment, customer, ties, providers, offers, points, now, False)
    take_stand(terms, customer, standing, now, close)


@rule
def take_stand(terms, customer, standing, now, close):
    """Her standing from now on is this; see `stand`."""
    if standing == customer.standing and not close:
        return
    if not math.isnan(customer.standing) and crossing(customer, now) < math.inf:
        return  # she has left already: until it shows, the day of the crossing must stand
    rate = 0.0
    if terms.period > 0.0 and standing < math.inf:
        rate = hazard_of_period(terms, customer, standing) / terms.period
    if math.isnan(customer.standing):
        customer.hazard_rate = rate
    else:
        new_piece(customer, rate, now)
    customer.standing = standing


@rule
def decide(terms, customer, now):
    """With `period: occasion`, each occasion uses up -ln L of her resistance (contracts, cars)."""
    if terms.period == 0.0 and customer.standing < math.inf:
        customer.hazard += hazard_of_period(terms, customer, customer.standing)
        customer.hazard_from = now


@rule
def best_home(
    terms, segment, customer, ties, providers, offers, points, now, excluded, choice, stream, today
):
    """The home she would choose: a logit over the providers she sees, by one Gumbel draw for each.

    Returns -1 when there is none. The luck is of that `stream`; `today`: for one purchase, no home.
    """
    chosen = -1
    best = -math.inf
    for j in range(len(providers)):
        if j == excluded or not open_to_her(terms, ties, providers, j, today):
            continue
        x = appeal(terms, segment, customer, ties, providers, offers, points, j, now, today)
        luck = gumbel(uniform(customer.key, stream, providers[j].luck, choice))
        utility = terms.choice_slope * x + providers[j].log_awareness + luck
        if utility > best:
            best = utility
            chosen = j
    return chosen


@rule
def first_home(intercepts, customer, ties, providers):
    """Home at the start: softmax(0.1 m_ij + c_j), the intercepts meeting the stated shares."""
    chosen = 0
    best = -math.inf
    for j in range(len(providers)):
        luck = gumbel(uniform(customer.key, HOME, providers[j].luck, 0))
        utility = 0.1 * float(ties[j].fit) + intercepts[j] + luck
        if utility > best:
            best = utility
            chosen = j
    return chosen


@rule
def has_left(customer, now):
    """Has the hazard of this spell passed her resistance by now?"""
    return crossing(customer, now) < math.inf


# ---------------------------------------------------------------- of a customer in her world


@step
def standing_of(w, i, now, today):
    """Her standing now, CSI points; `today`: for one purchase, for which no stock counts."""
    c = world.customers(w)[i]
    ahead = 0.0 if today else stock_of(w, i) + stock_ahead(w, i, now)
    if w.relations_0 > 0:
        ahead += held(w, i)
    return ahead + standing_now(
        world.terms(w)[0], world.segments(w)[c.segment], c, world.ties(w)[i], world.providers(w),
        world.offers(w), world.own_points(w, i), now, today,
    )  # fmt: skip


@step
def stand_anew(w, i, now, close):
    """Her standing from now on; at a `close` a piece of hazard ends even if the number is the same."""
    standing = standing_of(w, i, now, False)
    if causes.are_kept(w) and world.customers(w)[i].home == FIRM:
        weigh_terms(w, i, standing, now, close)
    take_stand(world.terms(w)[0], world.customers(w)[i], standing, now, close)


@step
def weigh_terms(w, i, standing, now, close):
    """What the standing of a customer of ours is made of, for the cause of her leaving."""
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    segment = world.segments(w)[c.segment]
    felt = satisfaction_at(world.ties(w)[i][FIRM], world.providers(w)[FIRM])
    points = world.own_points(w, i)
    money = money_at(terms, segment, c, world.offers(w), points, FIRM, now, True, False) + float(c.status)
    money += stock_of(w, i) + stock_ahead(w, i, now)
    against = felt + segment.bonds + float(c.bond) + held(w, i) + money + terms.offset - standing
    causes.weigh(w, i, standing, now, close, felt, money, against, pull_without_offers(w, i))


@step
def pull_without_offers(w, i):
    """The pull of 3.5 as it would be if no rival offered anything."""
    terms = world.terms(w)[0]
    ties = world.ties(w)[i]
    providers = world.providers(w)
    best = -math.inf
    for j in range(len(providers)):
        if j != world.customers(w)[i].home and open_to_her(terms, ties, providers, j, False):
            best = max(best, view(terms, ties[j], providers[j]) - terms.par_standing)
    if terms.softness == 0.0 or best == -math.inf:
        return best
    total = 0.0
    for j in range(len(providers)):
        if j != world.customers(w)[i].home and open_to_her(terms, ties, providers, j, False):
            x = view(terms, ties[j], providers[j]) - terms.par_standing
            total += providers[j].awareness * math.exp(max((x - best) / terms.softness, -700.0))
    return best + terms.softness * math.log(total)


@step
def home_of_her_choice(w, i, now, excluded, choice, stream, today):
    """The home she would choose, or -1; see `best_home`."""
    c = world.customers(w)[i]
    return best_home(
        world.terms(w)[0], world.segments(w)[c.segment], c, world.ties(w)[i], world.providers(w),
        world.offers(w), world.own_points(w, i), now, excluded, choice, stream, today,
    )  # fmt: skip


@rule
def move(w, i, now):
    """She has left her home: find the new one and begin the spell on the day of the crossing.

    Returns that day. With nowhere to go she begins anew where she is. A share of those who leave
    disappointed - satisfaction below expectation - never comes back.
    """
    c = world.customers(w)[i]
    terms = world.terms(w)[0]
    tie = world.ties(w)[i][c.home]
    day = crossing(c, now)
    disappointed = satisfaction_at(tie, world.providers(w)[c.home]) < c.expectation
    if (
        disappointed
        and not is_outside(terms, c.home)
        and uniform(c.key, RETURNS, 0, c.spells) < terms.never_returns
    ):
        tie.barred = 1
    excluded = -1 if terms.rechoose_all == 1 else int(c.home)
    new = home_of_her_choice(w, i, now, excluded, int(c.spells) + 1, HOME, False)
    new_spell(c, day)
    if new >= 0:
        c.home = new
    c.standing = math.nan
    return day
