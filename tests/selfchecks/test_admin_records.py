"""Figures of schools taken out and put back in the admin: a look first, all rows or none."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import User
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.resources import SchoolRecordResource
from tests.reader import words
from tests.selfchecks.conftest import keep_clean

IMPORT = "/admin/selfchecks/schoolrecord/import/"
CONFIRM = "/admin/selfchecks/schoolrecord/process_import/"


@pytest.fixture
def figures(self_check: SelfCheck, chen_officer: User) -> list[dict[str, str]]:
    keep_clean(self_check, chen_officer)
    return [
        dict(row) for row in SchoolRecordResource(self_check, viewer=chen_officer).export().dict
    ]


def look(client: Client, self_check: SelfCheck, rows: list[dict[str, str]]) -> Any:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("figures.csv", out.getvalue().encode())
    return client.post(IMPORT, {"self_check": self_check.pk, "file": file})


def rooms() -> list[int]:
    rows = SchoolRecord.objects.order_by("school_code")
    return list(rows.values_list("music_rooms", flat=True))


def test_a_correction_is_looked_at_then_kept_once(
    figures: list[dict[str, str]], self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    figures[0]["music_rooms"] = "3"
    page = look(client, self_check, figures)
    assert "将改动 1 所学校的数据,不变 2 所。" in words(page)
    assert rooms() == [1, 1, 2]
    ticket = page.context["ticket"]
    assert "修改 1 所学校" in words(client.post(CONFIRM, {"ticket": ticket}, follow=True))
    assert rooms() == [3, 1, 2]
    assert "已过期或已经导入" in words(client.post(CONFIRM, {"ticket": ticket}, follow=True))


def test_one_bad_figure_keeps_the_whole_table_out(
    figures: list[dict[str, str]], self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    figures[0]["music_rooms"], figures[2]["teachers"] = "3", "约60"
    page = look(signed_in(wu_manager), self_check, figures)
    assert page.status_code == 422
    assert "第 4 行" in words(page)
    assert "专任教师数" in words(page)
    assert not page.context["ticket"]
    assert rooms() == [1, 1, 2]


def test_only_what_a_district_may_change_is_offered(
    figures: list[dict[str, str]], self_check: SelfCheck, reach, wu_manager: User, signed_in
) -> None:
    reach("submitted")
    page = look(signed_in(wu_manager), self_check, figures)
    assert page.status_code == 422
    assert "不能改动数据" in words(page)


def test_what_changed_after_the_preview_stops_it(
    figures: list[dict[str, str]], self_check: SelfCheck, reach, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    figures[0]["music_rooms"] = "3"
    ticket = look(client, self_check, figures).context["ticket"]
    reach("submitted")
    assert "有了变化" in words(client.post(CONFIRM, {"ticket": ticket}, follow=True))
    assert rooms() == [1, 1, 2]


def test_inspectors_take_out_and_do_not_put_in(
    figures: list[dict[str, str]], self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    assert client.get(IMPORT).status_code == 403
    assert client.post(CONFIRM).status_code == 403
    out = client.post("/admin/selfchecks/schoolrecord/export/", {"format": "1", "resource": "0"})
    assert figures[0]["school_code"] in out.content.decode("utf-8-sig")
