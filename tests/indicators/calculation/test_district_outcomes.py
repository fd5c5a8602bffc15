"""Indicators a district answers for, satisfaction and the veto, at their edges."""

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from indicators.calculation.checks import write_fraction
from indicators.calculation.district_outcomes import lower_bound_is_under, write_lower_bound
from tests.indicators.calculation.builders import evaluate, make_district, make_payload

GONE: Any = None


def outcome(code: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = evaluate(make_payload(district=make_district(**changes)))["indicators"]
    return dict(found[code])


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("B7", {"B7__special_budget_per_pupil": 6000}, "met"),
        ("B7", {"B7__special_budget_per_pupil": "5999.99"}, "not_met"),
        ("B7", {"B7__special_budget_per_pupil": GONE}, "unknown"),
        ("B8", {"B8__teacher_pay": "119999.99"}, "not_met"),
        ("B8", {"B8__teacher_pay": GONE}, "unknown"),
        ("B8", {"B8__civil_servant_pay": 0}, "unknown"),
        ("B11", {"B11__exchanged": 99, "B11__exchanged_backbone": 99}, "not_met"),
        ("B11", {"B11__exchanged_backbone": 19}, "not_met"),
        ("B11", {"B11__exchanged_backbone": GONE}, "unknown"),
        ("B11", {"B11__exchanged": 0, "B11__exchanged_backbone": 0}, "not_met"),
        ("B11", {"B11__eligible": 0, "B11__exchanged": 0, "B11__exchanged_backbone": 0}, "unknown"),
        ("B14", {"B14__allocated": 50}, "met"),
        ("B14", {"B14__allocated": 49}, "not_met"),
        ("B14", {"B14__places": GONE}, "unknown"),
        ("B15", {"B15__enrolled": 85}, "met"),
        ("B15", {"B15__enrolled": 84}, "not_met"),
        ("C1", {"C1__graduates": 95}, "met"),
        ("C1", {"C1__graduates": 94}, "not_met"),
        ("C1", {"C1__graduates": 94, "C1__deceased": 2}, "met"),
        ("C1", {"C1__graduates": 94, "C1__transferred_out": 6}, "met"),
        ("C1", {"C1__transferred_in": 11}, "not_met"),
        ("C1", {"C1__transferred_in": 200}, "not_met"),
        ("C1", {"C1__deceased": 100}, "unknown"),
        ("C1", {"C1__entrants": GONE}, "unknown"),
        ("C2", {"C2__enrolled": 95}, "met"),
        ("C2", {"C2__enrolled": 94}, "not_met"),
        ("C2", {"C2__eligible": 1, "C2__enrolled": 1}, "met"),
        ("C9", {"C9__数学__level": 2}, "not_met"),
        ("C9", {"C9__数学__difference": "0.15"}, "not_met"),
        ("C9", {"C9__数学__difference": GONE}, "unknown"),
        ("C9", {"C9__数学__level": 2, "C9__数学__difference": GONE}, "not_met"),
        ("C9", {"C9__数学__level": GONE, "C9__数学__difference": "0.15"}, "not_met"),
        ("C9", {"C9__数学__level": GONE, "C9__数学__difference": GONE}, "unknown"),
        ("C9", {"C9__语文__level": 4, "C9__语文__difference": "0.1"}, "met"),
        ("C9", {"C9__语文__level": 2, "C9__语文__difference": "0.1"}, "not_met"),
        ("D1", {"D1__satisfied": 850}, "met"),
        ("D1", {"D1__satisfied": 849}, "not_met"),
        ("D1", {"D1__satisfied": GONE}, "unknown"),
        ("D1", {"D1__sample": 0, "D1__satisfied": 0}, "unknown"),
    ],
)
def test_by_hand(code: str, changes: dict[str, Any], expected: str) -> None:
    assert outcome(code, **changes)["verdict"] == expected


def test_working_of_the_retention_rate() -> None:
    (check,) = outcome("C1", C1__graduates=94, C1__transferred_out=10, C1__deceased=1)["checks"]
    assert (check["numerator"], check["denominator"]) == ("99", "99")
    (check,) = outcome("C1", C1__transferred_in=200)["checks"]
    assert (check["numerator"], check["value"]) == ("-95", "-0.950000")
    (check,) = outcome("C1", C1__entrants=None)["checks"]
    assert check["missing"] == ["C1.entrants"]
    assert check["numerator"] is check["denominator"] is check["value"] is None


def test_working_of_pay_and_budget() -> None:
    pay, statement = outcome("B8", B8__teacher_pay="130000.50")["checks"]
    assert (pay["numerator"], pay["denominator"]) == ("130000.50", "120000.00")
    assert (pay["value"], pay["needed"]) == ("1.083338", "1")
    assert statement == {
        "name": "B8.statement",
        "verdict": "met",
        "failing": [],
        "missing": [],
    }
    (budget,) = outcome("B7")["checks"]
    assert (budget["value"], budget["needed"], budget["comparison"]) == ("6000.00", "6000", ">=")
    (budget,) = outcome("B7", B7__special_budget_per_pupil=None)["checks"]
    assert budget["value"] is None
    assert budget["missing"] == ["B7.special_budget_per_pupil"]


def test_a_rate_of_zero_has_no_sign() -> None:
    exchanged, backbone = outcome("B11", B11__exchanged=0, B11__exchanged_backbone=0)["checks"]
    assert (exchanged["numerator"], exchanged["value"]) == ("0", "0.000000")
    assert (backbone["denominator"], backbone["value"]) == ("0", None)


def test_quotas_are_shown_and_decide_nothing() -> None:
    statement, quota = outcome("B2", B2__quota_primary="650.00", B2__quota_junior=None)["checks"]
    assert statement["name"] == "B2.statement"
    assert quota["B2.quota_primary"] == "650.00"
    assert "B2.quota_junior" not in quota
    assert quota["verdict"] == "met"
    assert len(outcome("B2", B2__quota_primary=None, B2__quota_junior=None)["checks"]) == 1


def test_subjects_show_level_and_difference() -> None:
    (check,) = outcome("C9", C9__数学__level=None)["checks"]
    assert check == {
        "name": "C9.数学",
        "verdict": "unknown",
        "level": None,
        "needed_level": "3",
        "difference": "0.1499",
        "needed_difference": "0.15",
        "comparison": "<",
        "failing": [],
        "missing": ["C9.数学.level"],
    }
    (check,) = outcome("C9", C9__数学__difference=None)["checks"]
    assert (check["level"], check["difference"]) == ("3", None)
    none = outcome("C9", C9__数学__level=None, C9__数学__difference=None)
    assert none["missing"] == ["C9"]


@pytest.mark.parametrize("code", ["B1", "B2", "B8", "B10", "B14", "B15", "C3", "C5", "C7", "C8"])
def test_statements_decide(code: str) -> None:
    for word, expected in (("达标", "met"), ("不达标", "not_met"), (None, "unknown")):
        payload = make_payload()
        payload["qualitative"][code] = word
        found = evaluate(payload)["indicators"][code]
        assert found["verdict"] == expected
        assert found["missing"] == ([code] if word is None else [])


def test_satisfaction_and_its_lower_bound() -> None:
    (check,) = outcome("D1", D1__satisfied=850)["checks"]
    assert (check["value"], check["verdict"], check["uncertain"]) == ("0.850000", "met", True)
    assert check["lower_bound"] == "0.826531"
    (check,) = outcome("D1", D1__satisfied=900)["checks"]
    assert check["uncertain"] is False
    (check,) = outcome("D1", D1__satisfied=800)["checks"]
    assert (check["verdict"], check["uncertain"]) == ("not_met", False)
    (check,) = outcome("D1", D1__sample=None)["checks"]
    assert (check["lower_bound"], check["uncertain"], check["value"]) == (None, False, None)


def test_groups_of_respondents_are_shown() -> None:
    groups = {"D1__家长__sample": 10, "D1__家长__satisfied": 9, "D1__学生__sample": 4}
    (check,) = outcome("D1", **groups)["checks"]
    assert check["groups"] == {
        "学生": {"sample": "4", "satisfied": None, "rate": None},
        "家长": {"sample": "10", "satisfied": "9", "rate": "0.900000"},
    }


@pytest.mark.parametrize("sample", [1, 7, 100, 1000, 12_345])
def test_the_bound_without_a_root_agrees_with_the_bound(sample: int) -> None:
    needed, z = Fraction(85, 100), Fraction(196, 100)
    for satisfied in range(0, sample + 1, max(1, sample // 200)):
        rate, square = satisfied / sample, float(z * z) / sample
        margin = sqrt(square * rate * (1 - rate) + square * square / 4)
        bound = (rate + square / 2 - margin) / (1 + square)
        assert lower_bound_is_under(satisfied, sample, needed, z) == (bound < 0.85)
        assert float(
            write_lower_bound(satisfied, sample, Decimal(z.numerator) / z.denominator)
        ) == (pytest.approx(bound, abs=6e-7))


def test_the_bound_has_six_places() -> None:
    assert write_lower_bound(1, 2, Decimal(0)) == "0.500000"


def test_the_bound_exactly_on_the_mark_is_not_under() -> None:
    assert not lower_bound_is_under(9, 25, Fraction(9, 25), Fraction(0))
    assert not lower_bound_is_under(25, 25, Fraction(1, 2), Fraction(5))
    assert lower_bound_is_under(25, 25, Fraction(1, 2), Fraction(501, 100))


@pytest.mark.parametrize(
    ("veto", "verdict", "raised", "missing"),
    [
        (dict.fromkeys(("V1", "V2", "V3", "V4", "V5", "V6"), "否"), "met", [], 0),
        ({"V3": "是", "V1": True}, "not_met", ["V1", "V3"], 4),
        ({"V1": False}, "unknown", [], 5),
        ({}, "unknown", [], 6),
    ],
)
def test_veto(veto: dict[str, Any], verdict: str, raised: list[str], missing: int) -> None:
    result = evaluate(make_payload(veto=veto))
    assert result["veto"]["verdict"] == result["verdict"] == verdict
    assert result["veto"]["raised"] == raised
    assert len(result["veto"]["missing"]) == missing
    fields = [item["field"] for item in result["missing"] if item["school_code"] is None]
    assert fields == result["veto"]["missing"]


def test_thresholds_print_short() -> None:
    assert [write_fraction(Fraction(x)) for x in ("0.95", "100", "2000", "0.15", "0")] == [
        *("0.95", "100", "2000", "0.15", "0")
    ]
