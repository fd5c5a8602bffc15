"""For any district: nothing changes nothing, moves and mergers keep totals, order is kept."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from figures.relations import SCHOOL_RELATIONS, excesses
from figures.table import SCHOOL_FIELDS
from improvement.scenario.changes import apply_changes, read_changes
from indicators.calculation.evaluate import evaluate
from indicators.calculation.intake import read_payload
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.strategies import payloads

SUMS = [f.code for f in SCHOOL_FIELDS if f.is_number and not f.code.startswith("largest_class")]


@st.composite
def two_of(draw: st.DrawFn) -> tuple[dict[str, Any], str, str]:
    """A district with blanks here and there, and two of its schools."""
    payload = draw(payloads())
    assume(len(payload["schools"]) > 1)
    for row in payload["schools"]:
        for code in draw(st.lists(st.sampled_from(SUMS), max_size=2)):
            row.pop(code, None)
    codes = [row["school_code"] for row in payload["schools"]]
    return (payload, *draw(st.permutations(codes).map(lambda found: found[:2])))


def changed(payload: dict[str, Any], *changes: dict[str, Any]) -> dict[str, Any]:
    try:
        return apply_changes(payload, read_changes(list(changes)))
    except UnusableInput:
        assume(False)
        raise


def totals(payload: dict[str, Any], field: str) -> Decimal:
    return sum((Decimal(row.get(field, 0)) for row in payload["schools"]), Decimal())


def known_by_all(payload: dict[str, Any]) -> Iterator[str]:
    """Fields nobody who is asked for them left blank."""
    schools = read_payload(payload, STANDARD_2017).schools
    for field in SUMS:
        asked = [row for row in payload["schools"] if field in row]
        if len(asked) == len(schools):
            yield field


@settings(deadline=None, max_examples=40)
@given(payloads())
def test_an_empty_scenario_is_the_real_result_digest_for_digest(payload: dict[str, Any]) -> None:
    assert evaluate(apply_changes(payload, ())).digest == evaluate(payload).digest


@settings(deadline=None, max_examples=40)
@given(payloads())
def test_what_is_taken_back_was_never_there(payload: dict[str, Any]) -> None:
    """There and back again: the same digest, though rows were written anew."""
    code = payload["schools"][0]["school_code"]
    kind = payload["schools"][0]["school_type"]
    new = {**payload["schools"][0], "school_code": "5009990001"}
    away = {"change": "merge", "school_code": "5009990001", "into": "5009990002"}
    more = {"change": "add_school", **{**new, "school_code": "5009990002"}}
    found = changed(payload, {"change": "add_school", **new}, more, away)
    assert [row["school_type"] for row in found["schools"]][-1] == kind
    kept = [row for row in found["schools"] if row["school_code"] != "5009990002"]
    assert evaluate({**found, "schools": kept}).digest == evaluate(payload).digest
    assert code in {row["school_code"] for row in kept}


@settings(deadline=None, max_examples=60)
@given(two_of())
def test_a_merger_keeps_every_total_that_is_known(
    asked: tuple[dict[str, Any], str, str],
) -> None:
    payload, gone, into = asked
    found = changed(payload, {"change": "merge", "school_code": gone, "into": into})
    evaluate(found)
    for field in known_by_all(payload):
        assert totals(found, field) == totals(payload, field)


@settings(deadline=None, max_examples=60)
@given(two_of(), st.integers(0, 5), st.integers(0, 5))
def test_people_who_move_change_no_total(
    asked: tuple[dict[str, Any], str, str], teachers: int, qualified: int
) -> None:
    payload, giver, taker = asked
    move = {"change": "move_staff", "school_code": giver, "into": taker, "stage": "primary"}
    people = {"teachers": teachers, "qualified_teachers": qualified, "teachers_certified": teachers}
    found = changed(payload, {**move, **people, "teachers_trained": teachers})
    for field in known_by_all(payload):
        assert totals(found, field) == totals(payload, field)
    for before, row in zip(payload["schools"], found["schools"], strict=True):
        assert before.keys() == row.keys()


@settings(deadline=None, max_examples=60)
@given(two_of(), st.integers(-50, 100))
def test_unknown_stays_unknown_and_parts_within_their_whole(
    asked: tuple[dict[str, Any], str, str], percent: int
) -> None:
    payload, gone, into = asked
    growth = [
        {"change": "growth", "stage": stage, "percent": percent} for stage in ("primary", "junior")
    ]
    grown = changed(payload, *growth)
    for before, row in zip(payload["schools"], grown["schools"], strict=True):
        assert before.keys() == row.keys()
    close = {"change": "close", "school_code": gone, "into": into}
    found = changed(payload, *growth, close)
    for school in read_payload(found, STANDARD_2017).schools:
        assert not [*excesses(school, SCHOOL_RELATIONS)]


@settings(deadline=None, max_examples=40)
@given(payloads(), st.integers(1, 900), st.integers(1, 900))
def test_of_two_about_the_same_the_last_one_counts(
    payload: dict[str, Any], first: int, last: int
) -> None:
    row = payload["schools"][0]
    stage = next(stage for stage in ("primary", "junior") if f"pupils_{stage}" in row)
    changes = [
        {"change": "pupils", "school_code": row["school_code"], "stage": stage, "pupils": pupils}
        for pupils in (first, last)
    ]
    assert changed(payload, *changes)["schools"][0][f"pupils_{stage}"] == last
