"""Looks at a template an office sends, before anything opens it and before it is kept."""

import re
from collections.abc import Mapping
from typing import Any

from workbooks.findings import Refused
from workbooks.guard import MAX_FILE_BYTES
from workbooks.guard.archive import open_parts

from .faults import N_, NotADocument
from .packing import packed
from .rendering import rendered

MAIN = "word/document.xml"
# A template that fetches something, carries a program, or is not the XML it seems to be.
_FETCHING = re.compile(rb'TargetMode\s*=\s*["\']External["\'](?![^>]*hyperlink)|attachedTemplate')
_FORBIDDEN_PARTS = re.compile(r"vbaProject|embeddings/|activeX/|\.bin$", re.IGNORECASE)


def checked(content: bytes, sample: Mapping[str, Any]) -> bytes:
    """The template as it is kept, after the sample of its fields went through it once.

    Raises NotADocument, UnknownField, Unsafe, Unwritable.
    """
    _look_at(_parts(content))
    rendered(content, sample)
    return packed(content)


def _parts(content: bytes) -> Mapping[str, bytes]:
    if len(content) > MAX_FILE_BYTES:
        raise NotADocument(reason=N_("文件太大"))
    try:
        return open_parts(content)
    except Refused as refusal:
        raise NotADocument(reason=str(refusal)) from refusal


def _look_at(parts: Mapping[str, bytes]) -> None:
    if MAIN not in parts:
        raise NotADocument(reason=N_("里面没有文档正文"))
    for name, part in parts.items():
        if _FORBIDDEN_PARTS.search(name):
            raise NotADocument(reason=N_("里面有宏或者嵌入的对象"))
        if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
            raise NotADocument(reason=N_("里面有不允许的声明"))
        if name.endswith(".rels") and _FETCHING.search(part):
            raise NotADocument(reason=N_("里面引用了外部的文件"))
