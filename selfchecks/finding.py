"""Schools, units and indicators found by name or code: schools only in the reader's reach."""

from dataclasses import dataclass
from typing import cast

from django.db.models import Q
from django.utils import timezone

from districts.finding import find_units
from districts.models import District, School
from districts.models.school import named
from districts.scope import Viewer
from figures.shown import Places
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.scheme import Verdict
from indicators.models import Indicator, Standard
from indicators.rows import UnitRow, unit_row
from indicators.schools import SchoolRow
from selfchecks.models import SchoolRecord, UnitResult

LONGEST_QUESTION = 40
MOST_FOUND = 20


@dataclass(frozen=True)
class Answer:
    """What a question found; ``count`` is how many schools there are in all."""

    asked: str
    schools: list["Found"]
    count: int
    units: list[District]
    indicators: list[Indicator]


def find(viewer: Viewer, asked: str) -> Answer:
    """Everything of that name; an empty question finds nothing."""
    asked = asked.strip()[:LONGEST_QUESTION]
    if not asked:
        return Answer(asked, [], 0, [], [])
    schools, count = find_schools(viewer, asked)
    units = find_units(asked, District.objects.all())[:MOST_FOUND]
    return Answer(asked, schools, count, units, find_indicators(asked))


def find_indicators(asked: str) -> list[Indicator]:
    """Indicators of the standard in force, in its order; their pages are public."""
    standard = Standard.objects.in_force_on(timezone.localdate())
    named = Q(name__icontains=asked) | Q(english_name__icontains=asked) | Q(code__iexact=asked)
    return list(Indicator.objects.filter(named, standard=standard)[:MOST_FOUND])


@dataclass(frozen=True)
class Found:
    """A school of the register with its newest figures and, where it was handed in, its result."""

    school: School
    record: SchoolRecord | None
    result: SchoolRow | None


def find_schools(viewer: Viewer, asked: str) -> tuple[list[Found], int]:
    """The first schools by name, pinyin, initials or code, and how many there are in all."""
    rows = School.objects.visible_to(viewer).filter(named(asked)).select_related("district")
    schools = list(rows.order_by("district__code", "code")[:MOST_FOUND])
    codes = [school.code for school in schools]
    records = SchoolRecord.objects.visible_to(viewer).filter(school_code__in=codes)
    newest = {
        row.school_code: row
        for row in records.select_related("self_check__district").order_by("self_check__year")
    }
    results = _results(viewer, newest)
    found = [Found(each, newest.get(each.code), results.get(each.code)) for each in schools]
    return found, rows.count()


def _results(viewer: Viewer, newest: dict[str, SchoolRecord]) -> dict[str, SchoolRow]:
    """The last result of each school's newest self-check."""
    of = {record.self_check_id for record in newest.values()}
    rows = UnitResult.objects.visible_to(viewer).filter(
        school_code__in=newest, is_counted=True, evaluation__self_check__in=of
    )
    rows = rows.order_by("evaluation_id", "-stage").select_related("evaluation__standard")
    units: dict[tuple[str, int], list[UnitRow]] = {}
    for row in rows.defer("evaluation__inputs", "evaluation__outcome", "evaluation__rules"):
        if row.evaluation.self_check_id == newest[row.school_code].self_check_id:
            units.setdefault((row.school_code, row.evaluation_id), []).append(_unit_row(row))
    return {code: SchoolRow(tuple(found)) for (code, _evaluation), found in units.items()}


def _unit_row(row: UnitResult) -> UnitRow:
    verdict = cast("Verdict | None", row.verdict or None)
    named = (row.school_code, row.school_name, row.stage)
    unit = UnitOutcome(True, row.indicators, row.met_count, None, None, *named, verdict)
    return unit_row(unit, Places.of(row.evaluation.standard))
