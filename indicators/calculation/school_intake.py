"""Read schools: each figure by what the table says of it, then what must agree within one."""

import re
from collections.abc import Mapping
from typing import Any

from figures.relations import SCHOOL_RELATIONS, Relation, contradicts, excesses
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
from indicators.calculation.problems import (
    Labels,
    Problems,
    Unreadable,
    escape,
    read_steps,
    shown,
    write_steps,
)

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
    problems: Problems,
    relations: tuple[Relation, ...] = SCHOOL_RELATIONS,
) -> list[School]:
    """All schools of a payload; problems are added to those given."""
    if not isinstance(rows, list | tuple):
        problems.add("/schools", "missing" if rows is None else "not_list", label="学校数据")
        return []
    if len(rows) > max_schools:
        problems.add("/schools", "too_many_schools", found=len(rows), limit=max_schools)
        return []
    schools = []
    for position, row in enumerate(rows):
        pointer = f"/schools/{position}"
        school = _read_school(row, pointer, problems)
        refuse_excesses(school, relations, SCHOOL_FIELD, pointer, problems)
        _refuse_empty_stages(school, pointer, problems)
        _refuse_other_organiser(school, pointer, problems)
        schools.append(school)
    _refuse_duplicates(schools, problems)
    return schools


def _refuse_other_organiser(school: School, pointer: str, problems: Problems) -> None:
    organiser, ownership = school.get("organiser"), school.get("ownership")
    if contradicts(organiser, ownership):
        params = {"found": organiser, "ownership": ownership}
        problems.add(f"{pointer}/organiser", "other_organiser", **params)


def _refuse_duplicates(schools: list[School], problems: Problems) -> None:
    first: dict[str, int] = {}
    for position, school in enumerate(schools):
        code = school.get("school_code")
        if code is not None and first.setdefault(code, position) != position:
            place = f"/schools/{position}/school_code"
            problems.add(place, "duplicate", found=code, first=first[code] + 1)


def _read_school(row: object, pointer: str, problems: Problems) -> School:
    if not isinstance(row, dict):
        problems.add(pointer, "not_object")
        return {}
    kind = row.get("school_type")
    kind = kind if isinstance(kind, str) else ""
    stages, counts = STAGES_OF_TYPE.get(kind), _COUNTS.get(kind, {})
    school: School = {}
    for code, value in row.items():
        if (type(value) is int and code in counts and 0 <= value <= counts[code]) or (
            type(value) is str and value in _CHOICES.get(code, ())
        ):
            school[code] = value
            continue
        figure = SCHOOL_FIELD.get(code) if isinstance(code, str) else None
        read = read_at(pointer, code, figure, value, problems, stages, kind)
        if read is not None:
            school[code] = read
    for code in IDENTIFYING:
        if is_blank(row.get(code)):
            problems.add(f"{pointer}/{code}", "missing", label=SCHOOL_FIELD[code].label)
    return school


def read_at(
    pointer: str,
    name: object,
    figure: Figure | None,
    value: object,
    problems: Problems,
    stages: tuple[str, ...] | None = None,
    kind: str = "",
) -> Any:
    """One named value; what is wrong with it, the name included, becomes a problem."""
    if figure is None:
        problems.add(f"{pointer}/{escape(name)}", "unknown_field", name=shown(name))
        return None
    try:
        return read_field(figure, value, stages)
    except Unreadable as refusal:
        place = f"{pointer}/{escape(name)}"
        problems.add(place, refusal.code, **refusal.about(figure, kind))
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
        if type(value) in (str, int) and (choice := field.choice_of(str(value))):
            return choice
        raise Unreadable("not_choice", found=shown(value), choices="、".join(field.choices))
    if not isinstance(value, str):
        raise Unreadable("not_text", found=shown(value))
    if field.kind == CODE and not _SCHOOL_CODE.fullmatch(value):
        raise Unreadable("bad_school_code", found=shown(value))
    if fault := fault_of_text(value):
        raise fault
    return value


def fault_of_text(value: str) -> Unreadable | None:
    """Why a free text cannot be stored and shown, if so."""
    if len(value) > LONGEST_TEXT:
        return Unreadable("too_long", limit=LONGEST_TEXT)
    return Unreadable("unfit_text") if _UNFIT.search(value) else None


def refuse_excesses(
    figures: Mapping[str, Any],
    relations: tuple[Relation, ...],
    known: Mapping[str, Figure],
    pointer: str,
    problems: Problems,
) -> None:
    """Refuse each part that alone exceeds its whole; else the sum of the parts, at the whole."""
    for excess in excesses(figures, relations):
        wholes = [known[code] for code in excess.wholes]
        places = wholes[0].places
        params = {
            "whole": Labels(whole.label for whole in wholes),
            "limit": write_steps(excess.whole, places),
        }
        for code in excess.alone:
            part, found = known[code].label, write_steps(excess.parts[code], places)
            problems.add(
                f"{pointer}/{code}", "part_exceeds_whole", part=part, found=found, **params
            )
        if not excess.alone:
            parts = Labels(known[code].label for code in excess.parts)
            found, place = write_steps(excess.total, places), f"{pointer}/{excess.wholes[0]}"
            problems.add(place, "parts_exceed_whole", parts=parts, found=found, **params)


def _refuse_empty_stages(school: School, pointer: str, problems: Problems) -> None:
    """Teachers or classes where nobody is taught, by stage and as a whole."""
    stages = STAGES_OF_TYPE.get(school.get("school_type", ""), ())
    empty = [stage for stage in stages if school.get(f"pupils_{stage}") == 0]
    if not empty:
        return
    asked = [
        (code, STAGE_LABELS[stage], f"{kind}_{stage}")
        for stage in empty
        for code, kinds in _OF_PUPILS.items()
        for kind in kinds
    ]
    if len(empty) == len(stages):
        asked.append(("teachers_without_pupils", "全校", "teachers"))
    for code, stage, field in asked:
        if found := school.get(field):
            label = SCHOOL_FIELD[field].label
            problems.add(f"{pointer}/{field}", code, stage=stage, label=label, found=found)
