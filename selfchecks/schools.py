"""One school as its page shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.shown import percent, shown
from indicators import wording
from indicators.requirements import failing_words
from indicators.rows import Figure, SpreadRow, UnitRow
from indicators.schools import SchoolRow, coefficient_when_met, parts_of
from indicators.services.rules import rules_of
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from selfchecks.results import ResultPage, trend
from selfchecks.services import evaluations
from selfchecks.services.findings import in_words

# What one more person, room or metre there would do to the coefficient of the district.
EFFECTS = {
    "helps": gettext_lazy("再增加会缩小差距"),
    "hurts": gettext_lazy("再增加会拉大差距"),
    "neutral": gettext_lazy("再增加不改变差距"),
}


@dataclass(frozen=True)
class Line:
    """One indicator of one stage: beside last year, and what it does to the coefficient.

    ``lifted`` is the coefficient there would be with this school at the threshold.
    """

    figure: Figure
    name: str
    before: Figure | None
    gap: str
    spread: str
    lifted: str

    @property
    def trend(self) -> str:
        """Whether what is shown rose since last year; empty where one of the two is unknown."""
        now, then = self.figure.value, self.before.value if self.before else ""
        if not now or not then:
            return ""
        return trend(Decimal(now), Decimal(then))

    @property
    def share(self) -> str:
        share = self.figure.cell.share
        return percent(share, self.figure.places.rate) if share else ""

    @property
    def effect(self) -> str:
        return str(EFFECTS.get(self.figure.cell.adding or "", ""))


class SchoolPage:
    """What the result of a self-check says of one school; ``page`` None while there is none."""

    def __init__(self, self_check: SelfCheck, record: SchoolRecord, page: ResultPage) -> None:
        self.record, self.page = record, page
        self.rules = rules_of(self_check.standard)
        approved = evaluations.approved_before(self_check)
        self._before = approved.result.units if approved else ()

    @cached_property
    def school(self) -> SchoolRow | None:
        """None when no stage of it is counted."""
        code = self.record.school_code
        return next(iter(self.page.schools({code})), None)

    @property
    def shares(self) -> bool:
        return any(gap.is_shared for gap in self.school.gaps) if self.school else False

    @property
    def left_out(self) -> list[UnitRow]:
        rows = (row for table in self.page.stages for row in table.left_out)
        return [row for row in rows if row.unit.school_code == self.record.school_code]

    @property
    def stages(self) -> Iterator[tuple[UnitRow, list[Line]]]:
        """Each counted stage with its seven lines."""
        for row in self.school.units if self.school else ():
            yield row, [self._line(row, at) for at in range(len(row.figures))]

    def _line(self, row: UnitRow, at: int) -> Line:
        figure = row.figures[at]
        found = self.page.outcome.dispersion[figure.stage].coefficients[figure.code]
        return Line(
            figure,
            self.page.names.get(figure.code, figure.code),
            self._past.get((figure.stage, figure.code)),
            self._gap(figure) if figure.cell.is_short else "",
            SpreadRow(figure.code, "", "", found, figure.places).cv,
            self._lifted(row, at, found.limit) if figure.cell.is_short else "",
        )

    def _gap(self, figure: Figure) -> str:
        """Shared ones are said once, above: two rows would be added up."""
        gaps = self.school.gaps if self.school else []
        own = (gap for gap in gaps if gap.field == figure.field)
        return next((_("见全校") if gap.is_shared else gap.words for gap in own), "")

    def _lifted(self, row: UnitRow, at: int, limit: str) -> str:
        table = next(table for table in self.page.stages if table.stage == row.unit.stage)
        found = coefficient_when_met(table.rows, row.unit.school_code, at, self.rules)
        return shown(found, self.page.places.coefficient, most=limit) if found else ""

    @cached_property
    def _past(self) -> dict[tuple[str, str], Figure]:
        code, places = self.record.school_code, self.page.places
        return {
            (unit.stage, name): Figure(name, unit.stage, cell, places)
            for unit in self._before
            if unit.school_code == code
            for name, cell in unit.cells.items()
        }

    @property
    def parts(self) -> list[tuple[str, str]]:
        """How buildings and equipment are divided among the stages, by weighted pupils."""
        names = self.rules.whole_weights(self.record.school_type)
        pupils = {stage: getattr(self.record, f"pupils_{stage}") for stage in names}
        return [
            (wording.stage_name(stage), percent(Decimal(part.numerator) / part.denominator))
            for stage, part in parts_of(self.record.school_type, pupils, self.rules).items()
        ]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Requirements outside part A the school misses: the indicator, and what is short."""
        found = self.page.outcome.indicators
        return [
            (f"{code} {self.page.names.get(code, '')}", failing_words(item))
            for code, outcome in found.items()
            for check in outcome.checks
            for item in check.failing
            if item.school_code == self.record.school_code
        ]

    @property
    def missing(self) -> list[str]:
        code = self.record.school_code
        return [label for school, _name, label in self.page.missing if school == code]


def findings_of(upload: Upload | None, record: SchoolRecord) -> list[tuple[dict[str, Any], str]]:
    """What the check of the current workbook found in the school's line, with the reasons."""
    if upload is None:
        return []
    rows = {int(re.sub("[^0-9]", "", cell)) for cell in record.cells.values() if cell}
    return [
        (in_words(each), upload.reasons.get(each["id"], ""))
        for each in upload.findings
        if each["sheet"] == record.sheet and each["row"] in rows and each["level"] != "notice"
    ]
