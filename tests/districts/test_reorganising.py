"""A reorganisation is looked at, carried out and taken back in one step each."""

from datetime import date, timedelta

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import District, FormerHome, School, Succession, Township
from districts.services import reorganising, units
from districts.services.reorganising import foresee, reorganise, withdraw

pytestmark = pytest.mark.usefixtures("reference")
DAY = date(2025, 11, 6)
MERGED = date(2026, 6, 1)

# The streets and towns of 2025 as published: 31 + 11 of 两江新区, 6 + 11 of 北碚区.
STREETS_AND_TOWNS = """
人和街道 大石坝街道 大竹林街道 寸滩街道 水土街道 双凤桥街道 双龙湖街道
五里店街道 天宫殿街道 王家街道 龙山街道 龙塔街道 龙溪街道 石马河街道 仙桃街道
礼嘉街道 江北城街道 回兴街道 观音桥街道 华新街街道 两路街道 金山街道 宝圣湖街道
复兴街道 铁山坪街道 悦来街道 鸳鸯街道 郭家沱街道 康美街道 翠云街道 蔡家岗街道
木耳镇 五宝镇 龙兴镇 玉峰山镇 石船镇 古路镇 鱼嘴镇 施家梁镇 复盛镇 洛碛镇
童家溪镇

天生街道 朝阳街道 北温泉街道 东阳街道 龙凤桥街道 歇马街道 澄江镇 天府镇 静观镇
柳荫镇 三圣镇 金刀峡镇 大湾镇 统景镇 大盛镇 兴隆镇 茨竹镇
"""
LIANGJIANG, BEIBEI = (names.split() for names in STREETS_AND_TOWNS.split("\n\n"))
FROM_BEIBEI = ["水土街道", "复兴街道", "蔡家岗街道", "施家梁镇", "童家溪镇"]
FROM_YUBEI = ["大湾镇", "统景镇", "大盛镇", "兴隆镇", "茨竹镇"]


def unit(code: str) -> District:
    return District.objects.get(code=code)


def school(code: str, district: str, township: str = "", **more) -> School:
    facts = {"school_type": "小学", "ownership": "公办", "location": "城区", **more}
    return School.objects.create(
        code=code, name=f"{code[-3:]}小学", district=unit(district), township=township, **facts
    )


def recorded(predecessor: str, successor: str) -> Succession:
    return Succession.objects.get(predecessor__code=predecessor, successor__code=successor)


def merger(**more) -> Succession:
    """铜梁区 goes whole into 璧山区: made up, nothing of the kind is known."""
    facts = {"kind": "whole", "description": "演示:整体并入", "known_on": MERGED, **more}
    facts = {"predecessor": unit("500151"), "successor": unit("500120"), "date": MERGED, **facts}
    return Succession(**facts)


def test_the_same_merger_is_not_recorded_twice(wu_manager) -> None:
    reorganise(succession=merger(), by=wu_manager)
    with pytest.raises(Unusable, match="这项区划调整已经登记"):
        reorganise(succession=merger(), by=wu_manager)


def test_the_streets_of_2025_are_those_published() -> None:
    for code, names, streets, towns in (
        ("500157", LIANGJIANG, 31, 11),
        ("500109", BEIBEI, 6, 11),
    ):
        known = set(Township.objects.filter(district__code=code).values_list("name", flat=True))
        assert known == set(names)
        assert sum(name.endswith("街道") for name in known) == streets
        assert sum(name.endswith("镇") for name in known) == towns


def test_schools_of_2025_go_where_their_street_went(wu_manager) -> None:
    numbers = iter(range(1, 999))
    homes = {}
    for township in LIANGJIANG:
        was = "500109" if township in FROM_BEIBEI else "500112"
        homes[school(f"{was}8{next(numbers):03d}", was, township).code] = "500157"
    for township in BEIBEI:
        was = "500112" if township in FROM_YUBEI else "500109"
        homes[school(f"{was}8{next(numbers):03d}", was, township).code] = "500109"
    homes[school("5001058001", "500105").code] = "500157"  # 江北区 went whole, whatever the street
    homes[school("5001128901", "500112").code] = "500112"  # nobody knows the street
    homes[school("5001098901", "500109", "某街道").code] = "500109"
    undecided = []
    for pair in (
        ("500105", "500157"),
        ("500112", "500157"),
        ("500112", "500109"),
        ("500109", "500157"),
    ):
        seen = foresee(succession=recorded(*pair), by=wu_manager)
        done = reorganise(succession=recorded(*pair), by=wu_manager, expected=seen.tag)
        undecided.append([one.code for one in done.undecided])
    assert dict(School.objects.values_list("code", "district__code")) == homes
    assert undecided == [[], ["5001128901"], ["5001128901"], ["5001098901"]]
    # A school of 2025 is still found where it was then, and where it is now.
    was, then = unit("500109"), DAY - timedelta(days=1)
    assert School.objects.at(was, then).count() == len(FROM_BEIBEI) + 12 + 1
    assert School.objects.at(was, DAY).count() == 17 + 1
    assert School.objects.at(unit("500157"), then).count() == 0
    entry = Entry.objects.filter(action="school.update").first()
    assert (entry.other_district_code, entry.district_code) == ("500109", "500157")
    again = reorganise(succession=recorded("500109", "500157"), by=wu_manager)
    assert again.moved == ()


def test_a_whole_merger_is_looked_at_and_writes_nothing(wu_manager) -> None:
    school("5001518001", "500151")
    counts = (Succession.objects.count(), Entry.objects.count())
    seen = foresee(succession=merger(), by=wu_manager)
    assert seen.ended_on == date(2026, 5, 31)
    assert [one.code for one in seen.moved] == ["5001518001"]
    assert (Succession.objects.count(), Entry.objects.count()) == counts
    assert unit("500151").valid_to is None
    assert School.objects.get(code="5001518001").district.code == "500151"


def test_a_whole_merger_ends_the_unit_and_moves_its_schools(wu_manager) -> None:
    centre = school("5001518001", "500151")
    school("5001518002", "500151", attached_to=centre, school_type="教学点")
    seen = foresee(succession=merger(), by=wu_manager)
    done = reorganise(succession=merger(), by=wu_manager, expected=seen.tag)
    assert unit("500151").valid_to == date(2026, 5, 31)
    assert done.detached == ()
    assert set(School.objects.values_list("district__code", flat=True)) == {"500120"}
    assert FormerHome.objects.count() == 2
    assert Entry.objects.filter(action="succession.record").count() == 1


def test_what_changed_since_the_look_is_refused(wu_manager) -> None:
    seen = foresee(succession=merger(), by=wu_manager)
    school("5001518001", "500151")
    with pytest.raises(Stale):
        reorganise(succession=merger(), by=wu_manager, expected=seen.tag)
    assert unit("500151").valid_to is None


def test_a_transfer_ends_nothing_and_leaves_a_point_without_its_centre(wu_manager) -> None:
    Township.objects.create(district=unit("500120"), name="某镇", valid_from=MERGED)
    centre = school("5001518001", "500151", "某镇")
    school("5001518002", "500151", "别镇", attached_to=centre, school_type="教学点")
    done = reorganise(succession=merger(kind="transfer"), by=wu_manager)
    assert (done.ended_on, unit("500151").valid_to) == (None, None)
    assert [one.code for one in done.moved] == ["5001518001"]
    assert [one.code for one in done.detached] == ["5001518002"]
    point = School.objects.get(code="5001518002")
    assert (point.district.code, point.attached_to) == ("500151", None)


@pytest.mark.parametrize(
    ("who", "day", "refused"),
    [
        ("zhou_inspector", MERGED, NotAllowed),
        ("wu_manager", date(2099, 1, 1), Unusable),
    ],
)
def test_who_and_when(request, who, day, refused) -> None:
    with pytest.raises(refused):
        reorganise(succession=merger(date=day), by=request.getfixturevalue(who))
    assert not Succession.objects.filter(predecessor__code="500151").exists()


def test_a_unit_that_ended_on_another_day_is_not_ended_again(wu_manager) -> None:
    District.objects.filter(code="500151").update(valid_to=date(2026, 1, 1))
    with pytest.raises(Unusable) as refusal:
        reorganise(succession=merger(), by=wu_manager)
    assert "date" in refusal.value.fields


def test_a_mistake_is_taken_back(wu_manager) -> None:
    centre = school("5001518001", "500151")
    school("5001518002", "500151", attached_to=centre, school_type="教学点")
    done = reorganise(succession=merger(), by=wu_manager)
    with pytest.raises(Unusable):
        withdraw(succession=done.succession, by=wu_manager, reason=" ")
    assert withdraw(succession=done.succession, by=wu_manager, reason="登记有误,撤回") == 2
    assert unit("500151").valid_to is None
    assert set(School.objects.values_list("district__code", flat=True)) == {"500151"}
    assert not FormerHome.objects.exists()
    entry = Entry.objects.first()
    assert (entry.action, entry.district_code, entry.other_district_code) == (
        "succession.withdraw",
        "500151",
        "500120",
    )
    with pytest.raises(Conflict):
        withdraw(succession=done.succession, by=wu_manager, reason="登记有误,撤回")
    reorganise(succession=merger(), by=wu_manager)  # and recorded again


def test_the_streets_come_with_their_source() -> None:
    assert not Township.objects.filter(source="").exists()
    assert not Township.objects.filter(source_note="").exists()


def test_a_renamed_unit_has_the_name_of_the_day(client, wu_manager) -> None:
    tongliang = unit("500151")
    names = {"name": "新铜梁区", "full_name": "新铜梁区", "english_name": "New Tongliang"}
    renaming = {"district": tongliang, "day": MERGED, "by": wu_manager}
    with pytest.raises(Unusable) as refusal:
        units.rename_district(**renaming, reason="", **names)
    assert "reason" in refusal.value.fields
    units.rename_district(**renaming, reason="国务院批复(演示)", **names)
    for day, name in ((date(2026, 5, 31), "铜梁区"), (MERGED, "新铜梁区")):
        for basis in ("plan", "current"):
            asked = {"as_of": day.isoformat(), "basis": basis}
            row = client.get("/api/v1/districts/500151/", asked).json()
            assert (row["name"], row["full_name"]) == (name, name)
            table = client.get("/api/v1/districts/", {**asked, "format": "csv"}).content.decode()
            assert f"500151,{name}" in table
        page = client.get("/districts/500151/", {"as_of": day.isoformat()}).text
        assert f"<h1>{name}" in page or f">{name}<" in page
        assert ("新铜梁区" in page) == (day == MERGED)
        home = client.get("/", {"as_of": day.isoformat()}).text
        assert ("新铜梁区" in home) == (day == MERGED)
    entry = Entry.objects.first()
    assert (entry.action, entry.reason) == ("district.rename", "国务院批复(演示)")
    assert entry.changes["names"]["name"] == "铜梁区"
    former = tongliang.former_names.get()
    assert (former.valid_to, former.known_on) == (date(2026, 5, 31), units.today())
    with pytest.raises(Unusable):
        units.rename_district(**renaming, reason="再改一次名", name="又新铜梁区")
    with pytest.raises(Unusable):
        units.rename_district(
            district=tongliang, day=date(2099, 1, 1), by=wu_manager, reason="以后", name="某区"
        )


def test_rooms_above_are_asked(wu_manager, monkeypatch) -> None:
    monkeypatch.setattr(reorganising, "followers", [lambda _one, _by: ["做了一件事"]])
    monkeypatch.setattr(reorganising, "counters", [lambda: {"数": str(Succession.objects.count())}])
    done = reorganise(succession=merger(), by=wu_manager)
    assert done.followed == ("做了一件事",)
    [(name, before, after)] = done.totals
    assert (name, int(after) - int(before)) == ("数", 1)
