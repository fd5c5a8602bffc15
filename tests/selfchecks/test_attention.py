"""What needs eyes: a careless inspector meets the dangerous figure first, and nothing is lost."""

import gzip
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import District, School, User
from selfchecks.models import SelfCheck
from selfchecks.services import looking, opening
from selfchecks.services.steps import take_step
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
    first = f"{schools[0].name}：小学在校生数 −61.6%"
    assert text.index("结论取决于一个数") < text.index(first)
    assert first in text[: text.index("警告和区县的说明")]
    assert "按上年的数：小学不达标（A1、A2、A3、A4、A5、A6、A7）；按现在的数：达标" in text
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
    client.post(address(in_review), {"do": "seen:", **typed, "item": "nothing|there||"})
    client.post("/admin/logout/")
    client.force_login(zhou_inspector)
    assert "已看 1 条" in words(client.get(address(in_review)))
    back = words(client.get(address(in_review), {"item": key}))
    assert "请附转学名单" in back


def test_the_next_item_is_the_one_below_and_after_the_last_the_first(
    in_review: SelfCheck, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    keys = [str(item.key) for item in looking.look(in_review, latest(in_review))[1].listed]
    assert len(keys) > 2

    def after(place: int) -> str:
        page = client.get(address(in_review), {"item": keys[place]})
        return str(page.context["page"]["open"]["next"].key)

    assert [after(1), after(-1)] == [keys[2], keys[0]]
    looking.mark_looked(evaluation=latest(in_review), item=keys[0], by=zhou_inspector)
    assert after(-1) == keys[1]


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
        "indicators": "已达标的指标（",
        "units-primary": "小学：达标的评估单元（",
        "units-junior": "初中",
        "strips": "每个指标各校的分布",
        "changes": "这是第一次报送",
        "threads": "意见（0）",
        "trail": "开始复核",
        "year": "和上年比变化最大",
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
    assert "区县说明：已与学校核实" in text
    assert "审签并报送：沙坪坝区…" in text
    html = page.content.decode()
    sheet = html[html.index('<details class="decide">') :]
    assert sheet.index('class="sheet"') < sheet.index("确认审签并报送：沙坪坝区 2026 年度自查")
    assert html.index('class="bar"') < html.index('name="digest"')


def test_nobody_approves_without_meeting_what_the_verdict_rests_on(
    in_review: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    """The careless way: open, approve, confirm, nothing looked at."""
    client = signed_in(zhou_inspector)
    typed = {"digest": latest(in_review).digest, "version": str(in_review.version)}
    sheet = client.post(address(in_review), {"do": "approve", **typed}).url
    text = words(client.get(sheet))
    assert "条没有看过" in text
    assert f"{schools[0].name}：小学在校生数 −61.6%" in text
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
    assert text.count(f"{schools[0].name}：小学在校生数") == 2  # in the list, and open beside it


def test_the_page_asks_twelve_queries_and_weighs_little(
    in_review: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    """However many remarks there are: those of the open item are told from all that were read."""
    client = signed_in(zhou_inspector)
    client.get(address(in_review))  # what submissions rest on is worked out once a process
    key = f"|{schools[0].code}|pupils_primary|"
    typed = {"digest": latest(in_review).digest, "target": key[:-1]}

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address(in_review), {"item": key})
        # A slow machine renews the session meanwhile, which writes.
        read = [query for query in asked if query["sql"].startswith("SELECT")]
        return len(read), len(gzip.compress(page.content))

    queries, weight = cost()
    assert queries <= 12
    assert weight <= 80 * 1024
    for text in ("请附名单", "请附转学名单"):
        client.post(address(in_review), {"do": "keep", **typed, "text": text})
    assert cost()[0] <= 13  # the names of schools that remarks speak of
