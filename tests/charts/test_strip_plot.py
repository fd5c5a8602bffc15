"""Dots lie where their values say, lines where the rules say, and nothing typed becomes markup."""

from xml.etree import ElementTree

import pytest

from charts.strip_plot import LEFT, RIGHT, Dot, StripPlot, strip_plot
from charts.svg import Markup

SVG = "{http://www.w3.org/2000/svg}"


def draw(*dots: Dot, threshold: float = 4.0, floor: float = 3.4) -> Markup:
    return strip_plot(
        StripPlot(dots, threshold, floor),
        name="a1",
        title="A1 小学",
        description="两个单元",
        threshold_label="达标值 4",
        floor_label="基本值 3.4",
    )


def marks(svg: str, kind: str) -> list[ElementTree.Element]:
    found = ElementTree.fromstring(svg).iter()
    return [element for element in found if kind in element.get("class", "").split()]


def test_a_dot_and_the_threshold_share_one_scale() -> None:
    svg = draw(Dot(4.0, "met", "甲"), Dot(8.0, "met", "乙"))
    # The scale ends at 8 × 1.05 = 8.4, so 4 lies at 8 + 4 / 8.4 × 364 = 181.33.
    assert (LEFT, RIGHT) == (8, 372)
    circles = list(ElementTree.fromstring(svg).iter(f"{SVG}circle"))
    assert [circle.get("cx") for circle in circles] == ["181.33", "354.67"]
    assert [line.get("x1") for line in marks(svg, "limit")] == ["181.33"]
    assert [line.get("x1") for line in marks(svg, "floor")] == ["155.33"]


def test_what_fails_is_told_apart_without_colour_and_lies_on_top() -> None:
    svg = draw(Dot(2.0, "below", "丙"), Dot(5.0, "met", "甲"), Dot(3.6, "floor", "乙"))
    dots = [
        part for part in ElementTree.fromstring(svg).iter() if part.find(f"{SVG}title") is not None
    ]
    dots = dots[1:]  # the drawing itself has a title too
    assert [dot.get("class") for dot in dots] == ["dot", "cross", "cross"]
    assert [dot[0].text for dot in dots] == ["甲", "丙", "乙"]
    # What is short of the threshold has a ground of its own: 4 of 5.25 lie at 8 + 4 / 5.25 × 364.
    zone = marks(svg, "zone")[0]
    assert (zone.get("x"), zone.get("width")) == ("8", "277.33")


def test_equal_values_do_not_hide_each_other() -> None:
    svg = draw(*(Dot(5.0, "met", str(at)) for at in range(3)))
    heights = {circle.get("cy") for circle in ElementTree.fromstring(svg).iter(f"{SVG}circle")}
    assert len(heights) == 3


def test_names_are_escaped() -> None:
    svg = draw(Dot(5.0, "met", "<script>&\"'"))
    assert "<script>" not in svg
    assert marks(svg, "dot")[0][0].text == "<script>&\"'"


@pytest.mark.parametrize("highest", [0.5, 0.95, 2.3, 7.5, 40.0, 2000.0, 98765.0])
def test_ticks_are_few_and_inside(highest: float) -> None:
    svg = draw(Dot(highest, "met", "甲"), threshold=highest, floor=highest * 0.85)
    ticks = marks(svg, "chart__tick")
    assert 2 <= len(ticks) <= 8
    assert all(LEFT <= float(tick.get("x", "0")) <= RIGHT for tick in ticks)


def test_without_dots_the_lines_still_stand() -> None:
    assert marks(draw(), "limit")
