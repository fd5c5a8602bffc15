"""Stored files, encrypted on their way to any storage of Django's and read as they were sent."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Self, cast

from django.core.files import File

from .here import keyring, needed_keyring, profile
from .sealed import LONGEST_LINE, Line, Sealing, line_of, reader

FILES = "files"
IN_MEMORY = 1 << 20  # bytes of one file; more of it waits on the disk, encrypted already


class Reopened(File[bytes]):
    """Opened once more by its storage: Django's own reads what lies on the disk."""

    def __init__(self, reopen: Callable[[], IO[bytes]], name: str) -> None:
        super().__init__(reopen(), name)
        self.reopen = reopen

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        if self.closed:
            self.file = self.reopen()
        else:
            self.seek(0)
        return self


class SealedFiles:
    """Stands before a storage: what it saves is sealed under its name where there are keys.

    What lies there unsealed, from before there were keys, is read as it is.
    """

    def _save(self, name: str, content: Any) -> str:
        if keyring() is None:
            return str(super()._save(name, content))  # type: ignore[misc]
        with self._sealed(name, content) as sealed:
            return str(super()._save(name, sealed))  # type: ignore[misc]

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Raises KeyTrouble without the key; reading what was changed raises Unsealable."""
        if mode == "rb":
            return Reopened(partial(self._read, name), name)
        return super()._open(name, mode)  # type: ignore[misc]

    def _read(self, name: str) -> IO[bytes]:
        file: Any = super()._open(name, "rb")  # type: ignore[misc]
        if line_of(_start_of(file)) is None:
            return cast("IO[bytes]", file)
        try:
            return cast("IO[bytes]", reader(file, needed_keyring(), FILES, name))
        except OSError:
            file.close()
            raise

    def size(self, name: str) -> int:
        """Of what was sent."""
        with self._open(name) as file:
            return int(file.seek(0, io.SEEK_END))

    def line(self, name: str) -> Line | None:
        """Which cipher and key a stored file is sealed with; None for none."""
        with super()._open(name, "rb") as file:  # type: ignore[misc]
            return line_of(_start_of(file))

    def reseal(self, name: str) -> None:
        """Seal a stored file anew, with the newest key and the profile's cipher: the old content is
        there until the new one is whole."""
        with self._open(name) as content, self._sealed(name, File(content)) as sealed:
            self._replace(name, sealed)  # type: ignore[attr-defined]

    @staticmethod
    @contextmanager
    def _sealed(name: str, content: Any) -> Iterator[Any]:
        with SpooledTemporaryFile(IN_MEMORY) as into:
            with Sealing(into, needed_keyring(), profile().cipher, FILES, name) as filled:
                for piece in content.chunks():
                    filled.write(piece)
            into.seek(0)
            yield File(into)


def _start_of(file: IO[bytes]) -> bytes:
    start = file.read(LONGEST_LINE)
    file.seek(0)
    return start
