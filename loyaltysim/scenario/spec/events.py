"""What happens on a day, whoever has a programme (MODEL 3.2)."""

from __future__ import annotations

from loyaltysim.scenario.quantities import Moment, Money, Name, Set
from loyaltysim.scenario.spec.base import Spec


class Event(Spec):
    """Something that happens on a day in both arms: a provider delivers otherwise from then on."""

    at: Moment
    """The day; on a close after everything of the close."""
    set: dict[Name, Set]
    """What it sets, by path: `firm.attributes.quality.level`, an `sd`, `rivals.Bean.price_level`."""
    cost: Money | None = None
    """What it costs the firm, once, in both arms."""
