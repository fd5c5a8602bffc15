"""Files in an S3-compatible store, a real one on loopback: kept, read, swept, backed up, away."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone
from moto.server import ThreadedMotoServer

from audit.verification import faults_of_files
from chongqing_eval import problems
from chongqing_eval.checks_outside import media_folder
from chongqing_eval.environment import Environment
from chongqing_eval.places import files as place_of_files
from districts.models import User
from rest.trouble import NoAnswer
from selfchecks import files
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services.evidence import add_evidence
from selfchecks.services.opening import open_year
from tests.chongqing_eval.year import PAPER
from tests.journeys.portal import free_port
from tests.selfchecks.conftest import DUE_ON, FILL_FROM
from tests.source import ROOT


@pytest.fixture
def server() -> Iterator[ThreadedMotoServer]:
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def url(server: ThreadedMotoServer) -> str:
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "portal", "aws_secret_access_key": "a/b+c"}
    client = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", **keys
    )
    client.create_bucket(Bucket="portal-files")
    return f"http://portal:a%2Fb%2Bc@{host}:{port}/portal-files"


@pytest.fixture
def bucket(settings: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal keeps its files there, as S3_URL says."""
    monkeypatch.setenv("S3_URL", url)
    settings.STORAGES = {**settings.STORAGES, "default": place_of_files(Environment(ROOT))}


def test_a_file_is_kept_read_and_never_written_over(bucket: None) -> None:
    name = default_storage.save("selfchecks/uploads/a.xlsx", ContentFile(b"one"))
    with default_storage.open(name) as file:
        assert file.read() == b"one"
    assert default_storage.save(name, ContentFile(b"two")) != name
    with default_storage.open(name) as file:
        assert file.read() == b"one"
    assert default_storage.size(name) == 3
    with pytest.raises(FileNotFoundError):
        default_storage.open("selfchecks/uploads/none.xlsx")
    assert "可以写入" in media_folder().msg


@pytest.mark.django_db(transaction=True)  # a backup reads one state of the database
def test_evidence_is_kept_checked_swept_and_backed_up(
    bucket: None, reference: None, chen_officer: User, wu_manager: User, tmp_path: Path
) -> None:
    given = {"year": 2026, "due_on": DUE_ON, "fill_from": FILL_FROM, "by": wu_manager}
    open_year(districts=[chen_officer.district], **given)
    self_check = SelfCheck.objects.get()
    add_evidence(
        self_check=self_check, indicator="B10", content=PAPER, name="证明.pdf", by=chen_officer
    )
    item = EvidenceItem.objects.get()
    assert files.content_of(item) == PAPER
    assert list(faults_of_files()) == []
    default_storage.save("selfchecks/evidence/nobodys.pdf", ContentFile(b"x"))
    assert files.sweep_orphans(timezone.now() + files.SETTLED_AFTER * 2) == 1
    call_command("backup", output=tmp_path / "a.zip", stdout=(said := io.StringIO()))
    assert "文件在 S3 存储里，不在这个备份中" in said.getvalue()
    default_storage.delete(str(item.file))
    assert len(list(faults_of_files())) == 1


def test_m79_a_store_that_is_away_is_trouble_and_no_damage(
    bucket: None, server: ThreadedMotoServer
) -> None:
    name = default_storage.save("selfchecks/uploads/a.xlsx", ContentFile(b"one"))
    server.stop()
    with pytest.raises(NoAnswer) as away:
        default_storage.open(name)
    row = EvidenceItem(file=name, sha256=files.fingerprint(b"one"))
    with pytest.raises(NoAnswer):
        files.content_of(row)
    page = problems.troubled(RequestFactory().get("/"), away.value)
    assert page is not None
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "不能写入" in media_folder().msg
    server.start()


@pytest.mark.parametrize(
    "url", ["s3://bucket", "https://host/bucket", "https://a:b@host", "https://a:b@host:x/bucket"]
)
def test_m88_a_bucket_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("S3_URL", url)
    with pytest.raises(ImproperlyConfigured, match="S3_URL 应写成"):
        place_of_files(Environment(ROOT))
