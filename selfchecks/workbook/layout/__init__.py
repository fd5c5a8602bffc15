"""What the workbook looks like: one description for template, reader, writer and CSV."""

from workbooks.entry import Entry, SheetLayout

from .sheets import (
    CODE_ROW,
    DATA_SHEETS,
    DISTRICT,
    FIRST_DATA_ROW,
    HEADER_ROW,
    IDENTITY_SHEET,
    IGNORED_SHEETS,
    INSTRUCTIONS_SHEET,
    LAST_YEAR_SHEET,
    PROBLEM_SHEET,
    QUALITATIVE,
    RULE_ROW,
    SCHOOLS,
    SUBJECTS,
    TEMPLATE_ID,
    VETO,
    district_entries,
    district_entry,
)

__all__ = [
    "CODE_ROW",
    "DATA_SHEETS",
    "DISTRICT",
    "FIRST_DATA_ROW",
    "HEADER_ROW",
    "IDENTITY_SHEET",
    "IGNORED_SHEETS",
    "INSTRUCTIONS_SHEET",
    "LAST_YEAR_SHEET",
    "PROBLEM_SHEET",
    "QUALITATIVE",
    "RULE_ROW",
    "SCHOOLS",
    "SUBJECTS",
    "TEMPLATE_ID",
    "VETO",
    "Entry",
    "SheetLayout",
    "district_entries",
    "district_entry",
]
