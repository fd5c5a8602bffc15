"""Pictures kept before place and time were taken out: cleaned once, on record, verified."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from audit.models import Entry
from audit.verification import differences_of_rows
from districts.models import User
from selfchecks import files
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services import evidence
from selfchecks.services.cleaning import Cleaned, clean_pictures
from tests.selfchecks.test_evidence import PDF, add, jpg, png, with_place

BARE = jpg(800, 600)


@pytest.fixture
def keep(
    self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., EvidenceItem]:
    """A function: keep a document as the portal did before, byte for byte."""
    monkeypatch.setattr(evidence, "as_kept", lambda content, _kind: content)
    return lambda *sent: add(self_check, chen_officer, *sent)


def test_a_stored_picture_is_cleaned_once_and_said_to_be(
    keep: Callable[..., EvidenceItem], django_capture_on_commit_callbacks: Any
) -> None:
    item = keep(with_place(BARE), "照片.jpg")
    others = [keep(png(8, 8), "图.png"), keep(PDF, "说明.pdf")]
    earlier = item.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert clean_pictures() == Cleaned(1, [])
    before = item.sha256
    item.refresh_from_db()
    assert files.content_of(item) == BARE
    assert (item.size, item.kind) == (len(BARE), "jpg")
    assert not default_storage.exists(earlier)
    assert [files.content_of(other) for other in others] == [png(8, 8), PDF]
    entry = Entry.objects.get(action="picture.clean")
    assert entry.changes == {"sha256": [before, item.sha256], "size": len(BARE)}
    assert (entry.district_code, entry.actor) == ("500106", "")
    about = EvidenceItem._meta.verbose_name
    assert not [each for each in differences_of_rows() if str(each).startswith(str(about))]
    assert clean_pictures() == Cleaned(0, [])


def test_what_cannot_be_cleaned_is_left_and_named(keep: Callable[..., EvidenceItem]) -> None:
    clean, same = keep(BARE, "照片.jpg"), keep(with_place(BARE), "又是它.jpg")
    gone = keep(with_place(jpg(6, 6)), "不在了.jpg")
    default_storage.delete(gone.file.name)
    said, complained = StringIO(), StringIO()
    call_command("clean_pictures", stdout=said, stderr=complained)
    assert "清理了 0 张" in said.getvalue()
    assert [f"#{row.pk}。" in complained.getvalue() for row in (clean, same, gone)] == [
        False,
        True,
        True,
    ]
    same.refresh_from_db()
    assert files.content_of(same) == with_place(BARE)
