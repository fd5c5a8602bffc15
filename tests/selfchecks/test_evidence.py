"""Evidence: few kinds of file, told by their bytes, and on record once submitted."""

import errno
import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Refused, Unusable
from districts.models import User
from selfchecks import contents, files
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services import evidence
from selfchecks.services.evidence import add_evidence, remove_evidence
from tests.selfchecks.workbook_files import workbook

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def png(width: int, height: int) -> bytes:
    size = struct.pack(">II", width, height)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + size + b"\x08\x02"


def jpg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x07JFIF\x00" + frame + b"\xff\xd9"


def with_place(picture: bytes) -> bytes:
    """As a telephone sends it, with where it was taken."""
    return picture[:2] + b"\xff\xfe\x00\x0f29.55N106.57E" + picture[2:]


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")
    return out.getvalue()


def of_an_unknown_version(package: bytes) -> bytes:
    """Says in its directory that unpacking it needs version 9.9."""
    at = package.index(b"PK\x01\x02") + 6
    return package[:at] + struct.pack("<H", 99) + package[at + 2 :]


DOCX = office("[Content_Types].xml", "word/document.xml")


def add(self_check: SelfCheck, by: User, content: bytes = PDF, name: str = "布局规划.pdf", **more):
    return add_evidence(
        self_check=self_check, indicator="B1", content=content, name=name, by=by, **more
    )


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "规划.PDF", "pdf"),
        (png(800, 600), "照片.png", "png"),
        (jpg(800, 600), "照片.jpeg", "jpg"),
        (DOCX, "方案.docx", "docx"),
    ],
)
def test_the_kinds_that_are_taken(
    content: bytes, name: str, kind: str, self_check: SelfCheck, chen_officer: User
) -> None:
    item = add(self_check, chen_officer, content, name, note="市级批复")
    assert (item.kind, item.size, item.note) == (kind, len(content), "市级批复")
    assert files.content_of(item) == content
    assert item.file.name.startswith("selfchecks/evidence/")


def test_a_picture_is_kept_without_where_it_was_taken(
    self_check: SelfCheck, chen_officer: User
) -> None:
    item = add(self_check, chen_officer, with_place(jpg(800, 600)), "照片.jpg")
    assert files.content_of(item) == jpg(800, 600)
    assert add(self_check, chen_officer, jpg(800, 600), "照片.jpg") == item


def test_a_picture_without_end_is_refused(self_check: SelfCheck, chen_officer: User) -> None:
    flood = jpg(8, 8)[:-2] + b"\xff\xe0\x00\x02" * 20_000
    with pytest.raises(Unusable, match="不符"):
        add(self_check, chen_officer, flood, "照片.jpg")


def test_a_workbook_is_evidence_too(self_check: SelfCheck, chen_officer: User) -> None:
    assert add(self_check, chen_officer, workbook(self_check), "台账.xlsx").kind == "xlsx"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg onload=alert(1)>", "图.svg", "只收"),
        (b"<html><script>", "说明.pdf", "不符"),
        (b"MZ\x90", "程序.exe", "只收"),
        (PDF, "没有扩展名", "只收"),
        (PDF, "照片.png", "不符"),
        (office("word/document.xml"), "方案.docx", "不符"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "方案.docx", "不符"),
        (b"PK\x03\x04broken", "方案.docx", "不符"),
        (of_an_unknown_version(DOCX), "方案.docx", "不符"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", "宏"),
        (b"", "空.pdf", "空的"),
        (b"\x89PNG\r\n\x1a\n\x00", "照片.png", "不符"),
        (b"\xff\xd8\xff\xd9", "照片.jpg", "不符"),
        (b"\xff\xd8" + b"\xff\xe0\x00\x02" * 1_000 + jpg(8, 8)[2:], "照片.jpg", "不符"),
    ],
)
def test_m11_m16_other_files_are_refused(
    content: bytes, name: str, words: str, self_check: SelfCheck, chen_officer: User
) -> None:
    with pytest.raises(Unusable, match=words):
        add(self_check, chen_officer, content, name)
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize("content", [png(50_000, 50_000), jpg(50_000, 50_000)])
def test_m17_a_pixel_flood_is_refused_from_its_header(
    content: bytes, self_check: SelfCheck, chen_officer: User
) -> None:
    name = "a.png" if content.startswith(b"\x89") else "a.jpg"
    with pytest.raises(Refused, match="万像素") as refused:
        add(self_check, chen_officer, content, name)
    assert refused.value.status == 413


def test_m19_there_is_a_limit_for_one_file_and_for_all_together(
    self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(evidence.TooLarge):
        add(self_check, chen_officer, PDF.ljust(contents.MOST_BYTES + 1))
    monkeypatch.setattr(evidence, "MOST_BYTES_TOGETHER", 2 * len(PDF))
    add(self_check, chen_officer, PDF + b"1")
    with pytest.raises(evidence.TooLarge, match="上限"):
        add(self_check, chen_officer, PDF + b"2")


def test_m19_what_is_taken_back_counts_three_times_over(
    self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays on the disk: who adds and takes back again and again does not fill it."""
    monkeypatch.setattr(evidence, "MOST_BYTES_EVER", 3 * len(PDF) + 3)
    for number in range(3):
        remove_evidence(item=add(self_check, chen_officer, PDF + b"%d" % number), by=chen_officer)
    with pytest.raises(evidence.TooLarge, match="撤下"):
        add(self_check, chen_officer, PDF + b"3")


def test_the_same_file_on_one_indicator_is_kept_once(
    self_check: SelfCheck, chen_officer: User
) -> None:
    first = add(self_check, chen_officer)
    assert add(self_check, chen_officer, name="另一个名字.pdf") == first


def test_what_is_taken_back_stays_on_record(self_check: SelfCheck, chen_officer: User) -> None:
    item = add(self_check, chen_officer)
    removed = remove_evidence(item=item, by=chen_officer)
    assert removed.removed_by == chen_officer
    assert files.content_of(item) == PDF
    assert add(self_check, chen_officer) != item


def test_evidence_is_fixed_once_it_is_submitted(
    reach, self_check: SelfCheck, chen_officer: User
) -> None:
    item = add(self_check, chen_officer)
    reach("submitted")
    for attempt in (
        lambda: add(self_check, chen_officer, PDF + b"2"),
        lambda: remove_evidence(item=item, by=chen_officer),
    ):
        with pytest.raises(Conflict):
            attempt()


def test_only_officers_add_evidence(self_check: SelfCheck, zhao_signatory: User) -> None:
    with pytest.raises(NotAllowed):
        add(self_check, zhao_signatory)


def test_an_unknown_indicator_is_named(self_check: SelfCheck, chen_officer: User) -> None:
    with pytest.raises(Unusable, match="Z9"):
        add_evidence(
            self_check=self_check, indicator="Z9", content=PDF, name="a.pdf", by=chen_officer
        )


def test_m18_a_virus_is_refused_and_a_silent_scanner_holds_the_file(
    self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    monkeypatch.setattr(evidence, "scanner", lambda: lambda content: "Eicar-Test-Signature")
    with pytest.raises(Unusable, match="Eicar"):
        add(self_check, chen_officer)
    monkeypatch.undo()
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    with pytest.raises(files.ScannerDown) as refused:
        add(self_check, chen_officer)
    assert refused.value.status == 503
    assert not EvidenceItem.objects.exists()


def test_m77_evidence_that_finds_no_room_leaves_nothing(
    signed_in, self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.filesystem.locks.lock", full)
    entries = Entry.objects.count()
    given = {"indicator": "B1", "file": ContentFile(PDF, name="布局规划.pdf")}
    answer = signed_in(chen_officer).post(f"/self-checks/{self_check.reference}/evidence/", given)
    assert answer.status_code == 507
    assert (EvidenceItem.objects.count(), Entry.objects.count()) == (0, entries)
    assert list(Path(settings.MEDIA_ROOT).rglob("*.part")) == []
