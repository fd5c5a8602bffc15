"""What a clerk does at her desk: opens the year's tasks, fills the workbook, sends it."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from selfchecks.workbook.reading import DISTRICT, FIRST_DATA_ROW, QUALITATIVE, SCHOOLS, VETO
from tests.journeys.visitor import LOOKS_AT_MARKUP, Visitor
from tests.selfchecks.conftest import REQUIRED
from tests.selfchecks.workbook_files import DISTRICT_VALUES, figures_of

OPEN = """
from datetime import timedelta
from django.utils import timezone
from districts.models import District, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
today = timezone.localdate()
year = {year}
open_year(
    year=year,
    due_on=today + timedelta(days=30),
    fill_from=today - timedelta(days=30),
    by=User.objects.get(username="manager"),
    districts=District.objects.filter(code="{code}"),
)
"""


def fill(template: bytes, spoil: Callable[[Any], None] = lambda book: None) -> bytes:
    """The template filled in the way people do: sheet by sheet, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book[SCHOOLS.name]
    row = FIRST_DATA_ROW
    while sheet.cell(row, SCHOOLS.position("school_code")).value:
        kind = sheet.cell(row, SCHOOLS.position("school_type")).value
        for field, value in varied(kind, row).items():
            sheet.cell(row, SCHOOLS.position(field)).value = number(value)
        row += 1
    _fill(book[DISTRICT.name], DISTRICT, "value", DISTRICT_VALUES)
    _fill(book[QUALITATIVE.name], QUALITATIVE, "conclusion", {}, "达标")
    _fill(book[VETO.name], VETO, "answer", {}, "否")
    spoil(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


KINDS = {"特殊教育学校": "九年一贯制", "十二年一贯制": "九年一贯制", "完全中学": "初中"}


SENIOR = ("完全中学", "十二年一贯制")
SHARED = ("teaching_area", "indoor_sports_area", "sports_ground_area", "equipment_value")
DIFFERING = ("qualified_teachers", "nearby_intake", "intake", "largest_class", "pe_arts_teachers")


def varied(kind: str, row: int) -> dict[str, Any]:
    """The figures of a school; no column looks as if it had been copied down."""
    figures = figures_of(KINDS.get(kind, kind), row)
    for name in figures:
        if name.rpartition("_")[0] in DIFFERING:
            figures[name] += row % 4
    figures["indoor_sports_area"] = f"{200 + row}.00"
    figures["operating_budget"] = f"{60 + row / 100:.4f}"
    if kind in SENIOR:  # the senior stage has its part of rooms, grounds and equipment
        figures["pupils_senior"] = 300 + row
        figures |= {name: f"{2 * float(figures[name]):.2f}" for name in SHARED}
        figures["multimedia_classrooms"] *= 2
    return figures


def number(value: Any) -> Any:
    is_decimal = isinstance(value, str) and re.fullmatch(r"[0-9]+\.[0-9]+", value)
    return float(value) if is_decimal else value


def _fill(
    sheet: Any, layout: Any, column: str, values: dict[str, Any], default: Any = None
) -> None:
    for row in range(FIRST_DATA_ROW, sheet.max_row + 1):
        key = sheet.cell(row, layout.position(layout.key)).value
        value = values.get(key, default)
        if key and value is not None:
            sheet.cell(row, layout.position(column)).value = number(value)


def download(visitor: Visitor, link: str) -> bytes:
    with visitor.page.expect_download() as waiting:
        visitor.push(visitor.page.get_by_role("link", name=link).first)
    path = waiting.value.path()
    visitor.complaints = [it for it in visitor.complaints if it != waiting.value.url]
    return Path(path).read_bytes()


def upload(visitor: Visitor, content: bytes, button: str = "上传并检查") -> None:
    file = {
        "name": "自查.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": content,
    }
    visitor.page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    visitor.click("button", button)


def attach_required(visitor: Visitor, address: str, *, scripts: bool) -> None:
    """What is asked before signature, as one archive of folders; the page proposes where each goes.

    Counted apart from the journey: three clicks in all.
    """
    counts, out = visitor.counts(), io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for code in REQUIRED:
            package.writestr(f"佐证/{code}/材料{code}.pdf", f"%PDF-1.7 {code}")
    visitor.visit(address + "explanations/")
    file = {"name": "佐证.zip", "mimeType": "application/zip", "buffer": out.getvalue()}
    visitor.page.get_by_label("或选压缩包").set_input_files(file)  # type: ignore[arg-type]
    visitor.click("button", "上传并归类")
    assert f"{len(REQUIRED)} 份材料待归类" in visitor.text
    fits(visitor, scripts)
    visitor.click("button", "按上表附上")
    assert f"{len(REQUIRED)} 份材料已附上" in visitor.text
    fits(visitor, scripts)
    visitor.visit(address + "check/")
    visitor.count_from(counts)


def fits(visitor: Visitor, has_scripts: bool) -> None:
    """No barrier and no sideways scrolling, here and at the narrowest width."""
    if not (has_scripts and LOOKS_AT_MARKUP):
        return
    assert visitor.axe() == [], visitor.page.url
    size = visitor.page.viewport_size
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    assert not visitor.scrolls_sideways(), visitor.page.url
    visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
