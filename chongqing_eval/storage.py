"""Where the files that people send are kept on a disk: each whole, or not there at all."""

import os
from typing import Any

from django.core.files.storage import FileSystemStorage

PART = ".part"


class WholeFiles(FileSystemStorage):
    """Writes beside the place, down to the disk, and only then gives the file its name.

    A full disk leaves nothing; who is killed leaves a part, which the sweep of files without a row
    takes away.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}{PART}"
        try:
            super()._save(part, content)  # type: ignore[misc]
            with self.open(part) as file:
                os.fsync(file.fileno())
            os.link(self.path(part), self.path(name))  # never over a file that is there
        finally:
            self.delete(part)
        _make_lasting(os.path.dirname(self.path(name)))
        return name


def _make_lasting(folder: str) -> None:
    """The name, too, is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
