"""Problem pages say what happened in a sentence, in both languages, with the database down too."""

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory

from audit.refusals import Refused, Stale
from chongqing_eval import problems
from chongqing_eval.middleware import OwnProblemPagesMiddleware
from schedule import views
from tests.reader import headings, words


@pytest.mark.parametrize("status", sorted(problems.SENTENCES))
def test_every_status_has_a_page_that_asks_no_database(status):
    # No database mark: a query would fail this test.
    request = RequestFactory().get("/")
    request.request_id = "abc-12345"
    response = problems.page(request, status, "<b>详情")
    text = words(response)
    title, advice = problems.SENTENCES[status]
    assert response.status_code == status
    assert headings(response) == [1]
    assert str(title) in text
    assert str(advice) in text
    assert "<b>详情" in text
    assert "abc-12345" in text


@pytest.mark.django_db
def test_unknown_addresses_are_told_in_the_language_of_the_address(client):
    chinese, english = client.get("/nowhere/"), client.get("/en/nowhere/")
    assert chinese.status_code == english.status_code == 404
    assert b'<html lang="zh-hans">' in chinese.content
    assert b'<html lang="en">' in english.content


@pytest.mark.django_db
def test_a_broken_page_is_a_sentence(monkeypatch, caplog):
    def fail(parameters):
        raise DatabaseError("gone")

    monkeypatch.setattr(views, "ask", fail)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "门户出了错" in words(response)
    assert "gone" not in words(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/districts/999999/", 404), ("/?as_of=x", 400)]
)
def test_with_debug_on_readers_still_get_our_pages(client, settings, reference, path, status):
    settings.DEBUG = True
    response = client.get(path)
    assert response.status_code == status
    assert b"DEBUG = True" not in response.content
    assert 1 in headings(response)


@pytest.mark.django_db
def test_with_debug_on_a_broken_page_is_a_sentence(settings, monkeypatch, caplog):
    settings.DEBUG = True
    monkeypatch.setattr(views, "ask", lambda parameters: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert b"Traceback" not in response.content
    assert "门户出了错" in words(response)


@pytest.mark.django_db
def test_with_debug_on_a_form_to_correct_keeps_its_input(settings, signed_in, zhou_inspector):
    settings.DEBUG = True
    answer = signed_in(zhou_inspector).post(
        "/admin/schedule/planversion/replan/",
        {"publish": "1", "expected_version": "1", "change": "500151:2027", "reason": "推迟"},
    )
    assert answer.status_code == 422
    assert "推迟" in answer.content.decode()
    assert "500151:2027" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("status", sorted(problems.SENTENCES))
def test_every_problem_page_is_guarded_and_not_kept(monkeypatch, settings, debug, status):
    def refuse(parameters):
        refusal = Refused("不行")
        refusal.status = status
        raise refusal

    settings.DEBUG = debug
    monkeypatch.setattr(views, "ask", refuse)
    response = Client().get("/")
    assert response.status_code == status
    assert_guarded(response)


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", ["/nowhere/", "/api/nothing/", "/api/v1/phases/?x=1"])
def test_so_is_what_no_view_answers(client, settings, debug, path):
    settings.DEBUG = debug
    assert_guarded(client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
def test_so_is_a_broken_page(settings, monkeypatch, caplog, debug):
    settings.DEBUG = debug
    monkeypatch.setattr(views, "ask", lambda parameters: 1 / 0)
    assert_guarded(Client(raise_request_exception=False).get("/"))


def assert_guarded(response):
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert "no-store" in response["Cache-Control"]


def test_a_refusal_nobody_caught_is_a_sentence_with_its_status():
    middleware = OwnProblemPagesMiddleware(lambda request: None)
    refusal = Stale("第 2 版规划已发布。")
    response = middleware.process_exception(RequestFactory().get("/"), refusal)
    assert response.status_code == 412
    assert "第 2 版规划已发布。" in words(response)
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None
