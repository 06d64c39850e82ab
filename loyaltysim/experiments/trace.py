"""One customer's story in sentences, beside her twin's: what happened to her, and why she stayed or left."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from loyaltysim.engines.simulate import run_arms
from loyaltysim.errors import UsageError
from loyaltysim.experiments.outer import outer_of
from loyaltysim.record.columns import causes_of
from loyaltysim.rules.arrays import World
from loyaltysim.rules.eventlog import KINDS
from loyaltysim.rules.state import FIRM
from loyaltysim.scenario.load import Loaded
from loyaltysim.scenario.lower import Parameters, lower


class Teller(NamedTuple):
    """What is needed to put an event into words."""

    names: tuple[str, ...]
    currency: str
    money_unit: int
    first_day: dt.date | None
    causes: tuple[str, ...] = ()

    def day(self, time: float) -> str:
        """An instant: its date, or its day, and the hour."""
        whole = int(np.floor(time))
        minutes = int((time - whole) * 1440.0)
        clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
        if self.first_day is None:
            return f"day {whole} {clock}"
        return f"{self.first_day + dt.timedelta(days=whole)} {clock}"

    def money(self, amount: int) -> str:
        """An amount in minor units, as a person writes it."""
        digits = len(str(self.money_unit)) - 1
        return f"{amount / self.money_unit:,.{digits}f} {self.currency}"

    def provider(self, number: int) -> str:
        """A provider's name."""
        return "us" if number == FIRM else self.names[number]


def trace(loaded: Loaded, customer: int, replication: int = 0, seed: int | None = None) -> list[str]:
    """Sentences about one customer in one replication: the past, then both futures side by side.

    Raises UsageError when there is no such customer.
    """
    seed = loaded.scenario.seed if seed is None else seed
    outer = outer_of(loaded, seed)
    parameters = lower(loaded.scenario if outer is None else outer.at(outer.draw_of(replication)))
    number = parameters.first + sum(count for _, count in parameters.entries)
    if not 0 <= customer < number:
        raise UsageError(f"--customer {customer}: the scenario has customers 0 to {number - 1}")
    programme, twin, _ = run_arms(parameters, replication, seed, "simpy", follow=customer)
    teller = Teller(
        parameters.names,
        loaded.scenario.currency,
        parameters.money_unit,
        loaded.scenario.first_day,
        causes_of(parameters.attribute_names),
    )
    lines = [who_she_is(teller, parameters, programme, customer)]
    return lines + story(teller, events(programme), events(twin), parameters.has_programme)


def events(world: World) -> list[np.ndarray]:
    """The lines of a world's log, in time order."""
    log = world.log[: int(world.logged[0])]
    return list(log[np.argsort(log["time"], kind="stable")])


def who_she_is(teller: Teller, parameters: Parameters, world: World, customer: int) -> str:
    """The traits that were drawn for her once."""
    c = world.customers[customer]
    segment = parameters.segment_names[c["segment"]]
    text = (
        f"Customer {customer} is one of the {segment}: {c['rate'] * 365 / 12:.2f} occasions a month, "
        f"a usual basket of {teller.money(round(float(c['basket'])))}, a switching threshold of "
        f"{c['threshold']:.1f} CSI points."
    )
    if np.isfinite(c["exits"]):
        text += f" She leaves the market on {teller.day(float(c['exits']))}."
    return text


def story(teller: Teller, ours: list[np.ndarray], twins: list[np.ndarray], has_programme: bool) -> list[str]:
    """Both futures in one list by time; what is the same in both is told once."""
    lines: list[str] = []
    i = j = 0
    while i < len(ours) or j < len(twins):
        a = ours[i] if i < len(ours) else None
        b = twins[j] if j < len(twins) else None
        if a is not None and b is not None and a.tobytes() == b.tobytes():
            lines.append(label("both", has_programme) + sentence(teller, a))
            i, j = i + 1, j + 1
        elif b is None or (a is not None and a["time"] <= b["time"]):
            assert a is not None
            lines.append(label("with the programme", has_programme) + sentence(teller, a))
            i += 1
        else:
            lines.append(label("twin", has_programme) + sentence(teller, b))
            j += 1
    return lines


def label(arm: str, has_programme: bool) -> str:
    """The column that says in which future a line happens."""
    return f"{arm + ':':<20}" if has_programme else ""


def sentence(teller: Teller, event: np.ndarray) -> str:
    """One event in words."""
    when, kind, where = teller.day(float(event["time"])), KINDS[event["kind"]], int(event["provider"])
    if kind == "entered":
        return (
            f"{when}  she is in the market, at home with {teller.provider(where)}, "
            f"standing {standing(event)}."
        )
    if kind == "moved":
        return (
            f"{when}  she has had enough of {teller.provider(int(event['other']))} "
            f"and makes {teller.provider(where)} her home{because(teller, event)}."
        )
    if kind == "referred":
        return (
            f"{when}  somebody tells her of {teller.provider(where)}, and she leaves "
            f"{teller.provider(int(event['other']))} for it."
        )
    if kind == "expired":
        return f"{when}  {event['redeemed']} of her points lapse; {event['balance']} are left."
    if kind == "enrolled":
        return f"{when}  she joins the programme (balance {event['balance']})."
    if kind == "opened":
        return f"{when}  she holds {event['balance']} points from before the time that is told."
    if kind == "surprised":
        gap = f"{abs(event['csi']):.1f} CSI points {'more' if event['csi'] >= 0 else 'less'}"
        return f"{when}  a surprise awaits her: extras give {gap} than she has come to expect."
    if kind in ("promoted", "demoted"):
        return f"{when}  she is {kind} in the programme's tiers: standing {standing(event)} before."
    if kind == "returned":
        points = f", {-event['earned']} points are taken back" if event["earned"] else ""
        points += f", {-event['redeemed']} given back" if event["redeemed"] else ""
        paid = teller.money(-int(event["paid"]))
        return f"{when}  she brings a purchase back for {paid}{points} (balance {event['balance']})."
    if kind in RELATION:
        return f"{when}  {relation(teller, event, kind)}"
    if kind in CLUB:
        return f"{when}  {club(teller, event, kind)}"
    if kind in AHEAD:
        return f"{when}  {ahead(teller, event, kind)}"
    if kind == "left_market":
        return f"{when}  she leaves the market."
    return f"{when}  {visit(teller, event, kind, where)}"


WORDS = {  # for the causes of the rules; an attribute is called by its name
    "wait": "the waits at our desks",
    "failure": "what failed, and how it was made good",
    "price": "our price",
    "expectation": "that she expected more",
    "offer": "a rival's offer",
    "rivals": "that a rival has become better",
    "bonds": "that affection, trust or habit have cooled",
    "programme": "that our programme is worth less to her",
}


def because(teller: Teller, event: np.ndarray) -> str:
    """Why she left us, where that is asked for."""
    if event["cause"] < 0:
        return ""
    cause = teller.causes[event["cause"]]
    if cause == "none":
        return "; nothing had become worse since she came"
    return f"; what weighed most was {WORDS.get(cause, f'our {cause}')}"


RELATION = ("contacted", "unsubscribed", "community_joined", "community_left")


def relation(teller: Teller, event: np.ndarray, kind: str) -> str:
    """What contacts and the community were to her, in words."""
    if kind == "contacted":
        n = int(event["earned"])
        cost = f", for {teller.money(int(event['paid']))}" if event["paid"] else ""
        return f"we have contacted her {'once' if n == 1 else f'{n} times'} in the month that ends{cost}."
    if kind == "unsubscribed":
        return "that was too often: she wants to hear no more from us."
    return f"she {'joins' if kind == 'community_joined' else 'leaves'} the community."


CLUB = ("club_began", "club_ended")


def club(teller: Teller, event: np.ndarray, kind: str) -> str:
    """What happened to her membership of the paid club, in words."""
    if kind == "club_ended":
        return "her membership of the club ends."
    if not event["earned"]:
        return "she joins the club, on trial."
    begins = "a term of the club begins" if event["earned"] > 1 else "her first term of the club begins"
    return f"{begins}: she pays {teller.money(int(event['paid']))}."


AHEAD = ("topped_up", "paid_ahead", "balance_ended")


def ahead(teller: Teller, event: np.ndarray, kind: str) -> str:
    """What happened to her stored value, in words."""
    paid, bonus, left = (teller.money(int(event[name])) for name in ("paid", "earned", "list_price"))
    if kind == "topped_up":
        return f"she pays {paid} ahead and gets {bonus} on top; {left} are stored."
    if kind == "paid_ahead":
        return f"she pays with {paid} of stored money and {bonus} of bonus; {left} are left."
    back = f"{paid} of her stored money are paid back, " if event["paid"] else ""
    return f"{back}{bonus} that she had stored are lost."


def visit(teller: Teller, event: np.ndarray, kind: str, where: int) -> str:
    """A visit, or a wait given up, in words."""
    wait = f" after waiting {event['wait'] * 1440:.1f} min" if event["wait"] > 0 else ""
    felt = (
        f"she expected {event['expectation']:.1f} and got {event['csi']:.1f}; her satisfaction with "
        f"{teller.provider(where)} is now {event['satisfaction']:.1f}, her standing {standing(event)}."
    )
    if kind == "gave_up":
        return f"she gives up at our desk{wait}: {felt}"
    text = f"she buys from {teller.provider(where)}{wait} for {teller.money(int(event['paid']))}"
    if event["redeemed"]:
        text += f", redeems {event['redeemed']} points"
    if event["earned"]:
        text += f", earns {event['earned']} (balance {event['balance']})"
    return f"{text}: {felt}"


def standing(event: np.ndarray) -> str:
    """Her standing after the event; without a rival in sight there is none."""
    value = float(event["standing"])
    return f"{value:.1f}" if np.isfinite(value) else "beyond reach (no rival in sight)"


def warmup(*engines: str) -> None:
    """Compile the rules ahead of the first run, by running a tiny market through these engines, or both."""
    from loyaltysim.experiments.compiling import compile_on_all_cores
    from loyaltysim.experiments.smallest import smallest

    engines = engines or ("simpy", "compiled")
    compile_on_all_cores(*engines)
    for engine in engines:
        run_arms(lower(smallest()), 0, 1, engine)
