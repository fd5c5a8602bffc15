"""The curve climbs at its points and only there, to the line of all units."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.curve import BOTTOM, LEFT, RIGHT, TOP, WIDTH, Curve, curve

POINTS = ((0.0, 118), (1120.0, 121), (3000.0, 125), (3487.0, 129))


def drawn(found: Curve) -> ElementTree.Element:
    words = {"name": "c", "title": "t", "description": "d"}
    return ElementTree.fromstring(curve(found, whole_label="129", **words))


def of_class(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [part for part in root.iter() if part.get("class") == kind]


def test_every_point_is_a_dot_and_the_chosen_one_is_larger() -> None:
    root = drawn(Curve(POINTS, 129, chosen=3000.0))
    assert len(of_class(root, "curve__dot")) == 3
    chosen = of_class(root, "curve__chosen")[0]
    assert float(chosen.get("cx", "")) == pytest.approx(
        LEFT + 3000 / (3487 * 1.04) * (RIGHT - LEFT), abs=0.01
    )


def test_it_climbs_in_steps_and_ends_at_the_goal() -> None:
    path = of_class(drawn(Curve(POINTS, 129)), "curve__line")[0].get("d", "")
    assert re.fullmatch(r"M[\d.]+ [\d.]+(H[\d.]+V[\d.]+){3}", path)
    assert path.endswith(f"V{TOP}")


def test_money_is_written_with_its_thousands() -> None:
    words = [part.text for part in of_class(drawn(Curve(POINTS, 129)), "chart__tick")]
    assert words == ["118", "129", "0", "1,744", "3,487"]


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 300)), min_size=1, max_size=20),
)
def test_nothing_leaves_the_drawing(points: list[tuple[float, int]]) -> None:
    counts = sorted(count for _money, count in points)
    money = sorted(amount for amount, _count in points)
    root = drawn(Curve(tuple(zip(money, counts, strict=True)), 300))
    for dot in of_class(root, "curve__dot"):
        assert LEFT <= float(dot.get("cx", "")) <= RIGHT <= WIDTH
        assert TOP <= float(dot.get("cy", "")) <= BOTTOM
