"""The door: slow senders hold no place, and who cannot be served soon is told so (m25, m26)."""

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import urlopen

import pytest
from django.test import Client

from chongqing_eval import door
from chongqing_eval.door import Door
from chongqing_eval.middleware import REFUSED
from tests.journeys.portal import free_port
from tests.reader import words
from tests.source import ROOT

Given = dict[str, Any]


def started(status: str, headers: Any) -> None:
    pass


def a_request(content: bytes = b"", length: int | None = None) -> Given:
    size = len(content) if length is None else length
    return {"CONTENT_LENGTH": str(size), "wsgi.input": io.BytesIO(content)}


def inside(environ: Given, start: Any) -> list[bytes]:
    """Gives the body back, or says what the door refused with."""
    return [str(environ.get(REFUSED) or environ["wsgi.input"].read()).encode()]


@pytest.fixture
def waiting() -> Iterator[tuple[Callable[..., Any], Event]]:
    """An application whose answers wait for the event."""
    go_on = Event()

    def wait(environ: Given, start: Any) -> list[bytes]:
        if REFUSED not in environ:
            go_on.wait(10)
        return inside(environ, start)

    yield wait, go_on
    go_on.set()


def test_a_body_arrives_whole_however_large_it_is() -> None:
    for size in (0, 1, door.CHUNK, door.IN_MEMORY + 1):
        assert Door(inside)(a_request(b"x" * size), started) == [str(b"x" * size).encode()]


def test_who_asks_for_the_head_is_sent_no_body() -> None:
    assert Door(inside)({**a_request(), "REQUEST_METHOD": "HEAD"}, started) == []


def test_m25_a_body_that_breaks_off_reaches_no_view() -> None:
    assert Door(inside)(a_request(b"half", 8), started) == [b"400"]


def test_a_body_of_unknown_or_too_great_length_is_left_unread() -> None:
    sent = a_request(b"x", 65 << 20)
    assert Door(lambda environ, start: [environ["wsgi.input"]])(sent, started) == [
        sent["wsgi.input"]
    ]


def test_m52_beyond_what_may_wait_everybody_is_turned_away_at_once(waiting: Any) -> None:
    wait, go_on = waiting
    entrance = Door(wait, places=1, waiting=3)
    with ThreadPoolExecutor(3) as people:
        inner = [people.submit(entrance, a_request(), started) for _ in range(3)]
        while entrance.readers.free._value:
            time.sleep(0.01)
        assert entrance(a_request(), started) == [b"503"]
        go_on.set()
        assert [each.result() for each in inner] == [[b"b''"]] * 3
    assert entrance(a_request(), started) == [b"b''"]


def test_m52_who_has_waited_too_long_is_not_served_any_more(
    waiting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, go_on = waiting
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    entrance = Door(wait, places=1)
    with ThreadPoolExecutor(2) as people:
        both = [people.submit(entrance, a_request(), started) for _ in range(2)]
        time.sleep(0.2)
        go_on.set()
        assert sorted(each.result() for each in both) == [[b"503"], [b"b''"]]


SESSION = {"HTTP_COOKIE": "csrftoken=a; sessionid=b"}
WORKBOOK = {**SESSION, "CONTENT_TYPE": "multipart/form-data; boundary=c"}


@pytest.mark.parametrize("busy", [SESSION, {"HTTP_AUTHORIZATION": "Bearer d"}, WORKBOOK])
def test_m52_m85_what_people_and_files_take_leaves_readers_their_places(
    waiting: Any, busy: Given
) -> None:
    wait, go_on = waiting

    def only_readers_are_quick(environ: Given, start: Any) -> list[bytes]:
        return wait(environ, start) if busy.items() <= environ.items() else [b"quick"]

    entrance = Door(only_readers_are_quick, places=1, waiting=2)
    with ThreadPoolExecutor(2) as people:
        both = [people.submit(entrance, {**a_request(), **busy}, started) for _ in range(2)]
        assert entrance(a_request(), started) == [b"quick"]
        assert not any(each.done() for each in both)
        go_on.set()
        assert [each.result() for each in both] == [[b"b''"]] * 2


def test_m85_workbooks_are_checked_one_after_another_and_wait_for_it() -> None:
    at_once = most = 0

    def check(environ: Given, start: Any) -> list[bytes]:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.02)
        at_once -= 1
        return [b"checked"]

    entrance = Door(check)
    with ThreadPoolExecutor(8) as clerks:
        sent = [clerks.submit(entrance, {**a_request(), **WORKBOOK}, started) for _ in range(8)]
        assert [each.result() for each in sent] == [[b"checked"]] * 8
    assert most == 1
    assert entrance.files.patience > door.PATIENCE


def test_an_answer_is_closed_and_a_failure_frees_its_place() -> None:
    def fail(environ: Given, start: Any) -> list[bytes]:
        raise ZeroDivisionError

    entrance = Door(fail, places=1, waiting=1)
    for _again in range(3):
        with pytest.raises(ZeroDivisionError):
            entrance(a_request(), started)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/en/", "/api/v1/districts/"])
def test_m52_who_is_turned_away_reads_when_to_come_back(path: str) -> None:
    answer = Client().get(path, **{REFUSED: 503})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    if path == "/":
        assert "还没有开始" in words(answer)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """The port of one web process as ``serve`` starts it, without nginx."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "chongqing_eval.wsgi", f"--bind=127.0.0.1:{port}"]
    scratch = {"TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment = {**os.environ, **scratch}
    with subprocess.Popen([*command, "--threads=96"], cwd=ROOT, env=environment) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the portal did not start")


def test_m26_fifty_slow_senders_leave_the_portal_to_the_others(served: int) -> None:
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\nx"
    with ExitStack() as stack:
        for _number in range(50):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", served)))
            slow.sendall(head)
        for _again in range(10):
            with urlopen(f"http://127.0.0.1:{served}/healthz", timeout=5) as answer:
                assert answer.read() == b"ok\n"


def test_m25_fifty_uploads_that_break_off_at_half_leave_nothing(
    served: int, tmp_path: Path
) -> None:
    """Larger than what stays in memory: each was on its way to the disk."""
    size = 2 * door.IN_MEMORY
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n"
    before = files_in(tmp_path)
    for _number in range(50):
        with socket.create_connection(("127.0.0.1", served)) as sender:
            sender.sendall(head.encode() + b"x" * (size // 2))
    with urlopen(f"http://127.0.0.1:{served}/healthz", timeout=30) as answer:
        assert answer.read() == b"ok\n"
    assert files_in(tmp_path) == before


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 4096}
