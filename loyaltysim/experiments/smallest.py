"""The smallest market that touches every compiled rule: what `warmup` runs."""

from __future__ import annotations

from loyaltysim.scenario.spec import Scenario


def smallest() -> Scenario:
    """Four customers, two providers, a desk, an offer and points, for two months."""
    taste = {"quality": {"level": 70, "sd": 5}, "time": {"level": 70}}
    return Scenario.model_validate(
        {
            "schema": 1,
            "name": "smallest",
            "currency": "EUR",
            "warm_up": "1 month",
            "horizon": "1 month",
            "loyalty": {"period": "12 months"},
            "experience": {"decay": "1 year", "forgetting": "2 % / month"},
            "reputation": {},
            "waiting": {},
            "market": {
                "customers": 4,
                "entries": [{"on": "day 1", "customers": 1}],
                "segments": {
                    "all": {
                        "share": "100 %",
                        "occasions": {"mean": "4 / month", "shape": 1.5},
                        "basket": {"mean": "5 EUR", "shape": 6.25, "spread": 3.74},
                        "weights": {"quality": 0.5, "time": 0.5},
                    }
                },
            },
            "firm": {
                "attributes": taste,
                "service": {"desks": 1, "time": {"mean": "5 min"}, "patience": {"mean": "5 min"}},
            },
            "rivals": {
                "rival": {
                    "attributes": taste,
                    "offers": [{"from": "day 2", "to": "day 3", "depth": "10 %"}],
                }
            },
            "programme": {"points": {"earn": "1 / EUR", "worth": "0.05 EUR", "expiry": "6 months"}},
        }
    )
