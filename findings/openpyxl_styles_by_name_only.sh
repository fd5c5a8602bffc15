#!/usr/bin/env bash
# openpyxl finds the styles of a workbook by a fixed file name, not by the package's relationships.
#
# In an Open Packaging workbook every part may have any name: the workbook's relationship of type
# …/styles says which one holds the styles. openpyxl follows such relationships for sheets and
# shared strings, but opens xl/styles.xml by name. A workbook whose styles part is called otherwise
# (valid, and written by some programs) then seems to have no styles at all, and the first cell
# with a format ends in "IndexError: list index out of range", which names neither part nor cell.
# python-calamine follows the relationship and reads the day as a day.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 python-calamine==0.9.1 XlsxWriter==3.3.1
"$folder/venv/bin/python" - "$folder" <<'PY'
import datetime
import sys
import warnings
import zipfile
from importlib.metadata import version
from pathlib import Path

import openpyxl
import python_calamine
import xlsxwriter

for package in ("openpyxl", "python-calamine", "XlsxWriter"):
    print(package, version(package))
folder = Path(sys.argv[1])
usual, renamed = folder / "usual.xlsx", folder / "renamed.xlsx"
with xlsxwriter.Workbook(usual) as book:
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_datetime(0, 0, datetime.datetime(2026, 9, 1), day)
    sheet.write_number(0, 1, 0.985, book.add_format({"num_format": "0.0%"}))
with zipfile.ZipFile(usual) as old, zipfile.ZipFile(renamed, "w") as new:
    for name in old.namelist():
        text = old.read(name).replace(b"styles.xml", b"formats.xml")
        new.writestr(name.replace("styles.xml", "formats.xml"), text)


def by_openpyxl(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [cell.value for cell in openpyxl.load_workbook(path).active[1]]


def by_calamine(path):
    return python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()[0]


day = datetime.date(2026, 9, 1)
print("usual name: openpyxl", by_openpyxl(usual), "· calamine", by_calamine(usual))
assert by_openpyxl(usual) == [datetime.datetime(2026, 9, 1), 0.985]
assert by_calamine(usual) == by_calamine(renamed) == [day, 0.985]
try:
    print("other name: openpyxl", by_openpyxl(renamed))
except IndexError as error:
    print("other name: openpyxl IndexError:", error, "· calamine", by_calamine(renamed))
else:
    sys.exit("openpyxl now reads a workbook whose styles have another name")
PY
