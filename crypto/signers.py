"""Signatures: made with a key of the keyring or by a signing server, checked by anybody.

SM2 goes through the ``openssl`` command: no library of ours loads its keys. Signer and verifier
name the same identity, the one GB/T 35276 gives where none was agreed.
"""

import base64
import json
import shlex
import subprocess
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol
from urllib.error import URLError

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .keys import EXPOSED, PRIVATE, PUBLIC, Keyring, KeyTrouble, mode_of
from .profiles import GUOMI, STANDARD

SECONDS = 5  # nobody waits longer for a signature; the step is not taken then
_DISTID = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
_PEM = serialization.Encoding.PEM
LARGEST_ANSWER = 64 * 1024


class SignerTrouble(RuntimeError):
    """No signature came, or not one that holds; the text says what did."""


@dataclass(frozen=True, slots=True)
class Signed:
    """``key`` is the keyring's name of the public one; ``value`` is DER for SM2 (GM/T 0009)."""

    algorithm: str
    key: str
    value: bytes


class Signer(Protocol):
    def sign(self, message: bytes, person: str) -> Signed: ...


def openssl(*words: str, given: bytes = b"") -> bytes:
    """What OpenSSL's command line answers. Raises SignerTrouble."""
    try:
        done = subprocess.run(
            ["openssl", *words], input=given, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SignerTrouble(f"openssl: {error}") from error
    if done.returncode:
        raise SignerTrouble(done.stderr.decode("utf-8", "replace").strip()[:300])
    return done.stdout


def _new_ed25519() -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.generate()
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.private_bytes(_PEM, pkcs8, plain), key.public_key().public_bytes(_PEM, public)


def _sign_ed25519(private: Path, message: bytes) -> bytes:
    key: Any = serialization.load_pem_private_key(private.read_bytes(), None)
    return bytes(key.sign(message))


def _verify_ed25519(public: Path, message: bytes, value: bytes) -> bool:
    key: Any = serialization.load_pem_public_key(public.read_bytes())
    try:
        key.verify(value, message)
    except InvalidSignature:
        return False
    return True


def _new_sm2() -> tuple[bytes, bytes]:
    private = openssl("genpkey", "-algorithm", "SM2")
    return private, openssl("pkey", "-pubout", given=private)


def _sign_sm2(private: Path, message: bytes) -> bytes:
    return openssl("pkeyutl", "-sign", "-inkey", str(private), *_DISTID, given=message)


def _verify_sm2(public: Path, message: bytes, value: bytes) -> bool:
    """OpenSSL says no with the same exit code as when it cannot read: the key was read before."""
    openssl("pkey", "-pubin", "-noout", "-in", str(public))
    with NamedTemporaryFile() as file:
        file.write(value)
        file.flush()
        asked = ("-verify", "-pubin", "-inkey", str(public), "-sigfile", file.name, *_DISTID)
        try:
            openssl("pkeyutl", *asked, given=message)
        except SignerTrouble:
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Kind:
    """``mark`` stands in the names of the key's files."""

    mark: str
    make: Callable[[], tuple[bytes, bytes]]
    sign: Callable[[Path, bytes], bytes]
    verify: Callable[[Path, bytes, bytes], bool]


_KINDS = {
    STANDARD.signature: _Kind(".ed25519", _new_ed25519, _sign_ed25519, _verify_ed25519),
    GUOMI.signature: _Kind(".sm2", _new_sm2, _sign_sm2, _verify_sm2),
}


def make_signing_key(ring: Keyring, algorithm: str) -> str:
    """A new pair in the ring; of older ones the public key is left. Raises SignerTrouble."""
    kind, key = _KINDS[algorithm], ring.next_id()
    private, public = kind.make()
    older = ring.ids(kind.mark + PRIVATE)
    ring.put(key, kind.mark + PUBLIC, public)
    ring.put(key, kind.mark + PRIVATE, private)
    for each in older:
        ring.path(each, kind.mark + PRIVATE).unlink()
    return key


def signing_key(ring: Keyring, algorithm: str) -> Path:
    """The private key that signs now. Raises KeyTrouble when there is none."""
    ending = _KINDS[algorithm].mark + PRIVATE
    return ring.path(ring.newest(ending), ending)


def has_signing_key(ring: Keyring, algorithm: str) -> bool:
    return bool(ring.ids(_KINDS[algorithm].mark + PRIVATE))


def verify(ring: Keyring, signed: Signed, message: bytes) -> bool:
    """Raises KeyTrouble without the public key, SignerTrouble where it cannot be read."""
    kind = _KINDS[signed.algorithm]
    return kind.verify(ring.path(signed.key, kind.mark + PUBLIC), message, signed.value)


@dataclass(frozen=True, slots=True)
class RingSigner:
    """Signs with the newest key of the ring: the portal's word for what a person did."""

    ring: Keyring
    algorithm: str

    def sign(self, message: bytes, person: str) -> Signed:
        path, kind = signing_key(self.ring, self.algorithm), _KINDS[self.algorithm]
        if mode_of(path) & 0o077:
            raise KeyTrouble(EXPOSED, path)
        key = path.name.removesuffix(kind.mark + PRIVATE)
        return Signed(self.algorithm, key, kind.sign(path, message))


@dataclass(frozen=True, slots=True)
class OutsideSigner:
    """Asks a signing server, or a command that speaks with one, and checks what it answers.

    Asked (POST, or standard input): ``{"algorithm", "person", "message": base64}``. Answer:
    ``{"key", "signature": base64}``; the public key of that name lies in the ring.
    """

    where: str
    ring: Keyring
    algorithm: str
    token: str = ""

    def sign(self, message: bytes, person: str) -> Signed:
        text = base64.b64encode(message).decode()
        asked = {"algorithm": self.algorithm, "person": person, "message": text}
        is_server = self.where.startswith(("http://", "https://"))
        answer = (self._post if is_server else self._run)(json.dumps(asked).encode())
        try:
            said = json.loads(answer)
            signed = Signed(
                self.algorithm, str(said["key"]), base64.b64decode(said["signature"], validate=True)
            )
        except (ValueError, KeyError, TypeError) as error:
            raise SignerTrouble(f"not an answer: {answer[:80]!r}") from error
        if not verify(self.ring, signed, message):
            raise SignerTrouble(f"its signature does not hold with key {signed.key}")
        return signed

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.where, body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return bytes(answer.read(LARGEST_ANSWER))
        except (URLError, OSError) as error:
            raise SignerTrouble(str(error)) from error

    def _run(self, body: bytes) -> bytes:
        words = shlex.split(self.where)
        try:
            done = subprocess.run(words, input=body, capture_output=True, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SignerTrouble(str(error)) from error
        if done.returncode:
            raise SignerTrouble(done.stderr.decode("utf-8", "replace").strip()[:300])
        return done.stdout[:LARGEST_ANSWER]
