"""Home: the figures a deputy director opens every Monday, for any day and on both bases."""

import re
import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import District
from districts.wording import day_text
from schedule.models import CertificationStep, PlannedCertification, PlanVersion
from schedule.services.certifications import record_event
from schedule.services.plans import replan
from schedule.services.reading import today
from schedule.views import KEPT
from tests.reader import headings, ids, links, tables, words
from tests.schedule.test_pages_drawings import tiles

pytestmark = pytest.mark.usefixtures("reference")

DAY = "2026-11-23"
YEARS_TABLE, UNITS_TABLE = 0, 1


def era(text: str, phase: str) -> str:
    """What the line of years says of a phase below its squares, with its mark."""
    return re.search(rf"{phase}阶段 20\d\d–20\d\d .*?(目标 \d+ 个.*?年底应有；\S+ \d+)", text)[1]


def test_one_sentence_says_it_all(client):
    text = words(client.get("/", {"as_of": DAY}))
    assert (
        "10 / 41 截至2026年11月23日，41 个规划单位中已公布 10 个通过国家认定，其中 6 个的名单待核 "
        "按规划，到2025年底应有 18 个，到2026年底应有 22 个。"
    ) in text


def test_the_line_of_years_keeps_target_plan_and_outcome_apart(client):
    text = words(client.get("/", {"as_of": DAY}))
    assert era(text, "试点推进") == (
        "目标 6 个，规划 6 个；其中到2026年11月23日通过 至少 4 个。 公布日：2025年3月14日。 "
        "阶段之内通过 0 个，比目标少 6 个。 6 到2023年底应有；当时通过 0"
    )
    assert era(text, "整体推进") == (
        "目标 30 个，规划 30 个；其中到2026年11月23日通过 至少 0 个。 "
        "阶段之内通过 10 个，比目标少 至少 24 个。 其中 6 个的名单待核。 "
        "阶段内通过的有 4 个，原定在别的阶段，不抵本阶段的目标。 36 到2028年底应有；至今通过 10"
    )
    assert era(text, "攻坚推进") == (
        "目标 5 个，规划 5 个；其中到2026年11月23日通过 至少 0 个。 阶段未开始 "
        "41 到2030年底应有；至今通过 10"
    )
    assert "2021 2022 2023 2024 2025 2026 2027 2028 2029 2030" in " ".join(
        re.findall(r"<span[^>]*>(20\d\d)</span>", client.get("/").text)
    )


def test_table_twin_of_the_stairs(client):
    rows = tables(client.get("/", {"as_of": DAY}))[YEARS_TABLE][1:-1]
    assert [int(row[0]) for row in rows] == list(range(2022, 2031))
    assert [int(row[1]) for row in rows] == [4, 2, 5, 7, 4, 5, 9, 2, 3]
    assert [int(row[2]) for row in rows] == [4, 6, 11, 18, 22, 27, 36, 38, 41]
    assert [row[4] for row in rows] == ["0", "0", "0", "4", "10", *["未到"] * 4]


def test_table_twin_of_the_grid_has_every_unit_of_the_drawing(client):
    response = client.get("/", {"as_of": DAY})
    rows = tables(response)[UNITS_TABLE][1:]
    drawn = tiles(response.content.decode())
    assert len(rows) == len(drawn) == 41
    by_state = {state: drawn.count(state) for state in set(drawn)}
    assert by_state == {"pass": 4, "unk": 13, "idle": 22, "gone": 2}
    assert sum("通过国家认定" in row[2] for row in rows) == 4
    assert sum("已过规划年份" in row[2] for row in rows) == 13


def test_the_map_says_that_it_is_none(client):
    assert "区县方格示意（非地图，不表示界线、面积与位置）" in words(client.get("/"))


@pytest.mark.parametrize(
    ("day", "certified"), [("2023-12-31", 0), ("2025-03-13", 0), ("2025-03-14", 4)]
)
def test_certified_until_a_day(client, day, certified):
    text = words(client.get("/", {"as_of": day}))
    assert f"41 个规划单位中 {certified} 个已通过国家认定" in text


def test_units_of_today_are_39(client):
    response = client.get("/", {"as_of": DAY, "basis": "current"})
    text = words(response)
    assert "39 个现行单位中已公布 9 个通过国家认定，其中 6 个的名单待核" in text
    assert "按规划，到2025年底应有 16 个" in text
    assert "已撤并，规划任务" not in text
    assert len(tiles(response.content.decode())) == 39


def test_before_the_reorganisation_both_bases_are_41(client):
    text = words(client.get("/", {"as_of": "2025-11-05", "basis": "current"}))
    assert "41 个现行单位中" in text
    assert "规划单位 41" in text
    assert "现行单位 41" in text


def test_abolished_units_are_told_and_not_counted_as_certified(client):
    text = words(client.get("/", {"as_of": DAY}))
    assert "2 个单位已撤并，规划任务由谁承担待市级明确" in text
    assert "渝北区 ⇢已撤并，待市级明确 并入北碚区、两江新区" in text


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("tomorrow", "日期「tomorrow」读不懂，请写成 2026-11-23 这样的年-月-日。"),
        ("2026-02-30", "日期「2026-02-30」读不懂"),
        ("2021-12-31", "2021年12月31日时规划还未印发；最早可查 2022年1月8日。"),
        ("<script>x</script>", "日期「<script>x</script>」读不懂"),
    ],
)
def test_a_bad_day_gets_a_sentence(client, day, sentence):
    response = client.get("/", {"as_of": day})
    assert response.status_code == 400
    assert words(response).count(sentence) == 2  # in the summary and at the field
    assert "有问题需要处理" in words(response)
    assert b"<script>" not in response.content


def test_a_day_no_column_can_hold_gets_a_sentence(client):
    response = client.get("/", {"as_of": "\x00"})
    assert response.status_code == 400
    assert "读不懂" in words(response)


def test_a_day_to_come_gets_a_sentence(client):
    tomorrow = today() + timedelta(days=1)
    response = client.get("/", {"as_of": tomorrow.isoformat()})
    assert response.status_code == 400
    assert f"日期 {day_text(tomorrow)}还没有到" in words(response)


def test_an_unknown_basis_gets_a_sentence(client):
    response = client.get("/", {"basis": "both"})
    assert response.status_code == 400
    assert "口径「both」不能用" in words(response)


def test_without_a_plan_there_is_a_sentence_and_no_trace(client):
    PlannedCertification.objects.all().delete()
    PlanVersion.objects.all().delete()
    response = client.get("/")
    assert response.status_code == 422
    assert "还没有发布任何规划" in words(response)


def test_what_changed_names_day_units_and_source(client):
    response = client.get("/", {"as_of": DAY})
    text = words(response)
    assert (
        "2025年3月14日 通过国家认定 沙坪坝区九龙坡区南岸区两江新区(功能区) 来源：教督函〔2025〕3号"
        in text
    )
    assert "江北区撤销，整体并入两江新区" in text
    assert "2022年1月8日 第 1 版规划发布" in text
    assert "https://cq.gov.cn/zt/yyztls/lsjcx/202503/t20250321_14429313.html" in links(response)


def test_what_changed_leaves_out_what_is_to_come(client):
    text = words(client.get("/", {"as_of": "2025-03-13"}))
    assert "教督函〔2025〕3号" not in text
    assert "江北区撤销" not in text


def test_links_keep_the_day_the_reader_looks_at(client):
    assert "/districts/500151/?as_of=2025-03-14" in links(client.get("/", {"as_of": "2025-03-14"}))
    assert "/districts/500151/" in links(client.get("/"))


def test_a_changed_plan_shows_with_its_reason(client, zhou_inspector):
    replan(
        changes={"500151": 2027},
        by=zhou_inspector,
        reason="校舍<改造>",
        document_number="文〔1〕号",
    )
    text = words(client.get("/"))
    assert f"到{today().year}年底应有 21 个" in text
    assert (
        "第 2 版规划发布 规划调整 校舍<改造> 看这一版路线图 来源：文〔1〕号 · 没有网址 · 未核对"
        in text
    )
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert "第 2 版规划发布" not in words(client.get("/", {"as_of": yesterday}))


def test_same_number_of_queries_for_2_and_20_events(client, zhou_inspector):
    step = CertificationStep.objects.get(year=2025, order=1)

    def start(district: District) -> None:
        day = date(2025, 1, 2)
        record_event(district=district, step=step, result="started", day=day, by=zhou_inspector)

    def queries_after(districts) -> int:
        for district in districts:
            start(district)
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    every = list(District.objects.exclude(code__in=["500105", "500112"])[:20])
    assert queries_after(every[:2]) == queries_after(every[2:])


def test_the_page_is_kept_until_something_is_recorded(client, zhou_inspector):
    """Asked again it costs five queries; a new plan shows in the next answer, in both languages."""
    for address in ("/", "/en/"):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) <= 5
    replan(changes={"500151": 2027}, by=zhou_inspector, reason="校舍改造", document_number="文1号")
    assert f"到{today().year}年底应有 21 个" in words(client.get("/"))
    assert f"and 21 by the end of {today().year}" in words(client.get("/en/"))
    assert "41 units of the plan" in words(client.get("/en/"))


def test_what_is_kept_is_nobodys_and_nothing_that_was_typed(client, wu_manager):
    client.force_login(wu_manager)
    assert wu_manager.display_name in words(client.get("/"))
    client.logout()
    text = words(client.get("/"))
    assert wu_manager.display_name not in text
    assert "登录" in text
    assert "找「江」" in words(client.get("/", {"q": "江"}))
    assert "找「江」" not in words(client.get("/"))
    assert "41 个规划单位中" in words(client.get("/"))
    assert "39 个现行单位中" in words(client.get("/", {"basis": "current"}))


def test_what_came_past_the_portal_shows_within_a_minute(client, monkeypatch):
    assert KEPT <= 60
    client.get("/")
    District.objects.filter(code="500151").update(name="铜梁新名")
    assert "铜梁新名" not in client.get("/").text
    later = time.time() + 61
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: later)
    assert "铜梁新名" in client.get("/").text


def test_headings_do_not_skip_and_ids_are_unique(client):
    response = client.get("/", {"as_of": DAY, "q": "江"})
    levels = headings(response)
    assert levels[0] == levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(ids(response)) == len(set(ids(response)))


def test_nothing_inline(client):
    html = client.get("/", {"as_of": DAY}).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "<script" not in html


def test_only_reading(client):
    assert client.post("/").status_code == 405
