"""Every school and indicator of a stage as one table, and the same rows for download."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from figures.table import JUNIOR, PRIMARY, SCHOOL_FIELD
from indicators import wording
from indicators.calculation.figures import write_decimal
from indicators.calculation.scheme import CODES, RATIOS

Outcome = Mapping[str, Any]
ORDER = {"not_met": 0, "unknown": 1, "met": 2, None: 3}


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit; ``shortfall`` is what is missing to the threshold, in words."""

    code: str
    value: str
    verdict: str
    words: str
    shortfall: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    school_code: str
    name: str
    pupils: str
    verdict: str | None
    words: str
    met_count: int | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class StageTable:
    anchor: str
    name: str
    codes: tuple[tuple[str, str, str], ...]
    rows: tuple[UnitRow, ...]
    left_out: tuple[UnitRow, ...]

    @property
    def failing_count(self) -> int:
        return sum(row.verdict == "not_met" for row in self.rows)


def stage_tables(outcome: Outcome, names: Mapping[str, str]) -> tuple[StageTable, ...]:
    """Primary, then junior; failing units first."""
    return tuple(
        _table(stage, units, names)
        for stage in (PRIMARY, JUNIOR)
        if (units := [unit for unit in outcome["units"] if unit["stage"] == stage])
    )


def _table(stage: str, units: list[Outcome], names: Mapping[str, str]) -> StageTable:
    rows = [_row(unit) for unit in units]
    counted = [row for row in rows if row.verdict is not None]
    thresholds = next((u["indicators"] for u in units if u["counted"]), {})
    return StageTable(
        anchor=f"units-{stage}",
        name=wording.stage_name(stage),
        codes=tuple(
            (code, names.get(code, code), thresholds.get(code, {}).get("threshold", ""))
            for code in CODES
        ),
        rows=tuple(sorted(counted, key=lambda row: (ORDER[row.verdict], row.met_count or 0))),
        left_out=tuple(row for row in rows if row.verdict is None),
    )


def _row(unit: Outcome) -> UnitRow:
    return UnitRow(
        school_code=unit["school_code"],
        name=unit["school_name"],
        pupils=unit["pupils"] or "",
        verdict=unit["verdict"],
        words=str(wording.VERDICTS[unit["verdict"]]) if unit["verdict"] else _("不参与测算"),
        met_count=unit["met_count"],
        figures=tuple(_figure(unit, code) for code in CODES if code in unit["indicators"]),
    )


def _figure(unit: Outcome, code: str) -> Figure:
    found = unit["indicators"][code]
    return Figure(
        code=code,
        value=found["value"] or "",
        verdict=found["verdict"],
        words=str(wording.UNIT_VERDICTS[found["verdict"]]),
        shortfall=_shortfall(found, code, unit["stage"]),
    )


def _shortfall(found: Outcome, code: str, stage: str) -> str:
    """In the unit of the raw figure: 差 2 人."""
    if found["verdict"] in ("met", "unknown") or not found["shortfall"]:
        return ""
    field = SCHOOL_FIELD[RATIOS[CODES.index(code)].field_in(stage)]
    return _("差 %s") % wording.amount(Decimal(found["shortfall"]), field.unit)


def rows_for_download(outcome: Outcome, names: Mapping[str, str]) -> Iterator[list[Any]]:
    """One row per unit and indicator, header first."""
    yield [
        *(_("学校标识码"), _("学校名称"), _("学段"), _("在校生数"), _("指标"), _("名称")),
        *(_("数值"), _("达标值"), _("结论"), _("差多少(原始数据)")),
    ]
    for unit in outcome["units"]:
        head = [unit["school_code"], unit["school_name"], wording.stage_name(unit["stage"])]
        for code, found in unit["indicators"].items():
            yield [
                *(*head, unit["pupils"], code, names.get(code, code)),
                *(found["value"], found["threshold"], str(wording.UNIT_VERDICTS[found["verdict"]])),
                write_decimal(Decimal(found["shortfall"])) if found["shortfall"] else "",
            ]
