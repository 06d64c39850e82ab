"""Which published facts are asked, and which wait for a mechanism."""

from __future__ import annotations

from collections.abc import Callable

from loyaltysim.validation import (
    facts_of_cards,
    facts_of_finance,
    facts_of_loyalty,
    facts_of_markets,
    facts_of_members,
    facts_of_programmes,
    facts_of_service,
    facts_of_tiers,
)
from loyaltysim.validation.facts import Fact

FACTS: dict[str, Callable[[int], list[Fact]]] = {
    "R1": facts_of_loyalty.r1,
    "R2": facts_of_loyalty.r2,
    "R3": facts_of_loyalty.r3,
    "R4": facts_of_markets.r4,
    "R5": facts_of_loyalty.r5,
    "R6": facts_of_loyalty.r6,
    "R7": facts_of_loyalty.r7,
    "R8": facts_of_loyalty.r8,
    "R14": facts_of_members.r14,
    "R15": facts_of_members.r15,
    "R16": facts_of_programmes.r16,
    "R17": facts_of_programmes.r17,
    "R18": facts_of_cards.r18,
    "R19": facts_of_cards.r19,
    "R20": facts_of_cards.r20,
    "R21": facts_of_cards.r21,
    "R22": facts_of_tiers.r22,
    "R23": facts_of_tiers.r23,
    "R24": facts_of_markets.r24,
    "R25": facts_of_finance.r25,
    "R27": facts_of_finance.r27,
    "R28": facts_of_service.r28,
    "R29": facts_of_service.r29,
    "R31": facts_of_markets.r31,
    "R32": facts_of_service.r32,
    "R33": facts_of_loyalty.r33,
    "R34": facts_of_members.r34,
    "R35": facts_of_programmes.r35,
    "R37": facts_of_markets.r37,
    "R38": facts_of_loyalty.r38,
    "Delight": facts_of_markets.delight,
}

WAITING: dict[str, str] = {}

MISSES = {
    "R7": "by both curves a point of quality keeps about as many at 64 as at 86: thresholds differ "
    "between customers so widely that some stand at theirs at every level.",
    "R8": "unsteady quality lowers satisfaction, but blurs nobody's judgement: customers do not learn "
    "less from a visit that is one of many unlike ones. A model of learning would have to weigh "
    "it less. Open.",
    "R14": "the naive figure of the shipped scenario compares *spending*, which differs between light "
    "and heavy buyers many times over, where the study compares shares of wallet; nobody there "
    "buys elsewhere, so that only staying can raise a share; and a point is worth .02. With the "
    "same measure, customers who buy elsewhere, and points worth .05 it comes to what was "
    "published, at defaults that nobody set to it.",
    "R15": "with the pull of a stamp card (R18) three fifths of the lift are pace. Without such a pull, "
    "and where more customers leave, the published split comes out: the fact speaks of a chain in "
    "which it is staying that a programme can move. What the model does not give is the largest "
    "lift at both ends of the range of buyers.",
    "R16": "money is weighed against the basket, whoever she is: heavy buyers are kept as other buyers "
    "are. Open.",
    "R17": "above .80 only where rewards are rare for the many: at .3 visits a month. At more visits a "
    "ten-stamp card rewards nearly in proportion.",
    "R19": "the second published figure, the days between washes, needs more than the pull of a nearer "
    "goal: two given stamps quicken the pace by 2 to 3 % here, by 19 % there (`endowed.haste` "
    "would be the place to say so).",
    "R24": "rivals' programmes pull at standing, and what they take is customers; whether extra "
    "purchases are new to the category (`category_expandability`) hardly matters to that. And a "
    "small firm has more to win from rivals, in proportion to its size, than a large one.",
    "R25": "SCIENCE's factor on the pace of who has paid a fee, 1.2, makes a little more of the lift than "
    "the study finds; at 1.13 the split is the published one.",
    "R28": "in satisfaction, as published. Behaviour gains a little, too, although what goes beyond the "
    "loss is kept out of standing: a visit that failed lowers expectation, and the next ones "
    "please the more.",
    "R29": "set to the share, a second costs a third of a cent: customers of the model leave a higher "
    "price some ten times as readily as the study's drivers (`price_weight` .75 points per 1 %, "
    "elasticity over two years near -2.7).",
    "R31": "a friend's word finds those whom the firm fits (`matching`): they stay; nothing makes them buy "
    "more often or more: rates and baskets are drawn before anybody speaks, and a person who likes the "
    "firm less comes of herself only where a purchase is worth the move. Open.",
    "R34": "the market without a programme follows the Dirichlet norm within 1 %; that points add to the "
    "loyalty of a buyer beyond what its larger share explains is too little to be told from "
    "nothing.",
    "R37": "an offer fades with `fades` (.15 a month); car buyers forget faster.",
    "Delight": "rivals' reputations do not fall: those who stay with them are those who like them "
    "(selection), and what a raised expectation takes is small beside it.",
}
"""What each miss says about the model."""
