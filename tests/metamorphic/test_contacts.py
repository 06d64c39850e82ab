"""Contacts on both engines (MODEL 3.7): their cost, consent, what they bind with and what they strain.

A break named after "Break" was made in a copy of the tree and seen to fail the test; "Catches" says what the
test is meant for.
"""

import math

import numpy as np
import pytest
from small_worlds import MARKET, SEED, advanced, differences, of_kind, parameters, play, same, worlds

from loyaltysim.metrics.measure import measure
from loyaltysim.metrics.programme import incremental_contribution
from loyaltysim.metrics.terms import terms_of
from loyaltysim.metrics.view import views
from loyaltysim.rules.draws import CONSENTS, uniform
from loyaltysim.rules.ledger import CENT, MONEY, M
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import load

MONTH = 365.0 / 12.0
BARE = ("programme.points=", "programme.fixed=", "firm.service=", "waiting=", "reputation=")
"""Customers share nothing, and there is no programme but the one under test."""
EVEN = ("first_day=",)  # months of equal length
STAYING = (
    *BARE,
    *EVEN,
    "loyalty=",
    "market.segments.regulars.lifetime=",
    "market.segments.visitors.lifetime=",
)
OF_CONTACTS = tuple(m for m in MONEY if m.startswith("contact") or m == "unsubscribed")
PRICED = ("value", "reward_cost")


def contact(**fields):
    """The override of contacts."""
    return "programme.contact={" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


NO_EFFECT = {"gain": 0, "most": 0, "effort": 0}
IDLE = contact(rate="3.5 / month", cost="0.013 EUR", consent="70 %", tolerance="1 / month",
               unsubscribes="5 %", **NO_EFFECT)  # fmt: skip
LIVELY = contact(rate="3.5 / month", cost="0.40 EUR", consent="80 %", tolerance="2 / month", gain=2, most=9,
                 effort=2, unsubscribes="5 %", tolerance_spread=0.5,
                 plans="{few: {rate: 1 / month, target: {segments: [visitors]}}}")  # fmt: skip


def test_contacts_without_effect_change_nothing_but_their_cost(engine):
    """C23: bit for bit the twin's life; undiscounted, what is lost is the cost, to the cent.

    Break: `held` gives half a CSI point to whom contacts have reached. Catches: a cost that is not charged.
    """
    overrides = (*BARE, IDLE, "finance.discount_rate=0 % / year")
    played, terms = play(engine, *overrides), terms_of(load(MARKET, overrides).scenario)
    assert differences(played.programme, played.twin, PRICED, (*OF_CONTACTS, *PRICED)) == []
    cost = int(played.programme.money[..., M.CONTACT_COST].sum())
    assert cost > 0 == played.twin.money[..., M.CONTACTS].sum()
    assert 100 * incremental_contribution(*views(played, terms)) == pytest.approx(-cost, abs=1e-6)
    parts = measure(played, terms).parts
    assert parts["programme_cost", "programme"].numerator == pytest.approx(cost / 100)
    assert parts["lift_by_mechanism.perks_and_contacts", "effect"].numerator == pytest.approx(-cost / 100)


def test_nobody_consents_nobody_is_contacted(engine):
    """Without consent contacts are as good as absent: the record is that without the block, bit for bit."""
    none = play(engine, *BARE)
    other = play(engine, *BARE, contact(rate="9 / month", consent="0 %", gain=3, effort=3, cost="1 EUR"))
    assert differences(none.programme, other.programme, (), ("contact_known",)) == []
    assert differences(none.twin, other.twin) == []


def test_the_engines_agree_on_every_relation():
    """Ledgers, customers and relations; also for a run that is cut."""
    one, other = (play(engine, *BARE, LIVELY) for engine in ("simpy", "compiled"))
    assert differences(one.programme, other.programme) == []
    assert one.programme.relations.tobytes() == other.programme.relations.tobytes()
    assert one.programme.relations["strain"].max() > 1.0 < one.programme.relations["bond"].max()
    whole = advanced("compiled", parameters(*BARE, LIVELY))
    cut = advanced("compiled", parameters(*BARE, LIVELY), cuts=(2, 5, 9))
    assert np.asarray(whole.relations).tobytes() == np.asarray(cut.relations).tobytes()


def test_what_contacts_cost_is_carried_over_to_the_millionth(engine):
    """1.3 cents a contact, booked in whole cents: what is booked and due is 1.3 cents times the contacts.

    Break: what is not booked is dropped.
    """
    arm = play(engine, *BARE, IDLE).programme
    booked, sent = arm.money[..., M.CONTACT_COST].sum(), arm.money[..., M.CONTACTS].sum()
    assert sent > 100
    assert 1_000_000 * booked + arm.relations["due"].sum() == 1_300_000 * sent
    assert np.abs(arm.relations["due"]).max() <= 500_000
    assert arm.relations["contacts"].sum() == sent


@pytest.mark.parametrize("months", [1, 4, 13])
def test_the_bond_grows_to_its_rest(months):
    """M (1 - q) (1 - (f q)^n) / (1 - f q) after n months of y contacts each, q = (1 - gain / M)^y.

    Break: contacts beyond tolerance bind, too.
    """
    fields = {"rate": "5 / month", "consent": "100 %", "gain": 0.5, "most": 4, "fades": "60 days",
              "tolerance": "3 / month", "effort": 0, "asleep": "99 months"}  # fmt: skip
    overrides = (*STAYING, "market.entries=[]", "market.entrants=0", contact(**fields))
    numbers = parameters(*overrides)
    world = advanced("compiled", numbers, until=numbers.warm_up + months)
    known = world.relations["contacts"] == 5 * months
    q, f = (1 - 0.5 / 4) ** 3, 0.5 ** (MONTH / 60)
    expected = 4 * (1 - q) * (1 - (f * q) ** months) / (1 - f * q)
    assert known.sum() > 20
    assert world.relations["bond"][known] == pytest.approx(expected, rel=1e-12)


def test_without_saturation_the_rest_is_gain_times_rate_over_decay():
    """A bond far below its most: gain y / (1 - f), which is gain y / delta for a slow fading."""
    fields = {"rate": "2 / month", "consent": "100 %", "gain": 0.01, "most": 100000, "fades": "200 days",
              "tolerance": "9 / month", "asleep": "999 months"}  # fmt: skip
    stay = (*STAYING, "market.entries=[]", "market.entrants=0", "horizon=96 months", contact(**fields))
    world = advanced("compiled", parameters(*stay))
    delta = math.log(2) * MONTH / 200
    bond = world.relations["bond"].max()
    assert bond == pytest.approx(0.01 * 2 / (1 - math.exp(-delta)), rel=1e-4)
    assert bond == pytest.approx(0.01 * 2 / delta, rel=0.6 * delta)


def test_a_part_of_a_contact_is_drawn():
    """1.4 contacts a month: one or two, in the mean 1.4, within 4 standard errors.

    Catches: a part that is always rounded up.
    """
    fields = {"rate": "1.4 / month", "consent": "100 %", "asleep": "99 months", **NO_EFFECT}
    many = (*STAYING, "market.customers=2000", contact(**fields))
    programme, _ = worlds("compiled", *many)
    sent = of_kind(programme.log, "contacted")["earned"]
    assert set(sent.tolist()) == {1, 2} and len(sent) > 5000
    assert sent.mean() == pytest.approx(1.4, abs=4 * math.sqrt(0.24 / len(sent)))


def test_consent_is_a_lasting_trait_of_so_many():
    """The share that consents is binomial; who consents does so at any rate, and at a higher share, too."""
    arms = [
        play("compiled", *STAYING, "market.customers=3000",
             contact(rate=f"{rate} / month", consent=f"{share} %", **NO_EFFECT)).programme
        for rate, share in ((1, 40), (6, 40), (1, 70))
    ]  # fmt: skip
    row = arms[0].money.sum(axis=1)[-1]
    n = row[M.CONTACT_KNOWN]
    assert n > 1000
    assert row[M.CONTACT_OPEN] / n == pytest.approx(0.4, abs=4 * math.sqrt(0.24 / n))
    reached = [arm.relations["contacts"] > 0 for arm in arms]
    assert (reached[0] == reached[1]).all()
    assert (reached[2] >= reached[0]).all() and reached[2].sum() > 1.5 * reached[0].sum()
    keys = arms[0].customers["key"]
    traits = np.array([uniform(key, CONSENTS, 0, 0) < 0.4 for key in keys])
    assert not reached[0][~traits].any()


def test_consent_survives_contacts_beyond_tolerance_as_powers():
    """After X contacts beyond, (1 - chance)^X of those who consented still do, within 4 standard errors.

    Catches: all contacts, and not those beyond tolerance, wear her out.
    """
    fields = {"rate": "3 / month", "consent": "100 %", "tolerance": "1 / month", "unsubscribes": "4 %",
              "asleep": "99 months", **NO_EFFECT}  # fmt: skip
    fixed = (*STAYING, "market.customers=3000", "market.entries=[]", "market.entrants=0")
    programme, _ = worlds("compiled", *fixed, contact(**fields))
    sent, gone = of_kind(programme.log, "contacted"), of_kind(programme.log, "unsubscribed")
    first = np.unique(sent["customer"][sent["time"] < 40.0])
    n = len(first)
    assert n > 800
    for months in (1, 5, 12):
        left = np.isin(gone["customer"], first) & (gone["time"] < (months + 0.5) * MONTH)
        chance = 0.96 ** (2 * months)
        assert 1 - left.sum() / n == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / n))
    month = {int(c): float(t) for c, t in zip(gone["customer"], gone["time"], strict=True)}
    assert all(e["time"] <= month.get(int(e["customer"]), np.inf) for e in sent)


def test_within_tolerance_contacts_only_hold(engine):
    """A bond and no strain: nobody leaves earlier than her twin, some later; the more contacts the later.

    Break: the bond is taken off standing.
    """
    few, many = (
        play(engine, *BARE, contact(rate=rate, consent="100 %", tolerance="9 / month", gain=2, most=9))
        for rate in ("1 / month", "6 / month")
    )
    base = few.programme.customers["base"] == 1
    left = [arm.customers["first_defection"][base] for arm in (few.twin, few.programme, many.programme)]
    assert (left[0] <= left[1]).all() and (left[1] <= left[2]).all()
    assert (left[0] < left[2]).sum() > 3


def test_beyond_tolerance_contacts_only_drive_away(engine):
    """Strain and no bond: nobody leaves later than her twin, some earlier; none if she tolerates them.

    Catches: the strain is added to standing.
    """
    loud = contact(rate="6 / month", consent="100 %", tolerance="1 / month", gain=0, effort=3)
    played = play(engine, *BARE, loud)
    base = played.programme.customers["base"] == 1
    ours, theirs = (arm.customers["first_defection"][base] for arm in (played.programme, played.twin))
    assert (ours <= theirs).all() and (ours < theirs).sum() > 3
    borne = play(engine, *BARE, loud.replace("1 / month", "6 / month"))
    assert differences(borne.programme, borne.twin, PRICED, (*OF_CONTACTS, *PRICED)) == []


def test_plans_and_targets_say_who_hears_how_much(engine):
    """A target leaves the others alone; of several plans that mean her the least rate holds.

    Catches: the first plan by name holds.
    """
    only = contact(rate="4 / month", consent="100 %", target="{segments: [visitors]}", **NO_EFFECT)
    by_segment = play(engine, *BARE, only).programme.money[..., M.CONTACTS].sum(axis=0)
    assert by_segment[0] == 0 < by_segment[1]
    plans = (
        "{a: {rate: 6 / month, target: {segments: [visitors, regulars]}}, "
        "b: {rate: 2 / month, target: {segments: [visitors]}}}"
    )
    arm = play(engine, *BARE, contact(rate="1 / month", consent="100 %", plans=plans, **NO_EFFECT)).programme
    each = (arm.relations["contacts"] > 0) & (arm.customers["enters"] < 0)  # newcomers have no record yet
    segment = arm.customers["segment"]
    assert (arm.relations["contacts"][each & (segment == 0)] % 6 == 0).all()
    assert (arm.relations["contacts"][each & (segment == 1)] % 2 == 0).all()
    assert (arm.relations["contacts"][each & (segment == 1)] % 6 != 0).any()


def test_who_is_asleep_or_a_stranger_is_left_alone(engine):
    """Only who has been with the firm is contacted, and not long after she stopped buying; members only.

    Catches: contacts with customers of rivals who have never been here.
    """
    awake = contact(rate="1 / month", consent="100 %", asleep="2 months", **NO_EFFECT)
    programme, _ = worlds(engine, *BARE, awake)
    sent = of_kind(programme.log, "contacted")
    visits = of_kind(programme.log, "visit")
    bought = visits[visits["provider"] == FIRM]
    start = float(parameters(*BARE, awake).closes[0])
    for event in sent[::7]:
        hers = bought["time"][(bought["customer"] == event["customer"]) & (bought["time"] <= event["time"])]
        last = hers.max() if len(hers) else start
        assert event["time"] - max(last, start) <= 2 * MONTH + 1e-3
    never = programme.ties["visits"][:, FIRM] == 0
    assert never.sum() > 5 and not programme.relations["contacts"][never].any()
    joined = (*BARE, "programme.enrolment={chance: 10 %}", awake)
    arm = play(engine, *joined).programme
    assert not arm.relations["contacts"][np.isinf(arm.members["since"])].any()
    assert arm.relations["contacts"].sum() > 0


def test_the_relation_counts_at_home_only():
    """Elsewhere neither bond nor strain has any effect: a change of it changes nothing there.

    Catches: `held` looks at no home.
    """
    numbers = parameters(*BARE, LIVELY)

    def hurt(world):
        away = world.customers["home"] != FIRM
        world.relations["bond"][away] = 25.0

    plain, changed = (
        advanced("compiled", numbers, change=edit, until=1) for edit in (lambda world: None, hurt)
    )
    away = (plain.customers["home"] != FIRM) & (plain.customers["present"] == 1)
    assert away.sum() > 20 and changed.relations["bond"][away].max() > 10.0
    stayed = away & (plain.customers["home"] == changed.customers["home"])
    assert stayed.sum() == away.sum()
    assert same(plain.customers["standing"][stayed], changed.customers["standing"][stayed]).all()


def test_contacts_that_run_already_may_end(engine):
    """Contacts of the status quo go on in the twin; without them in the programme what is left fades."""
    running = "status_quo={contact: {rate: 3 / month, consent: 100 %, gain: 1, fades: 20 days}}"
    played = play(engine, *BARE, running)
    start = played.warm_up
    sent = [arm.money[..., M.CONTACTS].sum(axis=1) for arm in (played.programme, played.twin)]
    assert (sent[0][:start] > 0).all() and sent[0][start:].sum() == 0 < sent[1][start:].min()
    bonds = [arm.money[..., M.CONTACT_BOND].sum(axis=1)[-1] / CENT for arm in (played.programme, played.twin)]
    assert 0 <= bonds[0] < 0.01 < 1.0 < bonds[1]


def test_the_table_of_mechanisms_sums_to_profit_with_contacts(engine):
    """The cost of contacts stands in it once. Catches: a cost left out of what varies with customers."""
    overrides = (*BARE, LIVELY)
    parts = measure(play(engine, *overrides), terms_of(load(MARKET, overrides).scenario)).parts
    rows = [part.numerator for (kpi, _), part in parts.items() if kpi.startswith("lift_by_mechanism.")]
    gain = parts["profit", "programme"].numerator - parts["profit", "twin"].numerator
    assert sum(rows) == pytest.approx(gain, abs=1e-6)
    assert abs(gain) > 1.0 and SEED == 7
