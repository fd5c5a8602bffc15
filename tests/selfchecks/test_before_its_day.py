"""A workbook of a year not yet filled in is refused at every door, with the day it opens."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from audit.refusals import Conflict
from districts.models import District, School, User
from selfchecks.models import SelfCheck, Upload
from selfchecks.services import opening, uploads
from tests.selfchecks.workbook_files import workbook

SENTENCE = "沙坪坝区 2099 年度自查从 2099年9月1日起填报，在此之前不收这一年度的工作簿。"


@pytest.fixture
def to_come(shapingba: District, schools: list[School], wu_manager: User) -> SelfCheck:
    """A year whose days are set long before: years after 2035 cannot be, days can."""
    opened = opening.open_year(
        year=2035,
        fill_from=date(2099, 9, 1),
        due_on=date(2099, 12, 15),
        by=wu_manager,
        districts=[shapingba],
    )
    SelfCheck.objects.filter(pk=opened.new[0].pk).update(year=2099)
    return SelfCheck.objects.select_related("district", "standard").get(pk=opened.new[0].pk)


@pytest.fixture
def content(to_come: SelfCheck) -> bytes:
    return workbook(to_come)


@pytest.fixture(autouse=True)
def _nothing_is_kept(content: bytes) -> object:
    yield
    assert not Upload.objects.exists()


def test_the_service(to_come: SelfCheck, content: bytes, chen_officer: User) -> None:
    for take in (uploads.receive, uploads.keep):
        with pytest.raises(Conflict) as refused:
            take(self_check=to_come, content=content, name="自查.xlsx", by=chen_officer)
        assert (str(refused.value), refused.value.code) == (SENTENCE, "not_open_yet")


def test_the_page(
    to_come: SelfCheck, content: bytes, chen_officer: User, signed_in: Callable[..., Client]
) -> None:
    sent = {"file": SimpleUploadedFile("自查.xlsx", content)}
    page = signed_in(chen_officer).post("/self-checks/500106-2099/upload/", sent)
    assert page.status_code == 409
    assert SENTENCE in page.content.decode()


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_the_api(query: str, content: bytes, chen_officer: User, bearer: Callable) -> None:
    client = bearer(chen_officer, "read", "write:selfcheck")
    sent = {"file": SimpleUploadedFile("自查.xlsx", content)}
    answer = client.post(f"/api/v1/self-checks/500106-2099/uploads/{query}", sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_open_yet")
    assert answer.json()["detail"] == SENTENCE


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_the_command(
    more: tuple[str, ...], content: bytes, chen_officer: User, tmp_path: Path
) -> None:
    path = tmp_path / "自查.xlsx"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_selfcheck", str(path), "--by", "officer_500106", *more)
    assert (str(refused.value), refused.value.returncode) == (SENTENCE, 2)
