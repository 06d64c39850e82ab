"""How many points are ever used: chain ladder, hazard, segment, each from what had happened by a close.

Gault, Llaguno & Ménard (2012), CAS E-Forum, name the methods. Two rates are kept apart: that of *issue*, of
points not issued yet, and that of points *open* at an age; they agree only if hazards do not depend on age.
"""

from typing import NamedTuple

import numpy as np

from loyaltysim.rules.ledger import POINTS_IN, POINTS_OUT, USES

METHODS = ("chain_ladder", "hazard", "segment")
WINDOW = 12  # months from which hazards are taken
TAKEN_BACK = USES.index("taken_back")


class Flows(NamedTuple):
    """Points by month of use and age, float64 [month, segment, age], and those open at the month's close."""

    issued: np.ndarray
    used: np.ndarray
    lapsed: np.ndarray
    left: np.ndarray

    def to(self, month: int) -> "Flows":
        """What was known at the close of a month."""
        return Flows(*(part[: month + 1] for part in self))

    def together(self) -> "Flows":
        """All segments as one."""
        return Flows(*(part.sum(axis=1, keepdims=True) for part in self))


class Outlook(NamedTuple):
    """Chances of ever being used: of an open point by segment and age, of a point yet to be issued."""

    open: np.ndarray  # [segment, age]
    issue: np.ndarray  # [segment]


def flows_of(cohorts: np.ndarray) -> Flows:
    """The flows of one kind of points, from the ledger by cohort [month, segment, age, USES]."""
    rows = cohorts.astype(np.float64)
    came = rows[..., : len(POINTS_IN)].sum(axis=3)
    outs = [USES.index(name) for name in POINTS_OUT]
    net = came - rows[..., outs].sum(axis=3)
    left = np.zeros_like(net)
    for month in range(len(net)):
        left[month] = net[month]
        if month:
            left[month, :, 1:] += left[month - 1, :, :-1]
    used = rows[..., USES.index("redeemed")]
    lapsed = rows[..., USES.index("expired")] + rows[..., USES.index("forfeited")]
    return Flows(came - rows[..., TAKEN_BACK], used, lapsed, left)


def outlook(method: str, flows: Flows, expires: bool) -> Outlook:
    """The chances by this method from these flows; `expires`: whether every age is the last but for one."""
    segments = flows.issued.shape[1]
    if method == "segment":
        parts = [_hazards(Flows(*(x[:, [s]] for x in flows)), expires) for s in range(segments)]
        return Outlook(np.vstack([p.open for p in parts]), np.concatenate([p.issue for p in parts]))
    one = flows.together()
    found = _hazards(one, expires) if method == "hazard" else _ladder(one)
    return Outlook(np.repeat(found.open, segments, axis=0), np.repeat(found.issue, segments))


def hazards(flows: Flows, expires: bool) -> tuple[np.ndarray, np.ndarray]:
    """Chances of being used and of lapsing in a month, by age, over the last `WINDOW` months.

    The points at risk are those open at the month's start, or issued in it. An age never seen takes the
    hazard of all ages from 1 on; where points expire, their last age has nothing beyond it.
    """
    used, lapsed = (x[-WINDOW:].sum(axis=(0, 1)) for x in (flows.used, flows.lapsed))
    risk = flows.left[-WINDOW:].sum(axis=(0, 1)) + used + lapsed
    older = slice(1, None)
    total = risk[older].sum()
    typical = [x[older].sum() / total if total > 0 else 0.0 for x in (used, lapsed)]
    seen = risk > 0
    h, gone = (
        np.divide(x, risk, out=np.full(len(x), t), where=seen)
        for x, t in zip((used, lapsed), typical, strict=True)
    )
    if expires:
        gone[-1] = 1.0 - h[-1]
    return h, gone


def _hazards(flows: Flows, expires: bool) -> Outlook:
    """A point is used at the first age at which it is, unless it lapses before: competing risks by age."""
    h, gone = hazards(flows, expires)
    last = 0.0 if expires or h[-1] + gone[-1] == 0 else h[-1] / (h[-1] + gone[-1])
    ahead = np.zeros(len(h))
    ahead[-1] = last
    for age in range(len(h) - 2, -1, -1):
        ahead[age] = h[age + 1] + (1.0 - h[age + 1] - gone[age + 1]) * ahead[age + 1]
    issue = h[0] + (1.0 - h[0] - gone[0]) * ahead[0]
    return Outlook(ahead[np.newaxis], np.array([issue]))


def ladder(cumulative: np.ndarray, tail: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Age-to-age factors and ultimates of a triangle [cohort, age], not a number where nothing is known yet.

    Factors are weighted by volume: the sum at the next age over that at this one, of cohorts that have both.
    """
    ages = cumulative.shape[1]
    factors = np.ones(ages)
    factors[-1] = tail
    for age in range(ages - 1):
        both = ~np.isnan(cumulative[:, age + 1])
        below = cumulative[both, age].sum()
        if below > 0:
            factors[age] = cumulative[both, age + 1].sum() / below
    to_go = np.cumprod(factors[::-1])[::-1]
    latest = (~np.isnan(cumulative)).sum(axis=1) - 1
    return factors, cumulative[np.arange(len(cumulative)), latest] * to_go[latest]


def _ladder(flows: Flows) -> Outlook:
    """The chain ladder on cohorts issued since the record began: what it expects of one over what is open.

    A cohort so young that none has been used at its age has no factor: it takes the rate of the others.
    """
    months, _, ages = flows.used.shape
    cumulative = np.full((months, ages), np.nan)
    for issue in range(months):
        known = min(ages, months - issue)
        cumulative[issue, :known] = np.cumsum(flows.used[issue + np.arange(known), 0, np.arange(known)])
    _, ultimate = ladder(cumulative)
    age = np.minimum(months - 1 - np.arange(months), ages - 1)
    known_at = np.nansum(cumulative, axis=0)[age] > 0
    issued = flows.issued[:, 0, 0]
    whole = issued[known_at].sum()
    rate = min(ultimate[known_at].sum() / whole, 1.0) if whole > 0 else 0.0
    ultimate = np.where(known_at, ultimate, rate * issued)
    chances, young = np.zeros(ages), np.arange(min(ages, months))
    issue = months - 1 - young
    left = flows.left[-1, 0, young]
    ahead = np.maximum(ultimate[issue] - cumulative[issue, young], 0.0)
    chances[young] = np.where(left > 0, np.minimum(ahead / np.maximum(left, 1.0), 1.0), 0.0)
    return Outlook(chances[np.newaxis], np.array([rate]))
