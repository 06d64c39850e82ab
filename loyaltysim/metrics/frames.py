"""Tables over all replications, as pandas frames: what the report and the lessons show (DESIGN 6).

Each function takes the measured replications and the scenario's terms. Shares are 0 to 1, money is in the
currency, satisfaction and gaps are in CSI points, months count from month 0. `estimate`, `low`, `high` are
the mean, or the ratio of means, over replications and its interval at LEVEL; not a number where there is
none. The arm `effect` is programme minus twin, paired replication by replication. Arms are `programme`,
`twin`, `effect`; a scenario without a programme has the arm `twin` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.metrics.kept import DECILE, STEPS, TENTHS
from loyaltysim.metrics.lift import AFTER_MARGIN, MECHANISMS, OF_MARGIN, SOURCES
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.statistics import Estimate, mean_interval, ratio_difference, ratio_interval
from loyaltysim.metrics.summary import LEVEL, estimate
from loyaltysim.metrics.terms import Terms
from loyaltysim.record.columns import causes_of
from loyaltysim.rules.ledger import COHORT, FELT, GAPS, STATUS
from loyaltysim.rules.state import STAGES

if TYPE_CHECKING:
    import pandas as pd

FOUND = ("estimate", "low", "high")


def lift_by_mechanism(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """What the programme adds to profit, by mechanism: the rows above the last sum to it."""
    import pandas as pd

    rows = []
    for kpi in MECHANISMS:
        name = kpi.name.partition(".")[2]
        label = OF_MARGIN[name][0] if name in OF_MARGIN else AFTER_MARGIN[name][0]
        rows.append((name, label, *three(estimate(kpi, "effect", measured, LEVEL)), terms.currency))
    total = three(estimate(CATALOGUE["profit"], "effect", measured, LEVEL))
    rows.append(("profit", "Incremental profit", *total, terms.currency))
    return pd.DataFrame(rows, columns=("row", "label", *FOUND, "unit"))


def lift_by_source(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Where the extra purchases at the firm come from: `from_rivals` + `new_to_category` = `extra_visits`."""
    import pandas as pd

    rows = []
    for kpi in SOURCES:
        found = three(estimate(kpi, "effect", measured, LEVEL))
        rows.append((kpi.name.partition(".")[2], kpi.label.partition(": ")[2], *found, kpi.unit))
    return pd.DataFrame(rows, columns=("row", "label", *FOUND, "unit"))


def status_over_time(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Where the base cohort is at every close: shares that sum to 1."""
    import pandas as pd

    shares = by_arm(measured, terms, "status")
    sizes = {arm: values.sum(axis=2) for arm, values in shares.items()}
    rows = []
    for arm in arms_of(terms):
        for month in range(next(iter(shares.values())).shape[1]):
            for place, status in enumerate(STATUS):
                if status == "outside" and not terms.outside:
                    continue
                above = {x: values[:, month, place] for x, values in shares.items()}
                below = {x: values[:, month] for x, values in sizes.items()}
                rows.append((arm, month, status, *share(ratio(arm, above, below), arm)))
    return pd.DataFrame(rows, columns=("arm", "month", "status", *FOUND))


def cohorts(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Retention and spend of those who joined together, by age; means over replications, no intervals."""
    import pandas as pd

    blocks = []
    for arm, values in by_arm(measured, terms, "cohorts").items():
        means = values.mean(axis=0)
        rows, ages = means.shape[0] // (2 if terms.has_members else 1), means.shape[1]
        length = -(-(ages - 1) // (rows - 1))
        for half, joined in enumerate(("firm", "programme")[: means.shape[0] // rows]):
            who, home, spend, visits = np.moveaxis(means[half * rows : (half + 1) * rows], 2, 0)
            row, age = np.nonzero(who > 0)
            block = pd.DataFrame({"arm": arm, "joined": joined, "cohort": row, "age": age})
            block["from_month"] = np.where(row == 0, 0, (row - 1) * length + 1)
            block["to_month"] = np.where(row == 0, 0, np.minimum(row * length, ages - 1))
            block["customers"] = who[row, age]
            block["retention"] = home[row, age] / who[row, age]
            block["spend"] = spend[row, age] / terms.money_unit / who[row, age]
            block["visits"] = visits[row, age] / who[row, age]
            blocks.append(block)
    assert len(COHORT) == 4
    return pd.concat(blocks, ignore_index=True)


def satisfaction_and_staying(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """The curve of satisfaction and loyalty as lived: who stays, by satisfaction at the last close."""
    import pandas as pd

    rows = []
    for arm, values in by_arm(measured, terms, "curve").items():
        for place in range(FELT):
            months, lost = values[:, place, 0], values[:, place, 1]
            if months.sum() == 0:
                continue
            found = ratio_interval((months - lost).tolist(), months.tolist(), LEVEL)
            width = 100.0 / FELT
            year = [None if x is None else min(max(x, 0.0), 1.0) ** 12 for x in found[:3]]
            rows.append((arm, place * width, (place + 1) * width, months.mean(), *numbers(year)))
    return pd.DataFrame(
        rows, columns=("arm", "from_satisfaction", "to_satisfaction", "customer_months", *FOUND)
    )


def gap_distribution(measured: Sequence[Measured], terms: Terms, width: int = 1) -> pd.DataFrame:
    """Visits by quality less expectation, as shares of all served visits at the firm.

    In classes of `width` CSI points, a divisor of 100.
    """
    import pandas as pd

    rows = []
    for arm, every in by_arm(measured, terms, "gaps").items():
        values = every.reshape(len(every), GAPS // width, width).sum(axis=2)
        totals = values.sum(axis=1).tolist()
        for place in np.flatnonzero(values.sum(axis=0)):
            found = ratio_interval(values[:, place].tolist(), totals, LEVEL)
            first = int(place) * width - GAPS // 2
            rows.append((arm, first, first + width, *share(found, arm)))
    return pd.DataFrame(rows, columns=("arm", "from_gap", "to_gap", *FOUND))


def whale_curve(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Contribution of the best buyers, as a share of that of all; above 1 where others cost money."""
    import pandas as pd

    rows = []
    for arm, values in by_arm(measured, terms, "whale").items():
        for place in range(STEPS + 1):
            found = ratio_interval(values[:, place].tolist(), values[:, -1].tolist(), LEVEL)
            rows.append((arm, place / STEPS, float(values[:, place].mean()), *three(found)))
    return pd.DataFrame(rows, columns=("arm", "customers", "contribution", *FOUND))


def deciles(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """The firm's buyers in tenths by their spend without the programme: the same persons in both arms."""
    import pandas as pd

    rows = []
    values = by_arm(measured, terms, "deciles")
    for arm in arms_of(terms):
        for tenth in range(TENTHS):
            below = {x: table[:, tenth, 0] for x, table in values.items()}
            for place, name in enumerate(DECILE):
                if place:
                    above = {x: table[:, tenth, place] for x, table in values.items()}
                    rows.append((arm, tenth + 1, name, *three(ratio(arm, above, below))))
    return pd.DataFrame(rows, columns=("arm", "decile", "measure", *FOUND))


def conditionals(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Satisfied given defected, and defected given satisfied: two questions, each with its period."""
    return of_kpis(measured, terms, ("satisfied_given_defected", "defected_given_satisfied"))


def defections_by_cause(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Defections from the firm by the term of standing that had fallen, each attribute apart."""
    import pandas as pd

    rows = []
    values = by_arm(measured, terms, "causes")
    known = {arm: table[:, :-1].sum(axis=1) for arm, table in values.items()}
    for arm in arms_of(terms):
        for place, cause in enumerate(causes_of(terms.attributes)[:-1]):
            above = {x: table[:, place] for x, table in values.items()}
            number = float(above[arm].mean()) if arm != "effect" else float("nan")
            rows.append((arm, cause, number, *share(ratio(arm, above, known), arm)))
    return pd.DataFrame(rows, columns=("arm", "cause", "defections", *FOUND))


def naive_beside_truth(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """The lift that a firm without a twin computes, in three ways, and the true one."""
    names = ("member_lift", "naive_lift", "naive_before_after", "naive_did")
    return of_kpis(measured, terms, names)


def transitions(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """The pyramid in motion: of those in one stage at a close, who are in which at the next."""
    import pandas as pd

    rows = []
    moved = by_arm(measured, terms, "stages")
    for arm in arms_of(terms):
        for place, before in enumerate(STAGES):
            if before == "elsewhere":
                continue
            below = {x: table[:, place].sum(axis=1) for x, table in moved.items()}
            for to, after in enumerate(STAGES):
                above = {x: table[:, place, to] for x, table in moved.items()}
                rows.append((arm, before, after, *share(ratio(arm, above, below), arm)))
    return pd.DataFrame(rows, columns=("arm", "from_stage", "to_stage", *FOUND))


def stage_lives(measured: Sequence[Measured], terms: Terms) -> pd.DataFrame:
    """Months until she has gone elsewhere, from each stage, if the pyramid went on moving as it has (C16)."""
    import pandas as pd

    rows = []
    lived = {arm: pseudo_lives(table) for arm, table in by_arm(measured, terms, "stages").items()}
    for arm in arms_of(terms):
        values = lived[arm] if arm != "effect" else lived["programme"] - lived["twin"]
        for place, stage in enumerate(STAGES[1:]):
            found = mean_interval(values[:, place].tolist(), LEVEL)
            rows.append((arm, stage, *three(found)))
    return pd.DataFrame(rows, columns=("arm", "stage", *FOUND))


def pseudo_lives(moved: np.ndarray) -> np.ndarray:
    """Jackknife pseudo-values of the lives of all replications together, (replications, stages) (Tukey 1958).

    Of moves (replications, before, after) between STAGES; not a number where a stage was never left alive.
    """
    whole, n = lives(moved.sum(axis=0)), len(moved)
    if n == 1:
        return whole[None]
    return np.array([n * whole - (n - 1) * lives(moved.sum(axis=0) - one) for one in moved])


def lives(moved: np.ndarray) -> np.ndarray:
    """Mean months before the exit from each stage: (I - Q)^-1 1, Q the moves between stages as shares.

    The fundamental matrix of an absorbing chain (Kemeny & Snell 1960; C16).
    """
    left = moved[1:].sum(axis=1)
    if not left.all():
        return np.full(len(moved) - 1, np.nan)
    stays = moved[1:, 1:] / left[:, None]
    try:
        found = np.linalg.solve(np.eye(len(stays)) - stays, np.ones(len(stays)))
    except np.linalg.LinAlgError:  # nobody ever leaves
        return np.full(len(stays), np.nan)
    return np.where(found > 0.0, found, np.nan)


# ---------------------------------------------------------------- the parts


def arms_of(terms: Terms) -> tuple[str, ...]:
    """The arms that say something of their own."""
    return ("programme", "twin", "effect") if terms.has_programme else ("twin",)


def by_arm(measured: Sequence[Measured], terms: Terms, name: str) -> dict[str, np.ndarray]:
    """The arrays of one name, stacked over replications, by arm (programme, twin)."""
    return {arm: np.stack([one.tables[f"{arm}.{name}"] for one in measured]) for arm in arms_of(terms)[:2]}


def ratio(arm: str, above: dict[str, np.ndarray], below: dict[str, np.ndarray]) -> Estimate:
    """The ratio of one arm, or the paired difference of both."""
    if arm != "effect":
        return ratio_interval(above[arm].tolist(), below[arm].tolist(), LEVEL)
    ours, theirs = ((above[side].tolist(), below[side].tolist()) for side in ("programme", "twin"))
    return ratio_difference(*ours, *theirs, LEVEL)


def three(found: Estimate) -> tuple[float, float, float]:
    """Estimate, low, high; not a number where there is none."""
    low, high = numbers([found.low, found.high])
    return numbers([found.estimate])[0], low, high


def share(found: Estimate, arm: str) -> tuple[float, float, float]:
    """The same, the interval without what no share can be (a difference of two: below -1, above 1)."""
    middle, low, high = three(found)
    least = -1.0 if arm == "effect" else 0.0
    return middle, max(low, least), min(high, 1.0)


def numbers(values: Sequence[float | None]) -> list[float]:
    """Not a number in the place of nothing."""
    return [float("nan") if value is None else float(value) for value in values]


def of_kpis(measured: Sequence[Measured], terms: Terms, names: Sequence[str]) -> pd.DataFrame:
    """Figures of the catalogue as a table: one row a figure and arm."""
    import pandas as pd

    rows = []
    for kpi in (CATALOGUE[name] for name in names):
        if not kpi.when(terms):
            continue
        for arm in ("effect",) if kpi.paired else arms_of(terms):
            found = three(estimate(kpi, arm, measured, LEVEL))
            rows.append((kpi.name, kpi.label, arm, *found, kpi.window_in(terms)))
    return pd.DataFrame(rows, columns=("row", "label", "arm", *FOUND, "window"))
