"""A result drawn: its schools against each threshold, its coefficients against last year's."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from charts.dumbbells import Dumbbell, dumbbells
from charts.strip_plot import Dot, StripPlot, strip_plot
from charts.svg import Markup
from districts.wording import inside
from indicators import wording
from indicators.rows import Figure, SpreadRow, StageTable, UnitRow

Then = Decimal | None


def strip(
    table: StageTable, at: int, title: str, name: str = "strip", reach: float = 0.0
) -> Markup:
    figures = [(row, row.figures[at]) for row in table.rows]
    known = [(row, figure) for row, figure in figures if figure.cell.value is not None]
    first = figures[0][1]
    threshold, floor = first.cell.threshold, first.cell.floor
    failing = sum(figure.cell.verdict != "met" for _row, figure in known)
    return strip_plot(
        StripPlot(tuple(map(_dot, known)), float(threshold), float(floor), reach),
        name=f"{name}-{first.code}-{table.stage}",
        title=title,
        description=_("共 %(all)s 个单元，未达到达标值 %(threshold)s 的有 %(failing)s 个。")
        % {"all": len(known), "threshold": threshold, "failing": failing},
        threshold_label=_("达标值 %s") % threshold,
        floor_label=_("基本值 %s") % floor,
    )


def _dot(shown: tuple[UnitRow, Figure]) -> Dot:
    row, figure = shown
    label = f"{row.unit.school_name} {figure.value} {inside(figure.words)}"
    return Dot(float(figure.cell.value or 0), figure.cell.verdict, label)


def spreads(stage: str, lines: Iterable[tuple[SpreadRow, Then]], style: str = "") -> Markup:
    """The coefficients of one stage, in the order of the standard, each with last year's."""
    rows = sorted(lines, key=lambda line: line[0].code)
    limit, name = rows[0][0].found.limit, wording.stage_name(stage)
    met = sum(row.verdict == "met" for row, _then in rows)
    return dumbbells(
        [_dumbbell(row, then) for row, then in rows],
        float(limit),
        limit_label=_("限值 %s") % limit,
        years=(_("今年"), _("上年")),
        style=style,
        name=f"spreads-{stage}",
        title=_("%s：七项差异系数，今年和上年") % name,
        description=_("限值 %(limit)s；%(all)s 项中 %(met)s 项达标。")
        % {"limit": limit, "all": len(rows), "met": met},
    )


def _dumbbell(row: SpreadRow, then: Then) -> Dumbbell:
    return Dumbbell(
        label=f"{row.code} {wording.SHORT[row.code]}",
        now=float(row.found.cv) if row.found.cv else None,
        then=None if then is None else float(then),
        shown=row.cv or "–",
        verdict=row.verdict,
        words=f"{row.code} {row.name} {row.sentence}",
    )
