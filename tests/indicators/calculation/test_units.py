"""Units as part A shows them: what a split school lacks, stages nobody has, values and means."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.units import REASONS
from tests.indicators.calculation.builders import evaluate, make_payload, make_school

NOTHING = {"value": None, "numerator": None, "denominator": None}


def figures(cell: dict[str, Any]) -> dict[str, Any]:
    return {key: cell[key] for key in NOTHING}


def test_a_split_school_lacks_the_pupils_of_its_other_stage() -> None:
    result = evaluate(make_payload(make_school(1, "十二年一贯制", pupils_senior=None)))
    assert result["missing"] == [{"school_code": "5001060001", "field": "pupils_senior"}]
    for unit in result["units"]:
        # Teachers are never split: 40 for 500 pupils. Facilities cannot be said.
        assert figures(unit["indicators"]["A1"]) == {
            "value": "8.000000",
            "numerator": "40",
            "denominator": "500",
        }
        assert [figures(unit["indicators"][f"A{i}"]) for i in (4, 5, 6, 7)] == [NOTHING] * 4


def test_means_of_a_split_school_are_its_own_values() -> None:
    # 小学 owns 500·10/(500·10 + 500·11) of 18000 ㎡: 8571.43 ㎡ for 500 pupils.
    table = evaluate(make_payload(make_school(1, "九年一贯制")))["dispersion"]
    found = [table[stage][code]["mean"] for stage in ("primary", "junior") for code in ("A1", "A4")]
    assert found == ["8.000000", "17.142857", "8.000000", "18.857143"]


def test_every_reason_has_words() -> None:
    assert set(REASONS) == {"no_pupils", "special_education", "small_point", "attached_point"}


def test_a_stage_nobody_has_leaves_part_a_open() -> None:
    outcome = evaluate(make_payload(make_school(1)))["indicators"]["A"]
    assert outcome["verdict"] == "unknown"
    assert outcome["units"] == {"not_met": 0, "met": 1, "unknown": 0}
    assert outcome["dispersion"] == {"not_met": 0, "met": 7, "unknown": 7}
    assert outcome["stages_without_units"] == ["junior"]


def test_a_limit_is_shown_with_two_places() -> None:
    limits = {"primary": Decimal("0.5"), "junior": Decimal("0.455")}
    rules = replace(STANDARD_2017, dispersion_limits=limits)
    table = evaluate(make_payload(), rules)["dispersion"]
    assert (table["primary"]["A1"]["limit"], table["junior"]["A1"]["limit"]) == ("0.50", "0.455")
