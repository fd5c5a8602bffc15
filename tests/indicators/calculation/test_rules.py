"""Rules as data: stored, read back, and refused when they could not judge."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from indicators.calculation.judged import worst
from indicators.calculation.rules import LIMITS, SPECIAL_CASES, Rules
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import CODES, STAGES


def test_stored_and_read_back() -> None:
    stored = json.loads(json.dumps(STANDARD_2017.to_dict()))
    assert Rules.from_dict(stored) == STANDARD_2017
    assert stored["dispersion_limits"] == {"primary": "0.5", "junior": "0.45"}
    assert stored["floor_ratio"] == "0.85"
    assert stored["special_cases"] == []


def test_the_published_numbers() -> None:
    wanted = {"primary": "4.2 1 0.9 4.5 7.5 2000 2.3", "junior": "5.3 1 0.9 5.8 10.2 2500 2.4"}
    for stage in STAGES:
        found = [STANDARD_2017.threshold(code, stage) for code in CODES]
        assert found == [Fraction(number) for number in wanted[stage].split()]
    assert STANDARD_2017.to_dict()["limits"] == {
        **{"A3.small_from": "50", "A3.small_below": "100"},
        **{"B3.classes_per_room": "12", "B3.music_area": "96", "B3.art_area": "90"},
        **{"B3.older_music_area": "73", "B3.older_art_area": "67", "B3.small_class_size": "30"},
        **{"B3.small_area_primary": "54", "B3.small_area_junior": "61"},
        **{"B4.one_stage": "2000", "B4.several_stages": "2500"},
        **{"B4.larger_one_stage": "2400", "B4.larger_several_stages": "3000"},
        **{"B5.primary": "45", "B5.junior": "50", "B6.pupils": "100", "B7.special_budget": "6000"},
        **{"B8.pay_ratio": "1", "B9.trained": "1", "B11.exchanged": "0.1"},
        **{"B11.backbone": "0.2", "B12.certified": "1", "B13.urban": "1", "B13.town": "0.95"},
        **{"B14.allocated": "0.5", "B15.enrolled": "0.85", "C1.retained": "0.95"},
        **{"C2.enrolled": "0.95", "C4.training": "0.05", "C9.level": "3"},
        **{"C9.difference": "0.15", "D1.satisfied": "0.85", "D1.z": "1.96"},
    }
    assert set(STANDARD_2017.limits) == set(LIMITS)


def test_whole_weights_keep_the_proportion() -> None:
    assert STANDARD_2017.whole_weights("九年一贯制") == {"primary": 10, "junior": 11}
    twelve = {"primary": 50, "junior": 55, "senior": 66}
    assert STANDARD_2017.whole_weights("十二年一贯制") == twelve
    assert STANDARD_2017.whole_weights("完全中学") == {"junior": 5, "senior": 6}
    assert STANDARD_2017.whole_weights("小学") == {}


def test_weights_come_primary_first_however_they_were_kept() -> None:
    weights = STANDARD_2017.split_weights
    turned = {kind: dict(reversed(found.items())) for kind, found in weights.items()}
    rules = replace(STANDARD_2017, split_weights=turned)
    assert list(rules.whole_weights("十二年一贯制")) == ["primary", "junior", "senior"]


def d(**numbers: str) -> dict[str, Decimal]:
    return {name: Decimal(number) for name, number in numbers.items()}


def _thresholds(**changes: Any) -> dict[str, Any]:
    return {"thresholds": STANDARD_2017.thresholds | changes}


def _weights(**changes: Any) -> dict[str, Any]:
    return {"split_weights": STANDARD_2017.split_weights | changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (_thresholds(A1=d(primary="1")), "达标值须覆盖 A1–A7 的小学和初中"),
        (_thresholds(A8=d(primary="1", junior="1")), "达标值须覆盖 A1–A7 的小学和初中"),
        ({"thresholds": {}}, "达标值须覆盖 A1–A7 的小学和初中"),
        (_thresholds(A1=d(primary="0", junior="1")), "达标值须大于零"),
        ({"floor_ratio": Decimal("1.01")}, "底线比例须大于 0 且不超过 1"),
        ({"floor_ratio": Decimal(0)}, "底线比例须大于 0 且不超过 1"),
        ({"required_met": 8}, "须达标项数须在 0 到 7 之间"),
        ({"required_met": -1}, "须达标项数须在 0 到 7 之间"),
        ({"dispersion_limits": d(primary="1")}, "差异系数限值须覆盖小学和初中"),
        ({"dispersion_limits": d(primary="1", junior="0")}, "差异系数限值须大于零"),
        ({"weighting": "schools"}, "加权方式须为 pupils 或 none"),
        ({"shown_digits": 7}, "公布小数位须在 0 到 6 之间"),
        ({"shown_digits": -1}, "公布小数位须在 0 到 6 之间"),
        (_weights(九年一贯制=d(primary="1")), "拆分权重须覆盖各类多学段学校的各学段且大于零"),
        (
            _weights(九年一贯制=d(primary="1", junior="0")),
            "拆分权重须覆盖各类多学段学校的各学段且大于零",
        ),
        (_weights(小学=d(primary="1")), "拆分权重须覆盖各类多学段学校的各学段且大于零"),
        ({"split_weights": {}}, "拆分权重须覆盖各类多学段学校的各学段且大于零"),
        ({"point_limit": -1}, "教学点人数界限不能为负"),
        ({"point_comparison": ">"}, "教学点比较方式须为 < 或 <="),
        ({"special_cases": ("A9",)}, "特殊情形代码不认识"),
        ({"training_accounts": "other"}, "培训经费口径须为 budget 或 final"),
        ({"limits": {}}, "限值项目须齐全且无多余"),
        ({"limits": STANDARD_2017.limits | d(**{"B5.primary": "-1"})}, "限值不能为负"),
    ],
)
def test_unusable_rules_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^标准设置有误:{words}$"):
        replace(STANDARD_2017, **changes)


def test_all_faults_of_rules_are_named() -> None:
    with pytest.raises(ValueError, match="^标准设置有误:加权方式[^;]*;公布小数位[^;]*$"):
        replace(STANDARD_2017, weighting="", shown_digits=9)


@pytest.mark.parametrize(
    "changes",
    [
        {"required_met": 7},
        {"required_met": 0},
        {"floor_ratio": Decimal(1)},
        {"shown_digits": 0},
        {"shown_digits": 6},
        {"point_limit": 0},
        {"training_accounts": "final"},
        {"special_cases": SPECIAL_CASES},
        {"limits": STANDARD_2017.limits | d(**{"B5.primary": "0"})},
    ],
)
def test_rules_at_their_edges_are_fine(changes: dict[str, Any]) -> None:
    rules = replace(STANDARD_2017, **changes)
    assert Rules.from_dict(rules.to_dict()) == rules


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"floor_ratio": 0.85}, "floor_ratio"),
        ({"floor_ratio": "很高"}, "floor_ratio .* 不是数字"),
        ({"floor_ratio": "NaN"}, "floor_ratio .* 不是数字"),
        ({"required_met": "6"}, "required_met"),
        ({"required_met": True}, "required_met"),
        ({"special_cases": "A3"}, "special_cases"),
        ({"special_cases": [1]}, "^标准设置 special_cases 的值 1 类型不对$"),
        ({"limits": []}, "limits"),
        ({"dispersion_limits": {"primary": 1}}, r"dispersion_limits\.primary"),
        ({"more": 1, "less": 2}, "^标准设置缺少或多出:less、more$"),
    ],
)
def test_unreadable_rules_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Rules.from_dict(STANDARD_2017.to_dict() | changes)


def test_a_forgotten_setting_is_refused() -> None:
    stored = STANDARD_2017.to_dict()
    del stored["weighting"]
    with pytest.raises(ValueError, match="缺少或多出:weighting"):
        Rules.from_dict(stored)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["met", "met"], "met"),
        (["met", "unknown"], "unknown"),
        (["unknown", "not_met"], "not_met"),
        ([], "unknown"),
    ],
)
def test_all_must_be_met(verdicts: list[str], expected: str) -> None:
    assert worst(verdicts) == expected
