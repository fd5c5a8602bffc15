"""What other programs take from the public pages: feed, list of pages, pictures, descriptions."""

import struct
from xml.etree import ElementTree

import pytest

from schedule.services.plans import replan
from tests.reader import links, words

pytestmark = pytest.mark.usefixtures("reference")
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PNG = b"\x89PNG\r\n\x1a\n"


def titles(client, path="/changes.atom"):
    feed = ElementTree.fromstring(client.get(path).content)
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_the_feed_tells_what_changed_newest_first(client, zhou_inspector):
    first = titles(client)
    assert first[0].startswith("2026年1月12日 国家公布认定名单「2025年第一批」")
    assert first[-1] == "2022年1月8日 第 1 版规划发布"
    replan(changes={"500151": 2027}, by=zhou_inspector, reason="<校舍>", document_number="文1号")
    later = titles(client)
    assert "第 2 版规划发布" in later[0]
    assert later[1:] == first
    assert len(set(ids(client))) == len(later)


def ids(client):
    feed = ElementTree.fromstring(client.get("/changes.atom").content)
    return [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]


def test_an_entry_keeps_its_name(client, zhou_inspector):
    before = ids(client)
    replan(changes={"500151": 2027}, by=zhou_inspector, reason="校舍", document_number="文1号")
    assert ids(client)[1:] == before


def test_the_list_of_pages_names_only_pages_that_answer(client):
    found = ElementTree.fromstring(client.get("/sitemap.xml").content)
    places = [place.text.removeprefix("http://testserver") for place in found.iter(f"{MAP}loc")]
    assert {"/", "/en/", "/districts/", "/districts/500151/", "/atlas/indicators/A1/"} <= {*places}
    assert len(places) == len(set(places))
    assert "/sitemap.xml" in client.get("/robots.txt").text
    for place in [*places[:24], *places[-8:]]:
        assert client.get(place).status_code == 200, place


@pytest.mark.parametrize(
    "path",
    [
        *("/share.png", "/en/share.png", "/districts/500112/share.png"),
        *("/en/districts/GXQ/share.png", "/atlas/indicators/A3/share.png"),
    ],
)
def test_pictures_are_as_large_as_programs_ask_for(client, path):
    found = client.get(path).content
    assert found.startswith(PNG)
    assert struct.unpack(">II", found[16:24]) == (1200, 630)


def test_a_picture_is_drawn_once_whatever_is_asked_behind_its_address(client):
    for path in ("/share.png", "/districts/500112/share.png", "/atlas/indicators/A3/share.png"):
        assert client.get(path, {"n": "1"}).url == path


def test_an_unknown_unit_has_no_picture(client):
    assert client.get("/districts/999999/share.png").status_code == 404
    assert client.get("/atlas/indicators/Z9/share.png").status_code == 404


def test_the_chart_of_the_home_page_can_be_cited_and_shown_elsewhere_as_on_its_day(client):
    page = client.get("/", {"as_of": "2025-03-14"})
    cited = "http://testserver/?as_of=2025-03-14&amp;basis=plan&amp;version=1"
    drawn = "http://testserver/stairs.svg?as_of=2025-03-14&amp;basis=plan&amp;version=1"
    assert f'<a href="{cited}"><img src="{drawn}" alt="' in words(page)
    assert "?as_of=2025-03-14&basis=plan&version=1#stairs-heading" in links(page)
    assert client.get(drawn.replace("&amp;", "&")).status_code == 200


def test_pages_say_in_a_sentence_what_they_show(client):
    home = client.get("/").text
    assert '<meta name="description" content="截至' in home
    assert "个通过国家认定，其中 6 个的名单待核" in home
    assert 'property="og:image" content="http://testserver/share.png"' in home
    unit = client.get("/districts/500151/").text
    assert '<meta name="description" content="铜梁区 · 还没有通过的记录' in unit
    assert "http://testserver/districts/500151/share.png" in unit
    assert "铜梁区" in words(client.get("/districts/500151/"))
