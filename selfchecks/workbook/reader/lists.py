"""Reads the sheets of one line per item: 区县数据, 定性指标 and 一票否决."""

from figures.table import OFFERED_ITEMS
from workbooks.findings import Finding
from workbooks.reader.cells import LineReader
from workbooks.reader.grid import Line
from workbooks.reader.header import Header
from workbooks.reader.lines import DataLines
from workbooks.values import matching_form
from workbooks.wording import structure as say

from ..layout import DISTRICT, asked
from ..reading import Row


def read_lines(header: Header) -> tuple[dict[str, Row], list[Finding]]:
    """The rows by their code, in the order of the sheet."""
    lines, reader = DataLines(header), LineReader(header, Row)
    found = [_read_line(reader, line) for line in lines]
    rows = [(code, row) for code, row in found if code]
    key = header.layout.key
    reader.note_duplicates(rows, header.layout.by_code[key], key)
    _note_missing(reader, {code for code, _row in rows})
    # Of two lines with one code the first counts.
    return dict(reversed(dict(reversed(rows)).items())), [*lines.findings, *reader.findings]


def _read_line(reader: LineReader[Row], line: Line) -> tuple[str, Row]:
    """Code and values of a line; no code where it is none of ours."""
    layout, columns = reader.header.layout, reader.header.columns
    answers = {
        entry.code: reader.read_cell(entry, line, column)
        for column, entry in columns.items()
        if entry.code != layout.answer
    }
    row = Row(reader.title, line.number, answers)
    code = _code_of(reader, row)
    question = asked(layout, code)
    if question is None:
        key, entry = row.answer(layout.key), layout.by_code[layout.key]
        reader.add(say.UNKNOWN_ITEM, row.number, key.cell, entry, key.raw)
        return "", row
    column = reader.header.column_of(layout.answer)
    if column is not None:
        answers[layout.answer] = answer = reader.read_cell(question, line, column)
        reader.check_blanks(Row(reader.title, line.number, {question.code: answer}), [question])
    return code, row


def _code_of(reader: LineReader[Row], row: Row) -> str:
    """The code of a line, or that of its name when only the name is there."""
    layout = reader.header.layout
    code = str(row.value(layout.key) or "").replace(" ", "").replace("\uff0e", ".")
    if code or layout is not DISTRICT:
        return code
    wanted = matching_form(str(row.value("item_name") or "-"))
    items = OFFERED_ITEMS.items()
    return next((code for code, item in items if matching_form(item.label) == wanted), "")


def _note_missing(reader: LineReader[Row], present: set[str]) -> None:
    layout = reader.header.layout
    for code in layout.lines:
        question = asked(layout, code)
        if code not in present and question and question.expected:
            label = question.label if layout is DISTRICT else code
            params = {"sheet": reader.title, "label": label, "item": code}
            reader.findings.append(Finding(say.ITEM_MISSING, params, reader.title, field=label))
