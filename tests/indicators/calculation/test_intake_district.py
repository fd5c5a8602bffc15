"""District items, statements and the veto list: what is refused and what is taken."""

from typing import Any

import pytest

from figures.table import item_of
from indicators.calculation.intake import read_payload
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_district, make_payload
from tests.indicators.calculation.test_intake_schools import refusals


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("B11.eligible", "多", "not_number"),
        ("B11.eligible", -1, "negative"),
        ("B8.teacher_pay", "1.234", "too_many_places"),
        ("B99.x", 1, "unknown_field"),
        ("C9.数学.grade", 1, "unknown_field"),
        ("D1.路人.sample", 1, "unknown_field"),
        ("B11.exchanged", 1001, "part_exceeds_whole"),
        ("B11.exchanged_backbone", 101, "part_exceeds_whole"),
        ("B14.allocated", 101, "part_exceeds_whole"),
        ("B15.enrolled", 101, "part_exceeds_whole"),
        ("C1.deceased", 101, "part_exceeds_whole"),
        ("C2.enrolled", 101, "part_exceeds_whole"),
        ("D1.satisfied", 1001, "part_exceeds_whole"),
        ("C9.数学.level", 5, "too_large"),
        ("C9.数学.difference", "1.0001", "too_large"),
        ("C9.数学.difference", "0.12345", "too_many_places"),
        ("D1.sample", 100_000_001, "too_large"),
    ],
)
def test_refused_items(item: str, value: object, code: str) -> None:
    payload = make_payload(district=make_district(**{item.replace(".", "__"): value}))
    assert refusals(payload) == [(f"/district/{item}", code)]


@pytest.mark.parametrize(
    "group", ["学生", "家长", "教师", "校长", "人大代表", "政协委员", "其他群众"]
)
def test_groups_of_respondents_are_whole_too(group: str) -> None:
    items = make_district() | {f"D1.{group}.sample": 10, f"D1.{group}.satisfied": 11}
    assert refusals(make_payload(district=items)) == [
        (f"/district/D1.{group}.satisfied", "part_exceeds_whole")
    ]


def test_names_of_subjects_have_twenty_letters_at_most() -> None:
    for length, known in ((20, True), (21, False)):
        codes = [f"C9.{'学' * length}.{kind}" for kind in ("level", "difference")]
        assert [item_of(code) is not None for code in codes] == [known, known]


@pytest.mark.parametrize("name", ["district", "qualitative", "veto"])
def test_parts_are_objects(name: str) -> None:
    assert refusals(make_payload() | {name: []}) == [(f"/{name}", "not_object")]


@pytest.mark.parametrize(
    ("part", "value", "pointer", "code"),
    [
        ("qualitative", {"B3": "达标"}, "/qualitative/B3", "unknown_field"),
        ("qualitative", {"B1": "基本达标"}, "/qualitative/B1", "bad_conclusion"),
        ("qualitative", {"B1": "良好"}, "/qualitative/B1", "bad_conclusion"),
        ("qualitative", {"B1": 1}, "/qualitative/B1", "bad_conclusion"),
        ("qualitative", {"B1": {"score": 1}}, "/qualitative/B1/score", "unknown_field"),
        ("qualitative", {"B1": {"note": "长" * 2001}}, "/qualitative/B1/note", "too_long"),
        ("veto", {"V9": "否"}, "/veto/V9", "unknown_field"),
        ("veto", {"V1": "无"}, "/veto/V1", "bad_veto"),
        ("veto", {"V1": 0}, "/veto/V1", "bad_veto"),
        ("veto", {"V1": {"raised": "否", "why": 1}}, "/veto/V1/why", "unknown_field"),
    ],
)
def test_refused_answers(part: str, value: dict[str, Any], pointer: str, code: str) -> None:
    assert refusals(make_payload(**{part: value})) == [(pointer, code)]


def test_answers_bare_or_with_a_note() -> None:
    statements = {
        "B1": "达标",
        "B2": {"conclusion": "不达标", "note": "缺一份文件", "evidence": ["a.pdf"]},
        "B8": {"verdict": "met", "note": None},
        "B10": "not_met",
        "B14": " ",
        "B15": None,
        "C3": {"note": "长" * 2000},
        "C6": "良好",
    }
    vetoes = {"V1": "否", "V2": True, "V3": {"raised": "是", "note": "x"}, "V4": None}
    vetoes["V5"] = {"answer": "是"}
    read = read_payload(make_payload(qualitative=statements, veto=vetoes), STANDARD_2017)
    assert read.qualitative == {
        **{"B1": "met", "B2": "not_met", "B8": "met"},
        **{"B10": "not_met", "C6": "met"},
    }
    assert read.veto == {"V1": False, "V2": True, "V3": True, "V5": True}


@pytest.mark.parametrize(
    ("grade", "verdict"),
    [("优秀", "met"), ("良好", "met"), ("合格", "not_met"), ("不合格", "not_met"), ("达标", "met")],
)
def test_c6_is_graded(grade: str, verdict: str) -> None:
    read = read_payload(make_payload(qualitative={"C6": grade}), STANDARD_2017)
    assert read.qualitative == {"C6": verdict}


def test_items_become_steps() -> None:
    read = read_payload(
        make_payload(district={"B8.teacher_pay": "1.5", "C2.enrolled": ""}), STANDARD_2017
    )
    assert read.district == {"B8.teacher_pay": 150}
    assert read_payload(make_payload(district=None), STANDARD_2017).district == {}
    top = {"C9.语文.level": 4, "C9.语文.difference": 1, "D1.sample": 100_000_000}
    assert (
        read_payload(make_payload(district=top), STANDARD_2017).district["C9.语文.difference"]
        == 10_000
    )


@pytest.mark.parametrize(
    "item",
    [
        ("C9.数学.level", "数学学业水平等级", "level", "", 0, 4),
        ("C9.数学.difference", "数学校际差异率", "ratio", "", 4, 1),
        ("C9.道德与法治.level", "道德与法治学业水平等级", "level", "", 0, 4),
        ("D1.家长.sample", "家长样本数", "count", "人", 0, 100_000_000),
        ("D1.家长.satisfied", "家长满意人数", "count", "人", 0, 100_000_000),
    ],
)
def test_items_of_subjects_and_groups(item: tuple[str, str, str, str, int, int]) -> None:
    found = item_of(item[0])
    assert found
    assert (found.code, found.label, found.kind, found.unit, found.places, found.limit) == item
