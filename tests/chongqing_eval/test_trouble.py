"""When database or disk are in trouble: our page with its status, one line of log, and nothing
half written (m76, m77, m78)."""

import errno
import logging
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client

from audit import periodic
from audit.models import Entry
from audit.services import record, verify
from chongqing_eval.storage import WholeFiles
from districts.models import User
from rest.trouble import OneLineOfTrouble, trouble_of
from schedule import views
from tests.reader import words

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OperationalError("gone"), 503, "数据库没有应答"),
        (FULL, 507, "刚才的操作没有保存"),
    ],
)
@pytest.mark.parametrize("debug", [True, False])
def test_m76_m77_a_page_says_when_to_come_back(
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    sentence: str,
    debug: bool,
) -> None:
    def fail(parameters: Any) -> None:
        raise error

    settings.DEBUG = debug
    monkeypatch.setattr(views, "ask", fail)
    answer = Client().get("/")
    assert answer.status_code == status
    assert int(answer["Retry-After"]) > 0
    assert sentence in words(answer)
    assert "No space" not in words(answer)


@pytest.mark.django_db
def test_m76_so_it_is_before_a_view_is_reached(
    signed_in: Any, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(chen_officer)
    client.raise_request_exception = False
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.load", lambda self: _silent()
    )
    answer = client.get("/self-checks/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


def _silent() -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.django_db
def test_a_mistake_in_a_statement_is_no_trouble_of_the_machine() -> None:
    with (
        pytest.raises((OperationalError, ProgrammingError)) as raised,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT nothing FROM nowhere")
    assert trouble_of(raised.value) is None


def test_m76_a_hundred_readers_make_one_line_without_a_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    filter_ = OneLineOfTrouble()
    records = [_record("trouble at /", OperationalError("gone\nforged")) for _ in range(100)]
    records += [_record("Service Unavailable: /", status_code=503) for _ in range(100)]
    passed = [record for record in records if filter_.filter(record)]
    assert [record.getMessage() for record in passed] == ["trouble at /: gone\nforged"]
    assert passed[0].exc_info is None
    assert filter_.filter(_record("trouble at /", FULL))  # another kind


def test_other_errors_keep_their_trace_and_a_strange_host_has_none() -> None:
    filter_ = OneLineOfTrouble()
    mistake = _record("Internal Server Error: /", ZeroDivisionError())
    assert filter_.filter(mistake)
    assert mistake.exc_info
    stranger = _record("Invalid HTTP_HOST header", ValueError(), "django.security.DisallowedHost")
    assert filter_.filter(stranger)
    assert stranger.exc_info is None


def _record(
    message: str, error: Exception | None = None, name: str = "django.request", **more: Any
) -> logging.LogRecord:
    trace = (type(error), error, None) if error else None
    record = logging.LogRecord(name, logging.ERROR, "", 0, message, (), trace)
    record.__dict__.update(more)
    return record


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: the system itself refuses to write on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_m77_a_full_disk_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    storage = WholeFiles(tmp_path)
    with room_for(100_000), pytest.raises(OSError, match="too large") as refused:
        storage.save("uploads/a.xlsx", ContentFile(b"x" * 300_000))
    assert trouble_of(refused.value) == 507
    assert list((tmp_path / "uploads").iterdir()) == []
    name = storage.save("uploads/a.xlsx", ContentFile(b"y" * 300_000))
    assert (tmp_path / name).read_bytes() == b"y" * 300_000
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["a.xlsx"]


def test_m77_a_stored_file_is_never_written_over(tmp_path: Path) -> None:
    storage = WholeFiles(tmp_path)
    first = storage.save("a", ContentFile(b"1"))
    second = storage.save("a", ContentFile(b"2"))
    assert first != second
    assert (tmp_path / first).read_bytes() == b"1"


@pytest.mark.django_db
def test_m77_the_end_of_the_chain_is_a_whole_line_or_none(settings: Any, tmp_path: Path) -> None:
    settings.ANCHOR_FILE = tmp_path / "anchors.txt"
    line = "2026-11-23T08:00:00+0800 1:" + "0" * 64 + "\n"
    settings.ANCHOR_FILE.write_text(line)
    with room_for(len(line) + 10), pytest.raises(OSError, match="No space"):
        periodic._append("x" * 90)
    assert settings.ANCHOR_FILE.read_text() == line


@pytest.mark.django_db(transaction=True)
def test_m78_a_full_database_keeps_no_act_without_its_entry(wu_manager: User) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the disk of a server cannot be made small from here")
    with few_pages_more(40), pytest.raises(OperationalError) as refused:
        act_on(wu_manager, times=10_000)
    assert trouble_of(refused.value) == 507
    number = Entry.objects.filter(action="test.people").count()
    assert number > 0
    assert User.objects.get(pk=wu_manager.pk).display_name == f"吴{number}"
    assert verify() is None


@contextmanager
def few_pages_more(pages: int) -> Iterator[None]:
    """SQLite's own limit: beyond it the database is as full as on a full disk."""
    with connection.cursor() as cursor:
        size = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {size + pages}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")


def act_on(person: User, times: int) -> None:
    for number in range(1, times + 1):
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(display_name=f"吴{number}")
            record(action="test.people", by=person, changes={"number": number})
