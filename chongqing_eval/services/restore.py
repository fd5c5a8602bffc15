"""Puts an archive back into an empty installation and proves that it is the same."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from io import TextIOWrapper
from itertools import groupby, islice
from typing import IO, Any
from zipfile import ZipFile

from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.models import ChainHead
from audit.refusals import Conflict, Unusable
from audit.services import record, verify
from districts.models import User

from .archive import MEDIA, ROWS, Manifest, kept_models, opened

BATCH = 1000


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
            record(action="backup.restore", by=by, changes={"created_at": manifest.created_at})
        _restore_media(archive)
    return manifest


def _make_room(force: bool) -> None:
    occupied = [model for model in kept_models() if model._base_manager.exists()]
    if occupied and not force:
        raise Conflict(_("数据库不是空的,没有恢复;确实要用备份替换全部数据时,请加 --force。"))
    if occupied:
        call_command("flush", interactive=False, verbosity=0)


def _load_rows(archive: ZipFile) -> None:
    with archive.open(ROWS) as member:
        lines = TextIOWrapper(member, encoding="utf-8")
        try:
            rows = serializers.deserialize("jsonl", lines)
            for model, same in groupby(rows, key=lambda row: type(row.object)):
                _store(model, same)
        except serializers.base.DeserializationError as error:
            raise Unusable(_("备份与这个版本的门户不相配,没有恢复:%s") % error) from error
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
    found = {model._meta.label_lower: model._base_manager.count() for model in kept_models()}
    if {name: count for name, count in found.items() if count} != manifest.rows:
        raise Conflict(_("恢复的行数与备份清单不符,没有恢复。"))
    head = ChainHead.objects.filter(pk=1).first()
    end = f"{head.number}:{head.hash}" if head else ""
    if verify() is not None or end != manifest.anchor:
        raise Conflict(_("备份里的审计链不完整,没有恢复。"))


def _restore_media(archive: ZipFile) -> None:
    for name in archive.namelist():
        if not name.startswith(MEDIA):
            continue
        target = settings.MEDIA_ROOT / name.removeprefix(MEDIA)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as member, target.open("wb") as copy:
            shutil.copyfileobj(member, copy)
