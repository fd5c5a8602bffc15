"""What a chief reads before signing: schools that fail by name, changes by weight."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from districts.models import School, User
from figures.table import SCHOOL_FIELDS
from indicators.calculation.evaluate import evaluate
from selfchecks.bureau.differences import differences_of
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from selfchecks.services.corrections import cell_of, correct
from selfchecks.services.differences import compare, compare_units, compare_verdicts
from selfchecks.services.reported import Reported
from selfchecks.services.steps import take_step
from tests.indicators.calculation.builders import make_district, make_payload, make_school
from tests.reader import links, words
from tests.selfchecks.conftest import keep_clean
from tests.selfchecks.workbook_files import workbook

REFERENCE = "/self-checks/500106-2026/"
BLANK = dict.fromkeys((field.code for field in SCHOOL_FIELDS), None) | {"school_name": "第一小学"}


@pytest.fixture
def chief(zhao_signatory: User, signed_in: Any) -> Client:
    client: Client = signed_in(zhao_signatory)
    return client


def item(part: str, key: str, column: str, before: str | None, after: str | None) -> dict[str, Any]:
    labels = {"note": "说明", "evidence": "佐证", "conclusion": "自评结论", "teachers": "教师数"}
    return {
        "part": part,
        "key": key,
        "name": "第一小学" if part == "学校数据" else "",
        "column": column,
        "label": labels.get(column, "符合交流条件教师数"),
        "before": before,
        "after": after,
    }


def found(*items: dict[str, Any]) -> dict[str, Any]:
    return {"added": [], "removed": [], "count": len(items), "items": list(items)}


def test_figures_stand_by_how_much_they_changed_and_say_by_how_much(self_check: SelfCheck) -> None:
    changes = differences_of(
        self_check,
        found(
            item("学校数据", "2100001001", "teachers", "40", "42"),
            item("区县数据", "B11.eligible", "value", "200", "150"),
            item("学校数据", "2100001001", "teachers", "80", None),
            item("定性指标", "B1", "conclusion", "达标", "不达标"),
        ),
    )
    rows = [(row.where, row.label, row.difference, row.share) for row in changes.first]
    assert rows == [
        ("第一小学", "教师数", "", ""),
        ("B1 学校规划布局合理", "自评结论", "", ""),
        ("B11 教师交流轮岗", "符合交流条件教师数", "−50", "−25.0%"),
        ("第一小学", "教师数", "+2", "+5.0%"),
    ]
    assert changes.first[2].unit == "人"
    assert changes.parts == (("学校数据", 2), ("区县数据", 1), ("定性指标", 1))


def test_texts_stand_apart_in_the_order_of_the_workbook(self_check: SelfCheck) -> None:
    codes = ("B1", "B10", "B14", "B15", "B2")
    changes = differences_of(
        self_check, found(*(item("定性指标", code, "note", "旧", "新") for code in codes))
    )
    assert [row.where.split()[0] for row in changes.texts] == ["B1", "B2", "B10", "B14", "B15"]
    assert (changes.first, changes.count, changes.hidden) == ((), 5, 0)
    assert changes.parts == (("说明和佐证的文字", 5),)


def test_words_that_look_like_numbers_are_not_computed_with(self_check: SelfCheck) -> None:
    odd = item("学校数据", "2100001001", "school_name", "Infinity", "1E+999999")
    changes = differences_of(self_check, found(odd))
    assert changes.first[0].difference == ""
    not_asked = item("区县数据", "B11.eligible", "value", "不适用", "3")
    assert differences_of(self_check, found(not_asked)).first[0].weight == Decimal("Infinity")


def test_what_is_beyond_the_list_is_counted(self_check: SelfCheck) -> None:
    many = [item("学校数据", "2100001001", "teachers", "40", str(41 + n)) for n in range(250)]
    changes = differences_of(self_check, {**found(*many), "count": 600})
    assert (len(changes.first), len(changes.others), changes.hidden) == (8, 192, 400)


def test_failing_schools_have_their_names_and_links(
    self_check: SelfCheck, schools: list[School], chen_officer: User, chief: Client
) -> None:
    weak = workbook(self_check, {(schools[0].code, "qualified_teachers_primary"): 12})
    uploads.keep(self_check=self_check, content=weak, name="自查.xlsx", by=chen_officer)
    page = chief.get(REFERENCE + "check/")
    assert "小学：1 所学校不达标 沙坪坝区第1学校" in words(page)
    assert f"{REFERENCE}schools/{schools[0].code}/" in links(page)
    assert REFERENCE + "result/#units-primary" in links(page)


def test_after_a_return_the_page_says_what_is_different_since(
    reach: Any,
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    chief: Client,
) -> None:
    reach("returned")
    assert "退回时比" in words(chief.get(REFERENCE + "check/"))
    for value in ("15", "16"):  # two versions since; together they are what changed
        cell = cell_of(self_check, schools[0].code, "multimedia_classrooms")
        correct(self_check=self_check, values={cell.key: value}, reason="漏报一间", by=chen_officer)
    text = words(chief.get(REFERENCE + "check/"))
    assert "退回时的意见： 请核对骨干教师数" in text
    assert "14 → 16+2 （+14.3%）" in text
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=self_check, step=step, by=by)
    assert "14 → 16+2 （+14.3%）" in words(chief.get(REFERENCE + "check/"))


def test_before_any_return_there_is_no_such_part(
    self_check: SelfCheck, chen_officer: User, chief: Client
) -> None:
    keep_clean(self_check, chen_officer)
    assert "退回" not in words(chief.get(REFERENCE + "check/"))


def test_every_change_is_counted_in_the_breakdown_too(self_check: SelfCheck) -> None:
    """1,700 figures and 3 texts: 500 are kept one by one, 1,703 are counted."""
    schools = {f"21{at:08d}": {**BLANK, "teachers": 40} for at in range(1_700)}
    words_of = {code: {"conclusion": "达标", "note": "", "evidence": ""} for code in ("B1", "B2")}
    changed = {
        code: {"conclusion": "达标", "note": "新", "evidence": "甲" if code == "B1" else ""}
        for code in words_of
    }
    before = Reported(schools=schools, qualitative=words_of)
    now = {code: {**row, "teachers": 41} for code, row in schools.items()}
    stored = compare(before, Reported(schools=now, qualitative=changed)).as_dict()
    assert (stored["count"], len(stored["items"])) == (1_703, 500)
    shown = differences_of(self_check, stored)
    assert shown.parts == (("学校数据", 1_700), ("说明和佐证的文字", 3))
    assert sum(count for _name, count in shown.parts) == shown.count == 1_703


def test_what_was_stored_without_the_breakdown_says_how_many_it_does_not_tell(
    self_check: SelfCheck,
) -> None:
    many = [item("学校数据", "2100001001", "teachers", "40", str(41 + n)) for n in range(500)]
    shown = differences_of(self_check, {**found(*many), "count": 1_703})
    assert shown.parts == (("学校数据", 500), ("没有逐项留存", 1_203))


def test_verdicts_are_counted_by_school_and_by_indicator() -> None:
    """Two of three schools fall below the floor of A1, one indicator of the district fails."""
    short = {"qualified_teachers_primary": 10}
    before = evaluate(make_payload(*(make_school(at) for at in (1, 2, 3))))
    after = evaluate(
        make_payload(
            make_school(1, **short), make_school(2, **short), make_school(3),
            district=make_district(B11__exchanged=99),
        )
    )  # fmt: skip
    units = compare_units(before, after)
    assert [(change.school, change.before, change.after) for change in units] == [
        ("第1学校", "met", "not_met"),
        ("第2学校", "met", "not_met"),
    ]
    assert "B11" in [change.indicator for change in compare_verdicts(before, after)]
