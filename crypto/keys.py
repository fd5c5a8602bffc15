"""Keys in a folder outside the database, one file each, for the eyes of their owner alone.

``0001-1a2b3c4d.key`` encrypts, ``0002-….ed25519.pem`` signs, ``0002-….ed25519.pub.pem`` verifies;
the highest number is used for what is new, all others are kept for what is old.
"""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SIZE = 32  # bytes
DATA, PRIVATE, PUBLIC = ".key", ".pem", ".pub.pem"
_ID = re.compile(r"\d{4}-[0-9a-f]{8}")


class KeyTrouble(OSError):
    """A key is not there, or others can read it: nothing is written without, and nothing read."""


@dataclass(frozen=True, slots=True)
class Keyring:
    folder: Path

    def ids(self, ending: str = DATA) -> list[str]:
        """Of one kind, the oldest first."""
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except OSError as error:
            raise KeyTrouble(error.errno, error.strerror, str(self.folder)) from error
        found = (name.removesuffix(ending) for name in names if name.endswith(ending))
        return [key for key in found if _ID.fullmatch(key)]

    def newest(self, ending: str = DATA) -> str:
        """Raises KeyTrouble when there is none."""
        if ids := self.ids(ending):
            return ids[-1]
        raise KeyTrouble(f"no *{ending} in {self.folder}")

    def path(self, key: str, ending: str = DATA) -> Path:
        """Raises KeyTrouble when there is no such key of this kind."""
        path = self.folder / f"{key}{ending}"
        if not (_ID.fullmatch(key) and path.is_file()):
            raise KeyTrouble(f"no key {key}{ending} in {self.folder}")
        return path

    def secret(self, key: str) -> bytes:
        path = self.path(key)
        if mode_of(path) & 0o077:
            raise KeyTrouble(f"{path} is readable by others")
        text = path.read_text(encoding="ascii").strip()
        if not re.fullmatch(rf"[0-9a-f]{{{2 * SIZE}}}", text):
            raise KeyTrouble(f"{path} does not hold {SIZE} bytes in hex")
        return bytes.fromhex(text)

    def next_id(self) -> str:
        """Counted up over all kinds, with a random end, so that two machines make no two alike."""
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        numbers = [int(name[:4]) for name in names if _ID.match(name)]
        return f"{max(numbers, default=0) + 1:04d}-{secrets.token_hex(4)}"

    def make(self) -> str:
        """A new key to encrypt with."""
        key = self.next_id()
        self.put(key, DATA, secrets.token_bytes(SIZE).hex().encode())
        return key

    def put(self, key: str, ending: str, content: bytes) -> None:
        """Whole, on the disk, and readable by its owner alone; never over another."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.folder / f".{key}{ending}"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, self.folder / f"{key}{ending}")

    def exposed(self) -> Iterator[Path]:
        """What others than its owner can read, or the folder when they can enter it."""
        for path in (self.folder, *sorted(self.folder.iterdir())):
            if not path.name.endswith(PUBLIC) and mode_of(path) & 0o077:
                yield path


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777
