"""Passwords that leaked elsewhere are refused, wherever they stand in the list."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from districts.breached import is_listed

LEAKED = [f"Lantern-{number}-river" for number in range(40)]


def list_of(path: Path, passwords: list[str], ending: str = "\n", count: str = ":7") -> Path:
    digests = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in passwords)  # noqa: S324
    path.write_text("".join(f"{each}{count}{ending}" for each in digests))
    return path


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("count", [":7", ":2254650", ""])
def test_each_line_is_found_and_nothing_else(tmp_path: Path, ending: str, count: str) -> None:
    path = list_of(tmp_path / "list", LEAKED, ending, count)
    assert all(is_listed(path, each) for each in LEAKED)
    assert not any(is_listed(path, f"{each}!") for each in LEAKED)


def test_a_list_of_one_line_without_an_end(tmp_path: Path) -> None:
    path = list_of(tmp_path / "list", LEAKED[:1], ending="")
    assert [is_listed(path, each) for each in LEAKED[:3]] == [True, False, False]


def test_what_leaked_is_refused_and_without_a_list_nothing_is_asked(
    db: None, settings: Any, tmp_path: Path
) -> None:
    validate_password(LEAKED[0])
    settings.BREACHED_PASSWORDS = list_of(tmp_path / "list", LEAKED)
    with pytest.raises(ValidationError, match="在别处泄露过"):
        validate_password(LEAKED[0])
    validate_password("Teapot+violin=73")
    settings.BREACHED_PASSWORDS.write_text("")
    with pytest.raises(ValidationError, match="读不了"):
        validate_password("Teapot+violin=73")
    settings.BREACHED_PASSWORDS.unlink()
    with pytest.raises(ValidationError, match="读不了"):
        validate_password("Teapot+violin=73")
