#!/usr/bin/env bash
# Two readers look for a workbook's styles under a fixed file name, not where the package says.
#
# In an Open Packaging workbook every part may have any name: the workbook's relationship of type
# …/styles says which one holds the styles. openpyxl and python-calamine follow such relationships
# for sheets and shared strings, but open xl/styles.xml by name. With a workbook whose styles part
# is called otherwise (valid, and written by some programs) openpyxl stops at the first cell with a
# format, "IndexError: list index out of range", and calamine reads on without a word: a day comes
# out as its serial number.
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


print("usual name: openpyxl", by_openpyxl(usual), "· calamine", by_calamine(usual))
assert by_openpyxl(usual) == [datetime.datetime(2026, 9, 1), 0.985]
assert by_calamine(usual) == [datetime.date(2026, 9, 1), 0.985]
assert by_calamine(renamed) == [46266.0, 0.985], "calamine follows the relationship now"
try:
    print("other name: openpyxl", by_openpyxl(renamed))
except IndexError as error:
    print("other name: openpyxl IndexError:", error, "· calamine", by_calamine(renamed))
else:
    sys.exit("openpyxl now reads a workbook whose styles have another name")
PY
