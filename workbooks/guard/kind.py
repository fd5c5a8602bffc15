"""What kind of file this really is, whatever its name says."""

from pathlib import PurePath

from ..findings import N_, Message, Refused
from ..wording import refusals

XLSX, CSV = "xlsx", "csv"

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
TEXT_NAMES = {".csv", ".txt", ".tsv"}

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", N_("这是 PDF 文件")),
    (b"\x89PNG", N_("这是图片")),
    (b"\xff\xd8\xff", N_("这是图片")),
    (b"GIF8", N_("这是图片")),
    (b"BM", N_("这是图片")),
    (b"II*\0", N_("这是图片")),
    (b"MM\0*", N_("这是图片")),
    (b"RIFF", N_("这是图片或音视频")),
    (b"{\\rtf", N_("这是写字板文档")),
    (b"Rar!", N_("这是压缩包,请先解压")),
    (b"7z\xbc\xaf", N_("这是压缩包,请先解压")),
    (b"\x1f\x8b", N_("这是压缩包,请先解压")),
    (b"MZ", N_("这是程序文件")),
    (b"\x7fELF", N_("这是程序文件")),
    (b"PK\x05\x06", N_("这是空的压缩包")),
)
MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<html", N_("这是网页,只是换了扩展名")),
    (b"<!doctype html", N_("这是网页,只是换了扩展名")),
    (b"<table", N_("这是网页,只是换了扩展名")),
    (b"<svg", N_("这是图片")),
    (b'progid="excel.sheet"', N_("这是 2003 版 XML 表格")),
    (b"<?xml", N_("这是 XML 文件")),
    (b"mime-version:", N_("这是网页存档")),
)


def tell_kind(content: bytes, filename: str) -> str:
    """``xlsx`` (still to be inspected) or ``csv``; anything else is refused with its name."""
    if content.startswith(OLE2):
        _refuse_ole2(content, filename)
    if content.startswith(ZIP):
        return XLSX
    _refuse_known_signature(content)
    _refuse_renamed_text(content, filename)
    return CSV


def refuse_unless_named_xlsx(filename: str) -> None:
    """A true .xlsx under another name: say so instead of guessing what was meant."""
    ending = _ending(filename)
    if ending not in {"", ".xlsx"}:
        reason = N_("内容是 .xlsx 工作簿,扩展名却是 {ending}")
        raise Refused(refusals.WRONG_TYPE, reason=Message(reason, {"ending": ending}))


def wrong_type(reason: str, **params: object) -> Refused:
    return Refused(refusals.WRONG_TYPE, reason=Message(reason, params))


def _refuse_ole2(content: bytes, filename: str) -> None:
    """An encrypted .xlsx and an old .xls begin alike; the name of a stream tells them apart."""
    if ENCRYPTED_STREAM in content:
        raise Refused(refusals.PASSWORD)
    is_wps = _ending(filename) == ".et"
    reason = N_("WPS 的 .et 文件") if is_wps else N_("Excel 97-2003 的 .xls 文件")
    raise Refused(refusals.OLD_FORMAT, reason=Message(reason))


def _refuse_known_signature(content: bytes) -> None:
    for signature, reason in SIGNATURES:
        if content.startswith(signature):
            raise wrong_type(reason)


def _refuse_renamed_text(content: bytes, filename: str) -> None:
    head = content[:2048].lower().replace(b"\0", b"")
    for mark, reason in MARKUP:
        if mark in head:
            raise wrong_type(reason)
    if _ending(filename) not in TEXT_NAMES:
        raise wrong_type(N_("内容不是 Excel 工作簿"))
    if _is_binary(content):
        raise wrong_type(N_("内容不是文字"))


def _is_binary(content: bytes) -> bool:
    """NUL bytes belong to UTF-16 text only, which every other byte or a first mark shows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return b"\0" in content[:4096] and not _looks_utf16(content[:4096])


def _looks_utf16(head: bytes) -> bool:
    return head[::2].count(0) * 8 > len(head) or head[1::2].count(0) * 8 > len(head)


def _ending(filename: str) -> str:
    return PurePath(filename.replace("\\", "/")).suffix.lower()
