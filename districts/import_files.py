"""Holds an uploaded table between preview and confirmation; nobody but its uploader can use it."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from districts.models import User
from districts.tables import FileRefused
from workbooks.findings import Refused as RefusedFile
from workbooks.guard import refuse_beyond

FOLDER = "imports"
LIFETIME = timedelta(hours=2)
_SALT = "districts.import_files"


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored upload, and the digest of what its uploader was shown."""

    path: str
    name: str
    seen: str
    data: bytes

    def remove(self) -> None:
        default_storage.delete(self.path)


def bytes_of(upload: Any) -> bytes:
    """The content of an upload, refused by its size before it is read."""
    try:
        refuse_beyond(upload.size)
    except RefusedFile as refused:
        raise FileRefused(refused) from refused
    return bytes(upload.read())


def keep(data: bytes, name: str, *, seen: str, by: User) -> str:
    """Store the upload; the ticket returned is good for its uploader for two hours."""
    _sweep()
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))
    ticket = {"path": path, "name": name[-120:], "seen": seen, "by": by.pk}
    return signing.dumps(ticket, salt=_SALT, compress=True)


def take(ticket: str, *, by: User) -> Stored:
    """The upload of a ticket. Raises BadSignature, or FileNotFoundError once it is used or old."""
    told = signing.loads(ticket, salt=_SALT, max_age=LIFETIME)
    if told["by"] != by.pk:
        raise signing.BadSignature
    with default_storage.open(told["path"]) as file:
        return Stored(told["path"], told["name"], told["seen"], file.read())


def _sweep() -> None:
    """Abandoned previews do not pile up."""
    if not default_storage.exists(FOLDER):
        return
    oldest = timezone.now() - LIFETIME
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < oldest:
            default_storage.delete(path)
