"""Somebody who reads the portal: an address, a connection, cookies, and tags of what she has."""

import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from secrets import token_hex
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection
from urllib.parse import urlencode

from drills.cluster_parts import HOST, token_of
from rest.trouble import NOT_NOW, RETRY_AFTER

TRUSTING = ssl._create_unverified_context()  # noqa: S323  the certificate is made here
PATIENCE, TRIES = 90, 8  # seconds, and times; nobody has more
BOUNDARY = token_hex(16)
Files = dict[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is 0 when there was no connection, or it broke."""

    status: int
    location: str = ""
    body: bytes = b""
    came: float = field(default_factory=time.monotonic)


@dataclass
class Reader:
    """Limits count by address, so each has one of her own: every 127.x.y.z is this machine."""

    port: int
    address: str
    unit: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    line: HTTPSConnection | None = None

    def get(self, path: str, *, again: bool = False) -> Answer:
        known = {"If-None-Match": self.tags[path]} if again and path in self.tags else {}
        return self._ask("GET", path, None, known)

    def post(self, path: str, files: Files | None = None, **form: str) -> Answer:
        form["csrfmiddlewaretoken"] = token_of(self.cookies)
        kind = f"multipart/form-data; boundary={BOUNDARY}" if files else ""
        sent = {"Referer": f"https://{HOST}/"}
        sent["Content-Type"] = kind or "application/x-www-form-urlencoded"
        body = _multipart(form, files) if files else urlencode(form).encode()
        return self._ask("POST", path, body, sent)

    def sign_in(self, username: str, password: str) -> None:
        """Patiently: a portal that has just started may send people away at first."""
        page = "/accounts/login/"
        for _again in range(TRIES):
            if (shown := self.get(page).status) == 200:
                break
            time.sleep(RETRY_AFTER[NOT_NOW])
        assert shown == 200, f"the page for signing in was answered with {shown}"
        done = self.post(page, username=username, password=password)
        assert done.status == 302, f"{username} was answered with {done.status}"

    def _ask(self, method: str, path: str, body: bytes | None, sent: dict[str, str]) -> Answer:
        """A connection that the other side has closed meanwhile is opened anew, as browsers do."""
        was_open = self.line is not None
        answer = self._try(method, path, body, sent)
        if not answer.status and was_open:
            answer = self._try(method, path, body, sent)
        return answer

    def _try(self, method: str, path: str, body: bytes | None, sent: dict[str, str]) -> Answer:
        try:
            line = self.line = self.line or self._connected()
            line.request(method, path, body, {**self._usual(), **sent})
            got = line.getresponse()
            content = got.read()
        except (OSError, HTTPException):
            self.leave()
            return Answer(0)
        for given in got.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: each.value for name, each in SimpleCookie(given).items()}
        if tag := got.headers["ETag"]:
            self.tags[path] = tag
        return Answer(got.status, got.headers["Location"] or "", content)

    def _usual(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Accept-Encoding": "br, gzip", **({"Cookie": cookies} if cookies else {})}

    def _connected(self) -> HTTPSConnection:
        raw = create_connection(("127.0.0.1", self.port), PATIENCE, (self.address, 0))
        raw.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        line = HTTPSConnection(HOST, timeout=PATIENCE)
        line.sock = TRUSTING.wrap_socket(raw, server_hostname=HOST)
        return line

    def leave(self) -> None:
        if self.line:
            self.line.close()
        self.line = None


def _multipart(form: dict[str, str], files: Files) -> bytes:
    parts = [(f'name="{name}"', value.encode()) for name, value in form.items()]
    parts += [(f'name="{name}"; filename="{file}"', data) for name, (file, data) in files.items()]
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
    written = [f"{head}{name}\r\n\r\n".encode() + value + b"\r\n" for name, value in parts]
    return b"".join(written) + f"--{BOUNDARY}--\r\n".encode()
