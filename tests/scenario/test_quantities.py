"""Quantities: how they are read, what is refused, and that what is written reads back as the same value."""

import datetime as dt
import math
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from loyaltysim.scenario import quantities as q
from loyaltysim.scenario.form import form_of

KINDS = {
    name: getattr(q, name)
    for name in [
        "Count",
        "Date",
        "Days",
        "EarnRate",
        "Flag",
        "HoursPerDay",
        "Minutes",
        "Moment",
        "Money",
        "MoneyPerHour",
        "MoneyPerMonth",
        "Months",
        "Name",
        "Number",
        "PerDay",
        "PerYear",
        "Period",
        "Points",
        "Qualification",
        "Ratio",
        "Share",
    ]
}


def read(kind, value):
    return TypeAdapter(KINDS[kind]).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("Count", 1000, 1000),
        ("Count", 1e3, 1000),
        ("Flag", True, True),
        ("Qualification", "1 visit", q.Qualified(Decimal(1), "visits", None)),
        ("Qualification", "300.50 EUR", q.Qualified(Decimal("300.50"), "spend", "EUR")),
        ("Number", 3, 3.0),
        ("Ratio", "-5 %", -0.05),
        ("Ratio", 0.05, 0.05),
        ("Share", "5 %", 0.05),
        ("Share", "15.3%", 0.153),
        ("Share", 1, 1.0),
        ("Days", "90 days", 90.0),
        ("Days", "3 months", 91.25),
        ("Days", "2 years", 730.0),
        ("Days", "1 week", 7.0),
        ("Days", "12 h", 0.5),
        ("Days", "3 min", 3 / 1440),
        ("Days", "90 s", 90 / 86400),
        ("Months", "36 months", 36),
        ("Months", "3 years", 36),
        ("Months", "1.5 years", 18),
        ("Months", 0, 0),
        ("Minutes", "90 s", 1.5),
        ("Minutes", "3 min", 3.0),
        ("Minutes", "1 h", 60.0),
        ("HoursPerDay", "11 h/day", 11.0),
        ("HoursPerDay", 11, 11.0),
        ("PerDay", "2 / month", 24 / 365),
        ("PerDay", "1 % / month", 0.12 / 365),
        ("PerDay", "5 / week", 5 / 7),
        ("PerDay", "0.1 / day", 0.1),
        ("PerDay", "3/year", 3 / 365),
        ("PerDay", 0, 0.0),
        ("PerYear", "8 % / year", 0.08),
        ("PerYear", "8 %", 0.08),
        ("PerYear", 0.08, 0.08),
        ("Money", "4.50 EUR", (Decimal("4.5"), "EUR")),
        ("Money", "1_000 EUR", (Decimal(1000), "EUR")),
        ("MoneyPerHour", "17 EUR/h", (Decimal(17), "EUR")),
        ("MoneyPerMonth", "9000 EUR/month", (Decimal(9000), "EUR")),
        ("MoneyPerMonth", "12000 EUR / year", (Decimal(1000), "EUR")),
        ("EarnRate", "1 / EUR", (Decimal(1), "currency", "EUR")),
        ("EarnRate", "0.5/EUR", (Decimal("0.5"), "currency", "EUR")),
        ("EarnRate", "1 / visit", (Decimal(1), "visit", None)),
        ("Points", 500, 500),
        ("Points", "500 points", 500),
        ("Period", "12 months", 365.0),
        ("Period", "occasion", "occasion"),
        ("Moment", "month 12", ("month", 12)),
        ("Moment", "day -3", ("day", -3)),
        ("Moment", "2027-03-01", ("date", dt.date(2027, 3, 1))),
        ("Date", "2028-02-29", dt.date(2028, 2, 29)),
        ("Name", "Café No. 7", "Café No. 7"),
    ],
)
def test_a_quantity_is_read(kind, written, value):
    found = read(kind, written)
    assert found == value
    assert type(found) is type(value) or isinstance(found, tuple)


@pytest.mark.parametrize(
    ("kind", "written", "words"),
    [
        ("Count", "1000", "expected a whole number, not '1000'"),
        ("Count", True, "expected a whole number, not true"),
        ("Count", 1.5, "expected a whole number, not 1.5"),
        ("Count", 2**63, "too large"),
        ("Count", math.inf, "must be finite"),
        ("Flag", "yes", "write true or false, not 'yes'; yes, no, on and off are plain text here"),
        ("Flag", 1, "write true or false, not 1"),
        ("Number", "3", "expected a number, not '3'"),
        ("Number", "3 %", "this field is no share"),
        ("Number", math.nan, "must be finite"),
        ("Number", False, "expected a number, not false"),
        ("Share", "120 %", "a share lies between 0 % and 100 %, not '120 %'"),
        ("Share", "-1 %", "a share lies between 0 % and 100 %, not '-1 %'"),
        ("Share", 60, "did you mean 60 %?"),
        ("Share", "half", "write 5 % or 0.05"),
        ("Share", [1], "expected a number, not a list"),
        ("Days", 90, "say the unit, such as 90 days, not just 90"),
        ("Days", "90", "say the unit"),
        ("Days", "18 mnths", "did you mean '18 months'?"),
        ("Days", "-3 days", "must not be negative"),
        ("Days", "1e999 years", "longer than 10000 years"),
        ("Days", None, "nothing (null) is not a length of time"),
        ("Days", "9" * 90 + " days", "is not a length of time"),
        ("Months", 36, "say the unit"),
        ("Months", "18 days", "expected whole months, such as 36 months, not '18 days'"),
        ("Months", False, "is not a length of time"),
        ("Months", "1001 years", "at most 12000 months"),
        ("Minutes", 5, "say the unit, such as 3 min, not just 5"),
        ("HoursPerDay", 25, "at most 24 hours, not 25"),
        ("HoursPerDay", "11 hours", "write 11 h/day"),
        ("PerDay", 2, "say per what, such as 2 / month"),
        ("PerDay", "2 per month", "write 2 / month"),
        ("PerDay", "2 / fortnight", "say per day, week, month or year, not 'fortnight'"),
        ("PerDay", "-2 / month", "must not be negative"),
        ("PerYear", 8, "did you mean 8 %?"),
        ("PerYear", "8 % / month", "write 8 % / year"),
        ("Money", 4.5, "say the currency, such as 4.50 EUR, not just 4.5"),
        ("Money", "4.50 eur", "write 4.50 EUR"),
        ("Money", "€4.50", "write 4.50 EUR"),
        ("Money", "-1 EUR", "must not be negative"),
        ("Money", "1e16 EUR", "more money than can be counted"),
        ("Money", "1e-99 EUR", "more than 40 decimals"),
        ("MoneyPerHour", "17 EUR", "write 17 EUR/h"),
        ("MoneyPerMonth", "17 EUR/h", "write 9000 EUR/month"),
        ("EarnRate", 1, "say per what; write 1 / EUR or 1 / visit"),
        ("EarnRate", "1 / euro", "write 1 / EUR or 1 / visit"),
        ("Points", "500 stars", "write 500 points"),
        ("Points", -1, "points lie between 0 and 2147483647, not -1"),
        ("Period", 12, "say the unit"),
        ("Period", "0 days", "longer than nothing"),
        ("Moment", "month 1.5", "write month 12, day 3 or 2027-03-01"),
        ("Moment", 12, "12 is not a moment"),
        ("Moment", "2027-02-31", "no day of the calendar"),
        ("Date", "31.12.2027", "write 2027-03-01"),
        ("Name", "", "at least one letter"),
        ("Name", "a" * 61, "at most 60 characters, not 61"),
        ("Name", "a\tb", "printable"),
        ("Name", "a\u202eb", "printable"),
        ("Qualification", "2.5 visits", "visits are whole"),
        ("Qualification", 24, "write 24 visits, 300 EUR or 500 points"),
        ("Name", " a", "no blanks around it"),
        ("Name", "value", "kept for annotated numbers"),
    ],
)
def test_a_quantity_is_refused_with_what_would_do(kind, written, words):
    with pytest.raises(ValidationError, match=re.escape(words)):
        read(kind, written)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_too_long_to_print_are_refused_with_words(kind):
    with pytest.raises(ValidationError) as caught:
        read(kind, 10**5000)
    assert len(str(caught.value.errors(include_input=False)[0]["msg"])) < 200


# ---------------------------------------------------------------- what is written reads back

FLOATS = st.floats(min_value=0, allow_infinity=False, allow_nan=False)
AMOUNTS = st.builds(
    q.Amount,
    st.decimals(0, 10**12, places=6, allow_nan=False, allow_infinity=False),
    st.sampled_from(["EUR", "CHF"]),
)
VALUES = {
    "Days": FLOATS.filter(lambda days: days < 3_649_999),
    "Minutes": FLOATS.filter(lambda minutes: minutes < 5e9),
    "Months": st.integers(0, 12_000),
    "PerDay": FLOATS.filter(lambda rate: rate < 1e300),
    "PerYear": st.floats(0, 1),
    "Share": st.floats(0, 1),
    "Ratio": st.floats(allow_infinity=False, allow_nan=False),
    "HoursPerDay": st.floats(0.001, 24),
    "Points": st.integers(0, 2**31 - 1),
    "Money": AMOUNTS,
    "MoneyPerHour": AMOUNTS,
    "MoneyPerMonth": AMOUNTS,
    "EarnRate": st.builds(q.Earning, st.decimals(0, 10**6, places=4), st.just("visit"), st.none())
    | st.builds(q.Earning, st.decimals(0, 10**6, places=4), st.just("currency"), st.just("EUR")),
    "Qualification": st.builds(
        q.Qualified, st.integers(1, 10**6).map(Decimal), st.sampled_from(["visits", "points"]), st.none()
    )
    | st.builds(q.Qualified, st.decimals("0.01", 10**6, places=2), st.just("spend"), st.just("EUR")),
    "Date": st.dates(),
    "Moment": st.builds(q.Instant, st.sampled_from(["month", "day"]), st.integers(-9_999, 9_999))
    | st.builds(q.Instant, st.just("date"), st.dates()),
    "Period": st.just("occasion") | FLOATS.filter(lambda days: 0 < days < 3_649_999),
}


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_written_reads_back_exactly(kind):
    quantity = form_of(KINDS[kind]).quantity

    @given(VALUES[kind])
    def reads_back(value):
        text = quantity.write(value)
        bare = re.fullmatch(r"-?[0-9.]+(e[-+]?[0-9]+)?", text)
        given_value = float(text) if bare else text
        assert quantity.parse(given_value) == value
        if quantity.pattern and not bare:
            assert re.fullmatch(quantity.pattern, text)

    reads_back()


@pytest.mark.parametrize("kind", KINDS)
def test_anything_is_read_or_refused_with_words(kind):
    anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90)
    near = st.from_regex(r"\A[-0-9.eE_]{1,9} ?(%|EUR|days|month|/ ?h|points)?( ?/ ?(month|EUR|visit|h))?\Z")

    @given(anything | near | st.lists(st.integers(), max_size=2))
    def ends_well(value):
        try:
            read(kind, value)
        except ValidationError as error:
            words = error.errors()[0]["msg"]
            assert words.isprintable()
            assert len(words) < 250

    ends_well()


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_quantity_is_one(kind):
    quantity = form_of(KINDS[kind]).quantity
    example = TypeAdapter(KINDS[kind]).json_schema()["examples"][0]
    quantity.parse(example)
    if isinstance(example, str):
        assert re.fullmatch(quantity.pattern, example)
