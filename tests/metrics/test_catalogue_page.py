"""The reference of the figures is the catalogue's own."""

from pathlib import Path

import pytest

from loyaltysim.metrics.catalogue import CATALOGUE, TOPICS, page
from loyaltysim.metrics.tables import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def test_the_page_of_the_documentation_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        'regenerate it: python -c "from loyaltysim.metrics.catalogue import page; '
        "open('docs/metrics.md', 'w', encoding='utf-8', newline='\\n').write(page())\""
    )


def test_no_two_figures_share_a_name():
    assert len(CATALOGUE) == sum(len(kpis) for kpis in TOPICS.values())


def test_no_two_figures_share_a_label():
    labels = [kpi.label for kpi in CATALOGUE.values()]
    assert sorted(set(labels)) == sorted(labels)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_figure_has_one_line(name):
    assert page().partition("## Tables")[0].count(f"| `{name}` |") == 1


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_its_place(table):
    assert page().partition("## Tables")[2].count(f"`{table.name}(measured, terms)`") == 1
