"""How names are read, in which order units stand by name, and what finds them."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from districts.finding import find_units
from districts.models import District, School, User
from districts.services import schools, units
from districts.spelling import hyphenated, keys, reading

pytestmark = pytest.mark.usefixtures("reference")

# Sorted by hand, syllable by syllable, then by tone: 渝中 before 云阳, 巫 (first tone) before 武.
BY_NAME = (
    "巴南区 北碚区 璧山区 长寿区 城口县 重庆高新区 大渡口区 大足区 垫江县 "
    "丰都县 奉节县 涪陵区 合川区 江北区 江津区 九龙坡区 开州区 梁平区 "
    "两江新区 两江新区 南岸区 南川区 彭水县 綦江区 黔江区 荣昌区 沙坪坝区 "
    "石柱县 铜梁区 潼南区 万盛经开区 万州区 巫山县 巫溪县 武隆区 秀山县 "
    "永川区 酉阳县 渝北区 渝中区 云阳县 忠县"
)


def found(text: str) -> list[str]:
    return [district.name for district in find_units(text, District.objects.all())]


def test_the_units_by_name_are_in_the_order_of_a_dictionary() -> None:
    rows = District.objects.order_by("reading", "code")
    assert " ".join(rows.values_list("name", flat=True)) == BY_NAME


def test_what_the_program_reads_is_what_was_checked_by_hand() -> None:
    for unit in District.objects.all():
        assert (unit.name, reading(unit.name)) == (unit.name, unit.reading)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("csq", ["长寿区"]),
        ("cs", ["长寿区"]),
        ("chang shou", ["长寿区"]),
        ("zhangshou", []),
        ("chongqinggaoxin", ["重庆高新区"]),
        ("gaoxin", ["重庆高新区"]),
        ("GXQ", ["重庆高新区"]),
        ("yb", ["渝北区"]),
        ("JL", ["九龙坡区"]),
        ("nan", ["南岸区", "南川区"]),
        ("重庆高新区", ["重庆高新区"]),
    ],
)
def test_pinyin_and_initials(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_a_code_means_one_unit_though_its_letters_are_initials_of_two() -> None:
    assert [unit.code for unit in find_units("ljxq", District.objects.all())] == ["LJXQ"]
    assert len(found("liangjiang")) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("重庆市长寿区第一小学", "chong2qing4shi4chang2shou4qu1di4yi1xiao3xue2"),
        ("垫江县长龙小学", "dian4jiang1xian4chang2long2xiao3xue2"),
        ("北碚区朝阳中学", "bei3bei4qu1chao2yang2zhong1xue2"),
        ("Chongqing 101", ""),
    ],
)
def test_names_of_many_readings(name: str, words: str) -> None:
    assert reading(name) == words


def test_no_word_twice_and_none_empty() -> None:
    assert keys(["忠县", "", "忠县"], ["zhong1xian4"]) == "忠县 zhongxian zx"


def test_a_renamed_unit_is_found_by_both_names(tongliang: District, wu_manager: User) -> None:
    day = units.today()
    units.rename_district(
        district=tongliang, day=day, reason="国务院批复", name="新铜区", by=wu_manager
    )
    for text in ("铜梁区", "tongliang", "tlq", "新铜区", "xintong", "xtq"):
        assert [unit.code for unit in find_units(text, District.objects.all())] == ["500151"]
    assert District.objects.get(code="500151").reading == "xin1tong2qu1"


def test_a_reading_that_was_typed_stays_until_the_name_changes(
    tongliang: District, wu_manager: User
) -> None:
    units.update_district(district=tongliang, by=wu_manager, reading="tong2liang4qu1")
    units.update_district(district=tongliang, by=wu_manager, english_name="Tong Liang")
    assert District.objects.get(code="500151").reading == "tong2liang4qu1"
    with pytest.raises(ValidationError, match="逐字写拼音"):
        District(reading="Tóngliáng").clean_fields(exclude=["name"])


def test_schools_are_found_by_pinyin_in_the_readers_reach(
    client: Client, tongliang: District, wu_manager: User
) -> None:
    facts = {"school_type": "小学", "ownership": "公办", "location": "城区"}
    school = schools.create_school(
        district=tongliang, by=wu_manager, code="5001510001", name="长江路小学", **facts
    )
    client.force_login(wu_manager)
    for asked in ("changjiang", "CJL", "长江", "500151"):
        page = client.get("/self-checks/find/", {"q": asked}).content.decode()
        rows = client.get("/api/v1/schools/", {"search": asked}).json()["results"]
        assert "长江路小学" in page
        assert [row["code"] for row in rows] == ["5001510001"]
    assert client.get("/api/v1/schools/", {"search": "zhangjiang"}).json()["results"] == []
    schools.update_school(school=school, by=wu_manager, name="重庆路小学")
    assert School.objects.get().sought.split()[1] == "重庆路小学"
    assert client.get("/api/v1/schools/", {"search": "cql"}).json()["results"]


def test_units_are_found_over_the_api_and_in_the_admin(client: Client, wu_manager: User) -> None:
    rows = client.get("/api/v1/districts/", {"search": "csq"}).json()["results"]
    assert [row["name"] for row in rows] == ["长寿区"]
    client.force_login(wu_manager)
    page = client.get("/admin/districts/district/", {"q": "csq"}).content.decode()
    assert ("长寿区" in page, "沙坪坝区" in page) == (True, False)


@pytest.mark.parametrize(
    ("word", "read", "expected"),
    [
        ("Shapingba", "sha1ping2ba4qu1", "Sha|ping|ba"),
        ("Nan'an", "nan2an4qu1", "Nan|'an"),
        ("High-tech", "chong2qing4gao1xin1qu1", "High-tech"),
        ("Yubei", "", "Yubei"),
    ],
)
def test_a_latin_name_may_be_broken_between_its_syllables(
    word: str, read: str, expected: str
) -> None:
    assert hyphenated(word, read).replace("\u00ad", "|") == expected
