"""``deploy/nginx.conf`` as it stands, started on loopback: https, headers, slow clients, trouble
(m26, m49, m52)."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest

from tests.journeys.portal import free_port
from tests.source import ROOT

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
HOST = "portal.example.cn"
NAME = HOST.encode()
MIME = 'types { text/html html; } default_type "text/plain";'
pytestmark = [
    pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed (preflight.py)"),
    pytest.mark.xdist_group("nginx"),
]


class Inside(BaseHTTPRequestHandler):
    """In the portal's place: says which headers reached it."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: else each waits for an acknowledgement

    def do_GET(self) -> None:
        text = "".join(f"{name}: {value}\n" for name, value in self.headers.items()).encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.count += 1  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    text: str


def asked(connection: HTTPConnection, method: str, path: str, **headers: str) -> Answer:
    """The answer, read to its end; the connection stays open."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=sent)
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read().decode())


@dataclass(frozen=True, slots=True)
class Front:
    """nginx: its port for https, the one for http, and what stands behind it."""

    secure: int
    plain: int
    inside: Any = None

    def connect(self, host: str = HOST) -> ssl.SSLSocket:
        trusting = ssl._create_unverified_context()  # noqa: S323  the certificate is made here
        with ExitStack() as stack:
            raw = stack.enter_context(
                socket.create_connection(("127.0.0.1", self.secure), timeout=10)
            )
            secure = trusting.wrap_socket(raw, server_hostname=host)
            stack.pop_all()
            return secure

    @contextmanager
    def connection(self) -> Iterator[HTTPSConnection]:
        with closing(HTTPSConnection(HOST)) as connection:
            connection.sock = self.connect()
            yield connection

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        with self.connection() as connection:
            return asked(connection, method, path, **headers)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("nginx")
        inside = ThreadingHTTPServer(("127.0.0.1", 0), Inside)
        inside.count = 0  # type: ignore[attr-defined]
        Thread(target=inside.serve_forever, daemon=True).start()
        stack.callback(inside.server_close)
        stack.callback(inside.shutdown)
        ports = {"80": free_port(), "443": free_port(), "8000": inside.server_port}
        stack.enter_context(nginx(folder, ports))
        yield Front(ports["443"], ports["80"], inside)


@contextmanager
def nginx(folder: Path, ports: Mapping[str, int | str]) -> Iterator[None]:
    """The file of the project with this machine's places in the lines that are to be changed."""
    certificate(folder)
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 80 ": f"listen 127.0.0.1:{ports['80']} ",
        "listen 443 ": f"listen 127.0.0.1:{ports['443']} ",
        "127.0.0.1:8000": f"127.0.0.1:{ports['8000']}",
        "/etc/ssl/portal": str(folder),
        "/srv/portal": str(ROOT),
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "portal.conf").write_text(text, encoding="utf-8")
    paths = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;"
        "events { worker_connections 1024; }"
        f"http {{ {MIME} access_log off; {paths} include {folder}/portal.conf; }}"
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        wait_for(int(ports["443"]))
        try:
            yield
        finally:
            process.terminate()


def certificate(folder: Path) -> None:
    wanted = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST}".split()
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", *wanted, *files], check=True, capture_output=True)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx did not start")


def test_plain_http_is_led_to_https_under_our_own_name(front: Front) -> None:
    with closing(HTTPConnection("127.0.0.1", front.plain)) as connection:
        answer = asked(connection, "GET", "/roadmap/?a=1", Host="evil.example")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/roadmap/?a=1"


def test_m26_a_program_on_plain_http_is_told_and_not_led_on(front: Front) -> None:
    with closing(HTTPConnection("127.0.0.1", front.plain)) as connection:
        answer = asked(connection, "GET", "/api/v1/progress/", Authorization="Bearer x")
    assert (answer.status, answer.text) == (403, "https only")
    assert "Location" not in answer.headers


def test_m49_a_strange_name_gets_no_answer(front: Front) -> None:
    with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
        front.connect("evil.example")


def test_m49_what_a_client_says_about_hops_is_not_passed_on(front: Front) -> None:
    answer = front.ask("GET", "/", X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="http")
    told = dict(line.split(": ") for line in answer.text.splitlines())
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["X-Forwarded-Proto"] == "https"
    assert told["Host"] == HOST
    assert len(told["X-Request-Id"]) == 32


def test_m26_fifty_slow_senders_hold_nothing_of_the_portal(front: Front) -> None:
    before = front.inside.count
    with ExitStack() as stack:
        for _number in range(50):
            slow = stack.enter_context(front.connect())
            slow.sendall(b"POST / HTTP/1.1\r\nHost: %b\r\nContent-Length: 9\r\n\r\n1" % NAME)
        assert front.ask("GET", "/").status == 200
        assert front.inside.count == before + 1


def test_a_body_beyond_any_form_is_refused_before_it_is_sent(front: Front) -> None:
    assert front.ask("POST", "/", Content_Length=str(65 << 20)).status == 413


def test_m52_who_asks_without_end_is_slowed(front: Front) -> None:
    one = b"GET / HTTP/1.1\r\nHost: %b\r\n" % NAME
    with front.connect() as connection, connection.makefile("rb") as answers:
        connection.sendall((one + b"\r\n") * 300 + one + b"Connection: close\r\n\r\n")
        codes = [line.split()[1] for line in answers if line.startswith(b"HTTP/1.1 ")]
    assert codes[0] == b"200"
    assert codes.count(b"429") > 50


def test_m76_a_portal_that_is_away_has_a_page_that_says_when_to_come_back(
    tmp_path: Path,
) -> None:
    ports = {"80": free_port(), "443": free_port(), "8000": free_port()}
    with nginx(tmp_path, ports):
        answer = Front(ports["443"], ports["80"]).ask("GET", "/")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert "门户暂时不能使用" in answer.text


class Dying(BaseRequestHandler):
    """Breaks off in the middle of every request, as a machine that is killed."""

    def handle(self) -> None:
        self.request.recv(1)


@pytest.fixture
def two(front: Front, tmp_path: Path) -> Iterator[Callable[[int], Front]]:
    """A function: nginx before the machine of ``front`` and one at another port."""
    with ExitStack() as stack:

        def before(port: int) -> Front:
            both = (
                f"{port} max_fails=1 fail_timeout=2s; server 127.0.0.1:{front.inside.server_port}"
            )
            ports = {"80": free_port(), "443": free_port(), "8000": both}
            stack.enter_context(nginx(tmp_path, ports))
            return Front(ports["443"], ports["80"], front.inside)

        yield before


def test_m75_a_machine_that_is_gone_is_seen_by_nobody(two: Callable[[int], Front]) -> None:
    asked = two(free_port())
    assert {asked.ask(method, "/").status for method in ("GET", "POST") * 10} == {200}


def test_m75_who_only_reads_does_not_see_a_machine_die_and_nothing_is_written_twice(
    two: Callable[[int], Front],
) -> None:
    with ThreadingTCPServer(("127.0.0.1", 0), Dying) as dying:
        Thread(target=dying.serve_forever, daemon=True).start()
        asked, before = two(dying.server_address[1]), 0
        try:
            assert {asked.ask("GET", "/").status for _ in range(10)} == {200}
            time.sleep(3.1)  # nginx counts whole seconds: more than two, and it is asked once more
            before = asked.inside.count
            written = [asked.ask("POST", "/") for _ in range(10)]
        finally:
            dying.shutdown()
    answers = [answer.status for answer in written]
    refused = answers.count(503)  # more than one where ten questions take longer than a pause
    assert 1 <= refused < 10
    assert asked.inside.count - before == answers.count(200) == 10 - refused
    assert {each.headers["Retry-After"] for each in written if each.status == 503} == {"5"}
