"""A template written as lines of text, made into a document that an office can edit.

    # 标题          #! 标题，另起一页     ## 一、      ### （一）
    正文            = 主送机关            > 落款        ~ 小字注
    !chart          | 表 | 头 |           |---|---:|    --- landscape / --- portrait

The line of dashes under a table's heads says how wide each column is, and with a colon at its end
that numbers stand right, at both ends that text stands in the middle. What stands in ``{{ }}`` and
``{% %}`` is Jinja's; a table row of a lone ``{%tr … %}`` repeats the rows after it.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Twips

from . import form
from .base import begin, lay_out
from .packing import packed

_MARKS = {
    "#! ": "Title On New Page",
    "# ": "Title",
    "## ": "heading 1",
    "### ": "heading 2",
    "= ": "Addressee",
    "> ": "Signature",
    "~ ": "Note",
}
MANY = 9  # columns, beyond which a table is set in 小五
_PAGES = {"--- landscape": form.LANDSCAPE, "--- portrait": form.STRICT}


def built(text: str, page: form.Page = form.STRICT) -> bytes:
    """The template as a .docx, the same bytes for the same text."""
    lines = [line.strip() for line in text.splitlines()]
    first = next((_PAGES[line] for line in lines[:1] if line in _PAGES), page)
    document = begin(first)
    for is_table, part in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            _table(document, list(part), first)
        else:
            first = _prose(document, filter(None, part), first)
    buffer = BytesIO()
    document.save(buffer)
    return packed(buffer.getvalue())


def _prose(document: Any, lines: Iterator[str], page: form.Page) -> form.Page:
    """The page that is in force after the lines."""
    for line in lines:
        if line in _PAGES:
            if page is not _PAGES[line]:
                page = _PAGES[line]
                lay_out(document.add_section(WD_SECTION.NEW_PAGE), page)
            continue
        mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
        style = _MARKS.get(mark, "Picture" if line.startswith("!") else "Normal")
        shown = f"{{{{ {line[1:]} }}}}" if style == "Picture" else line.removeprefix(mark)
        document.add_paragraph(shown, style)
    return page


def _table(document: Any, lines: Sequence[str], page: form.Page) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    at = next(at for at, row in enumerate(rows) if set("".join(row)) <= set("-: "))
    rule, prefix = rows[at], "Fine" if len(rows[at]) > MANY else ""
    head = f"{prefix} Head".strip()
    styles = [f"{prefix or 'Cell'} {_side(cell)}".strip() for cell in rule]
    table = document.add_table(0, len(rule), "Table Grid")
    table.autofit = False
    widths = [page.width * len(cell) // sum(map(len, rule)) for cell in rule]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    for number, row in enumerate(rows):
        if number != at:
            _row(table, row, [head] * len(rule) if number < at else styles, widths)
    for row in table.rows[:at]:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _side(rule: str) -> str:
    ends = rule.startswith(":"), rule.endswith(":")
    return {(True, True): "Centre", (False, True): "Right"}.get(ends, "")


def _row(table: Any, texts: Sequence[str], styles: Sequence[str], widths: Sequence[int]) -> None:
    """A row of fewer cells than columns is one of Jinja's, which leaves nothing behind; ``<``
    goes on with the cell before it."""
    row = table.add_row()
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if len(texts) < len(styles):
        texts = [*texts, *[""] * (len(styles) - len(texts))]
    for cell, text, style, width in zip(row.cells, texts, styles, widths, strict=True):
        cell.width = Twips(width)
        cell.paragraphs[0].style = style
        if text != "<":
            cell.paragraphs[0].add_run(text)
    for at in reversed([at for at, text in enumerate(texts) if text == "<"]):
        start = next(back for back in range(at, -1, -1) if texts[back] != "<")
        if at + 1 == len(texts) or texts[at + 1] != "<":
            row.cells[start].merge(row.cells[at])
            for empty in row.cells[start].paragraphs[1:]:
                empty._p.getparent().remove(empty._p)
