"""Reads a worksheet's raw XML for what must be known before, or is lost by, a cell reader."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from ..findings import N_, Message, Refused
from ..wording import refusals
from .archive import unreadable
from .limits import (
    BLANK_ROWS_TO_END,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_MERGED_CELLS,
    MAX_MERGES,
    MAX_ROWS,
)

ROOT = re.compile(rb"<(?:(\w+):)?worksheet[\s>]")
ADDRESS = re.compile(rb"\br=[\"']([A-Za-z]{1,8})([0-9]{1,10})[\"']")
AREA = re.compile(r"\$?([A-Z]{1,8})\$?(\d{1,10})(?::\$?([A-Z]{1,8})\$?(\d{1,10}))?")
EXTERNAL = re.compile(rb"\[\d+\]|\|'?[^<]*!")
ROW_NUMBER = re.compile(rb"\br=[\"'](\d{1,10})[\"']")
COLUMN_SPAN = re.compile(rb"\b(min|max)=[\"'](\d{1,8})[\"']")
IS_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Counts, merges, hidden rows and formulas of one sheet, by cell address."""

    cells: int = 0
    merges: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[str] = frozenset()
    uncached: frozenset[str] = frozenset()  # formulas saved without a result
    external: frozenset[str] = frozenset()  # formulas that read another file


@dataclass(frozen=True, slots=True)
class _Tags:
    """The patterns of one namespace prefix. ``[^<>]`` and ``*+`` keep every search linear."""

    address: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    cell_end: bytes
    formula: re.Pattern[bytes]
    value: re.Pattern[bytes]
    any_value: bytes
    inline: bytes
    row: re.Pattern[bytes]
    column: re.Pattern[bytes]
    merge: re.Pattern[bytes]


@lru_cache(maxsize=16)
def _tags(prefix: bytes) -> _Tags:
    p = prefix + b":" if prefix else b""
    return _Tags(
        address=re.compile(
            rb"<%bc(?=[\s>])(?:[^<>]*?%b)?+[^<>]*+(?<!/)>(?!</)" % (p, ADDRESS.pattern)
        ),
        cell=re.compile(rb"<%bc(?=[\s>])([^<>]*+)(?<!/)>(?!</)" % p),
        cell_end=b"</%bc>" % p,
        formula=re.compile(rb"<%bf(?=[\s/>])[^<>]*+>([^<]*+)" % p),
        value=re.compile(rb"<%bv(?:\s[^<>]*+)?>[^<]" % p),
        any_value=b"<%bv" % p,
        inline=b"<%bis>" % p,
        row=re.compile(rb"<%brow\s([^<>]*+)>" % p),
        column=re.compile(rb"<%bcol\s([^<>]*+)>" % p),
        merge=re.compile(rb"<%bmergeCell\s[^<>]*?\bref=[\"']([^\"'<>]*)" % p),
    )


def scan_sheet(content: bytes) -> SheetFacts:
    """The facts of one worksheet part; ``Refused`` when it reaches far outside any template."""
    root = ROOT.search(content, 0, 4096)
    tags = _tags(root[1] or b"" if root else b"")
    if content.count(tags.any_value) + content.count(tags.inline) > MAX_CELLS:
        raise _out_of_bounds(N_("一张工作表有内容的单元格超过 {limit} 个"), limit=MAX_CELLS)
    merges = _merges(content, tags)
    cells = _check_reach(content, tags)
    formulas, uncached, external = _formulas(content, tags)
    return SheetFacts(
        cells=cells,
        merges=merges,
        hidden_rows=_hidden_rows(content, tags),
        hidden_columns=_hidden_columns(content, tags),
        formulas=frozenset(formulas),
        uncached=frozenset(uncached),
        external=frozenset(external),
    )


@lru_cache(maxsize=512)
def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _check_reach(content: bytes, tags: _Tags) -> int:
    """How many cells have content; ``Refused`` when they reach outside any template."""
    cells, reach = tags.address.findall(content), _Reach()
    for row, same in groupby(cells, key=itemgetter(1)):
        if row:
            reach.extend(int(row), [letters for letters, _row in same])
    return len(cells)


def _formulas(content: bytes, tags: _Tags) -> tuple[list[str], list[str], list[str]]:
    """The addresses of all formulas, of those never calculated, of those that look elsewhere."""
    formulas: list[str] = []
    uncached: list[str] = []
    external: list[str] = []
    if tags.formula.search(content) is None:
        return formulas, uncached, external
    for match in tags.cell.finditer(content):
        body = content[match.end() : content.find(tags.cell_end, match.end())]
        formula, address = tags.formula.search(body), ADDRESS.search(match[1])
        if formula and address:
            place = (address[1] + address[2]).decode().upper()
            formulas.append(place)
            if not _has_result(body, match[1], tags):
                uncached.append(place)
            if EXTERNAL.search(formula[1]):
                external.append(place)
    return formulas, uncached, external


def _has_result(body: bytes, attributes: bytes, tags: _Tags) -> bool:
    """A text formula may well have an empty result; any other without one was never calculated."""
    if tags.value.search(body):
        return True
    return TEXT_RESULT.search(attributes) is not None and tags.any_value in body


class _Reach:
    """Follows the rows with content downwards and refuses what lies outside a template."""

    def __init__(self) -> None:
        self.row, self.rows = 0, 0

    def extend(self, row: int, columns: list[bytes]) -> None:
        if row != self.row:
            self._next_row(row, columns[0])
        far = next((c for c in columns if column_number(c.decode()) > MAX_COLUMNS), None)
        if far:
            raise _far(far, row)

    def _next_row(self, row: int, letters: bytes) -> None:
        if row < self.row:
            raise unreadable(N_("工作表里的行没有按顺序排列"))
        if row - self.row > BLANK_ROWS_TO_END:
            raise _far(letters, row)
        self.row, self.rows = row, self.rows + 1
        if self.rows > MAX_ROWS + 50:  # room for header, title and tail rows
            raise _out_of_bounds(N_("一张工作表超过 {limit} 行"), limit=MAX_ROWS)


def _merges(content: bytes, tags: _Tags) -> tuple[tuple[int, int, int, int], ...]:
    merges: list[tuple[int, int, int, int]] = []
    for match in tags.merge.finditer(content):
        area = AREA.fullmatch(match[1].decode("ascii", "replace").upper())
        if area is None or len(merges) >= MAX_MERGES:
            raise unreadable(N_("合并单元格的记录不正常"))
        merges.append(_area(area))
    return tuple(merges)


def _area(match: re.Match[str]) -> tuple[int, int, int, int]:
    first_column, last_column = column_number(match[1]), column_number(match[3] or match[1])
    first_row, last_row = int(match[2]), int(match[4] or match[2])
    if (last_row - first_row + 1) * (last_column - first_column + 1) > MAX_MERGED_CELLS:
        reason = N_("合并区域 {area} 超过 {limit} 个单元格")
        raise _out_of_bounds(reason, area=match[0], limit=MAX_MERGED_CELLS)
    return first_row, first_column, last_row, last_column


def _hidden_rows(content: bytes, tags: _Tags) -> frozenset[int]:
    return frozenset(
        int(number[1])
        for attributes in _hidden(content, tags.row)
        if (number := ROW_NUMBER.search(attributes))
    )


def _hidden_columns(content: bytes, tags: _Tags) -> frozenset[int]:
    hidden: set[int] = set()
    for attributes in _hidden(content, tags.column):
        span = {name: int(number) for name, number in COLUMN_SPAN.findall(attributes)}
        last = min(span.get(b"max", 0), MAX_COLUMNS)
        hidden.update(range(span.get(b"min", last + 1), last + 1))
    return frozenset(hidden)


def _hidden(content: bytes, tag: re.Pattern[bytes]) -> Iterator[bytes]:
    if b"hidden=" not in content:
        return
    for match in tag.finditer(content):
        if IS_HIDDEN.search(match[1]):
            yield match[1]


def _far(letters: bytes, row: int) -> Refused:
    reason = N_("{address} 有内容,远在数据区之外")
    return _out_of_bounds(reason, address=f"{letters.decode().upper()}{row}")


def _out_of_bounds(reason: str, **params: object) -> Refused:
    return Refused(refusals.OUT_OF_BOUNDS, reason=Message(reason, params))
