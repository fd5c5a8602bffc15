"""Whatever a person typed stays text, and every drawing is well-formed."""

from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils.html import conditional_escape
from hypothesis import given
from hypothesis import strategies as st

from charts.svg import Linear, Markup, drawing, element, hatch, number
from tests.journeys.test_hostile import PAYLOADS

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=y>', "'&lt;", "]]>", "\x00\x08\x1b区"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_and_attributes_are_escaped(text):
    root = ElementTree.fromstring(element("text", text, class_=text))
    assert len(root) == 0
    assert root.text == root.get("class") == "".join(c for c in text if c not in "\x00\x08\x1b")


@pytest.mark.parametrize("text", PAYLOADS)
def test_m27_sixty_payloads_are_text_in_a_drawing(text: str) -> None:
    mark = element("text", text, class_=text)
    svg = drawing(mark, name="x", width=1, height=1, title=text, description=text)
    root = ElementTree.fromstring(svg)
    assert [each.tag.rpartition("}")[2] for each in root] == ["title", "desc", "text"]
    assert [each.text for each in root] == [text] * 3


@given(st.text())
def test_any_text_makes_a_well_formed_drawing(text):
    svg = drawing(element("text", text), name="x", width=1, height=1, title=text, description=text)
    ElementTree.fromstring(svg)


def test_markup_is_printed_as_it_stands_and_plain_text_is_not():
    mark = element("b", "<i>")
    assert Template("{{ mark }}").render(Context({"mark": mark})) == "<b>&lt;i&gt;</b>"
    assert conditional_escape(mark + "<i>") == "&lt;b&gt;&amp;lt;i&amp;gt;&lt;/b&gt;&lt;i&gt;"


def test_children_that_are_markup_are_not_escaped_again():
    assert element("g", element("path", d="M0 0"), None) == '<g><path d="M0 0"></path></g>'


def test_names_of_attributes():
    made = element("a", class_="x", aria_label="y", viewBox="0 0 1 1", href=None)
    assert made == '<a class="x" aria-label="y" viewBox="0 0 1 1"></a>'


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.239, "1.24"), (0.5, "0.5"), (12, "12"), (100.0, "100")]
)
def test_coordinates_are_short(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("has_links", "role"), [(True, "group"), (False, "img")])
def test_a_drawing_says_what_it_is(has_links, role):
    svg = drawing(name="n", width=10, height=20, title="甲", description="乙", has_links=has_links)
    root = ElementTree.fromstring(svg)
    names = {child.get("id"): child.text for child in root}
    assert (root.get("role"), root.get("viewBox")) == (role, "0 0 10 20")
    assert names[root.get("aria-labelledby")] == "甲"
    assert names[root.get("aria-describedby")] == "乙"


def test_nothing_needs_inline_style():
    assert "style" not in hatch("h")


def test_scale_maps_both_ends_and_ticks_inside():
    scale = Linear(0, 41, 340, 36)
    assert (scale(0), scale(41)) == (340, 36)
    assert list(scale.ticks(10)) == [0, 10, 20, 30, 40]
    assert list(Linear(3, 21, 0, 1).ticks(10)) == [10, 20]


def test_markup_is_text():
    assert isinstance(element("g"), Markup)
    assert isinstance(element("g"), str)
