"""What is there but never used, used by all alike, or only costs more: TRUST M5, M11, M16, M17, M20.

For tiers, cards, failures, self-service, priority, reactions, promises, offers to persons. Exact relations
are compared bit for bit in both arms. Which breaks were planted, and what failed, is said in the docstrings.
"""

import pytest
from small_worlds import CALM, POINTS_MEASURES, differences, differing_measures, play

from loyaltysim.rules.ledger import CENT, MONEY, M, V

FAILURES = (
    "firm.failures={{chance: {chance}, attribute: quality, severity: 40, complains: {voice}, cost: 2 EUR}}"
)
TIER = "programme.tiers={{levels: {{gold: {{from: {start}, status: {status}, priority: {first}}}}}}}"
NO_OFFERS = ("firm.offers=[]", "rivals.Bean.offers=[]", "experience={decay: null, forgetting: 0}")
REPORTED = ("felt_at",)  # the day up to which nothing has faded

UNUSED = {
    "failures of chance 0": (FAILURES.format(chance="0 %", voice="100 %"),),
    "complaints of nobody, failures of chance 0 at a rival": (
        "rivals.Bean.failures={chance: 0 %, attribute: quality, severity: 90}",
    ),
    "self-service for nobody": (
        "firm.service.self_service={share: 0 %, effort: 40, fails: 50 %, cost: 5 EUR}",
    ),
    "comfort that shortens nothing": ("firm.service.comfort={shortens: 0 %}",),
    "information that shortens nothing": ("firm.service.information={shortens: 0 %}",),
    "a promise that is always kept": ("firm.service.promise={within: 1000 h, cost: 9 EUR, eases: 30}",),
    "a tier out of reach": (TIER.format(start="100000 visits", status=20, first="true"),),
    "a pull of strength 0": ("programme.points.goal={strength: 0}",),
    "a lift of strength 0": ("programme.points.lift={strength: 0 %}",),
    "a card that is always kept": ("programme.points.kept=100 %",),
    "a gift for signing up of 0": ("programme.points.sign_up=0 points",),
    "advertising that reaches nobody": ("firm.claims=[{at: month 2, points: 30, reach: 0 %}]",),
    "a campaign that reaches nobody": (
        "programme.acquisition={fair: {at: month 3, reach: 0 %, gift: 90 EUR}}",
    ),
    "a save that notices nobody": ("programme.save={reach: 0 %, gift: 90 EUR}",),
    "a reaction after the horizon": ("rivals.Bean.reactions=[{to: programme, does: copy, lag: 9999 days}]",),
    "a reaction of chance 0": ("rivals.Bean.reactions=[{to: programme, does: undercut, chance: 0 %}]",),
    "a survey": ("survey={sample: 100 %, response: 90 %}",),
    "member prices of 0": ("programme.member_price={discount: 0 %}",),
    "cash back of 0": ("programme.cashback=0 %",),
    "days of single points": ("programme.points.campaigns=[{from: month 3, to: month 5, multiplier: 1}]",),
}
"""Parts that are there and do nothing (M11)."""


@pytest.mark.parametrize("part", UNUSED)
def test_a_part_that_is_never_used_changes_nothing(engine, part):
    """M11, exact. Catches: a tier nobody holds that dilutes by the share of all customers."""
    plain = play(engine, *NO_OFFERS)
    other = play(engine, *NO_OFFERS, *UNUSED[part])
    assert differences(plain.programme, other.programme, REPORTED, goals(part)) == []
    assert differences(plain.twin, other.twin, REPORTED) == []


def goals(part):
    """Measures that a part may keep although nobody uses it: cards begun, campaigns and what they ask."""
    if part.startswith(("a pull", "a lift", "a card", "a gift")):
        return ("cards_begun", "first_rewards")
    return ("approached_acquisition",) if part.startswith("a campaign") else ()


EVERYBODY_FIRST = tuple(f"market.segments.{s}.priority=true" for s in ("regulars", "visitors"))


def test_if_all_go_first_nobody_does(engine):
    """M11, exact: priority for everybody is the plain line."""
    plain, first = play(engine), play(engine, *EVERYBODY_FIRST)
    assert differences(plain.programme, first.programme) == []
    assert differences(plain.twin, first.twin) == []
    assert plain.twin.service[..., V.WAIT_MS].sum() > 0


def test_if_all_serve_themselves_the_line_is_empty(engine):
    """M20: a share of 1 that never fails: nobody arrives at the line, nobody gives up, all is paid for."""
    played = play(engine, "firm.service.self_service={share: 100 %, cost: 0.10 EUR}").twin
    row = played.service.sum(axis=(0, 1))
    assert row[V.ARRIVED] == row[V.WAIT_MS] == row[V.GAVE_UP] == row[V.SELF_FAILED] == 0
    visits = played.money[..., M.VISITS].sum()
    assert row[V.SELF_SERVED] == visits > 100
    assert played.money[..., M.SELF_SERVICE_COST].sum() == 10 * visits


def test_if_self_service_always_fails_it_is_the_line_with_its_cost(engine):
    """M20: who is failed joins the line at once; without effort she lives as if there had been no screen."""
    plain = play(engine).twin
    failing = play(engine, "firm.service.self_service={share: 100 %, fails: 100 %}").twin
    assert differences(plain, failing, (), ("self_service_cost",))[:1] in ([], ["service"])
    assert (plain.service[..., V.WAIT_MS] == failing.service[..., V.WAIT_MS]).all()
    assert (failing.service[..., V.SELF_FAILED] == failing.service[..., V.ARRIVED]).all()


def test_if_all_fail_and_all_complain_all_is_counted(engine):
    """M20: chance 1, voice 1, recovery 1: failures = complaints = made good = visits."""
    failures = (
        "firm.failures={chance: 100 %, attribute: quality, severity: 5, complains: 100 %, recovered: 100 %}"
    )
    money = play(engine, failures).twin.money.sum(axis=(0, 1))
    assert money[M.FAILURES] == money[M.COMPLAINTS] == money[M.RECOVERED] == money[M.VISITS] > 100


def test_a_tier_from_the_first_visit_on_is_held_by_all_who_came(engine):
    """M20: `from: 1 visits`, reviewed on a calendar longer than the horizon."""
    tier = TIER.format(start="1 visits", status=0, first="false").replace(
        "levels", "window: 60 months, levels"
    )
    played = play(engine, "programme.tiers=", tier).programme
    came = played.customers["purchases"] > 0
    assert played.money[..., M.PROMOTED].sum() == came.sum() > 20
    assert played.money[..., M.DEMOTED].sum() == 0


BINDING_TIER = TIER.format(start="1 visits", status=8, first="false").replace(
    "levels", "dilution: 0 %, failure: 0 %, demotion: 1, window: 60 months, levels"
)


@pytest.mark.parametrize("replication", range(3))
@pytest.mark.parametrize(
    "gift",
    [
        ("programme.cashback=6 %",),
        ("programme.member_price={discount: 6 %}",),
        (BINDING_TIER,),
    ],
    ids=["cash back", "member price", "status"],
)  # fmt: skip
def test_what_only_binds_drives_nobody_away(engine, gift, replication):
    """M16, a theorem: a hazard lower at every moment, person by person; and it does bind somebody.

    Break, planted: status counts against the home. All three replications failed, on both engines.
    """
    pace = ("loyalty.offset=-14", "warm_up=0")
    played = play(engine, *CALM, *pace, *gift, replication=replication)
    ours, theirs = played.programme.customers, played.twin.customers
    base = theirs["base"] == 1  # who comes from a rival later may leave the earlier
    assert (ours["first_defection"] >= theirs["first_defection"])[base].all()
    assert (ours["first_defection"] > theirs["first_defection"])[base].any()


COSTS = {  # field: what it is paid for
    "firm.service.self_service={{share: 30 %, cost: {} EUR}}": ("self_service_cost", V.SELF_SERVED),
    "firm.service.promise={{within: 1 min, cost: {} EUR}}": ("promise_cost", V.PROMISE_BROKEN),
    "firm.failures={{chance: 20 %, attribute: quality, severity: 9, cost: {} EUR}}": ("recovery_cost", None),
    "programme.tiers={{levels: {{gold: {{from: 3 visits, perks: {{cost: {} EUR, value: 2}}}}}}}}": (
        "perk_cost", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("field", COSTS)
def test_a_dearer_part_costs_exactly_its_difference(engine, field):
    """M17, exact: behaviour is the same; the discounted value falls by what is paid more, at a rate of 0.

    Catches: a recovery charged to the month of the close.
    """
    measure, counted = COSTS[field]
    free = ("finance.discount_rate=0 % / year", "finance.point.redeemed=0 %")
    cheap, dear = (play(engine, *free, field.format(cost)).programme for cost in ("0.10", "0.30"))
    costs = ("value", measure) if measure != "perk_cost" else ("value", measure, "reward_cost")
    assert differences(cheap, dear, ("value", "reward_cost"), costs) == []
    k = MONEY.index(measure)
    paid = [arm.money[..., k].sum(axis=1) for arm in (cheap, dear)]
    assert (paid[1] == 3 * paid[0]).all() and paid[0].sum() > 0
    if counted is not None:
        assert (paid[0] == 10 * cheap.service[..., counted].sum(axis=1)).all()
    after = slice(3, None)  # the warm-up is not valued
    values = [arm.money[after, :, M.VALUE].sum() for arm in (cheap, dear)]
    assert values[0] - values[1] == (paid[1] - paid[0])[after].sum() * int(CENT)


def test_points_in_tenths_change_no_tier_and_no_gift(engine):
    """M5, exact, with a tier that counts points, gifts of points, and days of double points.

    Break, planted: seven bare points with each gift for signing up.
    """

    def counted(unit):
        small = "0.0010" if unit == 1 else "0.0001"
        tier = f"{{from: {15_000 * unit} points, status: 4, multiplier: 2}}"
        return play(
            engine,
            f"programme.points.earn={100 * unit} / EUR", f"programme.points.worth={small} EUR",
            f"programme.points.minimum={2000 * unit}", f"programme.points.step={1000 * unit}",
            f"programme.points.sign_up={500 * unit} points",
            f"programme.points.birthday={300 * unit} points",
            "programme.points.campaigns=[{from: month 3, to: month 5}]",
            f"programme.tiers={{levels: {{gold: {tier}}}}}",
        )  # fmt: skip

    few, many = counted(1), counted(10)
    points = tuple(m for m in POINTS_MEASURES if m.startswith("points_"))
    assert differing_measures(few.programme.money, many.programme.money, points) == []
    for name in points:
        k = MONEY.index(name)
        assert (10 * few.programme.money[..., k] == many.programme.money[..., k]).all()
    assert few.programme.money[..., M.PROMOTED].sum() > 5
    assert few.programme.money[..., M.POINTS_GIVEN].sum() > 0
    assert few.programme.money[..., M.REWARDS].sum() > 0
