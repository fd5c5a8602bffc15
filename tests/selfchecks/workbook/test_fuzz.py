"""Damaged and twisted workbooks: accepted, reported or refused, but never an unforeseen error."""

import contextlib
import random
import re
from collections.abc import Callable

import pytest

from selfchecks.workbook.examine import examine
from tests.workbooks import excel, packages
from workbooks.findings import Refused
from workbooks.writer import mark

EXPECTED = excel.expected(3)
ROUNDS = 10
SENT_SEEDS, SENT_EACH = 2, 25  # over HTTP
PER_ROUND = 26
XML_PARTS = (
    *("xl/workbook.xml", "xl/styles.xml", packages.SHEET, "[Content_Types].xml", "_rels/.rels"),
    *("xl/_rels/workbook.xml.rels", "docProps/custom.xml", "xl/worksheets/sheet7.xml"),
)
VALUES = (
    b"",
    b"-1",
    b"0",
    b"99999999999",
    b"NaN",
    b"1e400",
    b"abc",
    b"&#x41;",
    b"../x",
    b"A0",
    b"s",
)


def survives(content: bytes, name: str = "自查.xlsx", *, marked: bool = False) -> bool:
    """True when the file was read; what was read must also bear being marked."""
    with contextlib.suppress(Refused):
        reading = examine(content, name, EXPECTED)
        assert all(finding.text for finding in reading.findings)
        assert not marked or mark(content, reading.findings)
        return True
    return False


def flip(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.randint(1, 200) :]


def double(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    piece = content[start : start + rng.randint(1, 200)]
    return content[:start] + piece + content[start:]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_m20_mutated_bytes(seed: int, times: int) -> None:
    rng = random.Random(seed)
    content = packages.clean()
    for _ in range(PER_ROUND * times):
        survives(rng.choice((flip, cut, double))(content, rng))


def change_attribute(xml: bytes, rng: random.Random) -> bytes:
    places = list(re.finditer(rb'="([^"<>]*)"', xml))
    if not places:
        return xml
    place = rng.choice(places)
    return xml[: place.start(1)] + rng.choice(VALUES) + xml[place.end(1) :]


def change_text(xml: bytes, rng: random.Random) -> bytes:
    places = list(re.finditer(rb">([^<>]+)<", xml))
    if not places:
        return xml
    place = rng.choice(places)
    return xml[: place.start(1)] + rng.choice(VALUES) + xml[place.end(1) :]


def drop_element(xml: bytes, rng: random.Random) -> bytes:
    places = list(re.finditer(rb"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\2>", xml))
    if not places:
        return xml
    place = rng.choice(places)
    return xml[: place.start()] + xml[place.end() :]


def repeat_element(xml: bytes, rng: random.Random) -> bytes:
    places = list(re.finditer(rb"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\2>", xml))
    if not places:
        return xml
    place = rng.choice(places)
    return xml[: place.end()] + place[0] * rng.randint(1, 3) + xml[place.end() :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    change_attribute,
    change_text,
    drop_element,
    repeat_element,
    flip,
    cut,
)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_m20_mutated_xml(seed: int, times: int) -> None:
    rng = random.Random(seed + 1000)
    parts = packages.parts_of(packages.clean())
    read = 0
    for number in range(PER_ROUND * times):
        name = rng.choice([name for name in XML_PARTS if name in parts])
        changed = {**parts, name: rng.choice(MUTATIONS)(parts[name], rng)}
        read += survives(packages.pack(changed), marked=number % 5 == 0)
    assert read  # some twists are harmless, or the test would prove nothing


def test_a_missing_part_at_a_time() -> None:
    parts = packages.parts_of(packages.clean())
    for missing in parts:
        survives(
            packages.pack({name: c for name, c in parts.items() if name != missing}), marked=True
        )


@pytest.mark.parametrize("seed", range(4))
def test_m20_mutated_text_files(seed: int, times: int) -> None:
    rng = random.Random(seed)
    content = excel.as_text(excel.district.schools(3)).encode("gb18030")
    for _ in range(PER_ROUND * times):
        survives(rng.choice((flip, cut, double))(content, rng), "自查.csv")
