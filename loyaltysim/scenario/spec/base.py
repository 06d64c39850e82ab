"""What all parts of a scenario share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from loyaltysim.scenario.quantities import Number

Level = Annotated[Number, Field(ge=0, le=100)]
Spread = Annotated[Number, Field(ge=0, le=100)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]


class Spec(BaseModel):
    """A piece of a scenario: unknown keys are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    alone: ClassVar[str | None] = None
    """The field that a single value stands for: `open: 11 h/day` is `open: {hours: 11 h/day}`."""

    @model_validator(mode="before")
    @classmethod
    def stands_for_its_field(cls, given: Any) -> Any:
        """A single value stands for the field named in `alone`."""
        return given if cls.alone is None or isinstance(given, dict | cls) else {cls.alone: given}


class Normal(Spec):
    """A quantity that differs between customers, normally distributed."""

    mean: Number
    """Mean over the customers of the segment, in the unit of the field."""
    sd: NotNegative = 0.0
    """Standard deviation over the customers of the segment, in the unit of the field."""


def require_one(field: str, shares: Iterable[float], what: str = "") -> None:
    """Raise unless the shares sum to 1 within rounding (1e-9)."""
    total = sum(shares)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"{what or repr(field)} must sum to 100 %, not {total * 100:g} %")
