"""Writes the whole installation into one archive, as of one moment."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from audit.models import ChainHead

from .archive import CHUNK, MANIFEST, MEDIA, ROWS, Manifest, digest, kept_models


class ExactEncoder(DjangoJSONEncoder):
    """Django's own drops microseconds, over which the audit chain is sealed."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def write_archive(*, path: Path) -> Manifest:
    """Rows as of one moment, then the uploaded files; the file is for its owner's eyes only."""
    path.touch(mode=0o600)
    sha256: dict[str, str] = {}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, TemporaryFile() as rows:
        counts, anchor = _write_rows(rows)
        rows.seek(0)
        sha256[ROWS] = _add(archive, ROWS, rows)
        for file in _media_files():
            name = MEDIA + file.relative_to(settings.MEDIA_ROOT).as_posix()
            with file.open("rb") as content:
                sha256[name] = _add(archive, name, content)
        manifest = Manifest(timezone.now().isoformat(), counts, anchor, sha256)
        archive.writestr(MANIFEST, manifest.text())
    return manifest


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
            counted = ((counts.update([model._meta.label_lower]), row)[1] for row in rows)
            serializers.serialize(
                "jsonl", counted, stream=text, use_natural_foreign_keys=True, cls=ExactEncoder
            )
        head = ChainHead.objects.filter(pk=1).first()
    text.flush()
    text.detach()
    return dict(counts), f"{head.number}:{head.hash}" if head else ""


def _media_files() -> Iterator[Path]:
    yield from (path for path in sorted(settings.MEDIA_ROOT.rglob("*")) if path.is_file())


def _add(archive: ZipFile, name: str, content: IO[bytes]) -> str:
    """Put the content into the archive and return its SHA-256."""
    with archive.open(name, "w", force_zip64=True) as member:
        while chunk := content.read(CHUNK):
            member.write(chunk)
    content.seek(0)
    return digest(content)
