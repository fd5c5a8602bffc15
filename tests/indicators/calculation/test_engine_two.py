"""What engine 2 judges differently, by the standard as corrected in 2026; expected by hand."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from indicators.calculation.checks import flips
from indicators.calculation.rules import ENGINES, LIMITS, Rules, limits_of, settings_of
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from tests.indicators.calculation.builders import evaluate, make_payload, make_school

CASES = replace(STANDARD_2017_1, special_cases=("A5.extra_venues", "B4.larger_limit"))


def judged(*schools: dict[str, Any], rules: Rules = STANDARD_2017_1, **more: Any) -> dict[str, Any]:
    payload = make_payload(*schools, **more)
    return evaluate({**payload, "standard": rules.standard}, rules)


def intake(number: int, kind: str, stage: str, near: int, **traits: Any) -> dict[str, Any]:
    figures = {f"intake_{stage}": 100, f"nearby_intake_{stage}": near}
    return make_school(number, kind, **figures, **traits)


def checks_of(outcome: dict[str, Any], code: str) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in outcome["indicators"][code]["checks"]}


def test_a_junior_school_of_the_city_at_96_percent_no_longer_fails() -> None:
    schools = [intake(1, "小学", "primary", 100), intake(2, "初中", "junior", 96)]
    assert judged(*schools, rules=STANDARD_2017)["indicators"]["B13"]["verdict"] == "not_met"
    found = checks_of(judged(*schools), "B13")
    assert {name: check["verdict"] for name, check in found.items()} == {
        "B13.primary": "met",
        "B13.junior": "met",
    }
    assert (found["B13.junior"]["value"], found["B13.junior"]["needed"]) == ("0.960000", "0.95")


def test_a_primary_school_of_a_town_at_96_percent_no_longer_passes() -> None:
    schools = [intake(1, "小学", "primary", 96, location="镇区"), intake(2, "初中", "junior", 100)]
    assert judged(*schools, rules=STANDARD_2017)["indicators"]["B13"]["verdict"] == "met"
    found = checks_of(judged(*schools), "B13")["B13.primary"]
    assert (found["verdict"], found["needed"]) == ("not_met", "1")
    assert [short["school_code"] for short in found["failing"]] == ["5001060001"]


def test_city_and_town_are_counted_together_and_villages_and_boarders_not_at_all() -> None:
    schools = [
        intake(1, "初中", "junior", 100),
        intake(2, "初中", "junior", 90, location="镇区"),
        intake(3, "初中", "junior", 10, location="乡村"),
        intake(4, "初中", "junior", 20, boarding="是"),
        intake(5, "初中", "junior", 30, ownership="民办"),
    ]
    found = checks_of(judged(*schools), "B13")["B13.junior"]
    assert (found["numerator"], found["denominator"]) == ("190", "200")
    assert found["verdict"] == "met"  # 95 % exactly
    assert [short["school_code"] for short in found["failing"]] == ["5001060002"]


def test_both_readings_of_b13_are_settings_of_the_version() -> None:
    by_place = replace(STANDARD_2017_1, nearby_intake_by="place")
    schools = [intake(1, "初中", "junior", 96)]
    found = checks_of(judged(*schools, rules=by_place), "B13")
    assert {name: check["verdict"] for name, check in found.items()} == {
        "B13.urban_junior": "not_met"
    }


@pytest.mark.parametrize("field", ["location", "nearby_intake_junior", "boarding"])
def test_an_unreported_trait_leaves_b13_open(field: str) -> None:
    school = intake(2, "初中", "junior", 100)
    del school[field]
    assert checks_of(judged(school), "B13")["B13.junior"]["verdict"] == "unknown"


def two_schools(away: str, rules: Rules, kind: str = "小学") -> dict[str, Any]:
    """A5 of two schools of equal size at 10 000 ± ``away`` ㎡: the coefficient is away / 10 000."""
    grounds = [str(10_000 + sign * Decimal(away)) for sign in (-1, 1)]
    schools = [
        make_school(number, kind, sports_ground_area=area, indoor_sports_area="0")
        for number, area in enumerate(grounds, 1)
    ]
    stage = "primary" if kind == "小学" else "junior"
    found: dict[str, Any] = judged(*schools, rules=rules)["dispersion"][stage]["A5"]
    return found


@pytest.mark.parametrize(
    ("kind", "away", "borderline"),
    [
        ("小学", "5000", False),
        ("小学", "5000.01", True),
        ("小学", "5004.99", True),
        ("小学", "5005", False),
        ("初中", "4500", False),
        ("初中", "4500.01", True),
        ("初中", "4504.99", True),
        ("初中", "4505", False),
    ],
)
def test_a_coefficient_is_borderline_while_three_places_hide_its_excess(
    kind: str, away: str, borderline: bool
) -> None:
    found = two_schools(away, STANDARD_2017_1, kind)
    assert found["verdict"] == ("met" if away in ("5000", "4500") else "not_met")
    assert found["borderline"] is borderline


def test_the_coefficient_of_the_form_prints_as_it_is_judged() -> None:
    """Oracle n08: 0.501787 is 0.502 with three places; two would print the limit, 0.50."""
    new, old = (two_schools("5017.87", rules) for rules in (STANDARD_2017_1, STANDARD_2017))
    assert (new["cv"], new["verdict"], new["borderline"]) == ("0.501787", "not_met", False)
    assert (old["cv"], old["verdict"], old["borderline"]) == ("0.501787", "not_met", True)


@pytest.mark.parametrize(
    ("rate", "needed", "expected"),
    [
        ("0.9495", "0.95", True),  # prints 95.0 %
        ("0.94949", "0.95", False),  # prints 94.9 %
        ("0.95", "0.95", False),
        ("0.9999", "1", True),
        ("0.0999", "0.1", True),
        ("0.0994", "0.1", False),
        ("0.8504", "0.8505", False),
        ("0.85", "0.8505", False),
    ],
)
def test_a_rate_is_borderline_when_one_place_hides_what_it_lacks(
    rate: str, needed: str, expected: bool
) -> None:
    assert flips(Fraction(rate), Fraction(needed), 1) is expected


def test_rates_say_whether_they_are_borderline_only_under_engine_two() -> None:
    district = {"C2.eligible": 2000, "C2.enrolled": 1899}  # 94.95 %
    [new] = judged(district=district)["indicators"]["C2"]["checks"]
    [old] = judged(district=district, rules=STANDARD_2017)["indicators"]["C2"]["checks"]
    assert (new["verdict"], new["borderline"]) == ("not_met", True)
    assert old["verdict"] == "not_met"
    assert "borderline" not in old


@pytest.mark.parametrize(
    ("amount", "year", "warned"),
    [
        ("6999.99", 2025, True),
        ("7000", 2025, False),
        ("6000", 2026, True),
        ("6000", None, True),
        ("6000", 2024, None),
    ],
)
def test_b7_passes_at_6000_and_warns_below_7000_since_2025(
    amount: str, year: int | None, warned: bool | None
) -> None:
    outcome = judged(district={"B7.special_budget_per_pupil": amount}, year=year)
    [check] = outcome["indicators"]["B7"]["checks"]
    assert (check["verdict"], check["needed"]) == ("met", "6000")
    assert (check.get("advised"), check.get("below_advised")) == (
        (None, None) if warned is None else ("7000", warned)
    )


def grant(**more: Any) -> list[dict[str, Any]]:
    use = {"school_code": "5001060001", "case": "B4.larger_limit", "evidence": "文件"}
    return [use | {"since": 2025, "until": 2027, "commitment": "2028-08-31"} | more]


@pytest.mark.parametrize(
    ("year", "more", "counts"),
    [
        (2026, {}, True),
        (2027, {}, True),
        (2028, {"until": 2030}, False),  # the window of the procedure is over
        (2023, {"since": 2020}, False),  # and had not begun
        (2024, {}, False),  # before the use itself
        (2026, {"until": 2025}, False),
        (2026, {"since": None}, False),
        (2026, {"until": None}, False),
        (2026, {"commitment": ""}, False),
    ],
)
def test_a_special_case_counts_inside_its_window_and_with_a_promise(
    year: int, more: dict[str, Any], counts: bool
) -> None:
    school = make_school(1, pupils_primary=2300)
    outcome = judged(school, rules=CASES, special_cases=grant(**more), year=year)
    assert bool(outcome["special_cases"]["applied"]) is counts
    found = checks_of(outcome, "B4")["B4.size"]["verdict"]
    assert found == ("met" if counts else "not_met")


def test_a_use_that_counts_is_kept_with_its_span_and_promise() -> None:
    school = make_school(1, pupils_primary=2300)
    [kept] = judged(school, rules=CASES, special_cases=grant(), year=2026)["special_cases"][
        "applied"
    ]
    assert (kept["since"], kept["until"], kept["commitment"]) == (2025, 2027, "2028-08-31")


def test_the_seventh_veto_item_is_asked_only_where_a_version_asks_it() -> None:
    asking = replace(STANDARD_2017_1, optional_veto=("V7",))
    assert judged()["veto"]["verdict"] == "met"
    assert judged(rules=asking)["veto"]["missing"] == ["V7"]
    answers = dict.fromkeys((f"V{n}" for n in range(1, 7)), "否")
    raised = judged(rules=asking, veto={**answers, "V7": "是"})
    assert (raised["verdict"], raised["veto"]["raised"]) == ("not_met", ["V7"])


def test_the_outcome_names_version_and_engine_also_when_asked_by_the_short_name() -> None:
    for name in ("2017", "2017.1"):
        outcome = evaluate(make_payload(standard=name), STANDARD_2017_1)
        assert (outcome["standard"], outcome["engine"]) == ("2017.1", "2")
    outcome = evaluate(make_payload(standard="2017.0"), STANDARD_2017)
    assert (outcome["standard"], outcome["engine"]) == ("2017", "1")


def test_rules_of_the_first_engine_are_written_as_ever() -> None:
    stored = STANDARD_2017.to_dict()
    assert "engine" not in stored
    assert len(stored) == 16
    assert stored["limits"].keys() == LIMITS.keys()
    assert Rules.from_dict(stored) == STANDARD_2017
    later = STANDARD_2017_1.to_dict()
    assert later.keys() - stored.keys() == {
        *("engine", "coefficient_digits", "rate_digits", "nearby_intake_by"),
        *("optional_veto", "cases_from", "cases_until"),
    }
    assert later["limits"].keys() - stored["limits"].keys() == {
        *("B7.advised", "B7.advised_from", "B13.primary", "B13.junior"),
    }
    assert Rules.from_dict(later) == STANDARD_2017_1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"engine": "0"}, "测算程序 '0' 不认识"),
        ({"engine": "1"}, "限值项目须齐全且无多余"),
        ({"limits": STANDARD_2017.limits}, "限值项目须齐全且无多余"),
        ({"coefficient_digits": 7}, "公布小数位须在 0 到 6 之间"),
        ({"rate_digits": -1}, "公布小数位须在 0 到 6 之间"),
        ({"nearby_intake_by": "both"}, "就近入学的口径须为 place 或 stage"),
        ({"optional_veto": ("V8",)}, "可选的一票否决项不认识"),
        ({"cases_until": None}, "特殊情形适用年份须成对"),
        ({"cases_until": 2023}, "特殊情形适用年份须成对"),
    ],
)
def test_unusable_settings_of_engine_two_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(STANDARD_2017_1, **changes)


def test_what_an_engine_does_not_read_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="有些设置在所用测算程序里还没有"):
        replace(STANDARD_2017, nearby_intake_by="stage")
    with pytest.raises(ValueError, match="缺少或多出:engine"):
        Rules.from_dict(STANDARD_2017.to_dict() | {"engine": "1"})


def test_every_engine_keeps_what_the_ones_before_it_read() -> None:
    for before, after in zip(ENGINES, ENGINES[1:], strict=False):
        assert limits_of(before).items() <= limits_of(after).items()
        assert set(settings_of(before)) <= set(settings_of(after))


def test_the_corrected_numbers() -> None:
    limits = STANDARD_2017_1.limits
    assert {name: limits[name] for name in ("B13.primary", "B13.junior")} == {
        "B13.primary": Decimal(1),
        "B13.junior": Decimal("0.95"),
    }
    assert (limits["B7.special_budget"], limits["B7.advised"]) == (Decimal(6000), Decimal(7000))
    assert limits["B7.advised_from"] == 2025
    digits = (STANDARD_2017_1.shown_digits, STANDARD_2017_1.coefficient_digits)
    assert (*digits, STANDARD_2017_1.rate_digits) == (2, 3, 1)
    assert (STANDARD_2017_1.cases_from, STANDARD_2017_1.cases_until) == (2024, 2027)
