"""Finding a unit however people type it."""

import pytest

from districts.finding import find_units
from districts.models import District

pytestmark = pytest.mark.usefixtures("reference")


def found(text: str) -> list[str]:
    return [district.name for district in find_units(text, District.objects.all())]


@pytest.mark.parametrize(
    "text",
    [
        "铜梁",
        "铜梁区",
        "重庆市铜梁区",
        " 铜 梁 ",
        "铜梁区教委",
        "500151",
        "tongliang",
        "Tong Liang",
        "TONGLIANG",
        "Tongliang District",
    ],
)
def test_ways_to_write_one_unit(text):
    assert found(text) == ["铜梁区"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nanan", "南岸区"),
        ("nan'an", "南岸区"),
        ("高新区", "重庆高新区"),
        ("ljxq", "两江新区"),
        ("彭水苗族土家族自治县", "彭水县"),
        ("江北", "江北区"),
    ],
)
def test_less_usual_names(text, name):
    assert found(text) == [name]


def test_several_are_listed_best_first():
    assert found("江")[:2] == ["江北区", "江津区"]
    assert set(found("江")) == {"江北区", "江津区", "綦江区", "黔江区", "垫江县", "两江新区"}


@pytest.mark.parametrize("text", ["", "  ", "重庆", "!!", "北京", "\x00", "' OR 1=1 --"])
def test_nothing_found(text):
    assert found(text) == []


def test_one_hit_leads_straight_to_the_unit(client):
    response = client.get("/", {"q": "铜梁", "as_of": "2025-03-14"})
    assert (response.status_code, response["Location"]) == (
        302,
        "/districts/500151/?as_of=2025-03-14",
    )


def test_several_hits_and_none_are_told_on_the_page(client):
    assert "找「江」" in client.get("/", {"q": "江"}).content.decode()
    response = client.get("/", {"q": "<b>北京"})
    assert response.status_code == 200
    assert "没有找到" in response.content.decode()
    assert "<b>北京" not in response.content.decode()
