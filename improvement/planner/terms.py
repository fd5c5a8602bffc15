"""Reads prices, caps and kinds of measure, strictly, with every problem at its place."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from improvement.planner.measures import FIELDS, Measure, Terms, measure_of
from indicators.calculation.problems import Problems, Unreadable, escape, read_steps, shown
from indicators.calculation.scheme import CODES

KEYS = ("prices", "caps", "measures")
MOST_MEASURES = 50
_PLACES, _LARGEST = 6, 10**12  # of yuan, people, rooms and ㎡


def read_terms(payload: Mapping[str, Any], schools: set[str], problems: Problems) -> Terms:
    """What is asked besides the figures; problems are added to those given.

    ``prices`` by indicator: yuan per person, room, ㎡, and per yuan of equipment. ``measures`` are
    kinds of their own: code, price and the indicators each raises. ``caps``: school → measure →
    the most that may be added.
    """
    measures = tuple(_measures(payload, problems))
    if not measures and not problems:
        problems.add("/prices", "no_prices")
    known = {measure.code for measure in measures}
    return Terms(measures, _caps(payload.get("caps"), schools, known, problems))


def _measures(payload: Mapping[str, Any], problems: Problems) -> list[Measure]:
    found = []
    for code, price in _object(payload.get("prices"), "/prices", problems).items():
        if code not in FIELDS:
            problems.add(f"/prices/{escape(code)}", "unknown_field", name=shown(code))
            continue
        exact = _positive(price, f"/prices/{code}", problems)
        found.append(measure_of(code, (code,), exact))
    rows = payload.get("measures") or []
    if not isinstance(rows, list) or len(rows) > MOST_MEASURES:
        problems.add("/measures", "bad_measures", limit=MOST_MEASURES)
        return found
    for at, row in enumerate(rows):
        measure = _measure(row, f"/measures/{at}", problems)
        if measure and measure.code in {each.code for each in found}:
            problems.add(f"/measures/{at}/code", "same_measure", found=shown(measure.code))
        elif measure:
            found.append(measure)
    return found


def _measure(row: object, pointer: str, problems: Problems) -> Measure | None:
    if not isinstance(row, dict):
        problems.add(pointer, "not_object")
        return None
    for name in row.keys() - {"code", "raises", "price", "name"}:
        problems.add(f"{pointer}/{escape(name)}", "unknown_field", name=shown(name))
    code, raises = row.get("code"), row.get("raises")
    if not isinstance(code, str) or not 0 < len(code) <= 40:
        problems.add(f"{pointer}/code", "missing", label="措施代码")
        return None
    if not isinstance(raises, list) or not raises or not all(each in FIELDS for each in raises):
        problems.add(f"{pointer}/raises", "bad_raises", choices="、".join(CODES))
        return None
    measure = measure_of(code, tuple(dict.fromkeys(raises)), Fraction(1))
    if len({each for each in raises if each in ("A4", "A5", "A6", "A7")}) and len(raises) > 1:
        problems.add(f"{pointer}/raises", "mixed_measure", found=shown(code))
        return None
    price = _positive(row.get("price"), f"{pointer}/price", problems)
    return Measure(code, measure.raises, price, measure.fields)


def _caps(
    given: object, schools: set[str], known: set[str], problems: Problems
) -> dict[str, dict[str, Fraction]]:
    caps: dict[str, dict[str, Fraction]] = {}
    for school, row in _object(given, "/caps", problems).items():
        pointer = f"/caps/{escape(school)}"
        if school not in schools:
            problems.add(pointer, "unknown_school", found=shown(school))
            continue
        for code, amount in _object(row, pointer, problems).items():
            place = f"{pointer}/{escape(code)}"
            if code not in known:
                problems.add(place, "unknown_measure", found=shown(code))
            else:
                caps.setdefault(school, {})[code] = _number(amount, "上限", place, problems)
    return caps


def _object(value: object, pointer: str, problems: Problems) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    problems.add(pointer, "not_object")
    return {}


def _positive(value: object, pointer: str, problems: Problems) -> Fraction:
    if value is None:
        problems.add(pointer, "missing", label="价格")
        return Fraction(1)
    price = _number(value, "价格", pointer, problems)
    if not price:
        problems.add(pointer, "not_positive", label="价格", found=shown(value))
    return price or Fraction(1)


def _number(value: object, label: str, pointer: str, problems: Problems) -> Fraction:
    try:
        return Fraction(read_steps(value, _PLACES, _LARGEST), 10**_PLACES)
    except Unreadable as refused:
        problems.add(pointer, refused.code, label=label, **refused.params)
        return Fraction(1)


def written(number: Fraction) -> str:
    """Yuan or an amount as a decimal string."""
    text = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
