"""Made-up self-checks: how the template is filled in, now and then with a slip, and what becomes
of them; seeded, pure code."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from figures.table import SCHOOL_FIELD
from selfchecks.workbook.template import Prefill, write_template

# Whom the examples of the API's guide speak of. By the stories below one has handed in, one has
# been returned its self-check of this year; the third has none, so that it can be opened.
HANDED_IN, RETURNED, UNOPENED = "500102", "500103", "WSJKQ"
# What people get wrong: a field of the n-th school, and what they write there.
ERRORS: tuple[tuple[int, str, Any], ...] = (
    (0, "teachers", "约60"),
    (1, "teaching_area", "3500平方米左右"),
    (2, "teachers_certified", 9_999),
    (4, "sports_ground_area", -5),
)
GAPS: tuple[tuple[int, str, Any], ...] = (
    (0, "art_rooms", None),
    (3, "equipment_value", None),
    (5, "multimedia_classrooms", None),
)
CORRECTED = "training_budget"


def filled(
    given: Prefill, payload: Mapping[str, Any], slips: Sequence[tuple[int, str, Any]] = ()
) -> bytes:
    """The unit's workbook with the figures of the payload, after the slips."""
    rows = [
        row | {code: _number(row[code]) for code in row if not SCHOOL_FIELD[code].is_word}
        for row in payload["schools"]
    ]
    for place, field, value in slips:
        rows[place % len(rows)][field] = value
    items = {item: _number(value) for item, value in payload["district"].items()}
    answers = {**items, **payload["qualitative"], **payload["veto"]}
    return write_template(replace(given, schools=rows, answers=answers))


def correction(payload: Mapping[str, Any]) -> tuple[int, str, Any]:
    """What a district puts right after a return: the first school had forgotten some money."""
    return 0, CORRECTED, _number(payload["schools"][0][CORRECTED]) + Decimal("0.5")


def _number(value: Any) -> Any:
    """A number as Excel keeps it; words such as 不适用 stay."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def labelled_pdf(*lines: str) -> bytes:
    """A page that says on its face that it is made up; the same lines make the same bytes.

    The font is one every reader has a stand-in for, so that no font file travels with it.
    """
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    text = f"BT /F 16 Tf 30 TL 60 760 Td {shown}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
        " /DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
        " /FontDescriptor 7 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    body, places = "%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{tail}".encode("ascii")


LONGEST = timedelta(days=110)  # from the first day of filling in to the decision

_SIGNED = ("upload", "send_for_signature", "submit")
_READ = (*_SIGNED, "take_up", "accept")
_RETURNED = (*_READ, "question", "send_back")
_AGAIN = ("correct", "send_for_signature", "submit", "take_up", "accept", "approve")

# How far this year's self-checks have come, dealt out in turn, so that few units show much.
UNDER_WAY: tuple[tuple[str, ...], ...] = (
    _READ,
    _SIGNED,
    _RETURNED,
    ("upload_with_errors",),
    (*_READ, "approve"),
    ("upload", "send_for_signature"),
    ("upload_with_gaps",),
    ("upload_with_errors", *_READ, "approve"),
    _SIGNED,
    (),
    (*_RETURNED, *_AGAIN),
    _READ,
)
# Earlier years are closed; some went round twice.
CLOSED: tuple[tuple[str, ...], ...] = (
    (*_READ, "approve"),
    (*_READ, "approve"),
    ("upload_with_errors", *_READ, "approve"),
    (*_RETURNED, *_AGAIN),
)


def acts_of(
    seed: int, unit_code: str, year: int, place: int, *, is_closed: bool
) -> tuple[str, ...]:
    """The acts of one self-check; ``place`` is the unit's position among those loaded."""
    if is_closed:
        return Random(f"{seed}/{unit_code}/{year}/story").choice(CLOSED)
    return UNDER_WAY[(place + seed - 1) % len(UNDER_WAY)]


def moments(
    seed: int, unit_code: str, first_day: Date, *, until: datetime, count: int
) -> Iterator[datetime]:
    """When each of ``count`` acts happens: in office hours, in order, none after ``until``."""
    draw = Random(f"{seed}/{unit_code}/{first_day}/moments")
    days = min(LONGEST, until - _morning(first_day, until.tzinfo)).days
    day = 0.0
    for left in range(count, 0, -1):
        day += draw.uniform(0.4, 1.0) * (days - day) / (left + 1)
        minutes = draw.randint(0, 29) + 30 * (count - left)
        wanted = _morning(first_day, until.tzinfo) + timedelta(days=int(day), minutes=minutes)
        yield min(wanted, until)


def _morning(day: Date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(9), zone)
