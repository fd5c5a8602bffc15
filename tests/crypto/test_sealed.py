"""Sealed bytes come back as they were, and only they: no bit, piece, end or name is exchanged."""

import io
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from crypto.keys import NO_KEY, Keyring, KeyTrouble
from crypto.sealed import PIECE, SALT, TAG, Sealing, Unsealable, line_of, reader

CIPHERS = ["aes-256-gcm", "sm4-128-gcm"]
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]


class OneKey(Keyring):
    """A ring whose only key is 32 times the letter k."""

    def newest(self, ending: str = ".key") -> str:
        return "0001-00000000"

    def secret(self, key: str) -> bytes:
        if key != "0001-00000000":
            raise KeyTrouble(NO_KEY, key)
        return b"k" * 32


RING: Any = OneKey(None)  # type: ignore[arg-type]


def seal(content: bytes, cipher: str = CIPHERS[1], name: str = "a/1", at_once: int = 7000) -> bytes:
    into = io.BytesIO()
    with Sealing(into, RING, cipher, "files", name) as sealing:
        for start in range(0, len(content), at_once):
            sealing.write(content[start : start + at_once])
    return into.getvalue()


def unseal(sealed: bytes, name: str = "a/1", purpose: str = "files") -> bytes:
    return reader(io.BytesIO(sealed), RING, purpose, name).read()


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back(cipher: str, size: int) -> None:
    content = os.urandom(size)
    sealed = seal(content, cipher)
    assert unseal(sealed) == content
    assert len(sealed) == len(f"portal-sealed 1 {cipher} 0001-00000000\n") + SALT + size + TAG * (
        max(1, -(-size // PIECE))
    )
    assert seal(content, cipher)[60:] != sealed[60:]  # never the same salt


def hkdf(digest: Any, salt: bytes, size: int) -> bytes:
    """RFC 5869 with one block, by hand."""

    def keyed(key: bytes, text: bytes) -> bytes:
        made = hmac.HMAC(key, digest)
        made.update(text)
        return made.finalize()

    return keyed(keyed(salt, b"k" * 32), b"files\x01")[:size]


def test_a_file_is_opened_by_the_page_that_describes_it() -> None:
    """By other code than ours: another hand can read the files with the key and the description."""
    line = b"portal-sealed 1 aes-256-gcm 0001-00000000\n"
    sealed = seal(b"x" * PIECE + b"rest", CIPHERS[0])
    assert sealed.startswith(line)
    salt, body = sealed[len(line) :][:SALT], sealed[len(line) + SALT :]
    box = AESGCM(hkdf(hashes.SHA256(), salt, 32))
    first = box.decrypt(bytes(12), body[: PIECE + TAG], line + b"a/1")
    last = box.decrypt(bytes(10) + b"\x01\x01", body[PIECE + TAG :], line + b"a/1")
    assert (first, last) == (b"x" * PIECE, b"rest")


def test_a_file_of_the_other_cipher_too() -> None:
    line = b"portal-sealed 1 sm4-128-gcm 0001-00000000\n"
    sealed = seal(b"secret")
    salt, body = sealed[len(line) :][:SALT], sealed[len(line) + SALT :]
    mode = modes.GCM(bytes(11) + b"\x01", body[-TAG:])
    work = Cipher(algorithms.SM4(hkdf(hashes.SM3(), salt, 16)), mode).decryptor()
    work.authenticate_additional_data(line + b"a/1")
    assert work.update(body[:-TAG]) + work.finalize() == b"secret"


@given(st.data())
def test_no_byte_can_be_changed(data: Any) -> None:
    sealed = bytearray(seal(b"x" * (PIECE + 20)))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Unsealable, KeyTrouble)):
        unseal(bytes(sealed))


@pytest.mark.parametrize("cut", [1, TAG, TAG + 20, TAG + 21, PIECE + 2 * TAG + 20])
def test_it_cannot_be_cut_off(cut: int) -> None:
    """Also not where a piece ends."""
    with pytest.raises(Unsealable):
        unseal(seal(b"x" * (PIECE + 20))[:-cut])


def test_pieces_cannot_change_places_or_be_added() -> None:
    sealed = seal(b"a" * PIECE + b"b" * PIECE + b"c")
    start = len(sealed) - 2 * (PIECE + TAG) - TAG - 1
    one, two = (sealed[start + at * (PIECE + TAG) :][: PIECE + TAG] for at in (0, 1))
    rest = sealed[start + 2 * (PIECE + TAG) :]
    for body in (two + one + rest, one + rest, one + two + two + rest, one + two + rest + rest):
        with pytest.raises(Unsealable):
            unseal(sealed[:start] + body)


def test_it_belongs_to_one_name_and_one_purpose() -> None:
    sealed = seal(b"secret")
    for name, purpose in (("a/2", "files"), ("a/1", "backup")):
        with pytest.raises(Unsealable):
            unseal(sealed, name, purpose)


def test_an_empty_file_is_checked_too() -> None:
    sealed = bytearray(seal(b""))
    sealed[-1] ^= 1
    with pytest.raises(Unsealable):
        unseal(bytes(sealed))


@given(st.lists(st.tuples(st.integers(0, 2 * PIECE + 5), st.integers(1, PIECE + 9)), max_size=6))
def test_it_is_read_at_any_place(places: list[tuple[int, int]]) -> None:
    content = bytes(range(256)) * 512 + b"end"  # two pieces and three bytes
    opened = reader(io.BytesIO(seal(content)), RING, "files", "a/1")
    for place, size in places:
        opened.seek(place)
        assert opened.read(size) == content[place : place + size]
    assert opened.seek(-3, io.SEEK_END) == len(content) - 3
    assert opened.read() == b"end"


@pytest.mark.parametrize(
    "start",
    [
        *(b"", b"PK\x03\x04", b"portal-sealed 1 ", b"portal-sealed 1 sm4-128-gcm 0001-00000000"),
        b"portal-sealed 1 rot13 0001-00000000\n",
        b"portal-sealed 2 sm4-128-gcm 0001-00000000\n",
    ],
)
def test_other_bytes_are_no_sealed_ones(start: bytes) -> None:
    assert line_of(start) is None
    with pytest.raises(Unsealable):
        reader(io.BytesIO(start), RING, "files", "a/1")


def test_a_line_names_no_file_beside_the_keys(ring: Keyring) -> None:
    """What stands in a file is nobody's path."""
    for key in ("../secret", "0001-zzzzzzzz", "", "0009-00000000"):
        with pytest.raises(KeyTrouble):
            ring.secret(key)
