"""A photo keeps what it shows and loses where, when and with what it was taken."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfchecks.pictures import bare

# 29°33′ N 106°34′ E, as a telephone would say it, stands here for anything that tells a place.
PLACE = b"29.55N 106.57E HUAWEI 2026:11:23"
FRAME = b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + bytes(9)
SCAN = b"\xff\xda\x00\x04\x01\x02" + b"\x11\xff\x00\x22\xff\xd0\x33"  # a stuffed byte, a restart
END = b"\xff\xd9"


def segment(marker: int, said: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(said) + 2) + said


def exif(order: str, side_up: int) -> bytes:
    """An Exif segment with the side that is up behind another field, then a place."""
    start = {"<": b"II*\0", ">": b"MM\0*"}[order]
    fields = struct.pack(f"{order}IHHHII", 8, 2, 0x010F, 2, 9, 38)
    fields += struct.pack(f"{order}HHIHxxI", 0x0112, 3, 1, side_up, 0)
    return segment(0xE1, b"Exif\0\0" + start + fields + PLACE)


def chunk(name: bytes, said: bytes) -> bytes:
    checked = name + said
    return struct.pack(">I", len(said)) + checked + struct.pack(">I", zlib.crc32(checked))


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_its_picture_and_which_side_is_up(order: str) -> None:
    colours = segment(0xE2, b"ICC_PROFILE\0\x01\x01sRGB") + segment(0xEE, b"Adobe\0d")
    told = exif(order, 6) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    told += segment(0xED, b"Photoshop 3.0\0" + PLACE) + segment(0xFE, PLACE)
    told += segment(0xE2, b"MPF\0" + PLACE)
    another = b"\xff\xd8" + exif(order, 1) + FRAME + SCAN + END  # telephones append a second one
    found = bare(b"\xff\xd8" + told + colours + FRAME + SCAN + END + another, "jpg")
    turned = "ffe1 0022 457869660000 4d4d002a 00000008 0001 0112 0003 00000001 00060000 00000000"
    assert found == b"\xff\xd8" + bytes.fromhex(turned) + colours + FRAME + SCAN + END


def test_a_png_keeps_its_picture() -> None:
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    told = b"".join(chunk(name, PLACE) for name in (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"))
    rest = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    assert bare(head + told + rest + PLACE, "png") == head + rest


@given(st.binary(max_size=200), st.sampled_from(["jpg", "png"]))
def test_whatever_comes_is_looked_through(content: bytes, kind: str) -> None:
    start = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}[kind]
    found = bare(start + content, kind)
    assert bare(found, kind) == found  # nothing is left to take out


@given(st.binary(max_size=60))
def test_an_exif_that_makes_no_sense_goes_as_well(content: bytes) -> None:
    told = segment(0xE1, b"Exif\0\0" + content)
    found = bare(b"\xff\xd8" + told + FRAME + SCAN + END, "jpg")
    assert len(found) == 2 + 36 + len(FRAME + SCAN + END)
