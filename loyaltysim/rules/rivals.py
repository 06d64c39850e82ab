"""Offers of providers (MODEL 3.13): who sees them, and what they are worth."""

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import OFFER, uniform
from loyaltysim.rules.meant import meant
from loyaltysim.rules.parameters import COPY_OF_OURS, PRICE_OFFER


@rule
def sees(customer, offer):
    """Does she see this campaign? Decided once, by her own draw for it, if it is for her at all."""
    return meant(customer, offer.target) and uniform(customer.key, OFFER, offer.luck, 0) < offer.reach


@rule
def is_outside(terms, j):
    """Is this the provider that stands for buying nothing in the category?"""
    return terms.outside_number > 0 and j == terms.outside_number


@rule
def price_cut(offer, provider, now):
    """Is this a price cut of this provider that holds now?"""
    return offer.provider == provider and offer.programme == PRICE_OFFER and offer.start <= now < offer.end


@rule
def given_back(offers, provider, now, flow):
    """What a rival's programme gives back, as a share of the basket; `flow` is what the firm's does."""
    worth = 0.0
    for o in range(len(offers)):
        if offers[o].provider == provider and offers[o].programme != PRICE_OFFER:
            if offers[o].start <= now < offers[o].end:
                worth += flow if offers[o].programme == COPY_OF_OURS else offers[o].depth
    return worth


@rule
def discount_seen(customer, offers, provider, now):
    """Deepest price cut of this provider that she sees now, as a share of the price."""
    depth = 0.0
    for o in range(len(offers)):
        if price_cut(offers[o], provider, now):
            if offers[o].depth > depth and sees(customer, offers[o]):
                depth = offers[o].depth
    return depth


@rule
def offer_value(customer, offers, provider, now, horizon, beyond):
    """Worth of the offers she sees, as a share of her basket: depth x min(time left, H) / H (MODEL 3.5).

    Only what goes `beyond` a price cut that she has anyway counts; cuts do not add up.
    """
    best = 0.0
    for o in range(len(offers)):
        if price_cut(offers[o], provider, now):
            worth = (offers[o].depth - beyond) * min(offers[o].end - now, horizon) / horizon
            if worth > best and sees(customer, offers[o]):
                best = worth
    return best
