"""The states of a file that cannot be taken, each said on the page with its next step."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services import checking
from tests.reader import words
from tests.selfchecks.workbook.test_refusals import EICAR, marked_as, other_unit, scan
from tests.selfchecks.workbook_files import workbook
from tests.workbooks import packages
from workbooks.guard import MAX_FILE_BYTES
from workbooks.reader import excel
from workbooks.wording.refusals import REFUSALS

Files = Callable[[SelfCheck], list[tuple[str, bytes]]]


def one(make: Callable[[], bytes], name: str = "自查.xlsx") -> Files:
    return lambda _self_check: [(name, make())]


STATES: dict[str, tuple[Files, str]] = {
    "none_selected": (lambda _: [], "没有选择文件。请选择"),
    "too_many": (lambda s: [("a.xlsx", workbook(s))] * 2, "一次选了 2 个文件"),
    "empty": (one(lambda: b"  \n"), "文件是空的"),
    "too_big": (one(lambda: b"PK\x03\x04" + b"x" * MAX_FILE_BYTES), "文件太大"),
    "wrong_type": (one(lambda: b"%PDF-1.4"), "这是 PDF 文件"),
    "old_format": (one(packages.old_excel, "自查.xls"), "这是旧格式的表格"),
    "password": (one(packages.encrypted), "文件设有密码保护"),
    "macro": (one(packages.macro_workbook, "自查.xlsm"), "文件带有宏"),
    "virus": (one(lambda: packages.clean() + EICAR), "安全检查发现可疑内容：EICAR"),
    "unreadable": (one(lambda: packages.clean()[:5000]), "文件没能读出来"),
    "out_of_bounds": (one(packages.far_cell), "表格里有超出模板范围的内容"),
    "not_template": (one("甲，乙\n1,2\n".encode, "自查.csv"), "没有使用本系统的模板"),
    "wrong_year": (one(lambda: marked_as("year", "2025")), "文件是 2025 年的模板"),
    "wrong_district": (one(other_unit), "文件属于渝北区"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_page_says_what_is_wrong_and_what_to_do(
    self_check: SelfCheck,
    chen_officer: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    state: str,
) -> None:
    monkeypatch.setattr(checking, "scanner", lambda: scan)
    make, sentence = STATES[state]
    files = [SimpleUploadedFile(name, content) for name, content in make(self_check)]
    client = signed_in(chen_officer)
    answer = client.post("/self-checks/500106-2026/upload/", {"file": files})
    assert answer.status_code == (413 if state == "too_big" else 422)
    text = words(answer)
    assert text.count(sentence) == 2  # the summary and the input say the same
    assert "有问题需要处理" in text
    assert 'href="#id_file"' in answer.content.decode()
    assert not self_check.uploads.exists()


def test_a_file_too_heavy_to_read_is_refused_like_any_other(
    self_check: SelfCheck,
    chen_officer: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(excel, "_read", lambda *_: bytearray(2 << 30))
    file = SimpleUploadedFile("自查.xlsx", packages.clean())
    client = signed_in(chen_officer)
    answer = client.post("/self-checks/500106-2026/upload/", {"file": file})
    assert answer.status_code == 422
    assert words(answer).count("文件没能在限定的时间和内存内读完。") == 2
    assert client.get("/self-checks/500106-2026/upload/").status_code == 200


def test_every_state_has_its_page() -> None:
    assert {*STATES, "too_heavy"} == {kind.code for kind in REFUSALS}
