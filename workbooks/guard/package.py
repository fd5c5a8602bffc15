"""What a spreadsheet package is made of, told from its parts before any XML parser runs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ..findings import N_, Finding, Message, Refused
from ..wording import refusals, structure
from .archive import unreadable
from .kind import XLSX, wrong_type
from .limits import (
    MAX_CELLS,
    MAX_SHEETS,
    MAX_STRING_CHARS,
    MAX_STRINGS,
    MAX_STYLES,
    MAX_SUPPORT_BYTES,
    MB,
)
from .sheets import SheetFacts, scan_sheet

CONTENT_TYPES = "[Content_Types].xml"
UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0", b"\x4c\x6f\xa7\x94")
DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
SHEET_ROOT = re.compile(rb"<(?:\w+:)?worksheet[\s>]")
LONG_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>[^<]{%d}" % (MAX_STRING_CHARS * 4))
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"

# Other packages that are zip files too: a member that gives them away, and what to call them.
OTHER_PACKAGES: tuple[tuple[str, str], ...] = (
    ("mimetype", N_("这是 OpenDocument 表格(.ods)")),
    ("index/", N_("这是 Numbers 表格")),
    ("index.zip", N_("这是 Numbers 表格")),
    ("word/", N_("这是 Word 文档")),
    ("ppt/", N_("这是演示文稿")),
    ("xl/workbook.bin", N_("这是二进制工作簿(.xlsb)")),
)
# Parts that may carry something from elsewhere; they are named in a notice and never opened.
FOREIGN_PARTS: tuple[tuple[str, str], ...] = (
    ("xl/externallinks/", N_("外部链接")),
    ("xl/connections.xml", N_("数据连接")),
    ("xl/querytables/", N_("数据查询")),
    ("xl/embeddings/", N_("嵌入对象")),
    ("xl/activex/", N_("控件")),
    ("xl/pivot", N_("数据透视表")),
    ("xl/media/", N_("图片")),
    ("xl/charts/", N_("图表")),
    ("customxml/", N_("自定义 XML")),
)
XML_ENDINGS = (".xml", ".rels")
MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/", "vbadata.xml")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the guard learnt: the kind of file, facts by sheet part, things worth a notice."""

    kind: str
    sheets: Mapping[str, SheetFacts] = field(default_factory=dict)
    notices: tuple[Finding, ...] = ()


def inspect_package(parts: Mapping[str, bytes]) -> Inspection:
    _refuse_other_packages(parts)
    for name, content in parts.items():
        _check_xml(name, content)
    _refuse_macros(parts)
    _check_workbook(parts)
    sheets = {name: content for name, content in parts.items() if _is_sheet(content)}
    facts = _scan_sheets(sheets)
    _check_strings(parts)
    _check_well_formed(parts)
    return Inspection(XLSX, facts, _notices(parts))


def _refuse_other_packages(parts: Mapping[str, bytes]) -> None:
    names = [name.lower() for name in parts]
    for mark, reason in OTHER_PACKAGES:
        if any(name.startswith(mark) for name in names):
            raise wrong_type(reason)
    if CONTENT_TYPES not in parts:
        raise wrong_type(N_("这是压缩包,不是工作簿"))


def _check_xml(name: str, content: bytes) -> None:
    """Entities can grow without bound or reach outside; no spreadsheet program writes any."""
    if content.startswith(UTF16_STARTS) and not name.lower().endswith(".bin"):
        raise unreadable(N_("内部文件的编码不是 UTF-8"))
    declared = DECLARED_ENCODING.match(content[:200].lstrip(b"\xef\xbb\xbf \r\n\t"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise unreadable(N_("内部文件的编码不是 UTF-8"))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise unreadable(N_("内部文件含有不允许的 DTD 声明"))


def _refuse_macros(parts: Mapping[str, bytes]) -> None:
    types = parts[CONTENT_TYPES].lower()
    named = any(mark in name.lower() for name in parts for mark in MACRO_PARTS)
    if named or b"macroenabled" in types or b"vbaproject" in types:
        raise Refused(refusals.MACRO, reason=Message(N_("是启用宏的工作簿(.xlsm 或 .xltm)")))
    if b"spreadsheetml.sheet.main+xml" not in types and b"template.main+xml" not in types:
        raise wrong_type(N_("里面没有工作簿"))


def _check_workbook(parts: Mapping[str, bytes]) -> None:
    workbook = parts.get("xl/workbook.xml", b"")
    if STRICT in workbook[:4096]:
        raise wrong_type(N_("这是 Strict Open XML 工作簿"))
    sheets = len(re.findall(rb"<(?:\w+:)?sheet\s", workbook))
    if sheets > MAX_SHEETS:
        reason = N_("有 {count} 张工作表,最多 {limit} 张")
        raise _too_big(reason, count=sheets, limit=MAX_SHEETS)
    for name, content in parts.items():
        _check_support_part(name, content)


def _check_support_part(name: str, content: bytes) -> None:
    """Styles, themes and the like are parsed whole, so they have a smaller limit of their own."""
    is_bulk = _is_sheet(content) or name.lower().endswith("sharedstrings.xml")
    if content.lstrip()[:1] == b"<" and not is_bulk and len(content) > MAX_SUPPORT_BYTES:
        raise _too_big(N_("样式等附属内容超过 {limit} MB"), limit=MAX_SUPPORT_BYTES // MB)
    if name.lower().endswith("styles.xml") and content.count(b"<xf ") > 2 * MAX_STYLES:
        raise _too_big(N_("单元格样式超过 {limit} 种"), limit=MAX_STYLES)


def _is_sheet(content: bytes) -> bool:
    return SHEET_ROOT.search(content, 0, 4096) is not None


def _scan_sheets(sheets: Mapping[str, bytes]) -> dict[str, SheetFacts]:
    facts = {name: scan_sheet(content) for name, content in sheets.items()}
    if sum(sheet.cells for sheet in facts.values()) > MAX_CELLS:
        raise _too_big(N_("有内容的单元格超过 {limit} 个"), limit=MAX_CELLS)
    return facts


def _check_strings(parts: Mapping[str, bytes]) -> None:
    for name, content in parts.items():
        if not name.lower().endswith("sharedstrings.xml"):
            continue
        if content.count(b"<si>") > MAX_STRINGS:
            raise _too_big(N_("文字超过 {limit} 段"), limit=MAX_STRINGS)
        if LONG_TEXT.search(content):
            raise _too_big(N_("有一个单元格的文字超过 {limit} 字"), limit=MAX_STRING_CHARS)


def _check_well_formed(parts: Mapping[str, bytes]) -> None:
    """Readers skip what they do not need; whoever marks the file later would stumble over it."""
    for name, content in parts.items():
        if content.lstrip()[:1] != b"<" or not name.lower().endswith(XML_ENDINGS):
            continue
        try:
            expat.ParserCreate().Parse(content, True)
        except expat.ExpatError as error:
            raise unreadable(N_("内部结构已损坏")) from error


def _notices(parts: Mapping[str, bytes]) -> tuple[Finding, ...]:
    found = []
    for mark, label in FOREIGN_PARTS:
        count = sum(name.lower().startswith(mark) for name in parts)
        if count:
            params = {"what": Message(label), "count": count}
            found.append(Finding(structure.FOREIGN_PART, params))
    return tuple(found)


def _too_big(reason: str, **params: object) -> Refused:
    return Refused(refusals.TOO_BIG, reason=Message(reason, params))
