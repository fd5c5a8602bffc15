"""Notices are read and turned off in place; what a district must do cannot be turned off."""

import pytest

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from districts.models import User
from selfchecks.models import Notice, SelfCheck
from selfchecks.services.own_notices import mute, muted_kinds
from selfchecks.services.reviews import Target, comment
from tests.reader import links, words

DESK, NOTICES = "/admin/", "/self-checks/notices/"


def test_a_muted_kind_comes_read_and_without_a_letter(
    settings, reach, self_check: SelfCheck, zhou_inspector: User, sun_inspector: User
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    User.objects.filter(role="inspector").update(email="a@example.com")
    mute(kind="step.submit", by=zhou_inspector)
    mute(kind="step.submit", by=zhou_inspector)
    assert Entry.objects.filter(action="notice.mute").count() == 1
    reach("submitted")
    muted, told = (
        Notice.objects.get(recipient=person, kind="step.submit")
        for person in (zhou_inspector, sun_inspector)
    )
    assert (muted.read_at is None, told.read_at is None) == (False, True)
    assert muted.email_state == "none"
    [(kind, example)] = muted_kinds(zhou_inspector)
    assert (kind, "沙坪坝区 2026" in example) == ("step.submit", True)


def test_muting_reads_what_is_there_and_can_be_undone(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("submitted")
    client = signed_in(zhou_inspector)
    desk = client.get(DESK)
    assert "未读通知（1 条）" in words(desk)
    assert f"/admin/selfchecks/selfcheck/{self_check.pk}/review/" in links(desk)
    answer = client.post(NOTICES, {"mute": "step.submit", "desk": "1"})
    assert answer.url == DESK
    desk = words(client.get(DESK))
    assert "未读通知" not in desk
    assert "这一类不再提醒" in desk
    assert "不再提醒的" in words(client.get(NOTICES))
    assert client.post(NOTICES, {"unmute": "step.submit"}).url == NOTICES
    zhou_inspector.refresh_from_db()
    assert zhou_inspector.muted == []


def test_one_is_read_in_place(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("submitted")
    client = signed_in(zhou_inspector)
    [notice] = Notice.objects.visible_to(zhou_inspector)
    assert client.post(NOTICES, {"notice": notice.pk, "desk": "1"}).url == DESK
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_districts_mute_nothing(chen_officer: User, zhou_inspector: User, signed_in) -> None:
    with pytest.raises(NotAllowed):
        mute(kind="reminder", by=chen_officer)
    with pytest.raises(Unusable):
        mute(kind="nothing", by=zhou_inspector)
    assert signed_in(chen_officer).post(NOTICES, {"mute": "reminder"}).status_code == 403
    assert "不再提醒这一类" not in words(signed_in(chen_officer).get(NOTICES))
    assert signed_in(zhou_inspector).post(NOTICES, {"mute": "nothing"}).status_code == 422


def test_what_was_muted_is_told_again_to_somebody_who_went_to_a_district(
    reach, self_check: SelfCheck, chen_officer: User
) -> None:
    """The list stays with the account; it holds for the city alone."""
    User.objects.filter(pk=chen_officer.pk).update(muted=["step.take_up"])
    reach("in_review")
    assert Notice.objects.get(recipient=chen_officer, kind="step.take_up").read_at is None


def test_many_of_a_kind_show_the_newest_two_and_fold_the_rest(
    reach, self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    for number in range(1, 6):
        comment(self_check=self_check, text=f"请核对{number}", by=zhou_inspector, on=Target("B1"))
    client = signed_in(chen_officer)
    newest = Notice.objects.filter(recipient=chen_officer, kind="comment").first()
    client.post(NOTICES, {"notice": newest.pk})
    shown, folded = client.get(NOTICES).content.decode().split("<details>")
    assert [f"请核对{number}" in shown for number in range(1, 6)] == [False] * 3 + [True] * 2
    assert "这一类还有 3 条，3 条未读</summary>" in folded
    assert [f"请核对{number}" in folded for number in range(1, 6)] == [True] * 3 + [False] * 2
