"""The units as squares, tiles and lists: every unit once, its state in colour, glyph and word."""

import csv
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from districts.models import District
from schedule import wording
from schedule.progress import STATUSES

pytestmark = pytest.mark.usefixtures("reference")

DAY = "2026-11-23"


def tiles(html: str) -> list[str]:
    """The colours of the tiles."""
    grid = html[html.index('<ul class="tiles"') : html.index('<div class="by-state">')]
    return re.findall(r'<a class="q-(\w+)"', grid)


def test_the_key_says_label_and_count_and_draws_the_unnamed_hollow():
    key = [("late", "!", "<晚>", 0), ("anon", "＋", "待核", 3)]
    page = render_to_string("schedule/key.html", {"key": key, "hollow": range(3)})
    found = [["".join(part.itertext()) for part in one] for one in ElementTree.fromstring(page)]
    assert found == [["!", "<晚> 0"], ["＋", "待核 3", ""]]
    assert page.count('class="square q-anon"') == 1 + 3
    assert "style" not in page


def test_six_unnamed_are_six_hollow_squares_and_colour_no_unit(client):
    html = client.get("/", {"as_of": DAY}).text
    assert html.count('<i class="square q-anon"></i>') == 6
    assert html.count('<i class="square q-pass" title=') == 2 * 4  # on the strip and in a phase
    named = client.get("/", {"as_of": "2026-01-11"}).text
    assert "q-anon" not in named


def test_the_strip_has_a_square_for_every_unit_and_the_years_of_the_plan(client):
    html = client.get("/", {"as_of": DAY}).text
    strip = html[html.index('<ol class="years"') : html.index('<ul class="key"')]
    assert strip.count('<i class="square') == 41
    years = re.findall(r'<span class="century">20</span>(\d\d) <b>(\d+)</b>', strip)
    counts = [4, 2, 5, 7, 4, 5, 9, 2, 3]
    assert [(2000 + int(y), int(n)) for y, n in years] == list(
        zip(range(2022, 2031), counts, strict=True)
    )


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


def test_tiles_come_in_reading_order_each_a_link_told_by_colour_glyph_and_words(client):
    html = client.get("/", {"as_of": DAY}).text
    found = re.findall(r'<li class="r(\d) c(\d)">', html)
    assert found == sorted(found)
    tile = re.search(
        r'<a class="q-idle" href="/districts/500151/[^"]*" title="([^"]+)">(.*?)</a>', html
    )
    assert tile
    sentence = "铜梁区 · 还没有通过的记录，未到期，应在 2026 年底前通过 · 规划 2026 年"
    assert tile[1] == sentence
    assert re.sub("<[^>]+>", " ", tile[2]).split() == ["铜梁", "2026", "–", *sentence.split()]


def test_hostile_names_stay_text(client):
    District.objects.filter(code="500151").update(name='"><script>x</script>区')
    html = client.get("/", {"as_of": DAY}).text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_every_state_has_its_own_glyph_and_colour():
    assert set(wording.MARKS) == set(wording.STATES) == {*STATUSES, wording.OPEN}
    for marks in zip(*wording.MARKS.values(), strict=True):
        assert len(set(marks)) == len(wording.STATES)


def test_on_a_phone_the_units_are_listed_by_state(client):
    html = client.get("/", {"as_of": DAY}).text
    listed = html[html.index('<div class="by-state">') : html.index("看各单位的表格")]
    counts = re.findall(r"(?s)<summary>.*?<b>(\d+)</b></summary>", listed)
    assert counts == ["4", "13", "22", "2"]
    assert listed.count("<details open>") == 1
    assert len(re.findall(r'<li><a href="/districts/', listed)) == 41
