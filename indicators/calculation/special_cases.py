"""Special cases granted to a school: off unless the rules name them, and only with evidence.

Known from one city's practice and open in the national text. A case names the school, what it
adds, and where the rule says so the last year it holds; the result shows the verdict without it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from indicators.calculation.rules import SPECIAL_CASES, Rules
from indicators.calculation.school_intake import School

ATTACHED, SHARED = "point.attached", "A3.shared_teachers"
CASES = (*SPECIAL_CASES, ATTACHED)

# Marks a case leaves on a school for later judges; never accepted from outside.
LARGER_LIMIT, ATTACHED_TO = "_larger_limit", "_attached_to"

_FACILITIES = (
    *("teaching_area", "indoor_sports_area", "sports_ground_area"),
    *("equipment_value", "multimedia_classrooms"),
)


@dataclass(frozen=True, slots=True)
class SpecialCase:
    """``amount`` in steps of the raw field it adds to; ``to`` the 中心校 of an attached 教学点.

    Since engine 2 a use says from which year to which it holds, and by which day the place has
    promised to reach the ordinary standard (``commitment``).
    """

    school_code: str
    case: str
    stage: str = ""
    amount: int = 0
    to: str = ""
    until: int | None = None
    evidence: str = ""
    since: int | None = None
    commitment: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As results and inputs keep it: what came later only where it is said."""
        later = {"since", "commitment"}
        return {key: value for key, value in asdict(self).items() if value or key not in later}


def apply_cases(
    schools: tuple[School, ...], cases: tuple[SpecialCase, ...], year: int | None, rules: Rules
) -> tuple[tuple[School, ...], list[SpecialCase]]:
    """Schools with the cases that hold worked in, and which those are; the originals stay."""
    changed = {school["school_code"]: dict(school) for school in schools}
    applied = [
        case for case in cases if _in_force(case, year, rules) and _work_in(case, changed, rules)
    ]
    return tuple(changed.values()), applied


def _in_force(case: SpecialCase, year: int | None, rules: Rules) -> bool:
    if case.case == ATTACHED:
        return rules.attached_points and _holds_in(year, None, case.until)
    granted = case.case in rules.special_cases and _holds_in(year, case.since, case.until)
    if rules.cases_until is None:
        return granted
    is_whole = None not in (case.since, case.until) and case.commitment != ""
    return granted and is_whole and _holds_in(year, rules.cases_from, rules.cases_until)


def _holds_in(year: int | None, first: int | None, last: int | None) -> bool:
    """Whether a year lies in a span; an open end asks nothing, and no year is in no span."""
    if first is None and last is None:
        return True
    return year is not None and (first or year) <= year <= (last or year)


def _work_in(case: SpecialCase, schools: dict[str, School], rules: Rules) -> bool:
    school = schools[case.school_code]
    if case.case == ATTACHED:
        return _attach(school, schools[case.to], rules)
    if case.case == "B4.larger_limit":
        school[LARGER_LIMIT] = True
        return True
    if case.case == SHARED:
        return _is_small_rural(school, case.stage, rules) and _add(
            school, f"pe_arts_teachers_{case.stage}", case.amount
        )
    if case.case == "A5.extra_venues":
        return school.get("location") == "城区" and _add(school, "sports_ground_area", case.amount)
    return _add(school, case.case.removeprefix("B3."), case.amount)


def _is_small_rural(school: School, stage: str, rules: Rules) -> bool:
    pupils = school.get(f"pupils_{stage}")
    if pupils is None or school.get("location") != "乡村":
        return False
    return rules.limit("A3.small_from") <= int(pupils) < rules.limit("A3.small_below")


def _add(school: School, field: str, amount: int) -> bool:
    """Add to a reported figure; a missing one stays missing."""
    if field not in school:
        return False
    school[field] += amount
    return True


def _attach(point: School, centre: School, rules: Rules) -> bool:
    """Count a left-out 教学点 with its 中心校: pupils and A4–A7 totals; what is missing spreads."""
    pupils = point.get("pupils_primary")
    if not is_left_out_point(point, rules) or not pupils or ATTACHED_TO in point:
        return False
    if centre["school_type"] in ("教学点", "特殊教育学校") or not centre.get("pupils_primary"):
        return False
    point[ATTACHED_TO] = centre["school_code"]
    for field in ("pupils_primary", *_FACILITIES):
        if field in point and field in centre:
            centre[field] += point[field]
        else:
            centre.pop(field, None)
    return True


def is_left_out_point(school: School, rules: Rules) -> bool:
    """A 教学点 too small for part A; never when its pupils are not reported."""
    pupils = school.get("pupils_primary")
    if school["school_type"] != "教学点" or pupils is None:
        return False
    if rules.point_comparison == "<":
        return bool(pupils < rules.point_limit)
    return bool(pupils <= rules.point_limit)
