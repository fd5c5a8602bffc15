"""Keys are counted up, for their owner's eyes alone, and never written over."""

import os
from pathlib import Path

import pytest

from crypto.keys import DATA, Keyring, KeyTrouble


def test_the_newest_key_is_used_and_the_old_ones_stay(ring: Keyring) -> None:
    first = ring.newest()
    second = ring.make()
    assert ring.newest() == second != first
    assert [key[:4] for key in ring.ids()] == ["0001", "0004"]  # two that sign lie between
    assert len(ring.secret(first)) == 32
    assert ring.secret(first) != ring.secret(second)


def test_nobody_else_can_read_them(ring: Keyring) -> None:
    assert list(ring.exposed()) == []
    path = ring.path(ring.newest())
    assert oct(path.stat().st_mode)[-3:] == "600"
    path.chmod(0o640)
    ring.folder.chmod(0o755)
    assert list(ring.exposed()) == [ring.folder, path]
    with pytest.raises(KeyTrouble, match="别人也能读"):
        ring.secret(ring.newest())


def test_a_key_is_never_written_over(ring: Keyring) -> None:
    part = ring.folder / f".0009-00000000{DATA}"
    part.write_bytes(b"another process")
    with pytest.raises(FileExistsError):
        ring.put("0009-00000000", DATA, b"x")


@pytest.mark.parametrize("content", ["", "abcd", "z" * 64, "00" * 33])
def test_a_damaged_key_is_no_key(ring: Keyring, content: str) -> None:
    ring.path(ring.newest()).write_text(content, encoding="ascii")
    with pytest.raises(KeyTrouble, match="十六进制"):
        ring.secret(ring.newest())


def test_without_a_folder_or_a_key_there_is_trouble(tmp_path: Path) -> None:
    for ring in (Keyring(tmp_path / "nowhere"), Keyring(tmp_path)):
        with pytest.raises(KeyTrouble):
            ring.newest()


def test_files_that_are_no_keys_are_passed_over(ring: Keyring) -> None:
    newest = ring.newest()
    for name in ("9999-nonsense.key", "readme.key", ".0999-11111111.key.part"):
        (ring.folder / name).write_text("x", encoding="ascii")
        os.chmod(ring.folder / name, 0o600)
    assert ring.newest() == newest
    assert ring.next_id().startswith("0004-")
