"""Looks at a template an office sends before it is kept, and each time before anything opens it."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from workbooks.findings import Refused
from workbooks.guard import MAX_FILE_BYTES
from workbooks.guard.archive import open_parts

from .faults import N_, NotADocument
from .packing import packed
from .rendering import rendered

MAIN = "word/document.xml"
# A template that fetches something, carries a program, or is not the XML it seems to be.
_CARRYING = ("/attachedTemplate", "/aFChunk")
_ASKING = re.compile(r"DDE|INCLUDE|IMPORT|DATABASE|MACROBUTTON|\bLINK\b", re.IGNORECASE)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORBIDDEN_PARTS = re.compile(r"vbaProject|embeddings/|activeX/|\.bin$", re.IGNORECASE)


def checked(content: bytes, sample: Mapping[str, Any]) -> bytes:
    """The template as it is kept, after the sample of its fields went through it once.

    Raises NotADocument, UnknownField, Unsafe, Unwritable.
    """
    look_at(content)
    rendered(content, sample)
    return packed(content)


def _parts(content: bytes) -> Mapping[str, bytes]:
    if len(content) > MAX_FILE_BYTES:
        raise NotADocument(reason=N_("文件太大"))
    try:
        return open_parts(content)
    except Refused as refusal:
        raise NotADocument(reason=str(refusal)) from refusal


def look_at(content: bytes) -> None:
    """Raises NotADocument for what is no plain document. Takes a millisecond."""
    parts = _parts(content)
    if MAIN not in parts:
        raise NotADocument(reason=N_("里面没有文档正文"))
    for name, part in parts.items():
        if _FORBIDDEN_PARTS.search(name):
            raise NotADocument(reason=N_("里面有宏或者嵌入的对象"))
        if name.endswith((".xml", ".rels")):
            _look_into(name, part)


def _look_into(name: str, part: bytes) -> None:
    """Read as XML: what looks for words in the bytes is led astray by other spellings of them."""
    try:
        root = etree.fromstring(part, _PARSER)
    except etree.XMLSyntaxError as error:
        raise NotADocument(reason=N_("里面有一部分损坏了")) from error
    if root.getroottree().docinfo.doctype:
        raise NotADocument(reason=N_("里面有不允许的声明"))
    if name.endswith(".rels") and any(map(_is_fetching, root)):
        raise NotADocument(reason=N_("里面引用了外部的文件"))
    fields = [each.get(f"{_WORD}instr", "") for each in root.iter(f"{_WORD}fldSimple")]
    fields.append("".join(each.text or "" for each in root.iter(f"{_WORD}instrText")))
    if any(map(_ASKING.search, fields)):
        raise NotADocument(reason=N_("里面有会去取别处内容的域"))


def _is_fetching(relation: Any) -> bool:
    kind = relation.get("Type", "")
    is_outside = relation.get("TargetMode", "").lower() == "external"
    return kind.endswith(_CARRYING) or (is_outside and not kind.endswith("/hyperlink"))
