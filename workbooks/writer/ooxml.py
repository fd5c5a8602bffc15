"""Small, careful cuts into spreadsheet XML that leave every other byte as it was.

A parser and serializer would lose what it does not know: prefixes, extensions, other parts.
"""

import re
from collections.abc import Collection
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from .safe import clean

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROOT = re.compile(rb"<(?:(\w+):)?(?:worksheet|workbook|styleSheet|comments)[\s>]")

# The order the schema gives to what follows the cells of a sheet.
AFTER_CONDITIONAL_FORMATS = (
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
    *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags"),
    "drawing",
)
AFTER_LEGACY_DRAWING = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)


def prefix_of(xml: bytes) -> str:
    """``x:`` where a program writes ``<x:worksheet>``, else nothing."""
    root = ROOT.search(xml)
    return f"{root[1].decode()}:" if root and root[1] else ""


def text(value: object) -> str:
    return escape(clean(str(value)))


def attribute(value: object) -> str:
    return quoteattr(clean(str(value)))


def insert_before(xml: bytes, followers: Collection[str], addition: str) -> bytes:
    """Puts an element before the first of its followers, or at the end of the sheet."""
    start, children = _after_cells(xml)
    offsets = [offset for name, offset in children if name in followers]
    at = start + min(offsets) if offsets else xml.rindex(b"</")
    return xml[:at] + addition.encode() + xml[at:]


def has_child(xml: bytes, name: str) -> bool:
    return any(child == name for child, _ in _after_cells(xml)[1])


def _after_cells(xml: bytes) -> tuple[int, list[tuple[str, int]]]:
    """The elements after the cells with their places. Only this tail is parsed: cells are many."""
    p = prefix_of(xml)
    root_end = _end_of_tag(xml, ROOT.search(xml))
    cells = re.compile(rf"</{p}sheetData\s*>|<{p}sheetData\s*/>".encode()).search(xml)
    start = cells.end() if cells else root_end
    return start, _children(xml[:root_end], xml[start:])


def _end_of_tag(xml: bytes, match: re.Match[bytes] | None) -> int:
    if match is None:
        raise ValueError("not a worksheet")
    return xml.index(b">", match.start()) + 1


def _children(root: bytes, tail: bytes) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    depth = 0
    parser = expat.ParserCreate()

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth
        if depth == 1:
            found.append((name.rpartition(":")[2], parser.CurrentByteIndex - len(root)))
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(root + tail, True)
    return found


def append_item(xml: bytes, container: str, item_name: str, item: str) -> tuple[bytes, int]:
    """Adds an item to a counted list of the styles, or finds it there; answers its index."""
    p = prefix_of(xml)
    item = _prefixed(item, p)
    pattern = rf"<{p}{container}(?:\s[^<>]*)?(?:/>|>(.*?)</{p}{container}>)"
    match = re.search(pattern.encode(), xml, re.DOTALL)
    body = (match[1] or b"") if match else b""
    opening = re.compile(rf"<{p}{item_name}[\s/>]".encode())
    if item.encode() in body:
        return xml, len(opening.findall(body[: body.index(item.encode())]))
    count = len(opening.findall(body))
    new = f'<{p}{container} count="{count + 1}">'.encode() + body + item.encode()
    new += f"</{p}{container}>".encode()
    if match:
        return xml[: match.start()] + new + xml[match.end() :], count
    at = _place_for(xml, p)
    return xml[:at] + new + xml[at:], count


def _place_for(xml: bytes, p: str) -> int:
    """Only the list of differential formats may be absent; it follows the cell styles."""
    for name in ("cellStyles", "cellXfs"):
        end = xml.find(f"</{p}{name}>".encode())
        if end >= 0:
            return xml.index(b">", end) + 1
    raise ValueError("styles without cell formats")


def _prefixed(item: str, p: str) -> str:
    return re.sub(r"<(/?)(?=\w)", rf"<\1{p}", item) if p else item
