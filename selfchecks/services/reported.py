"""What a district reported, in one shape whether it comes from a workbook or from the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from figures.table import SCHOOL_FIELD, SCHOOL_FIELDS, YES_NO
from selfchecks.models import SelfCheck
from selfchecks.models.records import NUMBER_FIELDS, ItemState
from selfchecks.workbook.reading import DISTRICT, QUALITATIVE, SCHOOLS, VETO, Reading, Row
from workbooks.findings import Finding
from workbooks.values import NOT_APPLICABLE, Value, plain
from workbooks.wording.structure import HEADER_LOST, NEVER_REPORTED, SHEET_MISSING

YES, NO = YES_NO
_PLACES = {raw.code: raw.places for raw in NUMBER_FIELDS if raw.kind == "decimal"}
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(5))
_TEXTS = frozenset(raw.code for raw in SCHOOL_FIELDS if raw.is_word)
_CODES = tuple(raw.code for raw in SCHOOL_FIELDS)
_PARTS = {
    "schools": SCHOOLS.name,
    "district": DISTRICT.name,
    "qualitative": QUALITATIVE.name,
    "veto": VETO.name,
}

Figures = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the workbook something stood."""

    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The sheet of a line and the cell of each of its columns."""

    sheet: str
    cells: Mapping[str, str]


NOWHERE = Line("", {})


@dataclass(frozen=True)
class Reported:
    """Figures by school code and field, items, answers; None is 未填报.

    ``lines`` says for each of their keys on which sheet and in which cells it stood.
    """

    schools: Mapping[str, Figures] = field(default_factory=dict)
    district: Figures = field(default_factory=dict)
    qualitative: Mapping[str, dict[str, str]] = field(default_factory=dict)
    veto: Mapping[str, dict[str, str]] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)

    def place(self, key: str, column: str) -> Place:
        line = self.lines.get(key, NOWHERE)
        return Place(line.sheet, line.cells.get(column, ""))

    def payload(self) -> dict[str, Any]:
        """The shape the calculation takes; what was not reported is left out."""
        return {
            "schools": [_without_blanks(row) for row in self.schools.values()],
            "district": _without_blanks(self.district),
            "qualitative": {key: dict(row) for key, row in self.qualitative.items()},
            "veto": {
                key: {"answer": row["answer"] or None, "note": row["note"]}
                for key, row in self.veto.items()
            },
        }


def _without_blanks(row: Mapping[str, Value]) -> dict[str, int | str]:
    return {
        code: plain(value) if isinstance(value, Decimal) else value
        for code, value in row.items()
        if value is not None and value != ""
    }


def from_reading(reading: Reading) -> Reported:
    """What a workbook says."""
    return Reported(
        schools={row.code: _figures(row) for row in reading.schools},
        district={code: _number(a.value, 4) for code, a in reading.district.items()},
        qualitative={key: _answers(row) for key, row in reading.qualitative.items()},
        veto={key: _veto(row) for key, row in reading.veto.items()},
        lines=dict(_lines(reading)),
    )


def with_absent_sheets(found: Reported, reading: Reading, self_check: SelfCheck) -> Reported:
    """A sheet the workbook does not have stays as the current version has it."""
    if not _absent(reading):
        return found
    return keep_absent_sheets(found, reading, from_records(self_check))


def keep_absent_sheets(found: Reported, reading: Reading, before: Reported) -> Reported:
    """The same figures, with the sheets the workbook lacks taken from another version."""
    kept = {part: getattr(before, part) for part in _absent(reading)}
    return replace(found, **kept)


def _absent(reading: Reading) -> dict[str, str]:
    """The parts the workbook has no sheet for, with the sheet's name."""
    return {part: name for part, name in _PARTS.items() if name not in reading.sheets}


def never_reported(found: Reported, reading: Reading) -> list[Finding]:
    """Parts that neither this file nor a version before it has, unless that is named already."""
    told = (SHEET_MISSING, HEADER_LOST)
    named = {finding.sheet for finding in reading.findings if finding.kind in told}
    return [
        Finding(NEVER_REPORTED, {"expected": name}, name)
        for part, name in _absent(reading).items()
        if not getattr(found, part) and name not in named
    ]


def _figures(row: Row) -> Figures:
    return {
        code: None if code in row.not_asked else _normal(code, row.value(code)) for code in _CODES
    }


def _normal(code: str, value: Value) -> Value:
    if code in _TEXTS:
        return "" if value is None else str(value)
    return _number(value, _PLACES.get(code))


def _number(value: Value, places: int | None) -> Value:
    """Numbers with the places of their column, so that equal figures are equal values."""
    if value is None or isinstance(value, str):
        return value
    if places is None:
        return int(value)
    return Decimal(value).quantize(_QUANTA[places])


def _answers(row: Row) -> dict[str, str]:
    return {name: str(row.value(name) or "") for name in ("conclusion", "note", "evidence")}


def _veto(row: Row) -> dict[str, str]:
    return {"answer": str(row.value("answer") or ""), "note": str(row.value("veto_note") or "")}


def _lines(reading: Reading) -> Iterator[tuple[str, Line]]:
    for row in reading.schools:
        yield row.code, _line(row)
    title = reading.sheets.get(DISTRICT.name, DISTRICT.name)
    for code, answer in reading.district.items():
        yield code, Line(title, {"value": answer.cell})
    for rows in (reading.qualitative, reading.veto):
        for key, row in rows.items():
            yield key, _line(row)


def _line(row: Row) -> Line:
    return Line(
        row.sheet, {code: answer.cell for code, answer in row.answers.items() if answer.cell}
    )


def from_records(self_check: SelfCheck) -> Reported:
    """The current version as the database keeps it; places are left in the rows."""
    return Reported(
        schools={
            row["school_code"]: _stored(row)
            for row in self_check.school_records.order_by("school_code").values(
                *_CODES, "not_applicable"
            )
        },
        district={
            row.item: NOT_APPLICABLE if row.state == ItemState.NOT_APPLICABLE else row.value
            for row in self_check.district_records.all()
        },
        qualitative={
            row.indicator: {
                "conclusion": row.conclusion,
                "note": row.note,
                "evidence": row.evidence,
            }
            for row in self_check.qualitative_answers.all()
        },
        veto={
            row.item: {
                "answer": {True: YES, False: NO, None: ""}[row.is_raised],
                "note": row.note,
            }
            for row in self_check.veto_items.all()
        },
    )


def _stored(row: dict[str, Any]) -> Figures:
    absent = set(row.pop("not_applicable"))
    return {code: NOT_APPLICABLE if code in absent else value for code, value in row.items()}


def from_payload(payload: Mapping[str, Any]) -> Reported:
    """The inputs of a stored evaluation, for comparison with other years."""
    return Reported(
        schools={
            row["school_code"]: {code: _read_back(code, row.get(code)) for code in _CODES}
            for row in payload["schools"]
        },
        district={
            code: value if value == NOT_APPLICABLE else _number(Decimal(value), 4)
            for code, value in payload["district"].items()
        },
        qualitative={key: dict(row) for key, row in payload["qualitative"].items()},
        veto={
            key: {"answer": row["answer"] or "", "note": row["note"]}
            for key, row in payload["veto"].items()
        },
    )


def _read_back(code: str, value: Any) -> Value:
    if value is None or value == NOT_APPLICABLE or SCHOOL_FIELD[code].is_word:
        return _normal(code, value)
    return _number(Decimal(value), _PLACES.get(code))
