"""Hostile and unusable files are refused before any parser sees them, each with its sentence."""

import builtins
import io
import socket
import tracemalloc
import zipfile
from collections.abc import Callable
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import Any, NoReturn

import pytest

from selfchecks.workbook.examine import examine
from tests.workbooks import excel, packages
from workbooks.findings import Refused
from workbooks.guard import MAX_UNPACKED_BYTES, MB
from workbooks.reader import open_book

Build = Callable[[], bytes]


def refused(content: bytes, filename: str = "自查.xlsx") -> Refused:
    """The refusal; ``make bench`` shows how quickly it comes."""
    with pytest.raises(Refused) as caught:
        open_book(content, filename)
    return caught.value


def test_m01_zip_bomb_is_refused_without_unpacking() -> None:
    content = packages.zip_bomb()
    tracemalloc.start()
    refusal = refused(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refusal.state == "too_big"
    assert "解压后过大" in str(refusal)
    assert peak < 5 * MB < MAX_UNPACKED_BYTES


def test_m01_high_ratio_is_refused() -> None:
    assert "倍" in str(refused(packages.ratio_bomb()))


def test_m02_many_parts() -> None:
    refusal = refused(packages.many_parts())
    assert refusal.state == "too_big"
    assert "部件" in str(refusal)


def test_m02_ten_thousand_parts_cost_less_than_an_ordinary_file() -> None:
    """They are counted in the directory; none is looked into."""
    hostile, ordinary = packages.many_parts(10_000), excel.clean(60)
    assert cost(lambda: refused(hostile)) < cost(lambda: open_book(ordinary, "自查.xlsx"))


def cost(work: Callable[[], Any]) -> float:
    """Processor time, children included, the median of five."""

    def spent() -> float:
        used = (getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
        return sum(each.ru_utime + each.ru_stime for each in used)

    def once() -> float:
        began = spent()
        work()
        return spent() - began

    return median(once() for _turn in range(5))


def test_m03_overlapping_entries() -> None:
    assert "重叠" in str(refused(packages.overlapping()))


def test_m04_lying_sizes_stop_the_reading() -> None:
    content = packages.lying_size()
    tracemalloc.start()
    refusal = refused(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "对不上" in str(refusal)
    assert peak < MB


def test_m05_far_cell_is_named() -> None:
    refusal = refused(packages.far_cell())
    assert refusal.state == "out_of_bounds"
    assert "XFD1048576" in str(refusal)


def test_m05_far_column_is_named() -> None:
    rows = b'<row r="90"><c r="ZZ90"><v>1</v></c></row>'
    assert "ZZ90" in str(refused(packages.with_rows(rows)))


def test_m06_huge_merge() -> None:
    refusal = refused(packages.huge_merge())
    assert refusal.state == "out_of_bounds"
    assert "A1:XFD20000" in str(refusal)


def test_m07_formatted_blank_rows_are_accepted() -> None:
    content = packages.blank_rows()
    reading = examine(content, "自查.xlsx")
    assert len(reading.schools) == 3
    assert not reading.errors


@pytest.mark.parametrize(
    "build", [packages.billion_laughs, packages.quadratic, packages.utf16_entity]
)
def test_m08_entities_are_refused(build: Build) -> None:
    assert refused(build()).state == "unreadable"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_m09_external_entities_open_nothing(target: str, monkeypatch: Any) -> None:
    content = packages.external_entity(target)

    def forbid(*_: object, **__: object) -> NoReturn:
        raise AssertionError("something was opened")

    monkeypatch.setattr(socket, "socket", forbid)
    monkeypatch.setattr(builtins, "open", forbid)
    monkeypatch.setattr(io, "open", forbid)
    with pytest.raises(Refused) as caught:
        examine(content, "自查.xlsx")
    assert caught.value.state == "unreadable"


def test_m10_shared_string_bomb() -> None:
    assert refused(packages.string_bomb()).state == "too_big"


def test_m10_total_text_is_limited() -> None:
    """Few enough cells, but one long string in all of them."""
    content = packages.string_bomb(100_000)
    with pytest.raises(Refused) as caught:
        examine(content, "自查.xlsx")
    assert "文字总量" in str(caught.value)


@pytest.mark.parametrize("kind", packages.RENAMED)
def test_m11_renamed_files_are_called_by_their_kind(kind: str) -> None:
    refusal = refused(packages.RENAMED[kind])
    assert refusal.state == "wrong_type"
    assert "另存为" in str(refusal)


@pytest.mark.parametrize("name", ["自查.csv", "自查.xls", "自查.pdf"])
def test_m11_a_workbook_under_another_name(name: str) -> None:
    assert refused(packages.clean(), name).state == "wrong_type"


@pytest.mark.parametrize("tail", [packages.HTML, b"%PDF-1.7", b"\0" * 30])
def test_m12_trailing_bytes_are_refused(tail: bytes) -> None:
    assert refused(packages.clean() + tail).state == "unreadable"


def test_m12_something_in_front_is_refused() -> None:
    assert refused(packages.HTML + packages.clean()).state == "wrong_type"


def commented(content: bytes) -> bytes:
    """A page in the archive's own comment: both a workbook and a page."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = packages.HTML
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(commented(packages.clean()), id="a page as its comment"),
        pytest.param(b"%PDF-1.7\n" + packages.clean(), id="a document in front"),
        pytest.param(packages.clean() + b"%PDF-1.7\n%%EOF", id="a document behind"),
        pytest.param(b"GIF89a/*" + packages.clean(), id="a picture and script in front"),
    ],
)
def test_m12_what_is_a_workbook_and_something_else_at_once_is_refused(content: bytes) -> None:
    assert refused(content).state in ("unreadable", "wrong_type")


@pytest.mark.parametrize("build", [packages.macro_workbook, packages.macro_type_only])
def test_m13_macros_are_refused(build: Build) -> None:
    assert refused(build(), "自查.xlsm").state == "macro"


@pytest.mark.parametrize(
    "part",
    [
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/connections.xml",
        "customXml/item1.xml",
        "xl/activeX/activeX1.xml",
    ],
)
def test_m13_foreign_parts_are_reported_and_never_opened(part: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("the network was used"))
    reading = excel.read(packages.with_part(part, b"<x/>"), register=())
    assert [f.code for f in reading.notices] == ["foreign_part"]
    assert not reading.errors


def test_m14_encrypted_workbook() -> None:
    assert str(refused(packages.encrypted())) == (
        "文件设有密码保护，无法读取。请在 WPS 或 Excel 里打开文件，取消「打开密码」，保存后再上传。"
    )


@pytest.mark.parametrize("name", ["../../x.xml", "/etc/x", "C:\\x.xml", "a\\..\\b", "xl/../../y"])
def test_m15_part_names_that_leave_the_package(name: str) -> None:
    assert refused(packages.with_part(name)).state == "unreadable"


@pytest.mark.parametrize(
    "name", ["../../自查.xlsx", "自" * 300 + ".xlsx", "\u202eslx.xlsx", "😀.xlsx"]
)
def test_m15_odd_file_names_do_no_harm(name: str) -> None:
    assert open_book(packages.clean(), name).grids


def test_truncated_file_is_unreadable() -> None:
    content = packages.clean()
    for share in (0.2, 0.5, 0.9, 0.99):
        assert refused(content[: int(len(content) * share)]).state == "unreadable"


def test_too_many_sheets() -> None:
    def spoil(book: Any) -> None:
        for number in range(20):
            book.create_sheet(f"附{number}")

    assert refused(excel.spoiled(spoil)).state == "too_big"
