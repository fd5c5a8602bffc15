"""The parts of a workbook file: what they are, and how one points to another.

The guard looks at the very text a parser or a pair of scissors will see: ``xml`` is the only way
to a part's text. A part nobody asks for decides nothing.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from defusedxml import ElementTree

from .findings import N_, Finding, Message, Refused
from .guard import MAX_SHEETS, MAX_SUPPORT_BYTES, MB, OLE2, wrong_type
from .guard.archive import open_parts, too_big, unreadable
from .wording import refusals, structure

CONTENT_TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
EPOCH = (1980, 1, 1, 0, 0, 0)  # same content, same bytes
YES = {"1", "true"}

DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
UTF8 = (b"utf-8", b"utf8")
UTF16 = {
    **{b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"},
    **{b"<\0": "utf-16-le", b"\0<": "utf-16-be"},
}
DOCTYPE = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*<!DOCTYPE", re.DOTALL)

# Other packages that are zip files too: a member that gives them away, and what to call them.
OTHER_PACKAGES: tuple[tuple[str, str], ...] = (
    ("mimetype", N_("这是 OpenDocument 表格（.ods）")),
    ("index/", N_("这是 Numbers 表格")),
    ("index.zip", N_("这是 Numbers 表格")),
    ("word/", N_("这是 Word 文档")),
    ("ppt/", N_("这是演示文稿")),
    ("xl/workbook.bin", N_("这是二进制工作簿（.xlsb）")),
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
MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/", "vbadata.xml")


class Sheet(NamedTuple):
    """A worksheet's title and the part that holds it."""

    title: str
    part: str
    is_hidden: bool


class Package:
    """Parts by name. Whatever is not asked for goes out exactly as it came in."""

    def __init__(self, content: bytes) -> None:
        self.parts = dict(open_parts(content))
        self.names = {name.lower(): name for name in self.parts}
        self._refuse_other_packages()
        self.workbook = self._find_workbook()
        self._refuse_macros()

    def xml(self, part: str) -> bytes:
        """The text of a part in UTF-8, whatever it was written in; ``Refused`` with a DTD."""
        content = _as_utf8(self.parts[part])
        if DOCTYPE.match(content):
            # Entities can grow without bound or reach outside; no spreadsheet program has any.
            raise unreadable(N_("内部文件含有不允许的 DTD 声明"))
        self.parts[part] = content
        return content

    def tree(self, part: str) -> Element:
        """For parts that are parsed whole, so they have a smaller limit of their own."""
        content = self.xml(part)
        if len(content) > MAX_SUPPORT_BYTES:
            raise too_big(N_("样式等附属内容超过 {limit} MB"), limit=MAX_SUPPORT_BYTES // MB)
        root: Element = ElementTree.fromstring(content, forbid_dtd=True)
        return root

    def sheets(self) -> list[Sheet]:
        """The worksheets in their order."""
        targets = self.targets(self.workbook)
        found = []
        for element in elements(self.tree(self.workbook), "sheet"):
            identifier = next((v for k, v in element.items() if k.endswith("}id")), "")
            kind, part = targets.get(identifier, ("", ""))
            if part in self.parts and kind == "worksheet":
                is_hidden = element.get("state", "visible") != "visible"
                found.append(Sheet(element.get("name", ""), part, is_hidden))
        if len(found) > MAX_SHEETS:
            reason = N_("有 {count} 张工作表，最多 {limit} 张")
            raise too_big(reason, count=len(found), limit=MAX_SHEETS)
        return found

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (last word of its type, part it points to)."""
        name = self.names.get(_rels_name(part).lower())
        if name is None:
            return {}
        return {r.get("Id", ""): (_kind(r), self._resolve(part, r)) for r in self.tree(name)}

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind which ``part`` points to."""
        found = (target for name, target in self.targets(part).values() if name == kind)
        return next((target for target in found if target in self.parts), None)

    def foreign_parts(self) -> Iterator[Finding]:
        for mark, label in FOREIGN_PARTS:
            count = sum(name.startswith(mark) for name in self.names)
            if count:
                params = {"what": Message(label), "count": count}
                yield Finding(structure.FOREIGN_PART, params)

    # -- writing -------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relationship; answers its id. Relative, as some readers know no other way."""
        name = self.names.get(_rels_name(part).lower(), _rels_name(part))
        empty = f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"></Relationships>'.encode()
        content = self.xml(name) if name in self.parts else empty
        if content.rstrip().endswith(b"/>"):
            content = empty
        new_id = _free(self.targets(part), "rIdCheck{}")
        way = posixpath.relpath(target, posixpath.dirname(part) or ".")
        relation = (
            f'<Relationship xmlns="{PACKAGE_RELATIONSHIPS}" Id="{new_id}"'
            f' Type="{RELATIONSHIPS}/{kind}" Target={quoteattr(way)}/>'
        )
        self.put(name, _inserted(content, relation))
        return new_id

    def add(self, part: str, content: bytes, content_type: str) -> None:
        self.put(part, content)
        self._declare(f'<Override PartName="/{part}" ContentType="{content_type}"/>', part)

    def put(self, part: str, content: bytes) -> None:
        self.parts[part] = content
        self.names[part.lower()] = part

    def add_default(self, extension: str, content_type: str) -> None:
        declared = self.xml(CONTENT_TYPES).lower()
        if f'extension="{extension}"'.encode() not in declared:
            self._declare(f'<Default Extension="{extension}" ContentType="{content_type}"/>', "")

    def free_name(self, pattern: str) -> str:
        return _free(self.names, pattern)

    def _declare(self, element: str, part: str) -> None:
        content = self.xml(CONTENT_TYPES)
        if part and f'PartName="/{part}"'.encode() in content:
            return
        root = re.search(rb"<(?:(\w+):)?Types[\s>]", content)
        if root and root[1]:
            element = element.replace("<", f"<{root[1].decode()}:", 1)
        self.parts[CONTENT_TYPES] = _inserted(content, element)

    # -- opening -------------------------------------------------------------------------------

    def _refuse_other_packages(self) -> None:
        for mark, reason in OTHER_PACKAGES:
            if any(name.startswith(mark) for name in self.names):
                raise wrong_type(reason)
        if CONTENT_TYPES not in self.parts:
            raise wrong_type(N_("这是压缩包，不是工作簿"))

    def _find_workbook(self) -> str:
        found = self.related("", "officeDocument") or self.names.get(WORKBOOK)
        if found is None or local(self.tree(found).tag) != "workbook":
            raise wrong_type(N_("里面没有工作簿"))
        return found

    def _refuse_macros(self) -> None:
        named = any(mark in name for name in self.names for mark in MACRO_PARTS)
        kinds = {kind for kind, _ in self.targets(self.workbook).values()}
        if named or "vbaProject" in kinds or any(self._macro_types()):
            raise Refused(refusals.MACRO, reason=Message(N_("是启用宏的工作簿（.xlsm 或 .xltm）")))

    def _macro_types(self) -> Iterator[bool]:
        """Types declared for parts there are: SheetJS declares one of macros and writes none."""
        for element in self.tree(CONTENT_TYPES):
            declared = element.get("ContentType", "").lower()
            name = self.names.get(element.get("PartName", "").removeprefix("/").lower(), "")
            yield "macroenabled" in declared and name == self.workbook
            if "vbaproject" in declared:
                ending = f".{element.get('Extension', '-')}".lower()
                yield bool(name)
                yield any(
                    part.startswith(OLE2)
                    for other, part in self.parts.items()
                    if other.lower().endswith(ending)
                )

    def _resolve(self, part: str, relation: Element) -> str:
        target = relation.get("Target", "")
        if not target.startswith("/"):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
        return self.names.get(target.removeprefix("/").lower(), target)


def local(tag: str) -> str:
    """The name without its namespace: strict and transitional workbooks differ in nothing else."""
    return tag.rpartition("}")[2]


def elements(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if local(str(element.tag)) == name)


def _as_utf8(content: bytes) -> bytes:
    codec = UTF16.get(content[:2], "")
    if not codec:
        declared = ENCODING.match(content[:200].removeprefix(b"\xef\xbb\xbf"))
        if declared is None or declared[1].lower() in UTF8:
            return content.removeprefix(b"\xef\xbb\xbf")
        codec = declared[1].decode("ascii", "replace")
    try:
        text = content.decode(codec)
    except (LookupError, UnicodeDecodeError) as error:
        raise unreadable(N_("内部文件的编码读不懂")) from error
    return DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', text).encode("utf-8")


def _inserted(xml: bytes, element: str) -> bytes:
    at = xml.rindex(b"</")
    return xml[:at] + element.encode() + xml[at:]


def _rels_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _kind(relation: Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _free(taken: Mapping[str, object], pattern: str) -> str:
    """The first numbered name that nothing has yet."""
    number = 1
    while (name := pattern.format(number)).lower() in taken or name in taken:
        number += 1
    return name
