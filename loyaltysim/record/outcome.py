"""What one replication leaves behind: the ledgers and the customers of both arms.

`Arm.money[month, segment, measure]` and `Arm.service[month, site, measure]` are int64 with the
measures of `rules.state.MONEY` and `SERVICE`. Months run from the first month of the warm-up;
`Replication.warm_up` months of it are the same in both arms; month 0 is the close after them.
`Arm.satisfaction[i, j]` is the cumulative satisfaction of customer i with provider j at the end.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from loyaltysim.rules.holdings import FILE, PURSE, REFERRAL, RELATION, SUBSCRIPTION
from loyaltysim.rules.ledger import COHORT, FELT, GAPS, LIFT, LOYALTY, STATUS, USES
from loyaltysim.rules.state import CLASSES, STAGES


class Arm(NamedTuple):
    """One of the two futures, with the past they share."""

    money: np.ndarray  # int64 (months, segments, len(MONEY))
    service: np.ndarray  # int64 (months, sites, len(SERVICE))
    waits: np.ndarray  # int64 (WAIT_BINS,): waits after month 0 of everyone who arrived, in seconds
    customers: np.ndarray  # CUSTOMER records at the horizon, one a customer, by id
    members: np.ndarray  # MEMBER records at the horizon, by id; none where everybody is a member
    satisfaction: np.ndarray  # float64 (customers, providers)
    satisfaction_12: (
        np.ndarray
    )  # float64 (customers,): with the firm at the 12th close (nan: horizon shorter)
    reputation: np.ndarray  # float64 (months, providers) at the closes
    weeks: np.ndarray  # int64 (weeks,): repeat purchases at the firm by week from month 0
    stages: np.ndarray = np.zeros(
        (0, len(STAGES), len(STAGES)), np.int64
    )  # (months, STAGES, STAGES), or empty
    loyalty: np.ndarray = np.zeros((0, len(LOYALTY)), np.int64)  # (months, LOYALTY), or empty
    outside: np.ndarray = np.zeros(0, np.int32)  # 1: outside of the rollout, by id; or empty
    files: np.ndarray = np.zeros(0, FILE)  # the firm's records at the horizon, by id; or empty
    referrals: np.ndarray = np.zeros(0, REFERRAL)  # by id; none where nobody refers
    cohorts: np.ndarray = np.zeros((0, 0, 0, len(USES)), np.int64)  # (months, segments, ages, USES)
    open_lots: np.ndarray = np.zeros((0, 0, 0), np.int64)  # (kinds, segments, ages): points at the horizon
    status: np.ndarray = np.zeros((1, len(STATUS)), np.int64)  # (closes from month 0 on, STATUS): base cohort
    joiners: np.ndarray = np.zeros((2, 1, len(COHORT)), np.int64)
    """(rows, ages, COHORT): by the month of joining the firm, then by that of joining the programme."""
    curve: np.ndarray = np.zeros((FELT, 2), np.int64)  # months of home customers, and those ended elsewhere
    gaps: np.ndarray = np.zeros(GAPS, np.int64)  # served visits after month 0, by gap
    lost_from: np.ndarray = np.zeros(CLASSES, np.int64)  # defections after month 0, by class of satisfaction
    purses: np.ndarray = np.zeros(0, PURSE)  # stored value at the horizon, by id; none where nobody stores
    subscriptions: np.ndarray = np.zeros(0, SUBSCRIPTION)  # to the paid club at the horizon, by id; or none
    left_by: np.ndarray = np.zeros((0, 0), np.int64)  # (months, attributes + CAUSES): defections; or none
    waves: np.ndarray = np.zeros(0, np.int32)  # stage of the rollout that reaches her, by id; or none
    wedge: np.ndarray = np.zeros((0, 1, 2), np.int64)  # (months after month 0, stages + 1, 2); or none
    relations: np.ndarray = np.zeros(0, RELATION)  # what contacts and a community have left, by id; or none


@dataclass(frozen=True)
class Replication:
    """One repetition: the programme and its twin, the same customers with the same luck."""

    index: int
    seed: int
    warm_up: int  # months before month 0
    days: np.ndarray  # float64 (months + 1,): the closes, the first being the start of the warm-up
    programme: Arm
    twin: Arm
    lift: np.ndarray = field(default_factory=lambda: np.zeros((0, len(LIFT)), np.int64))
    """int64 (months after month 0, LIFT): what margin the programme adds, by mechanism, half minor units."""
