"""The home page: one sentence, where the units stand, the phases, this year, and what changed."""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from charts.burn_up import BurnUp, burn_up
from charts.svg import Markup
from charts.tiles import GLYPHS, Tile, square_rows, tile_grid
from districts.models import District
from districts.wording import day_text
from schedule import progress, wording
from schedule.progress import PhaseProgress, Progress
from selfchecks.services.readiness import readiness

from .changes import lately
from .question import Question, UnitLine


def content(question: Question, text: str, found: Sequence[District]) -> dict[str, Any]:
    standing, lines = question.position.progress, question.lines()
    year = question.as_of.year
    due = {entry.year: entry for entry in standing.years}
    return {
        "text": text,
        "found": [(unit, question.address(unit), lines.get(unit.code)) for unit in found],
        "bases": question.bases("home"),
        "due_before": due.get(year - 1),
        "due_next": due.get(year),
        "lines": lines.values(),
        "this_year": [line for line in lines.values() if line.standing.planned_year == year],
        "late": standing.count(progress.LATE),
        "unresolved": standing.count(progress.ABOLISHED),
        "phases": [_card(standing, phase) for phase in standing.phases],
        "changes": lately(question),
        "grid": _grid(question, lines.values()),
        "states": _states(standing),
        "burn_up": _against_plan(standing),
        "steps": _steps(),
        "ready": _ready(question),
        "roadmap_url": reverse("roadmap") + question.tail("as_of", "basis"),
    }


def _card(standing: Progress, phase: PhaseProgress) -> dict[str, Any]:
    """A phase; ``from_elsewhere`` were certified in it but planned for another one."""
    cohort = [unit for unit in standing.standings if unit.planned_year in phase.years]
    days = [unit.certified_on for unit in cohort if unit.certified_on]
    states = [unit.status for unit in cohort]
    return {
        "phase": phase,
        "is_over": standing.as_of.year > phase.end_year,
        "from_elsewhere": phase.certified - sum(day.year in phase.years for day in days),
        "squares": square_rows(
            states,
            name=f"phase-{phase.start_year}",
            title=gettext("%(phase)s各单位的状态") % {"phase": gettext(phase.name)},
            description="; ".join(
                f"{label} {states.count(state)}"
                for state, label in wording.STATES.items()
                if state in states
            ),
        ),
    }


def _ready(question: Question) -> dict[str, Any]:
    """Which units have an approved self-check, by verdict; one question for all of them."""
    units = question.position.districts.values()
    found = readiness(units, day=question.as_of)
    judged = [unit for unit in units if unit.code in found]
    return {
        "count": len(judged),
        "met": [unit for unit in judged if found[unit.code].verdict == "met"],
        "not_yet": [unit for unit in judged if found[unit.code].verdict != "met"],
        "has_demo": any(row.is_demo for row in found.values()),
    }


# -- drawings ----------------------------------------------------------------------------------


def _grid(question: Question, lines: Iterable[UnitLine]) -> Markup:
    """The units as tiles; where they lie on the page is a habit of the eye, not a map."""
    # Before the reorganisation every unit keeps its old place, on either basis.
    is_current = question.basis == progress.CURRENT and bool(question.position.successions)
    return tile_grid(
        [_tile(line, is_current) for line in lines],
        name="tile-grid",
        title=gettext("区县方格示意"),
        description=gettext("每格是一个单位,写着简称、状态符号和规划年份;可以点开看详情。"),
    )


def _tile(line: UnitLine, is_current: bool) -> Tile:
    unit, year = line.district, line.standing.planned_year
    has_none = unit.tile_column is None
    column, row = unit.current_tile if is_current or has_none else (unit.tile_column, unit.tile_row)
    sentence = " · ".join((unit.display_name, line.words, *line.notes))
    return Tile(
        column or 0,
        row or 0,
        name=wording.tile_name(unit),
        note=str(year or ""),
        state=line.standing.status,
        words=gettext("%(unit)s · 规划 %(year)s 年") % {"unit": sentence, "year": year or "–"},
        href=line.url,
    )


def _states(standing: Progress) -> list[tuple[Any, ...]]:
    """The keys of the grid: swatch, label, glyph, how many."""
    return [
        (f"state--{state}", label, GLYPHS[state], standing.count(state))
        for state, label in wording.STATES.items()
    ]


def _against_plan(standing: Progress) -> Markup:
    """Plan and outcome as steps over the years."""
    days = sorted(unit.certified_on for unit in standing.standings if unit.certified_on)
    chart = BurnUp(
        planned=[(year.year, year.cumulative_planned) for year in standing.years],
        # Of several on one day the last total stands.
        actual=list(dict(zip(days, accumulate(1 for _day in days), strict=True)).items()),
        milestones=[(phase.end_year, phase.cumulative_target) for phase in standing.phases],
        as_of=standing.as_of,
    )
    short = chart.due - chart.reached
    return burn_up(
        chart,
        day_label=day_text(standing.as_of),
        gap_label=ngettext("差 %(count)s 个", "差 %(count)s 个", short) % {"count": short},
        name="burn-up-drawing",
        title=gettext("规划与实际,2022–2030年"),
        description=gettext(
            "阶梯线是按规划每年年底应通过的累计数,实线是实际通过的累计数,菱形是各阶段目标。"
            "数字见下方的表格。"
        ),
    )


def _steps() -> list[tuple[Any, ...]]:
    """The keys of the burn-up: swatch and label."""
    return [
        ("swatch--plan", gettext("规划累计(每年年底)"), "", None),
        ("swatch--actual", gettext("实际通过累计"), "", None),
        ("swatch--milestone", gettext("阶段目标累计"), "", None),
    ]


# -- search ------------------------------------------------------------------------------------


def search(text: str, districts: Iterable[District]) -> list[District]:
    """Units by name, code or pinyin, however people type them; best first."""
    wanted = _plain(text)
    if not wanted:
        return []
    ranks = {unit: _rank(wanted, unit) for unit in districts}
    found = sorted((rank, unit.code, unit) for unit, rank in ranks.items() if rank is not None)
    # The very name leaves no choice, although it may stand in other names too.
    exact = [unit for rank, _code, unit in found if rank == 0]
    return exact or [unit for _rank, _code, unit in found]


def _plain(text: str) -> str:
    """Letters and digits alone, in one case and width; the city's own name says nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(character for character in folded if character.isalnum())
    return plain.removeprefix("重庆市").removeprefix("重庆")


def _rank(wanted: str, district: District) -> int | None:
    """0 the very name or code, 1 its beginning, 2 inside it, 3 a longer text naming the unit."""
    names = [_plain(name) for name in (district.name, district.full_name, district.english_name)]
    keys = [name for name in (*names, district.code.casefold()) if name]
    ranks = (
        wanted in keys,
        any(key.startswith(wanted) for key in keys),
        any(wanted in key for key in keys),
        any(key in wanted for key in keys),
    )
    return ranks.index(True) if any(ranks) else None
