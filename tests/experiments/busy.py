"""A small market in which everything happens: waits, gifts of points, lapses, moves, entries, exits."""

import made_up

from loyaltysim.scenario.load import load

BUSY = (
    "market.entrants=3 % / month",
    "market.segments.regulars.lifetime={mean: 14 months}",
    "market.segments.regulars.occasions={mean: 9 / month}",
    "firm.service={desks: 1, open: {from: 9, hours: 2 h/day}, time: {mean: 12 min}, patience: {mean: 8 min}}",
    "programme.points.expiry=3 months",
)


def busy(folder, *more):
    """That market, loaded."""
    path = folder / "busy.yaml"
    path.write_text(made_up.SCENARIO, encoding="utf-8")
    return load(path, overrides=(*BUSY, *more))
