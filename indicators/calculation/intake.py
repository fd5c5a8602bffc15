"""Read a payload strictly: every problem at once, or figures the calculation can trust.

Blank, null and absent mean 未填报 and stay missing; 0 is zero. A figure of a stage the school does
not teach must be left out (a plain 0 there says the same and is let pass).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from figures.relations import DISTRICT_RELATIONS, SCHOOL_RELATIONS
from figures.table import (
    CONCLUSIONS,
    OFFERED_ITEMS,
    SCHOOL_FIELD,
    STATEMENTS,
    YES_NO,
    item_of,
)
from indicators.calculation.problems import Problem, Problems, UnusableInput, escape, shown
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import STAGES
from indicators.calculation.school_intake import (
    School,
    fault_of_text,
    is_blank,
    read_at,
    read_schools,
    refuse_excesses,
)
from indicators.calculation.special_cases import ATTACHED, CASES, SHARED, SpecialCase

MAX_SCHOOLS = 5_000
LONGEST_NOTE = 2_000

_KEYS = ("standard", "schools", "district", "qualitative", "veto", "special_cases", "year")
# Machines may say met and not_met, true and false.
_VERDICTS = {verdict: verdict for verdict in CONCLUSIONS.values()}
_CONCLUSIONS = {code: CONCLUSIONS | _VERDICTS | words for code, words in STATEMENTS.items()}
_YES, _NO = YES_NO
_ANSWERS = {_YES: True, _NO: False, True: True, False: False}
_BAD = {"qualitative": "bad_conclusion", "veto": "bad_veto"}
M = TypeVar("M")

# What an amount is: an area for venues, elsewhere people or rooms.
_PEOPLE = replace(SCHOOL_FIELD["teachers"], label="数量")
_AMOUNTS = {"A5.extra_venues": replace(SCHOOL_FIELD["sports_ground_area"], label="数量")}
_DAY = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_CASE_KEYS = frozenset(field.name for field in fields(SpecialCase))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Figures as whole steps of their raw field, keyed by field code; absent means missing.

    ``schools`` come in order of 学校标识码. ``qualitative`` holds met or not_met per indicator,
    ``veto`` whether an item was raised.
    """

    standard: str
    schools: tuple[School, ...]
    district: dict[str, int] = field(default_factory=dict)
    qualitative: dict[str, str] = field(default_factory=dict)
    veto: dict[str, bool] = field(default_factory=dict)
    special_cases: tuple[SpecialCase, ...] = ()
    year: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe, for the digest and the stored snapshot."""
        return {
            "standard": self.standard,
            "schools": list(self.schools),
            "district": self.district,
            "qualitative": self.qualitative,
            "veto": self.veto,
            "special_cases": [case.as_dict() for case in self.special_cases],
            "year": self.year,
        }


def read_payload(
    payload: object, rules: Rules, max_schools: int = MAX_SCHOOLS, *, is_stored: bool = False
) -> Inputs:
    """Check a payload of the API's shape against a standard; raises UnusableInput with all reasons.

    Keys: ``standard``, ``schools`` (required), ``district``, ``qualitative``, ``veto``, and beyond
    the public shape ``special_cases`` with the ``year`` they are judged in. What is stored was
    taken under the relations of its day: it replays for ever, so those of today are not asked.
    """
    if not isinstance(payload, dict):
        raise UnusableInput([Problem("", "not_object")])
    problems = Problems()
    for name in payload:
        if name not in _KEYS:
            problems.add(f"/{escape(name)}", "unknown_field", name=shown(name))
    _check_standard(payload.get("standard"), rules.standard, problems)
    year = _read_year(payload.get("year"), problems)
    relations = () if is_stored else SCHOOL_RELATIONS
    schools = read_schools(payload.get("schools"), max_schools, problems, relations)
    answers = dict.fromkeys(rules.veto_items, _ANSWERS)
    inputs = Inputs(
        rules.standard,
        tuple(sorted(schools, key=lambda school: str(school.get("school_code", "")))),
        _read_district(payload.get("district"), problems, is_stored=is_stored),
        _read_words(payload, "qualitative", _CONCLUSIONS, ("conclusion", "verdict"), problems),
        _read_words(payload, "veto", answers, ("raised", "answer"), problems),
        read_cases(payload.get("special_cases"), schools, year, problems),
        year,
    )
    if problems:
        raise UnusableInput(problems)
    return inputs


def _check_standard(found: object, wanted: str, problems: Problems) -> None:
    if found is None:
        problems.add("/standard", "missing", label="标准版本")
    elif not isinstance(found, str):
        problems.add("/standard", "not_text", label="标准版本", found=shown(found))
    elif found not in _names_of(wanted):
        problems.add("/standard", "wrong_standard", found=shown(found), wanted=wanted)


def _names_of(standard: str) -> tuple[str, str]:
    """What a request may call a version: by its code, or in short by what all its versions share.

    The short name means the newest of them, so the first one has a name of its own: 2017.0.
    """
    shared, dot, _number = standard.partition(".")
    return standard, shared if dot else f"{shared}.0"


def _read_year(found: object, problems: Problems) -> int | None:
    if found is None or (type(found) is int and 2000 <= found <= 2100):
        return found
    problems.add("/year", "not_number", label="年份", found=shown(found))
    return None


def _entries(items: object, pointer: str, problems: Problems) -> Iterator[tuple[str, str, Any]]:
    """Key, its place and value of an object; anything else becomes a problem."""
    if isinstance(items, dict):
        yield from ((str(key), f"{pointer}/{escape(key)}", value) for key, value in items.items())
    elif items is not None:
        problems.add(pointer, "not_object")


def _read_district(items: object, problems: Problems, *, is_stored: bool) -> dict[str, int]:
    """District items as whole steps; absent means missing."""
    entries = _entries(items, "/district", problems)
    read = {
        code: read_at("/district", code, item_of(code), value, problems)
        for code, _pointer, value in entries
    }
    if not is_stored:
        refuse_excesses(read, DISTRICT_RELATIONS, OFFERED_ITEMS, "/district", problems)
    return {code: steps for code, steps in read.items() if steps is not None}


def _read_words(
    payload: Mapping[str, Any],
    part: str,
    meanings: Mapping[str, Mapping[Any, M]],
    keys: tuple[str, ...],
    problems: Problems,
) -> dict[str, M]:
    """What a district's words about itself mean, by indicator or veto item.

    Each is a word, given bare or in an object under one of the keys, with a free ``note`` and
    ``evidence`` beside it.
    """
    read: dict[str, M] = {}
    for code, pointer, value in _entries(payload.get(part), f"/{part}", problems):
        if code not in meanings:
            problems.add(pointer, "unknown_field", name=shown(code))
            continue
        answer, words = _answer(value, keys, pointer, problems), meanings[code]
        if isinstance(answer, str | bool) and answer in words:
            read[code] = words[answer]
        elif not is_blank(answer):
            choices = "、".join(word for word in words if isinstance(word, str))
            problems.add(pointer, _BAD[part], found=shown(answer), choices=choices)
    return read


def _answer(value: object, keys: tuple[str, ...], pointer: str, problems: Problems) -> object:
    """The answer itself, whether given bare or in an object with a note."""
    if not isinstance(value, dict):
        return value
    for name, text in value.items():
        if name not in (*keys, "note", "evidence"):
            problems.add(f"{pointer}/{escape(name)}", "unknown_field", name=shown(name))
        elif name == "note" and isinstance(text, str) and len(text) > LONGEST_NOTE:
            problems.add(f"{pointer}/note", "too_long", label="说明", limit=LONGEST_NOTE)
    return next((value[key] for key in keys if not is_blank(value.get(key))), None)


def read_cases(
    rows: object, schools: Iterable[School], year: int | None, problems: Problems
) -> tuple[SpecialCase, ...]:
    """The cases of a payload; problems are added to the list given."""
    if rows is None:
        return ()
    if not isinstance(rows, list | tuple):
        problems.add("/special_cases", "not_list")
        return ()
    codes = {school.get("school_code") for school in schools}
    cases = []
    for position, row in enumerate(rows):
        pointer = f"/special_cases/{position}"
        if not isinstance(row, dict):
            problems.add(pointer, "not_object")
            continue
        kind = str(row.get("case"))
        figure = _AMOUNTS.get(kind, _PEOPLE)
        found = Problems()
        for key, code, params in _faults_of_case(row, kind, codes, year):
            found.add(f"{pointer}/{key}", code, **params)
        amount = read_at(pointer, "amount", figure, row.get("amount"), found)
        problems += found
        if not found:
            cases.append(_case(row, kind, amount or 0))
    return tuple(sorted(cases, key=lambda case: (case.school_code, case.case, case.stage)))


def _faults_of_case(
    row: dict[Any, Any], kind: str, codes: set[Any], year: int | None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for key in row:
        if key not in _CASE_KEYS:
            yield escape(key), "unknown_field", {"name": shown(key)}
    if kind not in CASES:
        yield "case", "bad_case", {"found": shown(row.get("case")), "choices": "、".join(CASES)}
    for key in ("school_code", "to") if kind == ATTACHED else ("school_code",):
        if not isinstance(row.get(key), str) or row[key] not in codes:
            yield key, "unknown_school", {"found": shown(row.get(key))}
    if kind == SHARED and row.get("stage") not in STAGES:
        params = {"label": "学段", "found": shown(row.get("stage")), "choices": "、".join(STAGES)}
        yield "stage", "not_choice", params
    evidence = row.get("evidence")
    if not isinstance(evidence, str) or is_blank(evidence):
        yield "evidence", "missing", {"label": "佐证"}
    elif fault := fault_of_text(evidence):
        yield "evidence", fault.code, {"label": "佐证", **fault.params}
    for key, label in (("since", "起始年份"), ("until", "截止年份")):
        named = row.get(key)
        if named is not None and type(named) is not int:
            yield key, "not_number", {"label": label, "found": shown(named)}
        elif named is not None and year is None:
            yield key, "year_needed", {}
    day = row.get("commitment")
    if not (is_blank(day) or (isinstance(day, str) and _DAY.fullmatch(day))):
        yield "commitment", "not_day", {"label": "承诺达标期限", "found": shown(day)}


def _case(row: dict[Any, Any], kind: str, amount: int) -> SpecialCase:
    return SpecialCase(
        school_code=row["school_code"],
        case=kind,
        stage=row["stage"] if kind == SHARED else "",
        amount=amount,
        to=row["to"] if kind == ATTACHED else "",
        until=row.get("until"),
        evidence=row["evidence"],
        since=row.get("since"),
        commitment=row.get("commitment") or "",
    )
