"""What somebody tried and may not do leaves an entry: who, what, where; never what was sent."""

from django.test import Client
from django.utils import timezone

from audit import middleware as attempts
from audit.models import Entry
from audit.services import verify
from districts.models import User
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]


def refused() -> list[Entry]:
    return list(Entry.objects.filter(action="access.refuse").order_by("number"))


def test_an_officer_who_tries_to_approve_is_noted_once(
    reach, chen_officer: User, signed_in
) -> None:
    page = f"/self-checks/{reach('in_review').reference}/check/"
    client = signed_in(chen_officer)
    for _click in range(3):
        answer = client.post(page, {"step": "approve", "comment": "<b>机密", "digest": "x"})
        assert answer.status_code == 403
    (entry,) = refused()
    assert (entry.actor, entry.district_code) == (chen_officer.username, "500106")
    assert entry.changes == {"method": "POST", "path": page}
    assert "「复核通过」由市级督学办理" in entry.reason
    assert "机密" not in f"{entry.changes}{entry.reason}"
    assert verify() is None


def test_another_act_on_the_same_object_is_another_entry(
    reach, chen_officer: User, signed_in
) -> None:
    page = f"/self-checks/{reach('in_review').reference}/check/"
    client = signed_in(chen_officer)
    client.post(page, {"step": "approve"})
    client.post(page, {"step": "submit"})
    assert len(refused()) == 2


def test_it_is_noted_again_after_a_while(reach, chen_officer: User, signed_in, monkeypatch) -> None:
    page = f"/self-checks/{reach('in_review').reference}/check/"
    client = signed_in(chen_officer)
    client.post(page, {"step": "approve"})
    later = timezone.now() + attempts.QUIET * 2
    monkeypatch.setattr(attempts.timezone, "now", lambda: later)
    client.post(page, {"step": "approve"})
    assert len(refused()) == 2


def test_the_trail_cannot_be_flooded(chen_officer: User, db: None) -> None:
    for number in range(attempts.MOST + 10):
        attempts.note_refused(method="POST", path=f"/{number}/", why="", by=chen_officer)
    assert len(refused()) == attempts.MOST


def test_an_inspector_who_tries_to_sign_over_rest_is_noted(
    reach, zhou_inspector: User, signed_in
) -> None:
    path = f"/api/v1/self-checks/{reach('awaiting_signature').reference}/steps/"
    client = signed_in(zhou_inspector)
    seen = {"If-Match": client.get(path.removesuffix("steps/"))["ETag"]}
    answer = client.post(path, {"step": "submit"}, content_type="application/json", headers=seen)
    assert answer.status_code == 403
    (entry,) = refused()
    assert (entry.actor, entry.changes["path"]) == (zhou_inspector.username, path)


def test_strangers_old_forms_and_reading_leave_nothing(
    reach, chen_officer: User, signed_in
) -> None:
    page = f"/self-checks/{reach('in_review').reference}/check/"
    Client().post(page, {"step": "approve"})
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(chen_officer)
    assert strict.post(page, {"step": "approve"}).status_code == 403
    signed_in(chen_officer).get("/admin/audit/entry/", follow=True)
    assert refused() == []


def test_the_entry_stands_in_words(reach, chen_officer: User, he_auditor: User, signed_in) -> None:
    page = f"/self-checks/{reach('in_review').reference}/check/"
    signed_in(chen_officer).post(page, {"step": "approve"})
    (entry,) = refused()
    text = signed_in(he_auditor).get(f"/admin/audit/entry/{entry.pk}/change/").text
    assert "被拒绝的操作" in text
    assert page in text


def test_a_token_is_noted_as_its_account(reach, chen_officer: User, bearer) -> None:
    path = f"/api/v1/self-checks/{reach('awaiting_signature').reference}/steps/"
    client = bearer(chen_officer, "read")
    answer = client.post(path, {"step": "recall"}, content_type="application/json")
    assert answer.status_code == 403
    (entry,) = refused()
    assert entry.actor == chen_officer.username
    assert verify() is None
