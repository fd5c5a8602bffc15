"""A line a year on one scale: dots and the limit lie where their values say."""

from xml.etree import ElementTree

from charts.card import card
from charts.strip_plot import Dot
from charts.year_strips import LEFT, RIGHT, Line, year_strips

SVG = "{http://www.w3.org/2000/svg}"


def draw(*lines: Line) -> ElementTree.Element:
    words = {"name": "a1", "title": "A1 小学", "description": "两年"}
    return ElementTree.fromstring(year_strips(lines, 0.5, limit_label="限值 0.50", **words))


def test_all_years_share_one_scale() -> None:
    drawn = draw(
        Line("2024", [Dot(0.8, "not_met", "甲")], 0.8), Line("2025", [Dot(0.4, "met", "<乙>")], 0.4)
    )
    # The scale ends at 0.8 × 1.05 = 0.84: 0.4 lies at 44 + 0.4 / 0.84 × 348.
    assert (LEFT, RIGHT) == (44, 392)
    (dot,) = drawn.iter(f"{SVG}circle")
    assert dot.get("cx") == "209.71"
    assert dot[0].text == "<乙>"
    cross = [path for path in drawn.iter(f"{SVG}path") if path.get("class") == "cross"]
    assert len(cross) == 1
    zone = next(part for part in drawn.iter() if part.get("class") == "zone")
    assert zone.get("x") == "251.14"  # 44 + 0.5 / 0.84 × 348


def test_a_year_more_is_a_line_more() -> None:
    heights = [
        float(draw(*[Line("1", [], 0.1)] * count).get("viewBox", "").split()[3]) for count in (1, 3)
    ]
    assert heights[1] - heights[0] == 2 * 44


def test_a_card_says_its_words_as_text() -> None:
    words = {"name": "share", "title": "甲", "description": "乙"}
    drawn = card(
        head="<头>",
        large="10 / 41",
        lines=["一", "二"],
        squares=["pass", "idle"],
        style="",
        **words,
    )
    found = ElementTree.fromstring(drawn)
    assert [text.text for text in found.iter(f"{SVG}text")] == ["<头>", "10 / 41", "一", "二"]
    assert [rect.get("class") for rect in found.iter(f"{SVG}rect")] == ["f-pass", "f-idle"]
