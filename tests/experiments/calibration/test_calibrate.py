"""Calibrating to a log: CDNOW to the printed digits, and the files that come of it."""

import datetime as dt
import json
import sys

import numpy as np
import pytest

from loyaltysim import cli
from loyaltysim.experiments.calibration.calibrate import calibrate
from loyaltysim.experiments.calibration.models import ParetoNBD
from loyaltysim.experiments.calibration.season import season_of
from loyaltysim.experiments.calibration.study import study
from loyaltysim.experiments.calibration.table import lines
from loyaltysim.experiments.calibration.transactions import DataError, Layout, read_log
from loyaltysim.record import observed
from loyaltysim.scenario.load import load

LAYOUT = Layout("2", "3", "5")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The file of CDNOW, copied out of the installed package."""
    text = observed._packaged()
    if text is None:
        pytest.skip("the records of CDNOW come with lifetimes==0.11.3")
    path = tmp_path_factory.mktemp("cdnow") / "CDNOW_sample.txt"
    path.write_bytes(text)
    return path


@pytest.fixture(scope="module")
def cdnow(sample):
    """The calibration to CDNOW's first 39 weeks."""
    return calibrate(sample, currency="USD", layout=LAYOUT, segment="cdnow")


@pytest.mark.parametrize(
    ("model", "published", "errors", "digits"),
    [
        (
            "BG/NBD",
            (0.243, 4.414, 0.793, 2.426),
            (0.0126, 0.378, 0.186, 0.705),
            3,
        ),  # Fader, Hardie & Lee 2005
        ("Pareto/NBD", (0.553, 10.578, 0.606, 11.669), (0.048, 0.843, 0.187, 6.21), 3),
    ],
)
def test_the_published_estimates_come_out_to_the_printed_digit(cdnow, model, published, errors, digits):
    fit = cdnow.fits[model]
    assert tuple(round(value, digits) for value in fit.values) == published
    assert fit.errors == pytest.approx(errors, rel=0.02)
    assert fit.gradient < 1e-4


def test_the_published_baskets_come_out_to_the_printed_digit(cdnow):
    assert tuple(round(value, 2) for value in cdnow.spend.values) == (6.25, 3.74, 15.44)
    assert len(cdnow.study.spend[0]) == 946


def test_the_published_likelihoods_come_out(cdnow):
    assert round(cdnow.fits["BG/NBD"].log_likelihood, 1) == -9582.4
    assert round(cdnow.fits["Pareto/NBD"].log_likelihood, 1) == -9595.0


def test_weeks_40_to_78_are_foretold_within_what_is_asked(cdnow):
    found = cdnow.holdouts["Pareto/NBD"]
    assert round(100 * abs(found.error_end), 2) <= 1.59
    assert round(100 * found.mape_cumulative, 2) <= 1.31
    assert found.z == pytest.approx(0.38, abs=0.01)
    assert found.cumulative[[38, 51, 77]] == pytest.approx([2524.9, 3184.4, 4270.0], abs=0.06)
    assert (round(found.mae, 4), round(found.rmse, 4), round(found.correlation, 4)) == (
        0.7545,
        1.6028,
        0.6302,
    )
    bg = cdnow.holdouts["BG/NBD"]
    assert (round(100 * bg.error_end, 2), round(100 * bg.mape_cumulative, 2)) == (-4.11, 2.63)


def test_the_segment_loads_and_the_cohort_extends_it(cdnow, tmp_path):
    for name, text in cdnow.files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    segment = load(tmp_path / "segment.yaml").scenario.market.segments["cdnow"]
    assert segment.occasions.shape == pytest.approx(0.553277, abs=1e-6)
    assert segment.lifetime.scale == pytest.approx(7 * 11.6686, abs=1e-3)
    cohort = load(tmp_path / "cohort.yaml").scenario
    assert cohort.market.segments["cdnow"] == segment
    assert sum(entry.customers for entry in cohort.market.entries) == 2357
    assert cohort.horizon == 18


def test_the_same_data_give_the_same_bytes(cdnow, sample):
    again = calibrate(sample, currency="USD", layout=LAYOUT, segment="cdnow")
    assert again.files() == cdnow.files()
    assert lines(again) == lines(cdnow)


def test_who_came_later_is_left_out(sample):
    early = study(read_log(sample, LAYOUT), until=dt.date(1997, 1, 31))
    assert early.customers == 781 and early.fitted_weeks == 4


def test_degenerate_data_are_refused(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("customer,date,amount\n" + "".join(f"{i},1997-01-0{1 + i % 7},5\n" for i in range(50)))
    with pytest.raises(DataError, match="1 weeks to fit; at least 4 are needed"):
        calibrate(path, currency="EUR")
    with open(path, "a") as file:
        file.write("0,1997-12-01,5\n")
    with pytest.raises(
        DataError, match=r"50 customers with 0 repeat purchases until .*; at least 30 of each"
    ):
        calibrate(path, currency="EUR")


def made(tmp_path, factors, years=3, customers=3000, seed=8):
    """A log of customers whose rate follows a season, nobody leaving; all enter in the first month."""
    rng = np.random.default_rng(seed)
    rows = []
    first = dt.date(2001, 1, 1)
    days = 365 * years
    daily = np.array([factors[(first + dt.timedelta(days=d)).month - 1] for d in range(days)])
    for who, rate in enumerate(rng.gamma(1.2, 0.03 / 1.2, customers)):
        enters = int(rng.integers(0, 28))
        bought = {enters, *(d for d in np.flatnonzero(rng.random(days) < rate * daily) if d > enters)}
        rows += [f"{who},{first + dt.timedelta(days=int(d))},{rng.gamma(4, 5):.2f}" for d in sorted(bought)]
    path = tmp_path / "made.csv"
    path.write_text("customer,date,amount\n" + "\n".join(rows) + "\n")
    return path


@pytest.mark.statistical
def test_a_season_is_found_where_there_is_one_and_only_there(tmp_path):
    """Two fitted years of 3,000 customers at seed 8; a December of twice the rate, and none."""
    season = np.array([0.9] * 10 + [1.0, 2.0])
    season = season / season.mean()
    model = ParetoNBD(1.2, 1.2 / 0.21, 0.01, 100.0)
    found = study(read_log(made(tmp_path, season)), until=dt.date(2002, 12, 31))
    got = season_of(found, model)
    assert np.abs(np.array(got.factors) / season - 1.0).max() < 0.08
    assert got.gain > 0.8
    flat = study(read_log(made(tmp_path, np.ones(12))), until=dt.date(2002, 12, 31))
    assert season_of(flat, model).factors == ()


def test_the_verb_writes_and_prints(sample, tmp_path, monkeypatch, capsys):
    words = ["calibrate", str(sample), "--customer", "2", "--date", "3", "--amount", "5", "--json"]
    assert called(monkeypatch, *words, "--currency", "USD", "--out", str(tmp_path / "out")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["chosen"] == "Pareto/NBD"
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "calibration.json", "cohort.yaml", "holdout.csv", "segment.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), "--currency: say the currency of the amounts, such as --currency USD"),
        (("--currency", "usd"), "--currency: 'usd' is no currency, such as --currency USD"),
        (("--currency", "USD", "--until", "soon"), "--until: 'soon' is no date; write 1997-09-30"),
        (("--currency", "USD", "--until", "2001-01-01"), "no 2001-01-01 in it; it runs from"),
        (("--currency", "USD", "--segment", " "), "segment: a name needs at least one letter"),
    ],
)
def test_a_wrong_word_ends_with_2_and_writes_nothing(sample, tmp_path, monkeypatch, capsys, more, message):
    words = ["calibrate", str(sample), "--customer", "2", "--date", "3", "--amount", "5", *more]
    assert called(monkeypatch, *words, "--out", str(tmp_path / "out")) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and message in printed.err and "Traceback" not in printed.err
    assert not (tmp_path / "out").exists()


def called(monkeypatch, *words):
    """The exit code of the command line."""
    monkeypatch.setattr(sys, "argv", ["loyaltysim", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0
