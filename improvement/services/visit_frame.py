"""Which schools of a district can be drawn, and what its newest submission makes worth a look."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from districts.models import District, School
from improvement.models import SchoolVisit
from improvement.sampling.frame import Candidate, stage_of
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.scheme import COMPULSORY_STAGES
from selfchecks.models import Evaluation
from selfchecks.services.looking import warned

JUMPS = ("jump", "leap", "change")  # warnings of figures far from last year's
Found = dict[str, Counter[str]]  # school → how often each risk part was found


def frame_of(district: District, day: date) -> list[Candidate]:
    """Every school on the register that day, by code."""
    found = _found_in(district)
    been = SchoolVisit.objects.filter(visit__district=district, visited_on__isnull=False)
    visited = set(been.values_list("school_code", flat=True))
    return [
        Candidate.weigh(
            school.code,
            school.name,
            stage_of(COMPULSORY_STAGES[school.school_type]),
            school.location,
            {**found.get(school.code, {}), **({} if school.code in visited else {"unvisited": 1})},
        )
        for school in School.objects.at(district, day).order_by("code")
        if school.exists_on(day)
    ]


def _found_in(district: District) -> Found:
    """Nothing is known of a district that has not submitted: all its schools weigh alike."""
    rows = Evaluation.objects.filter(self_check__district=district).defer("inputs", "rules")
    rows = rows.select_related("self_check", "upload")
    newest = rows.order_by("-self_check__year", "-number").first()
    if newest is None:
        return {}
    found: Found = {}
    for code, part in (*_of_units(newest.result.units), *_of_warnings(newest)):
        found.setdefault(code, Counter())[part] += 1
    return found


def _of_units(units: Iterable[UnitOutcome]) -> Iterator[tuple[str, str]]:
    for unit in units:
        if unit.verdict == "not_met":
            yield unit.school_code, "failing"
        for cell in unit.cells.values() if unit.counted else ():
            if cell.verdict in ("below", "unknown"):
                yield unit.school_code, cell.verdict
            if cell.borderline:
                yield unit.school_code, "borderline"


def _of_warnings(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    told = warned(evaluation.self_check, evaluation.upload)
    for finding in told["findings"]:
        code = told["rows"].get((finding["sheet"], finding["row"] or 0))
        if code:
            yield code, "jump" if finding["code"] in JUMPS else "explained"
