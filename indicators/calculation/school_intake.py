"""Read schools: each figure by what the table says of it, then what must agree within one."""

import re
from typing import Any

from figures.relations import SCHOOL_RELATIONS, Excess, Relation, excesses
from figures.table import (
    CHOICE,
    CODE,
    COUNT,
    IDENTIFYING,
    NOT_APPLICABLE,
    SCHOOL_CODE,
    SCHOOL_FIELD,
    SCHOOL_FIELDS,
    STAGE_LABELS,
    STAGES_OF_TYPE,
    Figure,
)
from indicators.calculation.figures import read_steps, write_steps
from indicators.calculation.problems import Labels, Problem, Unreadable, escape, shown

School = dict[str, Any]
"""Field code → text, choice, whole steps or ``NOT_APPLICABLE``; absent means missing."""

LONGEST_TEXT = 200

# Control characters and halves of surrogate pairs: no database or answer could carry them.
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SCHOOL_CODE = re.compile(SCHOOL_CODE)
# School type → the counts it is asked for, so that plain whole numbers need no closer look;
# nor do words that are among the choices.
_COUNTS = {
    kind: {
        field.code: field.limit
        for field in SCHOOL_FIELDS
        if field.kind == COUNT and (field.stage is None or field.stage in taught)
    }
    for kind, taught in STAGES_OF_TYPE.items()
}
_CHOICES = {field.code: frozenset(field.choices) for field in SCHOOL_FIELDS if field.choices}
# Figures of a stage that say somebody is taught there.
_OF_PUPILS = {
    "teachers_without_pupils": ("qualified_teachers", "backbone_teachers", "pe_arts_teachers"),
    "classes_without_pupils": ("classes", "largest_class"),
}


def read_schools(
    rows: object,
    max_schools: int,
    problems: list[Problem],
    relations: tuple[Relation, ...] = SCHOOL_RELATIONS,
) -> list[School]:
    """All schools of a payload; problems are added to the list given."""
    if not isinstance(rows, list | tuple):
        absent = Problem("/schools", "missing", {"label": "学校数据"})
        problems.append(absent if rows is None else Problem("/schools", "not_list"))
        return []
    if len(rows) > max_schools:
        counts = {"found": len(rows), "limit": max_schools}
        problems.append(Problem("/schools", "too_many_schools", counts))
        return []
    schools = []
    for position, row in enumerate(rows):
        pointer = f"/schools/{position}"
        school = _read_school(row, pointer, problems)
        problems += _disagreements(school, pointer, relations)
        schools.append(school)
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
    stages = STAGES_OF_TYPE.get(kind) if isinstance(kind, str) else None
    counts = _COUNTS[kind] if stages else {}
    school: School = {}
    for code, value in row.items():
        if (type(value) is int and code in counts and 0 <= value <= counts[code]) or (
            type(value) is str and value in _CHOICES.get(code, ())
        ):
            school[code] = value
            continue
        figure = SCHOOL_FIELD.get(code) if isinstance(code, str) else None
        read = read_at(f"{pointer}/{escape(code)}", figure, code, value, problems, stages, kind)
        if read is not None:
            school[code] = read
    problems.extend(
        Problem(f"{pointer}/{code}", "missing", {"label": SCHOOL_FIELD[code].label})
        for code in IDENTIFYING
        if is_blank(row.get(code))
    )
    return school


def read_at(
    pointer: str,
    figure: Figure | None,
    name: object,
    value: object,
    problems: list[Problem],
    stages: tuple[str, ...] | None = None,
    kind: str = "",
) -> Any:
    """One named value; what is wrong with it, the name included, becomes a problem."""
    if figure is None:
        problems.append(Problem(pointer, "unknown_field", {"name": shown(name)}))
        return None
    try:
        return read_field(figure, value, stages)
    except Unreadable as refusal:
        problems.append(Problem(pointer, refusal.code, refusal.about(figure, kind)))
        return None


def is_blank(value: object) -> bool:
    """未填报: absent, null or only white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_field(field: Figure, value: object, stages: tuple[str, ...] | None = None) -> Any:
    """One value; None when blank, Unreadable when it cannot be taken."""
    if is_blank(value):
        return None
    if field.is_word:
        return _read_word(field, value)
    taught = field.stage is None or stages is None or field.stage in stages
    if value == NOT_APPLICABLE:
        if field.may_not_apply and taught:
            return NOT_APPLICABLE
        raise Unreadable("may_apply")
    steps = read_steps(value, field.places, field.limit)
    if taught:
        return steps
    if steps:
        raise Unreadable("not_asked")
    return None


def _read_word(field: Figure, value: object) -> str:
    if field.kind == CHOICE:
        if isinstance(value, str) and value in field.choices:
            return value
        raise Unreadable("not_choice", found=shown(value), choices="、".join(field.choices))
    if not isinstance(value, str):
        raise Unreadable("not_text", found=shown(value))
    if field.kind == CODE and not _SCHOOL_CODE.fullmatch(value):
        raise Unreadable("bad_school_code", found=shown(value))
    return read_text(value)


def read_text(value: str) -> str:
    """Free text of reasonable length that can be stored and shown."""
    if len(value) > LONGEST_TEXT:
        raise Unreadable("too_long", limit=LONGEST_TEXT)
    if _UNFIT.search(value):
        raise Unreadable("unfit_text")
    return value


def _disagreements(school: School, pointer: str, relations: tuple[Relation, ...]) -> list[Problem]:
    found = [
        problem
        for excess in excesses(school, relations)
        for problem in excess_problems(excess, SCHOOL_FIELD, pointer)
    ]
    stages = STAGES_OF_TYPE.get(school.get("school_type", ""), ())
    empty = [stage for stage in stages if school.get(f"pupils_{stage}") == 0]
    for stage in empty:
        for code, kinds in _OF_PUPILS.items():
            fields = [f"{kind}_{stage}" for kind in kinds]
            found += _without_pupils(school, STAGE_LABELS[stage], fields, code, pointer)
    if empty and len(empty) == len(stages):
        found += _without_pupils(school, "全校", ["teachers"], "teachers_without_pupils", pointer)
    return found


def excess_problems(excess: Excess, figures: dict[str, Figure], pointer: str) -> list[Problem]:
    """Each part that alone exceeds its whole; else their sum, at the whole."""
    wholes = [figures[code] for code in excess.wholes]
    params = {
        "whole": Labels(whole.label for whole in wholes),
        "limit": write_steps(excess.whole, wholes[0].places),
    }
    if alone := excess.alone:
        return [
            Problem(
                f"{pointer}/{code}",
                "part_exceeds_whole",
                {
                    "part": figures[code].label,
                    "found": write_steps(excess.parts[code], figures[code].places),
                    **params,
                },
            )
            for code in alone
        ]
    params["parts"] = Labels(figures[code].label for code in excess.parts)
    params["found"] = write_steps(excess.total, wholes[0].places)
    return [Problem(f"{pointer}/{excess.wholes[0]}", "parts_exceed_whole", params)]


def _without_pupils(
    school: School, stage: str, fields: list[str], code: str, pointer: str
) -> list[Problem]:
    return [
        Problem(
            f"{pointer}/{field}",
            code,
            {"stage": stage, "label": SCHOOL_FIELD[field].label, "found": school[field]},
        )
        for field in fields
        if school.get(field)
    ]
