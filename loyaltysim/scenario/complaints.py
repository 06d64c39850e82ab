"""Failures: do they hit something, and whose cost is counted?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loyaltysim.scenario.marks import Path
from loyaltysim.scenario.suggestions import hint

if TYPE_CHECKING:
    from loyaltysim.scenario.spec import Scenario


def faults(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """A failure hits an attribute that has a weight; only the firm's money is counted."""
    known = list(scenario.firm.attributes)
    rivals = [(("rivals", name), rival) for name, rival in scenario.rivals.items()]
    for path, provider in [(("firm",), scenario.firm), *rivals]:
        failures = provider.failures
        if failures is None:
            continue
        here: Path = (*path, "failures", "attribute")
        if failures.attribute not in known:
            yield here, f"the firm has no attribute '{failures.attribute}'; {hint(failures.attribute, known)}"
        elif scenario.firm.attributes[failures.attribute].is_extra:
            yield here, f"'{failures.attribute}' is an extra, which nobody misses; name another attribute"
        if failures.cost is not None and path != ("firm",):
            yield (*path, "failures", "cost"), "what a rival spends is not counted; leave it out"
