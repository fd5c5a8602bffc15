"""Twenty days worked out by hand in ``docs/totals.md``: the same on page, API, CSV and Excel."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from schedule.progress import BASES
from tests.reader import words

pytestmark = pytest.mark.usefixtures("reference")

FIGURES = ("units", "certified", "certified_named", "certified_unnamed")
NAMES = {"plan": "规划单位", "current": "现行单位"}


def by_hand() -> list[tuple[str, str, list[int], int]]:
    """Day, basis, units, certified, named, unnamed, late: the rows of the table."""
    text = (settings.BASE_DIR / "docs" / "totals.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{4}-\d\d-\d\d) \|[^|]*\|(.*)\|$", text, re.MULTILINE)
    days = [(day, [int(cell) for cell in cells.split("|")]) for day, cells in rows]
    return [
        (day, basis, found[4 * n : 4 * n + 4], found[8])
        for day, found in days
        for n, basis in enumerate(BASES)
    ]


def told(page: str, basis: str) -> list[int]:
    """Units, certified, named and unnamed as the sentence on the page says them."""
    some = rf"(\d+) 个{NAMES[basis]}中已公布 (\d+) 个通过国家认定，其中 (\d+) 个的名单待核"
    if found := re.search(some, page):
        units, certified, unnamed = map(int, found.groups())
        return [units, certified, certified - unnamed, unnamed]
    found = re.search(rf"(\d+) 个{NAMES[basis]}中 (\d+) 个已通过国家认定", page)
    assert found, page[:300]
    units, certified = map(int, found.groups())
    return [units, certified, certified, 0]


def total(rows: list[dict[str, Any]]) -> list[int]:
    [whole] = [row for row in rows if row["part"] == "total"]
    return [int(whole[name]) for name in FIGURES]


def read_csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def read_xlsx(content: bytes) -> list[dict[str, Any]]:
    head, *rows = load_workbook(BytesIO(content)).active.values
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_table_has_at_least_twenty_days_in_order() -> None:
    days = [day for day, basis, *_rest in by_hand() if basis == "plan"]
    assert len(days) >= 20
    assert days == sorted(set(days))
    assert {"2023-12-31", "2025-11-05", "2025-11-06", "2026-01-11", "2026-11-28"} <= set(days)


@pytest.mark.parametrize(("day", "basis", "figures", "late"), by_hand())
def test_every_face_says_what_was_worked_out_by_hand(
    client: Client, day: str, basis: str, figures: list[int], late: int
) -> None:
    asked = {"as_of": day, "basis": basis}
    said = client.get("/api/v1/progress/", asked).json()
    assert [said[name] for name in FIGURES] == figures
    assert len(said["late"]) == late
    years = {row["year"]: row for row in said["years"]}
    assert years[int(day[:4])]["cumulative_certified"] == figures[1]
    assert sum(phase["certified"] for phase in said["phases"]) == figures[1]
    page = client.get("/", asked)
    assert told(words(page), basis) == figures
    drawn = re.search(r'class="climb__reached"[^>]*>(\d+)<', page.content.decode())
    assert drawn
    assert int(drawn.group(1)) == figures[1]
    for kind, read in (("csv", read_csv), ("xlsx", read_xlsx)):
        rows = read(client.get("/api/v1/progress/", {**asked, "format": kind}).content)
        assert total(rows) == figures
        reached = [row for row in rows if row["part"] == "year" and str(row["name"]) == day[:4]]
        assert int(reached[0]["cumulative_certified"]) == figures[1]


def test_the_table_of_sums_has_a_line_for_the_whole_each_phase_and_each_year(
    client: Client,
) -> None:
    asked = {"as_of": "2026-11-28", "basis": "plan", "format": "csv"}
    rows = read_csv(client.get("/api/v1/progress/", asked).content)
    assert [row["part"] for row in rows] == ["total", *["phase"] * 3, *["year"] * 9]
    second = next(row for row in rows if row["name"] == "整体推进阶段")
    names = ("planned", "certified", "certified_named", "certified_unnamed", "gap")
    assert [second[name] for name in names] == ["30", "10", "4", "6", "24"]
    to_come = rows[-1]
    assert [to_come["planned"], to_come["certified"]] == ["3", ""]
