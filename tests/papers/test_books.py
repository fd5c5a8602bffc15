"""Every document as a workbook: the same words, with numbers and days that can be worked with."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from districts.models import User
from documents.fields import fields_of
from documents.rendering import Chart
from papers.names import Name
from papers.services.making import book, fields
from schedule.services.reading import today

ASSERTED = {
    "unit-report": [("差异系数", "限值"), ("差异系数", "数值")],
    "progress-bulletin": [("阶段", "目标个数"), ("分年", "规划个数"), ("各单位", "规划年份")],
    "problem-list": [("问题", "相差"), ("问题", "实际"), ("问题", "期限")],
    "rectification-report": [("问题", "要求")],
    "school-plan-volume": [("措施", "数量"), ("措施", "已完成"), ("学校", "措施项数")],
    "sampling-protocol": [("层", "学校数"), ("学校", "抽中的机会"), ("学校", "权重")],
    "application-form": [("表Ⅰ 基本情况", "数值"), ("表Ⅱ-2 资源配置分学校", "在校生数")],
    "receipt": [],
    "review-opinion": [],
}


def read(content: bytes) -> dict[str, list[list[Any]]]:
    """The cells of each sheet, its head first."""
    return {page.title: [list(row) for row in page.iter_rows()] for page in load_workbook(
        BytesIO(content))}  # fmt: skip


def shown(cell: Any) -> str:
    """What Excel shows in a cell, worked out from its format."""
    value, look = cell.value, cell.number_format
    if isinstance(value, datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        number, _quote, after = look.partition('"')
        places = len(number.partition(".")[2])
        return f"{Decimal(str(value)):.{places}f}{after.removesuffix(chr(34))}"
    return value or ""


def printed(told: dict[str, Any]) -> Iterator[str]:
    """Every text of a document, of lists too."""
    for value in told.values():
        if isinstance(value, list):
            for row in value:
                yield from printed(row)
        elif not isinstance(value, Chart):
            yield value


@pytest.mark.parametrize("kind", [name for name in Name if name != Name.APPLICATION])
def test_a_workbook_shows_what_the_document_prints(kind: str, subjects: dict[str, Any]) -> None:
    """With the numbers, which others compare with those of the API."""
    told = dict(fields(kind, subjects[kind], today()))
    sheets = read(book(kind, subjects[kind], today()))
    cells = [shown(cell) for rows in sheets.values() for row in rows[1:] for cell in row]
    late = "（已逾期）"  # of a day; the day stands in the cell
    missing = {text for text in printed(told) if text.removesuffix(late) not in cells} - {*cells}
    assert not missing
    lists = {field.path.rpartition("[].")[0] for field in fields_of(kind)} - {""}
    assert len(sheets) == 1 + len(lists)


@pytest.mark.parametrize("kind", Name)
def test_numbers_are_numbers_and_heads_stay(kind: str, subjects: dict[str, Any]) -> None:
    content = book(kind, subjects[kind], today())
    sheets = read(content)
    for title, head in ASSERTED[kind]:
        names, *rows = sheets[title]
        at = [cell.value for cell in names].index(head)
        kept = [row[at].value for row in rows if row[at].value not in (None, "—")]
        assert kept, (title, head)
        assert all(isinstance(value, int | float | datetime) for value in kept), (title, head)
    for page in load_workbook(BytesIO(content)):
        assert page.print_title_rows == "$1:$1"
        assert page.freeze_panes.endswith("2")


def test_a_gap_stands_with_its_unit_and_a_day_as_a_day(subjects: dict[str, Any]) -> None:
    heads, *rows = read(book(Name.PROBLEMS, subjects[Name.PROBLEMS], today()))["问题"]
    names = [cell.value for cell in heads]
    row = dict(zip(names, rows[0], strict=True))  # the late one stands first
    assert (row["相差"].value, row["相差"].number_format) == (350.5, '0.0" ㎡"')
    assert (row["要求"].value, shown(row["要求"])) == (7.5, "7.5 ㎡")
    assert isinstance(row["期限"].value, datetime)
    assert row["状态"].value.endswith("（已逾期）")


def test_measures_stand_with_the_school_they_are_of(subjects: dict[str, Any]) -> None:
    heads, row = read(book(Name.PLANS, subjects[Name.PLANS], today()))["措施"]
    assert [cell.value for cell in heads[:3]] == ["学校名称", "学校标识码", "序号"]
    plan = fields(Name.PLANS, subjects[Name.PLANS], today())["plans"][0]
    assert [cell.value for cell in row[:3]] == [plan["school"], plan["code"], 1]


def test_pages_and_the_api_give_the_same_workbook(
    reference: None, zhou_inspector: User, chen_officer: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    query = "progress-bulletin/2025/?format=xlsx&as_of=2025-03-14"
    page, answer = client.get(f"/papers/{query}"), client.get(f"/api/v1/papers/{query}")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].endswith("progress-bulletin-2025.xlsx")

    def parts(content: bytes) -> dict[str, bytes]:
        archive = ZipFile(BytesIO(content))
        return {name: archive.read(name) for name in archive.namelist() if "docProps" not in name}

    assert parts(page.content) == parts(answer.content)
    asked = client.get("/api/v1/papers/unit-report/500106/?format=pdf")
    assert asked.status_code == 400
    assert "docx、xlsx" in asked.content.decode() or "docx, xlsx" in asked.content.decode()
    refused = client.get("/papers/unit-report/500106/?format=pdf")
    assert refused.status_code == 422
    assert "没有「pdf」格式" in refused.content.decode()
    bytes_alone = {"Accept": "application/octet-stream"}
    plain = client.get("/api/v1/papers/unit-report/500106/", headers=bytes_alone)
    assert plain["Content-Disposition"].endswith("unit-report-500106.docx")
    theirs = "unit-report/500151/?format=xlsx"
    assert signed_in(chen_officer).get(f"/papers/{theirs}").status_code == 404


def test_an_earlier_day_is_refused_as_for_the_document(
    reference: None, zhou_inspector: User, signed_in: Any
) -> None:
    address = f"/papers/problem-list/500106/?format=xlsx&as_of={date(2026, 1, 31)}"
    assert signed_in(zhou_inspector).get(address).status_code == 422
