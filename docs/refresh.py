"""Write again what is generated: the scenario's schema and reference, the list of key figures.

python docs/refresh.py
"""

from pathlib import Path

from loyaltysim.metrics.catalogue import page as metrics_page
from loyaltysim.scenario.reference import with_reference
from loyaltysim.scenario.schema import schema_text

HOME = Path(__file__).resolve().parents[1]


def main() -> None:
    """Refresh all generated pages in place; tests demand that they are current."""
    (HOME / "scenarios" / "scenario.schema.json").write_text(schema_text(), encoding="utf-8")
    scenario = HOME / "docs" / "scenario.md"
    scenario.write_text(with_reference(scenario.read_text(encoding="utf-8")), encoding="utf-8")
    (HOME / "docs" / "metrics.md").write_text(metrics_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
