"""The ministry's lists: counted for their number from their day, named only as sources say."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from audit.models import Entry
from audit.refusals import NotAllowed, Stale, Unusable
from districts.models import District, User
from schedule.models import CertificationEvent, CertificationList, CertificationStep
from schedule.services import lists
from schedule.services.certifications import record_event
from schedule.services.reading import position_on

pytestmark = pytest.mark.usefixtures("reference")

DAY = date(2026, 1, 12)
SOURCE = "https://example.org/names"
FACTS: dict[str, Any] = {
    "name": "演示名单",
    "year": 2025,
    "batch": 2,
    "announced_on": date(2026, 3, 2),
    "units_in_city": 2,
    "sources": "https://example.org/list 演示来源",
}


@pytest.fixture
def january() -> CertificationList:
    return CertificationList.objects.get(name="2025年第一批")


def certified(day: date, basis: str = "plan") -> tuple[int, int, int]:
    counted = position_on(day, basis).progress
    return counted.certified, counted.certified_named, counted.certified_unnamed


def name(code: str, on: CertificationList, by: User) -> CertificationEvent:
    district = District.objects.get(code=code)
    return lists.name_unit(on=on, district=district, by=by, source=SOURCE)


def test_the_public_lists_are_loaded_with_what_is_known_of_them(january: CertificationList) -> None:
    older = CertificationList.objects.get(name="2024年")
    assert (older.announced_on, older.units_in_city, older.units_in_nation) == (
        date(2025, 3, 14),
        4,
        188,
    )
    assert older.named == ["500106", "500107", "500108", "LJXQ"]
    assert (january.announced_on, january.units_in_city, january.units_in_nation) == (DAY, 6, 326)
    assert (january.named, january.document_number) == ([], "")
    assert january.date_note == "首次报道日;文件日期和文号待核"
    assert [address for address, _words in january.links] == [
        "https://reportify.ai/news/1208259650995228672",
        "http://xiaofei.caiding5.cn/dianshang/125758.html",
    ]


def test_naming_moves_a_unit_from_unnamed_to_named(
    january: CertificationList, zhou_inspector: User
) -> None:
    assert certified(DAY) == (10, 4, 6)
    event = name("GXQ", january, zhou_inspector)
    assert (event.date, event.list_year, event.step.name) == (DAY, 2025, "公布认定结果")
    assert certified(DAY) == (10, 5, 5)
    assert certified(DAY, "current") == (9, 4, 5)
    assert certified(DAY - timedelta(days=1)) == (4, 4, 0)
    assert Entry.objects.first().action == "certification.record"


def test_a_certification_of_the_day_stands_on_the_list_unsaid(
    january: CertificationList, tongliang: District, zhou_inspector: User
) -> None:
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    event = record_event(
        district=tongliang, step=step, result="certified", day=DAY, by=zhou_inspector, source=SOURCE
    )
    assert event.list == january
    assert certified(DAY) == (10, 5, 5)


def test_more_names_than_the_list_has_are_refused(
    january: CertificationList, zhou_inspector: User
) -> None:
    for code in ("GXQ", "500114", "500103", "500109", "500152", "500102"):
        name(code, january, zhou_inspector)
    with pytest.raises(Unusable, match="只有 6 个单位，已全部列名") as refusal:
        name("500104", january, zhou_inspector)
    assert refusal.value.code == "list_is_full"
    assert certified(DAY) == (10, 10, 0)


def test_nobody_is_named_without_a_source(january: CertificationList, zhou_inspector: User) -> None:
    with pytest.raises(Unusable, match="没有来源不能记"):
        lists.name_unit(
            on=january, district=District.objects.get(code="GXQ"), by=zhou_inspector, source=" "
        )
    assert certified(DAY) == (10, 4, 6)


def test_only_certified_units_stand_on_a_list_and_not_before_its_day(
    january: CertificationList, tongliang: District, zhou_inspector: User
) -> None:
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    facts = {"district": tongliang, "step": step, "by": zhou_inspector, "list": january}
    with pytest.raises(Unusable, match="名单上只有通过国家认定的单位"):
        record_event(**facts, result="passed", day=DAY, source=SOURCE)
    with pytest.raises(Unusable, match="才公布"):
        record_event(**facts, result="certified", day=date(2026, 1, 11), source=SOURCE)


def test_a_named_unit_that_is_gone_leaves_the_count_of_today_only(
    zhou_inspector: User, wu_manager: User
) -> None:
    """A list of an earlier day: 渝北 was still there when it was announced."""
    early = {"announced_on": date(2025, 9, 1), "units_in_city": 1}
    listed = lists.record_list(by=wu_manager, **{**FACTS, **early})
    after = date(2025, 12, 31)
    assert certified(after) == (5, 4, 1)
    assert certified(after, "current") == (4, 3, 1)
    name("500112", listed, zhou_inspector)
    assert certified(after) == (5, 5, 0)
    assert certified(after, "current") == (3, 3, 0)
    assert set(position_on(after, "current").progress.gone) == {"LJXQ", "500112"}


def test_a_list_is_recorded_with_an_entry_and_takes_up_what_was_recorded_by_name(
    tongliang: District, zhou_inspector: User, wu_manager: User
) -> None:
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    day, number = FACTS["announced_on"], {"document_number": "演示文号", "source": SOURCE}
    record_event(
        district=tongliang, step=step, result="certified", day=day, by=zhou_inspector, **number
    )
    assert certified(day) == (11, 5, 6)
    listed = lists.record_list(by=wu_manager, **FACTS)
    assert listed.named == ["500151"]
    assert certified(day) == (12, 5, 7)
    assert set(Entry.objects.values_list("action", flat=True)[:2]) == {
        "list.record",
        "certification.correct",
    }


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"announced_on": date(2099, 1, 1)}, "announced_on", "还没有到"),
        ({"checked_on": date(2099, 1, 1)}, "checked_on", "还没有到"),
        ({"announced_on": date(1999, 1, 12)}, "year", "之前公布"),
        ({"name": "2024年"}, "name", "已经登记"),
        ({"sources": ""}, "sources", "."),
        ({"sources": "见通报"}, "sources", "一行一个"),
        ({"sources": "https://a.example\njavascript:alert(1) x"}, "sources", "一行一个"),
        ({"sources": "\n".join(["https://a.example"] * 11)}, "sources", "最多 10 行"),
        ({"units_in_city": -1}, "units_in_city", "."),
    ],
)
def test_what_cannot_be_a_list_is_refused(
    wu_manager: User, change: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Unusable, match=words) as refusal:
        lists.record_list(by=wu_manager, **{**FACTS, **change})
    assert field in refusal.value.fields


def test_districts_record_no_list(liu_officer: User) -> None:
    with pytest.raises(NotAllowed):
        lists.record_list(by=liu_officer, **FACTS)


def test_a_corrected_day_moves_the_units_named_for_it(
    january: CertificationList, wu_manager: User
) -> None:
    event = name("GXQ", january, wu_manager)
    seen = lists.tag_of(january)
    moved = date(2026, 1, 8)
    lists.correct_list(
        listed=january,
        by=wu_manager,
        reason="文件日期已核实",
        expected=seen,
        announced_on=moved,
        date_note="",
    )
    event.refresh_from_db()
    assert event.date == moved
    assert certified(moved) == (10, 5, 5)
    assert certified(moved - timedelta(days=1)) == (4, 4, 0)
    entries = Entry.objects.all()[:2]
    assert [entry.action for entry in entries] == ["certification.correct", "list.correct"]
    assert entries[0].changes == {"date": ["2026-01-12", "2026-01-08"]}
    with pytest.raises(Stale):
        lists.correct_list(
            listed=january, by=wu_manager, reason="再次核实", expected=seen, units_in_city=7
        )


def test_a_corrected_day_takes_up_what_was_recorded_by_name_for_it(
    january: CertificationList, tongliang: District, wu_manager: User
) -> None:
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    day, grounds = date(2026, 1, 20), {"document_number": "演示文号", "source": SOURCE}
    record_event(
        district=tongliang, step=step, result="certified", day=day, by=wu_manager, **grounds
    )
    assert certified(day) == (11, 5, 6)
    lists.correct_list(listed=january, by=wu_manager, reason="文件日期已核实", announced_on=day)
    assert january.named == ["500151"]
    assert certified(day) == (10, 5, 5)


def test_a_list_cannot_have_fewer_units_than_are_named(wu_manager: User) -> None:
    older = CertificationList.objects.get(name="2024年")
    with pytest.raises(Unusable, match="已列名 4 个单位"):
        lists.correct_list(listed=older, by=wu_manager, reason="数错一个", units_in_city=3)
    with pytest.raises(Unusable, match="更正的原因"):
        lists.correct_list(listed=older, by=wu_manager, reason=" ", units_in_nation=189)


def test_no_more_units_are_certified_than_there_are(
    january: CertificationList, wu_manager: User
) -> None:
    """Of 39 units 9 are certified on the current basis: 30 more are all, 31 are a mistake."""
    with pytest.raises(Unusable, match="39 个单位中会有 40 个"):
        lists.record_list(by=wu_manager, **{**FACTS, "units_in_city": 31})
    with pytest.raises(Unusable, match="39 个单位中会有 40 个"):
        lists.correct_list(listed=january, by=wu_manager, reason="数错", units_in_city=37)
    assert not Entry.objects.filter(action__in=("list.record", "list.correct"), actor=wu_manager)
    lists.record_list(by=wu_manager, **{**FACTS, "units_in_city": 30})
    assert certified(date(2026, 3, 2), "current") == (39, 3, 36)


def test_the_city_has_no_more_units_on_a_list_than_the_nation(wu_manager: User) -> None:
    with pytest.raises(Unusable, match="不能多于全国单位数"):
        lists.record_list(by=wu_manager, **{**FACTS, "units_in_nation": 1})


def test_a_revoked_unit_leaves_the_others_on_its_list(
    shapingba: District, wu_manager: User
) -> None:
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    day, grounds = date(2026, 5, 1), {"document_number": "演示文号", "source": SOURCE}
    record_event(district=shapingba, step=step, result="revoked", day=day, by=wu_manager, **grounds)
    assert certified(day) == (9, 3, 6)


def test_who_may_be_among_the_unnamed_is_not_certainly_late() -> None:
    before, after = (position_on(day).progress for day in (date(2026, 1, 11), DAY))
    assert {unit.code for unit in before.late} == {unit.code for unit in after.late}
    assert len(after.late) == 13
    assert all(unit.certain for unit in before.late)
    assert not any(unit.certain for unit in after.late)
    # Certified, or abolished before the list: neither can be among the six.
    certain = {unit.code for unit in after.standings if unit.certain}
    assert certain == {"500106", "500107", "500108", "LJXQ", "500105", "500112"}


def test_once_everybody_is_named_the_late_are_certain(
    january: CertificationList, wu_manager: User
) -> None:
    for code in ("GXQ", "500114", "500103", "500109", "500152", "500102"):
        name(code, january, wu_manager)
    late = position_on(DAY).progress.late
    assert len(late) == 13 - 6
    assert all(unit.certain for unit in late)


def test_an_older_database_gets_the_lists_and_puts_its_events_on_them() -> None:
    events = CertificationEvent.objects.filter(result="certified")
    events.update(list=None, source_note="")
    CertificationList.objects.all().delete()
    call_command("load_reference", stdout=StringIO())
    assert certified(DAY) == (10, 4, 6)
    assert {event.list.name for event in events.all()} == {"2024年"}
    assert {event.source_note for event in events.all()} == {"来源页未载文号和公布日"}
    assert position_on(DAY).updated_at.date() == DAY
    entries = Entry.objects.count()
    call_command("load_reference", stdout=StringIO())
    assert Entry.objects.count() == entries
