"""Which templates of an office are kept."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from documents.checking import checked
from documents.faults import Fault, NotADocument, UnknownField, Unsafe
from documents.layout import built
from documents.packing import packed, zipped


def with_part(name: str, part: bytes, template: str = "{{ title }}") -> bytes:
    with ZipFile(BytesIO(built(template))) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**parts, name: part})


def relations(about: str) -> bytes:
    return with_part("word/_rels/a.rels", f"<R><Relationship {about}/></R>".encode())


def asking(field: str) -> bytes:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return with_part("word/footer1.xml", f"<w:ftr {names}>{field}</w:ftr>".encode())


@pytest.mark.parametrize(
    "part",
    [
        relations('Type="x/hyperlink" TargetMode="External" Target="https://cq.gov.cn/"'),
        asking("<w:instrText>PAGE</w:instrText><w:instrText>HYPERLINK x</w:instrText>"),
    ],
)
def test_links_and_page_numbers_are_kept(part: bytes) -> None:
    assert checked(part, {"title": "甲"}) == packed(part)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{{ 9**9**9**9 }}", "Pow"),
        ("{{ title * 999999999999 }}", "Mul"),
        ("{{ title.ljust(999999999999) }}", "ljust"),
        ("{{ title|center(999999999999) }}", "center"),
        ("{{ '%999999999999d'|format(1) }}", "format"),
        ("{% set a = title ~ title %}{{ a }}", "Assign"),
        ("{% for a in title %}" * 4 + "{{ a }}" + "{% endfor %}" * 4, "for"),
    ],
)
def test_what_could_use_up_the_memory_is_refused_before_it_runs(text: str, place: str) -> None:
    with pytest.raises(Unsafe, match=place):
        checked(built(text), {"title": "甲"})


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
        (with_part("word/a.xml", b"<!DOCTYPE a><a/>"), "声明"),
        (with_part("word/a.xml", "<!DOCTYPE a><a/>".encode("utf-16")), "声明"),
        (with_part("word/a.xml", b"<a>"), "损坏"),
        (relations('TargetMode="External"'), "外部"),
        (relations('TargetMode="&#69;xternal" Target="http://a.example/hyperlink"'), "外部"),
        (relations('Type="x/attachedTemplate"'), "外部"),
        (relations('Type="x/aFChunk"'), "外部"),
        (asking("<w:instrText>DDE</w:instrText><w:instrText>AUTO c a</w:instrText>"), "域"),
        (asking('<w:fldSimple w:instr="INCLUDEPICTURE &quot;http://a.example&quot;"/>'), "域"),
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
