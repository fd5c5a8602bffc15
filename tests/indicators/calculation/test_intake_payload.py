"""The whole payload as it is kept for digest and snapshot, and the text that is sealed."""

import pytest

from indicators.calculation.intake import Inputs, read_payload
from indicators.calculation.outcome import canonical
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_payload, make_school


def test_what_is_kept_of_a_payload() -> None:
    school = {
        "school_code": "5001060001",
        "school_name": "甲",
        "school_type": "小学",
        "pupils_primary": "500",
        "teaching_area": "1234.5",
    }
    case = {"school_code": "5001060001", "case": "B4.larger_limit", "evidence": "批复"}
    payload = {
        "standard": "2017",
        "schools": [school],
        "district": {"B7.special_budget_per_pupil": "6000"},
        "qualitative": {"B1": "达标"},
        "veto": {"V1": "否"},
        "special_cases": [case | {"until": 2027}],
        "year": 2026,
    }
    kept = {"stage": "", "amount": 0, "to": "", "until": 2027}
    assert read_payload(payload, STANDARD_2017).as_dict() == {
        "standard": "2017",
        "schools": [school | {"pupils_primary": 500, "teaching_area": 123_450}],
        "district": {"B7.special_budget_per_pupil": 600_000},
        "qualitative": {"B1": "met"},
        "veto": {"V1": False},
        "special_cases": [case | kept],
        "year": 2026,
    }


def test_inputs_without_anything_reported() -> None:
    empty: dict[str, object] = {"district": {}, "qualitative": {}, "veto": {}}
    empty |= {"special_cases": [], "year": None}
    assert Inputs("2017", ()).as_dict() == {"standard": "2017", "schools": []} | empty


def test_sealed_text_is_sorted_short_and_readable() -> None:
    assert canonical({"乙": [1, None], "a": "重庆"}) == '{"a":"重庆","乙":[1,null]}'.encode()


def test_what_was_kept_under_other_relations_is_still_read() -> None:
    payload = make_payload(make_school(1, intake_primary=501), district={"C1.graduates": 7})
    payload["district"] |= {"C1.entrants": 5, "C1.transferred_in": 1}
    with pytest.raises(UnusableInput) as refused:
        read_payload(payload, STANDARD_2017)
    assert [problem.pointer for problem in refused.value.problems] == [
        "/schools/0/intake_primary",
        "/district/C1.graduates",
    ]
    read = read_payload(payload, STANDARD_2017, is_stored=True)
    assert (read.schools[0]["intake_primary"], read.district["C1.graduates"]) == (501, 7)
