"""Files people send: scanned, kept under names of our own, never half a file behind a row."""

import hashlib
import re
import socket
import struct
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from audit.services import record
from crypto.keys import KeyTrouble
from rest.renderers import CsvRenderer, XlsxRenderer
from rest.trouble import NoAnswer
from selfchecks.models import EvidenceItem, Upload

CHUNK = 64 * 1024
SECONDS = 20


class ScannerDown(Refused):
    """The scanner does not answer; files wait until it does, none slips through."""

    status = 503
    code = "scanner_down"


class DamagedFile(Refused):
    """A stored file is gone, or no longer has the bytes that were sent: it is given to nobody."""

    code = "file_damaged"

    def __init__(self, row: Any) -> None:
        sentence = _(
            "门户保存的文件「%s」不在了，或者与上传时不同（SHA-256 不符），所以没有提供。"
            "请告知市级管理员从备份恢复；在这之前请用自己留存的原件。"
        )
        super().__init__(sentence % row.display_name)


def scanner() -> Callable[[bytes], str | None] | None:
    """What names a virus in some bytes; None when no scanner is configured."""
    return _ask_clamd if settings.CLAMD_URL else None


def _ask_clamd(content: bytes) -> str | None:
    """clamd's INSTREAM: chunks with their length, a zero length, then one line of answer."""
    address = urlsplit(settings.CLAMD_URL)
    try:
        with socket.create_connection(
            (address.hostname or "127.0.0.1", address.port or 3310), timeout=SECONDS
        ) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = connection.makefile("rb").read(4096).rstrip(b"\0\n").decode("utf-8", "replace")
    except OSError as error:
        raise ScannerDown(_("安全检查暂时不能进行，文件没有采用；请稍后再上传。")) from error
    return _name_in(answer)


def _name_in(answer: str) -> str | None:
    if answer.endswith(" OK"):
        return None
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerDown(_("安全检查没有给出结论，文件没有采用；请稍后再上传。"))


UPLOADS, EVIDENCE = "selfchecks/uploads", "selfchecks/evidence"
# Folder → the rows with file, display_name and sha256 that name its files; rooms above add theirs.
KEPT: dict[str, Any] = {UPLOADS: Upload, EVIDENCE: EvidenceItem}
LONGEST_NAME = 120
SETTLED_AFTER = timedelta(hours=1)  # a younger file may belong to a request still running
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def fingerprint(content: bytes) -> str:
    """SHA-256 of a file's bytes as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def harmless_name(name: str, fallback: str = "文件") -> str:
    """The sender's file name for showing: no path, no control or direction marks, not too long."""
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    kept = " ".join(kept.split()).strip(" .") or fallback
    match = _EXTENSION.search(kept)
    ending = match[0] if match else ""
    return kept[: len(kept) - len(ending)][: LONGEST_NAME - len(ending)] + ending


@contextmanager
def stored(content: bytes, folder: str, suffix: str) -> Iterator[str]:
    """Store the bytes first and give their name; when the block fails they are taken away again.

    A row is only written once its file is complete. A process killed in between leaves a file
    without a row, which ``sweep_orphans`` removes, and never a row without its file.
    """
    name = default_storage.save(f"{folder}/{uuid.uuid4().hex}{suffix}", ContentFile(content))
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def orphans(now: datetime | None = None) -> Iterator[str]:
    """Stored files that no row names and that no running request can still need."""
    limit = (now or timezone.now()) - SETTLED_AFTER
    for folder, model in KEPT.items():
        known = {*model.objects.values_list("file", flat=True)}
        for name in _names_in(folder):
            path = f"{folder}/{name}"
            if path not in known and default_storage.get_modified_time(path) < limit:
                yield path


def sweep_orphans(now: datetime | None = None) -> int:
    """Remove orphans, which the record names before; returns how many there were."""
    found = list(orphans(now))
    if found:
        with transaction.atomic():
            record(action="file.sweep", by=None, changes={"swept": found})
    for path in found:
        default_storage.delete(path)
    return len(found)


def content_of(row: Any) -> bytes:
    """The bytes of a row of ``KEPT`` as they were sent. Raises DamagedFile when they are gone or
    are others now."""
    try:
        with row.file.open("rb") as file:
            content: bytes = file.read()
    except (KeyTrouble, NoAnswer):
        raise  # nothing is wrong with the file
    except OSError as error:
        raise DamagedFile(row) from error
    if fingerprint(content) != row.sha256:
        raise DamagedFile(row)
    return content


def _names_in(folder: str) -> list[str]:
    try:
        return list(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []


def offered(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Bytes to save, never to be shown by the browser itself."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def offered_table(rows: list[list[Any]], name: str) -> HttpResponse:
    """The same for rows of our own as CSV."""
    return offered(CsvRenderer().write(rows), name, "text/csv; charset=utf-8")


def offered_book(content: bytes, name: str) -> HttpResponse:
    """The same for a workbook of our own."""
    return offered(content, name, XlsxRenderer.media_type)
