"""The public indicator pages: complete, worked through, in both languages, without a draft."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from districts.models import User
from indicators.calculation.evaluate import evaluate
from indicators.models import Indicator, Standard
from indicators.presenting import Presented
from indicators.services import drafts
from tests.indicators.calculation.builders import make_payload, make_school

CODES = [
    f"{group}{n}"
    for group, last in zip("ABCD", (7, 15, 9, 1), strict=True)
    for n in range(1, last + 1)
]


def text(response: Any) -> str:
    """What a reader sees, spaces joined."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_the_list_shows_all_indicators_and_the_rules(client: Client, standard: Standard) -> None:
    page = client.get("/indicators/")
    words = text(page)
    for code in CODES:
        assert f'href="/indicators/{code}/"' in page.content.decode()
    for sentence in (
        "共 32 项指标",
        "至少 6 项达标，其余不低于达标值的 85%",
        "小学不超过 0.50，初中不超过 0.45",
        "校际差异率 低于 0.15",
        "弄虚作假",
    ):
        assert sentence in words


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", [("/", "page")]),
        ("/indicators/", [("/indicators/", "page")]),
        ("/indicators/D1/", [("/indicators/", "true")]),
        ("/atlas/indicators/D1/", [("/indicators/", "true")]),
        ("/districts/", [("/districts/", "page")]),
        ("/districts/500106/", [("/districts/", "true")]),
        ("/atlas/alike/500106/", [("/districts/", "true")]),
        ("/roadmap/", [("/roadmap/", "page")]),
        ("/atlas/", []),
    ],
)
def test_the_header_marks_where_one_is(
    client: Client, reference: None, path: str, marked: list[tuple[str, str]]
) -> None:
    for prefix in ("", "/en"):
        header = client.get(prefix + path).text.partition("site-nav")[2].partition("</nav>")[0]
        found = re.findall(r'href="([^"]*)" aria-current="(\w+)"', header)
        assert found == [(prefix + address, how) for address, how in marked]


@pytest.mark.parametrize("code", CODES)
def test_every_indicator_has_its_page(client: Client, standard: Standard, code: str) -> None:
    for prefix in ("", "/en"):
        response = client.get(f"{prefix}/indicators/{code}/")
        assert response.status_code == 200
        assert f"<h1>{code} " in response.content.decode()
        assert "style=" not in response.content.decode()
    chinese = text(client.get(f"/indicators/{code}/"))
    in_force = Standard.objects.get(code="2017.1")
    assert in_force.indicators.get(code=code).wording in chinese


def test_part_a_is_worked_through_with_numbers(client: Client, standard: Standard) -> None:
    """By hand: 2100 ÷ 480 = 4.375; 4.5 × 480 − 2100 = 60; 4.5 × 0.85 = 3.825."""
    words = text(client.get("/indicators/A4/"))
    assert "2100 ÷ 480 = 4.38" in words
    assert "还差 60 ㎡" in words
    assert "3.825 ㎡" in words
    assert "限值 0.50" in words
    assert "丁教学点人数不足，不参与测算。" in words


def test_district_figures_are_worked_through(client: Client, standard: Standard) -> None:
    """By hand: 1180 − 60 + 55 = 1175 of 1210 − 2 = 1208, which is 97.3 %."""
    assert "1175 ÷ 1208 = 97.3%" in text(client.get("/indicators/C1/"))
    assert "乙小学：五年培训满360学时专任教师数 18，要求 19" in text(client.get("/indicators/B9/"))


def test_sources_of_figures_and_open_points(client: Client, standard: Standard) -> None:
    words = text(client.get("/indicators/A2/"))
    assert "教育事业统计报表 教基1102" in words
    assert "不足 50 人的教学点不参加七项测算" in words  # settled by the form, no longer asked
    assert "「不足 50 人」还是「50 人及以下」" not in words
    assert "学生和校舍是否并入中心校" in words
    b7 = text(client.get("/indicators/B7/"))
    assert "现行做法：6000 元。默认：6000 元。" in b7


def test_english_pages_use_the_english_texts(client: Client, standard: Standard) -> None:
    words = text(client.get("/en/indicators/B5/"))
    assert "B5 Class size" in words
    assert "Largest primary class" in words


def test_english_sets_no_gap_before_per_cent(client: Client, standard: Standard) -> None:
    for code in ("B11", "B13", "B15", "C1", "C4"):
        words = text(client.get(f"/en/indicators/{code}/"))
        assert "%" in words
        assert " %" not in words.replace("\N{NO-BREAK SPACE}", " "), code


def test_unknown_codes_are_not_found(client: Client, standard: Standard) -> None:
    for code in ("Z1", "A0", "a1", "A1'"):
        assert client.get(f"/indicators/{code}/").status_code == 404
    assert client.post("/indicators/").status_code == 405


def test_without_a_standard_in_force_the_page_says_so(client: Client, empty_tables: None) -> None:
    assert "还没有施行的标准" in text(client.get("/indicators/"))
    assert client.get("/indicators/A1/").status_code == 404


def test_a_draft_shows_nowhere(client: Client, draft: Standard, wu_manager: User) -> None:
    row = Indicator.objects.get(standard=draft, code="A1")
    drafts.change(row=row, by=wu_manager, name="<b>草稿中的名称</b>")
    assert "草稿中的名称" not in text(client.get("/indicators/"))


def test_the_list_asks_as_often_for_two_as_for_all(client: Client, standard: Standard) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/indicators/")
        return len(captured)

    client.get("/indicators/")
    for_all = queries()
    Indicator.objects.exclude(code__in=("A1", "B3")).delete()
    assert queries() == for_all


def test_a_limit_on_several_figures_names_each_of_them() -> None:
    """B4 adds the pupils of two stages; the page used to call the sum 自评结论和佐证."""
    crowded = make_school(1, "九年一贯制", pupils_primary=2000, pupils_junior=900)
    page = Presented(evaluate(make_payload(crowded)), [Indicator(code="B4", name="学校规模")])
    with override("zh-hans"):
        (check,) = page.row_of(page.indicators[0]).checks
        assert check.failing == ("第1学校：小学在校生数 + 初中在校生数 2900，要求 2500",)
        assert page.verdict_of("B4") == "not_met"


def test_the_standard_says_what_is_unknown_of_its_source(
    client: Client, standard: Standard
) -> None:
    for page in ("/indicators/", "/indicators/B7/"):
        assert "教督〔2017〕6号 · 没有网址 · 未核对" in text(client.get(page))
