"""What holds for every resource: problems, formats, languages, caches, open reading."""

import json
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from crypto.signing import ProfileSigner
from districts.models import District, User
from rest.permissions import ClientThrottle

PROBLEM = {"type", "title", "status", "code", "detail", "instance", "errors", "request_id"}


def problem_of(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    content: dict[str, Any] = json.loads(response.content)
    assert set(content) == PROBLEM
    assert content["status"] == status
    assert content["request_id"] == response["X-Request-Id"]
    assert content["detail"]
    return content


@pytest.mark.parametrize("path", ["/api/", "/api/v2/progress/", "/api/v1/nothing/", "/api/v1/x"])
def test_unknown_addresses_are_problems(client: Client, db: None, path: str) -> None:
    assert problem_of(client.get(path), 404)["code"] == "not_found"
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        problem_of(getattr(strict, method)(path), 404)


def test_forgotten_slash_is_forgiven(client: Client, reference: None) -> None:
    response = client.get("/api/v1/progress?as_of=2025-03-14")
    assert response["Location"] == "/api/v1/progress/?as_of=2025-03-14"
    assert client.get(response["Location"]).json()["as_of"] == "2025-03-14"
    assert client.post("/api/v1/schedule").status_code == 307


@pytest.mark.parametrize("method", ["put", "delete", "post", "patch", "trace"])
def test_other_methods_are_405(client: Client, db: None, method: str) -> None:
    response = getattr(client, method)("/api/v1/progress/")
    problem_of(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_unknown_format_and_accept(client: Client, reference: None) -> None:
    found = problem_of(client.get("/api/v1/phases/?format=pdf"), 400)
    assert found["errors"][0]["parameter"] == "format"
    problem_of(client.get("/api/v1/phases/", headers={"Accept": "image/png"}), 406)
    problem_of(client.get("/api/v1/districts/500106/?format=csv"), 400)


def test_the_format_asked_for_wins_over_accept(client: Client, reference: None) -> None:
    for accept in ("application/json", "text/html", "application/problem+json"):
        response = client.get("/api/v1/phases/?format=csv", headers={"Accept": accept})
        assert response["Content-Type"].startswith("text/csv"), accept


def test_who_names_only_the_type_of_problems_gets_what_there_is(
    client: Client, reference: None
) -> None:
    wish = {"Accept": "application/problem+json"}
    assert client.get("/api/v1/phases/", headers=wish)["Content-Type"] == "application/json"
    problem_of(client.get("/api/v1/self-checks/500106-2026/template/", headers=wish), 401)


def test_empty_parameters_are_refused(client: Client, reference: None) -> None:
    """An empty end of a range would be the same as none, which nobody may have meant."""
    for asked in ("certifications/?to=", "districts/?region=", "phases/?cursor="):
        found = problem_of(client.get(f"/api/v1/{asked}"), 400)
        assert "空" in found["errors"][0]["detail"], asked


@pytest.mark.parametrize("path", ["/api/v1/districts/%FF/", "/api/v1/phases/?x=%D6%D8"])
def test_an_address_that_is_not_utf_8_is_400(client: Client, reference: None, path: str) -> None:
    assert "UTF-8" in problem_of(client.get(path), 400)["detail"]


def test_so_is_one_of_a_page(client: Client, reference: None) -> None:
    response = client.get("/roadmap/?q=%D6%D8")
    assert response.status_code == 400
    assert "UTF-8" in response.content.decode()


def test_a_body_in_chunks_is_asked_for_its_length(bearer: Any, chen_officer: User) -> None:
    """Django would read it as empty, and the answer would speak of bad JSON."""
    client = bearer(chen_officer, "write:schools")
    response = client.generic(
        "POST", "/api/v1/schools/", b"", "application/json", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert "Content-Length" in problem_of(response, 411)["detail"]


@pytest.mark.parametrize("path", ["/receipts/", "/accounts/login/", "/api/v1/schools/"])
def test_a_body_longer_than_any_form_is_not_read(client: Client, path: str) -> None:
    """46315a8 wrote it to disk for whoever sent it, before it looked at token or account."""

    class Unread(BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("the body was read")

    sent = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(65 * 1024 * 1024)}
    answer = client.generic("POST", path, b"", "multipart/form-data; boundary=x", **sent)
    assert answer.status_code == 413


def test_unknown_and_repeated_parameters_are_named(client: Client, reference: None) -> None:
    found = problem_of(client.get("/api/v1/phases/?yeer=1&page_size=2&page_size=3"), 400)
    assert {error["parameter"] for error in found["errors"]} == {"yeer", "page_size"}
    assert "cursor, fields, format, known_on, page_size" in found["errors"][0]["detail"]


def test_wrong_content_type_is_415(bearer: Any, wu_manager: User) -> None:
    client = bearer(wu_manager, "write:plan")
    problem_of(client.post("/api/v1/schedule/", "a=1", content_type="text/plain"), 415)


def test_wrong_types_and_formats_name_the_right_ones(bearer: Any, chen_officer: User) -> None:
    client = bearer(chen_officer, "read", "write:schools")
    found = problem_of(client.post("/api/v1/schools/", "x", content_type="text/plain"), 415)
    assert "application/json" in found["detail"]
    template = "/api/v1/self-checks/500106-2026/template/"
    found = problem_of(client.get(template, headers={"Accept": "text/html"}), 406)
    assert "spreadsheetml.sheet" in found["detail"]
    found = problem_of(client.get("/api/v1/phases/", headers={"Accept": "text/html"}), 406)
    assert "application/json, text/csv" in found["detail"]


def test_403_says_what_is_lacking(
    bearer: Any, chen_officer: User, he_auditor: User, wu_manager: User, shapingba: District
) -> None:
    def refusal(client: Client, path: str) -> dict[str, Any]:
        return problem_of(client.post(path, "{}", content_type="application/json"), 403)

    found = refusal(bearer(chen_officer, "read"), "/api/v1/self-checks/")
    assert (found["code"], "write:selfcheck" in found["detail"]) == ("scope", True)
    found = problem_of(bearer(chen_officer, "write:selfcheck").get("/api/v1/self-checks/"), 403)
    assert "没有 read；" in found["detail"]
    found = refusal(bearer(he_auditor, "write:selfcheck"), "/api/v1/self-checks/")
    assert (found["code"], "角色" in found["detail"]) == ("role", True)
    narrow = bearer(wu_manager, "write:plan", district=shapingba)
    assert refusal(narrow, "/api/v1/schedule/")["code"] == "reach"


def test_malformed_body_is_400(bearer: Any, wu_manager: User) -> None:
    client = bearer(wu_manager, "write:plan")
    found = problem_of(client.post("/api/v1/schedule/", "{", content_type="application/json"), 400)
    assert "JSON" in found["detail"]


def test_too_large_body_is_413(bearer: Any, wu_manager: User, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    client = bearer(wu_manager, "write:plan")
    body = json.dumps({"reason": "长" * 200})
    problem_of(client.post("/api/v1/schedule/", body, content_type="application/json"), 413)


def test_invalid_token_is_401_with_a_challenge(client: Client, db: None) -> None:
    response = client.get("/api/v1/progress/", headers={"Authorization": "Bearer cqe_nothing"})
    problem_of(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("debug", [True, False])
def test_failures_show_no_trace(reference: None, settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    client = Client(raise_request_exception=False)
    with patch("schedule.api.progress.progress_of", side_effect=RuntimeError("secret words")):
        response = client.get("/api/v1/progress/")
    problem_of(response, 500)
    assert "secret" not in response.content.decode()


def test_silent_database_is_503(client: Client, reference: None) -> None:
    with patch("schedule.api.progress.progress_of", side_effect=OperationalError("gone")):
        response = client.get("/api/v1/progress/")
    problem_of(response, 503)
    assert int(response["Retry-After"]) > 0


def test_too_many_requests_wait(
    client: Client, reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClientThrottle, "THROTTLE_RATES", {"client": "2/min"})
    with patch.object(ClientThrottle, "cache", FakeCache()):
        codes = [client.get("/api/v1/phases/").status_code for _ in range(2)]
        refused = client.get("/api/v1/phases/")
    assert codes == [200, 200]
    problem_of(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60


class FakeCache(dict[str, Any]):
    def set(self, key: str, value: Any, duration: int) -> None:
        self[key] = value


def test_sentences_follow_accept_language(client: Client, reference: None) -> None:
    for wish, language in [
        ("", "zh-hans"),
        ("en", "en"),
        ("en-GB,zh;q=0.5", "en"),
        ("zh-CN,en;q=0.9", "zh-hans"),
        ("enx", "zh-hans"),
        ("fr", "zh-hans"),
    ]:
        response = client.get("/api/v1/phases/", headers={"Accept-Language": wish})
        assert response["Content-Language"] == language, wish
        assert "Accept-Language" in response["Vary"]


def test_the_name_of_a_problem_is_the_same_in_every_language(client: Client, db: None) -> None:
    for wish in ("", "en"):
        found = problem_of(client.get("/api/v1/x/", headers={"Accept-Language": wish}), 404)
        assert found["type"] == "/api/v1/docs/#problem-404"


def test_public_reading_is_open_and_cacheable(client: Client, reference: None) -> None:
    response = client.get("/api/v1/districts/")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response["Vary"]
    preflight = client.options("/api/v1/districts/")
    assert preflight.status_code == 204
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]


def test_private_reading_is_neither(signed_in: Any, bearer: Any, chen_officer: User) -> None:
    for client in (signed_in(chen_officer), bearer(chen_officer, "read")):
        for path in ("/api/v1/schools/", "/api/v1/districts/"):
            response = client.get(path)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]
            assert "private" in response["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in client.get("/api/v1/schools/")
        assert "Access-Control-Allow-Origin" not in client.options("/api/v1/schools/")


def test_unchanged_content_is_304(client: Client, reference: None) -> None:
    first = client.get("/api/v1/districts/?page_size=5")
    with patch.object(ProfileSigner, "timestamp", return_value="1later"):
        again = client.get(
            "/api/v1/districts/?page_size=5", headers={"If-None-Match": first["ETag"]}
        )
    assert again.status_code == 304
    assert again.content == b""
    assert again["Access-Control-Allow-Origin"] == "*"
    other = client.get("/api/v1/districts/?format=csv", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


def test_changed_content_has_another_tag(client: Client, reference: None) -> None:
    first = client.get("/api/v1/districts/500106/")
    District.objects.filter(code="500106").update(english_name="Shapingba District")
    again = client.get("/api/v1/districts/500106/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_head_answers_like_get(client: Client, reference: None) -> None:
    got, asked = client.get("/api/v1/phases/"), client.head("/api/v1/phases/")
    assert asked.status_code == 200
    assert asked["ETag"] == got["ETag"]
    assert asked.content == b""
