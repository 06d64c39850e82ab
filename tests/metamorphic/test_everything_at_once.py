"""TRUST M4, M6, M7, M11, M12 where everything is at work: bonds, failures, tiers, cards, reactions.

The relations of `test_names_units_and_bystanders` and `test_cuts_and_company`, exact, on a market in which
the mechanisms act on each other. What each is meant to catch is named; of those breaks a gift and
a perk without their unit were planted, and fail M4.
"""

import json

import numpy as np
import pytest
from small_worlds import (
    MARKET,
    SEED,
    advanced,
    differences,
    differing_fields,
    differing_measures,
    parameters,
    play,
    same,
)
from test_names_units_and_bystanders import IN_YEN, both_arms, keyed, upside_down
from yaml import safe_load

from loyaltysim.engines.simulate import simulate
from loyaltysim.rules.ledger import M
from loyaltysim.scenario.load import load
from loyaltysim.scenario.lower import lower

EVERYTHING = (
    "relationship={}",
    "loyalty.away={at_par: 20 %, slope: 30}",
    "market.category_expandability=40 %",
    "market.borrowed=20 %",
    "firm.effort=2",
    "firm.claims=[{at: month 2, points: 6, reach: 60 %}]",
    "firm.failures={chance: 6 %, attribute: quality, severity: 30, delay: 5 days, cost: 1 EUR}",
    "rivals.Bean.failures={chance: 4 %, attribute: quality, severity: 30}",
    "firm.service.peaks=[1, 3, 1]",
    "firm.service.self_service={share: 30 %, effort: 2, fails: 10 %, cost: 0.05 EUR}",
    "firm.service.comfort={shortens: 20 %, per_minute: 0.02 EUR}",
    "firm.service.promise={within: 4 min, cost: 0.30 EUR, eases: 5}",
    "rivals.Bean.reactions=[{to: programme, does: copy, lag: 60 days}]",
    "rivals.Kiosk.reactions=[{to: offer, does: match, lag: 10 days, chance: 50 %}]",
    "events=[{at: month 5, set: {firm.attributes.quality.level: 81}}]",
    "survey={}",
    "programme.enrolment={chance: 20 %, bonus: 5 points, cost: 0.40 EUR, identified: 90 %}",
    "programme.points.goal={}",
    "programme.points.lift={}",
    "programme.points.endowed={points: 2}",
    "programme.points.kept=95 %",
    "programme.points.sign_up=3 points",
    "programme.points.birthday=4 points",
    "programme.points.campaigns=[{from: month 3, to: month 4}]",
    "programme.points.changes=[{at: month 9, announced: month 8, worth: 0.05 EUR}]",
    "programme.cashback=1 %",
    "programme.member_price={discount: 2 %}",
    "programme.tiers={review: rolling, window: 4 months, levels: {gold: {from: 9 visits, priority: true, "
    "status: 3, multiplier: 2, perks: {cost: 0.20 EUR, value: 2, keeps: 50 %}}}}",
    "programme.win_back={gift: 2 EUR, readiness: 0}",
    "programme.save={gift: 2 EUR, readiness: 0, reach: 50 %}",
    "programme.acquisition={fair: {at: month 4, reach: 30 %, gift: 2 EUR, cost: 0.10 EUR}}",
)
YEN = {
    "0.05 EUR": "5 JPY", "0.02 EUR": "2 JPY", "0.30 EUR": "30 JPY", "0.40 EUR": "40 JPY",
    "0.20 EUR": "20 JPY",
    "0.10 EUR": "10 JPY", "1 EUR": "100 JPY", "2 EUR": "200 JPY",
}  # fmt: skip


def in_yen(text):
    """Every amount of an override in another currency, of which a unit is what a cent was."""
    for euros, yen in YEN.items():
        text = text.replace(euros, yen)
    return text


def test_everything_is_at_work():
    """The relations below are empty where nothing happens."""
    played = play("compiled", *EVERYTHING)
    done = played.programme.money.sum(axis=(0, 1))
    for what in (
        "defections", "visits_away", "complaints", "recovered", "enrolled", "promoted", "demoted",
        "perk_cost",
        "rewards", "first_rewards", "points_given", "points_expired", "cashback", "member_discounts",
        "self_service_cost", "promise_cost", "approached_winback", "approached_save",
        "approached_acquisition",
    ):  # fmt: skip
        assert done[getattr(M, what.upper())] > 0, what
    assert (played.programme.money != played.twin.money).any()


def test_money_in_another_unit_with_everything_at_work(engine):
    """M4. Catches: a gift, a perk, a fee or a cost lowered without its minor unit."""
    euros = play(engine, *EVERYTHING)
    yen = play(engine, *IN_YEN, *(in_yen(text) for text in EVERYTHING))
    assert both_arms(euros, yen) == []


def written(tmp_path, change):
    """The small market with everything, written anew after a change to its dictionary."""
    tree = safe_load(MARKET.read_text().replace("{on:", "{'on':"))
    path = tmp_path / "market.yaml"
    path.write_text(json.dumps(change(tree) or tree, default=str))
    return lower(load(path, EVERYTHING).scenario)


def test_the_order_of_keys_with_everything_at_work(engine, tmp_path):
    """M6. Catches: tiers, reactions or campaigns numbered in the order of the file."""
    numbers = written(tmp_path, upside_down)
    assert both_arms(play(engine, *EVERYTHING), simulate(numbers, 0, SEED, engine)) == []


def test_a_segment_cut_into_two_with_everything_at_work(engine, tmp_path):
    """M12. Catches: bonds at rest, or stages, kept by the first segment for all."""

    def halves(tree):
        segments = tree["market"]["segments"]
        regulars = segments.pop("regulars")
        halved = {f"regulars {k}": {**regulars, "share": "30 %"} for k in (1, 2)}
        tree["market"]["segments"] = {**halved, **segments}

    one, two = play(engine, *EVERYTHING), simulate(written(tmp_path, halves), 0, SEED, engine)
    assert two.twin.customers["segment"].max() == 2
    for a, b in ((one.programme, two.programme), (one.twin, two.twin)):
        assert differing_fields(a.customers, b.customers, ("segment",)) == []
        assert differing_measures(a.money.sum(axis=1), b.money.sum(axis=1)) == []
        assert (a.stages == b.stages).all() and (a.loyalty == b.loyalty).all()


def test_permuting_customers_with_everything_at_work(engine, monkeypatch):
    """M6. Catches: luck of enrolling, of failing or of a card that is keyed by her place.

    The doors are always open: else who bought from a rival in the evening, and whose next occasion maps to an
    hour of that day already past, stands before the doors at the next opening, with others; and these are
    served by number.
    """
    everything = (*EVERYTHING, "firm.service.open={from: 0, hours: 24}")
    plain = play(engine, *everything)
    numbers = parameters(*everything)
    first = numbers.first
    keyed(monkeypatch, lambda i: first - 1 - i if i < first else i)
    turned = simulate(numbers, 0, SEED, engine)
    order = np.concatenate([np.arange(first)[::-1], np.arange(first, len(plain.twin.customers))])
    for a, b in ((plain.programme, turned.programme), (plain.twin, turned.twin)):
        assert differing_fields(a.customers, b.customers[order]) == []
        assert differing_measures(a.money, b.money) == []
        assert (a.service == b.service).all() and (a.waits == b.waits).all()
        assert (a.members["since"] == b.members["since"][order]).all()


@pytest.mark.parametrize("cuts", [(5,), (2, 7, 11)])
def test_a_run_cut_at_closes_with_everything_at_work(engine, cuts):
    """M7. Catches: a campaign, a reaction or a case of recovery forgotten at a cut."""
    numbers = parameters(*EVERYTHING)
    straight, cut = (advanced(engine, numbers, cuts=at) for at in ((), cuts))
    assert differing_fields(straight.customers, cut.customers) == []
    assert differing_measures(straight.money, cut.money) == []
    for name in ("ranks", "cards", "feelings", "cases", "members", "ties"):
        one, other = getattr(straight, name), getattr(cut, name)
        assert one.shape == other.shape and one.size > 0
        assert all(same(one[field], other[field]).all() for field in one.dtype.names)


def test_a_rival_that_nobody_sees_with_everything_at_work(engine, tmp_path):
    """M11. Catches: somebody unseen whose reaction ends a piece of hazard, whose failures move the norm."""

    def with_ghost(tree):
        ghost = {**tree["rivals"]["Kiosk"], "awareness": 0}
        ghost["failures"] = {"chance": "50 %", "attribute": "quality", "severity": 60}
        tree["rivals"]["Zed"] = ghost
        for segment in tree["market"]["segments"].values():
            segment["home"]["Zed"] = "0 %"

    plain, haunted = play(engine, *EVERYTHING), simulate(written(tmp_path, with_ghost), 0, SEED, engine)
    for a, b in ((plain.programme, haunted.programme), (plain.twin, haunted.twin)):
        left_out = ("satisfaction", "reputation")  # of one provider more
        assert [d for d in differences(a, b) if d not in left_out] == []
