"""Measured on pages as LibreOffice prints them: margins, lines, characters, heads, numbers."""

from pathlib import Path

import pytest

from documents.layout import built
from documents.rendering import rendered
from tests.documents.paper import Sheet, printed

# One sign that fills its square, so that ink and square are nearly the same.
FULL = "国" * 28 * 22 * 3
TABLE = """# 附表
| 序号 | 单位 | 数（人） |
|---|------|---:|
| {%tr for row in rows %} |
| {{ row }} | 某区 | {{ row }}000 |
| {%tr endfor %} |
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Sheet]]:
    folder: Path = tmp_path_factory.mktemp("paper")
    return printed(
        folder,
        text=rendered(built("= {{ text }}"), {"text": FULL}),
        table=rendered(built(TABLE), {"rows": list(range(41))}),
        across=rendered(built("--- landscape\n= {{ text }}"), {"text": FULL}),
        mixed=rendered(built("正文\n--- landscape\n# 附件\n--- portrait\n后文"), {}),
    )


def test_a_full_page_has_22_lines_of_28_characters(pages: dict[str, list[Sheet]]) -> None:
    lines = [line for line in pages["text"][0].lines if "国" in line]
    assert [line.count("国") for line in lines] == [28] * 22


def test_the_text_stands_within_a_millimetre_of_its_place(pages: dict[str, list[Sheet]]) -> None:
    sheet = pages["text"][0]
    ink = sheet.ink(bottom=263)
    assert sheet.size == (pytest.approx(210, abs=0.5), pytest.approx(297, abs=0.5))
    assert ink.top == pytest.approx(37, abs=1)
    assert ink.left == pytest.approx(28, abs=1)
    assert ink.right == pytest.approx(28 + 156, abs=1)
    assert ink.bottom == pytest.approx(37 + 225, abs=1)


def test_page_numbers_stand_outside_one_character_in(pages: dict[str, list[Sheet]]) -> None:
    odd, even = (sheet.ink(top=264) for sheet in pages["text"][:2])
    assert odd.right == pytest.approx(28 + 156 - 4.9, abs=1)
    assert even.left == pytest.approx(28 + 4.9, abs=1)
    middle = (odd.top + odd.bottom) / 2
    assert middle == pytest.approx(37 + 225 + 7, abs=1.5)
    assert [sheet.lines[-1].split() for sheet in pages["text"][:2]] == [
        ["—", "1", "—"],
        ["—", "2", "—"],
    ]


def test_a_long_table_repeats_its_head(pages: dict[str, list[Sheet]]) -> None:
    assert len(pages["table"]) > 1
    for sheet in pages["table"]:
        assert any("序号" in line and "数（人）" in line for line in sheet.lines)


def test_a_sheet_that_lies_across_has_its_number_where_the_upright_one_has_it(
    pages: dict[str, list[Sheet]],
) -> None:
    """Turned upright, clockwise edge for edge: the left of it is below, the bottom to the right."""
    upright, across = pages["text"], pages["across"]
    for number in (0, 1):
        beside = upright[number].ink(top=264)
        found = across[number].turned().ink(top=264)
        assert found == pytest.approx(beside, abs=0.7)
    back = pages["mixed"][2].ink(top=264)
    assert back == pytest.approx(upright[0].ink(top=264), abs=0.7)


def test_an_annex_lies_across(pages: dict[str, list[Sheet]]) -> None:
    assert [size[0] > size[1] for size, *_rest in pages["mixed"]] == [False, True, False]
