"""Gives the uploader's own workbook back with every problem marked, ready to be corrected."""

from collections.abc import Sequence

from ..entry import SheetLayout
from ..findings import N_, Finding, Message, Refused, Severity
from ..package import Package
from ..wording import refusals
from .comments import add_comments, remove_our_comments
from .fills import add_fills, remove_our_fills
from .from_text import workbook_from_text
from .problem_list import LEVELS, PROBLEM_SHEET, write_problem_list

MARKED = (Severity.ERROR, Severity.WARNING)
MAX_COMMENTS = 2_000  # the list and the colours go on where the comments end


def mark(content: bytes, findings: Sequence[Finding], layouts: Sequence[SheetLayout] = ()) -> bytes:
    """The same workbook with colours, comments and 问题清单; no cell of the user is changed.

    Takes a file that ``examine`` has accepted. Marks of an earlier round are taken off first.
    ``Refused`` when the package lacks parts that every spreadsheet program writes.
    """
    try:
        return _mark(content, findings, layouts)
    except (ValueError, KeyError, IndexError, SyntaxError) as error:  # odd, though readable, parts
        reason = Message(N_("内部结构不完整，无法加批注"))
        raise Refused(refusals.UNREADABLE, reason=reason) from error


def _mark(content: bytes, findings: Sequence[Finding], layouts: Sequence[SheetLayout]) -> bytes:
    package = Package(
        content if content.startswith(b"PK") else workbook_from_text(content, layouts)
    )
    for sheet in package.sheets():
        if sheet.title != PROBLEM_SHEET:
            _mark_sheet(package, sheet.part, _of_sheet(findings, sheet.title))
    write_problem_list(package, sorted(findings, key=lambda f: list(Severity).index(f.severity)))
    return package.to_bytes()


def _mark_sheet(package: Package, part: str, found: Sequence[Finding]) -> None:
    remove_our_fills(package, part)
    remove_our_comments(package, part)
    worst: dict[str, Severity] = {}
    notes: dict[str, list[str]] = {}
    for finding in found:
        is_worse = worst.get(finding.cell) != Severity.ERROR
        worst[finding.cell] = finding.severity if is_worse else Severity.ERROR
        notes.setdefault(finding.cell, []).append(f"{LEVELS[finding.severity]}:{finding.text}")
    cells = {s: [cell for cell, worse in worst.items() if worse == s] for s in MARKED}
    add_fills(package, part, cells)
    first = list(notes.items())[:MAX_COMMENTS]
    add_comments(package, part, {cell: "\n".join(told) for cell, told in first})


def _of_sheet(findings: Sequence[Finding], title: str) -> list[Finding]:
    return [f for f in findings if f.sheet == title and f.cell and f.severity in MARKED]
