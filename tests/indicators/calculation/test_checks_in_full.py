"""Every check of parts B, C and D as the result shows it: all met, all missing, and failing."""

from typing import Any

from tests.indicators.calculation.builders import evaluate, make_district, make_payload, make_school

Check = dict[str, Any]
STATED = ("B1", "B10", "C3", "C5", "C6", "C7", "C8")


def checks(payload: dict[str, Any]) -> dict[str, list[Check]]:
    found = evaluate(payload)["indicators"]
    return {code: item["checks"] for code, item in found.items() if code != "A"}


def check(name: str, verdict: str, *missing: str, **inputs: Any) -> Check:
    rest = {"failing": [], "missing": list(missing)}
    return {"name": name, "verdict": verdict} | inputs | rest


def stated(code: str, verdict: str = "met") -> Check:
    return check(f"{code}.statement", verdict, *([code] if verdict == "unknown" else []))


def ratio(name: str, numerator: str, denominator: str, value: str, needed: str) -> Check:
    figures = {"numerator": numerator, "denominator": denominator, "value": value}
    return check(name, "met", **figures, needed=needed, comparison=">=")


def no_ratio(name: str, needed: str, *missing: str, **figures: Any) -> Check:
    nothing = {"numerator": None, "denominator": None, "value": None}
    return check(name, "unknown", *missing, **(nothing | figures), needed=needed, comparison=">=")


def test_everything_met() -> None:
    # Three schools of 120 teachers; two of them take 100 pupils into each stage.
    # D1: 900 of 1000, Wilson: (0.9019208 − 0.0186931) / 1.0038416 = 0.879848.
    quotas = {"B2.quota_primary": "100.00", "B2.quota_junior": "100.00"}
    budget = {"value": "6000.00", "needed": "6000", "comparison": ">="}
    subject = {"level": "3", "needed_level": "3", "difference": "0.1499"}
    subject |= {"needed_difference": "0.15", "comparison": "<"}
    flags = {"lower_bound": "0.879848", "uncertain": False, "groups": {}}
    assert checks(make_payload()) == {
        **{code: [stated(code)] for code in STATED},
        "B2": [stated("B2"), check("B2.quota", "met", **quotas)],
        "B3": [check("B3.rooms", "met", schools=3, music_area="96", art_area="90")],
        "B4": [check("B4.size", "met", schools=3)],
        "B5": [check("B5.classes", "met", schools=3)],
        "B6": [check("B6.funding", "met", schools=3)],
        "B7": [check("B7.special_budget", "met", **budget)],
        "B8": [ratio("B8.pay", "120000.00", "120000.00", "1.000000", "1"), stated("B8")],
        "B9": [
            check("B9.trained", "met", schools=3),
            ratio("B9.rate", "360", "360", "1.000000", "1"),
        ],
        "B11": [
            ratio("B11.exchanged", "100", "1000", "0.100000", "0.1"),
            ratio("B11.backbone", "20", "100", "0.200000", "0.2"),
        ],
        "B12": [
            check("B12.certified", "met", schools=3),
            ratio("B12.rate", "360", "360", "1.000000", "1"),
        ],
        "B13": [
            ratio("B13.urban_primary", "200", "200", "1.000000", "1"),
            ratio("B13.urban_junior", "200", "200", "1.000000", "1"),
        ],
        "B14": [ratio("B14.allocated", "100", "100", "1.000000", "0.5"), stated("B14")],
        "B15": [ratio("B15.enrolled", "100", "100", "1.000000", "0.85"), stated("B15")],
        "C1": [ratio("C1.retained", "100", "100", "1.000000", "0.95")],
        "C2": [ratio("C2.enrolled", "100", "100", "1.000000", "0.95")],
        "C4": [check("C4.training", "met", schools=3, needed="0.05", accounts="budget")],
        "C9": [check("C9.数学", "met", **subject)],
        "D1": [ratio("D1.satisfied", "900", "1000", "0.900000", "0.85") | flags],
    }


def test_everything_missing() -> None:
    school = {"school_code": "5001060001", "school_name": "甲", "school_type": "教学点"}

    def lacks(*fields: str) -> list[str]:
        return [f"5001060001.{field}" for field in fields]

    intake = lacks(*("location", "ownership", "boarding"), "nearby_intake_primary")
    intake += lacks("intake_primary")
    urban, town = (
        no_ratio(f"B13.{place}_primary", needed, *intake, numerator="0", denominator="0")
        for place, needed in (("urban", "1"), ("town", "0.95"))
    )
    retained = [f"C1.{name}" for name in ("graduates", "transferred_in", "transferred_out")]
    retained += ["C1.entrants", "C1.deceased"]
    trained, certified = (
        lacks(f"teachers_{name}", "teachers") for name in ("trained", "certified")
    )
    rooms = lacks("classes_primary", "music_rooms", "art_rooms")
    budget = {"value": None, "needed": "6000", "comparison": ">="}
    flags = {"lower_bound": None, "uncertain": False, "groups": {}}
    unknown = "unknown"
    assert checks({"standard": "2017", "schools": [school]}) == {
        **{code: [stated(code, unknown)] for code in STATED},
        "B2": [stated("B2", unknown)],
        "B3": [check("B3.rooms", unknown, *rooms, schools=1, music_area="96", art_area="90")],
        "B4": [check("B4.size", unknown, *lacks("pupils_primary"), schools=1)],
        "B5": [check("B5.classes", unknown, *lacks("largest_class_primary"), schools=1)],
        "B6": [check("B6.funding", unknown, *lacks("pupils_primary", "funded_pupils"), schools=1)],
        "B7": [check("B7.special_budget", unknown, "B7.special_budget_per_pupil", **budget)],
        "B8": [
            no_ratio("B8.pay", "1", "B8.teacher_pay", "B8.civil_servant_pay"),
            stated("B8", unknown),
        ],
        "B9": [
            check("B9.trained", unknown, *trained, schools=1),
            no_ratio("B9.rate", "1", *trained, numerator="0", denominator="0"),
        ],
        "B11": [
            no_ratio("B11.exchanged", "0.1", "B11.exchanged", "B11.eligible"),
            no_ratio("B11.backbone", "0.2", "B11.exchanged_backbone", "B11.exchanged"),
        ],
        "B12": [
            check("B12.certified", unknown, *certified, schools=1),
            no_ratio("B12.rate", "1", *certified, numerator="0", denominator="0"),
        ],
        "B13": [urban, town],
        "B14": [
            no_ratio("B14.allocated", "0.5", "B14.allocated", "B14.places"),
            stated("B14", unknown),
        ],
        "B15": [
            no_ratio("B15.enrolled", "0.85", "B15.enrolled", "B15.eligible"),
            stated("B15", unknown),
        ],
        "C1": [no_ratio("C1.retained", "0.95", *retained)],
        "C2": [no_ratio("C2.enrolled", "0.95", "C2.enrolled", "C2.eligible")],
        "C4": [
            check(
                "C4.training",
                unknown,
                *lacks("training_budget", "operating_budget"),
                schools=1,
                needed="0.05",
                accounts="budget",
            )
        ],
        "C9": [check("C9", unknown, "C9")],
        "D1": [no_ratio("D1.satisfied", "0.85", "D1.satisfied", "D1.sample") | flags],
    }


def test_district_items_that_fail() -> None:
    items = make_district(
        B7__special_budget_per_pupil="5999.99",
        B8__teacher_pay="60000.00",
        C9__数学__level=2,
        C9__数学__difference="0.15",
        D1__satisfied=500,
    )
    found = checks(make_payload(district=items, qualitative={"B8": "不达标"}))
    assert found["B7"][0]["verdict"] == "not_met"
    assert (found["B7"][0]["value"], found["B7"][0]["failing"]) == ("5999.99", [])
    pay, statement = found["B8"]
    assert (pay["verdict"], pay["value"], pay["failing"]) == ("not_met", "0.500000", [])
    assert statement == stated("B8", "not_met")
    (subject,) = found["C9"]
    assert (subject["verdict"], subject["level"]) == ("not_met", "2")
    assert (subject["difference"], subject["missing"]) == ("0.1500", [])
    (satisfied,) = found["D1"]
    assert (satisfied["verdict"], satisfied["uncertain"]) == ("not_met", False)
    # Wilson at 500 of 1000: (0.5019208 − 0.0310498) / 1.0038416 = 0.469069.
    assert satisfied["lower_bound"] == "0.469069"


def test_a_nine_year_school_too_large_names_both_stages() -> None:
    school = make_school(1, "九年一贯制", pupils_primary=2000, pupils_junior=501)
    (size,) = checks(make_payload(school))["B4"]
    assert size["failing"] == [
        {
            "school_code": "5001060001",
            "school_name": "第1学校",
            "field": "pupils_primary+pupils_junior",
            "found": "2501",
            "needed": "2500",
        }
    ]
