"""What other sites can do with our pages (m46): neither frame them nor send their forms."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from chongqing_eval.environment import Environment
from districts.models import User
from tests.routes import routes

PAGES = [route for route in routes() if not route.is_api]
OPEN = (
    "/",
    "/roadmap/",
    "/feedback/",
    "/accounts/login/",
    "/accounts/code/",
    "/nothing/",
    "/api/v1/",
)
CLOSED = ("/admin/", "/accounts/password/", "/accounts/second-factor/", "/self-checks/")


@pytest.mark.parametrize("path", OPEN + CLOSED)
def test_m46_no_page_can_be_framed(signed_in: Any, zhou_inspector: User, path: str) -> None:
    client = Client() if path in OPEN else signed_in(zhou_inspector)
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Credentials" not in answer


def test_m46_no_form_goes_without_its_token() -> None:
    spared = [str(route) for route in PAGES if getattr(route.view, "csrf_exempt", False)]
    assert spared == ["/api/"]  # says that there is nothing
    assert len(PAGES) > 100


def test_m46_a_form_of_another_site_changes_nothing(zhou_inspector: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(zhou_inspector)
    for path in CLOSED:
        answer = client.post(path, {"x": "1"}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


def test_m88_a_portal_without_a_name_answers_to_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    found = Environment(tmp_path)
    assert found.hosts(debug=True) == ["127.0.0.1", "localhost", "[::1]"]
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        found.hosts(debug=False)
