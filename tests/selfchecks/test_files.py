"""Stored files: complete behind every row, swept when no row names them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from audit import periodic
from audit.verification import faults_of_files
from districts.models import User
from selfchecks import files
from selfchecks.models import SelfCheck, Upload
from selfchecks.services.workbooks import marked_name, marked_workbook
from tests.selfchecks.conftest import keep_clean

LATER = timezone.now() + timedelta(days=1)


def test_files_without_a_row_are_swept_once_they_are_old(
    self_check: SelfCheck, chen_officer: User
) -> None:
    upload = keep_clean(self_check, chen_officer)
    files.sweep_orphans(LATER)
    lost = default_storage.save(f"{files.UPLOADS}/abc.xlsx", ContentFile(b"half"))
    assert files.sweep_orphans() == 0
    assert files.sweep_orphans(LATER) == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(upload.file.name)


def test_a_file_whose_row_was_deleted_by_hand_is_kept(
    self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the evidence: the record does not hold, and nothing is swept until it does."""
    upload = keep_clean(self_check, chen_officer)
    monkeypatch.setattr(files, "SETTLED_AFTER", timedelta(seconds=-1))
    kept = [periodic.JOBS[name] for name in ("audit_verify", "orphans")]
    monkeypatch.setattr(periodic, "JOBS", {job.name: job for job in kept})
    connection.cursor().execute(
        "UPDATE selfchecks_upload SET file = 'elsewhere.xlsx' WHERE id = %s", [upload.pk]
    )
    assert [(job.name, run.is_ok) for job, run in periodic.run_due()] == [("audit_verify", False)]
    assert default_storage.exists(upload.file.name)


def test_m84_a_changed_byte_is_noticed(self_check: SelfCheck, chen_officer: User) -> None:
    upload = keep_clean(self_check, chen_officer)
    assert list(faults_of_files()) == []
    spoil(upload)
    assert [(found.model, found.key) for found in faults_of_files()] == [(Upload, str(upload.pk))]
    default_storage.delete(upload.file.name)
    assert [(found.model, found.key) for found in faults_of_files()] == [(Upload, str(upload.pk))]


def spoil(upload: Upload) -> None:
    with default_storage.open(upload.file.name, "r+b") as file:
        file.write(b"X")


@pytest.mark.parametrize("page", ["file/", "marked/"])
@pytest.mark.parametrize("is_gone", [False, True])
def test_nobody_is_given_a_file_that_changed(
    self_check: SelfCheck, chen_officer: User, signed_in: Any, page: str, is_gone: bool
) -> None:
    """46315a8 answered 200 with other bytes, and 500 for the marked one."""
    upload = keep_clean(self_check, chen_officer)
    default_storage.delete(upload.file.name) if is_gone else spoil(upload)
    answer = signed_in(chen_officer).get(f"/self-checks/{self_check.reference}/versions/1/{page}")
    assert answer.status_code == 409
    assert "与上传时不同（SHA-256 不符）" in answer.content.decode()
    assert "从备份恢复" in answer.content.decode()


def test_a_client_is_told_the_same(self_check: SelfCheck, chen_officer: User, bearer: Any) -> None:
    spoil(keep_clean(self_check, chen_officer))
    address = f"/api/v1/self-checks/{self_check.reference}/uploads/1/marked/"
    answer = bearer(chen_officer).get(address)
    assert (answer.status_code, answer.json()["code"]) == (409, "file_damaged")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("自查.xlsx", "自查.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\桌面\\自查 2026.xlsx", "自查 2026.xlsx"),
        ("\u202exslx.自查\u200b.xlsx", "xslx.自查.xlsx"),
        ("\x00\n\t", "文件"),
        ("📊自查.xlsx", "📊自查.xlsx"),
        ("..", "文件"),
    ],
)
def test_m43_shown_names_are_harmless(name: str, shown: str) -> None:
    assert files.harmless_name(name) == shown


def test_the_marked_workbook_keeps_the_data(
    self_check: SelfCheck, schools, chen_officer: User
) -> None:
    changes = {(schools[0].code, "music_rooms"): None}
    upload = keep_clean(self_check, chen_officer, changes=changes)
    assert marked_workbook(upload).startswith(b"PK")
    assert marked_name(upload) == "自查-标注.xlsx"
