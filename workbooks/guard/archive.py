"""Takes a zip apart without trusting it: names, overlaps, sizes, ratio, trailing bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..findings import N_, Message, Refused
from ..wording import refusals
from . import MAX_PARTS, MAX_RATIO, MAX_UNPACKED_BYTES, MB

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
END_RECORD = struct.Struct("<4s4H2IH")
MAX_GAP = 64  # room for a data descriptor and alignment, not for a second file
ENCRYPTED_FLAG, UTF8_FLAG = 1, 0x800


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the package, unpacked."""

    name: str
    content: bytes


def open_parts(content: bytes) -> Mapping[str, bytes]:
    """Every member unpacked into memory, after the directory as a whole has been found sound."""
    entries = _directory(content)
    _check_names(entries)
    _check_sizes(entries, len(content))
    spans = list(_spans(content, entries))
    _check_layout(content, spans)
    return {entry.filename: _unpack(content, entry, start) for entry, start, _ in spans}


def part_names(content: bytes) -> list[str]:
    """What the directory lists, nothing unpacked."""
    return [entry.filename for entry in _directory(content)]


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    _check_end(content)
    try:  # NotImplementedError is zipfile's answer to a format version it does not know
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise unreadable(N_("文件不完整或已损坏")) from error
    if len(entries) > MAX_PARTS:
        raise too_big(
            N_("内部有 {count} 个部件，最多 {limit} 个"), count=len(entries), limit=MAX_PARTS
        )
    for entry in entries:
        entry.filename = entry.orig_filename = _name_of(entry)
    return entries


def _name_of(entry: zipfile.ZipInfo) -> str:
    """As its writer meant it: without the mark for UTF-8, zipfile takes Chinese for cp437."""
    name = entry.orig_filename
    if name.isascii() or entry.flag_bits & UTF8_FLAG:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _check_end(content: bytes) -> None:
    """The end record must be the last thing in the file: nothing may hide behind it."""
    at = content.rfind(b"PK\x05\x06")
    if at < 0 or at + END_RECORD.size > len(content):
        raise unreadable(N_("文件不完整，可能没有下载或传输完"))
    fields = END_RECORD.unpack_from(content, at)
    if at + END_RECORD.size != len(content) or fields[-1]:
        raise unreadable(N_("文件末尾带有多余的内容"))
    if fields[4] > MAX_PARTS:
        raise too_big(
            N_("内部有 {count} 个部件，最多 {limit} 个"), count=fields[4], limit=MAX_PARTS
        )


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.orig_filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise unreadable(N_("内部有重名的部件"))
    for name in names:
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or any(c in name for c in "\\\0:"):
            raise unreadable(N_("内部部件的名称不合规范"))


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise too_big(N_("解压后过大，有 {size} MB，最多 {limit} MB"), **_megabytes(unpacked))
    if unpacked > max(packed * MAX_RATIO, MB):
        raise too_big(N_("解压后过大，是原来的 {ratio} 倍"), ratio=unpacked // packed)
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise Refused(refusals.PASSWORD)


def _megabytes(size: int) -> dict[str, int]:
    return {"size": -(-size // MB), "limit": MAX_UNPACKED_BYTES // MB}


def _spans(
    content: bytes, entries: list[zipfile.ZipInfo]
) -> Iterator[tuple[zipfile.ZipInfo, int, int]]:
    """Each entry with the place of its packed bytes, as its own local header tells it."""
    for entry in sorted(entries, key=lambda e: e.header_offset):
        try:
            header = LOCAL_HEADER.unpack_from(content, entry.header_offset)
        except struct.error as error:
            raise unreadable(N_("文件不完整或已损坏")) from error
        if header[0] != b"PK\x03\x04":
            raise unreadable(N_("文件不完整或已损坏"))
        start = entry.header_offset + LOCAL_HEADER.size + header[-2] + header[-1]
        yield entry, start, start + entry.compress_size


def _check_layout(content: bytes, spans: list[tuple[zipfile.ZipInfo, int, int]]) -> None:
    """Members follow one another from the first byte on: no overlap, nothing in between."""
    end = 0
    for entry, _, stop in spans:
        if entry.header_offset < end:
            raise unreadable(N_("内部部件互相重叠"))
        if entry.header_offset - end > (MAX_GAP if end else 0):
            raise unreadable(N_("文件里夹带了其他内容"))
        end = stop
    directory = content.find(b"PK\x01\x02", end)
    if end > len(content) or directory - end > MAX_GAP:
        raise unreadable(N_("文件里夹带了其他内容"))


def _unpack(content: bytes, entry: zipfile.ZipInfo, start: int) -> bytes:
    """The member's bytes, never more than it declares."""
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        data = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        data = _inflate(packed, entry.file_size + 1)
    else:
        raise unreadable(N_("使用了少见的压缩方法"))
    if len(data) != entry.file_size or zlib.crc32(data) != entry.CRC:
        raise unreadable(N_("内部部件的大小或校验值对不上"))
    return data


def _inflate(packed: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit)
    except zlib.error as error:
        raise unreadable(N_("文件不完整或已损坏")) from error


def unreadable(reason: str, **params: object) -> Refused:
    return Refused(refusals.UNREADABLE, reason=Message(reason, params))


def too_big(reason: str, **params: object) -> Refused:
    return Refused(refusals.TOO_BIG, reason=Message(reason, params))
