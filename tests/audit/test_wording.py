"""What an entry kept as codes is read in words: fields, choices, units, schools, days."""

from datetime import date

import pytest
from django.db import transaction
from django.utils.translation import override

from audit.models import Entry
from audit.services import record
from audit.wording import MOST_ROWS, changes_of, reason_of
from improvement.models import UnitPrice
from indicators.models import Standard
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]

pytestmark = pytest.mark.django_db


def told(changes: dict, **options: object) -> list[str]:
    with transaction.atomic():
        entry = record(action="self_check.approve", by=None, changes=changes, **options)
    return [str(change) for change in changes_of(entry)]


def test_fields_and_choices_of_the_object_stand_in_words(reach) -> None:
    self_check = reach("submitted")
    assert told({"state": ["approved", "returned"]}, on=self_check) == ["状态：复核通过 → 退回修改"]


def test_a_unit_a_school_and_a_figure_are_named(schools, tongliang) -> None:
    code = schools[0].code
    assert told({"500151": [2026, 2027]}) == ["铜梁区：2026 → 2027"]
    assert told({f"{code}.equipment_value": ["168.9149", "1168.9149"]}) == [
        "沙坪坝区第1学校\u00a0· 教学仪器设备资产值：168.9149 → 1168.9149"
    ]
    assert told({"altered": {code: {"学校名称": ["甲", ""]}}}) == [
        "修改\u00a0· 沙坪坝区第1学校\u00a0· 学校名称：甲 → 空"
    ]


def test_a_school_is_named_and_a_relation_is_no_field(schools, shapingba) -> None:
    code = schools[0].code
    assert told({"school": code, "schools": 12}, on=shapingba) == [
        f"学校：沙坪坝区第1学校 ({code})",
        "学校数：12",
    ]


def test_codes_of_schools_are_their_names_and_two_of_them_no_change(schools) -> None:
    first, second = (f"{each.name} ({each.code})" for each in schools[:2])
    assert told({"schools": [schools[0].code]}) == [f"学校：{first}"]
    assert told({"schools": [each.code for each in schools[:2]]}) == [f"学校：{first}、{second}"]


def test_a_column_that_holds_a_list_was_changed_or_given(shapingba) -> None:
    price = UnitPrice(district=shapingba, raises=[])
    price.pk = 1
    assert told({"raises": ["A4", "A5"]}, on=price) == ["提高的指标：A4、A5"]
    assert told({"raises": [["A4"], ["A5"]]}, on=price) == ["提高的指标：A4 → A5"]


def test_lists_are_no_pairs_and_digests_are_short() -> None:
    assert told({"added": ["甲", "乙"]}) == ["新增：甲、乙"]
    assert told({"files": [["A1", "一.pdf"], ["A2", "二.pdf"]]})[0].count("→") == 0
    assert told({"digest": "sha256:" + "ab" * 32}) == ["测算指纹：abababababab"]


def test_another_object_is_named_and_a_structure_is_a_sentence(
    reference, shapingba, schools
) -> None:
    assert told({"district": [None, shapingba]}, on=schools[0]) == ["区县：空 → 沙坪坝区"]
    weights = {"九年一贯制": {"primary": "0.6", "junior": "0.4"}}
    assert told({"split_weights": [{}, weights]}, on=Standard.objects.first()) == [
        "学段拆分权重：空 → 九年一贯制 (小学 0.6、初中 0.4)"
    ]


def old_entry(on: object, **changes: object) -> list[str]:
    """An entry as it was kept before layout 2, read today."""
    entry = Entry(
        action="x.update", object_type=on._meta.label_lower, object_id=on.pk, changes=changes
    )
    return [str(change) for change in changes_of(entry)]


def test_entries_of_before_are_still_read(reference, shapingba, schools, chen_officer) -> None:
    """They keep Python's texts and database keys."""
    assert old_entry(schools[0], district=[None, str(shapingba.pk)]) == ["区县：空 → 沙坪坝区"]
    weights = str({"九年一贯制": {"primary": "0.6", "junior": "0.4"}})
    assert old_entry(Standard.objects.first(), split_weights=["{}", weights]) == [
        "学段拆分权重：空 → 九年一贯制 (小学 0.6、初中 0.4)"
    ]
    assert old_entry(chen_officer, is_active=["True", "False"]) == ["启用：是 → 否"]
    assert old_entry(schools[0], district=["x", "999999"]) == ["区县：x → 999999"]
    assert old_entry(Standard.objects.first(), split_weights=["{", "__import__('os')"]) == [
        "学段拆分权重：{ → __import__('os')"
    ]


def test_an_object_type_that_is_gone_and_odd_content_are_still_shown() -> None:
    entry = Entry(action="x.y", object_type="gone.model", changes={"a": [1, 2], "b": {}, "c": None})
    assert [str(change) for change in changes_of(entry)] == ["a：1 → 2"]


def test_a_long_entry_is_cut_and_says_so() -> None:
    lines = told({f"x{number}": number for number in range(MOST_ROWS + 50)})
    assert len(lines) == MOST_ROWS + 1
    assert "没有列出" in lines[-1]


def test_reopening_keeps_the_old_day(reach, wu_manager) -> None:
    self_check = reach("approved")
    take_step(
        self_check=self_check,
        step="reopen",
        by=wu_manager,
        comment="补录",
        due_on=date(2099, 1, 31),
    )
    entry = Entry.objects.get(action="self_check.reopen")
    assert entry.changes["due_on"] == ["2026-12-15", "2099-01-31"]
    assert "报送截止日：2026年12月15日 → 2099年1月31日" in map(str, changes_of(entry))


def test_the_history_page_speaks_no_code(reach, signed_in, he_auditor) -> None:
    self_check = reach("approved")
    text = signed_in(he_auditor).get(f"/admin/selfchecks/selfcheck/{self_check.pk}/history/").text
    assert "状态：复核中 → 复核通过" in text
    assert "in_review" not in text


def test_the_title_names_the_action(reach, signed_in, he_auditor) -> None:
    reach("approved")
    entry = Entry.objects.get(action="self_check.approve")
    text = signed_in(he_auditor).get(f"/admin/audit/entry/{entry.pk}/change/").text
    assert f"{entry.number} 复核通过 沙坪坝区 2026" in text
    assert "self_check.approve" not in text
    assert "selfchecks.selfcheck" not in text


@pytest.mark.django_db
def test_reasons_of_the_portal_are_told_in_the_language_of_who_reads_others_as_typed() -> None:
    told = [
        record(action="account.sign_out", by=None, reason=reason)
        for reason in ("同时登录的地方太多", "学校来函", "")
    ]
    with override("en"):
        assert [reason_of(each) for each in told] == [
            "Signed in at too many places at once",
            "学校来函",
            "",
        ]
    assert reason_of(told[0]) == "同时登录的地方太多"
