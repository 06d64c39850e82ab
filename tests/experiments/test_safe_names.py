"""Names of files and folders made from names of people's choice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysim.experiments.files import safe_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coffee", "coffee"),
        ("Bean House", "Bean-House"),
        ("a.b_c-1", "a.b_c-1"),
        ("-", "scenario-3973e0"),
        ("..", "scenario-5ec1f7"),
        ("CON", "CON-a3dbc4"),
        ("con.x", "scenario-con.x-9c23ce"),
        ("a/b\\c", "a-b-c-HASH"),
        ("\u202egnp", "gnp-HASH"),
        ("caf\u00e9", "caf-850f7d"),
        ("x" * 300, "x" * 93 + "-HASH"),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(text, expected):
    assert re.fullmatch(expected.replace("HASH", "[0-9a-f]{6}"), safe_name(text))


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(text):
    safe = safe_name(text)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,100}", safe)
    assert safe.strip(".") == safe
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", safe)


def test_names_that_lose_something_stay_different():
    assert safe_name("\u5496\u5561") != safe_name("\u8336")
    assert safe_name("x" * 300) != safe_name("x" * 301)
    assert safe_name("a/b") != safe_name("a\\b")
