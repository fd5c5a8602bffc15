"""Signatures are made here or by a server, and OpenSSL says that they hold."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crypto.keys import PRIVATE, PUBLIC, Keyring, KeyTrouble
from crypto.signers import OutsideSigner, RingSigner, SignerTrouble, make_signing_key, verify

BOTH = [("ed25519", ".ed25519"), ("sm2-sm3", ".sm2")]
TEXT = "审签并报送 500106-2026".encode()
OUTSIDE = "0009-aaaaaaaa"  # the key of the signing server


@pytest.mark.parametrize(("algorithm", "mark"), BOTH)
def test_what_is_signed_holds_and_nothing_else_does(
    ring: Keyring, algorithm: str, mark: str
) -> None:
    signed = RingSigner(ring, algorithm).sign(TEXT, "zhao")
    assert (signed.algorithm, signed.key) == (algorithm, ring.newest(mark + PUBLIC))
    assert verify(ring, signed, TEXT)
    assert not verify(ring, signed, TEXT + b".")
    other = RingSigner(ring, algorithm).sign(b"", "zhao")
    assert verify(ring, other, b"")
    assert not verify(ring, other, TEXT)


@pytest.mark.parametrize("value", [b"", b"\0", b"0" * 64, b"0E\x02\x01"])
@pytest.mark.parametrize(("algorithm", "mark"), BOTH)
def test_what_is_no_signature_does_not_hold(
    ring: Keyring, algorithm: str, mark: str, value: bytes
) -> None:
    signed = RingSigner(ring, algorithm).sign(TEXT, "zhao")
    object.__setattr__(signed, "value", value)
    assert not verify(ring, signed, TEXT)


def test_openssl_by_itself_verifies_sm2_with_the_usual_identity(
    ring: Keyring, tmp_path: Path
) -> None:
    """As anybody would who has the text, the signature and the public key."""
    signed = RingSigner(ring, "sm2-sm3").sign(TEXT, "zhao")
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "signature").write_bytes(signed.value)
    public = ring.path(signed.key, ".sm2" + PUBLIC)

    def says(identity: str) -> int:
        command = f"openssl pkeyutl -verify -pubin -inkey {public} -rawin -digest sm3"
        command += f" -in text -sigfile signature -pkeyopt distid:{identity}"
        return subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode

    assert says("1234567812345678") == 0
    assert says("8765432187654321") == 1
    assert signed.value[0] == 0x30  # a DER sequence of two numbers


def test_openssl_by_itself_verifies_ed25519(ring: Keyring, tmp_path: Path) -> None:
    signed = RingSigner(ring, "ed25519").sign(TEXT, "zhao")
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "signature").write_bytes(signed.value)
    public = ring.path(signed.key, ".ed25519" + PUBLIC)
    command = f"openssl pkeyutl -verify -pubin -inkey {public} -rawin -in text -sigfile signature"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode == 0


@pytest.mark.parametrize(("algorithm", "mark"), BOTH)
def test_a_new_key_signs_and_the_old_one_still_verifies(
    ring: Keyring, algorithm: str, mark: str
) -> None:
    before = RingSigner(ring, algorithm).sign(TEXT, "zhao")
    key = make_signing_key(ring, algorithm)
    assert RingSigner(ring, algorithm).sign(TEXT, "zhao").key == key != before.key
    assert verify(ring, before, TEXT)
    assert ring.ids(mark + PRIVATE) == [key]
    ring.path(before.key, mark + PUBLIC).unlink()
    with pytest.raises(KeyTrouble, match=before.key):
        verify(ring, before, TEXT)


def test_a_private_key_that_others_can_read_signs_nothing(ring: Keyring) -> None:
    ring.path(ring.newest(".sm2" + PRIVATE), ".sm2" + PRIVATE).chmod(0o644)
    with pytest.raises(KeyTrouble, match="别人也能读"):
        RingSigner(ring, "sm2-sm3").sign(TEXT, "zhao")


def test_a_public_key_that_is_none_is_said_to_be_unreadable(ring: Keyring) -> None:
    """Not that the signature does not hold."""
    signed = RingSigner(ring, "sm2-sm3").sign(TEXT, "zhao")
    ring.path(signed.key, ".sm2" + PUBLIC).write_text("nothing", encoding="ascii")
    with pytest.raises(SignerTrouble):
        verify(ring, signed, TEXT)


class StandIn(BaseHTTPRequestHandler):
    """A signing server: OpenSSL signs what it is asked for, unless the test told it otherwise."""

    key: Path
    asked: list[dict[str, Any]]
    answer: bytes | None = None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({**body, "token": self.headers.get("Authorization", "")})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer if self.answer is not None else signed_by(self.key, body))

    def log_message(self, *words: Any) -> None:
        """Says nothing."""


def signed_by(key: Path, body: dict[str, Any]) -> bytes:
    command = f"openssl pkeyutl -sign -inkey {key} -rawin -digest sm3"
    command += " -pkeyopt distid:1234567812345678"
    message = base64.b64decode(body["message"])
    value = subprocess.run(command.split(), input=message, capture_output=True, check=True).stdout
    return json.dumps({"key": OUTSIDE, "signature": base64.b64encode(value).decode()}).encode()


@pytest.fixture
def outside(ring: Keyring, tmp_path: Path) -> Path:
    """A key that the portal does not have; only its public half lies in the ring."""
    private, public = tmp_path / "server.pem", ring.folder / f"{OUTSIDE}.sm2.pub.pem"
    for command in (
        f"openssl genpkey -algorithm SM2 -out {private}",
        f"openssl pkey -in {private} -pubout -out {public}",
    ):
        subprocess.run(command.split(), check=True, capture_output=True)
    return private


@pytest.fixture
def server(outside: Path) -> Iterator[type[StandIn]]:
    handler = type("Handler", (StandIn,), {"key": outside, "asked": [], "answer": None})
    with HTTPServer(("127.0.0.1", 0), handler) as running:
        handler.address = f"http://127.0.0.1:{running.server_port}/sign"  # type: ignore[attr-defined]
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield handler
        running.shutdown()
        thread.join()


def test_a_signing_server_signs(ring: Keyring, server: Any) -> None:
    signed = OutsideSigner(server.address, ring, "sm2-sm3", "secret").sign(TEXT, "signatory_500106")
    assert signed.key == OUTSIDE
    assert verify(ring, signed, TEXT)
    assert server.asked == [
        {
            "algorithm": "sm2-sm3",
            "person": "signatory_500106",
            "message": base64.b64encode(TEXT).decode(),
            "token": "Bearer secret",
        }
    ]


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"[]", b"not json", b'{"key": "0009-aaaaaaaa"}'),
        b'{"key": "0009-aaaaaaaa", "signature": "AAAA"}',
        b'{"key": "0009-aaaaaaaa", "signature": "no base64!"}',
        b'{"key": "0009-bbbbbbbb", "signature": "AAAA"}',
        b'{"key": "../server", "signature": "AAAA"}',
        b'{"key": 9, "signature": "AAAA"}',
    ],
)
def test_what_a_server_answers_is_checked(ring: Keyring, server: Any, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises((SignerTrouble, KeyTrouble)):
        OutsideSigner(server.address, ring, "sm2-sm3").sign(TEXT, "zhao")


def test_a_server_that_is_not_there_signs_nothing(ring: Keyring) -> None:
    with pytest.raises(SignerTrouble, match="refused"):
        OutsideSigner("http://127.0.0.1:9/", ring, "sm2-sm3").sign(TEXT, "zhao")


def test_a_command_signs(ring: Keyring, outside: Path, tmp_path: Path) -> None:
    script = tmp_path / "sign.py"
    script.write_text(
        "import json, sys, pathlib\n"
        f"sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from tests.crypto.test_signers import signed_by\n"
        "sys.stdout.buffer.write(signed_by(pathlib.Path(sys.argv[1]), json.load(sys.stdin)))\n",
        encoding="utf-8",
    )
    where = f"{sys.executable} {script} {outside}"
    signed = OutsideSigner(where, ring, "sm2-sm3").sign(TEXT, "zhao")
    assert verify(ring, signed, TEXT)
    for broken in ("/nowhere/sign", str(shutil.which("false"))):
        with pytest.raises(SignerTrouble):
            OutsideSigner(broken, ring, "sm2-sm3").sign(TEXT, "zhao")
