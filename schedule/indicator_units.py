"""One indicator over all units and years, as approved: heat map, how uneven, which way it goes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.refusals import one_of
from audit.words import SEPARATOR
from charts.strip_plot import Dot
from charts.svg import Markup
from charts.year_strips import Line, year_strips
from districts.wording import day_text, listed
from figures.shown import Places, shown
from indicators.calculation.scheme import STAGES
from indicators.models import Indicator
from indicators.services.rules import rules_of
from indicators.wording import stage_name
from rest.books import Number, Sheet, write_book
from schedule.atlas import Atlas
from schedule.atlas import Line as Unit
from schedule.atlas_columns import Cell, Column
from schedule.atlas_table import about, basis_words
from schedule.services.atlas import SATISFIED, Results
from selfchecks.services.undoing import approvals_taken_back

YEARS = 5  # the newest; the others stand in the table of one's own
SORTS = ("plan", "name", "value")
FORMATS = ("csv", "xlsx", "svg")


class Year(NamedTuple):
    """What all units together reached in a year, in one stage."""

    year: int
    told: int
    met: int
    middle: Decimal | None

    @property
    def text(self) -> str:
        return "–" if self.middle is None else shown(self.middle, Places().coefficient)


class IndicatorUnits:
    """Raises Unusable for a day, basis, sort or format there is not."""

    def __init__(self, indicator: Indicator, asked: Mapping[str, str]) -> None:
        plain = {name: asked.get(name, "") for name in ("as_of", "basis")}
        self.indicator = indicator
        self.atlas = Atlas({**plain, "show": "all"})
        self.sort = one_of(asked, "sort", SORTS) or "plan"
        self.format = one_of(asked, "format", FORMATS)
        self.stage = one_of(asked, "stage", STAGES)
        self.years = self.atlas.years[-YEARS:]

    @cached_property
    def columns(self) -> list[Column]:
        """The coefficient of each stage, or the one verdict."""
        code = self.indicator.code
        own = (code, f"{code}.primary", f"{code}.junior")
        return [column for name, column in self.atlas.known.items() if name in own]

    @cached_property
    def results(self) -> Results:
        return self.atlas.results_of(self.years)

    def cell(self, unit: Unit, column: Column, year: int) -> Cell | None:
        found = self.results.get((unit.standing.code, year))
        return column.cell(found) if found else None

    @cached_property
    def units(self) -> list[Unit]:
        """Sorted as asked; by value the largest of the newest year first, unknown ones last."""
        lines = self.atlas.lines
        if self.sort == "name":
            return sorted(lines, key=lambda line: (line.district.reading, line.district.code))
        if self.sort == "value" and self.years and self.columns:
            return sorted(lines, key=self._weight)
        return lines

    def _weight(self, unit: Unit) -> tuple[bool, Decimal, int]:
        cell = self.cell(unit, self.columns[0], self.atlas.usual_year)
        order = {"not_met": 0, "unknown": 1, "met": 2}
        number = cell.number if cell and cell.number is not None else Decimal(0)
        return cell is None, -number, order.get(cell.verdict, 3) if cell else 3

    @property
    def heat(self) -> Iterator[tuple[Unit, list[tuple[str, Cell | None]]]]:
        """Each unit with its cells, stage by stage and year by year, and what each is about."""
        for unit in self.units:
            yield unit, [(label, self.cell(unit, c, year)) for c, year, label in self._across]

    @cached_property
    def _across(self) -> list[tuple[Column, int, str]]:
        return [
            (c, year, f"{self.head(c)} {year}".strip()) for c in self.columns for year in self.years
        ]

    def head(self, column: Column) -> str:
        return stage_name(column.stage) if column.stage else ""

    @property
    def heads(self) -> list[tuple[str, int]]:
        """Over the years: the stage, where there are two."""
        return [(self.head(column), len(self.years)) for column in self.columns if column.stage]

    # -- all together ----------------------------------------------------------------------------

    @cached_property
    def trend(self) -> list[tuple[Column, list[Year]]]:
        return [(c, [self._year(c, year) for year in self.years]) for c in self.columns]

    def _year(self, column: Column, year: int) -> Year:
        cells = [cell for unit in self.atlas.lines if (cell := self.cell(unit, column, year))]
        values = [cell.number for cell in cells if cell.number is not None]
        met = sum(cell.verdict == "met" for cell in cells)
        return Year(year, len(cells), met, median(values) if values else None)

    @property
    def finding(self) -> str:
        """What the newest whole year says, in one line."""
        said = [
            (self.head(column), row)
            for column, rows in self.trend
            for row in rows
            if row.year == self.atlas.usual_year and row.told
        ]
        if not said:
            return _("还没有复核通过的结果")
        parts = listed(
            (_("%(stage)s %(met)s 个达标") if stage else _("%(met)s 个达标"))
            % {"stage": stage, "met": row.met}
            for stage, row in said
        )
        told = said[0][1].told
        sentence = ngettext(
            "%(year)s 年 %(told)s 个单位有结果：%(parts)s",
            "%(year)s 年 %(told)s 个单位有结果：%(parts)s",
            told,
        )
        return sentence % {"year": self.atlas.usual_year, "told": told, "parts": parts}

    @property
    def stages(self) -> list[str]:
        """Those whose coefficient is a number in some year; only the one asked for, if any."""
        return [
            column.stage
            for column, rows in self.trend
            if column.stage and self.stage in ("", column.stage)
            if any(row.middle is not None for row in rows)
        ]

    def drawn(self, style: str = "") -> Iterator[tuple[str, Markup]]:
        """Title and drawing of each of the stages, a strip a year."""
        assert self.atlas.standard
        limits = rules_of(self.atlas.standard).dispersion_limits
        for column, rows in self.trend:
            if column.stage in self.stages:
                title = f"{column.title}{SEPARATOR}{stage_name(column.stage)}"
                yield title, self._drawn(column, rows, limits[column.stage], title, style)

    def _drawn(
        self, column: Column, rows: list[Year], limit: Decimal, title: str, style: str
    ) -> Markup:
        lines = [
            Line(str(row.year), list(self._dots(column, row.year)), float(row.middle))
            for row in rows
            if row.middle is not None
        ]
        said = (
            _("%(year)s 年中位数 %(middle)s，%(met)s / %(told)s 个单位达标")
            % {**row._asdict(), "middle": row.text}
            for row in rows
            if row.middle is not None
        )
        return year_strips(
            lines,
            float(limit),
            limit_label=_("限值 %s") % f"{limit:.2f}",
            style=style,
            name=f"strips-{column.stage}",
            title=title,
            description=listed(said),
        )

    def _dots(self, column: Column, year: int) -> Iterator[Dot]:
        for unit in self.atlas.lines:
            cell = self.cell(unit, column, year)
            if cell and cell.number is not None:
                said = f"{unit.district.display_name} {cell.text} {cell.words}"
                yield Dot(float(cell.number), cell.verdict, said)

    @property
    def is_demo(self) -> bool:
        return any(result.is_demo for result in self.results.values())

    @property
    def revisions(self) -> list[str]:
        """Which results shown before were taken back until the day."""
        sentence = _("%(unit)s %(year)s 年度的结果于%(day)s收回")
        return [
            sentence
            % {
                "unit": entry.self_check.district.display_name,
                "year": entry.self_check.year,
                "day": day_text(timezone.localdate(entry.taken_at)),
            }
            for entry in approvals_taken_back(self.atlas.as_of)
        ]

    # -- to take away ----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        day = self.atlas.as_of.isoformat()
        return f"indicator-{self.indicator.code}-{self.atlas.basis}-{day}"

    @property
    def table(self) -> list[list[Any]]:
        """One row a unit, year and stage: each says its day and basis."""
        value = _("数值（%）") if self.indicator.code == SATISFIED[0] else _("数值")
        head = [
            *(_("代码"), _("单位"), _("年度"), _("学段"), value, _("判定")),
            *(_("截至"), _("口径")),
        ]
        facts = [self.atlas.as_of.isoformat(), basis_words()[self.atlas.basis]]
        return [head, *([*row, *facts] for row in self._rows())]

    def _rows(self) -> Iterator[list[Any]]:
        for unit in self.units:
            for column, year, _label in self._across:
                if cell := self.cell(unit, column, year):
                    number = "" if cell.number is None else Number(cell.number, column.places)
                    names = [unit.standing.code, unit.district.display_name, year]
                    yield [*names, self.head(column), number, cell.words]

    @property
    def book(self) -> bytes:
        title = f"{self.indicator.code} {self.indicator.display_name}"
        return write_book([Sheet(title, self.table, 2), Sheet(_("说明"), list(about(self.atlas)))])
