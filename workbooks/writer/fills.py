"""Colour on problem cells as a conditional format of our own: the users' own fills lie untouched.

A fill written into the cell's style could never be told from the user's in the next round.
"""

import re
from collections.abc import Mapping, Sequence

from ..findings import Severity
from ..package import Package
from .ooxml import (
    AFTER_CONDITIONAL_FORMATS,
    AFTER_LEGACY_DRAWING,
    append_item,
    insert_before,
    prefix_of,
)
from .styles import styles_of

MARK = "自查核对"  # a formula that is always true and tells our rule from others
COLOURS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C"}
FOLLOWERS = (*AFTER_CONDITIONAL_FORMATS, "legacyDrawing", *AFTER_LEGACY_DRAWING)


def remove_our_fills(package: Package, sheet: str) -> None:
    xml = package.xml(sheet)
    if MARK.encode() not in xml:
        return
    p = prefix_of(xml)
    # A rule never holds another rule, so the shortest match that has our mark is ours alone.
    rule = rf"<{p}cfRule\b(?:(?!</{p}cfRule>).)*?{MARK}(?:(?!</{p}cfRule>).)*?</{p}cfRule>"
    empty = rf"<{p}conditionalFormatting\b[^<>]*>\s*</{p}conditionalFormatting>"
    xml = re.sub(rule.encode(), b"", xml, flags=re.DOTALL)
    package.parts[sheet] = re.sub(empty.encode(), b"", xml)


def add_fills(package: Package, sheet: str, cells: Mapping[Severity, Sequence[str]]) -> None:
    """One rule per severity over all its cells."""
    p = prefix_of(package.xml(sheet))
    rules = []
    for priority, (severity, colour) in enumerate(COLOURS.items(), 1):
        if found := cells.get(severity):
            rules.append(_rule(p, found, _format(package, colour), priority))
    if rules:
        xml = package.xml(sheet)
        package.parts[sheet] = insert_before(xml, FOLLOWERS, "".join(rules))


def _rule(p: str, cells: Sequence[str], format_id: int, priority: int) -> str:
    return (
        f'<{p}conditionalFormatting sqref="{" ".join(cells)}">'
        f'<{p}cfRule type="expression" dxfId="{format_id}" priority="{priority}">'
        f'<{p}formula>"{MARK}"&lt;&gt;""</{p}formula></{p}cfRule></{p}conditionalFormatting>'
    )


def _format(package: Package, colour: str) -> int:
    part = styles_of(package)
    item = (
        f'<dxf><fill><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        f'<bgColor rgb="{colour}"/></patternFill></fill></dxf>'
    )
    package.parts[part], index = append_item(package.xml(part), "dxfs", "dxf", item)
    return index
