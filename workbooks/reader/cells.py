"""Reads the cells of one line: each value with its address, and what there is to say about it."""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from figures.table import CHOICE, COUNT

from ..entry import Entry, rule_of
from ..findings import Finding, Kind
from ..rows import Answer, Row
from ..values import BLANK, NOT_APPLICABLE, Cell, Parsed, read_value
from ..wording import structure
from ..wording import values as say
from .grid import Line, address, letters
from .header import Header

R = TypeVar("R", bound=Row)


class LineReader(Generic[R]):
    """Reads lines under one header and collects the findings of all of them."""

    def __init__(self, header: Header, row: type[R]) -> None:
        self.header, self.row, self.findings = header, row, list[Finding]()
        self.title = header.grid.title
        self.external = header.grid.external
        self.columns = [
            (column, letters(column), entry, entry.kind == COUNT, _words(entry))
            for column, entry in header.columns.items()
        ]

    def read(self, line: Line) -> R:
        """Every column of the line; blanks are looked at later, when the stages are known."""
        cells, number, answers = line.cells, str(line.number), dict[str, Answer]()
        for column, letter, entry, is_count, words in self.columns:
            cell, place = cells.get(column), letter + number
            if cell is None:
                answers[entry.code] = Answer(None, place)
                continue
            value: Any = cell.value
            is_whole = is_count and type(value) is int and 0 <= value < 100_000
            is_plain = is_whole and not cell.is_percent and not cell.shows_percent
            if (is_plain or value in words) and not self.external:
                # Nothing to say of most cells, so they are kept fast.
                answers[entry.code] = Answer(value, place, str(value))
            else:
                answers[entry.code] = self._read(entry, line.number, place, cell)
        return self.row(self.title, line.number, answers)

    def read_cell(self, entry: Entry, line: Line, column: int) -> Answer:
        """The cell of one column, for lines whose columns are not all read alike."""
        place = address(line.number, column)
        return self._read(entry, line.number, place, line.cells.get(column, BLANK))

    def _read(self, entry: Entry, row: int, place: str, cell: Cell) -> Answer:
        parsed = read_value(entry, cell)
        self._remark(entry, row, place, cell, parsed)
        return Answer(parsed.value, place, cell.text, parsed.failed)

    def _remark(self, entry: Entry, row: int, place: str, cell: Cell, parsed: Parsed) -> None:
        for remark in parsed.remarks:
            params = {"rule": rule_of(entry), **remark.params}
            self.add(remark.kind, row, place, entry, cell.text, params)
        if place in self.external and not parsed.failed:
            params = {"value": cell.text}
            self.add(say.EXTERNAL_FORMULA, row, place, entry, cell.text, params)

    def add(
        self,
        kind: Kind,
        row: int,
        place: str,
        entry: Entry,
        found: str = "",
        params: Mapping[str, Any] | None = None,
    ) -> None:
        filled = params or {"rule": rule_of(entry)}
        self.findings.append(Finding(kind, filled, self.title, place, row, entry.label, found))

    def check_blanks(self, row: Row, asked: Iterable[Entry], but_not: str = "") -> None:
        """Blank where asked: an error for what nothing can do without, else 未填报."""
        for entry in asked:
            answer = row.answers.get(entry.code)
            if answer is None or answer.value is not None or answer.failed:
                continue
            if entry.code == but_not:
                continue
            if entry.required:
                self.add(say.REQUIRED, row.number, answer.cell, entry)
            elif entry.expected:
                self.add(say.NOT_REPORTED, row.number, answer.cell, entry)

    def check_not_asked(self, row: Row, not_asked: Iterable[Entry]) -> set[str]:
        """The fields to leave out: blank, or 0 and 不适用 with a notice. The rest contradicts."""
        left_out = set()
        for entry in not_asked:
            answer = row.answers.get(entry.code)
            if answer is None or answer.value is None:
                left_out.add(entry.code)
            elif answer.value in (0, NOT_APPLICABLE):
                left_out.add(entry.code)
                self.add(say.NOT_ASKED, row.number, answer.cell, entry, answer.raw)
        return left_out

    def note_duplicates(self, rows: Iterable[tuple[str, R]], entry: Entry, key: str) -> None:
        """One finding per key told twice, naming every row."""
        seen: dict[str, list[R]] = {}
        for code, row in rows:
            seen.setdefault(code, []).append(row)
        for code, same in seen.items():
            if code and len(same) > 1:
                params = {"rows": "、".join(str(row.number) for row in same)}
                place = same[1].answer(key).cell
                self.add(structure.ROW_TWICE, same[1].number, place, entry, code, params)


def _words(entry: Entry) -> tuple[str, ...]:
    return entry.choices if entry.kind == CHOICE else ()
