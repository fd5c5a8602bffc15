"""Where the files that people send are kept on a disk: each whole, or not there at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import FileSystemStorage

from crypto.storage import SealedFiles

PART = ".part"


class WholeFiles(FileSystemStorage):
    """Writes beside the place, down to the disk, and only then gives the file its name.

    A full disk leaves nothing; who is killed leaves a part, which the sweep of files without a row
    takes away.
    """

    def _save(self, name: str, content: Any) -> str:
        with self._part(name, content) as part:
            os.link(part, self.path(name))  # never over a file that is there
        return name

    def _replace(self, name: str, content: Any) -> None:
        """Over the one that is there, at once: nobody reads half of either."""
        with self._part(name, content, f".{secrets.token_hex(4)}") as part:
            os.stat(self.path(name))  # taken away meanwhile: it does not come back
            os.replace(part, self.path(name))

    @contextmanager
    def _part(self, name: str, content: Any, mark: str = "") -> Iterator[str]:
        part = f"{name}{mark}{PART}"
        try:
            super()._save(part, content)  # type: ignore[misc]
            with open(self.path(part), "rb") as file:
                os.fsync(file.fileno())
            yield self.path(part)
        finally:
            self.delete(part)
        _make_lasting(os.path.dirname(self.path(name)))


class KeptFiles(SealedFiles, WholeFiles):
    """Encrypted where the installation has keys."""


def _make_lasting(folder: str) -> None:
    """The name, too, is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
