"""Changes by hand: what each does to the figures, and what is refused in which words."""

from typing import Any

import pytest

from improvement.scenario.changes import apply_changes, read_changes
from indicators.calculation.evaluate import evaluate
from indicators.calculation.problems import UnusableInput
from tests.indicators.calculation.builders import make_payload, make_school

ONE, TWO, NINE = "5001060001", "5001060002", "5001060003"


def district(**changes: Any) -> dict[str, Any]:
    """A primary, a junior and a nine-year school; the changes are the first one's."""
    return make_payload(
        make_school(1, **changes), make_school(2, "初中"), make_school(3, "九年一贯制")
    )


def after(payload: dict[str, Any], *changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Schools by code after the changes; the engine takes them."""
    found = apply_changes(payload, read_changes(list(changes)))
    evaluate({key: found[key] for key in payload})
    return {row["school_code"]: row for row in found["schools"]}


def refused(payload: dict[str, Any], *changes: dict[str, Any]) -> str:
    with pytest.raises(UnusableInput) as caught:
        after(payload, *changes)
    (problem,) = caught.value.problems
    return f"{problem.pointer} {problem.detail}"


def test_pupils_of_a_school() -> None:
    """600 pupils in 12 classes are 50 a class, whatever the largest was before."""
    payload = district(classes_primary=12, largest_class_primary=45, intake_primary=90)
    row = after(
        payload, {"change": "pupils", "school_code": ONE, "stage": "primary", "pupils": 600}
    )[ONE]
    assert (row["pupils_primary"], row["largest_class_primary"]) == (600, 50)
    assert (row["intake_primary"], row["teaching_area"]) == (90, "20000.00")


def test_fewer_pupils_take_the_intake_along() -> None:
    payload = district(intake_primary=90, nearby_intake_primary=80, largest_class_primary=45)
    few = {"change": "pupils", "school_code": ONE, "stage": "primary", "pupils": 30}
    row = after(payload, few)[ONE]
    names = ("intake_primary", "nearby_intake_primary", "largest_class_primary")
    assert [row[name] for name in names] == [30, 30, 30]


def test_a_rate_for_a_stage() -> None:
    """−3.5 % of 500 are 482.5, rounded up; the junior stage stays."""
    rows = after(district(), {"change": "growth", "stage": "primary", "percent": "-3.5"})
    assert [rows[code].get("pupils_primary") for code in (ONE, TWO, NINE)] == [483, None, 483]
    assert rows[NINE]["pupils_junior"] == 500


def test_a_primary_and_a_junior_school_become_a_nine_year_school() -> None:
    row = after(district(), {"change": "merge", "school_code": ONE, "into": TWO})[TWO]
    assert (row["school_type"], row["school_name"]) == ("九年一贯制", "第2学校")
    assert (row["pupils_primary"], row["pupils_junior"]) == (500, 500)
    assert (row["teaching_area"], row["equipment_value"]) == ("40000.00", "800.0000")
    assert (row["multimedia_classrooms"], row["teachers"]) == (80, 240)


def test_what_one_does_not_know_both_do_not_know() -> None:
    payload = district(sports_ground_area=None)
    rows = after(payload, {"change": "merge", "school_code": ONE, "into": NINE})
    assert ONE not in rows
    assert "sports_ground_area" not in rows[NINE]
    assert rows[NINE]["classes_primary"] == 2 * rows[NINE]["classes_junior"]


def test_a_point_is_closed_and_its_sites_are_left() -> None:
    staff = dict.fromkeys(("teachers", "teachers_certified", "teachers_trained"), 12)
    point = make_school(4, "教学点", pupils_primary=60, sports_ground_area=None, **staff)
    row = after(
        make_payload(make_school(1), point),
        {"change": "close", "school_code": "5001060004", "into": ONE},
    )[ONE]
    assert (row["school_type"], row["pupils_primary"]) == ("小学", 560)
    assert (row["sports_ground_area"], row["multimedia_classrooms"]) == ("16000.00", 40)
    assert row["teachers"] == 132


def test_special_cases_and_attached_points_follow_their_schools() -> None:
    point = make_school(4, "教学点", pupils_primary=20)
    attached = {"school_code": "5001060004", "case": "point.attached", "to": ONE, "evidence": "册"}
    venues = {"school_code": ONE, "case": "A5.extra_venues", "amount": "10", "evidence": "函"}
    payload = make_payload(make_school(1), make_school(2), point, special_cases=[attached, venues])
    merge = {"change": "merge", "school_code": ONE, "into": TWO}
    found = apply_changes(payload, read_changes([merge]))
    assert found["special_cases"] == [{**attached, "to": TWO}]
    closed = {"change": "close", "school_code": "5001060004", "into": TWO}
    assert "special_cases" not in apply_changes(payload, read_changes([merge, closed]))


def test_people_count_in_the_other_school_as_they_did() -> None:
    move = {
        **{"change": "move_staff", "school_code": NINE, "into": ONE, "stage": "primary"},
        **{"teachers": 3, "qualified_teachers": 2, "teachers_certified": 3, "teachers_trained": 3},
    }
    payload = make_payload(make_school(1, teachers_certified=None), make_school(3, "九年一贯制"))
    before = {row["school_code"]: row for row in payload["schools"]}
    rows = after(payload, move, move)
    for name, change in (("qualified_teachers_primary", 4), ("teachers", 6)):
        assert rows[ONE][name] == before[ONE][name] + change
        assert rows[NINE][name] == before[NINE][name] - change
    assert "teachers_certified" not in rows[ONE]
    assert rows[ONE]["backbone_teachers_primary"] == before[ONE]["backbone_teachers_primary"]


def test_a_new_school_is_read_like_any_other() -> None:
    new = {"change": "add_school", **make_school(9, "初中")}
    assert [*after(district(), new)] == [ONE, TWO, NINE, "5001060009"]


def test_prices_and_caps() -> None:
    terms = {
        "measures": [{"code": "hire", "price": "80000"}],
        "caps": {ONE: {"hire": "2"}, TWO: {"hire": "3"}},
        "forbidden": {NINE: ["hire"]},
        "locked": {ONE: {"hire": "1"}},
    }
    changes = [
        {"change": "price", "measure": "hire", "price": "90000"},
        {"change": "price", "measure": "build_ground", "price": 350.5},
        {"change": "cap", "school_code": ONE, "measure": "hire", "most": 4},
        {"change": "merge", "school_code": ONE, "into": TWO},
    ]
    found = apply_changes({**district(), **terms}, read_changes(changes))
    assert found["measures"] == [
        {"code": "hire", "price": "90000.00"},
        {"code": "build_ground", "price": "350.50"},
    ]
    assert found["caps"] == {TWO: {"hire": "7.00"}, NINE: {"hire": "0"}}
    assert found["locked"] == {TWO: {"hire": "1"}}
    assert "forbidden" not in found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"school_code": "5001069999"},
            "/changes/0/school_code 没有学校标识码为 5001069999 的学校",
        ),
        ({"pupils": 0}, "/changes/0/pupils 小学在校生数为 0，应大于 0"),
        ({"pupils": "-3"}, "/changes/0/pupils 在校生数为 -3，不能为负"),
        ({"pupils": "3.5"}, "/changes/0/pupils 在校生数为 3.5，应为整数"),
        ({"pupils": None}, "/changes/0/pupils 缺少在校生数"),
        ({"stage": "junior"}, "/changes/0/school_code 第1学校没有初中学段"),
        ({"stage": "小学"}, "/changes/0/stage 学段「小学」不在可选范围内"),
        ({"weight": 3}, "/changes/0/weight 没有「weight」这个项目"),
        ({"change": "wish"}, "/changes/0/change 改动「wish」不认识"),
    ],
)
def test_what_is_wrong_with_pupils_is_said(change: dict[str, Any], sentence: str) -> None:
    whole = {"change": "pupils", "school_code": ONE, "stage": "primary", "pupils": 600}
    assert refused(district(), whole | change) == sentence


def test_nobody_gives_away_more_than_there_are() -> None:
    move = {"change": "move_staff", "school_code": ONE, "into": NINE, "stage": "primary"}
    assert refused(district(), {**move, "teachers": 121}) == (
        "/changes/0/teachers 第1学校的专任教师数只有 120，调不出 121"
    )
    assert refused(district(), {**move, "teachers": 1, "backbone_teachers": 2}) == (
        "/changes/0/backbone_teachers 小学县级以上骨干教师数（2）大于专任教师数（1）"
    )
    assert refused(district(), {**move, "into": ONE, "teachers": 1}) == (
        "/changes/0/into 第1学校不能并入或转入自己"
    )


def test_what_no_school_could_report_is_refused_at_its_change() -> None:
    """All 120 are certified: taking away ten who are not leaves more certified than there are."""
    move = {"change": "move_staff", "school_code": ONE, "into": NINE, "stage": "primary"}
    with pytest.raises(UnusableInput) as caught:
        after(district(), {**move, "teachers": 10})
    found = {(each.pointer, each.params["school"]) for each in caught.value.problems}
    assert ("/changes/0/teachers_certified", "第1学校") in found


def test_later_changes_know_what_earlier_ones_did() -> None:
    merge = {"change": "merge", "school_code": ONE, "into": NINE}
    pupils = {"change": "pupils", "school_code": ONE, "stage": "primary", "pupils": 5}
    assert ONE not in after(district(), pupils, merge)
    assert refused(district(), merge, pupils).startswith("/changes/1/school_code 没有学校标识码")
    again = {"change": "add_school", **make_school(2, "初中")}
    assert refused(district(), again).startswith(f"/changes/0/school_code 学校标识码 {TWO} 重复")


def test_only_special_schools_merge_with_special_schools() -> None:
    payload = make_payload(make_school(1), make_school(5, "特殊教育学校"))
    merge = {"change": "merge", "school_code": "5001060005", "into": ONE}
    assert "不能合并，其中一所是特殊教育学校" in refused(payload, merge)


def test_percentages_end_somewhere() -> None:
    growth = {"change": "growth", "stage": "primary"}
    assert refused(district(), {**growth, "percent": "-50.01"}) == (
        "/changes/0/percent 增减比例为 -50.01，超出范围"
    )
    assert refused(district(), {**growth, "percent": "101"}).endswith("超过上限")
    assert refused(district(), {**growth, "percent": "5%"}).endswith("不是规范的数字")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UnusableInput) as caught:
        read_changes([{"change": "merge"}, "merge", {"change": "add_school", "school_code": "1"}])
    assert {each.pointer.split("/")[2] for each in caught.value.problems} == {"0", "1", "2"}
    with pytest.raises(UnusableInput, match="改动列表"):
        read_changes({"change": "merge"})


def test_what_has_no_price_is_neither_priced_nor_capped() -> None:
    cap = {"change": "cap", "school_code": ONE, "measure": "hire", "most": 2}
    assert refused(district(), cap) == "/changes/0/measure 「招聘学历教师」没有单价"
    price = {"change": "price", "measure": "for_A9", "price": 3}
    assert refused(district(), price) == "/changes/0/measure 「for_A9」没有单价"
    assert refused(district(), {**price, "measure": "hire", "price": 0}) == (
        "/changes/0/price 价格为 0，应大于 0"
    )
    hire = {**price, "measure": "hire"}
    found = apply_changes(district(), read_changes([hire, cap]))
    assert found["caps"] == {ONE: {"hire": "2.00"}}
