"""Raw bytes: hostile archives and files of other kinds under a workbook's name."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from . import excel

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

STRINGS_PART = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def clean(count: int = 3) -> bytes:
    return excel.clean(count)


def edited(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A clean workbook with one part changed."""
    parts = parts_of(clean())
    parts[part] = change(parts[part])
    return pack(parts)


def with_parts(**added: bytes) -> bytes:
    return pack({**parts_of(clean()), **{k.replace("__", "/"): v for k, v in added.items()}})


def with_part(name: str, content: bytes = b"x") -> bytes:
    return pack({**parts_of(clean()), name: content})


def with_rows(rows: bytes) -> bytes:
    """More rows at the end of the schools' sheet."""
    return edited(SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def zip_bomb(megabytes: int = 60) -> bytes:
    return with_part("xl/worksheets/sheet99.xml", b"<worksheet>" + b" " * (megabytes << 20))


def ratio_bomb() -> bytes:
    return with_part("xl/media/image1.bin", b"\0" * (40 << 20))


def many_parts(count: int = 10_000) -> bytes:
    return pack({**parts_of(clean()), **{f"x/{n}.txt": b"" for n in range(count)}})


def overlapping() -> bytes:
    """Two directory entries that point at the same bytes."""
    content = bytearray(pack({"a.xml": b"a" * 500, "b.xml": b"b" * 500}, zipfile.ZIP_STORED))
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    struct.pack_into("<I", content, second + 42, 0)
    return bytes(content)


def lying_size(declared: int = 10) -> bytes:
    """A member that unpacks to more than its header admits."""
    content = bytearray(pack({"[Content_Types].xml": b"x" * 5_000_000}))
    directory = content.find(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, declared)
    struct.pack_into("<I", content, 22, declared)
    return bytes(content)


def far_cell() -> bytes:
    return with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def huge_merge() -> bytes:
    merge = b'<mergeCells count="1"><mergeCell ref="A1:XFD20000"/></mergeCells>'
    return edited(SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merge))


def blank_rows(last: int = 1_048_570) -> bytes:
    """Whole columns formatted: rows without cells to the end, some of them with an empty cell."""
    bare = (b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(200_000, last))
    celled = (b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(100, 200_000))
    return with_rows(b"".join((*celled, *bare)))


def billion_laughs() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return edited(SHEET, lambda xml: _after_declaration(xml, doctype))


def quadratic() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]>'
    return edited(STYLES, lambda xml: _after_declaration(xml, doctype))


def external_entity(target: str) -> bytes:
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]>'.encode()
    return edited("xl/workbook.xml", lambda xml: _after_declaration(xml, doctype))


def utf16_entity() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    return edited(SHEET, lambda _: text.encode("utf-16"))


def _after_declaration(xml: bytes, addition: bytes) -> bytes:
    at = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:at] + addition + xml[at:]


def string_bomb(cells: int = 1_000_000) -> bytes:
    """One long shared string, used again and again."""
    cell = b'<c t="s"><v>0</v></c>' * 100
    rows = b"".join(b'<row r="%d">%s</row>' % (row, cell) for row in range(50, 50 + cells // 100))
    parts = parts_of(with_rows(rows))
    strings = f'<sst xmlns="{MAIN}"><si><t>{"字" * 30_000}</t></si></sst>'.encode()
    return pack(
        {
            **parts,
            "xl/sharedStrings.xml": strings,
            "[Content_Types].xml": parts["[Content_Types].xml"].replace(b"</Types>", STRINGS_PART),
        }
    )


def encrypted() -> bytes:
    return OLE2 + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def old_excel() -> bytes:
    return OLE2 + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600


def open_document() -> bytes:
    return pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""})


def macro_workbook() -> bytes:
    return with_part("xl/vbaProject.bin", b"\x01\x02")


def macro_type_only() -> bytes:
    wanted, macro = b"sheet.main+xml", b"sheet.macroEnabled.main+xml"
    return edited("[Content_Types].xml", lambda xml: xml.replace(wanted, macro))


HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
RENAMED: dict[str, bytes] = {
    "pdf": b"%PDF-1.7\n...",
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
    "jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 64,
    "gif": b"GIF89a" + b"\0" * 64,
    "html": HTML,
    "xml2003": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    "rtf": b"{\\rtf1 hello}",
    "zip": pack({"a.txt": b"hello"}),
    "docx": pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
    "ods": open_document(),
    "numbers": pack({"Index/Document.iwa": b"x"}),
    "xlsb": pack({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}),
    "exe": b"MZ" + b"\0" * 64,
    "csv": "学校，人数\n".encode() * 10,
}


def with_prefix(xml: bytes) -> bytes:
    """The same sheet as a program writes it that prefixes every tag."""
    prefixed = re.sub(rb"<(/?)(?=[A-Za-z])(?!\?)", rb"<\1x:", xml)
    return prefixed.replace(b'xmlns="', b'xmlns:x="', 1)
