"""Numbers and objects of a payload, read strictly; every problem is noted at its place."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from indicators.calculation.problems import Problems, Unreadable, read_steps, shown

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


def positive(value: object, pointer: str, label: str, problems: Problems) -> Fraction:
    """Above zero; one where it was refused."""
    if value is None:
        problems.add(pointer, "missing", label=label)
        return Fraction(1)
    try:
        number = exact_number(value)
    except Unreadable as refused:
        problems.add(pointer, refused.code, label=label, **refused.params)
        return Fraction(1)
    if not number:
        problems.add(pointer, "not_positive", label=label, found=shown(value))
    return number or Fraction(1)
