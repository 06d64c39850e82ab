"""What customers tell one another leaves the same record on both engines, cut or not, on threads or not."""

import pytest
from identity import differences
from small_worlds import parameters

WORD = "word_of_mouth={rate: 3 / month, delight: 76, disappointment: 68, weight: 50 %}"


@pytest.mark.parametrize("replication", range(2))
def test_word_of_mouth(replication):
    assert differences(parameters(WORD), replication=replication) == []


def test_word_of_mouth_on_threads_and_handed_over():
    numbers = parameters(WORD, "firm.sites=3")
    assert differences(numbers, threads=2) == []
    assert differences(parameters(WORD), ("simpy",), ("simpy", "compiled")) == []


REFERS = (
    "referrals={rate: 1 / month, delight: 65, readiness: 0, newcomers: 30}",
    "programme.referral={bonus: 3 EUR, welcome: 2 EUR}",
)


@pytest.mark.parametrize("replication", range(2))
def test_referrals(replication):
    assert differences(parameters(*REFERS), replication=replication) == []


def test_referrals_with_word_of_mouth_bonds_and_a_club_on_threads_and_handed_over():
    more = (
        *REFERS,
        WORD,
        "relationship={up: 5 %}",
        "programme.enrolment={chance: 30 %}",
        "programme.win_back={gift: 20 EUR, readiness: 0}",
        "firm.sites=2",
    )
    assert differences(parameters(*more), threads=2) == []
    assert differences(parameters(*more), ("simpy",), ("compiled", "simpy")) == []


@pytest.mark.parametrize(
    "more",
    [(), ("loyalty.away={at_par: 25 %, slope: 30}", "relationship={up: 5 %}", REFERS[0], "opening=fresh")],
    ids=["plain", "with more"],
)
def test_outside_and_awareness(more):
    numbers = parameters(
        "market.outside={view: 66, awareness: 70 %}",
        "market.segments.regulars.home={firm: 40 %, Bean: 30 %, Kiosk: 20 %, outside: 10 %}",
        "rivals.Bean.growth={to: 100 %, half_life: 2 months, from: month 1}",
        "events=[{at: month 5, set: {rivals.Kiosk.awareness: 30 %}}]",
        *more,
    )
    assert differences(numbers) == []
    assert differences(numbers, ("simpy",), ("compiled", "simpy")) == []
