"""The whole result: shape, verdicts, left-out units, digest and replay."""

import json
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from indicators.calculation.evaluate import evaluate as calculate
from indicators.calculation.evaluate import evaluate_json, seal
from indicators.calculation.intake import read_payload
from indicators.calculation.judged import worst
from indicators.calculation.outcome import Outcome, canonical
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import evaluate, make_payload, make_school

CODES = ["A"] + [f"B{i}" for i in range(1, 16)] + [f"C{i}" for i in range(1, 10)] + ["D1"]


def test_a_district_that_meets_everything() -> None:
    result = evaluate(make_payload())
    assert result["verdict"] == "met"
    assert (result["standard"], result["engine"]) == ("2017", "1")
    assert list(result["indicators"]) == CODES
    assert {found["verdict"] for found in result["indicators"].values()} == {"met"}
    assert result["missing"] == result["warnings"] == []
    assert result["special_cases"] == {"applied": [], "without": None}
    assert result["veto"] == {"verdict": "met", "raised": [], "missing": []}
    assert json.loads(json.dumps(result)) == result


def test_a_unit_in_the_result() -> None:
    schools = [make_school(1, pupils_primary=166, qualified_teachers_primary=7), make_school(2)]
    unit = evaluate(make_payload(*schools))["units"][0]
    assert {key: unit[key] for key in list(unit) if key != "indicators"} == {
        "school_code": "5001060001",
        "school_name": "第1学校",
        "stage": "primary",
        "pupils": "166",
        "counted": True,
        "reason": None,
        "met_count": 7,
        "verdict": "met",
    }
    assert unit["indicators"]["A1"] == {
        "value": "4.216867",
        "threshold": "4.2",
        "floor": "3.57",
        "verdict": "met",
        "borderline": False,
        "shortfall": "0",
        "shortfall_to_floor": "0",
        "numerator": "7",
        "denominator": "166",
        "share": "0.750751",
        "adding": "helps",
    }
    assert [unit["indicators"][code]["numerator"] for code in ("A4", "A5", "A6", "A7")] == [
        *("18000.000000", "18000.000000", "4000000.000000", "40.000000")
    ]


def test_shortfalls_are_in_the_raw_field_s_unit() -> None:
    poor = {"teaching_area": "4000.00", "equipment_value": "90.5", "sports_ground_area": "100"}
    unit = evaluate(make_payload(make_school(1, **poor, multimedia_classrooms=10)))["units"][0]
    found = {code: cell["shortfall"] for code, cell in unit["indicators"].items()}
    assert found == {
        **{"A1": "0", "A2": "0", "A3": "0"},
        **{"A4": "250.00", "A5": "1650.00", "A6": "9.5000", "A7": "2"},
    }
    assert unit["indicators"]["A4"]["shortfall_to_floor"] == "0"
    assert unit["indicators"]["A5"]["shortfall_to_floor"] == "1087.50"
    assert unit["verdict"] == "not_met"


def test_a_missing_value_is_named_everywhere() -> None:
    result = evaluate(make_payload(make_school(1, teaching_area=None), make_school(2, "初中")))
    assert result["missing"] == [{"school_code": "5001060001", "field": "teaching_area"}]
    cell = result["units"][0]["indicators"]["A4"]
    assert cell["verdict"] == "unknown"
    nothing = ("value", "shortfall", "shortfall_to_floor", "numerator", "share", "adding")
    assert {cell[key] for key in nothing} == {None}
    spread = result["dispersion"]["primary"]["A4"]
    assert spread["missing"] == ["5001060001"]
    assert {spread[key] for key in ("mean", "sd", "cv", "unweighted_cv", "pivot")} == {None}
    assert spread["verdict"] == result["verdict"] == "unknown"
    assert result["dispersion"]["primary"]["composite"] is None
    assert result["dispersion"]["junior"]["composite"] == "0.000000"


def test_missing_pupils_leave_the_whole_unit_open() -> None:
    school = make_school(1, "九年一贯制", pupils_junior=None)
    result = evaluate(make_payload(school))
    primary, junior = result["units"]
    assert (junior["pupils"], junior["counted"], junior["verdict"]) == (None, True, "unknown")
    open_ = [code for code, cell in primary["indicators"].items() if cell["verdict"] == "unknown"]
    assert open_ == ["A4", "A5", "A6", "A7"]
    assert result["dispersion"]["junior"]["A1"]["pupils"] is None
    assert result["dispersion"]["primary"]["A1"]["pupils"] == "500"
    assert {"school_code": "5001060001", "field": "pupils_junior"} in result["missing"]


def test_left_out_units_say_why() -> None:
    schools = [
        make_school(1),
        make_school(2, "特殊教育学校"),
        make_school(3, "教学点", pupils_primary=49),
        make_school(4, "教学点", pupils_primary=50),
        make_school(5, "教学点", pupils_primary=None),
    ]
    empty = {"pupils_junior": 0, "classes_junior": 0, "largest_class_junior": 0}
    staff = ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")
    empty |= {f"{kind}_junior": 0 for kind in staff}
    schools.append(make_school(6, "九年一贯制", **empty))
    result = evaluate(make_payload(*schools))
    reasons = [(u["school_code"][-1], u["stage"], u["reason"]) for u in result["units"]]
    assert reasons == [
        ("1", "primary", None),
        ("2", "primary", "special_education"),
        ("2", "junior", "special_education"),
        ("3", "primary", "small_point"),
        ("4", "primary", None),
        ("5", "primary", None),
        ("6", "primary", None),
        ("6", "junior", "no_pupils"),
    ]
    left_out = result["units"][3]
    assert (left_out["verdict"], left_out["met_count"], left_out["indicators"]) == (None, None, {})
    assert result["dispersion"]["primary"]["A1"]["units"] == 4
    assert result["dispersion"]["junior"] == {}
    assert result["indicators"]["A"]["stages_without_units"] == ["junior"]
    assert result["indicators"]["A"]["verdict"] == "unknown"
    assert result["warnings"] == [
        {"school_code": "5001060006", "stage": "junior", "code": "no_pupils"}
    ]


def test_part_a_is_tallied() -> None:
    bad = make_school(2, backbone_teachers_primary=0)
    outcome = evaluate(make_payload(make_school(1), bad, make_school(3, "初中")))["indicators"]["A"]
    assert outcome["verdict"] == "not_met"
    assert outcome["units"] == {"not_met": 1, "met": 2, "unknown": 0}
    assert outcome["dispersion"] == {"not_met": 1, "met": 13, "unknown": 0}
    assert outcome["by_indicator"]["A2"] == {"below": 1, "floor": 0, "met": 2, "unknown": 0}


def test_dispersion_in_the_result() -> None:
    pupils, teachers = [45, 37, 89, 76, 55], [279, 137, 935, 160, 402]
    schools = [
        make_school(i, pupils_primary=n, qualified_teachers_primary=x)
        for i, (n, x) in enumerate(zip(pupils, teachers, strict=True))
    ]
    result = evaluate(make_payload(*schools))
    found = result["dispersion"]["primary"]["A1"]
    assert found == {
        "units": 5,
        "pupils": "302",
        "mean": "633.443709",
        "sd": "326.386071",
        "cv": "0.515257",
        "limit": "0.50",
        "verdict": "not_met",
        "borderline": False,
        "unweighted_cv": "0.488771",
        "unweighted_verdict": "met",
        "unweighted_differs": True,
        "pivot": "801.616295",
        "missing": [],
    }
    shares = [unit["indicators"]["A1"]["share"] for unit in result["units"]]
    assert shares == ["0.000253", "0.079655", "0.481324", "0.422527", "0.016240"]
    assert [unit["indicators"]["A1"]["adding"] for unit in result["units"]] == [
        *("helps", "helps", "hurts", "helps", "helps")
    ]


def test_rules_without_weights_are_shown_without_weights() -> None:
    rules = replace(STANDARD_2017, weighting="none")
    schools = [
        make_school(1, pupils_primary=100, qualified_teachers_primary=100),
        make_school(2, pupils_primary=300, qualified_teachers_primary=900),
    ]
    table = evaluate(make_payload(*schools), rules)["dispersion"]["primary"]["A1"]
    assert (table["mean"], table["cv"], table["unweighted_cv"], table["verdict"]) == (
        *("200.000000", "0.500000", "0.500000", "met"),
    )
    assert evaluate(make_payload(*schools))["dispersion"]["primary"]["A1"]["cv"] == "0.346410"


def test_composite_is_the_plain_mean_of_seven() -> None:
    schools = [make_school(1), make_school(2, qualified_teachers_primary=120)]
    table = evaluate(make_payload(*schools))["dispersion"]["primary"]
    assert (table["A1"]["cv"], table["A2"]["cv"]) == ("0.500000", "0.000000")
    assert table["composite"] == "0.071429"


def test_equal_schools_have_no_shares() -> None:
    cell = evaluate(make_payload(make_school(1), make_school(2)))["units"][0]["indicators"]["A1"]
    assert (cell["share"], cell["adding"]) == (None, "neutral")


def test_digest_seals_inputs_rules_engine_and_outcome() -> None:
    payload = make_payload()
    result = evaluate(payload)
    inputs = read_payload(payload, STANDARD_2017)
    outcome = {key: value for key, value in result.items() if key != "digest"}
    sealed = {
        "engine": "1",
        "inputs": inputs.as_dict(),
        "outcome": outcome,
        "rules": STANDARD_2017.to_dict(),
    }
    assert result["digest"] == "sha256:" + sha256(canonical(sealed)).hexdigest()
    assert result["digest"] == seal(inputs, STANDARD_2017, canonical(outcome))
    stored = json.loads(json.dumps(outcome))
    assert seal(inputs, STANDARD_2017, canonical(stored)) == result["digest"]
    stored["units"][0]["met_count"] = 6
    assert seal(inputs, STANDARD_2017, canonical(stored)) != result["digest"]


def test_a_stored_outcome_is_read_back_as_it_was() -> None:
    """With left-out units, failing schools, a special case and missing figures in it."""
    payload = make_payload(
        make_school(1, classes_primary=40),
        make_school(2, "九年一贯制", teaching_area=None),
        make_school(3, "教学点", pupils_primary=9),
        make_school(4, "初中", music_rooms=0),
        special_cases=[
            {"school_code": "5001060004", "case": "B3.music_rooms", "amount": 9, "evidence": "证"}
        ],
        year=2026,
    )
    payload["district"].pop("C2.enrolled")
    rules = replace(STANDARD_2017, special_cases=("B3.music_rooms",))
    outcome = calculate(payload, rules)
    again = Outcome.from_json(json.loads(outcome.to_json()))
    assert again == outcome
    assert again.to_json() == outcome.to_json() == canonical(outcome.as_dict())
    assert outcome.special_cases.without is not None
    assert {item.field for item in outcome.missing} >= {"C2.enrolled", "teaching_area"}


def test_a_word_that_is_no_verdict_is_never_taken_for_a_pass() -> None:
    with pytest.raises(KeyError):
        worst(["met", "passed"])  # type: ignore[list-item]


def test_the_same_again_bit_for_bit() -> None:
    payload = make_payload()
    before = deepcopy(payload)
    rules = Rules.from_dict(json.loads(json.dumps(STANDARD_2017.to_dict())))
    first, second = evaluate(payload), evaluate(payload, rules)
    assert canonical(first) == canonical(second)
    assert payload == before
    assert json.loads(evaluate_json(payload)) == first
    assert canonical(json.loads(evaluate_json(payload))) == canonical(first)


def test_other_rules_other_digest() -> None:
    rules = replace(STANDARD_2017, floor_ratio=Decimal("0.80"))
    first, second = evaluate(make_payload()), evaluate(make_payload(), rules)
    assert first["digest"] != second["digest"]
    assert second["units"][0]["indicators"]["A1"]["floor"] == "3.36"


def test_how_a_number_is_written_changes_nothing() -> None:
    payload, other = make_payload(), make_payload()
    other["schools"][0] |= {"pupils_primary": "500", "teaching_area": 20000}
    other["schools"].reverse()
    assert evaluate(payload) == evaluate(other)


@pytest.mark.parametrize("limit", [2, 3])
def test_the_number_of_schools_is_limited(limit: int) -> None:
    payload: dict[str, Any] = make_payload()
    if limit < 3:
        with pytest.raises(ValueError, match="超过一次测算的上限"):
            evaluate(payload, max_schools=limit)
        with pytest.raises(ValueError, match="超过一次测算的上限"):
            evaluate_json(payload, max_schools=limit)
    else:
        assert evaluate(payload, max_schools=limit)["verdict"] == "met"
