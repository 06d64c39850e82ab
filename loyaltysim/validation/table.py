"""Writes docs/validation.md: every closed form, what the engine gave, and the verdict.

    python -m loyaltysim.validation.table [--print]

The checks are those of the tests; a figure that misses is shown as a miss.
"""

from __future__ import annotations

import math
import re
import sys
import time
from pathlib import Path

from loyaltysim.validation import checks_visits, facts
from loyaltysim.validation.checks import CHECKS, Check
from loyaltysim.validation.verdict import RARE, Row

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
REST = "(lines)=\n"  # where the parts of the page begin that others write

HEAD = """# Validation

(verification)=
## Closed forms

Each scenario in `loyaltysim/validation/scenarios` is the whole simulator reduced to one case of which the
answer is known. The SimPy engine runs it at a fixed seed; a figure *holds* within 4 standard errors of the
closed form (or when equal, where no luck is involved), a distribution when its p-value is no smaller than
{rare:.1e}, the chance of a deviation that large.

This page is written by

```
python -m loyaltysim.validation.table
```

and the same checks run as `loyaltysim validate` (all of them, or `loyaltysim validate C1 R2`) and as tests:
`pytest tests/verification`, or one of them with `-k` and the name given below. The docstring of each
test names the break of the model that was tried and what failed.

{summary}

{contents}
"""

FOOT = """
## The real cohort

The scenario `scenarios/cdnow.yaml` lives the 2,357 customers of CDNOW who first bought in the first quarter
of 1997, with the parameters published for them (Fader, Hardie & Lee 2005). Above, the engine is held against
the closed form; here the closed form is held against what the customers did, in standard deviations of one
cohort:

| by week | real repeat purchases | Pareto/NBD | sd of one cohort | z |
|---:|---:|---:|---:|---:|
{real}

Only the first quarter lies beyond luck: new customers came back sooner than Pareto/NBD says. From week 26 on
the model cannot be told from the cohort; and neither can a model that is a few per cent off, since one cohort
of this size is uncertain by 4 %.

## What is not checked here

Of BG/NBD (C10) and of C15, C16 and C21 the model has no process: there the forms are held against
what was printed, and against the same figure found in another way. C7, C24 and C26
belong to mechanisms that are still to come, or stand on other pages. What others measured stands
[below](facts).
"""

REAL = (828, 1746, 2457, 3183, 3844, 4339)  # counted in CDNOW_sample.txt, weeks of `checks_visits.MARKS`


def figure(x: float) -> str:
    """A number with up to six digits."""
    return "" if math.isnan(x) else f"{x:,.0f}" if abs(x) >= 10_000 else f"{x:.6g}"


def line(row: Row) -> str:
    """One line of a table."""
    if math.isnan(row.error):
        away, found = "", f"p = {row.found:.2g}"
    else:
        away, found = (
            f"{row.away:+.2f}" if row.error else "equal" if row.holds else "unequal",
            figure(row.found),
        )
    verdict = "holds" if row.holds else "**misses**"
    return f"| {row.what} | {figure(row.expected)} | {found} | {away} | {verdict} | {row.n} |"


def section(name: str, check: Check, test: str) -> tuple[str, list[Row]]:
    """The table of one check."""
    began = time.perf_counter()
    rows = check()
    text = told(check.__doc__, rows)
    lines = [
        f"\n### {name}\n",
        f"{text} (`-k {test}`)\n",
        "| figure | expected | simulated | standard errors | verdict | n |",
        "|---|---:|---:|---:|---|---|",
        *map(line, rows),
    ]
    print(f"{name}: {sum(row.holds for row in rows)} of {len(rows)} hold, "
          f"{time.perf_counter() - began:.1f} s", file=sys.stderr)  # fmt: skip
    return "\n".join(lines), rows


def told(text: str | None, rows: list[Row]) -> str:
    """What a check is about: the first line of its docstring, without the number."""
    first = (text or "Annual renewals, as above (" + rows[0].what.split(":")[0] + ").").split("\n")[0]
    first = first.split(": ", 1)[-1]
    return first[0].upper() + first[1:]


def real() -> str:
    """The real cohort beside the closed form."""
    lines = []
    for week, n in zip(checks_visits.MARKS, REAL, strict=True):
        expected, sd = checks_visits.cohort_mean(week), checks_visits.cohort_sd(week)
        lines.append(f"| {week} | {n:,} | {expected:,.1f} | {sd:.1f} | {(n - expected) / sd:+.2f} |")
    return "\n".join(lines)


def verdicts(by_check: dict[str, list[Row]], rest: str) -> str:
    """One table of everything on the page: each check, then what others have written below."""
    lines = ["| check | about | figures | verdict |", "|---|---|---:|---|"]
    for name, rows in by_check.items():
        missed = sum(not row.holds for row in rows)
        verdict = f"**{missed} miss**" if missed else "all hold"
        lines.append(f"| {name} | {told(CHECKS[name][0].__doc__, rows)} | {len(rows)} | {verdict} |")
    if found := re.search(r"\*\*(\d+) of (\d+) figures hold, (\d+) miss\*\*; the furthest", rest):
        lines.append(
            "| [lines](lines) | Lines of the textbook at full length | "
            f"{found[2]} | {'all hold' if found[3] == '0' else f'**{found[3]} miss**'} |"
        )
    classes = rest.partition("(classes)=")[2].partition("\n(")[0]
    kept, lost = (
        len(re.findall(rf"\| {word} \|$", classes, re.MULTILINE)) for word in ("holds", r"\*\*misses\*\*")
    )
    lines.append(
        f"| [two classes](classes) | Cobham 1954, Erlang B | {kept + lost} | "
        f"{f'**{lost} miss**' if lost else 'all hold'} |"
    )
    lines.append(facts.in_short(rest))
    return "\n".join(lines)


def page(rest: str) -> str:
    """The whole page but for its end, which others write."""
    sections: list[str] = []
    by_check: dict[str, list[Row]] = {}
    for name, (check, test) in CHECKS.items():
        text, by_check[name] = section(name, check, test)
        sections.append(text)
    rows = [row for found in by_check.values() for row in found]
    missed = [row for row in rows if not row.holds]
    furthest = max((row for row in rows if row.error > 0.0), key=lambda row: abs(row.away))
    summary = (
        f"**{len(rows) - len(missed)} of {len(rows)} figures hold, {len(missed)} miss.** The furthest lies "
        f"{abs(furthest.away):.1f} standard errors away ({furthest.what}); "
        "of so many, the largest is expected near 2.6."
    )
    head = HEAD.format(rare=RARE, summary=summary, contents=verdicts(by_check, rest))
    return head + "\n".join(sections) + "\n" + FOOT.format(real=real())


if __name__ == "__main__":
    written = PAGE.read_text(encoding="utf-8").partition(REST)
    text = page(written[2])
    if "--print" in sys.argv[1:]:
        print(text, end="")
    else:
        PAGE.write_text(text.rstrip("\n") + "\n\n" + "".join(written[1:]), encoding="utf-8")
