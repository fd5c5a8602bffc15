"""Comments on problem cells: ours come and go, the users' own stay."""

import re
from collections.abc import Mapping

from openpyxl.utils.cell import coordinate_to_tuple

from ..package import RELATIONSHIPS, Package
from .ooxml import AFTER_LEGACY_DRAWING, MAIN, has_child, insert_before, prefix_of, text

AUTHOR = "自查核对"
OPENING, CLOSING = "【自查核对】", "【核对完】"
OURS = re.compile(rf"(?:\s|&#10;|&#xA;)*{OPENING}.*?(?:{CLOSING}|$)", re.DOTALL | re.IGNORECASE)
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)
SHAPE_CELL = re.compile(r"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>")
FIRST_SHAPE = 90_000

EMPTY_COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'
)
EMPTY_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
NEW_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
    'width:220pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:path o:connecttype="none"/><v:textbox/>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)


def remove_our_comments(package: Package, sheet: str) -> None:
    """Takes our words out of every comment, and the comment too when nothing else was in it."""
    part = package.related(sheet, "comments")
    if part is None:
        return
    xml = package.xml(part).decode("utf-8")
    removed: set[str] = set()
    p = prefix_of(xml.encode())
    whole = re.compile(rf"<{p}comment\s[^<>]*?\bref=\"([A-Z]+\d+)\".*?</{p}comment>", re.DOTALL)

    def strip(match: re.Match[str]) -> str:
        rest = _without_ours(match[0], p)
        if rest == match[0] or re.sub(r"<[^<>]*>", "", rest).strip():
            return rest
        removed.add(match[1])
        return ""

    package.parts[part] = whole.sub(strip, xml).encode("utf-8")
    _remove_shapes(package, sheet, removed)


def _without_ours(comment: str, p: str) -> str:
    """Our words cut out, also where another program has spread them over several runs."""
    pieces = [m.span(1) for m in re.finditer(rf"<{p}t(?:\s[^<>]*)?>([^<]*)</{p}t>", comment)]
    joined = "".join(comment[start:end] for start, end in pieces)
    ours = [match.span() for match in OURS.finditer(joined)]
    place = len(joined)
    for start, end in reversed(pieces):
        place -= end - start
        kept = "".join(
            comment[start + at]
            for at in range(end - start)
            if not any(first <= place + at < last for first, last in ours)
        )
        comment = comment[:start] + kept + comment[end:]
    return comment


def add_comments(package: Package, sheet: str, notes: Mapping[str, str]) -> None:
    """One note per cell; a cell with a comment of its user gets ours added below it."""
    if not notes:
        return
    part = package.related(sheet, "comments") or _new_comments(package, sheet)
    xml = package.xml(part).decode("utf-8")
    p = prefix_of(xml.encode())
    xml, author = _author(xml, p)
    new = []
    for cell, note in notes.items():
        words = f"{OPENING}{text(note)}{CLOSING}"
        merged = _add_to_existing(xml, p, cell, words)
        if merged is None:
            new.append((cell, words))
        else:
            xml = merged
    added = "".join(_comment(p, cell, author, words) for cell, words in new)
    xml = xml.replace(f"</{p}commentList>", f"{added}</{p}commentList>")
    package.parts[part] = xml.encode("utf-8")
    _add_shapes(package, sheet, [cell for cell, _ in new])


def _comment(p: str, cell: str, author: int, words: str) -> str:
    run = f'<{p}r><{p}t xml:space="preserve">{words}</{p}t></{p}r>'
    return f'<{p}comment ref="{cell}" authorId="{author}"><{p}text>{run}</{p}text></{p}comment>'


def _add_to_existing(xml: str, p: str, cell: str, words: str) -> str | None:
    start = re.search(rf"<{p}comment\s[^<>]*?\bref=\"{cell}\"", xml)
    if start is None:
        return None
    end = xml.find(f"</{p}text>", start.end())
    if end < 0:
        return xml
    run = f'<{p}r><{p}t xml:space="preserve">&#10;{words}</{p}t></{p}r>'
    return xml[:end] + run + xml[end:]


def _author(xml: str, p: str) -> tuple[str, int]:
    """The number of our name in the list of authors, which is put there when missing."""
    xml = re.sub(rf"<{p}authors\s*/>", f"<{p}authors></{p}authors>", xml)
    xml = re.sub(rf"<{p}commentList\s*/>", f"<{p}commentList></{p}commentList>", xml)
    authors = re.findall(rf"<{p}author(?:\s[^<>]*)?(?:/>|>([^<]*)</{p}author>)", xml)
    if AUTHOR in authors:
        return xml, authors.index(AUTHOR)
    mine = f"<{p}author>{AUTHOR}</{p}author></{p}authors>"
    return xml.replace(f"</{p}authors>", mine, 1), len(authors)


def _new_comments(package: Package, sheet: str) -> str:
    part = package.free_name("xl/comments{}.xml")
    package.add(part, EMPTY_COMMENTS.encode(), COMMENTS_TYPE)
    package.relate(sheet, "comments", part)
    return part


def _drawing(package: Package, sheet: str) -> str:
    """The sheet's old-style drawing, where spreadsheet programs keep the boxes of comments."""
    part = package.related(sheet, "vmlDrawing")
    if part and has_child(package.xml(sheet), "legacyDrawing"):
        return part
    part = package.free_name("xl/drawings/vmlDrawingCheck{}.vml")
    package.parts[part] = EMPTY_DRAWING.encode()
    package.add_default("vml", VML_TYPE)
    relation = package.relate(sheet, "vmlDrawing", part)
    p = prefix_of(package.xml(sheet))
    element = f'<{p}legacyDrawing xmlns:r="{RELATIONSHIPS}" r:id="{relation}"/>'
    package.parts[sheet] = insert_before(package.xml(sheet), AFTER_LEGACY_DRAWING, element)
    return part


def _add_shapes(package: Package, sheet: str, cells: list[str]) -> None:
    if not cells:
        return
    part = _drawing(package, sheet)
    xml = package.xml(part).decode("utf-8")
    shapes = [] if 'id="_x0000_t202"' in xml else [SHAPE_TYPE]
    for number, cell in enumerate(cells, FIRST_SHAPE):
        row, column = coordinate_to_tuple(cell)
        shapes.append(NEW_SHAPE.format(number=number, row=row - 1, column=column - 1))
    at = xml.rindex("</")
    package.parts[part] = (xml[:at] + "".join(shapes) + xml[at:]).encode("utf-8")


def _remove_shapes(package: Package, sheet: str, cells: set[str]) -> None:
    part = package.related(sheet, "vmlDrawing")
    if part is None or not cells:
        return
    places = {(row - 1, column - 1) for row, column in map(coordinate_to_tuple, cells)}

    def drop(match: re.Match[str]) -> str:
        cell = SHAPE_CELL.search(match[0])
        return "" if cell and (int(cell[1]), int(cell[2])) in places else match[0]

    xml = package.xml(part).decode("utf-8")
    package.parts[part] = SHAPE.sub(drop, xml).encode("utf-8")
