"""``manage.py evaluate``: verdict in words and as exit code, without a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from districts.demo import DemoUnit, schools_of
from figures.table import STATEMENTS
from indicators.calculation.rules_2017 import STANDARD_2017_1
from indicators.demo.district import district_payload
from indicators.examples import DISTRICT, SCHOOLS
from tests.indicators.calculation.builders import evaluate
from tests.indicators.conftest import primary_school
from tests.source import ROOT
from tests.workbooks import excel

EXAMPLE = {
    "standard": "2017",
    "schools": list(SCHOOLS),
    "district": DISTRICT,
    "qualitative": dict.fromkeys(STATEMENTS, "达标"),
}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed and what was said about problems."""
    code = 0
    try:
        call_command("evaluate", *arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def written(folder: Path, payload: Any, name: str = "district.json") -> str:
    path = folder / name
    path.write_text(payload if isinstance(payload, str) else json.dumps(payload), encoding="utf-8")
    return str(path)


def sound_district() -> dict[str, Any]:
    schools = schools_of(DemoUnit("500111", "大足区", 5), seed=1, first_year=2022, last_year=2022)
    return district_payload(
        seed=1, district_code="500111", region="主城都市区", year=2026, schools=schools
    )


def test_a_district_that_meets_everything_exits_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, written(tmp_path, sound_district()))
    assert (code, err) == (0, "")
    assert out.startswith("结论：达标（标准 2017.1，测算程序 2，sha256:")
    assert "不达标的单元" not in out
    assert "一票否决：没有" in out


def test_a_failing_district_exits_1_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand: 甲小学 has 20 of the 21 teachers that 4.2 per 100 of 480 pupils ask."""
    code, out, _err = run(capsys, written(tmp_path, EXAMPLE))
    assert code == 1
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "不达标的单元：3 个" in lines
    assert "甲小学 小学 A1 4.17 4.2 3.57 1 人 未达标，但不低于基本值" in lines
    assert "B3 音乐、美术专用教室 不达标 丙学校：音乐专用教室数 1，要求 2" in lines
    assert "A2 1.09 0.26 0.235 0.50 0.269 达标" in lines
    assert "区县 V1" in lines


def test_missing_figures_exit_1_as_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    school = primary_school(1)
    del school["multimedia_classrooms"]
    payload = {"standard": "2017", "schools": [school]}
    code, out, _err = run(capsys, written(tmp_path, payload))
    assert code == 1
    assert out.startswith("结论：无法判定")
    assert f"{school['school_code']} multimedia_classrooms" in out


def test_json_is_the_whole_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, written(tmp_path, EXAMPLE), "--json")
    assert code == 1
    assert json.loads(out) == evaluate(EXAMPLE, STANDARD_2017_1)


def test_the_first_version_is_asked_for_by_its_own_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, engine in (("2017", "2"), ("2017.1", "2"), ("2017.0", "1")):
        _code, out, _err = run(capsys, written(tmp_path, {**EXAMPLE, "standard": name}), "--json")
        found = json.loads(out)
        assert found["engine"] == engine
        assert found["standard"] == ("2017" if engine == "1" else "2017.1")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, written(tmp_path, "\ufeff" + json.dumps(EXAMPLE)))[0] == 1


def test_figures_come_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.TextIOWrapper(io.BytesIO(json.dumps(sound_district()).encode()))
    monkeypatch.setattr(sys, "stdin", content)
    assert run(capsys, "-")[0] == 0


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"pupils_primary": -3}, "/schools/0/pupils_primary", "小学在校生数为 -3，不能为负"),
        ({"teachers": "abc"}, "/schools/0/teachers", "专任教师数「abc」不是规范的数字"),
        ({"pupils_junior": 5}, "/schools/0/pupils_junior", "小学没有初中学段"),
        (
            {"pupils_primary": 0},
            "/schools/0/qualified_teachers_primary",
            "小学在校生数为 0，但小学高于规定学历教师数为 42",
        ),
        ({"teaching_area": "4500.001"}, "/schools/0/teaching_area", "小数超过 2 位"),
    ],
)
def test_nonsense_exits_2_with_the_place_and_exact_words(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    place: str,
    words: str,
) -> None:
    payload = {"standard": "2017", "schools": [primary_school(1, **change)]}
    code, out, err = run(capsys, written(tmp_path, payload))
    assert (code, out) == (2, "")
    assert any(place in line and words in line for line in err.splitlines())


def test_doubled_schools_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    payload = {"standard": "2017", "schools": [primary_school(1), primary_school(1)]}
    code, _out, err = run(capsys, written(tmp_path, payload))
    assert code == 2
    assert "重复" in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"standard": "2017", "schools": [NaN]}', "数字不能是 NaN"),
        ('{"standard": "2017", "standard": "2018"}', "写了两次"),
        ("{", "不是有效的 JSON"),
        ("[" * 5000, "嵌套"),
        ("", "不是有效的 JSON"),
        ('{"standard": "2027", "schools": []}', "标准版本「2027」与测算所用规则不符"),
    ],
)
def test_unreadable_text_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    code, _out, err = run(capsys, written(tmp_path, text))
    assert code == 2
    assert words in err


def test_problems_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    payload = {"standard": "2017", "schools": [primary_school(1, teachers=-1)]}
    code, out, err = run(capsys, written(tmp_path, payload), "--json")
    assert (code, err) == (2, "")
    [error] = json.loads(out)["errors"]
    assert error["place"] == "/schools/0/teachers"


def test_a_file_that_is_not_there_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (tmp_path / "none.json", tmp_path):
        code, _out, err = run(capsys, str(name))
        assert code == 2
        assert "读不到文件" in err


def test_a_workbook_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "自查.xlsx"
    path.write_bytes(excel.save(excel.clean_book()))
    code, out, err = run(capsys, str(path))
    assert (code, err) == (1, "") or code == 0
    assert out.startswith("结论：")
    assert "小学差异系数" in out


def test_a_spoiled_workbook_exits_2_and_names_the_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "自查.xlsx"
    path.write_bytes(excel.with_cell("teachers", "很多"))
    code, _out, err = run(capsys, str(path))
    assert code == 2
    assert excel.place("teachers") in err
    path.write_bytes(b"not a workbook")
    code, _out, err = run(capsys, str(path))
    assert code == 2
    assert "不是 Excel 工作簿" in err


def test_no_database_is_needed(tmp_path: Path) -> None:
    environment = {**os.environ, "DEBUG": "1", "DATABASE_URL": "postgresql://x:y@127.0.0.1:1/none"}
    command = [sys.executable, "manage.py", "evaluate", written(tmp_path, EXAMPLE)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("结论：不达标")
