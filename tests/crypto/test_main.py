"""``python -m crypto``: what a backup is sealed with, without settings or a database."""

import subprocess
import sys
from pathlib import Path

import pytest

from crypto.keys import Keyring
from tests.source import ROOT


def crypto(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "crypto", *arguments]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True)


@pytest.fixture
def keys(tmp_path: Path) -> str:
    ring = Keyring(tmp_path / "keys")
    ring.make()
    return str(ring.folder)


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-128-gcm"])
def test_what_is_sealed_opens_under_its_name_only(keys: str, tmp_path: Path, cipher: str) -> None:
    plain = "备份".encode() * 50_000
    kept = tmp_path / "sealed"
    kept.write_bytes(crypto("seal", keys, cipher, "wal/1", given=plain).stdout)
    assert plain[:60] not in kept.read_bytes()
    assert crypto("open", keys, "wal/1", str(kept)).stdout == plain
    other = crypto("open", keys, "wal/2", str(kept))
    assert (other.returncode, other.stdout) == (1, b"")


def test_without_a_key_nothing_is_written(tmp_path: Path) -> None:
    done = crypto("seal", str(tmp_path), "sm4-128-gcm", "wal/1", given=b"x")
    assert (done.returncode, done.stdout) == (1, b"")
    assert str(tmp_path) in done.stderr.decode()
