"""Is this file safe to hand to a parser? Its raw bytes are looked at before anything opens it."""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TypeVar

from ..findings import N_, Message, Refused
from ..wording import refusals

MB = 1024 * 1024

MAX_FILE_BYTES = 5 * MB
MAX_UNPACKED_BYTES = 50 * MB
MAX_RATIO = 100
MAX_PARTS = 200
MAX_SHEETS = 20

MAX_ROWS = 5_000  # rows with content, per sheet
MAX_COLUMNS = 100
MAX_CELLS = 200_000  # cells with content, per workbook
MAX_MERGED_CELLS = 2_000  # per merged range
MAX_MERGES = 5_000
BLANK_ROWS_TO_END = 1_000  # so many blank rows end a sheet

MAX_CELL_CHARS = 2_000
MAX_STRING_CHARS = 32_767  # no spreadsheet program writes a longer one
MAX_TEXT_CHARS = 10_000_000  # text of all cells together
MAX_STRINGS = 2 * MAX_CELLS
MAX_SUPPORT_BYTES = 8 * MB  # any XML part that is neither a sheet nor the shared strings
MAX_STYLES = 65_490  # what Excel itself allows


Scanner = Callable[[bytes], str | None]  # answers the name of what it found, or nothing
File = TypeVar("File")


def only_file(files: Sequence[File]) -> File:
    """The one file of an upload form, or ``Refused`` when there is none or more than one."""
    if not files:
        raise Refused(refusals.NONE_SELECTED)
    if len(files) > 1:
        raise Refused(refusals.TOO_MANY, count=len(files))
    return files[0]


def screen(content: bytes, *, scan: Scanner | None = None) -> None:
    """By its size and what a virus scanner says of it, whatever kind of file it is."""
    _check_size(content)
    _check_virus(content, scan)


def refuse_beyond(size: int) -> None:
    """By its length alone, so that a file far too big need not even be read."""
    if size > MAX_FILE_BYTES:
        sizes = {"size": f"{size / MB:.1f}", "limit": MAX_FILE_BYTES // MB}
        reason = Message(N_("文件有 {size} MB，最多 {limit} MB"), sizes)
        raise Refused(refusals.TOO_BIG, reason=reason)


def _check_size(content: bytes) -> None:
    refuse_beyond(len(content))
    if not content.strip(b"\0\r\n\t \xef\xbb\xbf\xfe\xff,;"):
        raise Refused(refusals.EMPTY, reason=Message(N_("文件里没有任何内容")))


def _check_virus(content: bytes, scan: Scanner | None) -> None:
    if scan and (name := scan(content)):
        raise Refused(refusals.VIRUS, reason=name)


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
    (b"Rar!", N_("这是压缩包，请先解压")),
    (b"7z\xbc\xaf", N_("这是压缩包，请先解压")),
    (b"\x1f\x8b", N_("这是压缩包，请先解压")),
    (b"MZ", N_("这是程序文件")),
    (b"\x7fELF", N_("这是程序文件")),
    (b"PK\x05\x06", N_("这是空的压缩包")),
)
MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<html", N_("这是网页，只是换了扩展名")),
    (b"<!doctype html", N_("这是网页，只是换了扩展名")),
    (b"<table", N_("这是网页，只是换了扩展名")),
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
        reason = N_("内容是 .xlsx 工作簿，扩展名却是 {ending}")
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
