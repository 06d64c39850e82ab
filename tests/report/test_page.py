"""The page: one file, whole, escaped, reaching for nothing outside itself."""

import itertools
import re
import shlex
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from made_up_results import loaded, make

from loyaltysim.errors import UsageError
from loyaltysim.report import contents, page
from loyaltysim.report.embed import fingerprint
from loyaltysim.report.page import write_report
from loyaltysim.scenario.load import load

VOID = {"meta", "img", "source", "br", "link"}
NASTY = ["<script>alert(1)</script>", '"><img onerror>', "{{7*7}}"]


class Reader(HTMLParser):
    """What a browser would see: the tags in order, each with its attributes, and the text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_report(make(tmp_path_factory.mktemp("run"))).read_text(encoding="utf-8")


def test_the_page_is_well_formed(written):
    assert Reader(written).open == []


def test_headings_are_in_order(written):
    levels = [int(tag[1]) for tag, _ in Reader(written).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_page_reaches_for_nothing_outside(written):
    for tag, attributes in Reader(written).tags:
        for name in ("src", "srcset", "href", "action", "data"):
            assert attributes.get(name, "data:").startswith(("data:", "#")), (tag, name)
    own = re.sub(r"<script>.*?</script>", "", written, flags=re.DOTALL)  # the bundle names its schemas
    own = own.replace("https://vega.github.io/schema/", "")
    assert "http://" not in own and "https://" not in own and "@import" not in own


def test_the_policy_forbids_everything_but_its_own_style_and_images(written):
    policies = [a["content"] for a in Reader(written).all("meta") if "http-equiv" in a]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policies[0] and "http" not in policies[0]
    allowed = set(re.findall(r"'(sha256-[^']+)'", policies[0]))
    style = re.findall(r"<style>(.*?)</style>", written, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", written, re.DOTALL)
    assert len(style) == 1 and len(scripts) == 2
    assert {fingerprint(text).strip("'") for text in (*style, *scripts)} == allowed
    assert all(
        not {name for name in a if name == "style" or name.startswith("on")} for _, a in Reader(written).tags
    )


def test_every_figure_has_words_and_numbers(written):
    reader = Reader(written)
    assert len(reader.all("figure")) == len(reader.all("figcaption")) == len(reader.all("img")) == 6
    assert all(len(image["alt"]) > 60 for image in reader.all("img"))
    assert written.count("The numbers of this figure") == 6
    assert len(reader.all("script")) == 6 + 2 and written.count('type="application/json"') == 6
    assert all(len(a["aria-label"]) > 60 for a in reader.all("div") if a.get("class") == "chart")


def test_the_parts_are_there(written):
    ids = [a["id"] for a in Reader(written).all("h2")]
    assert ids == ["figures", "customers", "cells", "wait", "points", "money", *ids[6:]]
    assert ids[6:] == ["checks", "assumptions", "limits", "again"]
    assert contents.ONLY_THE_NET in written
    assert "few replications" in written and "and does not pay for itself." in written
    assert "--seed 42 --replications 10" in written


def test_what_cannot_be_estimated_is_said(written):
    row = re.search("Cost per customer kept.*?</tr>", written, re.DOTALL)
    own = re.sub(r"<script.*?</script>", "", written, flags=re.DOTALL)
    assert row and "not estimable" in row[0] and "None" not in own and ">nan" not in own


@pytest.mark.parametrize("name", NASTY)
def test_names_are_text(tmp_path, name):
    made = loaded(tmp_path, name=name, question=name, rival=name)
    results = make(tmp_path, loaded=made, answer=name, warnings=[name])
    reader = Reader(write_report(results).read_text(encoding="utf-8"))
    assert reader.text.count(name) >= 4  # title, heading, question, answer, warning
    assert all("onerror" not in a for a in reader.all("img"))
    assert len(reader.all("script")) == len(reader.all("figure")) + 2


def test_the_same_results_give_the_same_bytes(tmp_path):
    first, second = (write_report(make(tmp_path / at)).read_bytes() for at in "ab")
    assert first == second
    figures = sorted((tmp_path / "a" / "figures").iterdir())
    assert len(figures) == 12  # six, each as SVG and PNG
    for drawn in figures:
        assert drawn.read_bytes() == (tmp_path / "b" / "figures" / drawn.name).read_bytes()


def test_a_missing_package_is_a_note(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "cohort", lambda dataset: "The records of CDNOW are not shown: no package.")
    made = loaded(tmp_path, more="observed: {dataset: cdnow-sample}")
    assert "not shown: no package." in write_report(make(tmp_path, loaded=made)).read_text(encoding="utf-8")


def test_no_machine_path_is_shown(written):
    assert "/tmp" not in written and "coffee.yaml" in written


def test_results_without_a_folder_are_refused(tmp_path):
    results = make(tmp_path)
    results.folder = None
    with pytest.raises(UsageError, match="needs a folder"):
        write_report(results)


def test_without_a_programme_nothing_is_compared(tmp_path):
    made = loaded(tmp_path, programme="")
    text = write_report(make(tmp_path, loaded=made)).read_text(encoding="utf-8")
    assert "without (twin)" not in text and 'id="cells"' not in text and 'id="money"' not in text
    assert "home customers with the programme" not in text


def test_figures_of_an_earlier_report_go(tmp_path):
    results = make(tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "cohort.svg").write_text("old")
    write_report(results)
    assert not (tmp_path / "figures" / "cohort.svg").exists()


@pytest.mark.parametrize(("estimate", "passed"), [(0.25, True), (None, False)])
def test_checks_are_told_with_their_figure(tmp_path, estimate, passed):
    check = {"kpi": "programme_roi", "arm": "effect", "min": 0.0, "max": None, "judge": "interval"}
    figure = {"estimate": estimate, "low": None, "high": None, "unit": "ratio", "passed": passed}
    (told,) = contents.checks(make(tmp_path, checks=[check | figure]))
    assert told.verdict == ("passed" if passed else "failed")
    assert told.text.startswith("Return on the programme (effect) is to be at least 0")
    assert told.text.endswith("25\u00a0%" if passed else "not estimable")


def test_the_command_says_what_was_changed_on_the_command_line(tmp_path):
    """The page promises that its command gives the same numbers. Break: `*results.loaded.words` left out."""
    made = make(tmp_path)
    path = made.loaded.path
    changed = load(path, ("market.customers=500", "rivals.Bean House.awareness=50 %"))
    told = contents.command(SimpleNamespace(**{**vars(made), "loaded": changed}))
    assert shlex.split(told)[:2] == ["loyaltysim", "run"]
    words = shlex.split(told)[3:]
    sets = [words[k + 1] for k, word in enumerate(words) if word == "--set"]
    assert load(path, sets).text_hash == changed.text_hash != made.loaded.text_hash
