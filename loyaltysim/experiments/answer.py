"""The answer to the scenario's question, in one plain sentence with its interval."""

from collections.abc import Callable, Sequence

from loyaltysim.metrics.statistics.means import mean_interval
from loyaltysim.metrics.summary import Row
from loyaltysim.metrics.terms import Terms


def answer(rows: Sequence[Row], terms: Terms) -> str:
    """What the programme adds and keeps; without one, what becomes of the firm's customers."""
    found = {(row["kpi"], row["arm"]): row for row in rows}
    if terms.has_programme:
        return f"Over {terms.horizon} months the programme {earned(found)}{kept(found)}."
    stays = found["retention_12m", "programme"]
    base, contribution = found["base_customers", "programme"], found["contribution", "programme"]
    told = (
        f"contributes {money(contribution['estimate'], terms.currency)}{span(contribution)} before fixed cost"
    )
    if stays["estimate"] is None:
        return f"Over {terms.horizon} months the firm {told}."
    return (
        f"Without a programme {share(stays['estimate'])}{span(stays, share)} of the firm's "
        f"{number(base['estimate'])} customers are at home after 12 months; "
        f"over {terms.horizon} months it {told}."
    )


def beside_the_real(simulated: Sequence[int], real: int, weeks: int, name: str) -> str:
    """How many repeat purchases the simulated cohorts made, and how far the real one lies from them.

    z = (real - mean) / sd over the simulated cohorts: the distance that luck alone leads one to expect.
    """
    total = mean_interval([float(x) for x in simulated])
    told = (
        f"After {weeks} weeks the simulated customers had bought again {number(total.estimate or 0.0)} times"
    )
    if total.low is None or total.high is None or not total.sd:
        return f"{told}, the real ones of {name} {number(real)} times."
    z = (real - (total.estimate or 0.0)) / total.sd
    return (
        f"{told} ({100 * total.level:g} % interval of the mean {number(total.low)} to "
        f"{number(total.high)}); the real ones of {name} {number(real)} times, {abs(z):.1f} standard "
        f"deviations of one cohort {'above' if z > 0 else 'below'}."
    )


def earned(found: dict[tuple[str, str], Row]) -> str:
    """`adds 1,234 EUR (95 % interval 200 to 2,300) of contribution after its cost of 900 EUR`."""
    gain, cost = found["incremental_contribution", "effect"], found["programme_cost", "programme"]
    amount = gain["estimate"]
    if amount is None:
        return "cannot be valued"
    verb = "adds" if amount >= 0 else "loses"
    turned = gain if amount >= 0 else {**gain, "low": _minus(gain["high"]), "high": _minus(gain["low"])}
    doubt = ""
    if gain["low"] is not None and gain["low"] < 0 < gain["high"]:
        doubt = ", so whether it pays is open,"
    after = (
        f" after its cost of {money(cost['estimate'], gain['unit'])}" if cost["estimate"] is not None else ""
    )
    return f"{verb} {money(abs(amount), gain['unit'])}{span(turned)} of contribution{after}{doubt}"


def kept(found: dict[tuple[str, str], Row]) -> str:
    """` and keeps 4 more (95 % interval 1 to 7) of 210 customers after 12 months`."""
    net, base = found["incremental_retained", "effect"], found["base_customers", "programme"]
    amount = net["estimate"]
    if amount is None:
        return ""
    turned = net if amount >= 0 else {**net, "low": _minus(net["high"]), "high": _minus(net["low"])}
    comparison = "more" if amount >= 0 else "fewer"
    return (
        f" and keeps {number(abs(amount))} {comparison}{span(turned)} of "
        f"{number(base['estimate'])} customers after 12 months"
    )


def span(row: Row, shown: Callable[[float], str] | None = None) -> str:
    """` (95 % interval 200 to 2,300)`; nothing where there is none."""
    if row["low"] is None or row["high"] is None:
        return ""
    shown = shown or number
    return f" ({100 * row['level']:g} % interval {shown(row['low'])} to {shown(row['high'])})"


def money(amount: float, currency: str) -> str:
    """An amount with its currency."""
    return f"{number(amount)} {currency}"


def share(part: float) -> str:
    """A share in per cent."""
    return f"{100 * part:.1f} %"


def number(value: float) -> str:
    """A figure to about three digits, with thousands marked and a plain minus."""
    size = abs(value)
    decimals = 0 if size >= 100 or float(value).is_integer() else 1 if size >= 10 else 2
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def _minus(value: float | None) -> float | None:
    return None if value is None else -value
