"""Keys in a folder outside the database, one file each, for the eyes of their owner alone.

``0001-1a2b3c4d.key`` encrypts, ``0002-….ed25519.pem`` signs, ``0002-….ed25519.pub.pem`` verifies;
the highest number is used for what is new, all others are kept for what is old.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

N_: Callable[[str], str] = str  # marks a sentence for the message catalogue
SIZE = 32  # bytes
DATA, PRIVATE, PUBLIC = ".key", ".pem", ".pub.pem"
NOT_SET = N_("没有设置 %s")
NO_FOLDER = N_("密钥的目录 %s 读不了")
NO_KEY = N_("没有密钥 %s")
EXPOSED = N_("密钥 %s 别人也能读，权限应只给门户的用户")
NO_HEX = N_("密钥 %s 的内容不对，应是 64 个十六进制数字")
_ID = re.compile(r"\d{4}-[0-9a-f]{8}")


class KeyTrouble(OSError):
    """A key is not there, or others can read it: nothing is written without, and nothing read.

    ``sentence`` has one gap, for ``where``; whoever tells people translates it.
    """

    def __init__(self, sentence: str, where: object = "") -> None:
        super().__init__(sentence % where)
        self.sentence, self.where, self.strerror = sentence, str(where), sentence % where


@dataclass(frozen=True, slots=True)
class Keyring:
    folder: Path

    def ids(self, ending: str = DATA) -> list[str]:
        """Of one kind, the oldest first."""
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except OSError as error:
            raise KeyTrouble(NO_FOLDER, self.folder) from error
        found = (name.removesuffix(ending) for name in names if name.endswith(ending))
        return [key for key in found if _ID.fullmatch(key)]

    def newest(self, ending: str = DATA) -> str:
        """Raises KeyTrouble when there is none."""
        if ids := self.ids(ending):
            return ids[-1]
        raise KeyTrouble(NO_KEY, self.folder / f"*{ending}")

    def path(self, key: str, ending: str = DATA) -> Path:
        """Raises KeyTrouble when there is no such key of this kind."""
        path = self.folder / f"{key}{ending}"
        if not (_ID.fullmatch(key) and path.is_file()):
            raise KeyTrouble(NO_KEY, path)
        return path

    def secret(self, key: str) -> bytes:
        path = self.path(key)
        if mode_of(path) & 0o077:
            raise KeyTrouble(EXPOSED, path)
        text = path.read_text(encoding="ascii").strip()
        if not re.fullmatch(rf"[0-9a-f]{{{2 * SIZE}}}", text):
            raise KeyTrouble(NO_HEX, path)
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
