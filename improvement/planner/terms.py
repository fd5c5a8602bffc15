"""Reads prices, caps and kinds of measure, strictly, with every problem at its place."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from figures.table import N_
from improvement.planner.measures import (
    FIELDS,
    KINDS,
    MOVE,
    Amounts,
    Measure,
    Terms,
    measure_of,
    of_kind,
)
from improvement.planner.reading import Names, as_object, exact_number, positive
from improvement.planner.wishes import read_budget, read_years
from indicators.calculation.problems import Problems, Unreadable, escape, shown
from indicators.calculation.scheme import CODES

KEYS = ("prices", "measures", "caps", "locked", "forbidden", "budget", "years")
PRICE = N_("价格")
LABELS = {"caps": N_("上限"), "locked": N_("锁定数量")}
MOST_MEASURES = 20

Known = Mapping[str, Measure]


def read_terms(payload: Mapping[str, Any], schools: Names, problems: Problems) -> Terms:
    """What is asked besides the figures; problems are added to those given.

    ``prices`` by indicator: yuan per person, room, ㎡, and per yuan of equipment. ``measures``: one
    of ``KINDS`` with its price, or a kind of one's own with the indicators it raises. ``caps`` and
    ``locked``: school → measure → the most, and what is bought in any case. ``forbidden``: school →
    measures. ``budget`` and ``years``: ``wishes``.
    """
    measures = tuple(_measures(payload, problems))
    if not measures and not problems:
        problems.add("/prices", "no_prices")
    known = {measure.code: measure for measure in measures}
    caps = _amounts(payload, "caps", schools, known, problems)
    for school, codes in _codes(payload.get("forbidden"), schools, known, problems):
        caps.setdefault(school, {}).update(dict.fromkeys(codes, Fraction()))
    locked = _amounts(payload, "locked", schools, known, problems)
    _refuse_beyond(locked, caps, schools, known, problems)
    budget = read_budget(payload, "", problems)
    years = read_years(payload.get("years"), budget, schools, problems)
    return Terms(measures, caps, locked, budget, years)


def _measures(payload: Mapping[str, Any], problems: Problems) -> list[Measure]:
    found = []
    for code, price in as_object(payload.get("prices"), "/prices", problems).items():
        if code not in FIELDS:
            problems.add(f"/prices/{escape(code)}", "unknown_field", name=shown(code))
            continue
        exact = positive(price, f"/prices/{code}", PRICE, problems, code)
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
    kind = KINDS.get(code)
    if kind and raises in (None, list(kind.raises)):
        return of_kind(code, _price(row, pointer, problems))
    if kind or not isinstance(raises, list) or not raises or any(r not in CODES for r in raises):
        choices = kind.raises if kind else CODES
        told = {"found": shown(code), "choices": "、".join(choices)}
        problems.add(f"{pointer}/raises", "bad_raises", **told)
        return None
    if len(set(raises)) > 1 and set(raises) & {"A4", "A5", "A6", "A7"}:
        problems.add(f"{pointer}/raises", "mixed_measure", found=shown(code))
        return None
    return measure_of(code, tuple(dict.fromkeys(raises)), _price(row, pointer, problems))


def _price(row: dict[str, Any], pointer: str, problems: Problems) -> Fraction:
    whose = label_of(row["code"])
    return positive(row.get("price"), f"{pointer}/price", PRICE, problems, whose)


def _places(
    given: object, key: str, schools: Names, problems: Problems
) -> Iterator[tuple[str, object]]:
    """Rows by school; those of unknown schools are refused."""
    for school, row in as_object(given, f"/{key}", problems).items():
        if school in schools:
            yield school, row
        else:
            problems.add(f"/{key}/{escape(school)}", "unknown_school", found=shown(school))


def _amounts(
    payload: Mapping[str, Any], key: str, schools: Names, known: Known, problems: Problems
) -> dict[str, dict[str, Fraction]]:
    found: dict[str, dict[str, Fraction]] = {}
    for school, row in _places(payload.get(key), key, schools, problems):
        for code, amount in as_object(row, f"/{key}/{school}", problems).items():
            place = f"/{key}/{school}/{escape(code)}"
            if code not in known:
                problems.add(place, "unknown_measure", found=shown(code))
                continue
            try:
                exact = exact_number(amount)
                if key == "locked" and (exact * known[code].unit_steps) % 1:
                    raise Unreadable("not_whole")
                if key == "locked" and code == MOVE and exact:
                    problems.add(place, "locked_move", school=schools[school])
                    continue
                found.setdefault(school, {})[code] = exact
            except Unreadable:
                params = {"school": schools[school], "label": LABELS[key], "found": shown(amount)}
                problems.add(place, "bad_amount", measure=label_of(code), **params)
    return found


def _codes(
    given: object, schools: Names, known: Known, problems: Problems
) -> Iterator[tuple[str, list[str]]]:
    for school, codes in _places(given, "forbidden", schools, problems):
        if not isinstance(codes, list):
            problems.add(f"/forbidden/{school}", "bad_forbidden", school=schools[school])
            continue
        for at, code in enumerate(codes):
            if not isinstance(code, str) or code not in known:
                place = f"/forbidden/{school}/{at}"
                problems.add(place, "unknown_measure", found=shown(code))
        yield school, [code for code in codes if isinstance(code, str)]


def _refuse_beyond(
    locked: Amounts, caps: Amounts, schools: Names, known: Known, problems: Problems
) -> None:
    """Nobody can be told to buy more than she may."""
    for school, row in locked.items():
        for code, amount in row.items():
            most = caps.get(school, {}).get(code)
            if most is not None and most < amount:
                problems.add(
                    f"/locked/{school}/{code}",
                    "locked_beyond_cap",
                    **{"school": schools[school], "measure": label_of(code)},
                    **{"found": written(amount), "limit": written(most)},
                )


def label_of(code: str) -> str:
    """A kind by its name; a kind of one's own and an indicator by their code."""
    return KINDS[code].label if code in KINDS else code


def written(number: Fraction) -> str:
    """Yuan or an amount as a decimal string."""
    text = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
