"""A whole district with columns of its own is read, checked and marked in one go."""

from typing import Any

from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import SCHOOLS
from tests.workbooks import excel
from workbooks.writer import mark

COUNT, COLUMNS = 400, 60


def widen(book: Any) -> None:
    """The district's own columns beside ours, up to sixty."""
    sheet = book[excel.SHEET]
    for column in range(len(SCHOOLS.columns) + 1, COLUMNS + 1):
        sheet.cell(2, column).value = f"本区栏目{column}"
        for row in range(4, 4 + COUNT):
            sheet.cell(row, column).value = row * column


def test_four_hundred_schools_by_sixty_columns() -> None:
    content = excel.spoiled(widen, COUNT)
    expected = excel.expected(COUNT)
    reading = examine(content, "自查.xlsx", expected)
    assert len(reading.schools) == COUNT
    assert not reading.errors
    assert mark(content, reading.findings)
