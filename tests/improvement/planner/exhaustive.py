"""The cheapest plan by trying everything, judged in fractions from the wording of the standard."""

from fractions import Fraction
from itertools import product
from math import inf
from typing import Any

from tests.indicators.calculation import reference

STAFF = {"A1": "qualified_teachers", "A2": "backbone_teachers", "A3": "pe_arts_teachers"}
Values = dict[str, list[tuple[int, Fraction]]]


Measures = dict[tuple[str, ...], int]
"""The indicators a measure raises, and its price."""
Limits = dict[tuple[str, tuple[str, ...]], tuple[int, int]]
"""School and measure → how often at least and at most in a stage."""


def cheapest(
    schools: list[dict[str, Any]], measures: Measures, most: int, limits: Limits | None = None
) -> int | None:
    """Least cost when each measure may be taken up to ``most`` times a school and stage."""
    options = [_options(school, measures, most, limits or {}) for school in schools]
    for own in options:
        own.sort(key=lambda option: option[0])
    best: float = inf
    rest = [sum(own[0][0] if own else 0 for own in options[at:]) for at in range(len(options) + 1)]

    def go(at: int, cost: int, chosen: list[Values]) -> None:
        nonlocal best
        if cost + rest[at] >= best:
            return
        if at == len(options):
            if _within(chosen):
                best = cost
            return
        for price, values in options[at]:
            if cost + price + rest[at + 1] >= best:
                return
            go(at + 1, cost + price, [*chosen, values])

    if all(options):
        go(0, 0, [])
    return None if best == inf else int(best)


def most_passing(
    schools: list[dict[str, Any]], measures: Measures, most: int, budget: int
) -> int | None:
    """How many units can pass for a sum while every coefficient is within its limit."""
    options = [_options(school, measures, most, {}, all_pass=False) for school in schools]
    best = None
    for chosen in product(*options):
        if sum(price for price, _values in chosen) > budget:
            continue
        count = sum(values["passing"][0][0] for _price, values in chosen)
        told = [{k: v for k, v in values.items() if k != "passing"} for _price, values in chosen]
        if (best is None or count > best) and _within(told):
            best = count
    return best


def most_within(schools: list[dict[str, Any]], measures: Measures, most: int, budget: int) -> int:
    """How many coefficients a sum brings within their limit at best, whoever passes."""
    options = [_options(school, measures, most, {}, all_pass=False) for school in schools]
    best = 0
    for chosen in product(*options):
        if sum(price for price, _values in chosen) <= budget:
            told = [{k: v for k, v in values.items() if k != "passing"} for _p, values in chosen]
            best = max(best, sum(_kept(told)))
    return best


def _options(
    school: dict[str, Any],
    measures: Measures,
    most: int,
    limits: Limits,
    all_pass: bool = True,
) -> list[tuple[int, Values]]:
    """What one school can do (so that its units pass): cost, and value of every indicator after;
    where not all need to pass also how many do."""
    stages = reference.STAGES[school["school_type"]]
    places = [
        (raised, price, stage)
        for raised, price in measures.items()
        for stage in (stages if raised[0] in STAFF else [stages[0]])
    ]
    found = []
    spans = [limits.get((school["school_code"], raised), (0, most)) for raised, _p, _s in places]
    for counts in product(*(range(first, last + 1) for first, last in spans)):
        after, cost = dict(school), 0
        for (raised, price, stage), count in zip(places, counts, strict=True):
            cost += price * count
            for code in raised:
                name = f"{STAFF[code]}_{stage}" if code in STAFF else "multimedia_classrooms"
                after[name] = after[name] + count
        values = {stage: _values(after, stage) for stage in stages}
        passing = sum(_passes(own, stage) for stage, own in values.items())
        if passing == len(values) or not all_pass:
            pupils = {stage: after[f"pupils_{stage}"] for stage in stages}
            told = {
                f"{stage} {code}": [(pupils[stage], value)]
                for stage, own in values.items()
                for code, value in own.items()
            }
            if not all_pass:
                told["passing"] = [(passing, Fraction())]
            found.append((cost, told))
    return found


def _values(school: dict[str, Any], stage: str) -> dict[str, Fraction]:
    """The seven values per pupil, worked out by the reference."""
    figures = reference.exact_figures(school)
    pupils = figures[f"pupils_{stage}"]
    share = reference.stage_share(school["school_type"], figures, stage)
    assert share is not None
    values = {code: figures[f"{name}_{stage}"] * 100 / pupils for code, name in STAFF.items()}
    indoor = figures["indoor_sports_area"]
    whole = {
        "A4": figures["teaching_area"] - indoor,
        "A5": figures["sports_ground_area"] + indoor,
        "A6": figures["equipment_value"] * 10_000,
        "A7": figures["multimedia_classrooms"] * 100,
    }
    return values | {code: amount * share / pupils for code, amount in whole.items()}


def _passes(values: dict[str, Fraction], stage: str) -> bool:
    wanted, floors = reference.THRESHOLD[stage], reference.FLOORS[stage]
    met = sum(values[code] >= wanted[code] for code in wanted)
    return met >= 6 and all(values[code] >= floors[code] for code in floors)


def _within(chosen: list[Values]) -> bool:
    return all(_kept(chosen))


def _kept(chosen: list[Values]) -> list[bool]:
    """Of each coefficient whether it is within its limit."""
    gathered: dict[str, list[tuple[int, Fraction]]] = {}
    for values in chosen:
        for name, rows in values.items():
            gathered.setdefault(name, []).extend(rows)
    return [
        _spread(rows) <= reference.LIMIT[name.split()[0]] ** 2 for name, rows in gathered.items()
    ]


def _spread(rows: list[tuple[int, Fraction]]) -> Fraction:
    """The squared coefficient; where all is zero it is unknown, and within no limit."""
    total = sum(pupils for pupils, _value in rows)
    mean = sum((pupils * value for pupils, value in rows), Fraction()) / total
    variance = sum((pupils * (value - mean) ** 2 for pupils, value in rows), Fraction()) / total
    return variance / mean**2 if mean else Fraction(100)
