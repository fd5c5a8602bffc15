"""Made-up figures: readable by the calculation, mostly sound, failing as real districts do."""

from collections import Counter
from typing import Any

import pytest

from districts.demo import DemoUnit, schools_of
from indicators.demo.district import district_payload
from tests.indicators.calculation.builders import evaluate

UNITS = {
    "500106": ("沙坪坝区", "主城都市区", 9),
    "500108": ("南岸区", "主城都市区", 9),
    "500118": ("永川区", "主城都市区", 5),
    "500151": ("铜梁区", "主城都市区", 5),
    "500229": ("城口县", "渝东北三峡库区城镇群", 3),
    "500243": ("彭水县", "渝东南武陵山区城镇群", 3),
}


def payload(code: str, year: int, seed: int = 1, size: int | None = None) -> dict[str, Any]:
    name, region, urban = UNITS.get(code, ("大足区", "主城都市区", 5))
    unit = DemoUnit(code, name, urban)
    schools = schools_of(unit, seed=seed, first_year=2022, last_year=2022, size=size)
    return district_payload(
        seed=seed, district_code=code, region=region, year=year, schools=schools
    )


def pupils(rows: list[dict[str, Any]], stage: str) -> int:
    return sum(row.get(f"pupils_{stage}", 0) for row in rows)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert payload("500106", 2026) == payload("500106", 2026)
    assert payload("500106", 2026) != payload("500106", 2026, seed=2)


@pytest.mark.parametrize("year", [2019, 2023, 2026, 2029])
def test_dazu_reproduces_the_published_totals(year: int) -> None:
    rows = payload("500111", year)["schools"]
    types = Counter(row["school_type"] for row in rows)
    assert types == {"初中": 22, "完全中学": 2, "小学": 73, "教学点": 94}
    assert pupils(rows, "primary") == 67_424
    assert pupils(rows, "junior") == 25_564
    assert sum(row["teachers"] for row in rows if "pupils_primary" in row) == 4_201
    assert sum(row["teachers"] for row in rows if "pupils_junior" in row) == 2_075


def test_dazu_of_another_make_up_is_left_as_drawn() -> None:
    rows = payload("500111", 2026, size=40)["schools"]
    assert len(rows) == 40
    assert pupils(rows, "primary") != 67_424


@pytest.mark.parametrize("code", [*UNITS, "500111"])
def test_every_district_can_be_judged_and_lacks_nothing(code: str) -> None:
    for year in (2023, 2026):
        outcome = evaluate(payload(code, year))
        assert outcome["missing"] == []
        units = [unit for unit in outcome["units"] if unit["counted"]]
        sound = sum(unit["verdict"] == "met" for unit in units)
        assert sound / len(units) > 0.8


def test_districts_fail_for_the_reasons_real_ones_do() -> None:
    reasons: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for code in UNITS:
        outcome = evaluate(payload(code, 2023))
        verdicts[outcome["verdict"]] += 1
        reasons.update(
            f"{code} of units"
            for unit in outcome["units"]
            if unit["verdict"] == "not_met"
            for code, found in unit["indicators"].items()
            if found["verdict"] in ("floor", "below")
        )
        reasons.update(
            f"{code} between schools"
            for table in outcome["dispersion"].values()
            for code, found in table.items()
            if code != "composite" and found["verdict"] == "not_met"
        )
    assert verdicts["met"]
    assert verdicts["not_met"]
    assert {"A2 between schools", "A4 of units", "A5 of units"} <= set(reasons)
    assert not {reason for reason in reasons if reason.startswith(("A1", "A3", "A6"))}


def test_the_centre_grows_and_the_mountains_shrink() -> None:
    def growth(code: str) -> float:
        before, after = (pupils(payload(code, year)["schools"], "primary") for year in (2023, 2028))
        return after / before

    assert growth("500106") > 1.02
    assert growth("500229") < 0.97


def test_problems_are_mended_over_the_years() -> None:
    def failing(year: int) -> int:
        outcomes = (evaluate(payload(code, year)) for code in UNITS)
        return sum(outcome["verdict"] != "met" for outcome in outcomes)

    assert failing(2032) < failing(2023)


def test_teaching_points_lie_around_fifty_pupils() -> None:
    rows = payload("500111", 2026)["schools"]
    sizes = [row["pupils_primary"] for row in rows if row["school_type"] == "教学点"]
    assert min(sizes) < 50 <= max(sizes)
    assert 30 < sum(sizes) / len(sizes) < 80


def test_schools_keep_their_names_which_say_demonstration() -> None:
    names = [row["school_name"] for row in payload("500106", 2026)["schools"]]
    assert all(name.endswith("(演示)") for name in names)
