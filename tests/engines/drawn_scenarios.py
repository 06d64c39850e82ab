"""Scenarios drawn at random from the spec itself: a new field is drawn from the day it exists.

`scenarios` walks the fields of `Scenario` and draws for each a value of its kind, as a file would write it.
`KINDS` says how a kind of quantity is drawn, `RANGES` narrows the few fields for which any value of the kind
would be too slow or say nothing (a million customers), and `FITTED` makes the parts of a scenario fit
together: shares that sum to one, attributes that every provider has, moments that fall into the run. What
none of them knows how to draw is an error that says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from loyaltysim.scenario.form import ROOT, Form, fields_of, form_of, form_of_field
from loyaltysim.scenario.moments import month_start
from loyaltysim.scenario.spec import Scenario

Drawn = st.SearchStrategy[Any]
ATTRIBUTES, RIVALS, SEGMENTS = ("quality", "time", "service"), ("Bean", "Kiosk"), ("a", "b", "c")
CURRENCY = "EUR"
SETTINGS = (  # what an event may set; those of what a scenario lacks are left out
    *(f"firm.attributes.{a}.{what}" for a in ATTRIBUTES for what in ("level", "sd")),
    *(f"rivals.{r}.attributes.quality.level" for r in RIVALS),
    "rivals.Bean.price_level",
    "rivals.Kiosk.awareness",
    "firm.price_level",
    "firm.effort",
)


class Place(NamedTuple):
    """A moment before the length of the run is known: how it is written, and where in the run it falls."""

    written: str
    part: float


# ---------------------------------------------------------------- how each kind is drawn


def hundredths(low: float, high: float, over: int = 100) -> Drawn:
    """Numbers with a few decimals between two bounds."""
    return st.integers(round(low * over), round(high * over)).map(lambda n: n / over)


def amount(most: float, suffix: str = "") -> Drawn:
    """Money in the one currency."""
    return hundredths(0, most).map(lambda x: f"{x:.2f} {CURRENCY}{suffix}")


def spans(*written: str) -> Drawn:
    """Lengths of time as they are written."""
    return st.sampled_from(written)


KINDS: dict[
    str, Callable[[float, float], Drawn]
] = {  # by the name of the parser: lowest, highest -> strategy
    "flag": lambda low, high: st.booleans(),
    "number": lambda low, high: hundredths(max(low, -20), min(high, 30)),
    "ratio": lambda low, high: hundredths(max(low, -0.3), min(high, 0.5)),
    "share": lambda low, high: st.one_of(
        hundredths(max(low, 0), min(high, 1)), st.sampled_from((max(low, 0), min(high, 1)))
    ),
    "per_year": lambda low, high: hundredths(0, 0.2),
    "count": lambda low, high: st.integers(max(int(low), 0), min(int(high), 30)),
    "points": lambda low, high: st.integers(max(int(low), 0), 60),
    "name": lambda low, high: st.sampled_from(RIVALS),
    "days": lambda low, high: spans("12 h", "3 days", "30 days", "4 months", "2 years"),
    "months": lambda low, high: st.integers(max(int(low), 0), 4).map(lambda n: f"{n} months"),
    "minutes": lambda low, high: spans("1 s", "3 min", "22.5 min", "45 min", "6 h", "30 h"),
    "period": lambda low, high: st.sampled_from(("occasion", "1 month", "1 year", "10 days")),
    "hours_per_day": lambda low, high: st.sampled_from(("6 h/day", 24, 4, 1.5)),
    "per_day": lambda low, high: st.sampled_from((0, "0.5 / year", "3 % / month", "2 / month", "1 / day")),
    "date": lambda low, high: st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31)).map(str),
    "moment": lambda low, high: st.builds(
        Place, st.sampled_from(("month", "day", "date")), hundredths(-0.1, 1.1)
    ),
    "setting": lambda low, high: hundredths(50, 95),
    "money": lambda low, high: amount(20),
    "money_per_hour": lambda low, high: amount(30, "/h"),
    "money_per_month": lambda low, high: amount(900, "/month"),
    "qualification": lambda low, high: st.integers(1, 9).map(lambda n: f"{n} visits"),
    "earn_rate": lambda low, high: st.sampled_from((f"1 / {CURRENCY}", f"0.35 / {CURRENCY}", "7 / visit")),
}

SHAPES = st.sampled_from((0.4, 1.0, 2.5, 8.0))
RANGES: dict[str, Drawn] = {  # by model and field: where the kind alone would be too large, or say too little
    "Scenario.name": st.sampled_from(("drawn", "<b>drawn</b>")),
    "Scenario.question": st.sampled_from(("", "why?")),
    "Scenario.currency": st.just(CURRENCY),
    "Scenario.warm_up": st.integers(0, 2).map(lambda n: f"{n} months"),
    "Scenario.horizon": st.integers(1, 4).map(lambda n: f"{n} months"),
    "Scenario.uncertainties": st.just({}),  # an outer loop has tests of its own
    "Scenario.seed": st.integers(0, 2**63 - 1),
    "Market.customers": st.one_of(st.integers(20, 30), st.integers(0, 30)),
    "Market.entrants": st.sampled_from((0, "5 % / month", "40 % / month")),
    "Market.season": st.one_of(
        st.just([]), st.lists(st.sampled_from((0, 0.5, 1, 1.7)), min_size=12, max_size=12)
    ),
    "Entry.customers": st.integers(0, 5),
    "Occasions.mean": st.sampled_from(("20 / month", "5 / month", "1.5 / day")),
    "Occasions.every": spans("1 day", "12 h", "9 days", "40 days"),
    "Occasions.shape": SHAPES,
    "Occasions.stages": st.integers(1, 4),
    "Basket.shape": SHAPES,
    "Basket.spread": st.sampled_from((1.5, 3.0, 6.0)),
    "Lifetime.mean": spans("40 days", "4 months", "3 years"),
    "Lifetime.shape": SHAPES,
    "Lifetime.scale": spans("40 days", "4 months", "3 years"),
    "Renewal.alpha": SHAPES,
    "Renewal.beta": SHAPES,
    "Fit.mean": st.just(0),
    "Fit.taste_drift": spans("3 days", "4 months"),
    "Needs.half_life": spans("3 days", "4 months"),
    "Needs.wander": st.sampled_from((0, 0.3, 3)),
    "Normal.mean": hundredths(30, 80),
    "Failures.attribute": st.sampled_from(ATTRIBUTES),
    "Failures.delay": spans("1 s", "12 h", "3 days", "40 days"),
    "Attribute.level": hundredths(50, 95),
    "WordOfMouth.delight": hundredths(50, 90),
    "WordOfMouth.disappointment": hundredths(40, 80),
    "Referrals.delight": hundredths(50, 80),
    "Loyalty.par_standing": hundredths(55, 85),
    "Loyalty.steepness": hundredths(0.5, 10),
    "Loyalty.choice_slope": hundredths(0, 0.3),
    "Firm.sites": st.integers(1, 3),
    "Service.desks": st.sampled_from((1, 2, 3)),
    "Service.peaks": st.sampled_from(([], [1], [0, 3, 1], [2, 0, 0, 1.5, 0])),
    "Law.mean": spans("3 h", "45 min", "6 h", "30 h", "22.5 min", "1 s"),
    "Tiers.window": st.integers(1, 3).map(lambda n: f"{n} months"),
    "Tiers.success": st.sampled_from((0, 0.1, 0.5)),
    "Tiers.failure": st.sampled_from((-0.5, -0.03, 0)),
    "Tiers.failure_by_tier": st.sampled_from((0, 0.5, 9)),
    "Tiers.healing": spans("3 days", "365 days"),
    "Perks.wears_off": spans("3 days", "365 days"),
    "Enrolment.chance": st.sampled_from((0, 0.05, 0.4, 1)),
    "Enrolment.slope": hundredths(-2, 3),
    "PointsTerms.worth": amount(0.5),
    "PointsTerms.minimum": st.sampled_from((1, 2, 9, 40)),
    "PointsTerms.step": st.sampled_from((1, 2, 5)),
    "PointsTerms.choice_scale": st.sampled_from(("0.40 EUR", "2 EUR")),
    "Tier.multiplier": st.sampled_from((0.5, 1, 1.25, 3)),
    "Instruments.acceleration": hundredths(0, 2),
    "Endowed.commitment": hundredths(0, 2),
    "Endowed.haste": hundredths(0, 1),
    "Campaign.multiplier": st.sampled_from((2, 1.5, 10)),
    "Change.worth": amount(0.5),
    "Goal.strength": hundredths(0, 2),
    "Goal.power": hundredths(0.5, 3),
    "Target.segments": st.sampled_from(([], ["a"], ["b", "a"])),
    "Target.classes": st.sampled_from(([], [1, 2], [3, 4, 5])),
    "Target.tiers": st.sampled_from(([], ["none"], ["gold", "silver"])),
    "Records.high_value": st.sampled_from(("0 EUR", "40 EUR", "300 EUR")),
    "OpeningBalances.ages": st.sampled_from(([], [1], [0, 3, 1])),
    "OpeningBalances.shape": SHAPES,
    "Rollout.start": st.sampled_from(("month 0", "month 1")),
    "Stage.start": st.sampled_from(("month 0", "month 1")),
    "Stage.sites": st.sampled_from(([], [1])),
    "Rollout.sites": st.sampled_from(([], [1])),
    "StoredValue.top_up": st.sampled_from(("20 EUR", "0.03 EUR", "7.77 EUR")),
    "StoredValue.below": st.sampled_from(("5 EUR", "40 EUR")),
    "StoredValue.chance": st.sampled_from((0, 0.1, 1)),
    "Membership.fee": st.sampled_from(("0 EUR", "2.50 EUR", "60 EUR")),
    "Membership.worth": st.sampled_from(("1 EUR", "7 EUR")),
    "Membership.chance": st.sampled_from((0.1, 0.5, 1)),
    "ContactPlan.rate": st.sampled_from((0, "1 / month", "9 / month")),
    "Contact.rate": st.sampled_from(("1.5 / month", "3 / month", "2 / week")),
    "Contact.cost": st.sampled_from(("0.003 EUR", "0.40 EUR")),
    "Contact.consent": st.sampled_from((0.2, 0.7, 1)),
    "Contact.tolerance": st.sampled_from((0, "1 / month", "2.5 / month")),
    "Contact.gain": hundredths(0, 2),
    "Contact.most": hundredths(2.5, 9),
    "Contact.unsubscribes": st.sampled_from((0, 0.02, 0.4)),
    "Contact.fades": spans("3 days", "90 days"),
    "Contact.heals": spans("3 days", "90 days"),
    "Segment.tolerates": st.sampled_from((0, "1 / month", "5 / month")),
    "Community.interest": st.sampled_from((0.3, 1)),
    "Community.chance": st.sampled_from((0.1, 0.6)),
    "Community.devotion": hundredths(-1, 2),
    "Community.half_life": spans("3 days", "365 days"),
    "Community.fades": spans("3 days", "90 days"),
    "Community.leaves": st.sampled_from((0, 0.1, 0.5)),
    "OpeningPurses.mean": st.sampled_from(("3 EUR", "25.50 EUR")),
    "OpeningPurses.shape": SHAPES,
    "Goal.heavy": st.sampled_from(("24 / month", "2 / month")),
    "Satisfaction.cuts": st.sampled_from(([20, 40, 60, 80], [50, 60, 70, 80], [10, 25, 40, 55, 70, 85])),
    "Check.kpi": st.just("retention_12m"),
    "Lever.low": st.sampled_from((1, 2)),
    "Lever.high": st.sampled_from((3, 8)),
    "Lever.steps": st.sampled_from((2, 5)),
}
NAMES: dict[str, tuple[str, ...]] = {  # of fields that hold things by name
    "Tiers.levels": ("gold", "silver"),
    "Market.segments": SEGMENTS,
    "Scenario.rivals": RIVALS,
    "Provider.attributes": ATTRIBUTES,
    "Segment.weights": ATTRIBUTES,
    "Needs.toward": ATTRIBUTES,
    "Segment.home": RIVALS,
    "Segment.buys": ("fresh", "tobacco"),
    "PointsTerms.classes": ("fresh", "tobacco"),
    "Programme.acquisition": ("autumn", "spring"),
    "Contact.plans": ("few", "many"),
    "Event.set": SETTINGS,
    "Scenario.levers": ("firm.service.desks", "loyalty.steepness"),
}


# ---------------------------------------------------------------- the walk


def fields(model: type) -> Iterator[tuple[str, str, FieldInfo]]:
    """Of every field of a model: Model.field (the model that declares it), its name in a file, the field."""
    for written, field in fields_of(model).items():
        name = next(n for n, f in model.model_fields.items() if f is field)
        home = next(base for base in reversed(model.__mro__) if name in getattr(base, "__annotations__", {}))
        yield f"{home.__name__}.{name}", written, field


def bounds(annotation: Any) -> tuple[float, float]:
    """Lowest and highest number that a type admits; a bound that is left out is a little inside."""
    low, high = -1e18, 1e18
    if get_origin(annotation) is not None:
        parts = list(get_args(annotation))
        for part in parts:
            if isinstance(part, FieldInfo):
                parts += part.metadata
        for part in parts:
            inner = bounds(part) if get_origin(part) is not None else (low, high)
            low, high = max(low, inner[0]), min(high, inner[1])
            if isinstance(part, Ge | Gt):
                low = max(low, part.ge if isinstance(part, Ge) else part.gt + 0.01)
            if isinstance(part, Le | Lt):
                high = min(high, part.le if isinstance(part, Le) else part.lt - 0.01)
    return low, high


@cache
def drawn(form: Form, place: str) -> Drawn:
    """A strategy for what may stand at one place, as a file writes it."""
    if place in RANGES:
        return RANGES[place]
    if form.model:
        return mapping(form.model)
    if form.named is not None:
        assert place in NAMES, f"{place}: say in NAMES which names it holds"
        return st.dictionaries(
            st.sampled_from(NAMES[place]), drawn(form_of(form.named), f"{place}[]"), min_size=1, max_size=3
        )
    if form.listed is not None:
        return st.lists(drawn(form_of(form.listed), f"{place}[]"), max_size=3)
    if form.fixed:
        return st.tuples(*(drawn(form_of(part), f"{place}[]") for part in form.fixed)).map(list)
    if form.choices:
        return st.sampled_from(form.choices)
    assert form.quantity is not None, f"{place}: say in RANGES how to draw it"
    kind = form.quantity.parse.__name__
    assert kind in KINDS, f"{place}: say in KINDS how to draw a quantity of the kind {kind!r}"
    return KINDS[kind](*bounds(form.annotation))


def mapping(model: type) -> Drawn:
    """A mapping of the model's fields: all that are required, and three in four of the others."""
    fitted = FITTED.get(model.__name__, lambda given: given)

    @st.composite
    def given(draw: st.DrawFn) -> dict:
        found = {}
        for place, written, field in fields(model):
            if field.is_required() or draw(st.integers(0, 3)) < 3:
                found[written] = draw(drawn(form_of_field(field), place))
        return fitted(found)

    return given()


# ---------------------------------------------------------------- parts that fit together


def fitted_occasions(given: dict) -> dict:
    """At a mean rate or at regular distances."""
    if "every" in given and ("mean" not in given or given.get("stages", 1) == 1):
        return {"every": given["every"]}
    return {"mean": "9 / month", **{k: v for k, v in given.items() if k != "every"}}


def fitted_lifetime(given: dict) -> dict:
    """One mean, or a gamma of rates."""
    if {"shape", "scale"} <= given.keys():
        return {"shape": given["shape"], "scale": given["scale"]}
    return {"mean": given.get("mean", "4 months")}


def fitted_law(given: dict) -> dict:
    """The coefficient of variation belongs to the lognormal law."""
    law = given.get("law")
    if law == "lognormal":
        return {"cv": 0.7, **given}
    return given if law is None else {k: v for k, v in given.items() if k != "cv"}


def fitted_open(given: dict) -> dict:
    """The doors close before midnight."""
    hours = float(str(given.get("hours", 24)).removesuffix("h/day"))
    return {**given, "from": min(given.get("from", 0), 24 - hours)}


def fitted_loyalty(given: dict) -> dict:
    """Each theory has its numbers."""
    given = {**given, "stay": sorted(given["stay"])} if "stay" in given else given
    needed = {"constant": {"rate": 0.8}, "beta": {"renewal": {"alpha": 1, "beta": 2.5}}}
    return {**needed.get(given.get("theory", ""), {}), **given}


def fitted_attribute(given: dict) -> dict:
    """Kind and need agree, and each kind has its numbers."""
    if given.get("kind") == "hygiene":
        return {"floor": 70, "penalty": 0.4, **{k: v for k, v in given.items() if k not in ("need", "keeps")}}
    plain = {k: v for k, v in given.items() if k not in ("floor", "penalty")}
    if given.get("need") in ("unstated", "additional", "secret") and given.get("kind") != "core":
        return {**plain, "kind": "delighter"}
    return {k: v for k, v in plain.items() if k not in ("need", "keeps", "kind")}


def fitted_points(given: dict) -> dict:
    """A step is no more than the minimum, progress given is less."""
    given = {**given}
    if "endowed" in given:
        given["minimum"] = max(given.get("minimum", 1), given["endowed"]["points"] + 1)
    if "step" in given:
        given["step"] = min(given["step"], given.get("minimum", 1))
    if "ages" in given.get("opening", {}) and given.get("expires", "fixed") == "fixed" and "expiry" in given:
        ages = given["opening"]["ages"][: int(given["expiry"].split()[0])]
        given["opening"] = {**given["opening"], "ages": ages if sum(ages) else []}
    return given


def fitted_tiers(given: dict) -> dict:
    """Tiers differ in what they ask for."""
    for k, tier in enumerate(given["levels"].values()):
        tier["from"] = f"{int(tier['from'].split()[0]) + 9 * k} visits"
    return given


def fitted_check(given: dict) -> dict:
    """A check checks something."""
    return given if "min" in given or "max" in given else {**given, "min": 0}


def fitted_reaction(given: dict) -> dict:
    """Programmes answer programmes; what an answer needs is there, and nothing else."""
    does = given["does"] if given["to"] == "programme" else {"copy": "match", "programme": "undercut"}.get(
        given["does"], given["does"]
    )  # fmt: skip
    given = {**given, "does": does, "worth": given.get("worth", 0.04), "by": given.get("by", 0.02)}
    unneeded = {"worth"} - {"worth" if does == "programme" else ""} | {"by"} - {
        "by" if does == "undercut" else ""
    }
    return {k: v for k, v in given.items() if k not in unneeded}


def fitted_contact(given: dict) -> dict:
    """The first contact leaves less than all of them."""
    return {"most": 3, **given} if given.get("gain", 0) >= 1 else given


def whole(parts: dict[str, float], names: list[str]) -> dict[str, float]:
    """Shares over exactly these names that sum to one, in proportion to those drawn."""
    found = {name: round(100 * parts.get(name, 0.37)) for name in names}
    if not sum(found.values()):
        found[names[0]] = 100
    total = sum(found.values())
    return {name: part / total for name, part in found.items()}


def fitted_scenario(given: dict) -> dict:
    """What only fits when all is seen together: names, shares of a whole, moments."""
    firm, rivals, market = given["firm"], given.get("rivals", {}), given["market"]
    first, *_ = firm["attributes"]
    if any(firm["attributes"][a].get("kind") == "delighter" for a in {first, "time"} & {*firm["attributes"]}):
        firm["attributes"] = {
            a: {k: v for k, v in one.items() if k in ("level", "sd")} for a, one in firm["attributes"].items()
        }
    extras = [a for a, one in firm["attributes"].items() if one.get("kind") == "delighter"]
    for rival in rivals.values():
        ours = {a: {k: one[k] for k in ("level", "sd") if k in one} for a, one in firm["attributes"].items()}
        rival["attributes"] = {a: rival["attributes"].get(a, ours[a]) for a in ours}
    weighed = [a for a in firm["attributes"] if a not in extras]
    for provider in (firm, *rivals.values()):
        if "failures" in provider and provider["failures"]["attribute"] not in weighed:
            provider["failures"]["attribute"] = weighed[0]
        if provider is not firm:
            provider.get("failures", {}).pop("cost", None)
            for claim in provider.get("claims", []):
                claim.pop("cost", None)
        if "time" not in weighed:
            provider.pop("effort", None)
    shares = whole({name: one["share"] for name, one in market["segments"].items()}, [*market["segments"]])
    for name, segment in market["segments"].items():
        segment["share"] = shares[name]
        segment["weights"] = whole(segment["weights"], [a for a in firm["attributes"] if a not in extras])
        if segment.get("needs", {}).get("toward"):
            segment["needs"]["toward"] = whole(segment["needs"]["toward"], [*segment["weights"]])
        if "from" in segment.get("needs", {}):
            segment["needs"]["from"] = f"day {int(30 * segment['needs']['from'].part)}"
        if "relationship" not in given:
            segment.pop("bonds", None)
        if "home" in segment:
            segment["home"] = whole({"firm": 0.5, **segment["home"]}, ["firm", *rivals])
    for rival in rivals.values():
        if "from" in rival.get("growth", {}):
            rival["growth"]["from"] = f"day {int(30 * rival['growth']['from'].part)}"
    if "referrals" not in given:
        given.get("programme", {}).pop("referral", None)
    if "experience" not in given:
        for programme in (given.get("programme", {}), given.get("status_quo", {})):
            programme.pop("surprise", None)
    if not rivals:
        given.pop("loyalty", None)
    own, promise = (firm.get("service", {}).get(name, {}) for name in ("self_service", "promise"))
    if "time" not in firm["attributes"]:
        own.pop("effort", None)
        promise.pop("eases", None)
    if "service" not in firm["attributes"]:
        own.pop("service", None)
    talk = given.get("word_of_mouth", {})
    if talk.get("disappointment", 40) > talk.get("delight", 80):
        talk["disappointment"] = talk.get("delight", 80)
    for programme in (given.get("programme", {}), given.get("status_quo", {})):
        if "points" not in programme:
            programme.get("enrolment", {}).pop("bonus", None)
    if "points" in given.get("status_quo", {}):
        given.get("programme", {}).get("points", {}).pop("opening", None)
    both = (given.get("programme", {}), given.get("status_quo", {}))
    if any(programme.get("stored_value", {}).get("unclaimed") == "state" for programme in both):
        given.get("finance", {}).pop("prepaid", None)
    if "membership" in given.get("status_quo", {}):
        given.get("programme", {}).get("membership", {}).pop("opening", None)
    if "stored_value" in given.get("status_quo", {}):
        given.get("programme", {}).get("stored_value", {}).pop("opening", None)
    if "time" not in firm["attributes"] and "waiting" in given:
        given["waiting"]["penalty"] = 0
    if market["customers"] + sum(e["customers"] for e in market.get("entries", [])) == 0:
        market["customers"] = 3
    for event in given.get("events", []):
        event["set"] = {
            path: "4 %" if path.endswith(("price_level", "awareness")) else value
            for path, value in event["set"].items()
            if (path != "firm.effort" or "time" in weighed)
            and path.split(".")[-2] in (*firm["attributes"], "firm", *rivals)
            and path.split(".")[1] in ("attributes", "price_level", "effort", *rivals)
        }
    if "experience" not in given:
        for programme in (given.get("programme", {}), given.get("status_quo", {})):
            programme.pop("surprise", None)
    bought = set()
    for segment in market["segments"].values():
        bought |= {*segment.get("buys", {})}
        segment["buys"] = {name: round(share, 2) / 2 for name, share in segment.get("buys", {}).items()}
    for programme in (given.get("programme", {}), given.get("status_quo", {})):
        points = programme.get("points", {})
        by_visit = "visit" in points.get("earn", "")
        factors = {} if by_visit else points.get("classes", {})
        if "classes" in points:
            points["classes"] = {name: x for name, x in factors.items() if name in bought}
    if market["customers"] == 0:
        market.pop("represents", None)
    if "represents" in market:
        given.pop("observed", None)
    given.get("finance", {}).pop("budget", None)  # a budget year is longer than these runs
    fit_beginnings(given)
    fit_targets(given, given)
    place_moments(given)
    return given


def fit_targets(part: object, given: dict) -> None:
    """Targets name segments and tiers that there are, and what the records can tell."""
    if isinstance(part, list):
        for one in part:
            fit_targets(one, given)
    if not isinstance(part, dict):
        return
    for name in ("target", "cashback_target"):
        if isinstance(part.get(name), dict):
            fit_target(part, name, given)
    for one in part.values():
        fit_targets(one, given)
    if isinstance(part.get("plans"), dict):
        part["plans"] = {name: plan for name, plan in part["plans"].items() if "target" in plan}


def fit_target(part: dict, key: str, given: dict) -> None:
    """One target names what there is; one that names nothing is left out."""
    tiers = [given.get(name, {}).get("tiers") for name in ("programme", "status_quo")]
    levels = next((one["levels"] for one in tiers if one), None)
    known = {
        "segments": [*given["market"]["segments"]],
        "tiers": ["none", *levels] if levels else [],
        "stages": None if "relationship" in given else [],
        "groups": None if "high_value" in given["firm"].get("records", {}) else [],
    }
    target = {
        name: [x for x in values if known.get(name) is None or x in known[name]]
        for name, values in part[key].items()
    }
    part[key] = target
    if not any(target.values()):
        del part[key]


def fit_beginnings(given: dict) -> None:
    """Tiers are opened once and to members; a late rollout has nothing before it; one target for points."""
    programme, before = given.get("programme", {}), given.get("status_quo", {})
    for one in (programme, before):
        joined = "enrolment" not in one or "opening" in one.get("points", {})
        if "tiers" in one and (not joined or (one is programme and "tiers" in before)):
            one["tiers"].pop("opening", None)
    points = programme.get("points", {})
    if any("target" in campaign for campaign in points.get("campaigns", [])):
        points.pop("target", None)
    dated = points.get("campaigns") or points.get("changes") or programme.get("acquisition")
    if "from" in programme.get("rollout", {}) and (dated or "points" in before):
        if given.get("seed", 0) % 2:
            programme["rollout"].pop("from")
        else:
            for part, name in ((points, "campaigns"), (points, "changes"), (programme, "acquisition")):
                part.pop(name, None)
            before.pop("points", None)
            before.get("enrolment", {}).pop("bonus", None)
            before.get("tiers", {}).pop("opening", None)
    if given.get("horizon") == "1 months":
        programme.get("rollout", {}).pop("from", None)
    fit_stages(given, programme, before)


def fit_stages(given: dict, programme: dict, before: dict) -> None:
    """Stages rise, one a month, and say it all; nothing is open on their days, nor dated before them."""
    stages = programme.get("rollout", {}).get("stages", [])
    months = int(given.get("horizon", "1").split()[0])
    if not stages or "points" in before:
        programme.get("rollout", {}).pop("stages", None)
        return
    shares = sorted(float(stage.get("share", 1.0)) for stage in stages)[:months]
    first = 0 if len(shares) == months or given.get("seed", 0) % 2 else 1
    if first and (points := programme.get("points")):
        points.pop("campaigns", None)
        points.pop("changes", None)
    if first:
        programme.pop("acquisition", None)
    few = sum(bool(stage.get("sites")) for stage in stages)  # the first of them go to one site only
    rows = [
        {"from": f"month {first + k}", "share": share, "sites": [1] if k < few else []}
        for k, share in enumerate(shares)
    ]
    programme["rollout"] = {"stages": rows}
    for name in ("points", "tiers", "stored_value"):
        programme.get(name, {}).pop("opening", None)


def place_moments(given: dict) -> None:
    """Write every moment as its place in the run says: entries within it, offers not only within it."""
    first_day = dt.date.fromisoformat(given["first_day"]) if "first_day" in given else None
    months = [int(given.get(k, "0").split()[0]) for k in ("warm_up", "horizon")]
    start, end = month_start(-months[0], first_day), month_start(months[1], first_day)

    def written(place: Place, inside: bool) -> tuple[float, str]:
        part = min(max(place.part, 0.0), 0.99) if inside else place.part
        if place.written == "month":
            month = int((months[0] + months[1]) * part) - months[0]
            return month_start(month, first_day), f"month {month}"
        day = int(start + (end - start) * part)
        day += inside and day < start
        if place.written == "date" and first_day is not None:
            return day, str(first_day + dt.timedelta(day))
        return day, f"day {day}"

    for campaign in given.get("programme", {}).get("acquisition", {}).values():
        campaign["at"] = f"day {max(1, int(end * min(max(campaign['at'].part, 0.0), 1.0)))}"
    for entry in given["market"].get("entries", []):
        entry["on"] = written(entry["on"], True)[1]
    for event in given.get("events", []):
        event["at"] = written(event["at"], True)[1]
    points = (given.get("programme") or {}).get("points") or {}
    step = points.get("step", 1)
    for n, campaign in enumerate(points.get("campaigns", [])):
        campaign.update({"from": f"day {round(end * n / 3)}", "to": f"day {round(end * (n + 1) / 3) + 1}"})
        campaign["from"] = f"day {round(end * n / 3) + 2}" if n else campaign["from"]
    ahead = sorted({round(end * n / 7) + 1 for n in range(2 * len(points.get("changes", [])))})
    for change, told, day in zip(points.pop("changes", []), ahead[::2], ahead[1::2], strict=False):
        points.setdefault("changes", []).append({**change, "at": f"day {day}"})
        if "announced" in change:
            points["changes"][-1]["announced"] = f"day {told}"
        if "minimum" in change:
            points["changes"][-1]["minimum"] = max(change["minimum"], step)
        if "earn" in change:
            points["changes"][-1]["earn"] = points["earn"].replace("7", "3").replace("1 ", "2 ")
    for provider in (given["firm"], *given.get("rivals", {}).values()):
        for claim in provider.get("claims", []):
            claim["at"] = written(claim["at"], True)[1]
        for offer in provider.get("offers", []):
            ends = sorted(written(offer[key], False) for key in ("from", "to"))
            (first, offer["from"]), (last, offer["to"]) = ends
            if first == last or last <= start:
                offer["to"] = f"day {int(max(first, start)) + 9}"
        provider["offers"] = [
            o for o in provider.get("offers", []) if day_of_text(o["from"], first_day) < end
        ]


def day_of_text(text: str, first_day: dt.date | None) -> float:
    """The day that a written moment is."""
    if text.startswith("month"):
        return month_start(int(text.split()[1]), first_day)
    if text.startswith("day"):
        return float(text.split()[1])
    assert first_day is not None
    return float((dt.date.fromisoformat(text) - first_day).days)


FITTED: dict[str, Callable[[dict], dict]] = {
    "Occasions": fitted_occasions,
    "Lifetime": fitted_lifetime,
    "Law": fitted_law,
    "Open": fitted_open,
    "FirmAttribute": fitted_attribute,
    "Loyalty": fitted_loyalty,
    "PointsTerms": fitted_points,
    "DatedPoints": fitted_points,
    "Check": fitted_check,
    "Reaction": fitted_reaction,
    "Tiers": fitted_tiers,
    "Membership": lambda given: {"worth": "2 EUR", **given},
    "Contact": fitted_contact,
    "Scenario": fitted_scenario,
}


# ---------------------------------------------------------------- the strategy


def judged(given: dict) -> Scenario | None:
    """The scenario, or None if what was drawn does not fit together after all."""
    try:
        return Scenario.model_validate(given)
    except ValidationError:
        return None


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small valid scenarios, every field of the spec among them."""
    found = judged(draw(drawn(ROOT, "Scenario")))
    assume(found is not None)
    assert found is not None
    return found
