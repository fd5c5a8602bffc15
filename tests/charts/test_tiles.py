"""The 41 tiles: each in its own place, each a link that says everything in words."""

import csv
from xml.etree import ElementTree

import pytest
from django.conf import settings

from charts.tiles import GLYPHS, Tile, tile_grid
from schedule.progress import STATUSES
from schedule.wording import OPEN

SPACE = "{http://www.w3.org/2000/svg}"


def tile(**changes) -> Tile:
    given = {
        "column": 0,
        "row": 0,
        "name": "铜梁",
        "note": "2026",
        "state": "late",
        "words": "铜梁区 已过规划年份",
        "href": "/districts/500151/",
    }
    return Tile(**given | changes)


def drawn(*tiles: Tile) -> ElementTree.Element:
    return ElementTree.fromstring(tile_grid(tiles, name="g", title="t", description="d"))


def units() -> list[dict[str, str]]:
    with (settings.BASE_DIR / "fixtures" / "districts.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def places(rows: list[dict[str, str]], prefix: str) -> set[tuple[str, str]]:
    return {
        (
            row[f"{prefix}tile_column"] or row["tile_column"],
            row[f"{prefix}tile_row"] or row["tile_row"],
        )
        for row in rows
    }


def test_the_41_tiles_of_the_plan_do_not_collide_and_fit_10_by_8():
    taken = places([row for row in units() if row["tile_column"]], "")
    assert len(taken) == 41
    assert {int(column) for column, _row in taken} == set(range(10))
    assert {int(row) for _column, row in taken} == set(range(8))


def test_the_39_tiles_of_today_do_not_collide():
    existing = [row for row in units() if not row["valid_to"]]
    assert len(places(existing, "current_")) == 39


def test_two_tiles_in_one_place_are_refused():
    with pytest.raises(ValueError, match="share a place"):
        drawn(tile(), tile(name="大足"))


def test_tiles_come_in_reading_order():
    links = drawn(tile(row=1, href="/c"), tile(column=1, href="/b"), tile(href="/a")).findall(
        f"{SPACE}a"
    )
    assert [link.get("href") for link in links] == ["/a", "/b", "/c"]


def test_a_tile_is_a_link_told_by_colour_glyph_and_words():
    link = drawn(tile()).find(f"{SPACE}a")
    assert link.find(f"{SPACE}title").text == "铜梁区 已过规划年份"
    assert link.get("aria-label") is None  # it would hide the visible words from voice control
    assert link.get("class") == "tile state--late"
    assert "".join(link.itertext()).endswith("铜梁! 2026")


def test_hostile_names_stay_text():
    hostile = '</text><script>"x"</script>'
    link = drawn(tile(name=hostile, note=hostile, words=hostile)).find(f"{SPACE}a")
    assert {child.tag for child in link} == {f"{SPACE}{name}" for name in ("title", "rect", "text")}
    assert link.find(f"{SPACE}title").text == hostile


def test_every_state_has_its_own_glyph():
    assert set(GLYPHS) == {*STATUSES, OPEN}
    assert len(set(GLYPHS.values())) == len(GLYPHS)


def test_only_abolished_units_are_hatched():
    fills = [box.get("fill") for box in drawn(tile(state="abolished")).iter(f"{SPACE}rect")]
    assert "url(#g-hatch)" in fills
    assert "url(#g-hatch)" not in [box.get("fill") for box in drawn(tile()).iter(f"{SPACE}rect")]
