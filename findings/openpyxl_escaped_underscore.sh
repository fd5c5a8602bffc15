#!/usr/bin/env bash
# openpyxl reads a typed "_x000D_" and a stored carriage return as the same text.
#
# In a workbook a control character is written _xHHHH_, and a text that only looks like that is
# protected by writing its first underscore as _x005F_ (ECMA-376 part 1, ST_Xstring). openpyxl
# undoes the protection in shared strings but not the escape itself: "a<CR>b" arrives as the
# letters a_x000D_b, and the letters a_x000D_b arrive as the same. Which of both the person meant
# can no longer be told. In an inline string neither is undone, so the same text reads differently
# by how its program stored it. python-calamine decodes both ways.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 python-calamine==0.9.1 XlsxWriter==3.3.1
"$folder/venv/bin/python" - "$folder" <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path

import openpyxl
import python_calamine
import xlsxwriter

for package in ("openpyxl", "python-calamine", "XlsxWriter"):
    print(package, version(package))

RETURN, LETTERS = "一\r二", "一_x000D_二"


def written(name, constant_memory):
    """XlsxWriter keeps shared strings, or inline ones when it must not hold them."""
    path = str(Path(sys.argv[1]) / name)
    book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
    sheet = book.add_worksheet()
    for row, text in enumerate((RETURN, LETTERS)):
        sheet.write_string(row, 0, text)
    book.close()
    return path


def read(path):
    by_openpyxl = [row[0] for row in openpyxl.load_workbook(path).active.values]
    rows = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
    return by_openpyxl, [row[0] for row in rows]


shared = read(written("shared.xlsx", False))
inline = read(written("inline.xlsx", True))
for name, (first, second) in (("shared", shared), ("inline", inline)):
    print(f"{name}: written {[RETURN, LETTERS]!r}\n  openpyxl {first!r}\n  calamine {second!r}")

assert shared[0][0] == shared[0][1] == LETTERS, "openpyxl: two texts have become one"
assert inline[0] == [LETTERS, "一_x005F_x000D_二"], "openpyxl: inline strings are left as stored"
assert shared[1] == inline[1] == [RETURN, LETTERS], "calamine: both as written"
PY
