"""The one catalogue of key figures. To add one, add it to the list of its topic; nothing else changes.

Conventions (DESIGN 6): W runs from month 0 to the horizon; t12 is the 12th close after month 0; B is
the base cohort; ratios are sums over customers within a replication and the ratio of means over
replications; a figure is null, never 0, where a denominator is 0 or the horizon too short; the effect
row is programme minus twin in the figure's unit; paired figures exist in the effect row only.

Of DESIGN 6 these wait for mechanisms that the records do not carry yet: `budget_overspend_probability`
(budget); `staff_skill_mean`, `staff_turnover`.
"""

from loyaltysim.metrics import (
    accounts,
    approaches,
    books,
    causes,
    contacts,
    lift,
    loyalty,
    market,
    measures,
    members,
    membership,
    programme,
    returns,
    rollout,
    satisfaction,
    service,
    stored_value,
    surprises,
    survey,
    talk,
    targeting,
    tiers,
    value,
)
from loyaltysim.metrics.kpi import KPI

TOPICS: dict[str, tuple[KPI, ...]] = {
    "Customers": market.KPIS,
    "The programme": programme.KPIS,
    "Lift": lift.KPIS,
    "Rollout": rollout.KPIS,
    "Offers to single persons": approaches.KPIS,
    "Records": targeting.KPIS,
    "Members": members.KPIS,
    "Tiers": tiers.KPIS,
    "Surprises": surprises.KPIS,
    "Money": value.KPIS,
    "Points": books.KPIS,
    "Accounts": accounts.KPIS,
    "Satisfaction": satisfaction.KPIS,
    "Survey": survey.KPIS,
    "Loyalty": (*loyalty.KPIS, *measures.KPIS),
    "Service": service.KPIS,
    "Returns": returns.KPIS,
    "Word of mouth": talk.KPIS,
    "Stored value": stored_value.KPIS,
    "Paid club": membership.KPIS,
    "Causes of defection": causes.KPIS,
    "Contacts and community": contacts.KPIS,
}
CATALOGUE: dict[str, KPI] = {kpi.name: kpi for topic in TOPICS.values() for kpi in topic}

INTRODUCTION = """\
# Key figures

One catalogue serves `--json`, the tables and the report; this page is generated from it
(`loyaltysim.metrics.catalogue.page`). W runs from month 0 to the horizon, t12 is the 12th close after
month 0, the base cohort is everyone whose home is the firm at month 0. Each figure has a row for the
programme's arm, one for the twin's and one for the effect, programme minus twin in the same unit;
figures marked *effect only* compare the arms customer by customer. A figure is null, never 0, where a
denominator is 0 or the horizon is too short.

Over replications: `mean` is the mean with a t interval; `ratio` is the mean numerator over the mean
denominator with Fieller's interval, and its effect the difference of two ratios with a linearised,
paired t interval; `quantile` is the mean over replications of a quantile taken within each, with a t
interval; `share` is the share of replications, with Clopper and Pearson's exact interval (where several
share a draw of what is not known, that of the draws' means, with a t interval). Intervals have a nominal
level of 95 %. One replication gives estimates without intervals.
"""
TABLES_INTRODUCTION = """\
## Tables

What is no single figure: functions of `loyaltysim.metrics.frames`, each from the measured replications
(`results.measured`) and the scenario's terms (`metrics.terms.terms_of`) to a pandas frame. Where a table has
an `estimate`, it has `low` and `high` beside it, the 95 % interval over replications (not a number where
there is none). The arm `effect` is programme minus twin, paired; without a programme there is the arm `twin`
only. Which customers count, and when, is told in `docs/model.md`, "Lift, cohorts and curves".
"""
ARROWS = {1: "more is better", -1: "less is better", 0: ""}


def page() -> str:
    """The reference of all key figures, as Markdown (`docs/metrics.md`)."""
    lines = [INTRODUCTION]
    for topic, kpis in TOPICS.items():
        lines += [
            f"## {topic}",
            "",
            "| figure | meaning | unit | when | over replications |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(kpi) for kpi in kpis]
        lines.append("")
    return "\n".join([*lines, tables_page()])


def tables_page() -> str:
    """The reference of the tables."""
    from loyaltysim.metrics.tables import TABLES

    lines = [TABLES_INTRODUCTION]
    for table in TABLES:
        doc = (table.make.__doc__ or "").strip().splitlines()[0]
        lines += [f"### {table.title}", "", f"`{table.name}(measured, terms)`: {doc}", ""]
        lines += ["| column | meaning |", "|---|---|"]
        lines += [
            f"| {', '.join(f'`{x}`' for x in name.split(', '))} | {what} |"
            for name, what in table.columns.items()
        ]
        lines.append("")
    return "\n".join(lines)


def _row(kpi: KPI) -> str:
    """One line of the table."""
    notes = [ARROWS[kpi.direction], "effect only" if kpi.paired else ""]
    meaning = " ".join(
        [f"**{kpi.label}.** {kpi.definition}", *(f"*{note.capitalize()}.*" for note in notes if note)]
    )
    unit = kpi.unit.replace("money", "currency")
    cells = [f"`{kpi.name}`", meaning, unit, kpi.time_base, kpi.estimator]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
