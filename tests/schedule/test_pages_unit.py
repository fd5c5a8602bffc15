"""The page of a unit: state, plan, history, steps, reorganisation and what comes next."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import District
from districts.wording import day_text
from schedule.models import CertificationStep
from schedule.services.certifications import record_event
from schedule.services.plans import replan
from schedule.services.reading import today
from tests.reader import headings, ids, links, words

pytestmark = pytest.mark.usefixtures("reference")

DAY = {"as_of": "2026-11-23"}


def step(name: str, year: int = 2025) -> CertificationStep:
    return CertificationStep.objects.get(year=year, name=name)


def test_a_certified_unit(client):
    response = client.get("/districts/500106/", DAY)
    text = words(response)
    assert "通过了吗 2025年3月14日通过国家认定 比规划晚 2 年 2 个月(804 天)" in text
    assert "列入 2024 年名单" in text
    assert "来源：教督函〔2025〕3号" in text
    assert "https://cq.gov.cn/zt/yyztls/lsjcx/202503/t20250321_14429313.html" in links(response)
    assert "认定要走的环节（2024 年）" in text
    assert "规划年份 2022 年 阶段 试点推进阶段 2021–2023" in text


def test_the_day_before_it_was_announced(client):
    text = words(client.get("/districts/500106/", {"as_of": "2025-03-13"}))
    assert "已过规划年份，未通过 已晚 2 年 2 个月(803 天)" in text
    assert "还没有公开的认定记录。" in text


def test_a_unit_whose_year_has_come(client):
    text = words(client.get("/districts/500151/", DAY))
    assert "通过了吗 还没有通过的记录，未到期，应在 2026 年底前通过" in text
    assert "先由区县自评，达标后报市级督导评估，再由市里申请国家认定。" in text
    assert "认定要走的环节（2025 年） 环节每年由国家公布，这里是已知最近一年的。" in text
    assert "原计划" not in text


def test_an_abolished_unit_keeps_its_page(client):
    response = client.get("/districts/500105/", DAY)
    text = words(response)
    assert response.status_code == 200
    assert "通过了吗 已撤并，待市级明确 并入两江新区" in text
    assert "江北区从2025年11月6日起不再设立。" in text
    assert "任务由谁承担，待市级明确" in text
    assert "通过国家认定" not in text
    assert "认定要走的环节" not in text


def test_what_went_where_is_told_in_english_too(client):
    page = client.get("/en/districts/500105/", DAY).text
    assert "Jiangbei was abolished; all of it went into the newly established" in page
    assert "全部并入新设立的行政区" not in page


def test_an_abolished_unit_on_its_last_day(client):
    text = words(client.get("/districts/500105/", {"as_of": "2025-11-05"}))
    assert "不再设立" not in text
    assert "已过规划年份，未通过" in text


def test_the_successor_does_not_inherit_quietly(client):
    text = words(client.get("/districts/500157/", DAY))
    assert "江北区、渝北区的规划任务由谁承担，待市级明确" in text
    assert "江北区撤销，整体并入两江新区" in text


def test_steps_show_where_a_unit_stands(client, tongliang, zhou_inspector):
    for name, result in (("区县自评", "passed"), ("市级督导评估", "started")):
        record_event(
            district=tongliang,
            step=step(name),
            result=result,
            day=date(2026, 9, 1),
            by=zhou_inspector,
        )
    text = words(client.get("/districts/500151/", DAY))
    assert "区县或市级评估中" in text
    assert "正在进行「市级督导评估」，等待结果。" in text
    assert "市级督导评估 市级 · 2026年9月1日 已进入" in text
    assert "申请国家认定 市级 资格审查 国家" in text


def test_steps_nobody_recorded_are_not_claimed(client, tongliang, zhou_inspector):
    record_event(
        district=tongliang,
        step=step("集中汇审"),
        result="passed",
        day=date(2026, 9, 1),
        by=zhou_inspector,
    )
    response = client.get("/districts/500151/", DAY)
    text = words(response)
    assert text.count("其余环节没有单独的记录。") == 1
    assert response.text.count('class="is-reached"') == 1
    assert "指标审核 国家 集中汇审 国家 · 2026年9月1日 通过 公布认定结果 国家" in text
    assert "已走过" not in text


@pytest.mark.parametrize(
    ("name", "result", "sentence"),
    [
        ("区县自评", "passed", "接下来是「市级督导评估」。"),
        ("区县自评", "failed", "最近一次「区县自评」没有通过；整改后可再次申请。"),
        ("公布认定结果", "passed", "各环节都已走完，等待公布结果。"),
    ],
)
def test_next_step_in_plain_words(client, tongliang, zhou_inspector, name, result, sentence):
    record_event(
        district=tongliang, step=step(name), result=result, day=date(2026, 9, 1), by=zhou_inspector
    )
    assert sentence in words(client.get("/districts/500151/", DAY))


def test_four_questions_are_the_page(client):
    text = words(client.get("/districts/500151/", {"as_of": "2026-11-28"}))
    assert "什么时候 规划 2026 年底前，还有 33 天 先由区县自评" in text
    assert "还差什么 还没有可以公开的自查结果" in text
    assert "找谁" not in text  # absent while nobody is known
    District.objects.filter(code="500151").update(publication_page="http://example.gov.cn/jydd/")
    assert "找谁 区县的督导评估公开页" in words(client.get("/districts/500151/"))


@pytest.mark.parametrize(
    ("code", "day", "sentence"),
    [
        ("500151", "2026-12-31", "规划 2026 年底前，还有 0 天"),
        ("500151", "2025-12-31", "规划 2026 年底前 先由"),
        ("500106", "2022-12-30", "规划 2022 年底前，还有 1 天"),
        ("500106", "2026-11-23", "规划 2022 年底前 按规划，2029–2030年"),  # certified
        ("500112", "2026-11-23", "规划 2026 年底前 单位已撤并"),
        ("500157", "2026-11-23", "规划没有给它安排年份 这一版规划没有"),
    ],
)
def test_days_are_counted_while_something_is_to_be_reached(
    client, monkeypatch, code, day, sentence
):
    monkeypatch.setattr("schedule.services.reading.today", lambda: date(2026, 12, 31))
    assert f"什么时候 {sentence}" in words(client.get(f"/districts/{code}/", {"as_of": day}))


def test_its_way_is_told_in_order_with_what_is_only_intended(client, zhou_inspector):
    replan(
        changes={"500106": 2023}, by=zhou_inspector, reason="校舍<改造>", document_number="文1号"
    )
    response = client.get("/districts/500106/")
    way = response.text[response.text.index('<ol class="time"') :]
    stops = re.findall(r'<li(?: class="(\w+)")?>\s*<time[^>]*>([^<]+)</time>', way)
    assert stops == [
        ("", "2022年1月8日"),
        ("plan", "2023年12月31日"),
        ("", "2025年3月14日"),
        ("", day_text(today())),
        ("today", "今天"),
    ]
    text = words(response)
    assert "第 1 版规划列入 2022 年" in text
    assert "第 2 版规划改为 2023 年 校舍<改造> 来源：文1号" in text


def test_a_changed_year_stands_beside_the_original(client, zhou_inspector):
    replan(changes={"500151": 2027}, by=zhou_inspector, reason="校舍改造", document_number="文1号")
    assert "规划年份 2027 年 原计划 2026 年" in words(client.get("/districts/500151/"))


def test_unsafe_sources_are_words_not_links(client, tongliang, zhou_inspector):
    """The service refuses such a source; a row that came another way is harmless all the same."""
    event = record_event(
        district=tongliang,
        step=step("区县自评"),
        result="started",
        day=date(2026, 9, 1),
        by=zhou_inspector,
        document_number="<i>1号",
        note="<b>说明",
    )
    type(event).objects.filter(pk=event.pk).update(source="javascript:alert(1)")
    response = client.get("/districts/500151/", DAY)
    assert "javascript:" not in response.content.decode()
    assert "<i>1号" in words(response)
    assert "<b>说明" in words(response)


@pytest.mark.parametrize("code", ["999999", "500106x", "..%2f", "<b>", "ljxq"])
def test_unknown_units_are_not_found(client, code):
    response = client.get(f"/districts/{code}/")
    assert response.status_code == 404
    assert "没有找到这个页面" in words(response)
    assert client.get("/districts/%00/").status_code == 400


def test_a_bad_day_gets_a_sentence(client):
    response = client.get("/districts/500151/", {"as_of": "gestern"})
    assert response.status_code == 400
    assert "日期「gestern」读不懂" in words(response)


def test_same_number_of_queries_for_2_and_9_events(client, tongliang):
    def queries_after(orders: range) -> int:
        for order in orders:
            record_event(
                district=tongliang,
                step=CertificationStep.objects.get(year=2025, order=order),
                result="started",
                day=date(2026, 9, 1),
                by=None,  # an application would be weighed
            )
        with CaptureQueriesContext(connection) as captured:
            client.get("/districts/500151/")
        return len(captured)

    assert queries_after(range(1, 3)) == queries_after(range(3, 10))


@pytest.mark.parametrize("code", ["500106", "500105", "LJXQ", "500151"])
def test_headings_do_not_skip_and_ids_are_unique(client, code):
    response = client.get(f"/districts/{code}/", DAY)
    levels = headings(response)
    assert levels[0] == levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(ids(response)) == len(set(ids(response)))
