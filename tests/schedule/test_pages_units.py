"""The page of all units: sorted, narrowed, taken along and cited, on any day."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from schedule.models import CertificationEvent
from schedule.services.certifications import correct_event
from tests.reader import tables, words

pytestmark = pytest.mark.usefixtures("reference")

DAY = "2026-11-23"
ABOUT = {"as_of": DAY}


def names(client: Client, **asked: str) -> list[str]:
    rows = tables(client.get("/districts/", {**ABOUT, **asked}))[0][1:]
    return [row[0] for row in rows]


def test_every_unit_stands_there_in_the_order_of_the_plan(client):
    found = names(client)
    assert len(found) == len(set(found)) == 41
    assert len(names(client, basis="current")) == 39


def test_sorting_by_name_year_and_day(client):
    by_name = names(client, sort="name")
    assert by_name[:3] == ["巴南区", "北碚区", "璧山区"]
    assert names(client, sort="-name") == by_name[::-1]
    years = [row[2] for row in tables(client.get("/districts/", {**ABOUT, "sort": "-year"}))[0][1:]]
    assert years[:3] == ["2030"] * 3
    assert years[-4:] == ["2022"] * 4
    first = names(client, sort="day")[:4]  # who has no day stands last
    assert set(first) == {"沙坪坝区", "九龙坡区", "南岸区", "两江新区(功能区)"}


def test_only_one_state(client):
    assert len(names(client, state="certified")) == 4
    assert len(names(client, state="abolished")) == 2


@pytest.mark.parametrize("asked", [{"sort": "size"}, {"state": "gone"}, {"format": "pdf"}])
def test_what_there_is_not_gets_a_sentence(client, asked):
    response = client.get("/districts/", asked)
    assert response.status_code == 400
    assert f"「{next(iter(asked.values()))}」" in words(response)
    assert len(tables(response)[0]) == 42


def test_a_day_to_come_gets_a_sentence_and_no_file(client):
    response = client.get("/districts/", {"as_of": "2999-01-01", "format": "csv"})
    assert response.status_code == 400
    assert "还没有到" in words(response)


def test_files_say_their_day_and_basis_outside_and_inside(client):
    asked = {**ABOUT, "basis": "current", "sort": "name"}
    text = client.get("/districts/", {**asked, "format": "csv"})
    assert 'filename="units-current-2026-11-23.csv"' in text["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(text.content.decode("utf-8-sig"))))
    assert len(rows) == 39
    assert {(row["截至"], row["口径"], row["规划版本"]) for row in rows} == {
        (DAY, "现行的单位", "1")
    }
    book = client.get("/districts/", {**asked, "format": "xlsx"})
    assert 'filename="units-current-2026-11-23.xlsx"' in book["Content-Disposition"]
    sheets = load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == ["各单位", "说明"]
    cells = [[cell or "" for cell in row] for row in sheets["各单位"].iter_rows(values_only=True)]
    assert [row[0] for row in cells[1:]] == [row["代码"] for row in rows]
    assert "2026年11月23日" in [row[1] for row in sheets["说明"].iter_rows(values_only=True)]


def test_the_table_says_what_the_api_says(client):
    rows = csv.DictReader(
        io.StringIO(
            client.get("/districts/", {**ABOUT, "format": "csv"}).content.decode("utf-8-sig")
        )
    )
    told = {(row["代码"], row["规划年份"], row["通过日"]) for row in rows}
    asked = client.get("/api/v1/districts/", {**ABOUT, "page_size": "100"}).json()["results"]
    assert told == {
        (unit["code"], str(unit["planned_year"] or ""), unit["certified_on"] or "")
        for unit in asked
    }


def test_the_citation_has_an_address_that_keeps_its_day(client):
    html = client.get("/districts/").text
    cited = re.search(r'itemprop="url" href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert re.search(r"as_of=\d{4}-\d\d-\d\d&basis=plan&version=1$", cited)
    assert client.get(cited).status_code == 200
    assert 'itemtype="https://schema.org/Dataset"' in html


def test_no_query_per_unit(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get("/districts/", ABOUT)


def test_what_was_corrected_after_midnight_became_known_on_the_next_day(
    client, zhou_inspector, monkeypatch
):
    """17:30 in Greenwich is half past one of the next morning in Chongqing."""
    moment = datetime(2027, 3, 4, 17, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    event = CertificationEvent.objects.filter(date__lte=moment.date()).first()
    correct_event(event=event, by=zhou_inspector, reason="补录说明", note="见通报")
    later = "这一天之后得知或更正的，最近一次在2027年3月5日。"
    assert later in words(client.get("/districts/", {"as_of": "2027-03-04"}))
    assert later not in words(client.get("/districts/", {"as_of": "2027-03-05"}))
