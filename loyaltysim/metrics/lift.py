"""What the programme adds, told twice: by mechanism in money, by source in purchases (MODEL 4, DESIGN 6).

Both tables are exact. The margin at list prices is split customer by customer and month by month while the
arms are lived (`rules.diary`), in half minor units; what stands between that margin and profit follows, so
that the rows sum to incremental profit. Undiscounted.
"""

from collections.abc import Callable

from loyaltysim.metrics.approaches import COSTS
from loyaltysim.metrics.kpi import KPI
from loyaltysim.metrics.terms import Terms
from loyaltysim.metrics.value import PAID, cash_ahead, comfort_cost, event_cost, fixed_cost, service_cost
from loyaltysim.metrics.view import View
from loyaltysim.rules.ledger import CENT, LIFT

OWN_ROW = ("fulfilment", "self_service_cost", "promise_cost", "recovery_cost", "return_cost")
CONTACTS = (*(name for name in PAID if name not in OWN_ROW), *COSTS)


def flows(view: View, *names: str) -> float:
    """Flows of money over the window, in the currency."""
    return view.money(sum(view.flow(name) for name in names))


def rewards(view: View) -> float:
    """What rewards, member prices and cash back take off sales, and what they cost beside."""
    off = view.flow("list_sales") - view.flow("discounts") - view.flow("revenue")
    return view.money(off + view.flow("goods_rewards") + view.flow("fulfilment"))


def service(view: View) -> float:
    """Clerks, comfort, self-service, broken promises."""
    return service_cost(view) + comfort_cost(view) + flows(view, "self_service_cost", "promise_cost")


AFTER_MARGIN: dict[str, tuple[str, str, Callable[[View], float]]] = {  # costs, in the order of the table
    "rewards": (
        "Rewards",
        "Rewards, member prices and cash back: what they take off sales, goods given and fulfilment; less "
        "what is kept of refunds for points spent.",
        rewards,
    ),
    "price_cuts": (
        "Price cuts",
        "The firm's own offers to everybody.",
        lambda view: flows(view, "discounts"),
    ),
    "perks_and_contacts": (
        "Perks and contacts",
        "Perks, surprises, enrolment, contacts, community, offers to single persons, rewards for referrals.",
        lambda view: flows(view, *CONTACTS),
    ),
    "service": ("Service", "Clerks, comfort while waiting, self-service and broken promises.", service),
    "recovery": ("Recovery", "Complaints made good.", lambda view: flows(view, "recovery_cost")),
    "returns": ("Returns", "Handling sales brought back.", lambda view: flows(view, "return_cost")),
    "fixed": (
        "Fixed",
        "Fixed cost of the programme.",
        lambda view: fixed_cost(view) + event_cost(view),
    ),
    "owed": (
        "Owed",
        "Change in the expected cost of open points and of what is paid ahead, less the money that came in "
        "ahead of sales.",
        lambda view: view.owed_change() - cash_ahead(view),
    ),
}
OF_MARGIN = {  # in the order of `state.LIFT`
    "retention": (
        "Retention",
        "Customer-months of the base cohort with home = firm in one arm only.",
    ),
    "capture": (
        "Capture",
        "The same of customers who were elsewhere at month 0.",
    ),
    "acquisition": ("Acquisition", "The same of those who entered the market after month 0."),
    "frequency": (
        "Frequency",
        "Customer-months with the same home in both arms: (n₁ − n₀)·(m₁ + m₀)/2 with n visits of mean "
        "margin m, 0 where there is none.",
    ),
    "basket": ("Basket", "The rest of those months' margin."),
}
assert tuple(OF_MARGIN) == LIFT


def of_margin(name: str) -> KPI:
    """One part of the margin at list prices that the programme adds."""
    label, definition = OF_MARGIN[name]

    def formula(programme: View, twin: View) -> float:
        return programme.money(int(programme.lift[:, LIFT.index(name)].sum())) / 2.0

    meaning = f"{definition} Margin at list prices, with − without, undiscounted."
    return mechanism(name, label, meaning, formula)


def after_margin(name: str) -> KPI:
    """What one kind of cost takes from the margin that the programme adds."""
    label, definition, cost = AFTER_MARGIN[name]

    def formula(programme: View, twin: View) -> float:
        return cost(twin) - cost(programme)

    return mechanism(name, label, f"{definition} Cost without − with, undiscounted.", formula)


def mechanism(name: str, label: str, definition: str, formula: Callable[[View, View], float]) -> KPI:
    """A row of the table; all rows sum to the effect on profit."""
    return KPI(
        f"lift_by_mechanism.{name}",
        f"Lift by mechanism: {label.lower()}",
        definition,
        "money",
        "W",
        1,
        "mean",
        formula,
        paired=True,
        when=has_programme,
    )


def has_programme(terms: Terms) -> bool:
    """Whether there are two arms to compare."""
    return terms.has_programme


def difference(programme: View, twin: View, *measures: str) -> float:
    """Flows with − without."""
    return float(sum(programme.flow(name) - twin.flow(name) for name in measures))


def source(name: str, label: str, definition: str, formula: Callable[[View, View], float]) -> KPI:
    """A row of the table of purchases."""
    return KPI(
        f"lift_by_source.{name}",
        f"Lift by source: {label}",
        definition,
        "visits",
        "W",
        0,
        "mean",
        formula,
        paired=True,
        when=has_programme,
    )


MECHANISMS = (*map(of_margin, OF_MARGIN), *map(after_margin, AFTER_MARGIN))
SOURCES = (
    source(
        "extra_visits",
        "extra purchases",
        "Purchases at the firm, with − without: from rivals + new to the category.",
        lambda programme, twin: difference(programme, twin, "visits"),
    ),
    source(
        "from_rivals",
        "from rivals",
        "Purchases at rivals, without − with.",
        lambda programme, twin: -difference(programme, twin, "visits_rivals"),
    ),
    source(
        "new_to_category",
        "new to the category",
        "Purchases at all providers, with − without; net of those paid back.",
        lambda programme, twin: difference(programme, twin, "visits", "visits_rivals"),
    ),
    source(
        "paid_back",
        "paid back",
        "Purchases left out since they had been made early, with − without (demand debt); what is new to the "
        "category is already after them.",
        lambda programme, twin: difference(programme, twin, "visits_paid_back") / CENT,
    ),
)
KPIS = (*MECHANISMS, *SOURCES)
