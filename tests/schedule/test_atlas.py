"""The atlas: approved figures of units for everybody, on the desk the newest, down to schools."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import User
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from tests.reader import links, words
from tests.schedule.test_evidence import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]

Reach = Callable[[str], SelfCheck]
PUBLIC, DESK = "/atlas/", "/admin/schedule/planversion/atlas/"
MANY = "?show=all&compare=1"

pytestmark = pytest.mark.usefixtures("reference")


def named(client: Client, address: str) -> list[str]:
    """The units in the order of the rows, as the CSV has them."""
    text = client.get(address).content.decode("utf-8-sig")
    return [row[1] for row in csv.reader(StringIO(text))][1:]


def test_without_results_every_unit_is_there_and_nothing_is_claimed(client: Client) -> None:
    text = words(client.get(PUBLIC))
    assert text.count("这一年还没有复核通过的结果") == 38
    # 江北区, 渝北区 and the zone 两江新区, which ended although it is certified.
    assert text.count("已撤并，这一年没有单独的结果") == 3


def test_what_is_not_approved_is_not_published(client: Client, reach: Reach) -> None:
    reach("in_review")
    text = words(client.get(PUBLIC + MANY))
    assert "15/15" not in text
    assert "全部达标" not in text


def test_an_approved_result_is_told_without_schools(client: Client, reach: Reach) -> None:
    self_check = reach("approved")
    page = client.get(PUBLIC)
    text = words(page)
    assert "沙坪坝区已通过2022" in text
    for cell in ("100.0", "15/15", "9/9", "全部达标"):
        assert cell in text
    for address in (PUBLIC, f"{PUBLIC}?show=schools", PUBLIC + MANY, f"{PUBLIC}?format=csv"):
        content = client.get(address).content.decode()
        for name in self_check.school_records.values_list("school_name", flat=True):
            assert name not in content
        assert "/self-checks/" not in content
    assert "15/15" not in words(client.get(f"{PUBLIC}?as_of=2025-06-30"))


def test_from_every_cell_of_the_desk_two_clicks_lead_to_the_uploaded_cell(
    client: Client, reach: Reach, zhou_inspector: User
) -> None:
    """By way of the school wherever a cell speaks of schools."""
    self_check = reach("submitted")
    client.force_login(zhou_inspector)
    page = client.get(f"{DESK}?show=all")
    result = f"/self-checks/{self_check.reference}/result/"
    cells = [each.partition("#")[0] for each in links(page) if each.startswith(result)]
    assert len(cells) > 40
    assert set(cells) == {result, f"{result}?part=primary", f"{result}?part=junior"}
    for address in set(cells):
        onward = links(client.get(address))
        schools = [each for each in onward if "/schools/" in each]
        assert bool(schools) == ("part=" in address)
        figures = schools or [each for each in onward if each.endswith("/figures/")]
        sheet = "学校数据" if schools else "区县数据"
        assert re.search(rf"{sheet}![A-Z]+\d+", words(client.get(figures[0])))


def test_the_desk_is_for_the_city(client: Client, chen_officer: User, yang_keeper: User) -> None:
    assert client.get(DESK).status_code == 302
    for person in (chen_officer, yang_keeper):
        client.force_login(person)
        assert client.get(DESK).status_code in (302, 403)


def test_no_query_for_a_unit(client: Client, reach: Reach, zhou_inspector: User) -> None:
    client.force_login(zhou_inspector)
    counts: dict[str, list[int]] = {PUBLIC: [], DESK: []}
    for state in ("", "approved"):
        if state:
            reach(state)
        for address, seen in counts.items():
            with CaptureQueriesContext(connection) as asked:
                client.get(address + MANY)
            # Only what is read: a session notes every few seconds that its owner is there.
            seen.append(sum(query["sql"].startswith("SELECT") for query in asked))
    # Results, their schools, their indicators and, twice, what fails are each asked for once; and
    # whether what was read of the plan still holds.
    assert all(more - fewer <= 5 for fewer, more in counts.values()), counts
    assert max(*counts[PUBLIC], *counts[DESK]) <= 22


def test_sorted_by_name_as_a_dictionary_and_by_what_fails(client: Client, reach: Reach) -> None:
    reach("approved")
    by_name = named(client, f"{PUBLIC}?sort=name&group=none&format=csv")
    assert by_name[:3] == ["巴南区", "北碚区", "璧山区"]
    assert by_name[-4:] == ["渝北区", "渝中区", "云阳县", "忠县"]
    assert named(client, f"{PUBLIC}?sort=-name&format=csv") == by_name[::-1]
    # Who has no figure stands last, whichever way it is sorted.
    for sort in ("A1.primary", "-A1.primary", "B", "-open"):
        assert named(client, f"{PUBLIC}?sort={sort}&format=csv")[0] == "沙坪坝区"
    assert named(client, f"{PUBLIC}?state=abolished&format=csv") == ["江北区", "渝北区"]
    assert named(client, f"{PUBLIC}?only=failing&format=csv") == []


def test_what_was_asked_stays_in_every_address(client: Client, reach: Reach) -> None:
    reach("approved")
    page = client.get(f"{PUBLIC}?group=region&compare=1&as_of={today().isoformat()}")
    found = [each for each in links(page) if each.startswith("?")]
    assert "?show=schools&group=region&compare=1" in found
    assert f"?group=region&compare=1&as_of={today().isoformat()}&format=xlsx" in found
    assert "?group=region" in found  # comparing switched off


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("year=1999", "「year」不能是「1999」"),
        ("show=<b>", "「show」不能是「&lt;b&gt;」"),
        ("sort=A9.primary", "「sort」不能是「A9.primary」"),
        ("state=lost", "「state」不能是「lost」"),
        ("as_of=2031-01-01", "还没有到"),
        ("basis=both", "口径「both」不能用"),
    ],
)
def test_what_cannot_be_answered_is_said(client: Client, asked: str, said: str) -> None:
    page = client.get(f"{PUBLIC}?{asked}")
    assert page.status_code == 400
    assert said in page.content.decode()


def test_the_files_say_which_figures_they_are(client: Client, reach: Reach) -> None:
    reach("approved")
    day = today().isoformat()
    answer = client.get(f"{PUBLIC}?format=xlsx")
    assert f'filename="atlas-2026-plan-{day}.xlsx"' in answer["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["2026", "2025", "说明"]
    head, *rows = book["2026"].iter_rows(values_only=True)
    ours: dict[Any, Any] = next(
        dict(zip(head, row, strict=True)) for row in rows if row[0] == "500106"
    )
    assert (ours["政府保障程度"], ours["教育质量"], ours["规划年份"]) == (15, 9, 2022)
    assert ours["综合达标的评估单元占多少"] == 100
    about = dict(book["说明"].iter_rows(values_only=True, max_col=2))
    assert about["口径"] == "规划的单位"
    assert client.get(f"{PUBLIC}?format=csv")["Content-Disposition"].count(f"plan-{day}.csv") == 1


def test_it_reads_in_english(client: Client, reach: Reach) -> None:
    reach("approved")
    text = words(client.get(f"/en{PUBLIC}?show=all&compare=1"))
    assert "City atlas 2026" in text
    assert "Nationally certified" in text


def test_the_desk_begins_with_the_view_kept_for_that(
    reach: Reach, zhou_inspector: User, signed_in
) -> None:
    reach("approved")
    client = signed_in(zhou_inspector)
    view = {"page": "admin:schedule_planversion_atlas", "name": "按片区", "query": "group=region"}
    client.post("/accounts/views/", {**view, "opens": "on"})
    desk = client.get(DESK)
    assert desk.context["atlas"].group == "region"
    assert "?only=" in links(desk)  # the way back to the usual
    assert client.get(f"{DESK}?only=").context["atlas"].group == "phase"


def test_names_and_states_are_short_in_a_row_and_told_in_full(client: Client, db: None) -> None:
    page = client.get("/en/atlas/").text
    assert 'title="Shapingba 沙坪坝区">Shapingba</a>' in page
    assert 'title="Nationally certified: 2 years 2 months (804 days) later than planned"' in page
    assert "To verify</span> Planned year passed, to be verified" in page
    assert ">沙坪坝区</a>" in client.get("/atlas/").text
