"""The home page: one sentence, the plan as stairs, where the units stand, and what changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from audit import shown
from districts.models import District
from districts.wording import day_text, listed
from schedule import progress, totals, wording
from schedule.progress import PhaseProgress, Progress
from selfchecks.services.readiness import latest_approvals

from .changes import lately
from .question import Question, UnitLine
from .stairs import drawings
from .unit import events_of, known_steps, next_step, steps_of


def content(question: Question, text: str, found: Sequence[District]) -> dict[str, Any]:
    standing, lines = question.position.progress, question.lines
    year, groups = question.as_of.year, _groups(lines.values())
    due = {entry.year: entry for entry in standing.years}
    this_year = [line for line in lines.values() if line.standing.planned_year == year]
    return {
        "text": text,
        "headline": totals.headline(standing),
        "unnamed": totals.unnamed_words(standing),
        "found": [(unit, question.address(unit), lines.get(unit.code)) for unit in found],
        "bases": question.bases("home"),
        "due_before": due.get(year - 1),
        "due_next": due.get(year),
        "years": question.by_year(),
        "key": key_of(standing, lines.values()),
        "hollow": range(standing.certified_unnamed),
        "finding": totals.finding(standing),
        "stairs": drawings(question),
        "csv": "/api/v1/progress/" + question.tail("as_of", "basis", format="csv"),
        "svg": reverse("stairs") + question.tail(),
        "lines": lines.values(),
        "tiles": _tiles(question, lines.values()),
        "groups": groups,
        "this_year": _next_steps(question, this_year),
        "count": {group[0].state: len(group) for group in groups},
        "eras": [_era(standing, phase, lines.values()) for phase in standing.phases],
        "era_years": [year for phase in standing.phases for year in phase.years],
        "changes": lately(question),
        "ready": _ready(question),
        "units_url": reverse("units") + question.tail("as_of", "basis"),
        "revisions_url": reverse("revisions") + question.tail("as_of"),
        "roadmap_url": reverse("roadmap") + question.tail("as_of", "basis"),
    }


def stamp(question: Question) -> str:
    """Changes with the language, the question and every fact that everybody is shown."""
    asked = (question.today, question.as_of, question.basis, question.version.number)
    return " ".join(map(str, (get_language(), *asked, shown.version())))


def _era(standing: Progress, phase: PhaseProgress, lines: Iterable[UnitLine]) -> dict[str, Any]:
    """A phase on the line of years; ``from_elsewhere``: certified in it, planned for another."""
    cohort = [line for line in lines if line.standing.planned_year in phase.years]
    days = [line.standing.certified_on for line in cohort if line.standing.certified_on]
    return {
        "phase": phase,
        "cohort": totals.at_least(phase.cohort_certified, phase.cohort_certain),
        "gap": totals.at_least(phase.gap, not phase.certified_unnamed),
        "days": listed(day_text(day) for day in sorted(set(days))),
        "is_over": standing.as_of.year > phase.end_year,
        "from_elsewhere": phase.certified_named - sum(day.year in phase.years for day in days),
        "lines": cohort,
    }


def _ready(question: Question) -> dict[str, Any]:
    """Which units have an approved self-check, by verdict; one question for all of them.

    Made-up verdicts stay away from here, where real certifications stand.
    """
    rows = latest_approvals(day=question.as_of).items()
    found = {code: row.evaluation.verdict for code, row in rows if not row.self_check.is_demo}
    judged = [unit for unit in question.position.districts.values() if unit.code in found]
    return {
        "count": len(judged),
        "met": [unit for unit in judged if found[unit.code] == "met"],
        "not_yet": [unit for unit in judged if found[unit.code] != "met"],
    }


# -- the units, in several orders ---------------------------------------------------------------


def _tiles(question: Question, lines: Iterable[UnitLine]) -> list[tuple[int, int, UnitLine]]:
    """Row, column and unit in reading order; where they lie is a habit of the eye, not a map."""
    # Before the reorganisation every unit keeps its old place, on either basis.
    is_current = question.basis == progress.CURRENT and bool(question.position.successions)
    placed = []
    for line in lines:
        unit = line.district
        place = unit.tile_column, unit.tile_row
        column, row = unit.current_tile if is_current or place[0] is None else place
        placed.append((row or 0, column or 0, line))
    return sorted(placed, key=lambda tile: tile[:2])


def _groups(lines: Collection[UnitLine]) -> list[list[UnitLine]]:
    """The units of each state there is, best state first."""
    groups = ([line for line in lines if line.state == state] for state in wording.STATES)
    return [group for group in groups if group]


def key_of(standing: Progress, lines: Collection[UnitLine]) -> list[tuple[str, str, str, int]]:
    """Colour, glyph, label and how many; who is not named colours no unit."""
    groups = _groups(lines)
    key = [(group[0].kind, group[0].glyph, group[0].label, len(group)) for group in groups]
    if standing.certified_unnamed:
        label = gettext("已公布通过，名单待核")
        key.insert(0, ("anon", "＋", label, standing.certified_unnamed))
    return key


def _next_steps(question: Question, lines: Sequence[UnitLine]) -> list[tuple[UnitLine, str]]:
    """Each unit with what comes next for it."""
    known, happened = known_steps(question.as_of), defaultdict(list)
    for event in events_of([line.district for line in lines], question.as_of):
        happened[event.district_id].append(event)
    return [
        (line, next_step(line.standing, events, steps_of(events, known)))
        for line in lines
        for events in [happened[line.district.pk]]
    ]
