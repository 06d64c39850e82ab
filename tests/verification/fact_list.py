"""Which published facts are asked, and which wait for a mechanism."""

from __future__ import annotations

from collections.abc import Callable

import facts_of_loyalty
import facts_of_markets
import facts_of_programmes
from facts import Fact

FACTS: dict[str, Callable[[int], list[Fact]]] = {
    "R1": facts_of_loyalty.r1,
    "R2": facts_of_loyalty.r2,
    "R3": facts_of_loyalty.r3,
    "R4": facts_of_markets.r4,
    "R5": facts_of_loyalty.r5,
    "R6": facts_of_loyalty.r6,
    "R7": facts_of_loyalty.r7,
    "R8": facts_of_loyalty.r8,
    "R16": facts_of_programmes.r16,
    "R17": facts_of_programmes.r17,
    "R33": facts_of_loyalty.r33,
    "R35": facts_of_programmes.r35,
    "R37": facts_of_markets.r37,
    "R38": facts_of_loyalty.r38,
    "Delight": facts_of_markets.delight,
}

WAITING = {
    "R14": "a naive share-of-wallet lift seven times the true one needs an experiment with enrolment (E31).",
    "R15": "a lift that is four fifths attrition needs something that also changes frequency (E19).",
    "R18": "a fifth less time between the first and the last stamp needs the goal gradient (E19).",
    "R19": "34 against 19 % finished cards needs endowed progress (E20).",
    "R20": "points pressure and rewarded behaviour need the short-lived lift after a reward (E21).",
    "R21": "purchases that rise before and after a redemption need the same.",
    "R22": "a goal that a fifth reach needs an experiment with tiers (E24).",
    "R23": "loyalty below that of the never promoted needs an experiment with tiers (E24).",
    "R24": "size and saturation need an experiment with the programmes that rivals now can start (E14).",
    "R28": "the paradox of recovery needs an experiment with the failures that visits now can have (E33).",
    "R29": "seven seconds of waiting for 1 % of share needs an experiment with desks and buying elsewhere.",
    "R31": "referred customers need word of mouth and referrals (E32).",
    "R32": "switching costs against satisfaction need bonds that differ between customers.",
    "R34": "excess loyalty needs the Dirichlet norm set beside customers who buy elsewhere.",
}
