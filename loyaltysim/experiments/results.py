"""What a run gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysim.metrics.digest import digest_of_all
from loyaltysim.metrics.measure import Measured
from loyaltysim.metrics.summary import Row
from loyaltysim.metrics.unknown import by_draw

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysim.experiments.finance import Finance
    from loyaltysim.experiments.outer import Outer
    from loyaltysim.experiments.price_weights import PriceWeights
    from loyaltysim.scenario.load import Loaded


@dataclass(frozen=True)
class Results:
    """A scenario's figures with their intervals, and the tables they were drawn from."""

    loaded: Loaded
    seed: int
    replications: int
    engine: str
    kpis: list[Row]
    """One row a figure and arm, as printed by `--json`."""
    samples: pd.DataFrame
    """scenario, arm, replication, kpi, value; not a number where a figure is not defined."""
    monthly: pd.DataFrame
    """scenario, arm, replication, month, group, measure, value. Month m ends with the m-th close after
    month 0, so that the warm-up ends with month 0 and the months before it are negative; stocks are
    those at the close. Money in the currency, satisfaction in CSI points; groups are segments and `all`.
    """
    digests: list[str]
    """The fingerprint of each replication's full record."""
    warnings: list[str]
    checks: list[dict[str, Any]]
    """The scenario's conditions with the figure each is about and whether it passed."""
    answer: str
    folder: Path | None
    measured: Sequence[Measured] = field(default=(), repr=False)
    """What each replication left behind."""
    outer: Outer | None = field(default=None, repr=False)
    """What is not known, and how it was drawn; None where all is known."""
    moves: list[dict[str, Any]] = field(default_factory=list)
    """What each uncertain number does to the main figures."""
    price_weights: PriceWeights | None = field(default=None, repr=False)
    """The programme's return by how money is priced in CSI points; None where that was not asked for."""

    @cached_property
    def finance(self) -> Finance | None:
        """What whoever signs the budget asks; None without a programme."""
        from loyaltysim.experiments.finance import finance

        return finance(self)

    @property
    def each(self) -> int:
        """Replications that share what is not known."""
        return 1 if self.outer is None else self.outer.each

    @property
    def units(self) -> Sequence[Measured]:
        """One a draw, or a replication where all is known: from them other experiments pair differences."""
        return by_draw(self.measured, self.each)

    @property
    def checks_failed(self) -> bool:
        """Whether a condition of the scenario does not hold."""
        return not all(check["passed"] for check in self.checks)

    @property
    def digest(self) -> str:
        """The fingerprint of the run: the same for every engine and number of workers."""
        return digest_of_all(self.digests)

    def kpi(self, name: str, arm: str = "effect") -> Row:
        """The row of one figure and arm."""
        for row in self.kpis:
            if (row["kpi"], row["arm"]) == (name, arm):
                return row
        raise KeyError(f"{name} ({arm})")

    def to_json(self) -> dict[str, Any]:
        """The result as `--json` prints it: finite numbers, null for what is not estimable."""
        return {
            "scenario": self.loaded.scenario.name,
            "provenance": self.provenance(),
            "answer": self.answer,
            "kpis": self.kpis,
            "checks": self.checks,
            "warnings": self.warnings,
            **self.unknown(),
            **({} if self.finance is None else {"finance": self.finance.to_json()}),
            **({} if self.price_weights is None else {"price_weights": self.price_weights.to_json()}),
        }

    def unknown(self) -> dict[str, Any]:
        """What is not known and what it does, as `--json` prints it; nothing where all is known."""
        if self.outer is None:
            return {}
        from loyaltysim.experiments.outer import inputs

        head = {"draws": self.outer.draws(self.replications), "replications_per_draw": self.each}
        return {"uncertainty": {**head, "inputs": inputs(self.outer), "moves": self.moves}}

    def provenance(self) -> dict[str, Any]:
        """What gives these numbers again."""
        return {
            **versions(),
            "scenario_sha256": self.loaded.text_hash,
            "seed": self.seed,
            "replications": self.replications,
            "engine": self.engine,
            "digest": self.digest,
        }


def versions() -> dict[str, str]:
    """The versions that decide the numbers."""
    import platform
    from importlib.metadata import version

    import numpy

    from loyaltysim import __version__

    return {
        "loyaltysim": __version__,
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "numba": version("numba"),
        "platform": f"{platform.system()} {platform.machine()}",
    }
