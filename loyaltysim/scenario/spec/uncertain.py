"""What is not known about a number of the scenario: the law it is drawn from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from loyaltysim.scenario.quantities import Dialled, Name
from loyaltysim.scenario.spec.base import Positive, Spec

LAWS = ("uniform", "triangular", "normal", "lognormal", "beta", "values", "range")
BOUNDED = ("uniform", "triangular", "values", "range")


class Uncertainty(Spec):
    """The law of a number that is not known; exactly one law. Ends are written as at the number's path."""

    uniform: tuple[Dialled, Dialled] | None = None
    """Anything between the two ends, all alike."""
    triangular: tuple[Dialled, Dialled, Dialled] | None = None
    """Lowest, most likely, highest value."""
    normal: tuple[Dialled, Dialled] | None = None
    """Mean and standard deviation."""
    lognormal: tuple[Dialled, Positive] | None = None
    """Median, and the standard deviation of the logarithm."""
    beta: tuple[Positive, Positive] | None = None
    """Both shape parameters; between 0 and 1, or stretched over `within`."""
    values: Annotated[tuple[Dialled, ...], Field(min_length=2, max_length=10_000)] | None = None
    """These values, all alike, such as those that fit the data equally well."""
    range: Literal["uniform", "triangular"] | None = None
    """This law over the range that the number itself carries (`{value: 12, range: [8, 16]}`); triangular has
    its peak at the value."""
    within: tuple[Dialled, Dialled] | None = None
    """Ends between which a normal or lognormal law is cut, or over which a beta law is stretched."""
    together: Name | None = None
    """Numbers with the same word here are drawn as one: lists of values row by row, other laws at the same
    share of their way from lowest to highest."""

    @property
    def law(self) -> str:
        """The name of its law."""
        given = [name for name in LAWS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"name exactly one law of {', '.join(LAWS)}, not {' and '.join(given) or 'none'}"
            )
        return given[0]

    @model_validator(mode="after")
    def is_one_law(self) -> Uncertainty:
        """One law, whose numbers rise and share a unit."""
        law = self.law
        if self.within is not None and law in BOUNDED:
            raise ValueError(f"'within' cuts a law without ends; {law} has ends of its own")
        dials = [d for d in (*self.numbers, *(self.within or ())) if hasattr(d, "unit")]
        if len({d.unit.strip() for d in dials}) > 1:
            raise ValueError("all numbers of a law need the same unit")
        self.require_rising()
        return self

    def require_rising(self) -> None:
        """Raise ValueError unless lowest lies below highest."""
        law = self.law
        if law in ("uniform", "triangular"):
            values = [d.number for d in self.numbers]
            if values != sorted(values) or values[0] == values[-1]:
                raise ValueError(f"'{law}' must rise: its lowest value comes first")
        if law == "normal" and self.numbers[1].number <= 0:
            raise ValueError("'normal' needs a standard deviation above 0")
        if law == "lognormal" and self.numbers[0].number <= 0:
            raise ValueError("'lognormal' needs a median above 0")
        if self.within is not None and not self.within[0].number < self.within[1].number:
            raise ValueError("'within' must rise: its lowest value comes first")

    @property
    def numbers(self) -> tuple[Any, ...]:
        """The numbers of its law: dials, or plain ones where they have no unit."""
        value = getattr(self, self.law)
        return value if isinstance(value, tuple) else ()
