"""Bytes encrypted in pieces, so that a file of any size is written and read as it streams by.

A line says cipher and key, then come 16 random bytes and pieces of 64 KiB, each with its own tag.
The key of one file is derived (HKDF) from the keyring's, those bytes and the purpose; the nonce
counts the pieces and marks the last one, so none is moved, left out or cut off; the line and the
name the bytes are kept under are authenticated with each piece, so no file takes another's place.
"""

import io
import os
from typing import IO, Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .keys import Keyring
from .profiles import GUOMI, STANDARD

MAGIC = b"portal-sealed 1 "
LONGEST_LINE = 80
SALT, PIECE, TAG = 16, 64 * 1024, 16
_KINDS: dict[str, tuple[Any, int, type[hashes.HashAlgorithm]]] = {
    STANDARD.cipher: (algorithms.AES, 32, hashes.SHA256),
    GUOMI.cipher: (algorithms.SM4, 16, hashes.SM3),
}


class Unsealable(OSError):
    """The bytes were changed, cut off, or belong to another name."""


class Line(NamedTuple):
    """What the first line says."""

    cipher: str
    key: str

    def __bytes__(self) -> bytes:
        return MAGIC + f"{self.cipher} {self.key}\n".encode()


def line_of(start: bytes) -> Line | None:
    """The line that sealed bytes start with; None for any others."""
    head, end, _rest = start[:LONGEST_LINE].partition(b"\n")
    words = head.removeprefix(MAGIC).decode("ascii", "replace").split(" ")
    is_one = head.startswith(MAGIC) and end and len(words) == 2 and words[0] in _KINDS
    return Line(*words) if is_one else None


class _Box:
    """Seals and opens the pieces of one file."""

    def __init__(self, line: Line, salt: bytes, secret: bytes, purpose: str, name: str) -> None:
        make, size, digest = _KINDS[line.cipher]
        key = HKDF(digest(), size, salt, purpose.encode()).derive(secret)
        self._cipher, self._beside = make(key), bytes(line) + name.encode()

    def seal(self, number: int, is_last: bool, piece: bytes) -> bytes:
        work: Any = Cipher(self._cipher, modes.GCM(_nonce(number, is_last))).encryptor()
        work.authenticate_additional_data(self._beside)
        content: bytes = work.update(piece) + work.finalize()
        return content + work.tag

    def open(self, number: int, is_last: bool, piece: bytes) -> bytes:
        if len(piece) < TAG:
            raise Unsealable("cut off")
        mode = modes.GCM(_nonce(number, is_last), piece[-TAG:])
        work: Any = Cipher(self._cipher, mode).decryptor()
        work.authenticate_additional_data(self._beside)
        content: bytes = work.update(piece[:-TAG])
        try:
            return content + work.finalize()
        except InvalidTag as error:
            raise Unsealable("changed, cut off, or another file's") from error


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealing(io.RawIOBase):
    """Seals what is written to it into another file, with the ring's newest key."""

    def __init__(
        self, into: IO[bytes], ring: Keyring, cipher: str, purpose: str, name: str
    ) -> None:
        line, salt = Line(cipher, ring.newest()), os.urandom(SALT)
        self._box = _Box(line, salt, ring.secret(line.key), purpose, name)
        self._into, self._number, self._left = into, 0, bytearray()
        into.write(bytes(line) + salt)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        """All but the last piece, which is known as that only at the end."""
        self._left += content
        while len(self._left) > PIECE:
            self._put(False)
        return len(content)

    def _put(self, is_last: bool) -> None:
        self._into.write(self._box.seal(self._number, is_last, bytes(self._left[:PIECE])))
        del self._left[:PIECE]
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._put(True)
        super().close()


class Unsealing(io.RawIOBase):
    """Reads sealed bytes at any place; each piece is checked before any of it is given.

    Raises KeyTrouble at once without the key, Unsealable while reading what was changed.
    """

    def __init__(self, sealed: IO[bytes], ring: Keyring, purpose: str, name: str) -> None:
        sealed.seek(0)
        line = line_of(sealed.read(LONGEST_LINE))
        if line is None:
            raise Unsealable("not sealed")
        self._start = len(bytes(line)) + SALT
        sealed.seek(len(bytes(line)))
        salt = sealed.read(SALT)
        self._box = _Box(line, salt, ring.secret(line.key), purpose, name)
        held = sealed.seek(0, io.SEEK_END) - self._start
        self._pieces = max(1, -(-held // (PIECE + TAG)))
        self._size = held - self._pieces * TAG
        self._sealed, self._at, self._held = sealed, 0, (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        number, within = divmod(self._at, PIECE)
        is_beyond = self._at >= max(self._size, 1)  # the one piece of an empty file is checked too
        found = b"" if is_beyond else self._piece(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._sealed.seek(self._start + number * (PIECE + TAG))
            piece = self._sealed.read(PIECE + TAG)
            self._held = (number, self._box.open(number, number == self._pieces - 1, piece))
        return self._held[1]

    def close(self) -> None:
        self._sealed.close()
        super().close()


def reader(sealed: IO[bytes], ring: Keyring, purpose: str, name: str) -> io.BufferedReader:
    return io.BufferedReader(Unsealing(sealed, ring, purpose, name), PIECE)
