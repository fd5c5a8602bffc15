"""Draws a position: the tile grid and the burn-up, each with the words around it."""

from datetime import date

from django.utils.translation import gettext, ngettext

from charts.burn_up import BurnUp, burn_up
from charts.legend import Key, legend
from charts.svg import Markup
from charts.tile_grid import GLYPHS, Tile, tile_grid
from districts.models import District
from schedule import progress, wording
from schedule.progress import Progress
from schedule.services.reading import Position

from .units import UnitLine


def grid(position: Position, lines: dict[str, UnitLine]) -> Markup:
    """The units as tiles; where they lie on the page is a habit of the eye, not a map."""
    is_current = position.progress.basis == progress.CURRENT
    return tile_grid(
        [_tile(line, is_current and _has_current_view(position)) for line in lines.values()],
        name="tile-grid",
        title=gettext("区县方格示意"),
        description=gettext("每格是一个单位,写着简称、状态符号和规划年份;可以点开看详情。"),
    )


def _has_current_view(position: Position) -> bool:
    """Whether the reorganisation has happened: before it every unit keeps its old place."""
    return any(not d.exists_on(position.progress.as_of) for d in position.districts.values())


def _tile(line: UnitLine, is_current: bool) -> Tile:
    column, row = _place(line.district, is_current)
    return Tile(
        column=column,
        row=row,
        name=wording.tile_name(line.district),
        note=str(line.planned_year or ""),
        state=line.state,
        words=_tile_words(line),
        href=line.url,
    )


def _tile_words(line: UnitLine) -> str:
    return gettext("%(unit)s · 规划 %(year)s 年") % {
        "unit": line.sentence,
        "year": line.planned_year or "–",
    }


def _place(district: District, is_current: bool) -> tuple[int, int]:
    if is_current and district.current_tile_column is not None:
        return district.current_tile_column, district.current_tile_row or 0
    return district.tile_column, district.tile_row


def grid_legend(standing: Progress) -> Markup:
    return legend(
        Key(f"state--{state}", str(label), GLYPHS[state], standing.count(state))
        for state, label in wording.STATES.items()
    )


def against_plan(standing: Progress) -> Markup:
    """Plan and outcome as steps over the years."""
    chart = BurnUp(
        planned=[(year.year, year.cumulative_planned) for year in standing.years],
        actual=_changes(standing),
        milestones=[(phase.end_year, phase.cumulative_target) for phase in standing.phases],
        as_of=standing.as_of,
    )
    short = chart.due - chart.reached
    return burn_up(
        chart,
        name="burn-up-drawing",
        title=gettext("规划与实际,2022–2030年"),
        description=gettext(
            "阶梯线是按规划每年年底应通过的累计数,实线是实际通过的累计数,菱形是各阶段目标。"
            "数字见下方的表格。"
        ),
        day_label=wording.day_text(standing.as_of),
        gap_label=ngettext("差 %(count)s 个", "差 %(count)s 个", short) % {"count": short},
    )


def _changes(standing: Progress) -> list[tuple[date, int]]:
    days = sorted(unit.certified_on for unit in standing.standings if unit.certified_on)
    return [(day, days.index(day) + days.count(day)) for day in sorted(set(days))]


def burn_up_legend() -> Markup:
    return legend(
        [
            Key("swatch--plan", gettext("规划累计(每年年底)")),
            Key("swatch--actual", gettext("实际通过累计")),
            Key("swatch--milestone", gettext("阶段目标累计")),
        ]
    )
