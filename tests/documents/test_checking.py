"""Which templates of an office are kept."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from documents.checking import checked
from documents.faults import Fault, NotADocument, UnknownField
from documents.layout import built
from documents.packing import packed, zipped


def with_part(name: str, part: bytes, template: str = "{{ title }}") -> bytes:
    with ZipFile(BytesIO(built(template))) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**parts, name: part})


def test_a_sound_template_is_kept_as_it_is() -> None:
    template = built("# {{ title }}")
    assert checked(template, {"title": "甲"}) == packed(template) == template


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "损坏|不完整"),
        (b"PK\x03\x04 nothing", "不完整"),
        (zipped({"a.txt": b"x"}), "正文"),
        (with_part("word/vbaProject.bin", b"x"), "宏"),
        (with_part("word/embeddings/a.xlsx", b"x"), "嵌入"),
        (with_part("word/a.xml", b"<!DOCTYPE a>"), "声明"),
        (with_part("word/_rels/a.rels", b'<R TargetMode="External"/>'), "外部"),
        (b"x" * (6 << 20), "太大"),
    ],
)
def test_what_is_no_plain_document_is_refused(content: bytes, word: str) -> None:
    with pytest.raises(NotADocument, match=word):
        checked(content, {"title": "甲"})


def test_a_field_nobody_fills_in_is_named() -> None:
    with pytest.raises(UnknownField, match="地址"):
        checked(built("{{ 地址 }}"), {"title": "甲"})


def test_every_fault_is_a_sentence() -> None:
    for fault in Fault.__subclasses__():
        assert fault.template.endswith("。")
