"""Reads the sheets of one line per item: 区县数据, 定性指标 and 一票否决."""

from collections.abc import Iterable

from workbooks.entry import Entry, SheetLayout
from workbooks.findings import Finding
from workbooks.reader.cells import LineReader
from workbooks.reader.grid import Line
from workbooks.reader.header import Header
from workbooks.reader.lines import DataLines
from workbooks.rows import Answer
from workbooks.values import matching_form
from workbooks.wording import structure as say

from ..layout import DISTRICT, district_entries, district_entry
from ..reading import Row


def read_district(header: Header) -> tuple[dict[str, Answer], list[Finding]]:
    """The district's own figures by item code."""
    lines, reader = DataLines(header), LineReader(header, Row)
    answers: dict[str, Answer] = {}
    rows = []
    for line in lines:
        row = _key_row(reader, line)
        code = _code_of(row, header.layout)
        entry = district_entry(code)
        if entry is None:
            _note_unknown(reader, row, header.layout)
            continue
        rows.append((code, row))
        answers.setdefault(code, _item_answer(reader, entry, line))
    _finish(reader, header.layout, rows)
    _note_missing(reader, answers, (entry for entry in district_entries() if entry.expected))
    return answers, [*lines.findings, *reader.findings]


def read_lines(header: Header) -> tuple[dict[str, Row], list[Finding]]:
    """The rows of a sheet whose lines are fixed, by their code."""
    lines, reader = DataLines(header), LineReader(header, Row)
    layout, rows = header.layout, list[tuple[str, Row]]()
    for line in lines:
        row = reader.read(line)
        code = _code_of(row, layout)
        if code not in layout.lines:
            _note_unknown(reader, row, layout)
            continue
        reader.check_blanks(row, layout.columns)
        rows.append((code, row))
    _finish(reader, layout, rows)
    found = dict(reversed(rows))
    _note_missing_lines(reader, layout, found)
    return {code: found[code] for code in layout.lines if code in found}, [
        *lines.findings,
        *reader.findings,
    ]


def _key_row(reader: LineReader[Row], line: Line) -> Row:
    """Only the words of a district line: its value is read by the item's own rule."""
    columns = reader.header.columns
    answers = {
        entry.code: reader.read_cell(entry, line, column)
        for column, entry in columns.items()
        if entry.code != "value"
    }
    return Row(reader.title, line.number, answers)


def _item_answer(reader: LineReader[Row], entry: Entry, line: Line) -> Answer:
    column = reader.header.column_of("value")
    if column is None:
        return Answer(None)
    answer = reader.read_cell(entry, line, column)
    row = Row(reader.title, line.number, {entry.code: answer})
    reader.check_blanks(row, [entry])
    return answer


def _code_of(row: Row, layout: SheetLayout) -> str:
    """The code of a line, or that of its name when only the name is there."""
    code = str(row.value(layout.key) or "").replace(" ", "").replace("\uff0e", ".")
    if code or layout is not DISTRICT:
        return code
    wanted = matching_form(str(row.value("item_name") or "-"))
    return next((e.code for e in district_entries() if matching_form(e.label) == wanted), "")


def _note_unknown(reader: LineReader[Row], row: Row, layout: SheetLayout) -> None:
    answer, entry = row.answer(layout.key), layout.by_code[layout.key]
    reader.add(say.UNKNOWN_ITEM, row.number, answer.cell, entry, answer.raw)


def _finish(reader: LineReader[Row], layout: SheetLayout, rows: list[tuple[str, Row]]) -> None:
    reader.note_duplicates(rows, layout.by_code[layout.key], layout.key)


def _note_missing(reader: LineReader[Row], found: Iterable[str], expected: Iterable[Entry]) -> None:
    present = set(found)
    for entry in expected:
        if entry.code not in present:
            params = {"sheet": reader.title, "label": entry.label, "item": entry.code}
            reader.findings.append(
                Finding(say.ITEM_MISSING, params, reader.title, field=entry.label)
            )


def _note_missing_lines(reader: LineReader[Row], layout: SheetLayout, found: Iterable[str]) -> None:
    present = set(found)
    for code in layout.lines:
        if code not in present:
            params = {"sheet": reader.title, "label": code, "item": code}
            reader.findings.append(Finding(say.ITEM_MISSING, params, reader.title, field=code))
