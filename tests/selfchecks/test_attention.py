"""What needs eyes: a careless inspector meets the dangerous figure first, and nothing is lost."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings

from districts.models import District, School, User
from indicators.calculation.evaluate import evaluate
from indicators.calculation.intake import read_payload
from indicators.calculation.rules_2017 import STANDARD_2017
from selfchecks.models import SelfCheck
from selfchecks.services import looking, opening
from selfchecks.services.attending import attend
from selfchecks.services.attention import FEW, MOST, Basis, Item, Kind, Past
from selfchecks.services.differences import NO_FIGURE, TEXTS, compare
from selfchecks.services.reported import from_payload
from selfchecks.services.steps import take_step
from selfchecks.services.weighing import borderline
from tests.indicators.calculation.builders import make_district, make_payload, make_school
from tests.indicators.calculation.strategies import payloads
from tests.reader import tables, words
from tests.selfchecks.conftest import decide, keep_clean, latest
from tests.selfchecks.test_admin_review import address

CHECK = "/self-checks/500106-2026/check/"
# At 700 pupils everything is met: per 100 pupils 35 teachers are 5.00 of 4.2, 9 backbone 1.29 of 1,
# 8 of sports and arts 1.14 of 0.9, 35 rooms 5.00 of 2.3; per head 6.14 ㎡ of 4.5, 9.52 ㎡ of 7.5,
# 3,682 yuan of 2,000. At 1,823 it is 1.92, 0.49, 0.44, 1.92, 2.36, 3.66 and 1,414: nothing is.
GUIHUA = {
    "qualified_teachers_primary": 35,
    "backbone_teachers_primary": 9,
    "pe_arts_teachers_primary": 8,
    "teaching_area": "4300.00",
    "indoor_sports_area": "0.00",
    "sports_ground_area": "6664.00",
    "equipment_value": "257.7400",
    "multimedia_classrooms": 35,
    **dict.fromkeys(("teachers", "teachers_certified", "teachers_trained"), 50),
    "largest_class_primary": 45,
    "music_rooms": 2,
    "art_rooms": 2,
}


@pytest.fixture
def fallen(
    reference: None,
    shapingba: District,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    wu_manager: User,
) -> SelfCheck:
    """2025 approved with 1,823 pupils in the first school; 2026 waits for signature with 700."""
    for year, pupils in ((2025, 1823), (2026, 700)):
        days = {"due_on": date(year, 12, 15), "fill_from": date(year, 9, 1)}
        opened = opening.open_year(year=year, **days, by=wu_manager, districts=[shapingba])
        self_check = opened.new[0]
        figures = {**GUIHUA, "pupils_primary": pupils, "funded_pupils": pupils}
        figures["classes_primary"] = -(-pupils // 44)
        changes = {(schools[0].code, field): value for field, value in figures.items()}
        keep_clean(self_check, chen_officer, changes=changes)
        take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
        if year == 2025:
            take_step(self_check=self_check, step="submit", by=zhao_signatory)
            take_step(self_check=self_check, step="take_up", by=zhou_inspector)
            decide(self_check, "approve", zhou_inspector)
    self_check.refresh_from_db()
    return self_check


@pytest.fixture
def in_review(fallen: SelfCheck, zhao_signatory: User, zhou_inspector: User) -> SelfCheck:
    take_step(self_check=fallen, step="submit", by=zhao_signatory)
    take_step(self_check=fallen, step="take_up", by=zhou_inspector)
    fallen.refresh_from_db()
    return fallen


def test_a_fall_of_pupils_that_makes_a_school_pass_is_the_first_thing_seen(
    in_review: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    """(700 − 1,823) / 1,823 is −61.6 %."""
    page = signed_in(zhou_inspector).get(address(in_review))
    text = words(page)
    first = f"{schools[0].name} 小学在校生数 −61.6\u00a0%".replace("\u00a0", " ")
    assert text.index("结论取决于一个数") < text.index(first)
    assert first in text[: text.index("警告和区县的说明")]
    assert "按上年的数:小学不达标(A1、A2、A3、A4、A5、A6、A7);按现在的数:达标" in text
    assert "已与学校核实" in text  # the district's words, on the page itself
    assert "学校数据!" in text
    table = next(rows for rows in tables(page) if rows[0][1].startswith("按上年 1,823"))
    values = [[cell.split()[0] for cell in row[1:3]] for row in table[1:]]
    assert values == [
        ["1.92", "5.00"],
        ["0.49", "1.29"],
        ["0.44", "1.14"],
        ["2.36", "6.14"],
        ["3.66", "9.52"],
        ["1413.82", "3682.00"],
        ["1.92", "5.00"],
    ]


def test_a_remark_on_the_open_item_reaches_its_cell_and_it_counts_as_seen(
    in_review: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    key = f"|{schools[0].code}|pupils_primary|"
    count = len(looking.look(in_review, latest(in_review))[1].listed)
    assert f"需留意 {count} 条 已看 0 条" in words(client.get(address(in_review)))
    typed = {"digest": latest(in_review).digest, "target": key[:-1], "item": key}
    answer = client.post(address(in_review), {"do": "seen:", **typed, "text": "请附转学名单"})
    assert answer.status_code == 302
    remark = in_review.comments.get()
    cell = in_review.school_records.get(school_code=schools[0].code).cells["pupils_primary"]
    assert (remark.text, remark.cell, remark.field) == ("请附转学名单", cell, "pupils_primary")
    assert "已看 1 条" in words(client.get(address(in_review)))
    back = words(client.get(address(in_review), {"item": key}))
    assert "请附转学名单" in back


def test_going_elsewhere_on_the_page_keeps_what_was_typed(
    in_review: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    key = f"|{schools[0].code}|pupils_primary"
    typed = {"digest": latest(in_review).digest, "target": key, "text": "写到一半"}
    answer = signed_in(zhou_inspector).post(
        address(in_review), {"do": "go:part=indicators", **typed}
    )
    assert answer.url == f"{address(in_review)}?part=indicators#open"
    assert in_review.comments.get().text == "写到一半"


def test_every_part_is_one_click_from_the_first_page(
    in_review: SelfCheck, zhou_inspector: User, he_auditor: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    page = client.get(address(in_review)).content.decode()
    shown = {
        "indicators": "已达标的指标(",
        "units-primary": "小学:达标的评估单元(",
        "units-junior": "初中",
        "strips": "每个指标各校的分布",
        "changes": "这是第一次报送",
        "threads": "意见(0)",
        "trail": "开始复核",
        "year": "和上年比变化最大:",
    }
    for part, text in shown.items():
        assert (part == "year") or f'value="go:part={part}"' in page
        assert text in words(client.get(address(in_review, part=part))), part
    reader = signed_in(he_auditor).get(address(in_review)).content.decode()
    assert 'href="?part=strips"' in reader
    assert "go:" not in reader
    for odd in ("nonsense", "<b>", "units-senior"):
        assert client.get(address(in_review), {"part": odd, "item": odd}).status_code == 200


def test_the_chief_reads_the_same_first_and_signs_behind_a_confirm_that_names_the_unit(
    fallen: SelfCheck, schools: list[School], zhao_signatory: User, signed_in: Any
) -> None:
    client: Client = signed_in(zhao_signatory)
    page = client.get(CHECK)
    text = words(page)
    first = text.index("小学在校生数 −61.6")
    assert text.index("需留意") < first < text.index("与去年比")
    assert "区县说明:已与学校核实" in text
    assert "审签并报送:沙坪坝区…" in text
    html = page.content.decode()
    sheet = html[html.index('<details class="decide">') :]
    assert sheet.index('class="sheet"') < sheet.index("确认审签并报送:沙坪坝区 2026 年度自查")
    assert html.index('class="bar"') < html.index('name="digest"')


def basis_of(now: dict[str, Any], then: dict[str, Any], **more: Any) -> Basis:
    figures = [from_payload({"veto": {}, "qualitative": {}, **each}) for each in (then, now)]
    past = Past(Kind.YEAR, compare(*figures), evaluate(then))
    return Basis(read_payload(now, STANDARD_2017), STANDARD_2017, evaluate(now), (past,), **more)


def only(*schools: dict[str, Any], **items: Any) -> dict[str, Any]:
    """A payload as it is stored."""
    found = make_payload(*schools, district=make_district(**items))
    found["veto"] = {key: {"answer": "否", "note": ""} for key in found["veto"]}
    found["qualitative"] = {
        key: {"conclusion": "达标", "note": "", "evidence": ""} for key in found["qualitative"]
    }
    return found


def keys(items: list[Item]) -> list[str]:
    return [str(item.key) for item in items]


def test_what_only_just_holds_is_listed_with_what_it_hangs_on() -> None:
    """425 of 500 satisfied are exactly 85 %, with a lower bound near 81.6 %; 121 exchanged of 1,200
    are 10.08 %; 21 teachers for 500 pupils are 4.2, the limit: but one of seven may be short."""
    only_just = make_school(1, qualified_teachers_primary=21, backbone_teachers_primary=5)
    fine = make_school(2)
    now = only(
        only_just, fine, D1__sample=500, D1__satisfied=425, B11__eligible=1200, B11__exchanged=121
    )
    found = attend(basis_of(now, now))
    assert keys(found.by_kind[Kind.SURVEY]) == ["D1|||"]
    assert "B11|||" in keys(found.by_kind[Kind.NEAR])
    assert Kind.FAILING not in found.by_kind
    assert Kind.YEAR not in found.by_kind


def test_a_blank_says_what_it_makes_unknown() -> None:
    now = only(make_school(1, music_rooms=None), make_school(2))
    found = attend(basis_of(now, only(make_school(1), make_school(2))))
    blank = found.by_kind[Kind.BLANK][0] if Kind.BLANK in found.by_kind else None
    rests = found.by_kind[Kind.RESTS][0]
    assert blank is None  # it is listed once: where it decides most
    assert str(rests.key) == "|5001060001|music_rooms|"
    assert rests.facts["unknown"] == ("B3",)
    assert [(change.figure.before, change.figure.after) for change in rests.changes] == [
        ("3", None)
    ]


def test_schools_that_came_or_went_are_told_by_name() -> None:
    then = only(make_school(1), make_school(2, qualified_teachers_primary=1), make_school(3))
    now = only(make_school(1), make_school(3), make_school(4))
    found = attend(basis_of(now, then)).by_kind[Kind.YEAR]
    told = {item.facts["which"]: item.facts["schools"] for item in found if item.facts}
    assert told == {"removed": [("第2学校", True)], "added": [("第4学校", False)]}


@settings(max_examples=40, deadline=None)
@given(payloads(most=4), payloads(most=4))
def test_nothing_is_lost_nothing_stands_twice_and_the_order_is_total(
    now: dict[str, Any], then: dict[str, Any]
) -> None:
    for payload in (now, then):
        payload["veto"] = {key: {"answer": "否", "note": ""} for key in payload["veto"]}
        payload["qualitative"] = {
            key: {"conclusion": "达标", "note": "", "evidence": ""}
            for key in payload["qualitative"]
        }
    basis = basis_of(now, then)
    found = attend(basis)
    assert len(set(keys(list(found.items)))) == len(found.items)
    assert len({(item.kind, item.order) for item in found.items}) == len(found.items)
    told = {change.figure for item in found.items for change in item.changes}
    figures = [
        item
        for item in basis.pasts[0].figures.items
        if item.column not in TEXTS and item.column not in NO_FIGURE
    ]
    assert told == set(figures)
    failing = {
        (unit.school_code, unit.stage) for unit in basis.outcome.units if unit.verdict == "not_met"
    }
    assert failing <= {(item.key.school, item.key.rest) for item in found.items}
    for code, indicator in basis.outcome.indicators.items():
        if indicator.verdict == "not_met":
            assert any(item.key.indicator == code for item in found.items)
    for kind, own in found.by_kind.items():
        shown = [item for item in found.listed if item.kind == kind]
        assert shown == own[: MOST.get(kind, FEW)]


def test_nobody_approves_without_meeting_what_the_verdict_rests_on(
    in_review: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    """The careless way: open, approve, confirm, nothing looked at."""
    client = signed_in(zhou_inspector)
    typed = {"digest": latest(in_review).digest, "version": str(in_review.version)}
    sheet = client.post(address(in_review), {"do": "approve", **typed}).url
    text = words(client.get(sheet))
    assert "条没有看过" in text
    assert f"{schools[0].name} 小学在校生数 −61.6" in text
    assert text.index("小学在校生数 −61.6") < text.index("回去再看")


def test_what_was_seen_of_one_version_is_unseen_of_the_next(
    in_review: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: Any,
) -> None:
    client = signed_in(zhou_inspector)
    key = f"|{schools[0].code}|pupils_primary|"
    typed = {"digest": latest(in_review).digest, "item": key}
    client.post(address(in_review), {"do": "seen:", **typed})
    assert "已看 1 条" in words(client.get(address(in_review)))
    decide(in_review, "send_back", zhou_inspector)
    in_review.refresh_from_db()
    cells = {(schools[0].code, field): value for field, value in GUIHUA.items()}
    cells |= {(schools[0].code, "pupils_primary"): 690, (schools[0].code, "classes_primary"): 16}
    keep_clean(in_review, chen_officer, changes=cells)
    for step, by in (
        ("send_for_signature", chen_officer),
        ("submit", zhao_signatory),
        ("take_up", zhou_inspector),
    ):
        take_step(self_check=in_review, step=step, by=by)
    text = words(client.get(address(in_review)))
    assert "已看 0 条" in text
    # Against the version that was sent back as well as against last year, once in the list.
    assert "700 → 690 人" in text
    assert "1,823 → 690 人" in text
    assert text.count(f"{schools[0].name} 小学在校生数") == 2  # in the list, and open beside it


def test_close_calls_by_hand() -> None:
    """With 500 pupils 21 teachers are 4.2, the limit itself. Six of seven are enough, so the school
    hangs on it only when another is short already: 4 backbone teachers are 0.8, below 1."""
    just = make_school(1, qualified_teachers_primary=21)
    short = make_school(2, qualified_teachers_primary=21, backbone_teachers_primary=4)
    clear = make_school(3, qualified_teachers_primary=22, backbone_teachers_primary=4)
    now = only(just, short, clear)
    outcome = evaluate(now)
    verdicts = {unit.school_code[-1]: unit.verdict for unit in outcome.units}
    near = [row for row in borderline(outcome, STANDARD_2017) if row[0][0] == "A"]
    assert verdicts == {"1": "met", "2": "not_met", "3": "not_met"}
    assert near == []  # 0.8 is below the floor of 0.85: both fail anyway
    kept = make_school(
        2, qualified_teachers_primary=21, backbone_teachers_primary=4, pupils_primary=470
    )
    outcome = evaluate(only(just, kept))  # 4.47 and 0.851: met, by 85 % of one
    near = [row for row in borderline(outcome, STANDARD_2017) if row[0][0] == "A"]
    assert [(row[0][1], row[3]["near"]) for row in near] == [("5001060002", ["A2"])]
