"""Notices: written with what they tell of, once, and mailed when mail is configured."""

from collections.abc import Callable
from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone, translation

from districts.models import District, User
from districts.services.calendar import set_day
from districts.services.people import disable_user, update_user
from selfchecks import clock
from selfchecks.bureau.notices import lines_of
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import notices
from selfchecks.services.notice_words import TEXTS, text_of
from selfchecks.services.own_notices import mark_read
from selfchecks.services.steps import take_step
from selfchecks.workflow import STEPS
from tests.selfchecks.conftest import DUE_ON


@pytest.fixture
def with_address(self_check: SelfCheck, chen_officer: User) -> None:
    User.objects.filter(pk=chen_officer.pk).update(email="chen@example.com")


def test_every_step_has_its_sentence() -> None:
    assert {f"step.{step.name}" for step in STEPS} <= set(TEXTS)


def test_a_notice_reads_as_a_sentence(reach, self_check: SelfCheck, chen_officer: User) -> None:
    reach("returned")
    notice = Notice.objects.get(kind="step.send_back", recipient=chen_officer)
    sentence = "沙坪坝区 2026 年度自查被退回修改，截止日 2026年12月15日：请核对骨干教师数"
    assert text_of(notice) == sentence


def test_notices_of_earlier_versions_name_the_unit_in_english(chen_officer: User) -> None:
    district = chen_officer.district
    District.objects.filter(pk=district.pk).update(english_name="Shapingba")
    params = {"unit": district.name, "actor": "系统", "count": 2, "comment": "登记重复"}
    kept = Notice(kind="ledger.void", recipient=chen_officer, params=params)
    with translation.override("en"):
        sentence = "System voided problems of Shapingba 沙坪坝区 (2): 登记重复"
        assert text_of(kept) == sentence
        kept.params["unit"] = "江津县"  # nobody is called so today
        assert "江津县" in text_of(kept)
    assert "沙坪坝区" not in text_of(kept)


def test_many_notices_of_earlier_versions_ask_once(
    chen_officer: User, django_assert_num_queries: Any
) -> None:
    now, told = timezone.now(), {"kind": "ledger.void", "recipient": chen_officer}
    params = {"unit": chen_officer.district.name, "actor": "系统", "count": 2, "comment": "重复"}
    Notice.objects.bulk_create(
        Notice(dedup_key=f"old-{at}", created_at=now, params=params, **told) for at in range(20)
    )
    with translation.override("en"), django_assert_num_queries(2):
        assert len(lines_of(chen_officer, 100)) == 20


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (DUE_ON - timedelta(days=14), "due_soon"),
        (DUE_ON - timedelta(days=1), "due_soon"),
        (DUE_ON, "due_today"),
        (DUE_ON + timedelta(days=3), "overdue"),
        (DUE_ON - timedelta(days=3), None),  # a Saturday
        (DUE_ON - timedelta(days=5), None),
        (DUE_ON + timedelta(days=4), None),
    ],
)
def test_due_dates_are_told_before_on_and_after(
    day: date, kind: str | None, self_check: SelfCheck, chen_officer: User
) -> None:
    told = notices.tell_of_due_dates(day=day)
    assert [notice.kind for notice in told] == ([kind] if kind else [])
    assert notices.tell_of_due_dates(day=day) == []


def test_the_next_working_day_tells_what_fell_on_days_of_rest(
    self_check: SelfCheck, chen_officer: User
) -> None:
    """Seven days before the end lies in the holiday of 1 to 8 October 2025."""
    due = date(2025, 10, 14)
    SelfCheck.objects.filter(pk=self_check.pk).update(due_on=due, fill_from=date(2025, 9, 1))
    assert notices.tell_of_due_dates(day=date(2025, 10, 7)) == []
    [told] = notices.tell_of_due_dates(day=date(2025, 10, 9))
    assert text_of(told) == "沙坪坝区 2026 年度自查还有 5 天截止（2025年10月14日），尚未报送。"


def test_who_has_submitted_is_left_in_peace(reach, self_check: SelfCheck) -> None:
    reach("submitted")
    assert notices.tell_of_due_dates(day=DUE_ON) == []


def test_a_notice_is_seen_by_its_reader_only(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, wu_manager: User
) -> None:
    notices.tell_of_due_dates(day=DUE_ON)
    for person, expected in ((chen_officer, 1), (zhao_signatory, 1), (wu_manager, 0)):
        assert Notice.objects.visible_to(person).count() == expected
    assert mark_read(by=chen_officer) == 1
    assert Notice.objects.unread().count() == 1


def test_without_mail_configured_nothing_waits(
    settings, with_address: None, self_check: SelfCheck
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    notices.tell_of_due_dates(day=DUE_ON)
    assert set(Notice.objects.values_list("email_state", flat=True)) == {"none"}


def test_m62_a_letter_leaves_by_the_queue_and_once(
    with_address: None,
    self_check: SelfCheck,
    django_capture_on_commit_callbacks,
    worker: Callable[[], None],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notices.tell_of_due_dates(day=DUE_ON)
    assert mail.outbox == []
    worker()
    assert [letter.to for letter in mail.outbox] == [["chen@example.com"]]
    assert mail.outbox[0].body == "沙坪坝区 2026 年度自查今天截止，尚未报送。"
    assert notices.deliver() == 0
    notice = Notice.objects.get(email_state="sent")
    assert notice.emailed_at is not None


@pytest.mark.parametrize(
    ("change", "leaves"),
    [
        ({"display_name": "陈静静"}, True),
        ({"email": "new@example.com"}, True),
        ({"district": "500151"}, False),
        ({"role": "signatory"}, False),
        ({}, False),
    ],
)
def test_no_letter_goes_to_who_left_or_answers_for_something_else(
    with_address: None,
    self_check: SelfCheck,
    chen_officer: User,
    yang_keeper: User,
    change: dict[str, str],
    leaves: bool,
) -> None:
    notices.tell_of_due_dates(day=DUE_ON)
    if "district" in change:
        place = {"district": District.objects.get(code=change["district"])}
        update_user(user=chen_officer, by=yang_keeper, **place)
    elif change:  # nobody alone makes an officer a signatory
        by = None if "role" in change else yang_keeper
        update_user(user=chen_officer, by=by, **change)
    else:
        disable_user(user=chen_officer, by=yang_keeper)
    assert notices.deliver() == int(leaves)
    assert len(mail.outbox) == int(leaves)
    assert Notice.objects.get().email_state == ("sent" if leaves else "none")


def test_m79_a_mail_server_that_is_down_loses_nothing_for_three_days(
    with_address: None, self_check: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again after 5, 10, 20 … minutes: the eleventh time after 5 × 1023 minutes."""
    notices.tell_of_due_dates(day=DUE_ON)
    monkeypatch.setattr(notices.EmailMessage, "send", _refused)
    start, minutes = timezone.now(), [0, 5, 15, 35, 75, 155, 315, 635, 1275, 2555, 5115]
    for minute in sorted({*minutes, *(each - 1 for each in minutes[1:])}):
        with clock.at(start + timedelta(minutes=minute)):
            notices.deliver()
        notice = Notice.objects.get()
        assert notice.email_attempts == sum(each <= minute for each in minutes)
        assert notice.email_state == ("failed" if minute == 5115 else "pending")


def test_m79_one_letter_is_tried_when_the_server_is_silent_but_all_when_it_refuses_an_address(
    with_address: None, self_check: SelfCheck, zhao_signatory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(email="someone@example.com")
    notices.tell_of_due_dates(day=DUE_ON)
    monkeypatch.setattr(notices.EmailMessage, "send", _refused)
    notices.deliver()
    assert sorted(Notice.objects.values_list("email_attempts", flat=True)) == [0, 1]
    monkeypatch.setattr(notices.EmailMessage, "send", _no_such_address)
    with clock.at(timezone.now() + timedelta(hours=1)):
        notices.deliver()
    assert sorted(Notice.objects.values_list("email_attempts", flat=True)) == [1, 2]


def test_m79_a_silent_server_is_not_waited_for_longer_than_ten_seconds(settings) -> None:
    assert 0 < settings.EMAIL_TIMEOUT <= 10


def _no_such_address(*args: object, **kwargs: object) -> None:
    raise SMTPRecipientsRefused({"someone@example.com": (550, b"no such user")})


def _refused(*args: object, **kwargs: object) -> None:
    raise ConnectionRefusedError


def test_a_rolled_back_step_tells_nobody(
    reach, self_check: SelfCheck, zhao_signatory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach("awaiting_signature")
    before = Notice.objects.count()
    monkeypatch.setattr("selfchecks.services.steps.notices.tell_of_step", _refused)
    with pytest.raises(ConnectionRefusedError):
        take_step(self_check=self_check, step="submit", by=zhao_signatory)
    self_check.refresh_from_db()
    assert (Notice.objects.count(), self_check.state) == (before, "awaiting_signature")


def test_the_daily_command_says_what_it_did(
    self_check: SelfCheck, chen_officer: User, capsys
) -> None:
    today = timezone.localdate()
    set_day(by=None, day=today, is_working=True, source="https://www.cq.gov.cn/")
    SelfCheck.objects.update(due_on=today, fill_from=today)
    with translation.override("zh-hans"):
        call_command("send_notices")
    assert capsys.readouterr().out == "新提醒 1 条，寄出邮件 0 封。\n"
