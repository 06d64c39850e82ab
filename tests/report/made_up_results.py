"""Made-up results: small, with known numbers, shaped as `experiments.run.Results`."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from loyaltysim.metrics.catalogue import CATALOGUE
from loyaltysim.scenario.load import load

WARM_UP, HORIZON, REPLICATIONS = 12, 24, 10
CELLS = {"stayed_anyway": 170, "saved": 12, "driven_away": 8, "lost_anyway": 15, "left_market": 5}


POINTS = "programme: {points: {earn: 1 / EUR, worth: 0.01 EUR}}"
SCENARIO = """
schema: 1
name: {name}
question: {question}
currency: EUR
warm_up: 12 months
horizon: 24 months
seed: 42
replications: 10
market:
  customers: 600
  segments:
    everyone:
      share: 100 %
      occasions: {{mean: 5 / month}}
      basket: {{mean: {{value: 5.40 EUR, source: till receipts}}}}
      weights: {{quality: 100 %}}
firm:
  attributes: {{quality: {{level: 78}}}}
rivals:
  {rival}:
    attributes: {{quality: {{level: 70}}}}
    offers: [{{from: month 12, to: month 15, depth: 20 %}}]
{programme}
{more}
"""


def quoted(text):
    """A text as YAML and JSON write it, with the stars and flags that JSON would split in two."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u202e", "\\u202e")


def loaded(
    folder: Path,
    name="Coffee stars",
    rival="Bean House",
    question="Do stars pay for themselves?",
    programme=POINTS,
    more="",
):
    """A real scenario, read from a file."""
    path = folder / "coffee.yaml"
    texts = {key: quoted(text) for key, text in (("name", name), ("rival", rival), ("question", question))}
    path.write_text(SCENARIO.format(more=more, programme=programme, **texts), encoding="utf-8")
    return load(path)


def monthly(desk=True, replications=REPLICATIONS):
    """Month counts of both arms: the same past, then a slow rise with the programme."""
    luck = np.random.default_rng(7)
    rows = []
    for replication in range(replications):
        walk = 210 + np.cumsum(luck.normal(0, 2, WARM_UP + HORIZON))
        for k in range(WARM_UP + HORIZON):
            month = k + 1 - WARM_UP
            after = max(month, 0)
            for arm in ("programme", "twin"):
                on = arm == "programme"
                home = round(walk[k] + on * 0.4 * after)
                issued = on * 400 * (month > 0)
                values = {
                    "home_customers": home,
                    "satisfaction": home * (71 + 0.02 * after * on),
                    "points_issued": issued,
                    "points_redeemed": issued * 3 // 5,
                    "points_expired": issued // 10,
                    "points_forfeited": issued // 40,
                    "points_outstanding": on * after * (400 - 240 - 40 - 10),
                }
                if desk:
                    values |= {
                        "arrived": 1000,
                        "wait_min": (1.5 + k / 60 + 0.02 * on * (month > 0)) * 1000,
                        "gave_up": 40 + on * (month > 0),
                    }
                rows += [(arm, replication, month, "all", name, value) for name, value in values.items()]
    table = pd.DataFrame(rows, columns=["arm", "replication", "month", "group", "measure", "value"])
    return table.assign(scenario="coffee")


def kpi(name, arm, estimate, half):
    low, high = (None, None) if estimate is None or half is None else (estimate - half, estimate + half)
    return {
        "kpi": name,
        "arm": arm,
        "estimate": estimate,
        "low": low,
        "high": high,
        "level": 0.95,
        "estimator": "mean",
        "interval": "t",
        "estimable": estimate is not None,
        "sd": None,
        "n": REPLICATIONS,
        "unit": CATALOGUE[name].unit.replace("money", "EUR"),
        "window": "W",
    }


def kpis():
    rows = [kpi(name, "effect", value, 2.0) for name, value in CELLS.items()]
    rows += [kpi("incremental_retained", "effect", 4.0, 5.0), kpi("programme_roi", "effect", -0.25, 0.5)]
    rows += [kpi("cost_per_saved_customer", "effect", None, None)]
    rows += [
        kpi("programme_cost", arm, value, 0.1 * value)
        for arm, value in (("programme", 1200.0), ("twin", 0.0))
    ]
    rows += [kpi("incremental_contribution", "effect", -300.0, 600.0)]
    for arm, value in (("programme", 0.79), ("twin", 0.77), ("effect", 0.02)):
        rows.append(kpi("retention_12m", arm, value, 0.03))
    return rows


def samples():
    """Cost and effect on satisfaction, replication by replication."""
    rows = [(arm, r, name, value + r) for arm in ("programme", "effect") for r in range(REPLICATIONS)
            for name, value in (("programme_cost", 1195.0), ("satisfaction_base", -4.0))]  # fmt: skip
    return pd.DataFrame(rows, columns=["arm", "replication", "kpi", "value"])


NOTHING = {"outer": None, "measured": (), "units": (), "finance": None, "moves": [], "price_weights": None}


def make(folder: Path, **changes):
    folder.mkdir(exist_ok=True)
    values = {
        "loaded": loaded(folder),
        "seed": 42,
        "replications": REPLICATIONS,
        "engine": "compiled",
        "kpis": kpis(),
        "monthly": monthly(),
        "answer": "The programme keeps 4 of 210 customers (−1 to 9) and does not pay for itself.",
        "warnings": ["few replications: intervals are wide"],
        "checks": [],
        "digests": ["aa", "bb"],
        "folder": folder,
        "provenance": lambda: {"loyaltysim": "0.1.0", "seed": 42, "digest": "aabb"},
    }
    return SimpleNamespace(**(NOTHING | {"samples": samples()} | values | changes))
