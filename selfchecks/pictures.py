"""Takes out of a picture what it says beside what it shows: where, when and with what it was taken.

JPEG is a row of segments (ITU-T T.81, annex B), PNG a row of chunks (W3C PNG, 5.3). Of what stands
beside the picture only its colours, its size in print and which side is up are kept.
"""

import re
import struct
from collections.abc import Iterator

_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")  # those that stand for no coded data
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_COLOURS = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe")
_EXIF = b"Exif\0\0"
_SIDE_UP = 0x0112  # the Exif field of which side is up, 1 to 8
_SIGNATURE = 8
_MOST = 10_000  # segments: a picture has some dozen, ten megabytes have room for millions
_CHUNKS = frozenset(
    (*("IHDR", "PLTE", "tRNS", "IDAT", "IEND"), *("cHRM", "gAMA", "iCCP", "sBIT", "sRGB"))
    + ("bKGD", "hIST", "pHYs")
)


class Endless(ValueError):
    """More segments than any picture has."""


def bare(content: bytes, kind: str) -> bytes:
    """The same picture (``jpg`` or ``png``); what follows its end goes as well. Raises Endless."""
    return b"".join(_of_jpeg(content) if kind == "jpg" else _of_png(content))


def _of_png(content: bytes) -> Iterator[bytes]:
    yield content[:_SIGNATURE]
    position, name = _SIGNATURE, ""
    while name != "IEND" and position + 8 <= len(content):
        length = int.from_bytes(content[position : position + 4])
        name = content[position + 4 : position + 8].decode("latin-1")
        if name in _CHUNKS:
            yield content[position : position + length + 12]
        position += length + 12


def _of_jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    for number, (marker, segment) in enumerate(_segments(content)):
        if number > _MOST:
            raise Endless
        said = segment[4:]
        if marker == _APPLICATION[1] and said.startswith(_EXIF):
            yield _turned(_side_up(said[len(_EXIF) :]))
        elif said.startswith(_COLOURS) or marker not in (*_APPLICATION, _COMMENT):
            yield segment


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each with its marker; a scan brings its coded data, the end is the last."""
    position, marker = 2, 0
    while marker != _END and (found := _MARKER.search(content, position)):
        marker, start = found[1][0], found.start()
        position = start + 2
        if marker != _END:
            position += int.from_bytes(content[position : position + 2])
        if marker == _SCAN:
            after = _MARKER.search(content, position)
            position = after.start() if after else len(content)
        yield marker, content[start:position]


def _side_up(tiff: bytes) -> int:
    """Which side of the picture is up; 1 where it does not say."""
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for place in range(first + 2, first + 2 + 12 * count, 12):
            name, _type, _count, value = struct.unpack_from(f"{order}HHIH", tiff, place)
            if name == _SIDE_UP:
                return value if 1 <= value <= 8 else 1
    except struct.error:  # it breaks off
        pass
    return 1


def _turned(side_up: int) -> bytes:
    """A segment that says which side is up and nothing else."""
    field = struct.pack(">HHIHxx", _SIDE_UP, 3, 1, side_up)
    said = _EXIF + b"MM\0*" + struct.pack(">IH", 8, 1) + field + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said
