"""REDIS_URL with a real Redis: limits are one for all processes; it may go and come back (m79)."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from redis.exceptions import RedisError

from chongqing_eval import cache as shared
from chongqing_eval.cache import SharedCache
from rest.permissions import ClientThrottle
from tests.journeys.portal import free_port

Started = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def address(port: int) -> str:
    return f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def start(port: int, address: str, tmp_path: Path) -> Iterator[Started]:
    """Starts a Redis at the address; the test may kill it and start another."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (preflight.py)")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with ExitStack() as stack:

        def started() -> "subprocess.Popen[bytes]":
            process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            wait_for(address)
            return process

        yield started


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            SharedCache(address, {}).ping()
        except RedisError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Redis did not start")


def test_what_one_process_keeps_another_finds(start: Started, address: str) -> None:
    start()
    SharedCache(address, {}).set("版本", {"a": [1, "二"]}, 60)
    other = SharedCache(address, {})
    assert other.get("版本") == {"a": [1, "二"]}
    assert other.get_many(["版本", "没有"]) == {"版本": {"a": [1, "二"]}}
    assert "版本" in other
    assert not other.add("版本", 2)
    assert other.touch("版本", 60)
    assert other.delete("版本")


@pytest.mark.django_db
def test_m52_m79_one_limit_for_all_while_redis_is_there_and_one_each_when_it_is_not(
    settings: Any, start: Started, address: str, reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    redis = {"BACKEND": "chongqing_eval.cache.SharedCache", "LOCATION": address}
    settings.CACHES = {**settings.CACHES, "default": redis}
    monkeypatch.setattr(shared, "QUIET", 0.0)
    monkeypatch.setattr(ClientThrottle, "THROTTLE_RATES", {"client": "2/min"})
    ask = lambda: Client().get("/api/v1/phases/").status_code  # noqa: E731
    assert [ask(), ask(), ask()] == [200, 200, 429]
    server.kill()
    server.wait()
    assert [ask(), ask(), ask()] == [200, 200, 429]  # each process goes on counting for itself
    assert Client().get("/").status_code == 200
    start()
    assert [ask(), ask(), ask()] == [200, 200, 429]
