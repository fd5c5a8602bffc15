"""我的待办, the board, deadlines and what is only read: who finds what, in how many queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from districts.models import District, School, User
from selfchecks.admin.work import next_for, work_of
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import opening
from selfchecks.services.steps import take_step
from tests.reader import tables, words
from tests.selfchecks.conftest import decide, keep_clean
from tests.selfchecks.test_admin_board import BOARD, late, nudge

WORK = "/admin/selfchecks/selfcheck/work/"
MODELS = [model for model in admin.site._registry if model._meta.app_label == "selfchecks"]


def test_each_list_holds_what_belongs_there(
    reach,
    self_check: SelfCheck,
    zhou_inspector: User,
    sun_inspector: User,
    wu_manager: User,
    chen_officer: User,
    zhao_signatory: User,
) -> None:
    late(wu_manager)
    self_check.refresh_from_db()
    assert work_of(zhou_inspector)["overdue"] == [self_check]
    reach("submitted")
    assert work_of(zhou_inspector)["waiting"] == [self_check]
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    assert work_of(zhou_inspector)["mine"] == [self_check]
    assert work_of(sun_inspector)["elsewhere"] == [self_check]
    decide(self_check, "send_back", zhou_inspector)
    assert work_of(zhou_inspector)["overdue"] == [self_check]
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    found = work_of(zhou_inspector)
    assert (found["corrected"], found["waiting"]) == ([self_check], [])
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    decide(self_check, "approve", zhou_inspector)
    assert not any(vars_of(work_of(zhou_inspector)))


def vars_of(found: Any) -> list[list[SelfCheck]]:
    return [
        found["mine"],
        found["corrected"],
        found["waiting"],
        found["overdue"],
        found["elsewhere"],
    ]


def test_the_lists_take_as_many_queries_for_39_units_as_for_one(
    self_check: SelfCheck, zhou_inspector: User, wu_manager: User, signed_in, monkeypatch
) -> None:
    monkeypatch.setattr("districts.sessions._OFTEN", 3600)  # no sign of life is written meanwhile
    client = signed_in(zhou_inspector)

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    late(wu_manager)
    few = [queries(path) for path in (WORK, BOARD)]
    due = timezone.localdate() - timedelta(days=3)
    opening.open_year(year=2026, due_on=due, fill_from=due - timedelta(days=30), by=wu_manager)
    assert [queries(path) for path in (WORK, BOARD)] == few
    assert max(few) <= 12


def test_nobody_finds_a_column_of_acts_that_are_not_theirs(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User, signed_in
) -> None:
    reach("submitted")
    heads = ["区县", "年度", "状态", "截止日", "报送时间"]
    assert tables(signed_in(wu_manager).get(WORK))[0][0] == heads
    (inspector,) = tables(signed_in(zhou_inspector).get(WORK))
    assert inspector[0] == [*heads, "办理"]
    assert inspector[1][5].startswith("开始复核")


def test_filters_narrow_and_a_kept_one_is_used_first_by_its_owner_alone(
    self_check: SelfCheck,
    zhou_inspector: User,
    sun_inspector: User,
    wu_manager: User,
    signed_in,
) -> None:
    late(wu_manager)
    client = signed_in(zhou_inspector)
    assert "逾期 1 个" in words(client.get(WORK))
    assert "逾期 0 个" in words(client.get(WORK, {"year": "2025"}))
    page = "admin:selfchecks_selfcheck_work"
    view = {"page": page, "name": "去年的", "query": "year=2025", "opens": "on"}
    kept = client.post("/accounts/views/", view, follow=True)
    assert "已存为「去年的」" in words(kept)
    client.post("/admin/logout/")
    client.force_login(zhou_inspector)
    assert "逾期 0 个" in words(client.get(WORK))
    assert "逾期 1 个" in words(client.get(WORK, {"year": ""}))
    client.force_login(sun_inspector)
    assert "逾期 1 个" in words(client.get(WORK))
    assert "去年的" not in words(client.get(WORK))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"phase": "2021"}, 1),  # 沙坪坝区 is planned for 2022
        ({"phase": "2029"}, 0),
        ({"due": "month"}, 0),
        ({"due": "past"}, 1),
    ],
)
def test_lists_narrow_to_a_phase_of_the_plan_and_to_days(
    self_check: SelfCheck,
    zhou_inspector: User,
    wu_manager: User,
    signed_in,
    query: dict[str, str],
    count: int,
) -> None:
    late(wu_manager)
    assert f"逾期 {count} 个" in words(signed_in(zhou_inspector).get(WORK, query))


def test_the_list_is_filtered_by_those_who_review(
    reach, self_check: SelfCheck, he_auditor: User, sun_inspector: User, signed_in
) -> None:
    reach("in_review")
    page = words(signed_in(sun_inspector).get("/admin/selfchecks/selfcheck/"))
    assert "周岚" in page
    assert "何磊" not in page
    assert "陈静" not in page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_list_and_row_opens_for_reading_and_nothing_is_deleted(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in, model: Any
) -> None:
    reach("approved")
    client = signed_in(zhou_inspector)
    name = f"admin:selfchecks_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    for row in model._default_manager.visible_to(zhou_inspector)[:1]:
        assert client.get(reverse(f"{name}_change", args=[row.pk]), follow=True).status_code == 200
        gone = client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"})
        assert gone.status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_a_list_reads_no_snapshot(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in, model: Any
) -> None:
    """What an evaluation or a check keeps is megabytes a row; a list shows none of it."""
    reach("approved")
    client = signed_in(zhou_inspector)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(f"admin:selfchecks_{model._meta.model_name}_changelist"))
    asked = " ".join(query["sql"] for query in captured)
    wide = ("inputs", "rules", "outcome", "indicators", "findings", "reasons")
    assert [column for column in wide if f'"{column}"' in asked] == []


def test_the_header_counts_my_notices(
    reach, self_check: SelfCheck, zhou_inspector: User, sun_inspector: User, signed_in
) -> None:
    reach("submitted")
    assert "通知（1）" in words(signed_in(zhou_inspector).get("/admin/"))
    client = signed_in(sun_inspector)
    assert "审签并报送" in words(client.get("/admin/selfchecks/notice/"))


def test_a_unit_that_is_not_there_is_not_found(
    reference: None, zhou_inspector: User, signed_in, tongliang: District
) -> None:
    client = signed_in(zhou_inspector)
    for path in ("/admin/selfchecks/selfcheck/9/review/", "/admin/selfchecks/selfcheck/x/change/"):
        assert client.get(path).status_code == 404


def test_who_prepared_it_is_offered_no_review_and_told_why(
    reach, self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    reach("submitted")
    chen_officer.role, chen_officer.reach, chen_officer.district = "inspector", "city", None
    chen_officer.save()
    client = signed_in(chen_officer)
    page = client.get(WORK)
    assert "您参与过这份自查的填报或审签，须由另一人复核。" in words(page)
    assert 'value="take_up"' not in page.content.decode()
    assert next_for(chen_officer, after=SelfCheck()) is None
    review = client.get(reverse("admin:selfchecks_selfcheck_review", args=[self_check.pk]))
    assert "「开始复核」须由另一人办理" in words(review)
    assert 'value="take_up"' in signed_in(zhou_inspector).get(WORK).content.decode()
    assert next_for(zhou_inspector, after=SelfCheck()) == self_check


def test_the_desk_gives_each_only_what_they_can_do(
    reach,
    self_check: SelfCheck,
    zhou_inspector: User,
    wu_manager: User,
    he_auditor: User,
    signed_in,
) -> None:
    """A late one is reminded of by inspector and manager; a submitted one is the inspector's."""
    people = (zhou_inspector, wu_manager, he_auditor)
    late(wu_manager)
    assert [tasks(signed_in(who)) for who in people] == [["催办"], ["催办"], []]
    reach("submitted")
    assert [tasks(signed_in(who)) for who in people] == [["复核"], [], []]
    assert "待复核 1" in words(signed_in(he_auditor).get("/admin/"))


def tasks(client: Any) -> list[str]:
    """What the desk asks of the person, or that nothing is to be done."""
    text = words(client.get("/admin/"))
    found = [doing for doing in ("复核", "催办") if f"{doing}沙坪坝区 2026 年度自查" in text]
    assert ("没有等您办理的自查。" in text) == (not found)
    return found


def test_what_is_late_shows_for_how_long_and_when_it_was_last_nudged(
    self_check: SelfCheck, chen_officer: User, wu_manager: User, signed_in
) -> None:
    late(wu_manager)
    client = signed_in(wu_manager)
    assert "已逾期 3 天" in words(client.get(WORK))
    nudge(client, "send")
    sent = Notice.objects.get(kind="reminder").created_at
    assert tables(client.get(WORK))[-1][1][5] == date_format(
        timezone.localtime(sent), "DATETIME_FORMAT"
    )


def test_warnings_of_a_version_say_what_is_wrong(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhou_inspector: User,
    signed_in,
) -> None:
    upload = keep_clean(
        self_check, chen_officer, changes={(schools[0].code, "teaching_area"): None}
    )
    [warning] = [row for row in upload.findings if row["level"] == "warning"]
    path = reverse("admin:selfchecks_upload_change", args=[upload.pk])
    heads, row = tables(signed_in(zhou_inspector).get(path))[-1]
    assert heads == ["位置", "问题", "填写的内容", "预期", "说明"]
    assert row[0] == f"{warning['sheet']} {warning['cell']}"
    assert "没有填报" in row[1] or "未填报" in row[1]
    assert (row[4], "template" in str(row)) == ("已与学校核实", False)
