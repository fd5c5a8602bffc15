"""A habit of whole files: what is sent, and what the reader must make of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from selfchecks.workbook.reading import Reading
from tests.workbooks import excel
from workbooks.findings import Severity

LEVELS = {"N": Severity.NOTICE, "W": Severity.WARNING, "E": Severity.ERROR}


@dataclass(frozen=True)
class Case:
    """``level`` N, W, E or nothing; ``says`` the codes that must appear, at cell ``at``."""

    row: int
    what: str
    content: Callable[[], bytes]
    level: str = ""
    says: tuple[str, ...] = ()
    at: str = ""
    refused: str = ""
    filename: str = "自查.xlsx"
    expected: dict[str, Any] = field(default_factory=dict)
    also: Callable[[Reading], bool] = lambda _: True

    def __str__(self) -> str:
        return f"h{self.row:02}-{self.what}"

    def read(self) -> Reading:
        return excel.read(self.content(), self.filename, **self.expected)


def check(case: Case) -> None:
    """No louder than the catalogue says, at the right place, with the right content."""
    reading = case.read()
    told = {finding.code: finding for finding in reversed(reading.findings)}
    assert set(case.says) <= set(told), [f.text for f in reading.findings]
    for code in case.says[:1]:
        assert told[code].severity == LEVELS[case.level]
        assert not case.at or case.at in {f.cell for f in reading.findings if f.code == code}
    serious = [f.text for f in reading.errors if f.code not in case.says]
    if case.level != "E":
        serious += [f.text for f in reading.warnings if f.code not in case.says]
    assert not serious
    assert case.also(reading)
