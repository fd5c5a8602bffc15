"""One indicator over all units: what was approved, drawn and in files, and never a school."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import User
from schedule.atlas_columns import columns
from schedule.services.atlas import Result
from selfchecks.models import SelfCheck
from selfchecks.services.steps import take_step
from tests.reader import tables, words
from tests.schedule.test_evidence import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]

Reach = Callable[[str], SelfCheck]
A3, B4, D1 = (f"/atlas/indicators/{code}/" for code in ("A3", "B4", "D1"))

pytestmark = pytest.mark.usefixtures("reference")


def rows(client: Client, address: str) -> list[dict[str, str]]:
    text = client.get(address, {"format": "csv"}).content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_without_results_nothing_is_claimed(client: Client) -> None:
    text = words(client.get(A3))
    assert "还没有复核通过的结果" in text
    assert rows(client, A3) == []
    assert client.get(A3, {"format": "svg"}).status_code == 404
    assert client.get("/atlas/indicators/Z9/").status_code == 404


def test_what_is_not_approved_is_not_published(client: Client, reach: Reach) -> None:
    reach("in_review")
    assert rows(client, A3) == rows(client, B4) == rows(client, D1) == []


def test_page_files_and_drawing_tell_the_same(client: Client, reach: Reach) -> None:
    told = reach("approved")
    found = rows(client, A3)
    assert [(row["单位"], row["年度"], row["学段"]) for row in found] == [
        ("沙坪坝区", str(told.year), "小学"),
        ("沙坪坝区", str(told.year), "初中"),
    ]
    page = client.get(A3)
    assert f"{told.year} 年 1 个单位有结果：小学 1 个达标、初中 1 个达标。" in words(page)
    heat = tables(page)[-1]
    (unit,) = (row for row in heat if row[0] == "沙坪坝区")
    assert [cell.removeprefix("✓").strip() for cell in unit[1:]] == [
        f"{float(row['数值']):.3f}" for row in found
    ]
    book = openpyxl.load_workbook(BytesIO(client.get(A3, {"format": "xlsx"}).content))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert [f"{cells[at][4]:f}" for at in (1, 2)] == [f"{float(row['数值']):f}" for row in found]
    drawn = ElementTree.fromstring(client.get(A3, {"format": "svg", "stage": "junior"}).content)
    assert "var(" not in ElementTree.tostring(drawn, "unicode")
    assert "沙坪坝区" in "".join(drawn.itertext())
    assert [row["判定"] for row in rows(client, B4)] == ["达标"]


def test_the_share_of_those_satisfied_stands_beside_its_verdict(
    client: Client, reach: Reach
) -> None:
    reach("approved")
    (row,) = rows(client, D1)
    assert (row["单位"], float(row["数值（%）"]), row["判定"]) == ("沙坪坝区", 90, "达标")
    (unit,) = (row for row in tables(client.get(D1))[-1] if row[0] == "沙坪坝区")
    assert re.search(r"90(\.0+)?%", unit[1])


@pytest.mark.parametrize(
    ("verdict", "share", "text"),
    [
        ("unknown", None, "无法判定"),
        ("not_met", "0.84996", "84.996%"),
        ("met", "0.85", "85.0%"),
    ],
)
def test_a_share_is_never_rounded_over_its_limit_nor_made_up(
    verdict: str, share: str | None, text: str
) -> None:
    half, at = dict.fromkeys(("primary", "junior"), Decimal("0.5")), ("D1", "")
    shares = {at: Decimal(share)} if share else {}
    one = Result("500106", 2026, verdict, "approved", False, 1, {at: verdict}, shares, {})
    column = columns({"D1": "社会认可度"}, half, Decimal("0.85"))["D1"]
    assert column.cell(one).text == text


def test_no_school_is_named(client: Client, reach: Reach) -> None:
    told = reach("approved")
    for address in (A3, f"{A3}?format=csv", f"{A3}?format=svg", B4):
        content = client.get(address).content.decode()
        for name in told.school_records.values_list("school_name", flat=True):
            assert name not in content


def test_a_result_taken_back_is_gone_and_said(
    client: Client, reach: Reach, zhou_inspector: User
) -> None:
    told = reach("approved")
    assert rows(client, A3)
    take_step(
        self_check=told,
        step="take_back_approval",
        by=zhou_inspector,
        comment="漏看了一所学校，需要重新复核。",
    )
    assert rows(client, A3) == []
    assert re.search(rf"更正： ?沙坪坝区 {told.year} 年度的结果于\S+收回", words(client.get(A3)))


def test_the_address_it_is_cited_by_names_day_and_basis(client: Client, reach: Reach) -> None:
    reach("approved")
    html = client.get(A3).text
    cited = re.search(r'href="http://testserver(/atlas/indicators/A3/\?as_of=[^"]+)"', html)
    assert cited
    assert "basis=plan" in cited[1]
    assert client.get(cited[1].replace("&amp;", "&")).status_code == 200
    assert "&lt;img src=" in html


@pytest.mark.parametrize("asked", [{"sort": "size"}, {"format": "pdf"}, {"as_of": "2999-01-01"}])
def test_what_there_is_not_gets_a_sentence(client: Client, asked: dict[str, Any]) -> None:
    response = client.get(A3, asked)
    assert response.status_code == 400
    assert 'role="alert"' in response.text


def test_no_query_per_unit_or_year(client: Client, reach: Reach) -> None:
    reach("approved")
    with CaptureQueriesContext(connection) as captured:
        client.get(A3)
    assert len(captured) <= 30
