"""One file that holds an installation: rows, uploaded files and what they must add up to.

A zip with ``manifest.json``, ``rows.jsonl`` (Django's own serialisation, a row a line) and
``media/…``. The manifest has the rows of each table, the SHA-256 of every member and the end of
the audit chain: what is put back is compared with all of it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable

MANIFEST, ROWS, MEDIA = "manifest.json", "rows.jsonl", "media/"
CHUNK = 1 << 20
# Made anew by migrate, or worth nothing on another day.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}


@dataclass(frozen=True, slots=True)
class Manifest:
    created_at: str
    rows: dict[str, int]
    anchor: str
    sha256: dict[str, str]

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def kept_models() -> list[type[Model]]:
    """Every table that goes into an archive."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and model._meta.label_lower not in LEFT_OUT
    ]


def digest(file: IO[bytes]) -> str:
    """SHA-256 of what is left to read, as 64 hex digits."""
    sha = hashlib.sha256()
    while chunk := file.read(CHUNK):
        sha.update(chunk)
    return sha.hexdigest()


def opened(file: IO[bytes]) -> tuple[ZipFile, Manifest]:
    """The archive and its manifest. Raises Unusable when it is none, or not what was written."""
    try:
        archive = ZipFile(file)
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except (BadZipFile, KeyError, TypeError, ValueError) as error:
        raise Unusable(_("这不是本门户的备份文件,或文件已损坏。")) from error
    _check_members(archive, manifest)
    return archive, manifest


def _check_members(archive: ZipFile, manifest: Manifest) -> None:
    names = {name for name in archive.namelist() if name != MANIFEST}
    if names != set(manifest.sha256) or ROWS not in names:
        raise Unusable(_("备份里的文件与清单不一致,没有恢复。"))
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise Unusable(_("备份里的文件名「%s」不安全,没有恢复。") % name[:80])
        try:
            with archive.open(name) as member:
                found = digest(member)
        except BadZipFile:
            found = ""
        if found != manifest.sha256[name]:
            raise Unusable(_("备份里的「%s」已损坏(SHA-256 不符),没有恢复。") % name[:80])
