"""For any district: what a limit outside part A is missed by, made up, passes; one less fails."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.shortfall.lacking import Miss, find_shortfalls
from indicators.calculation.evaluate import evaluate
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_payload, make_school

KINDS = {"小学": ("primary",), "初中": ("junior",), "九年一贯制": ("primary", "junior")}
FEW = {"教学点": ("primary",)}


@st.composite
def schools(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """Around every limit of B3 to B6, B9 and B12."""
    kinds = {**KINDS, **FEW}
    kind = draw(st.sampled_from(sorted(kinds)))
    changes: dict[str, Any] = {"location": draw(st.sampled_from(["镇区", "乡村"]))}
    for stage in kinds[kind]:
        pupils = draw(st.one_of(st.integers(1, 99), st.integers(1900, 2600)))
        changes[f"pupils_{stage}"] = pupils
        changes[f"intake_{stage}"] = changes[f"nearby_intake_{stage}"] = 1
        changes[f"classes_{stage}"] = draw(st.integers(1, 60))
        changes[f"largest_class_{stage}"] = draw(st.integers(40, 60))
    for field in ("teachers_trained", "teachers_certified", "funded_pupils"):
        changes[field] = draw(st.integers(90, 120))
    for field in ("music_rooms", "art_rooms"):
        changes[field] = draw(st.integers(0, 6))
    return make_school(number, kind, **changes)


DISTRICTS = st.integers(1, 3).flatmap(lambda n: st.tuples(*(schools(i) for i in range(n))))


def misses(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], Miss]:
    found = find_shortfalls(evaluate(make_payload(*rows)), STANDARD_2017).schools
    return {(each.code, m.code, m.field): m for each in found for m in each.misses}


def made_up(row: dict[str, Any], miss: Miss, less: int = 0) -> dict[str, Any]:
    """More of what is too little, fewer of what are too many; of a sum from whoever has them."""
    left, changed = int(miss.amount) - less, dict(row)
    if miss.found < miss.needed:
        return {**row, miss.field: row[miss.field] + left}
    for field in miss.field.split("+"):
        taken = min(left, changed[field] - 1)
        changed[field] -= taken
        left -= taken
    assert left == 0
    return changed


@settings(deadline=None, max_examples=80)
@given(DISTRICTS)
def test_made_up_it_passes_and_one_less_does_not(rows: tuple[dict[str, Any], ...]) -> None:
    for (code, indicator, field), miss in misses([*rows]).items():
        key = code, indicator, field
        for less in (0, 1):
            after = [
                made_up(row, miss, less) if row["school_code"] == code else row for row in rows
            ]
            assert (key in misses(after)) is bool(less)


def test_every_limit_was_met_with() -> None:
    """Else the property above says nothing of it."""
    large = make_school(1, pupils_primary=2100, classes_primary=37, largest_class_primary=50)
    few = {"teachers_trained": 100, "teachers_certified": 100, "funded_pupils": 60}
    small = make_school(2, "教学点", pupils_primary=60, location="乡村", **few)
    found = {indicator for _code, indicator, _field in misses([large, small])}
    assert found == {"B3", "B4", "B5", "B6", "B9", "B12"}
