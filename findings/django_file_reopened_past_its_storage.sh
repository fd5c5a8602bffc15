#!/usr/bin/env bash
# A model's file that is read a second time goes past its storage.
#
# FieldFile.open() asks the storage only the first time. Later it calls File.open(), which takes
# Python's open() and the file's name: a storage that decrypts in _open() and keeps the name of the
# place, as FileSystemStorage does, is read right once and then gives what lies on the disk, without
# an error. A row that an earlier reader has opened and closed is enough.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.19
"$folder/venv/bin/python" - "$folder" <<'PY'
import io
import sys
from pathlib import Path

import django
from django.conf import settings

settings.configure()
from django.core.files import File  # noqa: E402
from django.core.files.storage import FileSystemStorage  # noqa: E402
from django.db.models.fields.files import FieldFile, FileField  # noqa: E402


class Reversing(FileSystemStorage):
    """Stands for decryption: what is read is the stored text backwards."""

    def _open(self, name, mode="rb"):
        kept = Path(self.path(name)).read_bytes()
        return File(io.BytesIO(kept[::-1]), self.path(name))


class Row:
    pass


folder = Path(sys.argv[1])
(folder / "note").write_bytes(b"olleh")
field = FileField(storage=Reversing(folder))
field.attname = field.name = "file"
kept = FieldFile(Row(), field, "note")
read = []
for _time in range(2):
    with kept.open("rb") as file:
        read.append(file.read())
print("django", django.__version__, "first:", read[0], "second:", read[1])
assert read == [b"hello", b"olleh"], "the second reading asks the storage, too"
PY
