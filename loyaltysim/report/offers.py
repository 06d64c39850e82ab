"""The dated price offers of a scenario as shaded spans of months."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from loyaltysim.report.charts import Span
from loyaltysim.report.wording import MINUS, number, plain
from loyaltysim.scenario.moments import MONTH, day_of

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results
    from loyaltysim.scenario.quantities import Instant

MOST = 8  # offers named in one chart; beyond that the names would cover it


def offers(results: Results) -> tuple[Span, ...]:
    """Everybody's offers that fall into the study, the rivals' first to start first; at most eight."""
    scenario = results.loaded.scenario
    sellers = [("own offer", scenario.firm), *scenario.rivals.items()]
    spans = [
        Span(
            month(offer.start, scenario.first_day),
            month(offer.end, scenario.first_day),
            f"{plain(name, 18)} {MINUS}{number(offer.depth, 'share')}",
        )
        for name, seller in sellers
        for offer in seller.offers
    ]
    within = [
        s for s in spans if s.end > -scenario.warm_up and s.start < scenario.horizon and s.end > s.start
    ]
    return tuple(
        Span(max(s.start, float(-scenario.warm_up)), min(s.end, float(scenario.horizon)), s.name)
        for s in sorted(within)[:MOST]
    )


def month(moment: Instant, first_day: dt.date | None) -> float:
    """A moment as months since month 0; days and dates in months of 365/12 days."""
    return float(moment.value) if moment.kind == "month" else day_of(moment, first_day) / MONTH  # type: ignore[arg-type]
