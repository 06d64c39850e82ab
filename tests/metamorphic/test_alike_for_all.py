"""What moves everybody's scale alike moves nobody: MODEL 6, TRUST M23.

What each is meant to catch is named in its docstring; those breaks have not been planted.
"""

import numpy as np
import pytest
from small_worlds import differing_measures, play

SEGMENTS = ("regulars", "visitors")
SMOOTH = (  # nothing reaches the ends of the scale: levels 60 to 80, noise and fit of two points
    "firm.service=", "waiting=", "firm.price_level=0", "rivals.Kiosk.price_level=0",
    "loyalty.stay=[5 %, 99 %]",
    *(f"market.segments.{s}.fit.sd=2" for s in SEGMENTS),
)  # fmt: skip
LEVELS = {"firm": (70, 72, 62), "rivals.Bean": (66, 68, 64), "rivals.Kiosk": (60, 72, 72)}
WHO_IS_WHERE = ("home", "home_12", "spells", "occasions", "purchases", "base", "came_back", "balance")


def raised(points):
    """The smooth market with everybody's quality so many points higher."""
    return (
        *SMOOTH,
        *(
            f"{place}.attributes={{quality: {{level: {a + points}, sd: 2}}, "
            f"time: {{level: {b + points}, sd: 2}}, price: {{level: {c + points}, sd: 2}}}}"
            for place, (a, b, c) in LEVELS.items()
        ),
    )


@pytest.mark.parametrize("points", [-10, 8])
def test_quality_raised_alike_by_all_changes_no_share(engine, points):
    """The market at rest on another level: the same homes, visits and money, customer by customer.

    Catches: standing without the pull of rivals.
    """
    plain, other = play(engine, *raised(0)), play(engine, *raised(points))
    for a, b in ((plain.programme, other.programme), (plain.twin, other.twin)):
        for field in WHO_IS_WHERE:
            assert (a.customers[field] == b.customers[field]).all(), field
        np.testing.assert_allclose(a.customers["hazard"], b.customers["hazard"], rtol=1e-9, atol=1e-12)
        assert np.abs(b.satisfaction - a.satisfaction - points)[a.satisfaction > 0.0].max() < 1e-9
        of_scale = ("csi", "csi_squares", "satisfaction", "defections_satisfied", "gap", "gap_negative")
        assert differing_measures(a.money, b.money, of_scale) == []
    assert plain.twin.customers["spells"].sum() > 20


def test_a_scale_that_begins_elsewhere_with_the_curve_moved_along_changes_nothing(engine):
    """M23: 8 points more in every standing, and in every threshold: the same decisions.

    Catches: an offset that is also added to the pull.
    """
    moved = ("loyalty.offset=9", "market.segments.regulars.threshold.mean=70",
             "market.segments.visitors.threshold.mean=74")  # fmt: skip
    plain, other = play(engine), play(engine, *moved)
    for a, b in ((plain.programme, other.programme), (plain.twin, other.twin)):
        for field in WHO_IS_WHERE:
            assert (a.customers[field] == b.customers[field]).all(), field
        np.testing.assert_allclose(a.customers["hazard"], b.customers["hazard"], rtol=1e-6, atol=1e-9)
        assert differing_measures(a.money, b.money) == []


def test_names_of_classes_are_only_names(engine):
    """M23: other cut points of the classes of satisfaction: only what is counted by class differs.

    Catches: leaving that reads the class.
    """
    other = play(engine, "satisfaction.cuts=[10, 30, 50, 70, 85, 95]")
    for a, b in ((play(engine).programme, other.programme), (play(engine).twin, other.twin)):
        differ = [
            f for f in a.customers.dtype.names if not np.array_equal(a.customers[f], b.customers[f], True)
        ]
        assert set(differ) <= {"class_0", "class_close"} and differ
        assert set(differing_measures(a.money, b.money)) <= {"defections_satisfied"}
