"""A clock that tests move, and an authenticator app that follows RFC 6238 by itself."""

import base64
import hashlib
import hmac
import re
import struct
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from districts.models import User
from districts.services import factors
from tests.conftest import PASSWORD


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = timezone.now()
        for place in ("django.utils.timezone.now", "axes.handlers.proxy.now"):
            monkeypatch.setattr(place, lambda: self.now)

    def let_pass(self, **time: float) -> None:
        self.now += timedelta(**time)


def shown_by_app(secret: str, clock: Any = None) -> str:
    now = clock.now if clock else timezone.now()
    step = struct.pack(">Q", int(now.timestamp()) // 30)
    digest = hmac.new(base64.b32decode(secret.replace(" ", "")), step, hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def set_up(
    client: Any, clock: Clock, path: str = "/accounts/second-factor/", password: str = PASSWORD
) -> tuple[str, Any]:
    """A person opens the page, scans and types: the secret, and the page with recovery codes."""
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(path).content.decode())
    assert secret is not None
    sent = {"code": shown_by_app(secret[1], clock), "password": password}
    return secret[1], client.post(path, sent)


def give_factor(user: User) -> None:
    secret = factors.new_secret()
    factors.set_up(by=user, secret=secret, code=shown_by_app(secret))
