"""The checks of scenarios told to people in sentences, and to machines as JUnit's XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from loyaltysim.experiments.results import Results

Judged = dict[str, Any]


def junit_xml(results: Sequence[Results]) -> bytes:
    """A JUnit report: a suite for each scenario, a case for each of its checks."""
    top = ElementTree.Element("testsuites", _counted([check for one in results for check in one.checks]))
    for one in results:
        scenario = one.loaded.scenario
        suite = ElementTree.SubElement(top, "testsuite", {"name": scenario.name, **_counted(one.checks)})
        for check in one.checks:
            words = {"classname": str(one.loaded.path), "name": wanted(check)}
            case = ElementTree.SubElement(suite, "testcase", words)
            if not check["passed"]:
                ElementTree.SubElement(case, "failure", {"message": failed(check)})
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="utf-8", xml_declaration=True) + b"\n"


def _counted(checks: Sequence[Judged]) -> dict[str, str]:
    """How many checks there are, and how many of them fail."""
    return {"tests": str(len(checks)), "failures": str(sum(not check["passed"] for check in checks))}


def failures(results: Sequence[Results]) -> list[str]:
    """A sentence for each check that failed; of several scenarios with the name of each."""
    return [
        (f"{one.loaded.scenario.name}: " if len(results) > 1 else "") + failed(check)
        for one in results
        for check in one.checks
        if not check["passed"]
    ]


def wanted(check: Judged) -> str:
    """What a check demands: `programme_roi (effect) at least 0.1, whole interval`."""
    bounds = [
        f"{words} {check[name]:g}"
        for name, words in (("min", "at least"), ("max", "at most"))
        if check[name] is not None
    ]
    whole = ", whole interval" if check["judge"] == "interval" else ""
    return f"{check['kpi']} ({check['arm']}) {' and '.join(bounds)}{whole}"


def failed(check: Judged) -> str:
    """Why a check failed."""
    found = "not estimable"
    if check["estimate"] is not None:
        found = f"{check['estimate']:g}"
        if check["low"] is not None and check["high"] is not None:
            found += f", interval {check['low']:g} to {check['high']:g}"
        elif check["judge"] == "interval":
            found += ", without an interval"
    return f"check failed: {wanted(check)}; found {found}"
