"""Surprises: how many, what they cost, and how much they still delight (MODEL 3.7)."""

from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.readings import amount, flow
from loyaltysim.metrics.terms import Terms
from loyaltysim.rules.ledger import CENT


def has_surprises(terms: Terms) -> bool:
    """Whether a programme gives extras that nobody promised."""
    return terms.has_surprises


KPIS = (
    flow(
        "surprises",
        "Surprises",
        "Purchases at the firm that brought a gift which nobody had promised.",
        "surprises",
        when=has_surprises,
    ),
    amount(
        "surprise_cost",
        "Cost of surprises",
        "What they cost the firm, undiscounted; part of programme cost.",
        -1,
        when=has_surprises,
    ),
    KPI(
        "surprise_delight",
        "Delight of a surprise",
        "What extras gave beyond what she had come to expect of them at a visit with a surprise, on average: "
        "it falls as surprises come to be expected.",
        "CSI points",
        "W",
        1,
        "ratio",
        lambda view: (view.flow("surprise_delight") / CENT, view.flow("surprises")),
        when=has_surprises,
    ),
)
