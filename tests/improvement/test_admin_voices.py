"""The admin of practices and of what the public says: steps, refusals, and who sees whom."""

from typing import Any

from districts.models import User
from improvement.models import Feedback, Practice
from improvement.services import feedback
from tests.improvement.test_feedback import PERSONAL, SAID, message, passed_on
from tests.improvement.test_practices import FACTS, submitted
from tests.reader import words

__all__ = ["message", "passed_on", "submitted"]
MESSAGES, PRACTICES = "/admin/improvement/feedback/", "/admin/improvement/practice/"


def test_a_message_is_taken_up_and_answered(
    message: Feedback, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    assert SAID in words(client.get(MESSAGES))
    page = client.get(f"{MESSAGES}{message.pk}/change/")
    assert all(secret in words(page) for secret in PERSONAL)
    assert "../take_up/" in page.content.decode()
    assert "../answer/" not in page.content.decode()
    assert client.post(f"{MESSAGES}{message.pk}/take_up/").status_code == 302
    form = f"{MESSAGES}{message.pk}/answer/"
    asked = words(client.get(form))
    assert "凭查询码看到答复" in asked
    assert SAID in asked  # what is answered stands beside the answer
    empty = client.post(form, {"answer": " "})
    assert (empty.status_code, "请写明答复" in words(empty)) == (422, True)
    seen = feedback.tag_of(message)  # as it was before it was taken up
    assert client.post(form, {"answer": "已修好", "seen": seen}).status_code == 412
    assert client.post(form, {"answer": "已修好"}).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.answer) == ("answered", "已修好")
    assert client.post(form, {"answer": "再答"}).status_code == 409


def test_it_is_passed_on_and_entered_in_the_ledger(
    message: Feedback, chen_officer: User, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    client.post(f"{MESSAGES}{message.pk}/take_up/")
    district = chen_officer.district
    assert district is not None
    client.post(f"{MESSAGES}{message.pk}/pass_on/", {"passed_to": district.pk})
    said = {"passed_to": district.pk, "words": "校门口照明不足", "indicator": "B4"}
    client.post(f"{MESSAGES}{message.pk}/enter/", said)
    message.refresh_from_db()
    assert message.problem is not None
    assert (message.passed_to, message.problem.words) == (district, "校门口照明不足")


def test_an_auditor_reads_what_was_said_not_by_whom_and_does_nothing(
    message: Feedback, he_auditor: User, signed_in: Any
) -> None:
    client = signed_in(he_auditor)
    page = client.get(f"{MESSAGES}{message.pk}/change/")
    assert SAID in words(page)
    assert not any(secret in page.content.decode() for secret in PERSONAL)
    assert "../take_up/" not in page.content.decode()
    assert client.post(f"{MESSAGES}{message.pk}/take_up/").status_code == 403
    found = client.get(MESSAGES, {"q": PERSONAL[1]})
    assert SAID not in words(found)


def test_practices_are_published_or_sent_back(
    submitted: Practice, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    page = client.get(f"{PRACTICES}{submitted.pk}/change/")
    assert "资料不足" in words(page)
    assert b'name="title"' not in page.content
    assert client.post(f"{PRACTICES}{submitted.pk}/return/", {"reason": ""}).status_code == 422
    assert client.post(f"{PRACTICES}{submitted.pk}/publish/").status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == "published"
    assert client.get(f"{PRACTICES}0/publish/").status_code == 404


def test_the_city_writes_a_draft_that_another_publishes(
    zhou_inspector: User, chen_officer: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    assert chen_officer.district
    said = {**FACTS, "district": chen_officer.district.pk, "indicators": ["A2", "B5"]}
    assert "没有「Z9」" in words(client.post(f"{PRACTICES}add/", {**said, "indicators": "Z9"}))
    assert client.post(f"{PRACTICES}add/", said).status_code == 302
    row = Practice.objects.get()
    page = client.get(f"{PRACTICES}{row.pk}/change/").content.decode()
    assert 'name="title"' in page
    client.post(f"{PRACTICES}{row.pk}/submit/")
    assert "../publish/" not in client.get(f"{PRACTICES}{row.pk}/change/").content.decode()
    refused = client.post(f"{PRACTICES}{row.pk}/publish/")
    assert (refused.status_code, "另一位" in words(refused)) == (403, True)


def test_the_citys_first_page_says_what_waits(
    message: Feedback, submitted: Practice, zhou_inspector: User, signed_in: Any
) -> None:
    page = words(signed_in(zhou_inspector).get("/admin/"))
    assert "1 条待市级办理" in page
    assert "1 条待市级审核" in page
