"""The same coefficients as a workbook of formulas, for a spreadsheet program to recalculate."""

import subprocess
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_LETTERS = "CDEFGHI"


def write_workbook(folder: str, rows: list[tuple[Any, ...]]) -> Path:
    """Units as rows (group, pupils, seven values) and one line of formulas per group."""
    book = Workbook()
    sheet, results = book.worksheets[0], book.create_sheet("结果")
    for row in rows:
        sheet.append(row)
    for first, last in _blocks(rows):
        results.append([_formula(letter, first, last) for letter in _LETTERS])
    path = Path(folder) / "units.xlsx"
    book.save(path)
    return path


def _blocks(rows: list[tuple[Any, ...]]) -> list[tuple[int, int]]:
    """First and last sheet row of every group."""
    starts = [i for i, row in enumerate(rows) if not i or row[0] != rows[i - 1][0]]
    return [(a + 1, b) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]


def _formula(letter: str, first: int, last: int) -> str:
    n = f"Sheet.$B{first}:$B{last}".replace("Sheet.", "Sheet!")
    x = f"Sheet!{letter}{first}:{letter}{last}"
    mean = f"(SUMPRODUCT({n},{x})/SUM({n}))"
    return f"=SQRT(SUMPRODUCT({n},({x}-{mean})^2)/SUM({n}))/{mean}"


def recalculate(office: str, workbook: Path, folder: str) -> None:
    """Let the spreadsheet program load, compute and save the workbook as text."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", "csv", "--outdir", folder]
    subprocess.run([*command, str(workbook)], check=True, capture_output=True, timeout=600)
