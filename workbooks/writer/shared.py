"""Moves the texts of a workbook openpyxl wrote into the shared list every program writes.

openpyxl writes each text inside its cell; xlsx-populate cannot open that where a text is empty,
other readers lose it.
"""

import re

from ..package import STRINGS_TYPE, Package
from .ooxml import MAIN

TEXT = rb'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>'
CELL = re.compile(rb'<c( [^<>]*?) t="inlineStr" ?(?:/>|>(?:%b)?</c>)' % TEXT)


def share_strings(content: bytes) -> bytes:
    package = Package(content)
    places: dict[bytes, int] = {}

    def share(cell: re.Match[bytes]) -> bytes:
        if not cell[2]:
            return b"<c%b/>" % cell[1]  # its look stays
        return b'<c%b t="s"><v>%d</v></c>' % (cell[1], places.setdefault(cell[2], len(places)))

    for sheet in package.sheets():
        package.put(sheet.part, CELL.sub(share, package.xml(sheet.part)))
    texts = b"".join(b'<si><t xml:space="preserve">%b</t></si>' % text for text in places)
    if package.related(package.workbook, "sharedStrings") is None:
        package.relate(package.workbook, "sharedStrings", "xl/sharedStrings.xml")
    strings = b'<sst xmlns="%b">%b</sst>' % (MAIN.encode(), texts)
    package.add("xl/sharedStrings.xml", strings, STRINGS_TYPE)
    return package.to_bytes()
