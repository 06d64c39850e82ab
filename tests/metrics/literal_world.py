"""A world of six customers, written down by hand: both arms, fourteen months of thirty days, one past.

Base cohort 0-4. At t12: 0 stayed anyway, 1 saved, 2 driven away, 3 lost anyway, 4 left the market.
Customer 5 is a rival's and acquired in the programme's arm.
"""

import numpy as np

from loyaltysim.metrics.terms import Terms
from loyaltysim.record.outcome import Arm, Replication
from loyaltysim.rules.holdings import FILE, MEMBER, PURSE, REFERRAL, RELATION, SUBSCRIPTION
from loyaltysim.rules.ledger import (
    CAUSES,
    CENT,
    COHORT,
    FELT,
    GAPS,
    LIFT,
    LOYALTY,
    MONEY,
    SERVICE,
    STATUS,
    USES,
    WAIT_BINS,
)
from loyaltysim.rules.state import CLASSES, CUSTOMER, NOWHERE, STAGES

MONTHS, WARM_UP = 14, 1
DAYS = 30.0 * np.arange(MONTHS + 1) - 30.0
T12 = WARM_UP + 11  # row of the month that ends with the 12th close

TERMS = Terms(
    currency="EUR",
    money_unit=100,
    segments=("a", "b"),
    warm_up=WARM_UP,
    horizon=MONTHS - WARM_UP,
    discount_rate=0.0,
    fixed=10_000.0,  # 100 EUR a month
    clerk=2_000.0,  # 20 EUR an hour
    comfort_minute=3.0,  # 3 cents
    comfort_fixed=1_000.0,  # 10 EUR a month
    has_programme=True,
    programme_fixed=500.0,  # 5 EUR a month
    cost_per_point=2.0,  # 2 cents
    classes=5,
    event_costs=((0, 100.0), (1, 300.0), (9, 400.0)),  # 1 EUR before month 0, 7 EUR after it
)


def eur(amount):
    """A discounted amount as the records hold it."""
    return round(amount * 100 * CENT)


def blank_arm():
    customers = np.zeros(6, CUSTOMER)
    customers["key"] = np.arange(6)
    customers["exits"] = [np.inf, np.inf, np.inf, np.inf, 200.0, np.inf]
    customers["first_defection"] = np.inf
    customers["index_purchase"] = np.nan
    customers["present"] = [1, 1, 1, 1, 2, 1]
    customers["base"] = [1, 1, 1, 1, 1, 0]
    customers["class_0"] = [4, 4, 3, 2, 4, 0]
    customers["segment"] = [0, 0, 1, 1, 1, 0]
    return Arm(
        money=np.zeros((MONTHS, 2, len(MONEY)), np.int64),
        service=np.zeros((MONTHS, 1, len(SERVICE)), np.int64),
        waits=np.zeros(WAIT_BINS, np.int64),
        customers=customers,
        members=no_members(),
        satisfaction=np.zeros((6, 2)),
        satisfaction_12=np.zeros(6),
        reputation=np.full((MONTHS, 2), 70.0),
        weeks=np.zeros(56, np.int64),
        stages=np.zeros((MONTHS, len(STAGES), len(STAGES)), np.int64),
        loyalty=np.zeros((MONTHS, len(LOYALTY)), np.int64),
        outside=np.zeros(6, np.int32),
        files=np.zeros(6, FILE),
        referrals=np.zeros(6, REFERRAL),
        left_by=np.zeros((MONTHS, 1 + len(CAUSES)), np.int64),
        purses=np.zeros(6, PURSE),
        subscriptions=np.zeros(6, SUBSCRIPTION),
        cohorts=np.zeros((MONTHS, 2, 2, len(USES)), np.int64),
        status=np.zeros((MONTHS - WARM_UP + 1, len(STATUS)), np.int64),
        joiners=np.zeros((4, MONTHS - WARM_UP + 1, len(COHORT)), np.int64),
        curve=np.zeros((FELT, 2), np.int64),
        gaps=np.zeros(GAPS, np.int64),
        lost_from=np.zeros(CLASSES, np.int64),
        open_lots=np.zeros((1, 2, 2), np.int64),
        waves=np.zeros(6, np.int32),
        wedge=np.zeros((MONTHS - WARM_UP, 2, 2), np.int64),
        relations=np.zeros(6, RELATION),
    )


def no_members():
    """Nobody has joined anything."""
    members = np.zeros(6, MEMBER)
    members["since"] = members["watched"] = np.inf
    members["seen"] = -np.inf
    return members


def put(arm, row, **figures):
    """Enter figures of one month into the first segment's ledger."""
    for name, value in figures.items():
        arm.money[row, 0, MONEY.index(name)] = value


def homes(arm, at_12, at_end):
    arm.customers["home_12"], arm.customers["home"] = at_12, at_end


def programme_arm():
    arm = blank_arm()
    homes(arm, [0, 0, 1, 1, NOWHERE, 1], [0, 0, 1, 1, NOWHERE, 0])
    c = arm.customers
    c["first_defection"] = [
        50.0,
        np.inf,
        100.0,
        360.0,
        np.inf,
        np.inf,
    ]  # 0 came back; 3 on the very day of t12
    c["retained_months"] = [10, 12, 3, 12, 6, 0]
    c["spend"] = [10_000, 8_000, 1_000, 0, 0, 500]
    c["spend_year"], c["spend_year_all"] = (
        [9_000, 8_000, 0, 0, 0, 500],
        [10_000, 8_000, 7_000, 9_000, 0, 2_000],
    )
    c["value"] = [eur(50), eur(40), eur(5), 0, eur(-1), eur(2)]
    c["reward_cost"] = [eur(6), eur(4), 0, 0, 0, 0]
    c["balance"] = [100, 50, 0, 0, 0, 0]
    c["purchases"] = [10, 8, 1, 0, 1, 1]
    c["index_purchase"] = [1.0, 2.0, 3.0, np.nan, 4.0, 320.0]  # the last one too late for 90 days
    c["repeated"] = [1, 1, 0, 0, 0, 1]
    c["class_close"] = [4, 3, 0, 0, 0, 4]
    arm.satisfaction_12[:] = [80.0, 70.0, 60.0, 50.0, 40.0, 99.0]
    arm.lost_from[2:5] = [1, 1, 2]
    past_and_service(arm)
    put(arm, 3, visits=20, list_sales=21_500, discounts=500, rewards_paid=1_000, revenue=20_000)
    put(arm, 3, goods_sold=6_000, goods_rewards=300, fulfilment=100, value=eur(96), reward_cost=eur(10))
    put(arm, 3, self_service_cost=150, promise_cost=400)
    put(
        arm,
        3,
        points_issued=1_000,
        points_given=90,
        cards_begun=40,
        first_rewards=25,
        points_redeemed=700,
        points_expired=100,
        points_forfeited=50,
    )
    put(
        arm,
        3,
        points_outstanding=150,
        rewards=2,
        defections=4,
        defections_satisfied=3,
        acquired=1,
        winbacks=1,
    )
    put(arm, 3, csi=1_500 * int(CENT), csi_squares=20 * (75**2 + 9) * 64, gap=-10 * int(CENT), gap_negative=8)
    for row in range(1, MONTHS):
        put(arm, row, customers=5, home_customers=3, active_12m=4, satisfaction=round(3 * 72 * CENT))
        if row > 3:
            put(arm, row, points_outstanding=150)
    return arm


def twin_arm():
    arm = blank_arm()
    homes(arm, [0, 1, 0, 1, NOWHERE, 1], [0, 1, 0, 1, NOWHERE, 1])
    c = arm.customers
    c["first_defection"] = [np.inf, 90.0, np.inf, 90.0, np.inf, np.inf]
    c["retained_months"] = [12, 3, 12, 3, 6, 0]
    c["spend"] = [12_000, 2_000, 9_000, 0, 0, 0]
    c["value"] = [eur(55), eur(10), eur(20), 0, eur(-1), 0]
    c["purchases"] = [10, 2, 9, 0, 1, 0]
    arm.satisfaction_12[:] = [80.0, 60.0, 60.0, 50.0, 40.0, 99.0]
    past_and_service(arm)
    put(arm, 3, visits=19, list_sales=18_000, revenue=18_000, goods_sold=6_000, value=eur(84), defections=2)
    for row in range(1, MONTHS):
        put(arm, row, customers=5, home_customers=2, active_12m=3, satisfaction=round(2 * 75 * CENT))
    return arm


def past_and_service(arm):
    """The shared month before month 0, and a desk that gives the same service in both arms."""
    put(arm, 0, visits=7, revenue=7_777, list_sales=7_777, entered=5, customers=5, home_customers=3)
    desk = dict(arrived=10, served=8, gave_up=2, wait_ms=600_000, busy_ms=1_800_000, staffed_ms=3_600_000)
    desk |= dict(self_served=5, self_failed=1, promise_broken=2)
    for row in range(MONTHS):
        for name, value in desk.items():
            arm.service[row, 0, SERVICE.index(name)] = value
    arm.waits[[0, 30, 60, 600]] = [89, 28, 10, 3]


def replication(index=0):
    lift = np.zeros((MONTHS - WARM_UP, len(LIFT)), np.int64)
    lift[2] = [4_000, 1_000, 600, 1_001, 399]  # half cents: 155 EUR of margin less 120
    return Replication(index, 42, WARM_UP, DAYS, programme_arm(), twin_arm(), lift)
