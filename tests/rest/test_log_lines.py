"""A log line is one line, whoever's text is in it (m73)."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from districts.models import User

FORGED = "x\n2026-11-23 08:00:00 INFO audit [] forged"
BREAKS = ("\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c")


def written(message: str, *args: Any) -> str:
    """The line as the portal's own settings write it."""
    given = settings.LOGGING["formatters"]["line"]
    formatter = import_string(given["()"])(given["format"])
    record = logging.LogRecord("portal", logging.WARNING, "", 0, message, args, None)
    record.request_id = "r1"
    return str(formatter.format(record))


@pytest.mark.parametrize("sign", BREAKS, ids=ascii)
def test_m73_no_sign_begins_another_line(sign: str) -> None:
    assert len(written("signed in: %s", f"a{sign}b").splitlines()) == 1


def test_m73_the_signs_of_a_terminal_are_written_out() -> None:
    assert "\x1b" not in written("signed in: %s", "\x1b[2Jname")


def test_m73_every_handler_writes_such_lines() -> None:
    for name, handler in settings.LOGGING["handlers"].items():
        assert handler["formatter"] == "line", name


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/api/v1/districts/", "/nothing/", "/api/v1/schools/"])
def test_m73_an_address_or_a_name_forges_nothing(
    client: Client, chen_officer: User, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client.get(path, {"q": FORGED}, headers={"X-Request-ID": FORGED, "User-Agent": FORGED})
    client.get(path + FORGED)
    client.post("/accounts/login/", {"username": FORGED, "password": "secret-word"})
    lines = [written(record.msg, *(record.args or ())) for record in caplog.records]
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert not [line for line in lines if "secret-word" in line]
