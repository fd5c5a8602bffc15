"""/healthz says that a process answers, /readyz whether it can serve (m79)."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import checks
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from chongqing_eval import checks as installation
from chongqing_eval.cache import SharedCache
from selfchecks.services.notices import send_letters

NOWHERE = "redis://127.0.0.1:1/0"
ALL_WELL = (
    *("database", "migrations", "media_folder", "disk_space", "shared_cache"),
    *("replica_database", "queue"),
)


def readyz() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    lines = answer.content.decode().splitlines()
    return answer.status_code, dict(line.split(" ") for line in lines)


@pytest.mark.django_db
def test_a_portal_that_can_serve_says_so_for_each_thing() -> None:
    assert readyz() == (200, dict.fromkeys(ALL_WELL, "ok"))
    assert Client().get("/readyz")["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_m76_a_silent_database_takes_it_out_of_service_but_does_not_kill_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(*args: Any, **options: Any) -> None:
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(connection, "cursor", silent)
    status, found = readyz()
    assert status == 503
    assert {name for name, word in found.items() if word == "failed"} == {
        *("database", "migrations", "queue")
    }
    assert Client().get("/healthz").content == b"ok\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("free", "word", "status"),
    [(9 << 30, "ok", 200), (3 << 30, "warning", 200), (1, "failed", 503)],
)
def test_m77_a_disk_that_fills_up_is_said_before_and_when_it_is_full(
    monkeypatch: pytest.MonkeyPatch, free: int, word: str, status: int
) -> None:
    usage = SimpleNamespace(total=100 << 30, free=free)
    monkeypatch.setattr(installation.shutil, "disk_usage", lambda folder: usage)
    answer, found = readyz()
    assert (answer, found["disk_space"]) == (status, word)


@pytest.mark.django_db
def test_m77_a_folder_that_takes_no_files_is_not_ready(settings: Any) -> None:
    settings.MEDIA_ROOT = Path("/proc/nowhere")
    status, found = readyz()
    assert (status, found["media_folder"]) == (503, "failed")


@pytest.mark.django_db
def test_a_queue_nobody_works_on_is_said(settings: Any) -> None:
    send_letters.enqueue()
    assert readyz()[1]["queue"] == "ok"
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))
    assert readyz() == (200, {**dict.fromkeys(ALL_WELL, "ok"), "queue": "warning"})
    assert "等了 11 分钟" in installation.queue().msg
    assert installation.queue().level == checks.WARNING


@pytest.mark.django_db
def test_m79_redis_that_is_away_is_not_ready_and_yet_pages_are_served(
    settings: Any, reference: None
) -> None:
    away = {"BACKEND": "chongqing_eval.cache.SharedCache", "LOCATION": NOWHERE}
    settings.CACHES = {**settings.CACHES, "default": away}
    status, found = readyz()
    assert (status, found["shared_cache"]) == (503, "failed")
    assert Client().get("/").status_code == 200
    assert Client().get("/api/v1/districts/").status_code == 200


def test_m79_while_a_cache_is_away_a_process_has_its_own_and_asks_again_only_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cache = SharedCache(NOWHERE, {})
    cache.set("a", 1)
    assert cache.get("a", "default") == 1
    assert cache.get_many(["a", "b"]) == {"a": 1}
    assert not cache.add("a", 1)
    assert "a" in cache
    assert cache.delete("a")
    cache.delete_many(["a"])
    assert [record.name for record in caplog.records] == ["chongqing_eval.cache"]
