"""Styles and scripts bear the digest of their content in their names, so browsers keep them for
good; two portals that start from one tree collect them one after the other."""

import fcntl
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings as own
from django.http import HttpResponseNotFound
from django.templatetags.static import static
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from chongqing_eval.management.commands import serve

pytestmark = pytest.mark.django_db
TEN_YEARS = 10 * 365 * 24 * 3600
FINDER = "django.contrib.staticfiles.finders.FileSystemFinder"
HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A tree with one style."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "base.css").write_text("body { color: black }\n" * 50)
    return folder


@pytest.fixture
def collected(settings: Any, tmp_path: Path, sources: Path) -> WhiteNoiseMiddleware:
    """As in production."""
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path / "static", False
    settings.STATICFILES_DIRS, settings.STATICFILES_FINDERS = [sources], [FINDER]
    settings.STORAGES = {**own.STORAGES, "staticfiles": {"BACKEND": HASHED}}
    serve.collect_static()
    return WhiteNoiseMiddleware(lambda request: HttpResponseNotFound())


def asked(collected: WhiteNoiseMiddleware, path: str, **headers: str) -> Any:
    answer = collected(RequestFactory().get(path, headers=headers))
    answer.close()  # which looks at the connections to the database
    return answer


def test_what_a_page_names_is_kept_for_good_and_sent_small(
    collected: WhiteNoiseMiddleware,
) -> None:
    address = static("base.css")
    answer = asked(collected, address, accept_encoding="br, gzip")
    assert address != "/static/base.css"
    assert answer.status_code == 200
    assert answer["Cache-Control"] == f"max-age={TEN_YEARS}, public, immutable"
    assert answer["Content-Encoding"] == "br"
    assert answer["Vary"] == "Accept-Encoding"


def test_the_name_without_a_digest_is_asked_for_again(collected: WhiteNoiseMiddleware) -> None:
    assert asked(collected, "/static/base.css")["Cache-Control"] == "max-age=60, public"


def test_another_content_has_another_name(
    collected: WhiteNoiseMiddleware, sources: Path, settings: Any
) -> None:
    before = static("base.css")
    (sources / "base.css").write_text("body { color: white }\n")
    serve.collect_static()
    assert static("base.css") != before
    assert (settings.STATIC_ROOT / before.removeprefix("/static/")).exists(), "kept pages name it"


def test_m88_who_starts_second_waits_for_the_first(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    done: list[str] = []
    monkeypatch.setattr(serve, "call_command", lambda name, **given: done.append(name))
    with (tmp_path / "static.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = Thread(target=serve.collect_static)
        second.start()
        second.join(0.5)
        assert done == []
    second.join(60)
    assert done == ["collectstatic"]
