"""Units and successions are kept by managers, every change with an entry."""

from datetime import date

import pytest

from audit.models import Entry
from audit.refusals import NotAllowed, Stale, Unusable
from districts.models import District, Succession
from districts.services import units

NEW = {
    "code": "500199",
    "name": "试验区",
    "full_name": "试验区",
    "kind": "功能区",
    "region": "主城都市区",
    "tile_column": 9,
    "tile_row": 7,
}


def test_a_new_unit_is_kept_with_an_entry(wu_manager, reference):
    unit = units.create_district(by=wu_manager, **NEW)
    assert District.objects.get(code="500199") == unit
    assert Entry.objects.first().action == "district.create"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "铜梁区"}, "name"),
        ({"kind": "省"}, "kind"),
        ({"tile_column": 2, "tile_row": 5}, "__all__"),
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "valid_to"),
    ],
)
def test_impossible_units_are_refused_on_their_field(wu_manager, reference, values, field):
    with pytest.raises(Unusable) as refusal:
        units.create_district(by=wu_manager, **{**NEW, **values})
    assert field in refusal.value.fields
    assert not District.objects.filter(code="500199").exists()


def test_a_change_names_before_and_after(wu_manager, tongliang):
    units.update_district(district=tongliang, by=wu_manager, subregion="主城新区一")
    entry = Entry.objects.first()
    assert entry.changes == {"subregion": [tongliang.subregion, "主城新区一"]}
    assert entry.district_code == "500151"


def test_a_change_on_an_old_page_is_noticed(wu_manager, tongliang):
    seen = units.tag_of(tongliang)
    units.update_district(district=tongliang, by=wu_manager, english_name="Tongliang District")
    with pytest.raises(Stale):
        units.update_district(district=tongliang, by=wu_manager, expected=seen, region="别处")


@pytest.mark.parametrize("who", ["zhou_inspector", "he_auditor", "chen_officer"])
def test_only_managers_keep_units(request, tongliang, who):
    with pytest.raises(NotAllowed):
        units.update_district(district=tongliang, by=request.getfixturevalue(who), subregion="别处")


def test_a_succession_is_recorded_once(wu_manager, tongliang, shapingba):
    facts = {
        "predecessor": tongliang,
        "successor": shapingba,
        "day": date(2026, 3, 1),
        "kind": "transfer",
        "description": "一个街道划转",
        "by": wu_manager,
    }
    units.record_succession(**facts)
    assert Entry.objects.first().action == "succession.record"
    count = Succession.objects.count()
    with pytest.raises(Unusable):
        units.record_succession(**facts)
    assert Succession.objects.count() == count


def test_a_unit_does_not_follow_itself_nor_a_unit_that_is_gone(wu_manager, tongliang):
    gone = District.objects.get(code="500105")
    for successor in (tongliang, gone):
        with pytest.raises(Unusable) as refusal:
            units.record_succession(
                predecessor=tongliang,
                successor=successor,
                day=date(2026, 3, 1),
                kind="transfer",
                description="划转",
                by=wu_manager,
            )
        assert "successor" in refusal.value.fields


def test_two_units_of_one_name_are_told_apart(wu_manager, reference):
    area, district = (District.objects.get(code=code) for code in ("LJXQ", "500157"))
    assert (area.name, district.name) == ("两江新区", "两江新区")
    assert (str(area), str(district)) == ("两江新区(功能区)", "两江新区(行政区)")
    with pytest.raises(Unusable) as refusal:
        units.update_district(district=district, by=wu_manager, distinction="功能区")
    assert "name" in refusal.value.fields


def test_a_unit_outside_the_plan_needs_a_place_of_today(wu_manager, reference):
    nowhere = {**NEW, "tile_column": None, "tile_row": None}
    with pytest.raises(Unusable) as refusal:
        units.create_district(by=wu_manager, **nowhere)
    assert "tile_column" in refusal.value.fields
    placed = {**nowhere, "current_tile_column": 9, "current_tile_row": 7}
    assert units.create_district(by=wu_manager, **placed).current_tile == (9, 7)


@pytest.mark.parametrize(
    ("who", "reason", "refused"),
    [("wu_manager", " ", Unusable), ("zhou_inspector", "登记有误", NotAllowed)],
)
def test_a_succession_is_corrected_by_managers_with_a_reason(
    request, reference, who, reason, refused
):
    succession = Succession.objects.get(predecessor__code="LJXQ")
    with pytest.raises(refused):
        units.correct_succession(
            succession=succession,
            by=request.getfixturevalue(who),
            reason=reason,
            takes_place=False,
        )


def test_a_correction_names_before_and_after(wu_manager, reference):
    succession = Succession.objects.get(predecessor__code="LJXQ")
    facts = {"succession": succession, "by": wu_manager, "reason": "市里已经答复"}
    units.correct_succession(**facts, carries_certification=True)
    entry = Entry.objects.first()
    assert (entry.action, entry.reason) == ("succession.correct", "市里已经答复")
    assert entry.changes == {"carries_certification": [False, True]}
    assert (entry.district_code, entry.other_district_code) == ("LJXQ", "500157")
    units.correct_succession(**facts, carries_certification=True)
    assert Entry.objects.first() == entry
