"""A veto answered 是 is explained, or the workbook is not taken: at its cell, at every door."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services.checking import preview
from selfchecks.workbook.reading import FIRST_DATA_ROW, VETO
from tests.reader import words
from tests.selfchecks.test_commands import run
from tests.selfchecks.workbook_files import workbook

CELL = "D5"  # 情况说明 of V2, the second line
TOLD = "这一事项答的是「是」"


def answered(self_check: SelfCheck, answer: Any, note: Any) -> bytes:
    """The filled workbook with V2 answered like this."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(self_check)))
    sheet = book[VETO.name]
    assert sheet.cell(FIRST_DATA_ROW + 1, 1).value == "V2"
    sheet.cell(FIRST_DATA_ROW + 1, VETO.position("answer")).value = answer
    sheet.cell(FIRST_DATA_ROW + 1, VETO.position("veto_note")).value = note
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("answer", "note", "is_taken"),
    [
        ("是", None, False),
        ("是", "  ", False),
        (" 是 ", None, False),
        ("是", "2025年9月查实1起,已整改", True),
        ("否", None, True),
        ("否", "没有发生", True),
        (None, None, True),  # not reported is another matter
    ],
)
def test_what_happened_has_to_be_told(
    self_check: SelfCheck, answer: str | None, note: str | None, is_taken: bool
) -> None:
    content = answered(self_check, answer, note)
    found = preview(self_check=self_check, content=content, name="自查.xlsx")
    assert found.is_usable is is_taken
    errors = [(f["code"], f["sheet"], f["cell"]) for f in found.findings if f["level"] == "error"]
    assert errors == ([] if is_taken else [("veto_unexplained", "一票否决", CELL)])


def test_the_page_the_api_and_the_command_say_the_same(
    self_check: SelfCheck, chen_officer: User, signed_in: Any, bearer: Any, tmp_path: Path
) -> None:
    content = answered(self_check, "是", None)

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("自查.xlsx", content)

    client = signed_in(chen_officer)
    sent = client.post("/self-checks/500106-2026/upload/", {"file": file()})
    page = words(client.get(sent["Location"]))
    assert TOLD in page
    assert f"一票否决!{CELL}" in page.replace(" ", "")
    api = bearer(chen_officer, "read", "write:selfcheck")
    answer = api.post("/api/v1/self-checks/500106-2026/uploads/", {"file": file()})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["code"], error["sheet"], error["cell"]) == ("veto_unexplained", "一票否决", CELL)
    path = tmp_path / "自查.xlsx"
    path.write_bytes(content)
    imported, text = run("import_selfcheck", str(path), "--by", "officer_500106")
    assert (imported, TOLD in text) == (1, True)
    tried, text = run("evaluate", str(path))
    assert (tried, TOLD in text) == (2, True)
    assert not self_check.uploads.filter(status="kept").exists()
