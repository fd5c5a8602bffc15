"""A bar is as long as its share, and nothing that counts vanishes."""

from xml.etree import ElementTree

import pytest

from charts.bars import WIDTH, bar


def widths(share: float, limit: float | None = None) -> dict[str, float]:
    root = ElementTree.fromstring(bar(share, limit=limit))
    return {part.get("class", ""): float(part.get("width") or part.get("x1", "")) for part in root}


@pytest.mark.parametrize(("share", "length"), [(1, WIDTH), (0.25, 150), (0, 0), (0.0001, 2)])
def test_the_solid_part_is_the_share_of_the_width(share: float, length: float) -> None:
    assert widths(share) == {"bar__ground": WIDTH, "bar__solid": length}


def test_a_limit_is_a_line_of_its_own() -> None:
    assert widths(0.5, 0.45)["bar__limit"] == 270


def test_it_is_silent_for_those_who_listen() -> None:
    assert 'aria-hidden="true"' in bar(1)
