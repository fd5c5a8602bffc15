"""The pages of practices: what everybody finds, and what a bureau writes."""

from typing import Any

import pytest
from django.test import Client

from districts.models import User
from improvement.models import Practice
from improvement.services import practices
from tests.improvement.test_practices import draft, submitted, take
from tests.reader import headings, words

__all__ = ["submitted"]
TYPED = {
    "title": "片区走教",
    "problem": "骨干教师少",
    "measure": "每周两天",
    "indicators": ["A2", "B5"],
    "year_before": "2025",
    "year_after": "2026",
}
HOSTILE = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>{{ 7|add:7 }}"


@pytest.fixture
def published(submitted: Practice, zhou_inspector: User) -> Practice:
    return take(submitted, "publish", zhou_inspector)


def test_everybody_finds_what_is_published(published: Practice, client: Client) -> None:
    page = client.get("/practices/")
    assert published.title in words(page)
    assert headings(page)[0] == 1
    one = client.get(f"/practices/{published.pk}/")
    assert "资料不足：2025、2026 年度没有复核通过的自查" in words(one)
    assert "骨干教师集中在城区" in words(one)


def test_the_list_is_narrowed_by_words_unit_and_indicator(
    published: Practice, client: Client
) -> None:
    def finds(**asked: str) -> bool:
        return published.title in words(client.get("/practices/", asked))

    assert finds(q="骨干", unit="500106", indicator="A2")
    assert not finds(q="没有这个词")
    assert not finds(unit="500151")
    assert not finds(indicator="A1")
    for asked in ({"indicator": "A2|.*"}, {"unit": "999999"}):
        refused = client.get("/practices/", asked)
        assert refused.status_code == 400
        assert f"不能是「{next(iter(asked.values()))}」" in words(refused)
    assert "没有符合条件的典型经验" in words(client.get("/practices/", {"q": "%"}))
    assert client.get("/practices/", {"page": "nonsense"}).status_code == 200


def test_what_is_not_published_is_not_there(
    submitted: Practice, client: Client, signed_in: Any, liu_officer: User, chen_officer: User
) -> None:
    path = f"/practices/{submitted.pk}/"
    assert client.get(path).status_code == 404
    assert signed_in(liu_officer).get(path).status_code == 404
    assert "还没有发布" in words(signed_in(chen_officer).get(path))
    assert client.get("/practices/999999999999999999999/").status_code == 404


def test_a_bureau_writes_changes_and_submits(signed_in: Any, chen_officer: User) -> None:
    client = signed_in(chen_officer)
    form = client.get("/practices/own/new/")
    assert "做之前的年度" in words(form)
    assert "B5 " in words(form)
    assert form.content.count(b'type="checkbox" name="indicators"') == 32
    made = client.post("/practices/own/new/", TYPED)
    row = Practice.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/practices/own/{row.pk}/")
    assert (row.indicators, row.state) == ("A2 B5", "draft")
    seen = practices.tag_of(row)
    client.post(made["Location"], {**TYPED, "title": "片区联校", "seen": seen})
    row.refresh_from_db()
    assert row.title == "片区联校"
    again = client.get(made["Location"]).content.decode()
    assert 'value="B5" id="id_indicators_11" checked' in again
    assert again.count(" checked") == 2
    assert client.post(made["Location"], {"step": "submit", "seen": seen}).status_code == 412
    client.post(made["Location"], {"step": "submit", "seen": practices.tag_of(row)})
    page = client.get(made["Location"])
    assert "待市级审核" in words(page)
    assert b"<textarea" not in page.content
    assert "片区联校" in words(client.get("/practices/own/"))


def test_what_is_wrong_comes_back_as_typed(signed_in: Any, chen_officer: User) -> None:
    answer = signed_in(chen_officer).post("/practices/own/new/", {**TYPED, "indicators": "Z9"})
    assert answer.status_code == 422
    assert "没有「Z9」这个指标" in words(answer)
    assert "每周两天" in answer.content.decode()


def test_others_practices_are_not_found(
    submitted: Practice, signed_in: Any, liu_officer: User
) -> None:
    client = signed_in(liu_officer)
    for answer in (
        client.get(f"/practices/own/{submitted.pk}/"),
        client.post(f"/practices/own/{submitted.pk}/", {"step": "submit"}),
    ):
        assert answer.status_code == 404


def test_hostile_text_is_only_text(
    client: Client, chen_officer: User, zhou_inspector: User
) -> None:
    assert chen_officer.district
    said = {"title": HOSTILE[:80], "problem": HOSTILE, "measure": "长" * 4000}
    row = draft(chen_officer.district, chen_officer, **said)
    take(take(row, "submit", chen_officer), "publish", zhou_inspector)
    for path in ("/practices/", f"/practices/{row.pk}/"):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert" in html
    assert "{{ 7|add:7 }}" in html
