"""What figures say of a problem, from what it is made of, in the language of its reader."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from improvement.ledger.words import SENTENCES
from improvement.models import Measure, Problem
from improvement.school_plans.measure import amount_of

NAMES = {"name": "教师培训", "english_name": "Training of teachers"}
FAILING = {
    "field": "teachers_trained",
    "found": "12",
    "needed": "40",
    "school_code": "2150000001",
    "school_name": "第一小学",
}


@pytest.mark.parametrize(
    ("sentence", "facts", "chinese", "english"),
    [
        ("threshold", NAMES, "教师培训没有到达标值", "Training of teachers is below its threshold"),
        (
            "spread",
            NAMES,
            "教师培训的校际差异系数超过限值",
            "The coefficient of variation of training of teachers is above its limit",
        ),
        (
            "requirement",
            {**NAMES, "failing": []},
            "教师培训没有达到要求",
            "Training of teachers is not met",
        ),
        (
            "threshold",
            {"name": "教师培训", "english_name": ""},
            "教师培训没有到达标值",
            "教师培训 is below its threshold",
        ),
    ],
)
def test_sentences(sentence: str, facts: dict[str, Any], chinese: str, english: str) -> None:
    assert SENTENCES[sentence](facts) == chinese
    with override("en"):
        assert SENTENCES[sentence](facts) == english


def test_schools_that_fall_short_are_named() -> None:
    facts = {**NAMES, "failing": [FAILING, {**FAILING, "school_name": "第二小学"}]}
    said = SENTENCES["requirement"](facts)
    assert said.startswith("教师培训没有达到要求：第一小学：")
    assert said.count("12，要求 40") == 2
    with override("en"):
        told = SENTENCES["requirement"](facts)
    assert told.startswith("Training of teachers is not met: 第一小学: ")
    assert "；" not in told


def test_a_veto_names_its_item() -> None:
    assert SENTENCES["veto"]({"item": "unknown"}) == "一票否决：unknown"


@pytest.mark.parametrize(
    ("unit", "one", "more"),
    [
        ("person", "1 person", "2 people"),
        ("room", "1 room", "2 rooms"),
        ("item", "1 item", "2 items"),
        ("m2", "1 ㎡", "2 ㎡"),
    ],
)
def test_one_of_a_thing_is_said_in_the_singular(unit: str, one: str, more: str) -> None:
    measure = Measure(unit=unit)
    with override("en"):
        told = [amount_of(measure, Decimal(number)) for number in (1, 2)]
    assert [each.replace("\u00a0", " ") for each in told] == [one, more]


def test_a_problem_counts_one_in_the_singular() -> None:
    with override("en"):
        assert Problem(found="1", unit="人").found_in_words == "1 person"
        assert Problem(found="12", unit="人").found_in_words == "12 people"
