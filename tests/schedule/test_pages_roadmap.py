"""The roadmap: one row per year, on any day, in any edition of the plan."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schedule.services.plans import replan
from schedule.services.reading import today
from tests.reader import headings, ids, links, tables, words

pytestmark = pytest.mark.usefixtures("reference")

DAY = "2026-11-23"
PLANNED = {2022: 4, 2023: 2, 2024: 5, 2025: 7, 2026: 4, 2027: 5, 2028: 9, 2029: 2, 2030: 3}


@pytest.fixture
def second_edition(zhou_inspector):
    return replan(
        changes={"500151": 2027}, by=zhou_inspector, reason="校舍改造", document_number="文1号"
    )


def rows_of(response) -> dict[int, str]:
    """Year → what its row says."""
    found = [row for table in tables(response)[:-1] for row in table[1:]]
    return {int(row[0][:4]): " ".join(row) for row in found}


def test_one_row_per_year_with_the_units_of_the_plan(client):
    rows = rows_of(client.get("/roadmap/", {"as_of": DAY}))
    assert list(rows) == list(PLANNED)
    cumulative = 0
    for year, planned in PLANNED.items():
        cumulative += planned
        assert f"规划 {planned}，累计 {cumulative}" in rows[year]
    assert "九龙坡区 2025年3月14日通过国家认定 · 比规划晚 1 年 2 个月(439 天)" in rows[2023]
    assert "江北区 已撤并，待市级明确 · 并入两江新区" in rows[2023]
    assert "涪陵区 已过规划年份，待核" in rows[2025]
    assert "城口县 还没有通过的记录，未到期，应在 2030 年底前通过" in rows[2030]


def test_phases_are_sections(client):
    text = words(client.get("/roadmap/", {"as_of": DAY}))
    for phase, planned, cohort, inside, due, reached in (
        ("试点推进阶段 2021–2023", 6, 4, 0, 6, 0),
        ("整体推进阶段 2024–2028", 30, 0, 10, 36, 10),
        ("攻坚推进阶段 2029–2030", 5, 0, 0, 41, 10),
    ):
        assert (
            f"{phase} 目标 {planned}，规划 {planned}，本阶段单位至今通过 至少 {cohort}；"
            f"阶段内通过 {inside}；累计应有 {due}，已有 {reached}"
        ) in text


def test_totals_add_up_on_both_bases(client):
    plan = tables(client.get("/roadmap/", {"as_of": DAY}))[-1]
    current = tables(client.get("/roadmap/", {"as_of": DAY, "basis": "current"}))[-1]
    assert plan[-1] == ["合计", "41", "", "10", ""]
    assert current[-1] == ["合计", "39", "", "9", ""]
    assert [int(row[2]) for row in current[1:-1]] == [3, 4, 9, 16, 19, 24, 33, 35, 38]


def test_who_has_no_planned_year_has_a_row_of_its_own(client):
    """38 units have a year on the current basis, 两江新区 none: 39, and none is missing."""
    current = client.get("/roadmap/", {"as_of": DAY, "basis": "current"})
    undated = tables(current)[3]
    assert undated[1:] == [["规划未定年份", "–两江新区(行政区) 这一版规划没有列入"]]
    page = words(current)
    assert "算在现行单位里，规划没有给它安排年份" in page
    units = [address for address in links(current) if address.startswith("/districts/")]
    shown = [address for address in units if address != "/districts/"]  # the list of all of them
    assert len(shown) == len(set(shown)) == 39
    for asked in ({"as_of": DAY}, {"as_of": "2025-11-05", "basis": "current"}):
        assert "规划未定年份" not in words(client.get("/roadmap/", asked))


def test_the_plan_in_force_shows_what_changed(client, second_edition):
    response = client.get("/roadmap/")
    rows = rows_of(response)
    assert "铜梁区" not in rows[2026]
    assert "铜梁区 原计划 2026 年" in rows[2027]
    text = words(response)
    assert "与 2022 年原计划相比，有 1 个单位改了年份" in text
    assert "第 2 版 规划调整 · 执行中" in text
    assert "来源：文1号 · 没有网址 · 未核对 校舍改造" in text
    assert "/roadmap/?version=1" in links(response)


def test_an_earlier_edition_can_be_read(client, second_edition):
    response = client.get("/roadmap/", {"version": "1"})
    assert "铜梁区" in rows_of(response)[2026]
    assert "正在看第 1 版规划。当天执行的是第 2 版。" in words(response)
    assert "/api/v1/schedule/?version=1&format=csv" in links(response)


def test_yesterday_shows_the_plan_of_yesterday(client, second_edition):
    yesterday = (today() - timedelta(days=1)).isoformat()
    response = client.get("/roadmap/", {"as_of": yesterday})
    assert "铜梁区" in rows_of(response)[2026]
    assert "第 2 版" not in words(response)


@pytest.mark.parametrize("version", ["2", "0", "-1", "x", "9" * 3000, "1;DROP"])
def test_an_unknown_edition_gets_a_sentence(client, version):
    response = client.get("/roadmap/", {"version": version})
    assert response.status_code == 400
    assert "版规划，或当时还未发布；可看第 1 到 1 版。" in words(response)


def test_a_wrong_year_of_the_calendar_gets_a_sentence(client):
    assert client.get("/roadmap/", {"as_of": "2026-13-01"}).status_code == 400


def test_files_to_download(client):
    found = links(client.get("/roadmap/"))
    assert "/api/v1/schedule/?version=1&format=xlsx" in found
    assert client.get("/api/v1/schedule/?version=1&format=xlsx").status_code == 200
    assert client.get("/api/v1/schedule/?version=1&format=csv").status_code == 200
    assert client.get("/api/v1/docs/").status_code == 200


def test_same_number_of_queries_for_2_and_8_moved_units(client, zhou_inspector):
    def queries_after(moved: dict[str, int]) -> int:
        replan(changes=moved, by=zhou_inspector, reason="校舍改造", document_number="y")
        with CaptureQueriesContext(connection) as captured:
            client.get("/roadmap/")
        return len(captured)

    later = ["500101", "500117", "500110", "500154", "500156", "500236", "500241", "500242"]
    assert queries_after(dict.fromkeys(later[:2], 2029)) == queries_after(
        dict.fromkeys(later[2:], 2030)
    )


def test_headings_do_not_skip_and_ids_are_unique(client):
    response = client.get("/roadmap/", {"as_of": DAY})
    levels = headings(response)
    assert levels[0] == levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(ids(response)) == len(set(ids(response)))
