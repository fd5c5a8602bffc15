"""One file that holds an installation, as of one moment: written, and put back where none is.

A zip, encrypted where the installation has keys, with ``manifest.json``, ``rows.jsonl`` (Django's
own serialisation, a row a line) and ``media/…``. The manifest has the rows of each table, the
SHA-256 of every member and the end of the audit chain: what is put back is compared with all of it.
"""

import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import ChainHead
from audit.refusals import Conflict, Unusable
from audit.services import record, verify
from audit.verification import faults_of_files, seal_rows_of_before
from crypto.here import said, sealing, unsealed
from crypto.keys import KeyTrouble
from crypto.sealed import Unsealable
from districts.models import User
from districts.wording import listed

MANIFEST, ROWS, MEDIA, BACKUP = "manifest.json", "rows.jsonl", "media/", "backup"
CHUNK, BATCH = 1 << 20, 1000  # bytes, rows
MOST_NAMED = 20
# Made anew by migrate, or worth nothing on another day.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}


@dataclass(frozen=True, slots=True)
class Manifest:
    created_at: str
    rows: dict[str, int]
    anchor: str
    sha256: dict[str, str]
    damaged: tuple[str, ...] = ()  # files that were not what had been sent, in words

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def kept_models() -> list[type[Model]]:
    """Every table that goes into an archive."""
    models = (model for model in apps.get_models() if model._meta.managed)
    return [model for model in models if label(model) not in LEFT_OUT]


def label(model: type[Model]) -> str:
    return model._meta.label_lower


def chain_end() -> str:
    """Where the audit chain ends: number and seal of its last entry."""
    head = ChainHead.objects.filter(pk=1).first()
    return f"{head.number}:{head.hash}" if head else ""


def digest(file: IO[bytes]) -> str:
    """SHA-256 of what is left to read, as 64 hex digits."""
    sha = hashlib.sha256()
    while chunk := file.read(CHUNK):
        sha.update(chunk)
    return sha.hexdigest()


def opened(file: IO[bytes]) -> tuple[ZipFile, Manifest]:
    """The archive and its manifest. Raises Unusable when it is none, or not what was written."""
    try:
        archive = ZipFile(unsealed(file, BACKUP))
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except KeyTrouble as error:
        raise Unusable(_("备份是加密的，KEY_FOLDER 里没有它的密钥：%s。") % said(error)) from error
    except (BadZipFile, KeyError, TypeError, ValueError, Unsealable) as error:
        raise Unusable(_("这不是本门户的备份文件，或文件已损坏。")) from error
    _check_members(archive, manifest)
    return archive, manifest


def _check_members(archive: ZipFile, manifest: Manifest) -> None:
    names = {name for name in archive.namelist() if name != MANIFEST}
    if names != set(manifest.sha256) or ROWS not in names:
        raise Unusable(_("备份里的文件与清单不一致，没有恢复。"))
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise Unusable(_("备份里的文件名「%s」不安全，没有恢复。") % name[:80])
        try:
            with archive.open(name) as member:
                found = digest(member)
        except (BadZipFile, Unsealable):
            found = ""
        if found != manifest.sha256[name]:
            raise Unusable(_("备份里的「%s」已损坏（SHA-256 不符），没有恢复。") % name[:80])


class ExactEncoder(DjangoJSONEncoder):
    """Django's own drops microseconds, over which the audit chain is sealed."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def write_archive(*, path: Path, with_damaged: bool = False) -> Manifest:
    """Rows as of one moment, then the uploaded files; the file is for its owner's eyes only.

    Raises Conflict when a stored file is not what was sent: the archive would take the place of
    the one from which it can be put back. ``with_damaged`` writes all the same and says which.
    """
    damaged = tuple(map(str, faults_of_files()))
    if damaged and not with_damaged:
        raise Conflict(_("保存的文件不在了或与上传时不同：%s。") % listed(damaged[:MOST_NAMED]))
    path.touch(mode=0o600)
    sha256: dict[str, str] = {}
    with (
        path.open("wb") as file,
        sealing(file, BACKUP) as sealed,
        ZipFile(sealed, "w", ZIP_DEFLATED) as archive,
        TemporaryFile() as rows,
    ):
        counts, anchor = _write_rows(rows)
        rows.seek(0)
        sha256[ROWS] = _add(archive, ROWS, rows)
        for each in filter(Path.is_file, sorted(settings.MEDIA_ROOT.rglob("*"))):
            name = MEDIA + each.relative_to(settings.MEDIA_ROOT).as_posix()
            with each.open("rb") as content:
                sha256[name] = _add(archive, name, content)
        manifest = Manifest(timezone.now().isoformat(), counts, anchor, sha256, damaged)
        archive.writestr(MANIFEST, manifest.text())
    return manifest


@transaction.atomic
def note_archive(*, path: Path, sha256: str, by: User | None) -> None:
    """Everything there is has left the portal: the record says so, after the archive's own end."""
    record(action="backup.write", by=by, changes={"file": path.name, "sha256": sha256})


def _write_rows(file: IO[bytes]) -> tuple[dict[str, int], str]:
    """Rows a line each; how many of each table, and where the audit chain ends."""
    counts: Counter[str] = Counter()
    text = io.TextIOWrapper(file, encoding="utf-8")
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in kept_models():
            rows = model._base_manager.order_by("pk").iterator(chunk_size=2000)
            counted = ((counts.update([label(model)]), row)[1] for row in rows)
            serializers.serialize(
                "jsonl", counted, stream=text, use_natural_foreign_keys=True, cls=ExactEncoder
            )
        anchor = chain_end()
    text.flush()
    text.detach()
    return dict(counts), anchor


def _add(archive: ZipFile, name: str, content: IO[bytes]) -> str:
    """Put the content into the archive and return its SHA-256."""
    with archive.open(name, "w", force_zip64=True) as member:
        shutil.copyfileobj(content, member, CHUNK)
    content.seek(0)
    return digest(content)


def restore(*, file: IO[bytes], by: User | None, force: bool = False) -> Manifest:
    """All rows or none, then the files; the audit trail goes on where the archive ends.

    Raises Unusable for a damaged or foreign archive, Conflict when the database is not empty
    (``force`` empties it first) or the rows put back are not those of the manifest.
    """
    archive, manifest = opened(file)
    with closing(archive):
        with transaction.atomic():
            _make_room(force)
            _load_rows(archive)
            _compare(manifest)
            seal_rows_of_before()
            record(action="backup.restore", by=by, changes={"created_at": manifest.created_at})
        _restore_media(archive)
    return manifest


def _make_room(force: bool) -> None:
    occupied = [model for model in kept_models() if model._base_manager.exists()]
    if occupied and not force:
        raise Conflict(_("数据库不是空的，没有恢复；确实要用备份替换全部数据时，请加 --force。"))
    if occupied:
        call_command("flush", interactive=False, verbosity=0)


def _load_rows(archive: ZipFile) -> None:
    with archive.open(ROWS) as member:
        lines = io.TextIOWrapper(member, encoding="utf-8")
        try:
            rows = serializers.deserialize("jsonl", lines)
            for model, same in groupby(rows, key=lambda row: type(row.object)):
                _store(model, same)
        except serializers.base.DeserializationError as error:
            raise Unusable(_("备份与这个版本的门户不相配，没有恢复：%s") % error) from error
    _set_counters()


def _store(model: Any, rows: Iterator[Any]) -> None:
    """In batches; one by one where Django would put today's date over the stored one."""
    fields = model._meta.concrete_fields
    if any(getattr(field, "auto_now", 0) or getattr(field, "auto_now_add", 0) for field in fields):
        for row in rows:
            row.save()
        return
    while batch := list(islice(rows, BATCH)):
        model._base_manager.bulk_create(row.object for row in batch)


def _set_counters() -> None:
    """Where the database counts its keys apart from the rows, the count goes on behind them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)


def _compare(manifest: Manifest) -> None:
    found = {label(model): model._base_manager.count() for model in kept_models()}
    if {name: count for name, count in found.items() if count} != manifest.rows:
        raise Conflict(_("恢复的行数与备份清单不符，没有恢复。"))
    if verify() is not None or chain_end() != manifest.anchor:
        raise Conflict(_("备份里的审计链不完整，没有恢复。"))


def _restore_media(archive: ZipFile) -> None:
    for name in archive.namelist():
        if not name.startswith(MEDIA):
            continue
        target = settings.MEDIA_ROOT / name.removeprefix(MEDIA)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as member, target.open("wb") as copy:
            shutil.copyfileobj(member, copy)
