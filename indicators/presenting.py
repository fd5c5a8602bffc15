"""Lays an outcome out in the reader's words: once for page, desk, table to take along and terminal.

What fails stands first everywhere.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from django.utils.translation import gettext as _

from districts.wording import listed
from figures.shown import FORM, Places, shown
from figures.table import VETO_NAMES
from indicators import wording
from indicators.calculation.judged import ORDER
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES, STAGES, Verdict
from indicators.models import Indicator
from indicators.requirements import MOST_NAMED, IndicatorRow, check_row
from indicators.rows import SpreadRow, StageTable, UnitRow, unit_row
from indicators.schools import SchoolRow

PART_A, VETO = "A", "V"


class Presented:
    """An outcome beside the indicators of its standard, whatever is missing in it."""

    def __init__(
        self, outcome: Outcome, indicators: Iterable[Indicator], places: Places = FORM
    ) -> None:
        self.outcome = outcome
        self.places = places
        self.indicators = list(indicators)
        self.names = {indicator.code: indicator.display_name for indicator in self.indicators}

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    @cached_property
    def spreads(self) -> list[SpreadRow]:
        rows = [
            SpreadRow(
                code, self.names.get(code, code), wording.stage_name(stage), found, self.places
            )
            for stage in STAGES
            for code, found in self.outcome.dispersion[stage].coefficients.items()
        ]
        return sorted(rows, key=lambda row: ORDER[row.verdict])

    @property
    def composites(self) -> list[tuple[str, str]]:
        """Per stage the plain mean of the seven coefficients (综合), for information only."""
        found = ((stage, self.outcome.dispersion[stage].composite) for stage in STAGES)
        return [
            (wording.stage_name(stage), shown(mean, self.places.coefficient))
            for stage, mean in found
            if mean
        ]

    @cached_property
    def stages(self) -> list[StageTable]:
        """Primary, then junior; stages that no school teaches are left out."""
        tables = (self._table(stage) for stage in STAGES)
        return [table for table in tables if table.rows or table.left_out]

    def _table(self, stage: str) -> StageTable:
        own = (unit for unit in self.outcome.units if unit.stage == stage)
        rows = [unit_row(unit, self.places) for unit in own]
        counted = [row for row in rows if row.unit.counted]
        needed = {each.code: each.cell.threshold for row in counted[:1] for each in row.figures}
        return StageTable(
            stage,
            tuple((code, self.names.get(code, code), needed.get(code, "")) for code in CODES),
            tuple(
                sorted(
                    counted,
                    key=lambda row: (ORDER[row.verdict or "unknown"], row.unit.met_count or 0),
                )
            ),
            tuple(row for row in rows if not row.unit.counted),
        )

    def schools(self, codes: Collection[str] | None = None) -> list[SchoolRow]:
        """Every school that is counted, or some of them, its stages together; what fails first."""
        units: dict[str, list[UnitRow]] = {}
        for unit in self.outcome.units:
            if unit.counted and (codes is None or unit.school_code in codes):
                units.setdefault(unit.school_code, []).append(unit_row(unit, self.places))
        found = [SchoolRow(tuple(rows)) for rows in units.values()]
        return sorted(found, key=lambda school: ORDER[school.verdict])

    def schools_with(self, verdict: Verdict) -> list[SchoolRow]:
        """Those that fail, or of which nothing can be said yet; a failing stage decides."""
        codes = {unit.school_code for unit in self.outcome.units if unit.verdict == verdict}
        return [school for school in self.schools(codes) if school.verdict == verdict]

    @property
    def stage_counts(self) -> Iterator[tuple[str, str, Counter[Verdict], int]]:
        """Each stage that is taught, by code and name: verdicts of its counted units, how many."""
        for stage in STAGES:
            own = [unit for unit in self.outcome.units if unit.stage == stage]
            if own:
                count = Counter(unit.verdict for unit in own if unit.verdict)
                yield stage, wording.stage_name(stage), count, count.total()

    @cached_property
    def judged(self) -> list[IndicatorRow]:
        """Every indicator outside part A."""
        rows = [self.row_of(each) for each in self.indicators if each.code in self._outside]
        return sorted(rows, key=lambda row: ORDER[row.verdict])

    @property
    def _outside(self) -> set[str]:
        return set(self.outcome.indicators)

    def row_of(self, indicator: Indicator) -> IndicatorRow:
        found = self.outcome.indicators[indicator.code]
        checks = tuple(
            check_row(check, indicator, self.places, self._schools) for check in found.checks
        )
        return IndicatorRow(indicator.code, indicator.display_name, found.verdict, checks)

    @property
    def raised(self) -> list[str]:
        """Veto items that are there."""
        return [_(VETO_NAMES.get(code, code)) for code in self.outcome.veto.raised]

    @cached_property
    def missing(self) -> list[tuple[str, str, str]]:
        """Figures nobody reported: code and name of the school, and what the figure is called."""
        return [
            (code := item.school_code or "", self._schools.get(code, code), _label(item.field))
            for item in self.outcome.missing
        ]

    @cached_property
    def _schools(self) -> dict[str, str]:
        return {unit.school_code: unit.school_name for unit in self.outcome.units}

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """How much of each part is met, of how many."""
        part = self.outcome.part_a
        others = Counter(found.verdict for found in self.outcome.indicators.values())
        return [
            (_("学校（多学段的按学段分别计）"), part.units["met"], sum(part.units.values())),
            (_("校际差异系数"), part.dispersion["met"], sum(part.dispersion.values())),
            (_("其他指标"), others["met"], others.total()),
        ]

    def facts(self, code: str) -> list[str]:
        """What an indicator rests on, in sentences; A is part A as a whole."""
        if code == PART_A:
            return list(self._part_a())
        if code == VETO:
            return [self._veto()]
        if code in CODES:
            return list(self._resource(code))
        if code not in self.outcome.indicators or code not in self.names:
            return []
        row = self.row_of(next(each for each in self.indicators if each.code == code))
        more = (words for check in row.checks for words in (*check.failing, *check.lacking))
        return [*(check.sentence for check in row.checks), *more]

    def verdict_of(self, code: str) -> Verdict:
        """Of part A, an indicator or the veto; of A1–A7 the worse of the two coefficients."""
        if code not in CODES:
            return self.outcome.verdicts[code, ""]
        found = [row.verdict for row in self.spreads if row.code == code]
        return found[0] if found else "unknown"

    def _part_a(self) -> Iterator[str]:
        """A unit may fail although every coefficient is within its limit."""
        part = self.outcome.part_a
        for table in self.stages:
            if table.failing:
                names = [row.unit.school_name for row in table.failing]
                yield _("%(stage)s %(total)s 个评估单元中 %(count)s 个不达标：%(names)s") % {
                    "stage": table.name,
                    "total": len(table.rows),
                    "count": len(names),
                    "names": listed(names[:MOST_NAMED]) + ("…" if names[MOST_NAMED:] else ""),
                }
        if part.units["unknown"]:
            yield _("%s 个评估单元无法判定") % part.units["unknown"]
        yield _("校际差异系数 %(met)s 项达标，共 %(total)s 项") % _share(part.dispersion)

    def _veto(self) -> str:
        if self.raised:
            return _("存在：%s") % listed(self.raised)
        is_open = self.outcome.veto.verdict == "unknown"
        return _("有事项未填报") if is_open else _("没有报告存在的事项")

    def past_facts(self, code: str) -> list[str]:
        """The same of the year before; part A in three short lines, of the veto nothing."""
        part = self.outcome.part_a
        if code != PART_A:
            return self.facts(code) if code != VETO else []
        return [
            str(wording.VERDICTS[part.verdict]),
            _("评估单元 %(met)s 个达标，共 %(total)s 个") % _share(part.units),
            _("校际差异系数 %(met)s 项达标，共 %(total)s 项") % _share(part.dispersion),
        ]

    def _resource(self, code: str) -> Iterator[str]:
        """The coefficient of each stage, and how many units lie below the threshold."""
        names = [wording.stage_name(stage) for stage in STAGES]
        rows = [row for row in self.spreads if row.code == code]
        yield from (row.sentence for row in sorted(rows, key=lambda row: names.index(row.stage)))
        tally = self.outcome.part_a.by_indicator[code]
        if short := tally["floor"] + tally["below"]:
            yield _("%s 个评估单元低于达标值") % short


def _share(found: dict[Verdict, int]) -> dict[str, int]:
    return {"met": found["met"], "total": sum(found.values())}


def _label(field: str) -> str:
    return _(VETO_NAMES[field]) if field in VETO_NAMES else wording.label_of(field)
