"""What one figure may be, and how figures fit, is the same through workbook, command and API."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from districts.models import User
from selfchecks.services.reported import from_reading
from selfchecks.workbook.reading import DISTRICT, QUALITATIVE, SCHOOLS
from tests.chongqing_eval.test_evaluate import run, written
from tests.workbooks import excel

ROW, AT = 6, 2  # a nine-year school: its row in the workbook, its place in the payload
GROUPS = ("学生", "家长", "教师", "校长", "人大代表", "政协委员", "其他群众")

# Figures that contradict each other, where the machine's answer points, and the cell's column.
SCHOOL_CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"teachers_certified": 999}, "teachers_certified", "part_exceeds_whole"),
    ({"teachers_trained": 999}, "teachers_trained", "part_exceeds_whole"),
    ({"qualified_teachers_primary": 999}, "qualified_teachers_primary", "part_exceeds_whole"),
    ({"qualified_teachers_junior": 999}, "qualified_teachers_junior", "part_exceeds_whole"),
    ({"backbone_teachers_primary": 999}, "backbone_teachers_primary", "part_exceeds_whole"),
    ({"backbone_teachers_junior": 999}, "backbone_teachers_junior", "part_exceeds_whole"),
    ({"pe_arts_teachers_primary": 999}, "pe_arts_teachers_primary", "part_exceeds_whole"),
    ({"pe_arts_teachers_junior": 999}, "pe_arts_teachers_junior", "part_exceeds_whole"),
    ({"indoor_sports_area": 99999.5}, "indoor_sports_area", "part_exceeds_whole"),
    ({"nearby_intake_primary": 9999}, "nearby_intake_primary", "part_exceeds_whole"),
    ({"nearby_intake_junior": 9999}, "nearby_intake_junior", "part_exceeds_whole"),
    ({"intake_primary": 9999}, "intake_primary", "part_exceeds_whole"),
    ({"intake_junior": 9999}, "intake_junior", "part_exceeds_whole"),
    # Neither alone is more than the teachers, together they are.
    (
        {"teachers": 500, "backbone_teachers_primary": 250, "backbone_teachers_junior": 251},
        "teachers",
        "parts_exceed_whole",
    ),
    (
        {"teachers": 500, "qualified_teachers_primary": 250, "qualified_teachers_junior": 251},
        "teachers",
        "parts_exceed_whole",
    ),
]
DISTRICT_CASES: list[tuple[dict[str, Any], str]] = [
    ({"B11.exchanged": 901}, "B11.exchanged"),
    ({"B11.exchanged_backbone": 121}, "B11.exchanged_backbone"),
    ({"B14.allocated": 2001}, "B14.allocated"),
    ({"B15.enrolled": 801}, "B15.enrolled"),
    ({"C1.graduates": 4131}, "C1.graduates"),  # 4010 entered and 120 came later
    ({"C1.deceased": 4011}, "C1.deceased"),
    ({"C2.enrolled": 211}, "C2.enrolled"),
    ({"D1.satisfied": 3001}, "D1.satisfied"),
    ({"D1.issued": 2999}, "D1.sample"),
    ({"D1.visited": 9, "D1.visited_satisfied": 10}, "D1.visited_satisfied"),
    ({"D1.家长.visited": 9, "D1.家长.visited_satisfied": 10}, "D1.家长.visited_satisfied"),
    ({"D1.visited": 9, "D1.家长.visited": 10}, "D1.家长.visited"),
    *(({f"D1.{g}.sample": 9, f"D1.{g}.satisfied": 10}, f"D1.{g}.satisfied") for g in GROUPS),
    *(({f"D1.{g}.sample": 3001}, f"D1.{g}.sample") for g in GROUPS),
]
Post = Callable[[Any], Any]


@pytest.fixture
def post(bearer: Any, chen_officer: User) -> Post:
    client: Client = bearer(chen_officer)
    return lambda body: client.post("/api/v1/evaluate/", json.dumps(body), "application/json")


def reported() -> dict[str, Any]:
    return {"standard": "2017", **from_reading(excel.read(excel.clean())).payload()}


def lines_of(layout: Any) -> dict[str, int]:
    return {code: row for row, code in enumerate(layout.lines, 4)}


def filled(schools: dict[str, Any], items: dict[str, Any], words: dict[str, str]) -> bytes:
    """The clean workbook with some figures of one school, some items and some words changed."""

    def spoil(book: Any) -> None:
        for code, value in schools.items():
            book[SCHOOLS.name].cell(ROW, SCHOOLS.position(code)).value = value
        for layout, answers in ((DISTRICT, items), (QUALITATIVE, words)):
            for line, value in answers.items():
                row, column = lines_of(layout)[line], layout.position(layout.answer)
                book[layout.name].cell(row, column).value = value

    return excel.spoiled(spoil)


def workbook_file(folder: Path, content: bytes) -> str:
    path = folder / "自查.xlsx"
    path.write_bytes(content)
    return str(path)


def refused(post: Post, body: Any) -> set[tuple[str, str]]:
    answer = post(body)
    assert answer.status_code == 422
    return {(error["pointer"], error["code"]) for error in answer.json()["errors"]}


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "field", "code"), SCHOOL_CASES)
def test_parts_of_a_school_are_held_against_their_whole(
    changes: dict[str, Any],
    field: str,
    code: str,
    post: Post,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = filled(changes, {}, {})
    kind = {"part_exceeds_whole": "part_over_whole", "parts_exceed_whole": "parts_over_whole"}
    cell = excel.place(field, ROW)
    assert (kind[code], cell) in [(f.code, f.cell) for f in excel.read(content).errors]
    exit_code, _out, err = run(capsys, workbook_file(tmp_path, content))
    assert (exit_code, f"学校数据!{cell}" in err) == (2, True)
    body = reported()
    body["schools"][AT] |= changes
    place = f"/schools/{AT}/{field}"
    assert (place, code) in refused(post, body)
    exit_code, _out, err = run(capsys, written(tmp_path, body))
    assert (exit_code, place in err) == (2, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "item"), DISTRICT_CASES)
def test_parts_of_a_district_are_held_against_their_whole(
    changes: dict[str, Any],
    item: str,
    post: Post,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = filled({}, changes, {})
    cell = f"D{lines_of(DISTRICT)[item]}"
    assert ("part_over_whole", cell) in [(f.code, f.cell) for f in excel.read(content).errors]
    body = reported()
    body["district"] |= changes
    assert (f"/district/{item}", "part_exceeds_whole") in refused(post, body)
    exit_code, _out, err = run(capsys, written(tmp_path, body))
    assert (exit_code, f"/district/{item}" in err) == (2, True)


LIMITS: list[tuple[str, Any, Any]] = [
    ("pupils_primary", 1_000_000, 1_000_001),
    ("multimedia_classrooms", 1_000_000, 1_000_001),
    ("equipment_value", 100_000_000, "100000000.0001"),
    ("sports_ground_area", 100_000_000, "100000000.01"),
]
DISTRICT_LIMITS: list[tuple[str, Any, Any]] = [
    ("B11.eligible", 100_000_000, 100_000_001),
    ("B8.teacher_pay", 100_000_000, "100000000.01"),
    ("C9.语文.difference", 1, "1.0001"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "largest", "beyond"), LIMITS)
def test_one_limit_of_a_schools_figure(field: str, largest: Any, beyond: Any, post: Post) -> None:
    cell = excel.place(field, ROW)
    for value, is_taken in ((largest, True), (beyond, False)):
        reading = excel.read(filled({field: value}, {}, {}))
        assert (("too_large", cell) not in excel.serious(reading)) is is_taken
        body = reported()
        body["schools"][AT][field] = value
        problems = post(body).json().get("errors", [])
        codes = {error["code"] for error in problems if error["pointer"].endswith(field)}
        assert ("too_large" not in codes) is is_taken


@pytest.mark.django_db
@pytest.mark.parametrize(("item", "largest", "beyond"), DISTRICT_LIMITS)
def test_one_limit_of_a_districts_figure(item: str, largest: Any, beyond: Any, post: Post) -> None:
    cell = f"D{lines_of(DISTRICT)[item]}"
    for value, is_taken in ((largest, True), (beyond, False)):
        reading = excel.read(filled({}, {item: value}, {}))
        assert (("too_large", cell) not in excel.serious(reading)) is is_taken
        body = reported()
        body["district"][item] = value
        codes = {error["code"] for error in post(body).json().get("errors", [])}
        assert ("too_large" not in codes) is is_taken


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "is_known"), [("道德与法治", True), ("学" * 20, True), ("学" * 21, False), ("", False)]
)
def test_one_pattern_of_a_tested_subject(name: str, is_known: bool, post: Post) -> None:
    code = f"C9.{name}.level"

    def spoil(book: Any) -> None:
        for column, value in enumerate((code, "", "", 3), 1):
            book[DISTRICT.name].cell(4 + len(DISTRICT.lines), column).value = value

    reading = excel.read(excel.spoiled(spoil))
    assert (not excel.found(reading, "unknown_item")) is is_known
    body = reported()
    body["district"][code] = 3
    assert (post(body).status_code == 200) is is_known


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        *(("优秀", "met"), ("良好", "met"), ("合格", "not_met"), ("不合格", "not_met")),
        *(("达标", "met"), ("不达标", "not_met")),
    ],
)
def test_c6_is_graded(
    word: str, verdict: str, post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = filled({}, {}, {"C6": word})
    assert excel.read(content).errors == ()
    _code, out, _err = run(capsys, workbook_file(tmp_path, content), "--json")
    assert json.loads(out)["indicators"]["C6"]["verdict"] == verdict
    body = reported()
    body["qualitative"]["C6"] = word
    assert post(body).json()["indicators"]["C6"]["verdict"] == verdict
    _code, out, _err = run(capsys, written(tmp_path, body), "--json")
    assert json.loads(out)["indicators"]["C6"]["verdict"] == verdict


@pytest.mark.django_db
@pytest.mark.parametrize(("line", "word"), [("C7", "良好"), ("B1", "合格"), ("C6", "较好")])
def test_other_words_are_refused(line: str, word: str, post: Post) -> None:
    reading = excel.read(filled({}, {}, {line: word}))
    (finding,) = reading.errors
    assert (finding.code, finding.cell) == ("unknown_choice", f"C{lines_of(QUALITATIVE)[line]}")
    assert ("良好" in finding.text.replace(f"「{word}」", "")) is (line == "C6")
    body = reported()
    body["qualitative"][line] = word
    assert refused(post, body) == {(f"/qualitative/{line}", "bad_conclusion")}


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["县级教育部门", "7", 7])
def test_an_organiser_by_word_or_code_is_the_same_answer(
    given: Any, post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = reported()
    body["schools"][AT]["organiser"] = "县级教育部门"
    digest = post(body).json()["digest"]
    body["schools"][AT]["organiser"] = given
    assert post(body).json()["digest"] == digest
    del body["schools"][AT]["organiser"]
    without = post(body).json()
    assert without["digest"] != digest
    _code, out, _err = run(
        capsys, workbook_file(tmp_path, filled({"organiser": given}, {}, {})), "--json"
    )
    found = json.loads(out)
    assert (found["verdict"], found["units"]) == (without["verdict"], without["units"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("organiser", "code"),
    [("民办", "other_organiser"), ("10", "other_organiser"), ("11", "not_choice")],
)
def test_an_organiser_that_does_not_fit_is_refused_everywhere(
    organiser: str, code: str, post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = filled({"organiser": organiser}, {}, {})
    kind = {"not_choice": "unknown_choice"}.get(code, code)
    cell = excel.place("organiser", ROW)
    assert (kind, cell) in [(f.code, f.cell) for f in excel.read(content).errors]
    exit_code, _out, err = run(capsys, workbook_file(tmp_path, content))
    assert (exit_code, f"学校数据!{cell}" in err) == (2, True)
    body = reported()
    body["schools"][AT]["organiser"] = organiser
    assert (f"/schools/{AT}/organiser", code) in refused(post, body)
