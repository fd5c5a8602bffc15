"""A district while a scenario changes it: schools in whole steps, special cases, terms of plans."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from figures.table import SCHOOL_FIELDS, STAGE_LABELS, STAGES_OF_TYPE
from indicators.calculation.problems import Problem, Problems, UnusableInput, write_steps
from indicators.calculation.school_intake import School, read_schools

_EDITED = ("special_cases", "prices", "measures", "caps", "locked")


class Refused(ValueError):
    """A change that cannot be made: what of it, and ``code`` and ``params`` of the problem."""

    def __init__(self, key: str, code: str, **params: Any) -> None:
        super().__init__(code)
        self.key, self.code, self.params = key, code, params

    def at(self, pointer: str) -> Problem:
        return Problem(f"{pointer}/{self.key}", self.code, self.params)


@dataclass
class Draft:
    """``schools`` by code, as ``reported`` at first; a school is replaced, never altered.

    ``other`` are further keys of the payload; there a choice that is forbidden is a cap of zero.
    """

    schools: dict[str, School]
    other: dict[str, Any]
    reported: Mapping[str, School]

    def school(self, code: str, key: str = "school_code") -> School:
        if code not in self.schools:
            raise Refused(key, "unknown_school", found=code)
        return self.schools[code]

    def school_with(self, stage: str, code: str, key: str = "school_code") -> School:
        """A school that teaches the stage."""
        school = self.school(code, key)
        if stage not in STAGES_OF_TYPE[school["school_type"]]:
            facts = {"school": school["school_name"], "stage": STAGE_LABELS[stage]}
            raise Refused(key, "not_taught", **facts)
        return school

    def refuse_contradictions(self, before: Mapping[str, School], pointer: str) -> None:
        """What changed must still be what a school could report."""
        for code, school in self.schools.items():
            if before.get(code) is school:
                continue
            found = Problems()
            read_schools([write(school)], 1, found)
            if found:
                raise UnusableInput([_moved(each, pointer, school) for each in found])


def draft_of(payload: Mapping[str, Any]) -> Draft:
    """Raises UnusableInput for figures that cannot be read."""
    problems = Problems()
    rows = payload["schools"]
    schools = read_schools(rows, len(rows), problems, relations=())
    if problems:
        raise UnusableInput(problems)
    other = {key: deepcopy(payload[key]) for key in _EDITED if payload.get(key)}
    for code, kinds in (payload.get("forbidden") or {}).items():
        caps = other.setdefault("caps", {}).setdefault(code, {})
        caps.update(dict.fromkeys(kinds, "0"))
    reported = {school["school_code"]: school for school in schools}
    return Draft(dict(reported), other, reported)


def payload_after(draft: Draft, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with what the draft changed; schools nobody touched stay as they were written."""
    given = {row["school_code"]: row for row in payload["schools"]}
    rows = [
        given[code] if draft.reported.get(code) == school else write(school)
        for code, school in draft.schools.items()
    ]
    kept = {key: value for key, value in payload.items() if key not in (*_EDITED, "forbidden")}
    return {**kept, "schools": rows, **draft.other}


def write(school: School) -> dict[str, Any]:
    """A school as it reports itself, in the order of the table."""
    return {
        figure.code: write_steps(value, figure.places)
        if figure.places and isinstance(value := school[figure.code], int)
        else school[figure.code]
        for figure in SCHOOL_FIELDS
        if figure.code in school
    }


def _moved(problem: Problem, pointer: str, school: School) -> Problem:
    field = problem.pointer.rpartition("/")[2]
    params = {**problem.params, "school": school["school_name"]}
    return Problem(f"{pointer}/{field}", problem.code, params)
