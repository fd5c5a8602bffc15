"""A system on this machine that receives what the portal sends, and answers as it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

import pytest

from districts.models import District, School, User
from districts.services.schools import create_school

ORIGIN = "https://portal.example.cn/"


class Received(NamedTuple):
    name: str
    headers: dict[str, str]
    content: str

    @property
    def change(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.content)
        return dict(told["data"])


class Receiver(ThreadingHTTPServer):
    """``answers`` are given one after another, then 204; ``got`` is all that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Received] = []
        self.taken: list[Received] = []
        self.answers: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_port}/portal"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        came = Received(self.headers["webhook-id"], dict(self.headers), content)
        self.server.got.append(came)
        status = self.server.answers.pop(0) if self.server.answers else 204
        if 200 <= status < 300:
            self.server.taken.append(came)
        self.send_response(status)
        if status in (301, 302, 307, 308):
            self.send_header("Location", self.server.url + "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        Thread(target=receiver.serve_forever, args=(0.02,), daemon=True).start()
        yield receiver
        receiver.shutdown()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.HOOK_NETWORKS = ["127.0.0.1/32"]
    with receiving() as found:
        yield found


def a_school(district: District, by: User, code: str) -> School:
    named = {"name": "甲小学", "school_type": "小学", "ownership": "公办", "location": "城区"}
    return create_school(district=district, by=by, code=code, **named)
