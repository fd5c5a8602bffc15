"""A backup put back is the same installation: rows, files, keys and the audit chain (m83, m84)."""

import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from audit.models import Entry
from audit.services import verify
from chongqing_eval.services.backup import MANIFEST, ROWS, kept_models
from districts.models import ApiToken, School, User
from districts.services.demo import load_register
from districts.services.people import create_token
from selfchecks.models import SelfCheck
from tests.conftest import PASSWORD
from tests.selfchecks.conftest import keep_clean, schools, self_check

__all__ = ["schools", "self_check"]
pytestmark = pytest.mark.django_db(transaction=True)
PAPER = "自查/佐证 1.txt"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "自查").mkdir(parents=True)
    (settings.MEDIA_ROOT / PAPER).write_text("原件", encoding="utf-8")
    return settings.MEDIA_ROOT


@pytest.fixture
def archive(tmp_path: Path, chen_officer: User, wu_manager: User) -> Path:
    load_register(district=chen_officer.district, seed=1, years=2, size=20, by=wu_manager)
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    path = tmp_path / "portal.zip"
    call_command("backup", output=path, stdout=StringIO())
    return path


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in kept_models()
    }


def empty() -> None:
    call_command("flush", interactive=False, verbosity=0)


def put_back(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("restore", path, stdout=out, **options)
    return out.getvalue()


def test_m83_a_backup_put_back_is_the_same_portal(archive: Path, media: Path) -> None:
    before = everything()
    empty()
    (media / PAPER).unlink()
    told = put_back(archive)
    after = everything()
    # One entry says that it was written, one that it was put back: both behind its own end.
    assert before["audit.Entry"].pop()["action"] == "backup.write"
    assert after["audit.Entry"].pop()["action"] == "backup.restore"
    assert after.pop("audit.ChainHead") != before.pop("audit.ChainHead")
    assert after == before
    assert verify() is None
    assert (media / PAPER).read_text(encoding="utf-8") == "原件"
    account = {"username": "officer_500106", "password": PASSWORD}
    assert Client().post("/accounts/login/", account).status_code == 302
    assert f"{len(before['districts.School']):>8}  districts.school" in told
    assert "审计链完整" in told


def test_new_rows_get_keys_behind_the_restored_ones(archive: Path, wu_manager: User) -> None:
    empty()
    put_back(archive)
    highest = ApiToken.objects.latest("pk").pk
    manager = User.objects.get(username=wu_manager.username)
    token, _text = create_token(user=manager, scopes=["read"], by=manager)
    assert token.pk > highest


def test_a_database_with_rows_is_left_alone(archive: Path) -> None:
    School.objects.update(name="改过的名字")
    before = everything()
    with pytest.raises(CommandError, match="不是空的"):
        put_back(archive)
    assert everything() == before
    put_back(archive, force=True)
    assert not School.objects.filter(name="改过的名字").exists()


def rewritten(archive: Path, name: str, change: Any) -> Path:
    """A copy of the archive in which one member is changed, or left out by None."""
    copy = archive.with_name("copy.zip")
    with ZipFile(archive) as old, ZipFile(copy, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == name:
                content = change(content)
            if content is not None:
                new.writestr(member, content)
    return copy


@pytest.mark.parametrize(
    ("member", "change", "sentence"),
    [
        (f"media/{PAPER}", lambda content: content[:-1], "SHA-256"),
        (f"media/{PAPER}", lambda content: None, "清单不一致"),
        (ROWS, lambda content: content.replace(b"500106", b"500107", 1), "SHA-256"),
        (MANIFEST, lambda content: None, "不是本门户的备份"),
        (MANIFEST, lambda content: b"[]", "不是本门户的备份"),
    ],
)
def test_m84_a_damaged_archive_changes_nothing(
    archive: Path, member: str, change: Any, sentence: str
) -> None:
    before = everything()
    with pytest.raises(CommandError, match=sentence):
        put_back(rewritten(archive, member, change), force=True)
    assert everything() == before


@pytest.mark.parametrize("field", ["rows", "anchor"])
def test_a_manifest_that_says_otherwise_changes_nothing(archive: Path, field: str) -> None:
    def lie(content: bytes) -> bytes:
        manifest = json.loads(content)
        manifest[field] = {"districts.school": 1} if field == "rows" else "1:" + "0" * 64
        return json.dumps(manifest).encode()

    before = everything()
    with pytest.raises(CommandError, match="没有恢复"):
        put_back(rewritten(archive, MANIFEST, lie), force=True)
    assert everything() == before


def test_m15_no_file_leaves_its_folder(archive: Path, media: Path) -> None:
    name = "media/../../escaped.txt"

    def listed(content: bytes) -> bytes:
        manifest = json.loads(content)
        manifest["sha256"][name] = hashlib.sha256(b"x").hexdigest()
        return json.dumps(manifest).encode()

    crafted = rewritten(archive, MANIFEST, listed)
    with ZipFile(crafted, "a") as more:
        more.writestr(name, "x")
    with pytest.raises(CommandError, match="不安全"):
        put_back(crafted, force=True)
    assert not (media.parent.parent / "escaped.txt").exists()


def test_what_is_no_backup_gets_a_sentence(tmp_path: Path) -> None:
    paper = tmp_path / "notes.txt"
    paper.write_text("x")
    with pytest.raises(CommandError, match="不是本门户的备份"):
        put_back(paper)
    with pytest.raises(CommandError, match="没有文件"):
        put_back(tmp_path / "none.zip")


def test_a_backup_is_for_its_owner_only_and_replaces_nothing(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="已存在"):
        call_command("backup", output=archive, stdout=StringIO())


def test_m72_a_backup_of_a_touched_chain_is_not_put_back(archive: Path, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Entry._meta.db_table} SET reason = 'x' WHERE number = 2")
    touched = tmp_path / "touched.zip"
    call_command("backup", output=touched, stdout=StringIO())
    empty()
    with pytest.raises(CommandError, match="审计链不完整"):
        put_back(touched)
    assert not School.objects.exists()


def test_a_file_that_changed_is_named_and_not_backed_up_unseen(
    self_check: SelfCheck, chen_officer: User, tmp_path: Path
) -> None:
    upload = keep_clean(self_check, chen_officer)
    with upload.file.storage.open(upload.file.name, "r+b") as file:
        file.write(b"X")
    path = tmp_path / "damaged.zip"
    with pytest.raises(CommandError, match="(?s)与上传时不同：.*沙坪坝区.*--with-damaged"):
        call_command("backup", output=path, stdout=StringIO())
    assert not path.exists()
    out = StringIO()
    call_command("backup", output=path, stdout=out, with_damaged=True)
    assert "与上传时不同" in out.getvalue()
    with ZipFile(path) as archive:
        assert len(json.loads(archive.read(MANIFEST))["damaged"]) == 1
