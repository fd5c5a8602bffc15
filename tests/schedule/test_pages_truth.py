"""What is announced, what is named and what nobody can say: told apart on every public page."""

from datetime import date

import pytest
from django.test import Client

from districts.models import District, User
from schedule.models import CertificationEvent, CertificationList, CertificationStep
from schedule.services.certifications import record_event
from tests.reader import links, tables, words
from tests.schedule.test_pages_drawings import tiles

pytestmark = pytest.mark.usefixtures("reference")

DAY = {"as_of": "2026-11-28"}
BEFORE = {"as_of": "2026-01-11"}  # the day before the list of six was announced


def drawn(client: Client, **asked: str) -> dict[str, int]:
    found = tiles(client.get("/", asked).text)
    return {state: found.count(state) for state in set(found)}


def certify(district: District, by: User) -> None:
    """It is named as one of the six."""
    record_event(
        district=district,
        step=CertificationStep.objects.get(year=2025, is_announcement=True),
        result="certified",
        day=date(2026, 1, 12),
        by=by,
        list=CertificationList.objects.get(name="2025年第一批"),
        document_number="试1号",
        source="https://example.org/list",
    )


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("/", "截至2026年11月28日，41 个规划单位中已公布 10 个通过国家认定，其中 6 个的名单待核"),
        (
            "/roadmap/",
            "截至2026年11月28日，41 个规划单位中已公布 10 个通过国家认定，其中 6 个的名单待核",
        ),
        (
            "/en/",
            "10 of 41 units of the plan are announced as nationally certified, 6 of them",
        ),
    ],
)
def test_ten_are_announced_and_six_of_them_have_no_name(
    client: Client, page: str, sentence: str
) -> None:
    assert sentence in words(client.get(page, DAY))


def test_who_may_be_among_the_six_is_not_drawn_as_late(client: Client) -> None:
    assert drawn(client, **DAY) == {"pass": 4, "unk": 13, "idle": 22, "gone": 2}
    assert drawn(client, **BEFORE) == {
        "pass": 4, "late": 13, "idle": 22, "gone": 2,
    }  # fmt: skip
    text = words(client.get("/", DAY))
    assert text.count("13 个单位已过规划年份，6 个名单待核。") == 1
    assert "还没有通过国家认定。" not in text
    assert "已晚" not in text
    assert "已公布通过，名单待核 6" in text
    before = words(client.get("/", BEFORE))
    assert "13 个单位已过规划年份，还没有通过国家认定。" in before
    assert "待核" not in before.split("最近的变化")[0]


def test_the_table_twin_says_the_same(client: Client) -> None:
    rows = {row[0]: row[2] for row in tables(client.get("/", DAY))[1][1:]}
    assert rows["黔江区"] == "已过规划年份，待核"
    assert rows["铜梁区"] == "还没有通过的记录，未到期，应在 2026 年底前通过"
    before = {row[0]: row[2] for row in tables(client.get("/", BEFORE))[1][1:]}
    assert before["黔江区"].startswith("已过规划年份，未通过 · 已晚 1 年")
    assert before["铜梁区"] == "还没有通过，未到期，应在 2026 年底前通过"


def test_a_unit_that_may_be_among_them_says_so(client: Client) -> None:
    sentence = "重庆还有 6 个单位没有来源写明名称，不能确定是哪几个。"
    assert sentence in words(client.get("/districts/500114/", DAY))
    assert sentence not in words(client.get("/districts/500106/", DAY))  # certified
    assert sentence not in words(client.get("/districts/500105/", DAY))  # abolished before


def test_a_name_that_becomes_known_is_a_certified_unit(
    client: Client, wu_manager: User, tongliang: District
) -> None:
    certify(tongliang, wu_manager)
    text = words(client.get("/", DAY))
    assert "已公布 10 个通过国家认定，其中 5 个的名单待核" in text
    assert "铜梁区 ●已通过国家认定 2026年1月12日通过国家认定 · 按规划年份通过" in text


def test_14_missing_and_13_late_differ_by_an_abolished_unit(client: Client) -> None:
    """18 due: 4 + 13 + 江北. Before the list of six 14 are missing; six more leave eight."""
    parts = "4 个已通过，13 个已过规划年份，1 个已撤并、待市级明确（江北区）"
    head = f"规划到 2025 年底应有 18 个：{parts}"
    for page in ("/", "/roadmap/"):
        assert f"{head}，合起来差 14 个。" in words(client.get(page, BEFORE))
        assert f"{head}，另公布 6 个待核，合起来差 8 个。" in words(client.get(page, DAY))


def test_the_current_basis_says_why_it_counts_one_less(client: Client) -> None:
    sentence = "已通过国家认定，如今不再是单独的单位，所以现行口径比规划口径少 1 个"
    for page in ("/", "/roadmap/"):
        text = words(client.get(page, {**DAY, "basis": "current"}))
        assert f"两江新区(功能区){sentence}" in text
        assert "39 个现行单位中已公布 9 个通过国家认定，其中 6 个的名单待核" in text
        assert sentence not in words(client.get(page, DAY))
        assert sentence not in words(client.get(page, {"as_of": "2025-11-05", "basis": "current"}))


def test_the_list_of_six_is_told_with_its_sources(client: Client) -> None:
    response = client.get("/", DAY)
    text = words(response)
    assert (
        "2026年1月12日 国家公布认定名单「2025年第一批」：重庆 6 个，其中 6 个没有来源写明名称"
        in text
    )
    assert "首次报道日;文件日期和文号待核" in text
    assert "https://reportify.ai/news/1208259650995228672" in links(response)
    assert "http://xiaofei.caiding5.cn/dianshang/125758.html" in links(response)


def test_a_name_that_is_not_counted_here_lowers_the_total_and_says_why(
    client: Client, wu_manager: User
) -> None:
    """500157 is none of the 41: ten become nine on the plan's basis; today's basis keeps nine."""
    sentence = (
        "两江新区(行政区)已通过国家认定，但不在这里计数的 41 个单位之内："
        "名称待核时算在公布数里，写明名称后总数就少 1 个。"
    )
    for page in ("/", "/roadmap/"):
        assert "写明名称后总数就少" not in words(client.get(page, DAY))
    certify(District.objects.get(code="500157"), wu_manager)
    for page in ("/", "/roadmap/"):
        text = words(client.get(page, DAY))
        assert "已公布 9 个通过国家认定，其中 5 个的名单待核" in text
        assert text.count(sentence) == 1
        current = words(client.get(page, {**DAY, "basis": "current"}))
        assert "已公布 9 个通过国家认定，其中 5 个的名单待核" in current
        assert "写明名称后总数就少" not in current


# -- sources -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/roadmap/", "/districts/500151/"])
def test_the_plan_by_which_all_is_measured_says_what_is_unknown_of_it(
    client: Client, page: str
) -> None:
    source = "文号不详；此件依申请公开，没有公开网址 · 未核对"
    assert f"规划来源：{source}" in words(client.get(page, DAY))


def test_a_document_whose_page_does_not_name_it(client: Client) -> None:
    text = words(client.get("/districts/500106/", DAY))
    assert "来源：教督函〔2025〕3号 · 来源页未载文号和公布日 · 未核对" in text


def test_a_reorganisation_without_a_number_says_so(client: Client) -> None:
    response = client.get("/districts/500105/", DAY)
    assert "来源：来源页 · 未载文号 · 未核对" in words(response)
    assert "http://chinasei.com.cn/zcjd/202511/t20251107_78563.html" in links(response)


def test_what_was_checked_names_the_day(client: Client) -> None:
    CertificationEvent.objects.filter(result="certified").update(checked_on=date(2026, 11, 20))
    text = words(client.get("/districts/500106/", DAY))
    assert "来源页未载文号和公布日 · 2026年11月20日核对" in text


def test_what_has_no_source_says_so(
    client: Client, tongliang: District, zhou_inspector: User
) -> None:
    step = CertificationStep.objects.get(year=2025, name="市级督导评估")
    facts = {"district": tongliang, "step": step, "result": "started", "day": date(2026, 9, 1)}
    record_event(**facts, by=zhou_inspector)
    assert "来源：没有写明来源" in words(client.get("/districts/500151/", DAY))


# -- public steps --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "day", "link"),
    [
        ("500156", "2025年4月21日", "cqwl.gov.cn/zwxx_170/bmzj/202504/t20250421_14537861.html"),
        ("500153", "2025年5月7日", ""),
        ("GXQ", "2025年12月1日", "ywjyly/jydd/ywjyjhfzddpg/202512/t20251202_15203953.html"),
    ],
)
def test_a_published_self_evaluation_is_a_dated_event(
    client: Client, code: str, day: str, link: str
) -> None:
    response = client.get(f"/districts/{code}/", DAY)
    assert f"{day} 公布「区县自评」报告" in words(response)
    assert not link or any(address.endswith(link) for address in links(response))
    assert link or "完整网址待核" in words(response)


def test_it_does_not_say_how_far_the_unit_has_come(client: Client) -> None:
    found = client.get("/api/v1/districts/500156/", DAY).json()
    assert found["status"] == "not_started"
    events = client.get("/api/v1/certifications/", {"district": "500156"}).json()["results"]
    assert [(row["result"], row["date"]) for row in events] == [("published", "2025-04-21")]


def test_a_unit_leads_to_its_own_page_when_it_is_known(client: Client) -> None:
    page = "/districts/500156/"
    assert "督导评估公开页 还不知道" in words(client.get(page))
    address = "http://example.gov.cn/jydd/"
    District.objects.filter(code="500156").update(publication_page=address)
    assert address in links(client.get(page))
    District.objects.filter(code="500156").update(publication_page="javascript:alert(1)")
    assert "javascript:" not in client.get(page).text


def test_the_area_that_was_certified_leaves_its_certification_open(client: Client) -> None:
    sentence = "规划口径仍计它已通过；认定是否由承接单位延续，待市级明确。"
    assert f"从2025年11月6日起不再设立。{sentence}" in words(client.get("/districts/LJXQ/", DAY))
    assert sentence not in words(client.get("/districts/500105/", DAY))
    assert sentence not in words(client.get("/districts/LJXQ/", {"as_of": "2025-11-05"}))
