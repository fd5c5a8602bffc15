"""Read schools: each figure by its field's kind, then what must agree within one school."""

import re
from typing import Any

from figures.table import (
    SCHOOL_FIELD,
    SCHOOL_FIELDS,
    STAGE_LABELS,
    STAGES_OF_TYPE,
    RawField,
)
from indicators.calculation.figures import LARGEST_AMOUNT, LARGEST_COUNT, read_steps, write_steps
from indicators.calculation.problems import Problem, Unreadable, escape, shown

School = dict[str, Any]
"""Field code → text, choice, whole steps or ``NOT_APPLICABLE``; absent means missing."""

NOT_APPLICABLE = "不适用"
IDENTITY = ("school_code", "school_name", "school_type")
LONGEST_TEXT = 200

# Control characters and halves of surrogate pairs: no database or answer could carry them.
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SCHOOL_CODE = re.compile(r"[0-9]{10}")
# School type → the counts it is asked for, so that plain whole numbers need no closer look;
# nor do words that are among the choices.
_COUNTS = {
    kind: frozenset(
        field.code
        for field in SCHOOL_FIELDS
        if field.kind == "count" and (field.stage is None or field.stage in taught)
    )
    for kind, taught in STAGES_OF_TYPE.items()
}
_CHOICES = {field.code: frozenset(field.choices) for field in SCHOOL_FIELDS if field.choices}
_PARTS = (
    ("teachers_certified", "teachers"),
    ("teachers_trained", "teachers"),
    ("indoor_sports_area", "teaching_area"),
    ("nearby_intake_primary", "intake_primary"),
    ("nearby_intake_junior", "intake_junior"),
)
_STAFF = ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")
_CLASSES = ("classes", "largest_class")


def read_schools(rows: object, max_schools: int, problems: list[Problem]) -> list[School]:
    """All schools of a payload; problems are added to the list given."""
    if not isinstance(rows, list | tuple):
        absent = Problem("/schools", "missing", {"label": "学校数据"})
        problems.append(absent if rows is None else Problem("/schools", "not_list"))
        return []
    if len(rows) > max_schools:
        counts = {"found": len(rows), "limit": max_schools}
        problems.append(Problem("/schools", "too_many_schools", counts))
        return []
    schools = [_read_school(row, f"/schools/{i}", problems) for i, row in enumerate(rows)]
    _refuse_duplicates(schools, problems)
    return schools


def _refuse_duplicates(schools: list[School], problems: list[Problem]) -> None:
    first: dict[str, int] = {}
    for position, school in enumerate(schools):
        code = school.get("school_code")
        if code is not None and first.setdefault(code, position) != position:
            params = {"found": code, "first": first[code] + 1}
            problems.append(Problem(f"/schools/{position}/school_code", "duplicate", params))


def _read_school(row: object, pointer: str, problems: list[Problem]) -> School:
    if not isinstance(row, dict):
        problems.append(Problem(pointer, "not_object"))
        return {}
    kind = row.get("school_type")
    kind = kind if isinstance(kind, str) and kind in STAGES_OF_TYPE else ""
    counts = _COUNTS.get(kind, frozenset())
    school: School = {}
    for code, value in row.items():
        if (type(value) is int and code in counts and 0 <= value <= LARGEST_COUNT) or (
            type(value) is str and value in _CHOICES.get(code, ())
        ):
            school[code] = value
            continue
        try:
            read = _read_named(code, value, kind)
        except Unreadable as refusal:
            params = _explain(code, kind, refusal)
            problems.append(Problem(f"{pointer}/{escape(code)}", refusal.code, params))
        else:
            if read is not None:
                school[code] = read
    problems.extend(_nameless(row, pointer))
    problems.extend(_disagreements(school, pointer))
    return school


def _read_named(code: object, value: object, kind: str) -> Any:
    field = SCHOOL_FIELD.get(code) if isinstance(code, str) else None
    if field is None:
        raise Unreadable("unknown_field", name=shown(code))
    return read_field(field, value, STAGES_OF_TYPE.get(kind))


def _nameless(row: dict[Any, Any], pointer: str) -> list[Problem]:
    return [
        Problem(f"{pointer}/{code}", "missing", {"label": SCHOOL_FIELD[code].label})
        for code in IDENTITY
        if is_blank(row.get(code))
    ]


def _explain(code: str, kind: str, refusal: Unreadable) -> dict[str, Any]:
    field = SCHOOL_FIELD.get(code)
    if field is None:
        return refusal.params
    params = {"label": field.label, **refusal.params}
    if refusal.code == "not_asked":
        params |= {"type": kind, "stage": STAGE_LABELS[str(field.stage)]}
    return params


def is_blank(value: object) -> bool:
    """未填报: absent, null or only white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_field(field: RawField, value: object, stages: tuple[str, ...] | None) -> Any:
    """One value of a school; None when blank, Unreadable when it cannot be taken."""
    if is_blank(value):
        return None
    if field.kind == "text":
        return _read_text(field, value)
    if field.kind == "choice":
        return _read_choice(field, value)
    taught = field.stage is None or stages is None or field.stage in stages
    if value == NOT_APPLICABLE:
        if field.may_not_apply and taught:
            return NOT_APPLICABLE
        raise Unreadable("may_apply")
    largest = LARGEST_COUNT if field.kind == "count" else LARGEST_AMOUNT
    steps = read_steps(value, field.places, largest)
    if taught:
        return steps
    if steps:
        raise Unreadable("not_asked")
    return None


def read_text(value: str) -> str:
    """Free text of reasonable length that can be stored and shown."""
    if len(value) > LONGEST_TEXT:
        raise Unreadable("too_long", limit=LONGEST_TEXT)
    if _UNFIT.search(value):
        raise Unreadable("unfit_text")
    return value


def _read_text(field: RawField, value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable("not_text", found=shown(value))
    if field.code == "school_code" and not _SCHOOL_CODE.fullmatch(value):
        raise Unreadable("bad_school_code", found=shown(value))
    return read_text(value)


def _read_choice(field: RawField, value: object) -> str:
    if isinstance(value, str) and value in field.choices:
        return value
    raise Unreadable("not_choice", found=shown(value), choices="、".join(field.choices))


def _disagreements(school: School, pointer: str) -> list[Problem]:
    found = []
    for part, whole in _PARTS:
        if part in school and whole in school:
            found += _excess(school, part, whole, pointer)
    for stage in STAGES_OF_TYPE.get(school.get("school_type", ""), ()):
        if school.get(f"pupils_{stage}") == 0:
            found += _without_pupils(school, stage, _STAFF, "teachers_without_pupils", pointer)
            found += _without_pupils(school, stage, _CLASSES, "classes_without_pupils", pointer)
    found += _teachers_of_nobody(school, pointer)
    return found


def _excess(school: School, part: str, whole: str, pointer: str) -> list[Problem]:
    parts, wholes = school[part], school[whole]
    if NOT_APPLICABLE in (parts, wholes) or parts <= wholes:
        return []
    params = {
        "part": SCHOOL_FIELD[part].label,
        "found": write_steps(parts, SCHOOL_FIELD[part].places),
        "whole": SCHOOL_FIELD[whole].label,
        "limit": write_steps(wholes, SCHOOL_FIELD[whole].places),
    }
    return [Problem(f"{pointer}/{part}", "part_exceeds_whole", params)]


def _without_pupils(
    school: School, stage: str, kinds: tuple[str, ...], code: str, pointer: str
) -> list[Problem]:
    return [
        Problem(
            f"{pointer}/{kind}_{stage}",
            code,
            {
                "stage": STAGE_LABELS[stage],
                "label": SCHOOL_FIELD[f"{kind}_{stage}"].label,
                "found": school[f"{kind}_{stage}"],
            },
        )
        for kind in kinds
        if school.get(f"{kind}_{stage}")
    ]


def _teachers_of_nobody(school: School, pointer: str) -> list[Problem]:
    stages = STAGES_OF_TYPE.get(school.get("school_type", ""), ())
    pupils = [school.get(f"pupils_{stage}") for stage in stages]
    if not pupils or any(number != 0 for number in pupils) or not school.get("teachers"):
        return []
    params = {"stage": "全校", "label": SCHOOL_FIELD["teachers"].label, "found": school["teachers"]}
    return [Problem(f"{pointer}/teachers", "teachers_without_pupils", params)]
