"""Numbers and objects of a payload, read strictly; every problem is noted at its place."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

from indicators.calculation.problems import (
    Problem,
    Problems,
    Unreadable,
    UnusableInput,
    read_steps,
    shown,
)

_PLACES, _LARGEST = 6, 10**12  # of yuan, people, rooms and ㎡

Names = Mapping[str, str]
"""学校标识码 → name of the school."""


def as_object(value: object, pointer: str, problems: Problems) -> dict[str, Any]:
    """Empty where nothing stands."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    problems.add(pointer, "not_object")
    return {}


def exact_number(value: object) -> Fraction:
    """Not below zero; raises Unreadable."""
    return Fraction(read_steps(value, _PLACES, _LARGEST), 10**_PLACES)


def positive(
    value: object, pointer: str, label: str, problems: Problems, whose: str = ""
) -> Fraction:
    """Above zero; one where it was refused."""
    if value is None:
        problems.add(pointer, "missing", label=label, whose=whose)
        return Fraction(1)
    try:
        number = exact_number(value)
    except Unreadable as refused:
        if refused.code != "negative":
            problems.add(pointer, refused.code, label=label, whose=whose, **refused.params)
            return Fraction(1)
        number = Fraction()
    if not number:
        problems.add(pointer, "not_positive", label=label, whose=whose, found=shown(value))
    return number or Fraction(1)


@contextmanager
def naming_schools(given: object) -> Iterator[None]:
    """What is wrong with a figure names the school it is of."""
    try:
        yield
    except UnusableInput as refusal:
        raise UnusableInput([_named(each, given) for each in refusal.problems]) from refusal


def _named(problem: Problem, given: Any) -> Problem:
    part, at, field = (*problem.pointer.split("/")[1:], "", "", "")[:3]
    if part != "schools" or not field:
        return problem
    row = given["schools"][int(at)]
    whose = shown(row.get("school_name") or row.get("school_code") or "")
    return replace(problem, params={**problem.params, "whose": whose})


@contextmanager
def asked_at(pointer: str) -> Iterator[None]:
    """Figures nobody sent, and no school could report, are refused where they were asked for."""
    try:
        yield
    except UnusableInput as refusal:
        raise UnusableInput([replace(p, pointer=pointer) for p in refusal.problems]) from refusal
