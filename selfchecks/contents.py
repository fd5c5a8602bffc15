"""What a document that was sent really is: its kind by its bytes, the files of an archive."""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Refused, Unusable
from districts.wording import listed
from selfchecks.files import harmless_name
from selfchecks.pictures import Endless, bare
from workbooks.findings import Refused as RefusedFile
from workbooks.findings import paragraph
from workbooks.guard.archive import open_parts, part_names

MB = 1024 * 1024
MOST_BYTES = 10 * MB
MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 100, 50 * MB
MOST_PIXELS, MOST_SEGMENTS = 50_000_000, 1_000
LONGEST_PATH, MOST_NAMED = 200, 10
TAKEN = gettext_lazy(
    "PDF、JPG、PNG、DOCX、XLSX，每个最大 10 MB；照片拍摄的位置、时间和设备不保存。"
)
PICTURES = ("jpg", "png")
SUFFIXES = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "docx": "docx", "xlsx": "xlsx"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MACROS = ("vbaproject.bin", "vbadata.xml")
# What systems put beside people's files: nobody meant to send it.
_LITTER = re.compile(r"(^|/)(\.|~\$|__macosx/|thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(zip|rar|7z|tar|gz)$", re.IGNORECASE)


class TooLarge(Refused):
    """One file, or all of them together."""

    status = 413
    code = "too_large"

    @classmethod
    def check_together(
        cls, sentence: Any, *, used: int, more: int, most: int, at: str = "", **told: Any
    ) -> None:
        """Refuse bytes that exceed the limit with those there; the sentence tells both in MB."""
        if used + more > most:
            words = sentence % {"used": used // MB, "limit": most // MB, **told}
            raise cls.at(at, words) if at else cls(words)


class WrongKind(Unusable):
    """Not one of the kinds of file that are taken."""

    code = "wrong_type"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came; ``path`` is its place in the archive it came in."""

    name: str
    content: bytes
    path: str = ""

    @property
    def where(self) -> str:
        return self.path or self.name


def files_of(chosen: Iterable[tuple[str, bytes]]) -> list[Sent]:
    """The files chosen together, those of archives flattened, without what systems add.

    Raises TooLarge for too many, WrongKind for an archive that cannot be trusted or read.
    """
    found: list[Sent] = []
    size = 0
    for name, content in chosen:
        for sent in _flattened(name, content):
            found.append(sent)
            size += len(sent.content)
            _refuse_too_much(len(found), size)
    if not found:
        raise WrongKind.at("several", _("请选择文件。"))
    return found


def _refuse_too_much(count: int, size: int) -> None:
    """While they are unpacked, so that many small archives cannot become a mountain."""
    if count > MOST_AT_ONCE:
        raise TooLarge.at("several", _("一次最多 %s 个文件；请分几次上传。") % MOST_AT_ONCE)
    if size > MOST_BYTES_AT_ONCE:
        sentence = _("一次最多 %s MB；请分几次上传。") % (MOST_BYTES_AT_ONCE // MB)
        raise TooLarge.at("several", sentence)


def _flattened(name: str, content: bytes) -> Iterator[Sent]:
    if not name.lower().endswith(".zip"):
        yield Sent(harmless_name(name), content)
        return
    _refuse_too_much(0, len(content))
    try:
        parts = open_parts(content)
    except RefusedFile as refused:
        sentence = _(
            "压缩包「%(name)s」没有收下：%(why)s请直接选择里面的文件，或重新压缩成普通的 .zip。"
        )
        what = {"name": harmless_name(name), "why": refused.finding.what.render(_)}
        raise WrongKind.at("several", sentence % what) from refused
    paths = [path for path in parts if not path.endswith("/") and not _LITTER.search(path)]
    if not paths:
        sentence = _("压缩包「%s」里没有文件；请重新选择。")
        raise WrongKind.at("several", sentence % harmless_name(name))
    for path in paths:
        yield Sent(harmless_name(path), parts[path], _harmless_path(path))


def _harmless_path(path: str) -> str:
    """Folders and name for showing and matching; nothing is ever written there."""
    return "/".join(harmless_name(part) for part in path.split("/") if part)[-LONGEST_PATH:]


def kinds_of(sent: Iterable[Sent]) -> list[str]:
    """The kind of each. Raises WrongKind naming the files that are not taken, by what is wrong."""
    kinds: list[str] = []
    faults: dict[str, list[str]] = {}
    for each in sent:
        try:
            kinds.append(kind_of(each.content, each.name))
        except Refused as refusal:
            faults.setdefault(str(refusal), []).append(f"「{each.where}」")
    if faults:
        told = paragraph(_told(names, why) for why, names in faults.items())
        raise WrongKind.at("several", _("都没有收下，因为有文件不能收：%s") % told)
    return kinds


def _told(names: list[str], why: str) -> str:
    facts = {"names": listed(names[:MOST_NAMED]), "count": len(names), "why": why}
    if len(names) > MOST_NAMED:
        return _("%(names)s等 %(count)s 个文件：%(why)s") % facts
    return _("%(names)s：%(why)s") % facts


def kind_of(content: bytes, name: str) -> str:
    """The kind by the name's ending, confirmed by the bytes; nothing is decoded or unpacked.

    Raises Unusable for other kinds, TooLarge for too many bytes or pixels.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(_("文件超过 %s MB；请压缩后再上传。") % (MOST_BYTES // MB))
    if not content:
        raise WrongKind.at("file", _("文件是空的；请重新选择。"))
    kind = SUFFIXES.get(name.rpartition(".")[2].lower())
    if kind is None and _ARCHIVE.search(name):
        raise WrongKind.at("file", _("不收压缩包里的压缩包和其他格式的压缩包；请先解开。"))
    if kind is None:
        sentence = _("佐证材料只收 PDF、JPG、PNG、DOCX、XLSX 文件；请另存为其中一种。")
        raise WrongKind.at("file", sentence)
    pixels = _pixels(kind, content)
    if pixels is None or not _looks_like(kind, content):
        raise _another(kind)
    if pixels > MOST_PIXELS:
        raise TooLarge(_("图片超过 %s 万像素；请缩小后再上传。") % (MOST_PIXELS // 10_000))
    return kind


def as_kept(content: bytes, kind: str) -> bytes:
    """A picture without what it says beside what it shows; other kinds as they came.

    Raises WrongKind for a picture without end.
    """
    try:
        return bare(content, kind) if kind in PICTURES else content
    except Endless as error:
        raise _another(kind) from error


def _another(kind: str) -> WrongKind:
    wrong = _("文件内容与扩展名 .%s 不符；请用原来的程序打开后另存。") % kind
    return WrongKind.at("file", wrong)


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
        raise WrongKind.at("file", _("文件带有宏；请另存为不带宏的文件后再上传。"))
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
