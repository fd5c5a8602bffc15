"""What a template may ask for, and that text stays text."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.drawing import font, vector
from documents.faults import Fault, FontsMissing, UnknownField, Unsafe, Unwritable
from documents.layout import built
from documents.rendering import Chart, rendered
from tests.documents.validity import faults_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><text y="9">中文</text></svg>'


def texts(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


@pytest.mark.parametrize("text", ["小于<5人", "AT&T 与 R&D", "“引号”' \"", "{{ 名 }}", "]]>"])
def test_text_is_escaped(text: str) -> None:
    assert texts(rendered(built("{{ text }}"), {"text": text})) == [text]


def test_signs_no_document_may_hold_are_taken_out() -> None:
    assert texts(rendered(built("{{ text }}"), {"text": "甲\f乙\a丙\x00丁\ud800戊"})) == [
        "甲乙丙丁戊"
    ]


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="{}%")))
def test_whatever_is_typed_comes_out_as_typed(text: str) -> None:
    assert texts(rendered(built("甲{{ text }}乙"), {"text": text})) == [f"甲{text}乙"]


@pytest.mark.parametrize(
    ("template", "fault", "word"),
    [
        ("{{ nope }}", UnknownField, "nope"),
        ("{{ row.nope }}", UnknownField, "nope"),
        ("{% if nope %}甲{% endif %}", UnknownField, "nope"),
        ("{{ ''.__class__ }}", Unsafe, "__class__"),
        ("{{ rows.append(1) }}", Unsafe, "append"),
        ("{% for row in rows %}", Unwritable, "endfor"),
        ("{{ row.name + 1 }}", Unsafe, "Add"),
        ("{{ range(9) }}", Unsafe, "range"),
    ],
)
def test_a_template_that_cannot_be_filled_in_says_what_is_wrong(
    template: str, fault: type[Fault], word: str
) -> None:
    with pytest.raises(fault) as raised:
        rendered(built(template), {"row": {"name": "甲"}, "rows": []})
    assert word in str(raised.value)


def test_a_field_named_like_a_method_is_the_field() -> None:
    fields = {"row": {"items": "甲", "values": "乙"}}
    assert texts(rendered(built("{{ row['items'] }}{{ row['values'] }}"), fields)) == ["甲乙"]


def test_equal_input_gives_equal_bytes() -> None:
    made = [
        rendered(built("# {{ title }}\n!chart"), {"title": "甲", "chart": Chart(SVG, "图")})
        for _again in range(2)
    ]
    assert made[0] == made[1]


def test_a_chart_has_its_words() -> None:
    content = rendered(built("!chart"), {"chart": Chart(SVG, '图"一"<')})
    with ZipFile(BytesIO(content)) as archive:
        names, body = archive.namelist(), archive.read("word/document.xml").decode()
    assert len(names) == len(set(names))
    assert "图&quot;一&quot;&lt;" in body
    pictures = [name.removeprefix("word/media/") for name in names if "/media/" in name]
    assert pictures == ["drawing1.svg", "image1.png"]


def test_charts_are_there_as_drawings_too(tmp_path: Path) -> None:
    charts = {"chart": Chart(SVG, "图"), "other": Chart(SVG.replace("中文", "英文"), "表")}
    content = rendered(built("!chart\n!other"), charts)
    assert faults_of(tmp_path, content) == []
    with ZipFile(BytesIO(content)) as archive:
        drawn = [archive.read(f"word/media/drawing{at}.svg").decode() for at in (1, 2)]
        body = archive.read("word/document.xml").decode()
    assert ["中文" in drawn[0], "英文" in drawn[1], body.count("svgBlip")] == [True, True, 2]


def test_a_drawing_says_all_itself() -> None:
    """Programs read less of SVG than a browser: fonts are in it, text stands at its height."""
    drawn = vector(SVG.replace('y="9"', 'x="8" y="9" dy="0.35em"')).decode()
    assert '<text x="8" y="13.55">' in drawn
    assert "font-family" in drawn


def test_without_fonts_no_chart_is_drawn_without_its_words() -> None:
    with pytest.raises(FontsMissing):
        font(("/nowhere",))


def test_nothing_of_the_library_is_left_in_a_document() -> None:
    with ZipFile(BytesIO(built("# 标题"))) as archive:
        names = archive.namelist()
        everything = b"".join(map(archive.read, names)).decode()
    assert not [name for name in names if "customXml" in name or "thumbnail" in name]
    assert not [word for word in ("Calibri", "Cambria", "ＭＳ", "ja-JP") if word in everything]
    assert names[0] == "[Content_Types].xml"
