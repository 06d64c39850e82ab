"""Scenarios drawn from the spec give the same record on both engines (TRUST M24).

The default run draws 50 of them, the same every time. Two hundred take half a minute:

    LOYALTYSIM_DRAWN=200 python -m pytest tests/engines/test_drawn_scenarios.py
"""

import os
from collections import Counter, defaultdict

from drawn_scenarios import drawn, fields, judged, scenarios
from hypothesis import HealthCheck, Phase, given, settings
from identity import differing, happened, lived
from pydantic import BaseModel

from loyaltysim.scenario.form import ROOT
from loyaltysim.scenario.lower import lower
from loyaltysim.scenario.spec import Scenario

DRAWN = int(os.environ.get("LOYALTYSIM_DRAWN", 50))
OUTER = ("Uncertainty.", "Scenario.uncertainties", "Finance.budget", "Budget.", "Limits.")  # no engine's
ONE_VALUE = {
    "Scenario.schema_version",
    "Scenario.currency",
    "Fit.mean",
    "Scenario.observed",
    "Observed.dataset",
    "Check.kpi",
}


def steadily(examples):
    """The same examples every time; a slow one is no fault."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def test_both_engines_leave_the_same_record():
    """Bit for bit; and enough happens in them: lines form, people give up, move, redeem."""
    seen = Counter()

    @steadily(DRAWN)
    @given(scenarios())
    def compare(scenario):
        numbers = lower(scenario)
        one, other = lived(numbers, ("simpy",)), lived(numbers, ("compiled",))
        for a, b in zip(one, other, strict=True):
            assert differing(a, b) == []
        seen.update(what for what, times in happened(one[-1]).items() if times)

    compare()
    assert min(seen[what] for what in ("visits", "waited")) >= DRAWN // 10, seen
    assert min(seen[what] for what in ("gave_up", "moved", "rewards")) >= DRAWN // 50, seen


def values(part, seen):
    """Note every value that was written, by model and field; returns the part in a form that can be kept."""
    if isinstance(part, BaseModel):
        for place, _, field in fields(type(part)):
            name = place.partition(".")[2]
            kept = values(getattr(part, name), seen)
            if name in part.model_fields_set:
                seen[place].add(kept)
            assert field is type(part).model_fields[name]
        return repr(part)
    if isinstance(part, dict):
        return tuple((name, values(child, seen)) for name, child in part.items())
    if isinstance(part, tuple):
        return tuple(values(child, seen) for child in part)
    return part


def all_fields(model, found=None):
    """Every model.field of the spec, from `model` downwards."""
    found = {} if found is None else found
    for place, _, field in fields(model):
        if place not in found:
            found[place] = field
            for part in models_in(field.annotation):
                all_fields(part, found)
    return found


def models_in(annotation):
    """The models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from models_in(part)


def test_every_field_of_the_spec_is_drawn_with_several_values():
    """And no drawn scenario is invalid: a field that `FITTED` should know of shows here."""
    seen = defaultdict(set)
    refused = []

    @steadily(600)
    @given(drawn(ROOT, "Scenario"))
    def look(written):
        scenario = judged(written)
        refused.append(scenario is None)
        if scenario is not None:
            values(scenario, seen)

    look()
    wanted = [place for place in all_fields(Scenario) if not place.startswith(OUTER)]
    assert len(wanted) > 90
    assert [place for place in wanted if not seen[place]] == []
    assert [place for place in wanted if len(seen[place]) < 2 and place not in ONE_VALUE] == []
    assert sum(refused) <= 0.02 * len(refused), f"{sum(refused)} of {len(refused)} do not fit together"
