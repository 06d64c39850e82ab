"""Loyalty where affect, trust and habit are kept: pyramid, transitions, four dimensions (MODEL 3.4)."""

from loyaltysim.metrics.kpi import KPI, Value
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT, LOYALTY
from loyaltysim.rules.state import STAGES


def _kept(terms: Terms) -> bool:
    return terms.feels


def pyramid_share(stage: str, label: str, direction: int) -> KPI:
    """Share of the firm's customers in one stage, at the horizon."""

    def formula(view: View) -> Value:
        pyramid = view.arm.stages[-1].sum(axis=0)
        return int(pyramid[STAGES.index(stage)]), int(pyramid[1:].sum())

    definition = f"Home customers in the stage '{stage}' of the pyramid of loyalty, over home customers."
    name = f"pyramid_share.{stage}"
    return KPI(name, label, definition, "share", "end", direction, "ratio", formula, when=_kept)


def pyramid_stays(stage: str, label: str) -> KPI:
    """Share of those in a stage at one close who are in it at the next."""
    place = STAGES.index(stage)

    def formula(view: View) -> Value:
        moved = view.arm.stages[view.warm_up :].sum(axis=0)
        return int(moved[place, place]), int(moved[place].sum())

    definition = f"Of those in the stage '{stage}' at a close, who are in it at the next; over all closes."
    name = f"pyramid_stays.{stage}"
    return KPI(name, label, definition, "share", "W", 0, "ratio", formula, when=_kept)


def dimension(measure: str, label: str, definition: str, unit: str) -> KPI:
    """Mean of a dimension over the firm's customers at all closes."""

    def formula(view: View) -> Value:
        total = int(view.arm.loyalty[view.warm_up :, LOYALTY.index(measure)].sum())
        return total / CENT, view.over_closes("home_customers")

    return KPI(f"{measure}_mean", label, definition, unit, "W", 1, "ratio", formula, when=_kept)


def attitude_behaviour(cell: str, label: str, definition: str, direction: int) -> KPI:
    """Share of the firm's customers in one cell of attitude and behaviour, at the horizon."""

    def formula(view: View) -> Value:
        return int(view.arm.loyalty[-1, LOYALTY.index(cell)]), view.stock("home_customers")

    name = f"attitude_behaviour.{cell}"
    return KPI(name, label, definition, "share", "end", direction, "ratio", formula, when=_kept)


KPIS = (
    pyramid_share("none", "Pyramid: no loyalty", -1),
    pyramid_share("preference", "Pyramid: preference", 0),
    pyramid_share("habitual", "Pyramid: habitual", 0),
    pyramid_share("devoted", "Pyramid: devoted", 1),
    pyramid_stays("none", "Pyramid: no loyalty, a month later still"),
    pyramid_stays("preference", "Pyramid: preference, a month later still"),
    pyramid_stays("habitual", "Pyramid: habitual, a month later still"),
    pyramid_stays("devoted", "Pyramid: devoted, a month later still"),
    dimension(
        "cognitive",
        "Cognitive loyalty",
        "Mean over home customers at the closes of S less the best reputation of a rival.",
        "CSI points",
    ),
    dimension(
        "affect", "Affective loyalty", "Mean affect of home customers at the closes, 0 to 100.", "points"
    ),
    dimension("trust", "Trust", "Mean trust of home customers at the closes.", "of 100"),
    dimension(
        "conative",
        "Conative loyalty",
        "Mean over home customers at the closes of the chance of staying a year at her standing.",
        "share",
    ),
    dimension(
        "habit",
        "Action loyalty",
        "Mean habit of home customers at the closes: of late occasions, the share bought from home.",
        "share",
    ),
    attitude_behaviour(
        "loyal", "Attitude and behaviour: loyal", "Relative attitude above 0 and habit of at least 0.6.", 1
    ),
    attitude_behaviour(
        "latent", "Attitude and behaviour: latent", "Relative attitude above 0, habit below 0.6.", 0
    ),
    attitude_behaviour(
        "spurious", "Attitude and behaviour: spurious", "Habit of at least 0.6, attitude not above 0.", 0
    ),
    attitude_behaviour("unattached", "Attitude and behaviour: none", "Neither habit nor attitude.", -1),
)
