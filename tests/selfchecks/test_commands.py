"""The commands: plain words, exit codes, and the same path as the pages."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from districts.models import School, User
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from tests.selfchecks.workbook_files import workbook


def run(*args: str) -> tuple[int, str]:
    """Exit code and everything the command said."""
    out = StringIO()
    try:
        call_command(*args, stdout=out, stderr=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def filled(self_check: SelfCheck, tmp_path: Path) -> Path:
    path = tmp_path / "填好.xlsx"
    path.write_bytes(workbook(self_check))
    return path


def test_template_writes_a_workbook_with_the_schools(
    self_check: SelfCheck, schools: list[School], tmp_path: Path
) -> None:
    path = tmp_path / "t.xlsx"
    assert run("template", "500106", "2026", "-o", str(path))[0] == 0
    sheet = openpyxl.load_workbook(path)["学校数据"]
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == [school.code for school in schools]


def test_template_of_an_unknown_unit_says_so(self_check: SelfCheck) -> None:
    code, text = run("template", "999999", "2026")
    assert (code, "999999" in text) == (2, True)


def test_import_takes_year_and_unit_from_the_file(filled: Path, chen_officer: User) -> None:
    code, text = run("import_selfcheck", str(filled), "--by", "officer_500106")
    assert code == 0
    assert text == "已采用为第 1 版：3 所学校，0 个警告，0 个提示。\n"
    assert SchoolRecord.objects.count() == 3
    code, text = run("import_selfcheck", str(filled), "--by", "officer_500106")
    assert (code, text) == (0, "与现行的第 1 版是同一个文件，没有变化。\n")


def test_a_dry_run_answers_and_stores_nothing(filled: Path, chen_officer: User) -> None:
    code, text = run(
        "import_selfcheck", str(filled), "--by", "officer_500106", "--dry-run", "--json"
    )
    answer: dict[str, Any] = json.loads(text)
    assert (code, answer["status"], answer["verdict"]) == (0, "usable", "met")
    assert answer["digest"].startswith("sha256:")
    assert not Upload.objects.exists()


def test_errors_are_listed_with_their_cells_and_exit_1(
    self_check: SelfCheck, schools: list[School], tmp_path: Path, chen_officer: User
) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(workbook(self_check, {(schools[0].code, "teachers"): "约32"}))
    code, text = run("import_selfcheck", str(path), "--by", "officer_500106")
    assert code == 1
    assert text.startswith("没有采用：1 个错误")
    assert "[错误] 学校数据!Z4 沙坪坝区第1学校 Z4 填的「约32」是约数或范围。" in text


@pytest.mark.parametrize(
    ("by", "name", "words"),
    [
        ("nobody", "填好.xlsx", "没有启用的账号"),
        ("officer_500151", "填好.xlsx", "范围内没有"),
        ("signatory_500106", "填好.xlsx", "填报员"),
        ("officer_500106", "没有.xlsx", "不能读取"),
    ],
)
def test_what_cannot_be_used_exits_2(
    by: str,
    name: str,
    words: str,
    filled: Path,
    chen_officer: User,
    liu_officer: User,
    zhao_signatory: User,
) -> None:
    code, text = run("import_selfcheck", str(filled.parent / name), "--by", by)
    assert (code, words in text) == (2, True)


def test_replay_finds_every_evaluation_the_same(reach, self_check: SelfCheck) -> None:
    reach("approved")
    code, text = run("replay_evaluations")
    assert (code, text) == (0, "共 1 份测算结果，重新测算全部一致。\n")


def test_replay_notices_a_result_changed_behind_its_back(reach, self_check: SelfCheck) -> None:
    reach("submitted")
    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome FROM selfchecks_evaluation")
        stored = cursor.fetchone()[0]
        text = stored if isinstance(stored, str) else json.dumps(stored, ensure_ascii=False)
        forged = text.replace('"verdict": "met"', '"verdict": "not_met"', 1)
        assert forged != text
        cursor.execute("UPDATE selfchecks_evaluation SET outcome = %s", [forged])
    code, text = run("replay_evaluations")
    assert code == 1
    assert "500106-2026 第 1 份" in text
