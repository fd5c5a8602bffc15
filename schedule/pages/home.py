"""The home page: one sentence, where the units stand, the phases, this year, and what changed."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from charts.burn_up import BurnUp, burn_up
from charts.svg import Markup
from charts.tiles import GLYPHS, Tile, square_rows, tile_grid
from districts.models import District
from districts.wording import day_text, listed
from schedule import progress, totals, wording
from schedule.progress import PhaseProgress, Progress
from selfchecks.services.readiness import readiness

from .changes import lately
from .question import Question, UnitLine


def content(question: Question, text: str, found: Sequence[District]) -> dict[str, Any]:
    standing, lines = question.position.progress, question.lines()
    shown = Counter(line.state for line in lines.values())
    year = question.as_of.year
    due = {entry.year: entry for entry in standing.years}
    return {
        "text": text,
        "headline": totals.headline(standing),
        "unnamed": totals.unnamed_words(standing),
        "found": [(unit, question.address(unit), lines.get(unit.code)) for unit in found],
        "bases": question.bases("home"),
        "due_before": due.get(year - 1),
        "due_next": due.get(year),
        "lines": lines.values(),
        "this_year": [line for line in lines.values() if line.standing.planned_year == year],
        "late": shown[progress.LATE],
        "open": shown[wording.OPEN],
        "unresolved": shown[progress.ABOLISHED],
        "phases": [_card(standing, phase, lines.values()) for phase in standing.phases],
        "changes": lately(question),
        "grid": _grid(question, lines.values()),
        "states": _states(standing, shown),
        "burn_up": _against_plan(standing),
        "steps": _steps(),
        "ready": _ready(question),
        "roadmap_url": reverse("roadmap") + question.tail("as_of", "basis"),
    }


def _card(standing: Progress, phase: PhaseProgress, lines: Iterable[UnitLine]) -> dict[str, Any]:
    """A phase; ``from_elsewhere`` were certified in it but planned for another one."""
    cohort = [line for line in lines if line.standing.planned_year in phase.years]
    days = [line.standing.certified_on for line in cohort if line.standing.certified_on]
    states = [line.state for line in cohort]
    return {
        "phase": phase,
        "cohort": totals.at_least(phase.cohort_certified, phase.cohort_certain),
        "gap": totals.at_least(phase.gap, not phase.certified_unnamed),
        "days": listed(day_text(day) for day in sorted(set(days))),
        "is_over": standing.as_of.year > phase.end_year,
        "from_elsewhere": phase.certified_named - sum(day.year in phase.years for day in days),
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
    """Which units have an approved self-check, by verdict; one question for all of them.

    Made-up verdicts stay away from here, where real certifications stand.
    """
    units = question.position.districts.values()
    rows = readiness(units, day=question.as_of)
    found = {code: row for code, row in rows.items() if not row.is_demo}
    judged = [unit for unit in units if unit.code in found]
    return {
        "count": len(judged),
        "met": [unit for unit in judged if found[unit.code].verdict == "met"],
        "not_yet": [unit for unit in judged if found[unit.code].verdict != "met"],
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
        state=line.state,
        words=gettext("%(unit)s · 规划 %(year)s 年") % {"unit": sentence, "year": year or "–"},
        href=line.url,
    )


def _states(standing: Progress, shown: Counter[str]) -> list[tuple[Any, ...]]:
    """The keys of the grid: swatch, label, glyph, how many; who is unnamed has no tile."""
    keys: list[tuple[Any, ...]] = [
        (f"state--{state}", label, GLYPHS[state], shown[state])
        for state, label in wording.STATES.items()
        if shown[state] or state not in (progress.LATE, wording.OPEN)
    ]
    if standing.certified_unnamed:
        label = gettext("已公布通过,名单待核")
        keys.insert(1, ("state--unnamed", label, "+", standing.certified_unnamed))
    return keys


def _against_plan(standing: Progress) -> Markup:
    """Plan and outcome as steps over the years."""
    chart = BurnUp(
        planned=[(year.year, year.cumulative_planned) for year in standing.years],
        actual=standing.course,
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
