"""What the operator says to everybody: written by the manager, kept in versions, shown at once."""

import pytest

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from schedule.models import Statement, Subject
from schedule.services.statements import say
from tests.reader import links, words

pytestmark = pytest.mark.usefixtures("reference")


def test_a_page_nobody_has_written_says_so(client):
    for subject in Subject:
        assert "运行单位还没有填写这一页。" in words(client.get(f"/about/{subject}/"))
    assert client.get("/about/history/").status_code == 404


def test_the_newest_version_is_shown_and_earlier_ones_stay(client, wu_manager):
    say(subject="contact", text="市教委 督导处", by=wu_manager)
    assert "市教委 督导处" in words(client.get("/about/contact/"))
    say(subject="contact", text="新的电话", english="New phone", by=wu_manager)
    text = words(client.get("/about/contact/"))
    assert "新的电话" in text
    assert "市教委 督导处" not in text
    assert "New phone" in words(client.get("/en/about/contact/"))
    assert list(Statement.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Entry.objects.filter(action="statement.say").count() == 2


def test_without_english_an_english_page_shows_the_chinese_as_chinese(client, wu_manager):
    say(subject="privacy", text="不收集个人信息", by=wu_manager)
    assert 'lang="zh-Hans"><p>不收集个人信息</p>' in client.get("/en/about/privacy/").text


def test_what_is_typed_is_text_and_addresses_become_links(client, wu_manager):
    say(
        subject="about", text="<b>见</b> https://example.cn/a\n\njavascript:alert(1)", by=wu_manager
    )
    response = client.get("/about/about/")
    assert "<b>见</b> https://example.cn/a" in words(response)
    assert "https://example.cn/a" in links(response)
    assert not any(link.startswith("javascript:") for link in links(response))


def test_only_the_manager_writes_and_never_nothing(zhou_inspector, wu_manager):
    with pytest.raises(NotAllowed, match="市级管理员"):
        say(subject="about", text="字", by=zhou_inspector)
    with pytest.raises(Unusable, match="请写下"):
        say(subject="about", text="  ", by=wu_manager)
    with pytest.raises(Unusable):
        say(subject="weather", text="晴", by=wu_manager)
    assert not Statement.objects.exists()


def test_the_manager_writes_it_in_the_admin(signed_in, client, wu_manager):
    page = "/admin/schedule/statement/add/"
    sent = {"subject": "licence", "text": "可以转载，请注明出处", "english": ""}
    response = signed_in(wu_manager).post(page, sent)
    assert response.status_code == 302
    assert "可以转载，请注明出处" in words(client.get("/about/licence/"))


def test_the_page_of_a_unit_says_whom_to_ask_once_somebody_has_said_it(client, wu_manager):
    assert "找谁" not in words(client.get("/districts/500151/"))
    say(subject="contact", text="市教委督导处", by=wu_manager)
    assert "找谁 联系我们" in words(client.get("/districts/500151/"))


def test_every_page_leads_there(client):
    there = links(client.get("/"))
    assert all(f"/about/{subject}/" in there for subject in Subject)
