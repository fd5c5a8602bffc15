"""All fifteen states in which a file is not taken, with their exact words."""

from collections.abc import Callable
from typing import Any

import pytest

from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import IDENTITY_SHEET, Reading
from selfchecks.workbook.wording import KINDS
from tests.workbooks import district, excel, packages
from workbooks.findings import Refused
from workbooks.guard import MAX_FILE_BYTES, only_file
from workbooks.reader import confined
from workbooks.wording.refusals import REFUSALS

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def scan(content: bytes) -> str | None:
    return "EICAR" if EICAR in content else None


def read(content: bytes, name: str = "自查.xlsx") -> Reading:
    return examine(content, name, excel.expected(), scan=scan)


def marked_as(name: str, value: str) -> bytes:
    def spoil(book: Any) -> None:
        sheet = book[IDENTITY_SHEET]
        row = next(r for r in range(1, 6) if sheet.cell(r, 1).value == name)
        sheet.cell(row, 2).value = value

    return excel.spoiled(spoil)


def other_unit() -> bytes:
    changes = {"unit_code": "500112", "unit_name": "渝北区"}
    return excel.template(district.schools(), **changes)


SAVE_AS = "请用 WPS 或 Excel 打开原表，选择「另存为」「Excel 工作簿（.xlsx）」，再上传另存的文件。"
STATES: dict[str, tuple[Callable[[], object], str]] = {
    "none_selected": (
        lambda: only_file([]),
        "没有选择文件。请选择填好的自查工作簿（.xlsx），再上传。",
    ),
    "too_many": (
        lambda: only_file([1, 2, 3]),
        "一次选了 3 个文件，只能传一个。请把数据放在同一个工作簿里，只选这一个文件上传。",
    ),
    "empty": (
        lambda: read(excel.template([{"school_code": "2150000001", "school_name": "某校"}])),
        "文件是空的：模板里还没有填写任何数据。请打开模板填好数据、保存后再上传。",
    ),
    "too_big": (
        lambda: read(b"PK\x03\x04" + b"x" * MAX_FILE_BYTES),
        "文件太大：文件有 5.0 MB，最多 5 MB。"
        "请删去图片和多余的工作表，选中数据下方的空白行并删除，另存后再上传。",
    ),
    "wrong_type": (lambda: read(b"%PDF-1.4"), "文件类型不对：这是 PDF 文件。" + SAVE_AS),
    "old_format": (
        lambda: read(packages.old_excel(), "自查.xls"),
        "这是旧格式的表格：Excel 97-2003 的 .xls 文件。"
        "请用 WPS 或 Excel 打开它，选择「另存为」「Excel 工作簿（.xlsx）」，再上传另存的文件。",
    ),
    "password": (
        lambda: read(packages.encrypted()),
        "文件设有密码保护，无法读取。"
        "请在 WPS 或 Excel 里打开文件，取消「打开密码」，保存后再上传。",
    ),
    "macro": (
        lambda: read(packages.macro_workbook(), "自查.xlsm"),
        "文件带有宏：是启用宏的工作簿（.xlsm 或 .xltm）。"
        "请把文件另存为不带宏的「Excel 工作簿（.xlsx）」，再上传另存的文件。",
    ),
    "virus": (
        lambda: read(packages.clean() + EICAR),
        "安全检查发现可疑内容：EICAR。"
        "请先在本机查杀病毒，再从本站重新下载模板，把数据粘贴为数值后上传。",
    ),
    "unreadable": (
        lambda: read(packages.clean()[:5000]),
        "文件没能读出来：文件不完整，可能没有下载或传输完。"
        "请用 WPS 或 Excel 打开原文件，确认内容完整，另存为新的 .xlsx 后再上传。",
    ),
    "too_heavy": (
        lambda: confined(bytearray, 2 << 30),
        "文件没能在限定的时间和内存内读完。请重新下载模板，只把数据粘贴为数值填入，"
        "不带格式、图片和多余的工作表，保存后再上传。",
    ),
    "out_of_bounds": (
        lambda: read(packages.far_cell()),
        "表格里有超出模板范围的内容：XFD1048576 有内容，远在数据区之外。"
        "请按 Ctrl+End 找到最远的单元格，删除数据区以外的行和列，保存后再上传。",
    ),
    "not_template": (
        lambda: read("甲，乙\n1,2\n".encode(), "自查.csv"),
        "没有使用本系统的模板：没有找到模板里的任何一张工作表。"
        "请在本页下载本年度模板，把数据粘贴为数值填入后再上传。",
    ),
    "wrong_year": (
        lambda: read(marked_as("year", "2025")),
        "年度不对：文件是 2025 年的模板，这里要的是 2026 年的数据。"
        "请下载 2026 年的模板，把 2026 年的数据填入后再上传。",
    ),
    "wrong_district": (
        lambda: read(other_unit()),
        "区县不对：文件属于渝北区，这里要的是沙坪坝区的数据。"
        "请下载沙坪坝区的模板填写，或者换用渝北区的账号上传。",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_state_is_reached_with_its_own_words(state: str) -> None:
    reach, words = STATES[state]
    with pytest.raises(Refused) as caught:
        reach()
    assert caught.value.state == state
    assert str(caught.value) == words


def test_the_states_are_all_fifteen() -> None:
    assert len(REFUSALS) == 15
    assert {kind.code for kind in REFUSALS} == set(STATES)
    assert len({kind.what for kind in REFUSALS}) == len({kind.fix for kind in REFUSALS}) == 15


def test_draft_template_version_names_both() -> None:
    with pytest.raises(Refused, match="cq-selfcheck-draft.*cq-selfcheck-2017-1"):
        read(marked_as("template", "cq-selfcheck-draft"))


def test_every_code_is_used_once_and_every_sentence_ends() -> None:
    for kind in KINDS.values():
        for sentence in (kind.what, kind.expected, kind.fix):
            assert not sentence or sentence.endswith("。")
            assert not {"!", "\uff01"} & set(sentence)
