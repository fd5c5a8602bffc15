"""The pages where anybody says something and looks up the answer, and the bureau's own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from districts.models import User
from improvement.models import Feedback
from improvement.services import feedback
from improvement.voices import gate
from selfchecks import clock
from tests.improvement.test_feedback import PERSONAL, SAID, message, passed_on, take
from tests.reader import headings, words

__all__ = ["message", "passed_on"]
FORM, LOOK = "/feedback/", "/feedback/answer/"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"{{ 7|add:7 }}"


def ticket(seconds: float = 60) -> str:
    return gate.new_ticket((clock.now() - timedelta(seconds=seconds)).timestamp())


def send(client: Client, **said: Any) -> Any:
    return client.post(FORM, {"text": SAID, "ticket": ticket(), **said})


def code_in(page: Any) -> str:
    found = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{2,4}){6}", page.content.decode())
    assert found
    return found[0]


def test_said_and_looked_up(client: Client, reference: None, zhou_inspector: User) -> None:
    assert "不用登录" in words(client.get(FORM, {"unit": "500106", "about": "/districts/500106/"}))
    sent = send(client, unit="500106", page="/districts/500106/", name=PERSONAL[0])
    row = Feedback.objects.get()
    assert (sent.status_code, sent["Cache-Control"]) == (200, "no-store")
    assert row.district is not None
    assert (row.district.code, row.page) == ("500106", "/districts/500106/")
    code = code_in(sent)
    assert "待受理" in words(client.post(LOOK, {"code": code.lower()}))
    taken = take(row, "take_up", zhou_inspector)
    take(taken, "answer", zhou_inspector, answer="路灯已修好。")
    page = client.post(LOOK, {"code": code.replace("-", " ")})
    assert "路灯已修好。" in words(page)
    assert PERSONAL[0] not in page.content.decode()
    assert headings(page)[0] == 1


def test_a_wrong_code_finds_nothing(client: Client, message: Feedback) -> None:
    for code in ("", "2" * 26, str(message.pk), message.digest, "长" * 200):
        page = client.post(LOOK, {"code": code})
        assert "没有这个查询码" in words(page)
        assert SAID not in page.content.decode()


def test_the_same_form_twice_is_one_message_and_one_code(client: Client, reference: None) -> None:
    said = {"ticket": ticket()}
    assert code_in(send(client, **said)) == code_in(send(client, **said))
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"website": "http://spam.example"}, "有一栏应当留空"),
        ({"ticket": "nonsense"}, "打开太久"),
        ({"ticket": ""}, "打开太久"),
        ({"text": ""}, "请写明要反映的内容"),
        ({"text": "长" * 2001}, "2000"),
        ({"unit": "999999"}, "999999"),
        ({"name": "铃\x07"}, "控制字符"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, reference: None, said: Any, sentence: str
) -> None:
    page = send(client, **said)
    assert page.status_code == 422
    assert sentence in words(page)
    assert not Feedback.objects.exists()


def test_too_quick_or_too_old_keeps_the_text_and_the_next_press_works(
    client: Client, reference: None
) -> None:
    page = send(client, ticket=ticket(1))
    assert "提交得太快" in words(page)
    assert SAID in page.content.decode()
    page = send(client, ticket=ticket(13 * 3600))
    (new,) = re.findall(r'name="ticket" value="([^"]+)"', page.content.decode())
    with clock.at(clock.now() + timedelta(seconds=6)):
        assert send(client, ticket=new).status_code == 200


def test_six_an_hour_from_one_address(client: Client, reference: None) -> None:
    answers = [send(client, text=f"{SAID}{n}") for n in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert "请过一小时再提交" in words(answers[6])
    assert f"{SAID}6" in answers[6].content.decode()
    other = client.post(FORM, {"text": SAID, "ticket": ticket()}, REMOTE_ADDR="10.9.9.9")
    assert other.status_code == 200


def test_codes_cannot_be_tried_through(client: Client, reference: None) -> None:
    statuses = [client.post(LOOK, {"code": "2" * 26}).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_a_form_of_another_site_is_refused(reference: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(FORM, {"text": SAID, "ticket": ticket()}).status_code == 403
    assert not Feedback.objects.exists()


def test_only_the_citys_words_and_answer_become_public(
    client: Client, message: Feedback, zhou_inspector: User
) -> None:
    done = take(take(message, "take_up", zhou_inspector), "answer", zhou_inspector, answer="已修好")
    assert "已修好" not in words(client.get(FORM))
    take(done, "publish", zhou_inspector, published_text="反映路灯损坏")
    page = client.get(FORM)
    assert "反映路灯损坏" in words(page)
    assert "已修好" in words(page)
    for secret in (SAID, *PERSONAL):
        assert secret not in page.content.decode()


def test_hostile_text_is_only_text(
    client: Client, reference: None, zhou_inspector: User, chen_officer: User, signed_in: Any
) -> None:
    code = code_in(send(client, text=HOSTILE, page=HOSTILE))
    row = take(Feedback.objects.get(), "take_up", zhou_inspector)
    row = take(row, "pass_on", zhou_inspector, passed_to=chen_officer.district)
    row = take(row, "reply", chen_officer, reply=HOSTILE)
    row = take(row, "answer", zhou_inspector, answer=HOSTILE)
    take(row, "publish", zhou_inspector, published_text=HOSTILE)
    pages = [
        client.get(FORM),
        client.get(FORM, {"about": HOSTILE, "unit": HOSTILE, "page": HOSTILE}),
        client.post(LOOK, {"code": code}),
        client.post(LOOK, {"code": HOSTILE}),
        signed_in(chen_officer).get("/feedback/own/"),
        signed_in(chen_officer).get(f"/feedback/own/{row.pk}/"),
    ]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_the_bureau_reads_what_was_said_not_by_whom_and_replies(
    passed_on: Feedback, signed_in: Any, chen_officer: User
) -> None:
    client = signed_in(chen_officer)
    assert SAID in words(client.get("/feedback/own/"))
    path = f"/feedback/own/{passed_on.pk}/"
    page = client.get(path)
    assert SAID in words(page)
    for secret in PERSONAL:
        assert secret not in page.content.decode()
    assert client.post(path, {"reply": ""}).status_code == 422
    seen = feedback.tag_of(passed_on)
    assert client.post(path, {"reply": "已换灯", "seen": seen}).status_code == 302
    assert client.post(path, {"reply": "再换", "seen": seen}).status_code == 412
    assert "已换灯" in words(client.get(path))


def test_messages_for_others_are_not_found(
    passed_on: Feedback, signed_in: Any, liu_officer: User
) -> None:
    client = signed_in(liu_officer)
    assert SAID not in words(client.get("/feedback/own/"))
    path = f"/feedback/own/{passed_on.pk}/"
    assert client.get(path).status_code == client.post(path, {"reply": "x"}).status_code == 404
    assert Client().get(path).status_code == 302


def test_pages_lead_to_the_form(client: Client, reference: None) -> None:
    page = client.get("/districts/500106/?as_of=2026-01-01").content.decode()
    assert '/feedback/?unit=500106"' in page
    assert '/feedback/?about=/districts/500106/"' in page
