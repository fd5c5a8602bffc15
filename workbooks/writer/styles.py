"""The stylesheet of a workbook; some programs write none, or one with nothing in it."""

import re

from ..package import STYLES_TYPE, Package
from .ooxml import MAIN

CELLS = re.compile(rb"<(?:\w+:)?(?:c|row|col)\b[^<>]*?\ss(?:tyle)?=[\"'](\d{1,5})[\"']")
RULES = re.compile(rb"\bdxfId=[\"'](\d{1,5})[\"']")
LISTS = (b"fonts", b"cellXfs")


def styles_of(package: Package) -> str:
    """The part with the styles; a plain one for every number that is used, where there is none."""
    part = package.related(package.workbook, "styles")
    if part and all(re.search(rb"<(?:\w+:)?%b[\s>]" % name, package.xml(part)) for name in LISTS):
        return part
    if part is None:
        part = package.names.get("xl/styles.xml", "xl/styles.xml")  # where openpyxl looks
        package.add(part, b"", STYLES_TYPE)
        package.relate(package.workbook, "styles", part)
    cells, rules = _used(package, CELLS) or 1, _used(package, RULES)
    plain = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    package.put(
        part,
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="{MAIN}">'
        '<fonts count="1"><font><sz val="11"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{cells}">{plain * cells}</cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        f'<dxfs count="{rules}">{"<dxf/>" * rules}</dxfs></styleSheet>'.encode(),
    )
    return part


def _used(package: Package, pattern: re.Pattern[bytes]) -> int:
    """How many formats the sheets count on."""
    found = (int(n) for s in package.sheets() for n in pattern.findall(package.xml(s.part)))
    return max(found, default=-1) + 1
