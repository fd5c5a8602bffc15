"""Which lines below a header are data, and which are totals, notes or a second header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from figures.table import CHOICE, CODE, TEXT

from ..findings import Finding, Kind
from ..guard.limits import MAX_MERGES
from ..values import Cell, matching_form
from ..wording import structure as say
from .grid import Area, Grid, Line, address, area_name, letters
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
            self._note(say.TOTALS_SKIPPED, line, first, total)
            return True
        if TAIL.match(text) or self._is_remark(line, first):
            self._note(say.TAIL_IGNORED, line, first, text)
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
        self._note(say.SECOND_HEADER, line, min(line.cells), line.text(min(line.cells)))

    def _about_titles(self) -> list[Finding]:
        first = self.header.code_line or self.header.label_line
        before = [ln.number for ln in self.header.grid.lines if first and ln.number < first.number]
        if not before:
            return []
        params = {"rows": "、".join(map(str, before[:10]))}
        return [Finding(say.TITLE_IGNORED, params, self.header.grid.title)]

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
                    self._note_merge(say.MERGE_FILLED, line, column, anchor, area)
            elif is_anchor or area[1] != area[3]:
                self._note_merge(say.MERGED_VALUE, line, column, anchor, area)
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
        Finding(say.COLUMN_MISSING, {}, title, "", None, entry.label)
        for entry in header.layout.columns
        if entry.code not in found and (entry.expected or entry.required)
    ]
    foreign = [
        Finding(say.COLUMN_IGNORED, {"title": text}, title, cell, None, "", text)
        for cell, text in foreign_columns(header)
    ]
    moved = [Finding(say.COLUMN_MOVED, {}, title)] if moved_columns(header) else []
    return [*missing, *foreign, *moved]


def about_hidden(header: Header) -> list[Finding]:
    """Hidden rows and columns are read like any other, which must be said."""
    grid, findings = header.grid, []
    data = {line.number for line in grid.lines[header.first_data :]}
    rows = sorted(data & grid.hidden_rows)
    columns = sorted(set(header.columns) & grid.hidden_columns)
    if rows:
        params = {"rows": "、".join(map(str, rows))}
        findings.append(Finding(say.HIDDEN_ROWS, params, grid.title, row=rows[0]))
    if columns:
        params = {"columns": "、".join(map(letters, columns))}
        findings.append(Finding(say.HIDDEN_COLUMNS, params, grid.title))
    if grid.coloured_blanks:
        findings.append(_coloured(grid))
    return findings


def _coloured(grid: Grid) -> Finding:
    params = {"count": len(grid.coloured_blanks)}
    return Finding(say.COLOURED_BLANKS, params, grid.title, grid.coloured_blanks[0])
