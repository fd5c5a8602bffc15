"""The stylesheet of a workbook; some programs write none, or one with nothing in it."""

import re

from ..package import STYLES_TYPE, Package
from .ooxml import MAIN

USED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\ss=[\"'](\d{1,5})[\"']")
LISTS = (b"fonts", b"cellXfs")


def styles_of(package: Package) -> str:
    """The part with the styles, with a plain format for every number that cells name."""
    part = package.related(package.workbook, "styles")
    if part and all(re.search(rb"<(?:\w+:)?%b[\s>]" % name, package.xml(part)) for name in LISTS):
        return part
    if part is None:
        part = package.names.get("xl/styles.xml", "xl/styles.xml")
        package.add(part, b"", STYLES_TYPE)
        package.relate(package.workbook, "styles", part)
    used = (int(n) for sheet in package.sheets() for n in USED.findall(package.xml(sheet.part)))
    count = max(used, default=0) + 1
    plain = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    package.put(
        part,
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="{MAIN}">'
        '<fonts count="1"><font><sz val="11"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{count}">{plain * count}</cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'.encode(),
    )
    return part
