"""The year's board in the admin, nudging from it, and setting or moving the year's days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from districts.models import User
from selfchecks.models import Deadline, Notice, SelfCheck
from selfchecks.services import opening
from tests.english import chinese_left, stored_texts
from tests.reader import tables, words

WORK = "/admin/selfchecks/selfcheck/work/"
BOARD = "/admin/selfchecks/selfcheck/board/"


def late(wu_manager: User, days: int = 3) -> date:
    """Move the year's due date into the past."""
    due = timezone.localdate() - timedelta(days=days)
    fill_from = due - timedelta(days=30)
    opening.set_deadline(
        year=2026, due_on=due, fill_from=fill_from, by=wu_manager, reason="提前汇总"
    )
    return due


def nudge(client: Client, do: str = "") -> Any:
    return client.post(BOARD, {"year": "2026", "unit": ["500106"], "do": do}, follow=True)


def test_a_nudge_is_previewed_word_for_word_and_sent_once(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    preview = words(nudge(client))
    assert "周岚提醒：沙坪坝区 2026 年度自查尚未报送，截止日 2026年12月15日。" in preview
    assert not Notice.objects.filter(kind="reminder").exists()
    assert "已催办 1 个区县。" in words(nudge(client, "send"))
    assert "已催办 0 个区县，1 个今天已催办过或不需要催办。" in words(nudge(client, "send"))
    assert Notice.objects.filter(kind="reminder").count() == 1
    again = nudge(client)
    assert "今天已催办过" in words(again)
    assert 'value="send"' not in again.content.decode()


def test_where_nobody_reports_there_is_nobody_to_remind(
    self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    assert "预览催办" in client.get(BOARD, {"year": "2026"}).text
    assert "预览催办" not in client.get(BOARD, {"year": "2027"}).text


def test_zones_whose_code_is_letters_are_nudged_like_the_others(
    reference: None, wu_manager: User, signed_in
) -> None:
    due = timezone.localdate() - timedelta(days=3)
    days = {"due_on": due, "fill_from": due - timedelta(days=30)}
    opening.open_year(year=2026, by=wu_manager, **days)
    zones = [row.district.code for row in SelfCheck.objects.all() if row.district.code.isalpha()]
    assert zones == ["GXQ", "WSJKQ"]
    preview = signed_in(wu_manager).post(BOARD, {"year": "2026", "unit": [*zones, "500106"]})
    assert "将通知 3 个区县" in words(preview)


@pytest.mark.parametrize("year", ["0000", "٠٠٠٠", "99999", "-1", "abc", "1066", "²026"])
def test_a_year_that_cannot_be_is_said_and_no_view_of_it_is_offered(
    self_check: SelfCheck, zhou_inspector: User, signed_in, year: str
) -> None:
    client = signed_in(zhou_inspector)
    for page in (client.get(BOARD, {"year": year}), client.get(WORK, {"year": year})):
        assert page.status_code == 400
        said = f"没有「{year}」年度；年度是 2015 到 2035 之间的四位数字。"
        assert f"{said} 下面显示的是没有加条件的内容。" in words(page)
        assert "存下这个视图" not in words(page)
    assert "2026 年度各区县进展" in words(client.get(BOARD, {"year": year}))
    sent = client.post(BOARD, {"year": year, "unit": ["500106"]})
    assert "年度是 2015 到 2035" in words(sent)
    assert "催办预览" not in words(sent)
    assert "存下这个视图" in words(client.get(BOARD, {"year": "2026", "state": "draft"}))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (BOARD, {"state": "lost"}),
        (WORK, {"region": "火星"}),
        (WORK, {"phase": "1900"}),
        (WORK, {"due": "never"}),
        ("/admin/improvement/unitprice/shortfalls/", {"year": "1066"}),
        ("/admin/improvement/unitprice/shortfalls/", {"sort": "beauty"}),
        ("/admin/schedule/planversion/outlook/", {"days": "-3"}),
        ("/admin/schedule/planversion/atlas/", {"year": "1066"}),
        ("/admin/schedule/planversion/atlas/table/", {"unit": "000000"}),
        ("/ledger/", {"sort": "beauty"}),
        ("/districts/", {"state": "lost"}),
    ],
)
def test_what_a_page_cannot_be_asked_is_said_and_not_kept(
    self_check: SelfCheck, zhou_inspector: User, signed_in, path: str, query: dict[str, str]
) -> None:
    page = signed_in(zhou_inspector).get(path, query)
    assert page.status_code in (400, 422)
    assert next(iter(query.values())) in words(page)
    assert "下面显示的是没有加条件的内容。" in words(page)
    assert "存下这个视图" not in words(page)


def test_the_board_narrows_to_what_is_late_and_says_what_it_ticked(
    reach, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    late(wu_manager)
    client = signed_in(wu_manager)
    page = client.get(BOARD, {"year": "2026", "state": "overdue"})
    assert len(tables(page)[-1]) == 1 + 1
    assert "已逾期 3 天" in words(page)
    assert "已替您勾选逾期的 1 个区县" in words(page)
    row = reach("submitted")
    page = client.get(BOARD, {"year": "2026", "state": "submitted"})
    assert date_format(timezone.localtime(row.submitted_at), "DATETIME_FORMAT") in words(page)
    assert "已替您勾选" not in words(page)


def test_the_board_shows_all_units_and_narrows_to_a_state(
    self_check: SelfCheck, he_auditor: User, signed_in
) -> None:
    client = signed_in(he_auditor)
    everything = client.get(BOARD, {"year": "2026"})
    assert len(tables(everything)[-1]) == 1 + 42  # the 41 of the plan and 500157
    assert len(tables(client.get(BOARD, {"year": "2024"}))[-1]) == 1 + 41
    assert "预览催办" not in everything.content.decode()
    assert len(tables(client.get(BOARD, {"year": "2026", "state": "draft"}))[-1]) == 1 + 1
    assert nudge(client).status_code == 403


def test_setting_the_days_opens_the_year_and_refuses_days_out_of_order(
    reference: None, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    path = reverse("admin:selfchecks_deadline_add")
    assert f'href="{path}"' in client.get(BOARD).content.decode()
    bad = {"year": "2027", "fill_from": "2027-12-01", "due_on": "2027-09-01"}
    refused = words(client.post(path, bad))
    assert "早于开始填报日" in refused
    assert "有问题需要处理" in refused
    good = {"year": "2027", "fill_from": "2027-09-01", "due_on": "2027-12-01"}
    looked = client.post(path, good)
    assert "将为 39 个区县开启 2027 年度自查并通知它们：2027年9月1日开始填报" in words(looked)
    assert "还没有保存。请核对以下影响，无误后再按一次保存。" in words(looked)
    assert "有问题需要处理" not in words(looked)  # a question is no problem
    form = looked.context["adminform"].form
    assert {name: form[name].value() for name in good} == good
    shown = form["shown"].value()
    later = {**good, "fill_from": "2027-09-02", "shown": shown}
    assert "2027年9月2日开始填报" in words(client.post(path, later))
    assert not Deadline.objects.exists()
    done = client.post(path, {**good, "shown": shown}, follow=True)
    assert "已为 39 个区县开启自查" in words(done)
    assert SelfCheck.objects.filter(year=2027).count() == 39
    assert "2027 年度已经开启；要改期限" in words(client.post(path, later))
    path = reverse("admin:selfchecks_deadline_change", args=[Deadline.objects.get().pk])
    assert f'href="{path}"' in client.get(BOARD, {"year": "2027"}).content.decode()


def test_moving_the_days_shows_first_what_it_does(
    self_check: SelfCheck, chen_officer: User, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    path = reverse("admin:selfchecks_deadline_change", args=[Deadline.objects.get().pk])
    due = timezone.localdate() - timedelta(days=3)
    moved = {"fill_from": str(due - timedelta(days=30)), "due_on": str(due)}
    assert "请写明原因" in words(client.post(path, moved))
    looked = client.post(path, {**moved, "reason": "提前<b>汇总"})
    assert "1 个还没有报送的区县随之改期并收到通知，其中 1 个会立即逾期" in words(looked)
    assert "<b>汇总" not in looked.content.decode()
    assert Deadline.objects.get().due_on == date(2026, 12, 15)
    form = looked.context["adminform"].form
    assert {name: form[name].value() for name in moved} == moved
    shown = form["shown"].value()
    other = {**moved, "due_on": str(due + timedelta(days=30)), "reason": "提前汇总", "shown": shown}
    assert "其中 0 个会立即逾期" in words(client.post(path, other))
    assert Deadline.objects.get().due_on == date(2026, 12, 15)
    client.post(path, {**moved, "reason": "提前汇总", "shown": shown})
    self_check.refresh_from_db()
    assert Deadline.objects.get().due_on == self_check.due_on == due


def test_what_an_english_form_lacks_is_said_in_english(
    reference: None, wu_manager: User, signed_in
) -> None:
    page = signed_in(wu_manager).post("/en/admin/selfchecks/deadline/add/", {})
    assert "Due date: This field is required." in words(page)
    assert chinese_left(page.content.decode(), stored_texts()) == []
