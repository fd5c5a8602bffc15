"""Keeps what people send: under names of our own, never half a file behind a row."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from selfchecks.models import EvidenceItem, Upload

UPLOADS, EVIDENCE = "selfchecks/uploads", "selfchecks/evidence"
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
    known = {*Upload.objects.values_list("file", flat=True)}
    known |= {*EvidenceItem.objects.values_list("file", flat=True)}
    for folder in (UPLOADS, EVIDENCE):
        for name in _names_in(folder):
            path = f"{folder}/{name}"
            if path not in known and default_storage.get_modified_time(path) < limit:
                yield path


def sweep_orphans(now: datetime | None = None) -> int:
    """Remove orphans; returns how many there were."""
    found = list(orphans(now))
    for path in found:
        default_storage.delete(path)
    return len(found)


def damaged() -> Iterator[Upload | EvidenceItem]:
    """Rows whose file is gone or no longer has the bytes that were sent."""
    for model in (Upload, EvidenceItem):
        for row in model.objects.order_by("pk").iterator(chunk_size=200):
            if not default_storage.exists(row.file.name) or not _is_intact(row):
                yield row


def _is_intact(row: Upload | EvidenceItem) -> bool:
    return fingerprint(content_of(row)) == row.sha256


def content_of(row: Upload | EvidenceItem) -> bytes:
    """The bytes as they were sent."""
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return content


def _names_in(folder: str) -> list[str]:
    try:
        return list(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []
