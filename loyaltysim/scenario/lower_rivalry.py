"""Offers to single persons, offers of providers, programmes of rivals and their reactions, as records."""

from __future__ import annotations

import math

import numpy as np

from loyaltysim.rules import parameters as p
from loyaltysim.rules.draws import REACTS, key_of, uniform
from loyaltysim.rules.programme.terms import APPROACH
from loyaltysim.scenario import timetable
from loyaltysim.scenario.lower_targeting import number_of
from loyaltysim.scenario.lowering import fill, luck_of, minor
from loyaltysim.scenario.moments import day_of
from loyaltysim.scenario.spec import Approach, Programme, Provider, Scenario
from loyaltysim.scenario.spec.rivalry import Acquisition, Reaction, WinBack

TO = {"programme": p.TO_PROGRAMME, "offer": p.TO_OFFER, "price": p.TO_PRICE}
DOES = {"match": p.MATCHES, "undercut": p.MATCHES, "copy": p.COPIES, "programme": p.STARTS}
UNDERCUT = 0.05
MARKET = 2**62  # the number under which the market's own luck is drawn: no customer has it


def lower_approaches(programme: Programme | None, scenario: Scenario, unit: int) -> np.ndarray:
    """The firm's offers to single persons, APPROACH (approaches,)."""
    found: list[tuple[int, str, Approach]] = []
    if programme is not None:
        found += [
            (p.ACQUIRE, f"acquisition/{name}", one) for name, one in sorted(programme.acquisition.items())
        ]
        found += [(p.WIN_BACK, "win-back", programme.win_back)] if programme.win_back else []
        found += [(p.SAVE, "save", programme.save)] if programme.save else []
    result = np.zeros(len(found), APPROACH)
    for one, (kind, name, approach) in zip(result, found, strict=True):
        cost = minor(approach.cost, unit) if approach.cost else 0.0
        reach = approach.reach
        if isinstance(approach, Acquisition):
            if approach.response is not None:
                reach *= 1.0 - math.exp(-approach.response * cost / unit)
            fill(one, day=day_of(approach.at, scenario.first_day))
        if isinstance(approach, WinBack):
            fill(one, fades=approach.fades, delay=approach.delay)
        fill(
            one,
            kind=kind,
            luck=luck_of(name),
            reach=reach,
            gift=round(minor(approach.gift, unit)) if approach.gift else 0,
            cost=round(cost),
            readiness=approach.readiness,
            target=number_of(approach.target, scenario),
        )
    return result


def lower_offers(scenario: Scenario, names: tuple[str, ...], offered: list[Provider]) -> np.ndarray:
    """All dated offers, OFFER (offers,), by provider and date; rivals' programmes and answers among them."""
    rows = []
    for number, (name, provider) in enumerate(zip(names, offered, strict=True)):
        found: dict[str, int] = {}
        for offer in provider.offers:
            start, end = (day_of(m, scenario.first_day) for m in (offer.start, offer.end))
            campaign = f"{name}/{start!r}/{end!r}"
            found[campaign] = found.get(campaign, 0) + 1
            luck = luck_of(f"{campaign}/{found[campaign]}")
            target = number_of(getattr(offer, "target", None), scenario)
            rows.append((number, luck, start, end, offer.depth, offer.reach, p.PRICE_OFFER, -1, target))
    closes = timetable.closes(scenario)
    ours = [row for row in rows if row[0] == 0]
    for r, (number, place, reaction) in enumerate(_reactions(scenario, names)):
        name = f"{names[number]}/reaction {place}"
        if reaction.to == "offer":
            for _, luck, start, end, depth, reach, *_ in ours:
                later = closes[closes >= start + reaction.lag]
                if len(later):
                    answer = luck_of(f"{name}/{luck}")
                    deeper = min(depth + _by(reaction), 1.0)
                    last = float(later[0]) + end - start
                    rows.append((number, answer, float(later[0]), last, deeper, reach, p.PRICE_OFFER, r, 0))
        elif reaction.does in ("copy", "programme"):
            worth = reaction.worth or 0.0
            rows.append((number, luck_of(name), math.inf, math.inf, worth, 1.0, p.OWN_PROGRAMME, r, 0))
    for number, (name, provider) in enumerate(zip(names, offered, strict=True)):
        worth = getattr(provider, "rewards", 0.0)
        if worth > 0.0:
            rows.append(
                (number, luck_of(f"{name}/rewards"), -math.inf, math.inf, worth, 1.0, p.OWN_PROGRAMME, -1, 0)
            )
    return np.array(sorted(rows), p.OFFER) if rows else np.zeros(0, p.OFFER)


def lower_reactions(scenario: Scenario, names: tuple[str, ...], offers: np.ndarray) -> np.ndarray:
    """The rivals' reactions, REACTION (reactions,), before it is drawn who reacts."""
    found = _reactions(scenario, names)
    result = np.zeros(len(found), p.REACTION)
    for r, (one, (number, place, reaction)) in enumerate(zip(result, found, strict=True)):
        mine = np.flatnonzero((offers["answers"] == r) & (offers["programme"] != p.PRICE_OFFER))
        fill(
            one,
            provider=number,
            place=place,
            to=TO[reaction.to],
            does=DOES[reaction.does],
            lag=reaction.lag,
            chance=reaction.chance,
            by=_by(reaction),
            offer=mine[0] if len(mine) else -1,
            since=math.nan,
        )
    return result


def drawn_reactions(
    reactions: np.ndarray, offers: np.ndarray, providers: np.ndarray, seed: int, replication: int
) -> tuple[np.ndarray, np.ndarray]:
    """Reactions and offers of one replication: who does not react has done so already, and offers nothing."""
    reactions, offers = reactions.copy(), offers.copy()
    key = np.uint64(key_of(seed, replication, MARKET))
    for r, one in enumerate(reactions):
        luck = int(providers["luck"][one["provider"]])
        if uniform(key, REACTS, luck, int(one["place"])) >= one["chance"]:
            one["done"] = 1
            offers["depth"][offers["answers"] == r] = 0.0
    return reactions, offers


def _reactions(scenario: Scenario, names: tuple[str, ...]) -> list[tuple[int, int, Reaction]]:
    """All reactions, with the number of the rival and the reaction's place with that rival."""
    return [
        (j, place, one)
        for j, name in enumerate(names[1:], 1)
        for place, one in enumerate(scenario.rivals[name].reactions)
    ]


def _by(reaction: Reaction) -> float:
    """How much lower it goes than the firm."""
    if reaction.does != "undercut":
        return 0.0
    return UNDERCUT if reaction.by is None else reaction.by
