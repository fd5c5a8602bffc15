"""Finds the header of a sheet: by the hidden codes of row 1, or else by what the header says."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..entry import Entry, SheetLayout, hint_of, rule_of
from ..findings import Finding, Kind
from ..grid import Grid, Line, address
from ..values import matching_form
from ..wording import structure as say

SEARCHED_LINES = 30
MAX_DEPTH = 3  # levels of a header with merged cells
CLOSE = 0.75
ENOUGH_LABELS = 0.5
UNIT_IN_BRACKETS = re.compile(r"\([^()]*\)$|[,;:].*$")
LAST_YEAR_CODE = "last_year"  # our own reference column


@dataclass(frozen=True)
class Header:
    """Which column holds which entry, and on which line (by index) the data begins."""

    grid: Grid
    layout: SheetLayout
    columns: Mapping[int, Entry]
    first_data: int
    code_line: Line | None
    label_line: Line | None
    findings: tuple[Finding, ...] = ()

    # Asked of every line of the sheet, so worked out once.
    @cached_property
    def _codes(self) -> dict[int, str]:
        return {column: entry.code for column, entry in self.columns.items()}

    @cached_property
    def _labels(self) -> dict[int, str]:
        return {column: label_form(entry.label) for column, entry in self.columns.items()}

    def column_of(self, code: str) -> int | None:
        return next((c for c, entry in self.columns.items() if entry.code == code), None)

    def repeats_in(self, line: Line) -> bool:
        """Does this line repeat the header? Then a second table begins."""
        same = sum(
            text == self._codes.get(column) or label_form(text) == self._labels.get(column)
            for column, text in line.words()
        )
        return same >= 3 and same * 2 > len(line.cells)


@dataclass(frozen=True)
class _Labels:
    """A line of the sheet read as header: what each column says, with the levels above it."""

    index: int
    depth: int
    texts: Mapping[int, str]
    exact: Mapping[int, Entry]


def find_header(grid: Grid, layouts: Sequence[SheetLayout]) -> Header | None:
    """The header with the best match among the sheet layouts, or None for a foreign sheet."""
    coded = [header for layout in layouts if (header := _by_codes(grid, layout))]
    if coded:
        return max(coded, key=lambda header: len(header.columns))
    labelled = [header for layout in layouts if (header := _by_labels(grid, layout))]
    return max(labelled, key=lambda header: len(header.columns), default=None)


def _by_codes(grid: Grid, layout: SheetLayout) -> Header | None:
    for index, line in enumerate(grid.lines[:SEARCHED_LINES]):
        texts = line.texts()
        known = {c: layout.by_code[text] for c, text in texts.items() if text in layout.by_code}
        if len(known) >= min(3, len(layout.columns) - 1):
            return _coded_header(grid, layout, index, known)
    return None


def _coded_header(grid: Grid, layout: SheetLayout, index: int, known: dict[int, Entry]) -> Header:
    labels = _best_labels(grid, layout, index + 1, index + 6)
    columns, findings = _without_duplicates(grid, grid.lines[index], known)
    if labels:
        findings += _compare_labels(grid, columns, labels)
    after = (labels.index if labels else index) + 1
    return Header(
        grid=grid,
        layout=layout,
        columns=columns,
        first_data=_after_rules(grid, columns, after),
        code_line=grid.lines[index],
        label_line=grid.lines[labels.index] if labels else None,
        findings=tuple(findings),
    )


def _by_labels(grid: Grid, layout: SheetLayout) -> Header | None:
    labels = _best_labels(grid, layout, 0, SEARCHED_LINES)
    if labels is None:
        return None
    line = grid.lines[labels.index]
    columns, findings = _without_duplicates(grid, line, dict(labels.exact))
    findings.append(Finding(say.NO_CODES, {}, grid.title or layout.name))
    for column, entry in _close_matches(layout, labels, columns).items():
        columns[column] = entry
        findings.append(_at(say.HEADER_GUESSED, grid, line, column, entry, labels.texts[column]))
    after = _after_rules(grid, columns, labels.index + 1)
    return Header(grid, layout, columns, after, None, line, tuple(findings))


def _without_duplicates(
    grid: Grid, line: Line, known: dict[int, Entry]
) -> tuple[dict[int, Entry], list[Finding]]:
    columns: dict[int, Entry] = {}
    findings = []
    first: dict[str, int] = {}
    for column, entry in sorted(known.items()):
        if entry.code in first:
            other = {"other": address(line.number, first[entry.code])}
            findings.append(_at(say.COLUMN_TWICE, grid, line, column, entry, entry.label, other))
            continue
        first[entry.code] = column
        columns[column] = entry
    return columns, findings


def _compare_labels(grid: Grid, columns: Mapping[int, Entry], labels: _Labels) -> list[Finding]:
    """Codes and labels should tell the same story; labels moved without their codes do not."""
    line, findings = grid.lines[labels.index], []
    for column, entry in columns.items():
        told, text = labels.exact.get(column), labels.texts.get(column, "")
        if told and told.code == entry.code:
            continue
        if told:
            findings.append(_at(say.HEADER_SWAPPED, grid, line, column, entry, text))
        elif text:
            findings.append(_at(say.HEADER_CHANGED, grid, line, column, entry, text))
    return findings


def _best_labels(grid: Grid, layout: SheetLayout, start: int, stop: int) -> _Labels | None:
    candidates = [
        _labels(grid, layout, index, depth)
        for index in range(start, min(stop, len(grid.lines)))
        for depth in range(1, min(MAX_DEPTH, index + 1) + 1)
    ]
    best = max(candidates, key=lambda labels: (len(labels.exact), -labels.depth), default=None)
    asked = [entry for entry in layout.columns if entry.expected or entry.required]
    if best is None or len(best.exact) < max(2, ENOUGH_LABELS * len(asked)):
        return None
    return best


def _labels(grid: Grid, layout: SheetLayout, index: int, depth: int) -> _Labels:
    wanted = {label_form(entry.label): entry for entry in layout.columns}
    texts = _header_paths(grid, index, depth)
    exact = {
        column: wanted[form]
        for column, text in texts.items()
        if (form := label_form(text)) in wanted
    }
    return _Labels(index, depth, texts, exact)


def _header_paths(grid: Grid, index: int, depth: int) -> dict[int, str]:
    """Per column the texts of ``depth`` levels joined: 小学 over 在校生数 is 小学在校生数."""
    lines = grid.lines[index - depth + 1 : index + 1]
    levels = [_with_merges(grid, line) for line in lines]
    columns = sorted({column for level in levels for column in level})
    return {
        column: "".join(_distinct(level.get(column, "") for level in levels)) for column in columns
    }


def _with_merges(grid: Grid, line: Line) -> dict[int, str]:
    texts = line.texts()
    for top, left, bottom, right in grid.merges:
        if top == line.number and left in texts:
            texts.update(dict.fromkeys(range(left, right + 1), texts[left]))
        elif top < line.number <= bottom:
            texts.update(dict.fromkeys(range(left, right + 1), ""))
    return texts


def _distinct(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _close_matches(
    layout: SheetLayout, labels: _Labels, columns: Mapping[int, Entry]
) -> dict[int, Entry]:
    """Headers nearly as in the template, each for an entry nobody else has claimed."""
    taken = {entry.code for entry in columns.values()}
    free = {label_form(e.label): e for e in layout.columns if e.code not in taken}
    found: dict[int, Entry] = {}
    for column, text in labels.texts.items():
        if column in columns:
            continue
        for form in difflib.get_close_matches(label_form(text), free, 1, CLOSE):
            found[column] = free.pop(form)
    return found


def _after_rules(grid: Grid, columns: Mapping[int, Entry], index: int) -> int:
    """Skips row 3, the line of units and rules, wherever it has moved to."""
    for offset, line in enumerate(grid.lines[index : index + 2]):
        if _is_rule_line(line, columns):
            return index + offset + 1
    return index


def _is_rule_line(line: Line, columns: Mapping[int, Entry]) -> bool:
    texts = line.texts()
    same = sum(texts.get(column) in _rule_texts(entry) for column, entry in columns.items())
    return same * 2 > len(texts)


def _rule_texts(entry: Entry) -> set[str]:
    unit = (entry.unit, f"({entry.unit})") if entry.unit else ()
    return {hint_of(entry), str(rule_of(entry)), *unit}


@lru_cache(maxsize=2048)  # the same few labels are compared again and again
def label_form(text: str) -> str:
    form = matching_form(text).removeprefix("*").removesuffix("*")
    return UNIT_IN_BRACKETS.sub("", form)


def _at(
    kind: Kind,
    grid: Grid,
    line: Line,
    column: int,
    entry: Entry,
    found: str,
    params: Mapping[str, object] | None = None,
) -> Finding:
    place = address(line.number, column)
    return Finding(kind, params or {}, grid.title, place, line.number, entry.label, found)


def moved_columns(header: Header) -> bool:
    """Do the columns stand in another order than in the template?"""
    order = [header.layout.position(header.columns[c].code) for c in sorted(header.columns)]
    return order != sorted(order)


def foreign_columns(header: Header) -> Sequence[tuple[str, str]]:
    """Columns with a heading that the layout does not know: address and title."""
    line = header.label_line or header.code_line
    if line is None:
        return []
    ours = {LAST_YEAR_CODE} if header.code_line else set()
    codes = header.code_line.texts() if header.code_line else {}
    return [
        (address(line.number, column), text)
        for column, text in line.texts().items()
        if column not in header.columns and codes.get(column) not in ours
    ]
