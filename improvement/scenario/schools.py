"""What changes do to schools: pupils, a new school, mergers, closures, people who move."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from figures.table import (
    JUNIOR,
    NOT_APPLICABLE,
    PRIMARY,
    SCHOOL_FIELD,
    SCHOOL_FIELDS,
    SENIOR,
    STAGES_OF_TYPE,
    Figure,
)
from improvement.scenario.draft import Draft, Refused
from improvement.scenario.terms import leave_terms, merge_terms
from improvement.shortfall.forecast import with_pupils
from indicators.calculation.problems import Labels
from indicators.calculation.scheme import STAGES
from indicators.calculation.school_intake import School

SPECIAL, POINT = "特殊教育学校", "教学点"
# What stays behind when the last pupil has left.
LEFT_BEHIND = frozenset(
    ("teaching_area", "indoor_sports_area", "sports_ground_area", "equipment_value")
    + ("multimedia_classrooms", "music_rooms", "art_rooms")
)
_TYPE_OF = {
    frozenset((PRIMARY,)): "小学",
    frozenset((JUNIOR,)): "初中",
    frozenset((PRIMARY, JUNIOR)): "九年一贯制",
    frozenset((JUNIOR, SENIOR)): "完全中学",
    frozenset((PRIMARY, JUNIOR, SENIOR)): "十二年一贯制",
}


def set_pupils(draft: Draft, school_code: str, stage: str, pupils: int) -> None:
    """So many pupils in a stage; all else stays, as far as it still fits."""
    school = draft.school_with(stage, school_code)
    if not pupils:
        label = SCHOOL_FIELD[f"pupils_{stage}"].label
        raise Refused("pupils", "not_positive", label=label, found="0")
    draft.schools[school_code] = _fitting({**school, f"pupils_{stage}": pupils})


def grow(draft: Draft, stage: str, percent: str) -> None:
    """Every school has so many percent more pupils in a stage; unknown stays unknown."""
    rate = {stage: Decimal(percent) / 100}
    grown = with_pupils({"schools": [*draft.schools.values()]}, rate)["schools"]
    for row in grown:
        if row != draft.schools[row["school_code"]]:
            draft.schools[row["school_code"]] = _fitting(row)


def _fitting(school: School) -> School:
    """Intake within the pupils, and a largest class that the pupils can fill and must fill."""
    found = dict(school)
    for stage in STAGES:
        whole = f"pupils_{stage}"
        for part in (f"intake_{stage}", f"nearby_intake_{stage}"):
            if isinstance(found.get(part), int) and isinstance(found.get(whole), int):
                found[part] = min(found[part], found[whole])
            whole = part
        pupils, classes = found.get(f"pupils_{stage}"), found.get(f"classes_{stage}")
        largest = f"largest_class_{stage}"
        if pupils and classes and largest in found:
            found[largest] = min(pupils, max(found[largest], -(-pupils // classes)))
    return found


def add_school(draft: Draft, school: School) -> None:
    code = school["school_code"]
    if code in draft.schools:
        first = [*draft.schools].index(code) + 1
        raise Refused("school_code", "duplicate", found=code, first=first)
    draft.schools[code] = school


def merge(draft: Draft, school_code: str, into: str) -> None:
    """All of a school becomes part of another; what either does not know, both do not know."""
    gone, heir = _two(draft, school_code, into)
    kinds = {gone["school_type"], heir["school_type"]}
    if SPECIAL in kinds and len(kinds) > 1:
        names = {"school": gone["school_name"], "other": heir["school_name"]}
        raise Refused("into", "cannot_merge", **names)
    draft.schools[into] = _together(gone, heir, _joint_type(gone, heir))
    merge_terms(draft, school_code, into)
    _remove(draft, school_code, into)


def close(draft: Draft, school_code: str, into: str) -> None:
    """Pupils go to another school in their classes, and with them all people; sites are left."""
    gone, heir = _two(draft, school_code, into)
    for stage in STAGES_OF_TYPE[gone["school_type"]]:
        if gone.get(f"pupils_{stage}") != 0:
            draft.school_with(stage, into, "into")
    draft.schools[into] = _together(gone, heir, heir["school_type"], LEFT_BEHIND)
    leave_terms(draft, school_code)
    _remove(draft, school_code, into)


def _two(draft: Draft, school_code: str, into: str) -> tuple[School, School]:
    first, other = draft.school(school_code), draft.school(into, "into")
    if first is other:
        raise Refused("into", "same_school", school=first["school_name"])
    return first, other


def _joint_type(gone: School, heir: School) -> str:
    kinds = {gone["school_type"], heir["school_type"]}
    if len(kinds) == 1:
        return str(heir["school_type"])
    return _TYPE_OF[frozenset(stage for kind in kinds for stage in STAGES_OF_TYPE[kind])]


def _together(gone: School, heir: School, kind: str, left_behind: Collection[str] = ()) -> School:
    found = {figure.code: heir[figure.code] for figure in SCHOOL_FIELDS if _is_of(heir, figure)}
    found["school_type"] = kind
    if "是" in (gone.get("boarding"), heir.get("boarding")):
        found["boarding"] = "是"
    for figure in SCHOOL_FIELDS:
        if figure.is_number and (figure.stage is None or figure.stage in STAGES_OF_TYPE[kind]):
            schools = [heir] if figure.code in left_behind else [heir, gone]
            amounts = [each.get(figure.code) for each in schools if _asked(each, figure)]
            if None not in amounts:
                found[figure.code] = _sum(figure, amounts)
    return found


def _is_of(school: School, figure: Figure) -> bool:
    return figure.code in school and not figure.is_number


def _asked(school: School, figure: Figure) -> bool:
    return figure.stage is None or figure.stage in STAGES_OF_TYPE[school["school_type"]]


def _sum(figure: Figure, amounts: list[int | str | None]) -> int | str:
    """Of largest classes the largest; 不适用 where it is said of both."""
    numbers = [amount for amount in amounts if isinstance(amount, int)]
    if amounts and not numbers:
        return NOT_APPLICABLE
    return max(numbers) if figure.code.startswith("largest_class") else sum(numbers)


def _remove(draft: Draft, gone: str, into: str) -> None:
    """Special cases of a school end with it; points attached to it are attached to the other."""
    del draft.schools[gone]
    cases = [
        {**case, "to": into} if case.get("to") == gone else case
        for case in draft.other.pop("special_cases", ())
        if case["school_code"] != gone
    ]
    kept = [case for case in cases if case.get("to") != case["school_code"]]
    if kept:
        draft.other["special_cases"] = kept


def move_staff(
    draft: Draft, school_code: str, into: str, stage: str, teachers: int, **parts: int
) -> None:
    """People go to another school and count there in all they counted in; unknown stays so."""
    draft.school_with(stage, school_code)
    draft.school_with(stage, into, "into")
    giver, taker = _two(draft, school_code, into)
    for part, count in parts.items():
        if count > teachers:
            facts = {"part": SCHOOL_FIELD[_field(part, stage)].label, "found": count}
            whole = Labels([SCHOOL_FIELD["teachers"].label])
            raise Refused(part, "part_exceeds_whole", whole=whole, limit=teachers, **facts)
    moved = {"teachers": teachers, **parts}
    for part, count in moved.items():
        found = giver.get(_field(part, stage))
        if found is not None and found < count:
            label = SCHOOL_FIELD[_field(part, stage)].label
            facts = {"school": giver["school_name"], "label": label}
            raise Refused(part, "too_few", found=found, asked=count, **facts)
    draft.schools[school_code] = _with(giver, moved, stage, -1)
    draft.schools[into] = _with(taker, moved, stage, 1)


def _field(part: str, stage: str) -> str:
    return part if part in SCHOOL_FIELD else f"{part}_{stage}"


def _with(school: School, moved: Mapping[str, int], stage: str, sign: int) -> School:
    changes = {_field(part, stage): sign * count for part, count in moved.items()}
    return school | {f: school[f] + change for f, change in changes.items() if f in school}
