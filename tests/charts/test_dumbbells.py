"""Last year and this year on one line: both lie where they say, a failing one is a cross."""

from xml.etree import ElementTree

from charts.dumbbells import LEFT, RIGHT, Dumbbell, dumbbells

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"name": "spreads", "title": "小学", "description": "两年"}


def draw(*lines: Dumbbell) -> ElementTree.Element:
    marked = dumbbells(lines, 0.5, limit_label="限值 0.50", years=("今年", "上年"), **WORDS)
    return ElementTree.fromstring(marked)


def marks(drawn: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [mark for mark in drawn.iter() if mark.get("class") == kind]


def test_both_years_lie_on_the_scale_of_the_limit() -> None:
    drawn = draw(Dumbbell("A1", 0.2, 0.3, "0.200", "met", "<A1>"))
    # The scale ends at 0.5 × 1.2 × 1.05 = 0.63: 0.2 lies at 176 + 0.2 / 0.63 × 164.
    assert (LEFT, RIGHT) == (176, 340)
    assert [mark.get("cx") for mark in marks(drawn, "now")] == ["228.06", "6"]  # the last explains
    assert [mark.get("cx") for mark in marks(drawn, "then")] == ["254.1", "84"]
    assert marks(drawn, "limit")[0].get("x1") == "306.16"
    (way,) = marks(drawn, "way")
    assert (way.get("x1"), way.get("x2")) == ("254.1", "228.06")
    assert drawn.find(f"{SVG}g/{SVG}title").text == "<A1>"


def test_beyond_the_limit_is_a_cross_and_widens_the_scale() -> None:
    drawn = draw(
        Dumbbell("A1", 1.0, None, "1.000", "not_met", ""),
        Dumbbell("A2", None, 0.4, "–", "unknown", ""),
    )
    (cross,) = marks(drawn, "cross")
    # 1.0 of 1.0 × 1.05: 176 + 164 / 1.05 = 332.19, less the arm of five.
    assert cross.get("d", "").startswith("M327.19 ")
    assert marks(drawn, "now")[0].get("cx") == "6"  # only the legend's: nothing is guessed
    assert not marks(drawn, "way")
    texts = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {"✕ 1.000", "? –", "今年", "上年", "限值 0.50"} <= set(texts)


def test_last_year_stays_in_sight_where_this_year_lies_over_it() -> None:
    """0.30 and 0.31 of 0.63: 164 / 63 = 2.6 apart, less than this year's radius of six."""
    drawn = draw(
        Dumbbell("A1", 0.3, 0.3, "0.300", "met", ""),
        Dumbbell("A2", 0.31, 0.3, "0.310", "met", ""),
        Dumbbell("A3", 0.33, 0.3, "0.330", "met", ""),
    )
    rings = marks(drawn, "same")
    assert [ring.get("cx") for ring in rings] == ["254.1", "254.1"]
    assert all(float(ring.get("r", "0")) > 6 for ring in rings)
    assert [mark.get("cx") for mark in marks(drawn, "then")] == ["254.1", "84"]
