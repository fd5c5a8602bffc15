"""Takes evidence in: few kinds of file, told by their bytes, kept inert for download only."""

import struct
from collections.abc import Iterator
from math import prod

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, Unusable
from districts.models import User
from selfchecks import clock, files
from selfchecks.files import scanner
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services.blockers import lock_editable, record_preparation
from workbooks.findings import Refused as RefusedFile
from workbooks.guard.archive import part_names

DOING = _("增减佐证材料")
MB = 1024 * 1024
MOST_BYTES, MOST_BYTES_TOGETHER = 10 * MB, 300 * MB
MOST_PIXELS, MOST_SEGMENTS = 50_000_000, 1_000
SUFFIXES = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "docx": "docx", "xlsx": "xlsx"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MACROS = ("vbaproject.bin", "vbadata.xml")


class TooLarge(Refused):
    """One file, or all of them together."""

    status = 413
    code = "too_large"


class WrongKind(Unusable):
    """Not one of the kinds of file that are taken."""

    code = "wrong_type"


@transaction.atomic
def add_evidence(
    *, self_check: SelfCheck, indicator: str, content: bytes, name: str, by: User, note: str = ""
) -> EvidenceItem:
    """Attach a file to an indicator. The same file twice on one indicator is kept once.

    Raises NotAllowed, Conflict outside draft and returned, Unusable for other kinds of file,
    TooLarge beyond the limits.
    """
    locked = lock_editable(self_check, by, doing=DOING)
    _refuse_unknown(locked, indicator)
    kind = kind_of(content, name)
    _refuse_virus(content)
    digest = files.fingerprint(content)
    live = locked.evidence_items.filter(removed_at__isnull=True)
    same = live.filter(indicator=indicator, sha256=digest).first()
    if same:
        return same
    _refuse_beyond_quota(live.aggregate(total=Sum("size"))["total"] or 0, len(content))
    with files.stored(content, files.EVIDENCE, f".{kind}") as stored_name:
        item = EvidenceItem.objects.create(
            self_check=locked,
            indicator=indicator,
            file=stored_name,
            display_name=files.harmless_name(name),
            kind=kind,
            size=len(content),
            sha256=digest,
            note=note.strip()[:300],
            added_by=by,
            added_at=clock.now(),
        )
        _record(item, "evidence.add", by)
    return item


@transaction.atomic
def remove_evidence(*, item: EvidenceItem, by: User) -> EvidenceItem:
    """Take a file back before submission; the row and the file stay on record."""
    locked = lock_editable(item.self_check, by, doing=DOING)
    fresh = locked.evidence_items.select_for_update().get(pk=item.pk)
    if fresh.removed_at is None:
        fresh.removed_by, fresh.removed_at = by, clock.now()
        fresh.save(update_fields=["removed_by", "removed_at"])
        _record(fresh, "evidence.remove", by)
    return fresh


def _record(item: EvidenceItem, action: str, by: User) -> None:
    record_preparation(
        self_check=item.self_check,
        action=action,
        on=item,
        by=by,
        changes={"indicator": item.indicator, "sha256": item.sha256, "size": item.size},
    )


def _refuse_unknown(self_check: SelfCheck, indicator: str) -> None:
    if not self_check.standard.indicators.filter(code=indicator).exists():
        raise Unusable.at("indicator", _("没有代码为「%s」的指标。") % indicator[:10])


def kind_of(content: bytes, name: str) -> str:
    """The kind by the name's ending, confirmed by the bytes; nothing is decoded or unpacked.

    Raises Unusable for other kinds, TooLarge for too many bytes or pixels.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(_("文件超过 %s MB;请压缩后再上传。") % (MOST_BYTES // MB))
    if not content:
        raise WrongKind.at("file", _("文件是空的;请重新选择。"))
    kind = SUFFIXES.get(name.rpartition(".")[2].lower())
    if kind is None:
        sentence = _("佐证材料只收 PDF、JPG、PNG、DOCX、XLSX 文件;请另存为其中一种。")
        raise WrongKind.at("file", sentence)
    pixels = _pixels(kind, content)
    if pixels is None or not _looks_like(kind, content):
        wrong = _("文件内容与扩展名 .%s 不符;请用原来的程序打开后另存。") % kind
        raise WrongKind.at("file", wrong)
    if pixels > MOST_PIXELS:
        raise TooLarge(_("图片超过 %s 万像素;请缩小后再上传。") % (MOST_PIXELS // 10_000))
    return kind


def _looks_like(kind: str, content: bytes) -> bool:
    if kind in _OFFICE:
        return _is_office(content, _OFFICE[kind])
    starts = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
    return content.startswith(starts[kind])


def _is_office(content: bytes, main_part: str) -> bool:
    """By its list of parts only: nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        names = part_names(content)
    except RefusedFile:
        return False
    if any(name.lower().rpartition("/")[2] in _MACROS for name in names):
        raise WrongKind.at("file", _("文件带有宏;请另存为不带宏的文件后再上传。"))
    return main_part in names and "[Content_Types].xml" in names


def _pixels(kind: str, content: bytes) -> int | None:
    """Width × height from a picture's header; None when it has none, 0 for what is no picture."""
    if kind == "png":
        return prod(struct.unpack(">II", content[16:24])) if len(content) >= 24 else None
    return max(_jpeg_frames(content), default=None) if kind == "jpg" else 0


def _jpeg_frames(content: bytes) -> Iterator[int]:
    """Of the first segments only: real pictures have a few dozen, and a file can hold millions."""
    position = 2
    for _segment in range(MOST_SEGMENTS):
        if position + 9 > len(content) or content[position] != 0xFF:
            return
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            yield width * height
        position += 2 + int(struct.unpack(">H", content[position + 2 : position + 4])[0])


def _refuse_virus(content: bytes) -> None:
    scan = scanner()
    found = scan(content) if scan else None
    if found:
        raise Unusable(
            _("安全检查发现可疑内容(%s),文件没有收下;请先在本机查杀病毒。") % found[:60],
            code="virus",
        )


def _refuse_beyond_quota(used: int, more: int) -> None:
    if used + more > MOST_BYTES_TOGETHER:
        raise TooLarge(
            _("这份自查的佐证材料共 %(used)s MB,加上这个文件会超过上限 %(limit)s MB。")
            % {"used": used // MB, "limit": MOST_BYTES_TOGETHER // MB}
        )
