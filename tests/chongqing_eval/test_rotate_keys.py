"""Files and secrets are encrypted at rest, opened under either profile, and moved to new keys."""

from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from audit.models import Entry
from audit.services import verify
from audit.verification import differences_of_rows, faults_of_files
from chongqing_eval.services.keys import reseal_everything
from crypto.keys import Keyring, KeyTrouble
from crypto.sealed import line_of
from districts.models import SecondFactor, User
from districts.services import factors
from selfchecks import files
from selfchecks.models import SelfCheck, Upload
from tests.chongqing_eval.test_backup import empty, everything
from tests.districts.clock import shown_by_app
from tests.selfchecks.conftest import keep_clean, schools, self_check

__all__ = ["schools", "self_check"]
pytestmark = pytest.mark.django_db(transaction=True)
CIPHERS = {"standard": "aes-256-gcm", "guomi": "sm4-128-gcm"}


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Keyring:
    """Media of this test's own, and where its keys will be."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return Keyring(tmp_path / "keys")


@pytest.fixture
def plain(ring: Keyring, self_check: SelfCheck, chen_officer: User) -> Upload:
    """Kept when there were no keys; 陈静 has a second factor of that time as well."""
    secret = factors.new_secret()
    factors.set_up(by=chen_officer, secret=secret, code=shown_by_app(secret))
    return keep_clean(self_check, chen_officer)


@pytest.fixture
def upload(plain: Upload, ring: Keyring, settings: Any) -> Upload:
    """The same, encrypted under guomi."""
    settings.KEY_FOLDER, settings.CRYPTO_PROFILE = ring.folder, "guomi"
    rotate()
    return plain


def rotate(**options: Any) -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


def raw(name: str) -> bytes:
    return Path(default_storage.path(name)).read_bytes()


def lines() -> set[Any]:
    """What the stored files are sealed with."""
    names = [f"{folder}/{name}" for folder in files.KEPT for name in files._names_in(folder)]
    assert len(names) == 9  # the workbook and eight documents
    return {line_of(raw(name)[:80]) for name in names}


def is_whole() -> bool:
    """The people of a test are made past the services, the rest is as the record says."""
    found = {difference.what for difference in differences_of_rows()}
    return verify() is None and found <= {"unrecorded"}


def test_files_of_before_are_read_and_encrypted_once_there_is_a_key(
    plain: Upload, ring: Keyring, settings: Any
) -> None:
    content, size = raw(plain.file.name), plain.size
    assert content.startswith(b"PK")
    settings.KEY_FOLDER = ring.folder
    told = rotate()
    assert "动态口令 1 个，文件 9 个" in told
    assert {(line.cipher, line.key) for line in lines()} == {("aes-256-gcm", ring.newest())}
    assert b"PK\x03\x04" not in raw(plain.file.name)
    assert files.content_of(plain) == content
    assert default_storage.size(plain.file.name) == size
    assert "动态口令 0 个，文件 0 个" in rotate(resume=True)
    entry = Entry.objects.filter(action="keys.reseal", changes__has_key="files").get()
    assert entry.changes == {"key": ring.newest(), "files": 9, "left": []}
    assert is_whole()


@pytest.mark.parametrize("profile", ["standard", "guomi"])
def test_a_new_file_is_encrypted_by_the_profile_and_opens_under_the_other(
    ring: Keyring, settings: Any, self_check: SelfCheck, chen_officer: User, profile: str
) -> None:
    settings.KEY_FOLDER, settings.CRYPTO_PROFILE = ring.folder, profile
    rotate()
    upload = keep_clean(self_check, chen_officer)
    assert {line.cipher for line in lines()} == {CIPHERS[profile]}
    content = files.content_of(upload)
    settings.CRYPTO_PROFILE = "standard" if profile == "guomi" else "guomi"
    assert files.content_of(upload) == content
    assert content.startswith(b"PK")
    assert is_whole()


def test_a_switch_there_and_back_moves_every_file(upload: Upload, settings: Any) -> None:
    assert {line.cipher for line in lines()} == {"sm4-128-gcm"}
    for profile in ("standard", "guomi"):
        settings.CRYPTO_PROFILE = profile
        assert "文件 9 个" in rotate(resume=True)
        assert {line.cipher for line in lines()} == {CIPHERS[profile]}
    assert is_whole()


def test_it_goes_on_where_it_was_broken_off(upload: Upload, ring: Keyring) -> None:
    first = ring.newest()
    ring.make()
    going = reseal_everything(by=None)
    for _done in range(4):  # the secrets, and three files
        next(going)
    going.close()
    assert {line.key for line in lines()} == {first, ring.newest()}
    assert is_whole()
    assert "文件 6 个" in rotate(resume=True)
    assert {line.key for line in lines()} == {ring.newest()}


def test_an_old_key_goes_when_nothing_needs_it(upload: Upload, ring: Keyring) -> None:
    first = ring.newest()
    rotate()
    assert ring.ids() == [first, ring.newest()]
    assert f"删去了不再使用的密钥：{first}" in rotate(resume=True, remove_unused=True)
    assert ring.ids() == [ring.newest()]
    assert Entry.objects.filter(action="keys.remove").get().changes == {"keys": [first]}
    assert files.content_of(upload).startswith(b"PK")


def test_a_damaged_file_is_left_and_named(upload: Upload, ring: Keyring) -> None:
    """Encrypted anew it would look like a good one; its key stays as well."""
    first, path = ring.newest(), Path(default_storage.path(upload.file.name))
    path.write_bytes(path.read_bytes()[:-1])
    (difference,) = faults_of_files()
    assert difference.what == "file"
    with pytest.raises(files.DamagedFile):
        files.content_of(upload)
    with pytest.raises(CommandError, match="1 个文件没有重新加密"):
        rotate(remove_unused=True)
    assert first in ring.ids()


def test_a_file_in_anothers_place_is_not_opened(upload: Upload) -> None:
    """Whoever can write on the disk, but has no key, changes nothing unnoticed."""
    evidence = upload.self_check.evidence.order_by("pk")
    one, two = (Path(default_storage.path(item.file.name)) for item in evidence[:2])
    one.write_bytes(two.read_bytes())
    assert [difference.what for difference in faults_of_files()] == ["file"]


def test_without_the_key_it_is_said_that_the_key_is_missing(
    upload: Upload, ring: Keyring, settings: Any, signed_in: Any, chen_officer: User
) -> None:
    settings.KEY_FOLDER = None
    with pytest.raises(KeyTrouble, match="KEY_FOLDER"):
        files.content_of(upload)
    assert {difference.what for difference in faults_of_files()} == {"no_key"}
    page = signed_in(chen_officer).get(f"/self-checks/500106-2026/versions/{upload.number}/file/")
    assert page.status_code == 503
    assert page["Retry-After"]
    settings.KEY_FOLDER = ring.folder
    ring.path(ring.newest()).rename(ring.folder / "away")
    with pytest.raises(KeyTrouble, match="没有密钥"):
        default_storage.save("x", files.ContentFile(b"x"))
    assert not default_storage.exists("x")


def test_a_second_factor_is_sealed_and_works(
    upload: Upload, chen_officer: User, zhao_signatory: User, settings: Any
) -> None:
    secret = factors.new_secret()
    factors.set_up(by=zhao_signatory, secret=secret, code=shown_by_app(secret))
    row = SecondFactor.objects.get(user=zhao_signatory)
    assert row.secret.startswith("sealed:")
    assert secret not in row.secret
    settings.CRYPTO_PROFILE = "standard"
    SecondFactor.objects.filter(pk=row.pk).update(last_step=0)
    assert factors.accept(by=zhao_signatory, code=shown_by_app(secret)) == "app"
    # Copied into another account's row it does not open.
    SecondFactor.objects.filter(user=chen_officer).update(secret=row.secret, last_step=0)
    with pytest.raises(OSError, match="another file's"):
        factors.accept(by=chen_officer, code=shown_by_app(secret))


def test_keys_open_to_others_are_refused(upload: Upload, ring: Keyring) -> None:
    ring.path(ring.newest()).chmod(0o644)
    with pytest.raises(KeyTrouble, match="别人也能读"):
        files.content_of(upload)
    with pytest.raises(CommandError, match="别人也能读"):
        rotate()


def test_without_a_folder_there_is_nothing_to_rotate(ring: Keyring) -> None:
    with pytest.raises(CommandError, match="KEY_FOLDER"):
        rotate()


def test_a_backup_is_encrypted_and_put_back(upload: Upload, ring: Keyring, tmp_path: Path) -> None:
    path = tmp_path / "portal.zip"
    call_command("backup", output=path, stdout=StringIO())
    assert line_of(path.read_bytes()[:80]) == ("sm4-128-gcm", ring.newest())
    with pytest.raises(BadZipFile):
        ZipFile(path)
    before, content = everything(), files.content_of(upload)
    empty()
    Path(default_storage.path(upload.file.name)).unlink()
    renamed = path.rename(tmp_path / "elsewhere")
    call_command("restore", renamed, stdout=StringIO())
    assert everything()["selfchecks.Upload"] == before["selfchecks.Upload"]
    assert files.content_of(upload) == content
    assert is_whole()


def test_a_backup_without_its_key_or_a_changed_one_changes_nothing(
    upload: Upload, ring: Keyring, tmp_path: Path
) -> None:
    path = tmp_path / "portal.zip"
    call_command("backup", output=path, stdout=StringIO())
    before, whole = everything(), path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\0" + whole[len(whole) // 2 + 1 :])
    with pytest.raises(CommandError, match="损坏"):
        call_command("restore", path, force=True, stdout=StringIO())
    path.write_bytes(whole)
    ring.path(ring.newest()).rename(tmp_path / "away")
    with pytest.raises(CommandError, match="没有它的密钥"):
        call_command("restore", path, force=True, stdout=StringIO())
    assert everything() == before
