"""The workbook: inputs, workings, presentation and control apart; every formula with its value (DESIGN 5)."""

from loyaltysim.report.workbook.write import workbook_bytes, write_workbook

__all__ = ["workbook_bytes", "write_workbook"]
