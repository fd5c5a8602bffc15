"""Every number of every document is the one the API gives for the same day."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from districts.models import User
from papers.names import Name
from papers.services.making import fields
from schedule.services.reading import today

Fields = dict[str, Any]
Get = Callable[[str], Any]
STAGES = {"小学": "primary", "初中": "junior"}
VERDICTS = {"met": "达标", "not_met": "不达标", "unknown": "无法判定"}
SEVEN = [f"A{at}" for at in range(1, 8)]
CHECK = "self-checks/500106-2026/"


def day_of(text: str | None) -> str:
    """``2026-11-29…`` as a document says it; a dash for none."""
    year, month, day = (text or "--")[:10].split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日" if text else "—"


def minute_of(text: str) -> str:
    return f"{day_of(text)} {text[11:16]}"


def plain(text: str, unit: str = "") -> str:
    """A number without zeros at its end, then its unit."""
    return f"{Decimal(text).normalize():f} {unit}".strip()


def to(places: int, text: str | None) -> str:
    """As printed: half away from zero."""
    value = Decimal(text or 0).quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP")
    return "—" if text is None else str(value)


def of_day(get: Get, told: Fields) -> None:
    unit = get("districts/500106/")
    answer = get(f"{CHECK}evaluation/")
    assert told["code"] == unit["code"]
    assert told["planned_year"] == str(unit["planned_year"])
    assert day_of(unit["certified_on"]) in told["state"]
    assert f"{unit['days_late']} 天" in told["timing"]
    assert told["digest"] == answer["digest"].removeprefix("sha256:")[:12]
    assert told["verdict"] == VERDICTS[answer["verdict"]]
    units = Counter(unit["verdict"] for unit in answer["units"] if unit["counted"])
    assert (told["units_met"], told["units"]) == (str(units["met"]), str(units.total()))
    spreads = {
        (stage, code): answer["dispersion"][stage][code]
        for stage in STAGES.values()
        for code in SEVEN
    }
    met = sum(found["verdict"] == "met" for found in spreads.values())
    assert (told["coefficients_met"], told["coefficients"]) == (str(met), str(len(spreads)))
    others = [found["verdict"] for code, found in answer["indicators"].items() if code != "A"]
    assert (told["others_met"], told["others"]) == (str(others.count("met")), str(len(others)))
    for row in told["spreads"]:
        found = spreads[STAGES[row["stage"]], row["code"]]
        assert (row["value"], row["limit"]) == (to(3, found["cv"]), found["limit"])
        assert VERDICTS[found["verdict"]] in row["verdict"]


def of_city(get: Get, told: Fields) -> None:
    answer = get("progress/")
    for name in ("units", "certified", "certified_named", "certified_unnamed"):
        assert told[name] == str(answer[name])
    assert told["late"] == str(len(answer["late"]))
    for mine, theirs in zip(told["years"], answer["years"], strict=True):
        for name in ("year", "planned", "cumulative_planned", "certified", "cumulative_certified"):
            assert mine[name] == ("—" if theirs[name] is None else str(theirs[name]))
    for mine, theirs in zip(told["phases"], answer["phases"], strict=True):
        assert mine["years"] == f"{theirs['start_year']}–{theirs['end_year']}"
        counts = ("target", "planned", "certified", "cumulative_target", "cumulative_certified")
        for name in counts:
            assert mine[name] == str(theirs[name])
    units = {unit["name"]: unit for unit in get("districts/?page_size=100")["results"]}
    for line in told["lines"]:
        unit = units.get(line["unit"])
        if unit:
            assert line["planned_year"] == str(unit["planned_year"] or "—")
            assert line["certified_on"] == day_of(unit["certified_on"])


def of_form(get: Get, told: Fields) -> None:
    answer = get(f"{CHECK}evaluation/")
    assert told["digest"] == answer["digest"].removeprefix("sha256:")[:12]
    assert told["verdict"] == VERDICTS[answer["verdict"]]
    counted = [unit for unit in answer["units"] if unit["counted"]]
    by_place = {(unit["school_name"], unit["stage"]): unit for unit in counted}
    assert len(told["schools"]) == len(by_place)
    for row in told["schools"]:
        unit = by_place[row["c2"], STAGES[row["c3"]]]
        found = [to(2, unit["indicators"][code]["value"]) for code in SEVEN]
        assert (row["c5"], [row[f"c{at}"] for at in range(8, 15)]) == (unit["pupils"], found)
    columns = [f"c{at}" for at in range(2, 9)]
    for row in told["spreads"]:
        stage, what = row["c1"].split()
        spreads = answer["dispersion"][STAGES[stage]]
        name, places = {"全县平均值": ("mean", 2), "差异系数": ("cv", 3)}[what]
        found = [to(places, spreads[code][name]) for code in SEVEN]
        assert [row[column] for column in columns] == found
    for row in told["summary"]:
        stage, what = row["c1"].split(maxsplit=1)
        units = [unit for unit in counted if unit["stage"] == STAGES[stage]]
        met = [
            sum(unit["indicators"][code]["verdict"] == "met" for unit in units) for code in SEVEN
        ]
        met.append(sum(unit["verdict"] == "met" for unit in units))
        shares = [to(1, str(Decimal(100 * each) / len(units))) for each in met]
        found = list(map(str, met)) if what == "达标学校总数" else shares
        assert [row[column] for column in (*columns, "c9")] == found
    for part, name in (("B", "support"), ("C", "quality")):
        for row in told[name]:
            verdict = answer["indicators"][f"{part}{row['c1']}"]["verdict"]
            assert row["c4"] == {"met": "是", "not_met": "否", "unknown": "无法判定"}[verdict]


def entry_of(get: Get, *steps: str) -> Fields:
    """The newest of these steps, then the result it was about."""
    entry = next(row for row in get(f"{CHECK}trail/")["results"] if row["step"] in steps)
    results = {row["digest"]: row for row in get(f"{CHECK}evaluations/")["results"]}
    result = results[entry["evaluation_digest"]]
    return {**entry, "verdict": VERDICTS[result["verdict"]], "standard": result["standard"]}


def of_opinion(get: Get, told: Fields) -> None:
    entry = entry_of(get, "approve", "send_back")
    assert told["decided_on"] == day_of(entry["taken_at"])
    assert told["digest"] == entry["evaluation_digest"]
    assert told["due_on"] == (day_of(entry["due_on"]) if entry["due_on"] else "")
    for name in ("verdict", "standard", "comment"):
        assert told[name] == entry[name]


def of_receipt(get: Get, told: Fields) -> None:
    entry = entry_of(get, "submit")
    upload = get(f"{CHECK}uploads/{entry['upload']}/")
    assert told["number"] == f"500106-2026-{entry['number']:03d}"
    assert told["taken_at"] == minute_of(entry["taken_at"])
    assert told["days_late"] == str(entry["days_late"] or "")
    assert told["upload"] == str(entry["upload"])
    assert (told["sha256"], told["file"]) == (upload["sha256"], upload["file"])
    assert told["digest"] == entry["evaluation_digest"]
    assert (told["verdict"], told["standard"]) == (entry["verdict"], entry["standard"])


def of_plans(get: Get, told: Fields) -> None:
    rows = get("school-plans/?district=500106&year=2026")["results"]
    plans = [get(f"school-plans/{row['id']}/") for row in rows if row["approved_at"]]
    assert told["schools"] == str(len(plans)) == str(len(told["plans"]))
    assert told["measures"] == str(sum(plan["measure_count"] for plan in plans))
    cost = sum(Decimal(plan["cost"]) for plan in plans) / 10_000
    assert told["cost"] == plain(str(cost), "万元")
    for mine, plan in zip(told["plans"], plans, strict=True):
        assert (mine["code"], mine["count"]) == (plan["school_code"], str(plan["measure_count"]))
        assert mine["approved_on"] == day_of(plan["approved_at"])
        for row, measure in zip(mine["measures"], plan["measures"], strict=True):
            unit = {"m2": "㎡"}[measure["unit"]]
            assert row["amount"] == plain(measure["amount"], unit)
            assert row["done"] == plain(measure["done"], unit)
            assert row["cost"] == plain(str(Decimal(measure["cost"]) / 10_000))
            assert (row["start"], row["due"]) == (day_of(measure["start"]), day_of(measure["due"]))


def of_draw(get: Get, told: Fields) -> None:
    row = next(row for row in get("visits/")["results"] if row["reference"] == told["reference"])
    visit = get(f"visits/{row['id']}/")
    for name in ("seed", "method", "digest"):
        assert told[name] == visit[name]
    assert told["drawn_at"] == minute_of(visit["drawn_at"])
    assert told["again"] == {True: "一致", False: "不一致"}[visit["comes_out_again"]]
    assert len(told["redraws"]) == visit["draws"]
    drawn = {each["code"]: each for each in told["schools"] if each["drawn"] == "抽中"}
    assert told["count"] == str(len(visit["schools"]))
    assert set(drawn) == {school["code"] for school in visit["schools"]}
    for school in visit["schools"]:
        chance = Fraction(school["chance"]) * 100
        shown = to(2, str(Decimal(chance.numerator) / chance.denominator))
        mine = drawn[school["code"]]
        assert (mine["weight"], mine["chance"]) == (str(school["weight"]), f"{shown}%")


def of_problems(get: Get, told: Fields) -> None:
    rows = [row for row in get("problems/?district=500106")["results"] if row["state"] != "void"]
    states = Counter(row["state"] for row in rows)
    assert told["total"] == str(len(rows)) == "2"
    assert told["closed"] == str(states["closed"])
    assert told["unsolved"] == str(len(rows) - states["closed"])
    assert told["late"] == str(sum(row["late"] for row in rows)) == "1"
    by_words = {row["words"]: row for row in rows}
    for mine in told["problems"]:
        row = by_words[mine["words"]]
        for name in ("found", "required"):
            assert mine[name] == (f"{row[name]} {row['unit']}" if row[name] else "—")
        assert mine["gap"] == (plain(row["gap"], row["unit"]) if row["gap"] else "—")
        assert mine["due_on"] == day_of(row["due_on"])
        assert ("已逾期" in mine["state"]) is row["late"]


COMPARED: dict[str, Callable[[Get, Fields], None]] = {
    "unit-report": of_day,
    "progress-bulletin": of_city,
    "application-form": of_form,
    "review-opinion": of_opinion,
    "receipt": of_receipt,
    "school-plan-volume": of_plans,
    "sampling-protocol": of_draw,
    "problem-list": of_problems,
    "rectification-report": of_problems,
}


@pytest.mark.parametrize("kind", Name)
def test_numbers_are_those_of_the_api(
    kind: str, subjects: Fields, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)

    def get(address: str) -> Any:
        answer = client.get(f"/api/v1/{address}")
        assert answer.status_code == 200, address
        return answer.json()

    COMPARED[kind](get, dict(fields(kind, subjects[kind], today())))


@pytest.mark.parametrize("day", ["2023-12-31", "2025-03-14", "2026-02-01"])
def test_numbers_of_earlier_days_are_those_of_the_api(
    day: str, subjects: Fields, zhou_inspector: User, signed_in: Any
) -> None:
    client, on = signed_in(zhou_inspector), date.fromisoformat(day)

    def get(address: str) -> Any:
        return client.get(f"/api/v1/{address}{'&' if '?' in address else '?'}as_of={day}").json()

    of_city(get, dict(fields("progress-bulletin", date(on.year, 12, 31), on)))
    unit, told = get("districts/500106/"), fields("unit-report", subjects["unit-report"], on)
    assert told["planned_year"] == str(unit["planned_year"] or "")
    assert (day_of(unit["certified_on"]) in told["state"]) is (unit["status"] == "certified")
    assert told["verdict"] == told["units"] == ""  # no self-check had been approved by then
