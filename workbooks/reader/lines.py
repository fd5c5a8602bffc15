"""Which lines below a header are data, not totals, notes or a second header; reads their cells."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from figures.table import CHOICE, CODE, COUNT, TEXT

from ..entry import Answer, Entry, Row, rule_of
from ..findings import Finding, Kind
from ..grid import Area, Line, address, area_name, letters
from ..guard import MAX_MERGES
from ..values import BLANK, NOT_APPLICABLE, Cell, Parsed, matching_form, read_value
from ..wording import structure
from ..wording import values as say
from .header import Header, foreign_columns, moved_columns

TOTALS = re.compile(
    r"(全[区县市]|本[区县]|各校|学校|小学|初中)*(合计|小计|总计|共计|总数|平均值?|均值|平均数|合计数)[:：]?"
)
TAIL = re.compile(
    r"填表|制表|填报|审核|复核|负责人|单位负责|联系|备注|注[:：]|说明|※|\*|数据来源|日期"
)
FILLABLE = frozenset({TEXT, CODE, CHOICE})


@dataclass
class DataLines:
    """Walks the lines of a sheet; ``findings`` grows with what is passed over."""

    header: Header
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.merges = _merged_cells(self.header)
        self.key_column = self.header.column_of(self.header.layout.key)
        self.findings += self.header.findings
        self.findings += _about_columns(self.header)
        self.findings += self._about_titles()

    def __iter__(self) -> Iterator[Line]:
        for line in self.header.grid.lines[self.header.first_data :]:
            if self.header.repeats_in(line):
                self._note_second_header(line)
            elif not self._is_passed_over(line):
                yield self._fill_merges(line)

    def _is_passed_over(self, line: Line) -> bool:
        """Totals, notes below the table and lines without any cell of ours."""
        if not any(column in self.header.columns for column in line.cells):
            return True
        first = min(line.cells)
        text = line.text(first)
        if self._has_key(line):
            return False
        total = self._total_in(line)
        if total:
            self._note(structure.TOTALS_SKIPPED, line, first, total)
            return True
        if TAIL.match(text) or self._is_remark(line, first):
            self._note(structure.TAIL_IGNORED, line, first, text)
            return True
        return False

    def _has_key(self, line: Line) -> bool:
        """A code with digits or a known line: then the row counts, whatever else it says."""
        text = line.text(self.key_column or 0)
        lines = self.header.layout.lines
        return text in lines if lines else bool(re.search(r"[0-9]{6}", matching_form(text)))

    def _total_in(self, line: Line) -> str:
        words = (text for text in line.texts().values() if text)
        return next((w for w in words if TOTALS.fullmatch(matching_form(w))), "")

    def _is_remark(self, line: Line, first: int) -> bool:
        """One sentence alone on its line, not in the column of names."""
        entry = self.header.columns.get(first)
        if len(line.cells) > 1 or not isinstance(line.cells[first].value, str):
            return False
        text = line.text(first)
        is_name = entry is not None and entry.code == "school_name"
        return not is_name and not any(c.isdigit() for c in text[:6])

    def _note(self, kind: Kind, line: Line, column: int, text: str) -> None:
        place = address(line.number, column)
        params = {"row_number": line.number}
        title = self.header.grid.title
        self.findings.append(Finding(kind, params, title, place, line.number, "", text))

    def _note_second_header(self, line: Line) -> None:
        self._note(structure.SECOND_HEADER, line, min(line.cells), line.text(min(line.cells)))

    def _about_titles(self) -> list[Finding]:
        first = self.header.code_line or self.header.label_line
        before = [ln.number for ln in self.header.grid.lines if first and ln.number < first.number]
        if not before:
            return []
        params = {"rows": "、".join(map(str, before[:10]))}
        return [Finding(structure.TITLE_IGNORED, params, self.header.grid.title)]

    def _fill_merges(self, line: Line) -> Line:
        """Words in merged cells hold for every row they cover; numbers cannot be shared out."""
        if not self.merges:
            return line
        filled = dict(line.cells)
        for column, entry in self.header.columns.items():
            merge = self.merges.get((line.number, column))
            if merge is None:
                continue
            area, anchor = merge
            is_anchor = (line.number, column) == area[:2]
            if entry.kind in FILLABLE and area[1] == area[3]:
                if not is_anchor and anchor is not None:
                    filled[column] = anchor
                    self._note_merge(structure.MERGE_FILLED, line, column, anchor, area)
            elif is_anchor or area[1] != area[3]:
                self._note_merge(structure.MERGED_VALUE, line, column, anchor, area)
        return replace(line, cells=filled)

    def _note_merge(
        self, kind: Kind, line: Line, column: int, anchor: Cell | None, area: Area
    ) -> None:
        place, label = address(line.number, column), self.header.columns[column].label
        text = anchor.text if anchor else ""
        params = {"area": area_name(area)}
        title = self.header.grid.title
        self.findings.append(Finding(kind, params, title, place, line.number, label, text))


def _merged_cells(header: Header) -> dict[tuple[int, int], tuple[Area, Cell | None]]:
    """Every cell of a merged area in the data, with the area and the cell that holds its value."""
    merged: dict[tuple[int, int], tuple[Area, Cell | None]] = {}
    lines = {line.number: line for line in header.grid.lines}
    last = max(lines, default=0)
    for area in header.grid.merges[:MAX_MERGES]:
        top, left, bottom, right = area
        anchor = lines[top].cells.get(left) if top in lines else None
        for row in range(top, min(bottom, last) + 1):
            for column in range(left, right + 1):
                if column in header.columns:
                    merged[row, column] = area, anchor
    return merged


def _about_columns(header: Header) -> list[Finding]:
    title = header.grid.title
    found = {entry.code for entry in header.columns.values()}
    missing = [
        Finding(structure.COLUMN_MISSING, {}, title, "", None, entry.label)
        for entry in header.layout.columns
        if entry.code not in found and (entry.expected or entry.required)
    ]
    foreign = [
        Finding(structure.COLUMN_IGNORED, {"title": text}, title, cell, None, "", text)
        for cell, text in foreign_columns(header)
    ]
    moved = [Finding(structure.COLUMN_MOVED, {}, title)] if moved_columns(header) else []
    return [*missing, *foreign, *moved]


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
