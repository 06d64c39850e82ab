"""The figures of sales brought back, counted by hand in the literal world."""

from literal_world import DAYS, TERMS, WARM_UP, programme_arm, put, twin_arm

from loyaltysim.metrics.measure import measure
from loyaltysim.record.outcome import Replication


def test_figures_of_returns_are_what_one_counts_by_hand():
    """Two of 20 sales come back; without returns in the scenario nobody reads of them."""
    arm = programme_arm()
    put(arm, 3, returns=2, refunds=1_500, return_cost=300, points_taken_back=15, points_restored=6,
        points_charged=4, points_written_off=1)  # fmt: skip
    put(arm, len(arm.money) - 1, points_debt=5)
    record = Replication(0, 42, WARM_UP, DAYS, arm, twin_arm())
    parts = measure(record, TERMS._replace(returning=True)).parts
    share = parts["return_share", "programme"]
    assert (share.numerator, share.denominator) == (2, 20)
    found = {name: parts[name, "programme"].numerator for name in (
        "refunds", "return_cost", "points_taken_back", "points_restored", "points_charged",
        "points_written_off", "points_debt")}  # fmt: skip
    assert list(found.values()) == [15, 3, 15, 6, 4, 1, 5]
    plain = measure(Replication(0, 42, WARM_UP, DAYS, programme_arm(), twin_arm()), TERMS).parts
    assert plain["contribution", "programme"].numerator - parts["contribution", "programme"].numerator == 3
    assert ("return_share", "programme") not in plain
