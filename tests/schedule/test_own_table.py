"""A table of one's own: picked in the address, turned, taken away; and units alike."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from districts.models import User
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from selfchecks.services.steps import take_step
from tests.reader import links, words
from tests.schedule.test_evidence import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]

Reach = Callable[[str], SelfCheck]
TABLE = "/atlas/table/"
PICKED = "?unit=500106&unit=500151&indicator=B&indicator=B3&year=2026"

pytestmark = pytest.mark.usefixtures("reference")


def rows(client: Client, address: str) -> list[list[str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_nothing_picked_is_asked_for(client: Client) -> None:
    page = client.get(TABLE)
    assert "各选一个以上" in words(page)
    assert page.content.count(b"<details open>") == 1, "the units; all boxes are five phone screens"
    assert "各选一个以上" in words(client.get(f"{TABLE}?unit=500106&format=csv"))


def test_the_same_figures_in_every_turn(client: Client, reach: Reach) -> None:
    reach("approved")
    b, b3 = "政府保障程度", "B3"
    head, ours, other = rows(client, f"{TABLE}{PICKED}&format=csv")
    assert [b in head[1], b3 in head[2]] == [True, True]
    assert [ours, other] == [["沙坪坝区", "15", "达标"], ["铜梁区", "", ""]]
    head, first, second = rows(client, f"{TABLE}{PICKED}&rows=indicator&format=csv")
    assert head[1:] == ["沙坪坝区\u00a0· 2026", "铜梁区\u00a0· 2026"]
    assert (first[1:], second[1:]) == (["15", ""], ["达标", ""])
    head, only = rows(client, f"{TABLE}{PICKED}&rows=year&format=csv")
    assert (len(head), only[0], only[1:]) == (5, "2026", ["15", "达标", "", ""])


def test_the_page_shows_it_with_a_link_to_share(client: Client, reach: Reach) -> None:
    reach("approved")
    page = client.get(TABLE + PICKED)
    assert "15/15" in words(page)
    share = next(link for link in links(page) if link.startswith(TABLE))
    assert f"as_of={today().isoformat()}" in share
    assert "15/15" in words(client.get(share))
    book = client.get(f"{TABLE}{PICKED}&format=xlsx")
    assert f"own-table-plan-{today().isoformat()}.xlsx" in book["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(book.content)).worksheets[0]
    assert sheet["B2"].value == 15


def test_all_units_and_a_group_of_indicators_are_one_box_each(client: Client, reach: Reach) -> None:
    reach("approved")
    address = f"{TABLE}?unit=*&indicator=*.primary&indicator=B&year=2026&rows=unit"
    head, *units = rows(client, f"{address}&format=csv")
    assert (len(units), len(head)) == (41, 1 + 7 + 1)
    page = client.get(address)
    text = page.content.decode()
    assert '<input type="checkbox" name="unit" value="*" checked>' in text
    assert '<a href="#own-table">看这一页其余的</a>' in text, "a phone shows twelve of 41"
    assert '<input type="checkbox" name="unit" value="500106">' in text, "or the address grows"
    share = next(link for link in links(page) if link.startswith(TABLE))
    assert share.startswith(f"{TABLE}?unit=*&indicator=*.primary&indicator=B&year=2026&rows=unit")
    assert "小学差异系数 ≤ 0.50" in words(page)
    call = next(link for link in links(page) if link.startswith("/api/v1/atlas/"))
    assert "unit=" not in call, "41 codes would stand in it"
    answer = client.get(call).json()
    assert (len(answer["columns"]), len(answer["cells"])) == (8, 41 * 8)
    assert client.get(f"{TABLE}?unit=5*").status_code == 400


def test_it_shows_what_is_approved_only(client: Client, reach: Reach, wu_manager: User) -> None:
    reach("in_review")
    client.force_login(wu_manager)
    page = client.get(f"{TABLE}?unit=500106&indicator=B&year=2026")
    assert page.status_code == 400  # no year of which anything was approved
    assert "15/15" not in words(page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("unit=999999", "「unit」不能是「999999」"),
        ("indicator=A9", "「indicator」不能是「A9」"),
        ("year=20x6", "「year」不能是「20x6」"),
        ("rows=school", "「rows」不能是「school」"),
    ],
)
def test_what_there_is_not_is_said(client: Client, asked: str, said: str) -> None:
    page = client.get(f"{TABLE}?{asked}")
    assert (page.status_code, said in page.content.decode()) == (400, True)


def test_a_unit_without_a_result_is_like_nobody(client: Client) -> None:
    assert "不作比较" in words(client.get("/atlas/alike/500106/"))
    assert client.get("/atlas/alike/nothing/").status_code == 404


def test_units_alike_say_how_they_were_found(client: Client, reach: Reach) -> None:
    self_check = reach("approved")
    records: Any = self_check.school_records.all()
    pupils = sum((row.pupils_primary or 0) + (row.pupils_junior or 0) for row in records)
    text = words(client.get("/atlas/alike/500106/"))
    assert f"–{pupils:,}{records.count()}" in text
    assert "D = |log₂(P₁/P₂)| + |log₂(S₁/S₂)| + Σ|r₁−r₂|" in text
    for name in records.values_list("school_name", flat=True):
        assert name not in text


def test_figures_that_are_open_again_are_not_shown(
    client: Client, reach: Reach, wu_manager: User
) -> None:
    take_step(
        self_check=reach("approved"),
        step="reopen",
        by=wu_manager,
        comment="补报",
        due_on=date(2099, 12, 31),
    )
    assert "15/15" in words(client.get("/atlas/"))  # what was approved stands
    assert "不作比较" in words(client.get("/atlas/alike/500106/"))
