"""J7: an inspector moves a unit, sees the impact first, gives reason and document, publishes."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import services as audit
from audit.models import Entry
from districts.models import District
from schedule.models import PlannedCertification, PlanVersion
from schedule.services import plans, reading

URL = "/admin/schedule/planversion/replan/"
LIST = "/admin/schedule/plannedcertification/"
WHY = {"reason": "两所学校改扩建推迟", "document_number": "渝教督〔2026〕12号"}


@pytest.fixture
def browser(signed_in, zhou_inspector):
    return signed_in(zhou_inspector)


def rows_of(page):
    """The table of years as text: year → (year before, after, cumulative before, after)."""
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page.text, re.S):
        cells = [
            re.sub(r"<span.*?</span>|<[^>]+>|\s", "", cell)
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        if len(cells) == 6 and cells[0].isdigit():
            found[int(cells[0])] = tuple(map(int, cells[1:5]))
    return found


def choose(browser, **years):
    chosen = {f"year_{code.removeprefix('u')}": year for code, year in years.items()}
    return browser.post(URL, {"base": 1, "preview": "1", **chosen})


def publish(browser, *changes, version=1, **told):
    form = {"change": changes, "expected_version": version, "publish": "1", **WHY, **told}
    return browser.post(URL, form)


def test_j7_moving_tongliang_from_2026_to_2027(browser, zhou_inspector):
    page = browser.get(f"{LIST}?q=铜梁")
    link = re.search(r'href="(/admin/schedule/planversion/replan/\?unit=500151)"', page.text)[1]
    page = browser.get(link)
    assert '<option value="2026" selected>' in page.text
    page = choose(browser, u500151=2027)
    assert rows_of(page)[2026] == (4, 3, 22, 21)
    assert rows_of(page)[2027] == (5, 6, 27, 27)
    assert rows_of(page)[2028] == (9, 9, 36, 36)
    assert "到 2028 年应达 36 个：不受影响（36 个）。" in page.text
    assert PlanVersion.objects.count() == 1, "looking stores nothing"
    done = publish(browser, "500151:2027")
    version = PlanVersion.objects.get(number=2)
    assert done.url == f"/admin/schedule/planversion/{version.pk}/change/"
    assert "第 2 版规划已发布" in browser.get(done.url).text
    assert version.entries.get(district__code="500151").year == 2027
    first = PlanVersion.objects.get(number=1)
    assert first.entries.get(district__code="500151").year == 2026
    yesterday = reading.position_on(reading.today() - timedelta(days=1))
    assert yesterday.version == first
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.reason) == ("plan.publish", "inspector", WHY["reason"])
    assert entry.changes == {"500151": [2026, 2027]}
    assert audit.verify() is None


def test_a_missed_milestone_is_told_in_words(browser):
    page = choose(browser, u500114=2024, u500151=2029)
    assert rows_of(page)[2028][2:] == (36, 35)
    assert "到 2028 年应达 36 个：调整后只有 35 个，达不到（原来 36 个）" in page.text
    assert "到 2023 年应达 6 个：不受影响（6 个）。" in page.text


def test_a_double_click_publishes_once_and_says_so(browser, sun_inspector):
    first, again = (publish(browser, "500151:2027") for _click in range(2))
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert PlanVersion.objects.count() == 2
    assert publish(browser, "500151:2027", reason="另一个原因").status_code == 422
    assert publish(browser, "500151:2027", "500118:2027").status_code == 422
    assert PlanVersion.objects.count() == 2


def test_the_same_publication_of_somebody_else_is_no_repeat(browser, signed_in, sun_inspector):
    publish(browser, "500151:2027")
    assert publish(signed_in(sun_inspector), "500151:2027").status_code == 422


def test_what_is_probably_a_slip_is_said_before_publishing(browser):
    page = choose(browser, u500106=2030, u500151=2022, u500118=2027)
    assert page.status_code == 200
    assert page.context["warnings"] == [
        "沙坪坝区已于 2025年3月14日通过国家认定，改规划年份不影响认定结果。",
        "铜梁区还没有通过国家认定，而 2022 年已经过去：发布后立即算逾期。",
    ]
    assert "发布后立即算逾期。" in page.text
    assert "请再核对" not in choose(browser, u500151=2027).text


@pytest.mark.parametrize("missing", ["reason", "document_number"])
def test_reason_and_document_are_asked_for_beside_their_fields(browser, missing):
    page = publish(browser, "500151:2027", **{missing: "  "})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {missing}
    sentence = page.context["form"].errors[missing][0]
    assert page.text.count(sentence) == 2
    assert f'<a href="#id_{missing}">' in page.text
    kept = WHY["reason" if missing == "document_number" else "document_number"]
    assert kept in page.text, "what was typed stays"
    assert PlanVersion.objects.count() == 1


def test_a_version_published_meanwhile_shows_the_new_impact(browser, sun_inspector):
    page = choose(browser, u500151=2027)
    plans.replan(changes={"500118": 2027}, by=sun_inspector, **WHY)
    page = publish(browser, "500151:2027")
    assert page.status_code == 422
    assert "第 2 版规划已发布；请在新版上重新查看影响。" in page.text
    assert rows_of(page)[2026] == (3, 2, 21, 20)
    assert 'name="expected_version" value="2"' in page.text
    assert WHY["reason"] in page.text
    assert publish(browser, "500151:2027", version=2).status_code == 302
    newest = PlanVersion.objects.get(number=3)
    assert newest.entries.get(district__code="500118").year == 2027, "the other change stays"


def test_an_old_table_of_years_does_not_undo_what_others_published(browser, sun_inspector):
    planned = PlannedCertification.objects.filter(version__number=1)
    years = {
        f"year_{code}": year
        for code, year in planned.values_list("district__code", "year")
        if code not in {"500105", "500112"}
    }
    plans.replan(changes={"500118": 2027}, by=sun_inspector, **WHY)
    page = browser.post(URL, {"base": 1, "preview": "1", **years, "year_500151": 2027})
    assert [move.district.code for move in page.context["impact"].moves] == ["500151"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"base": 1, "year_500151": "2026"}, "规划年份没有变化"),
        ({"base": 1, "year_500151": "2031"}, "应在 2022 到 2030 之间"),
        ({"base": 1, "year_500151": "<b>"}, "「&lt;b&gt;」不是年份"),
        ({"base": "x", "year_500151": "2027"}, "不是年份或版本号"),
        ({"base": 1, "year_999999": "2027"}, "没有代码为「999999」的区县"),
        ({"base": 1, "year_500105": "2027"}, "江北区已撤并"),
        ({"change": ["500151:2027", "500151:2028"]}, "出现了两次"),
        ({"change": ["500151"]}, "不是年份"),
        ({}, "不是年份或版本号"),
    ],
)
def test_impossible_choices_get_a_sentence(browser, form, words):
    page = browser.post(URL, {"preview": "1", **form})
    assert page.status_code in {409, 422}
    assert words in page.text
    assert "有问题需要处理" in page.text


def test_going_back_keeps_the_chosen_years(browser):
    page = browser.post(URL, {"change": "500151:2027", "edit": "1"})
    assert '<option value="2027" selected>' in page.text
    assert page.context["wanted"][0].district.code == "500151"


@pytest.mark.parametrize(("who", "status"), [("wu_manager", 200), ("he_auditor", 403)])
def test_who_may_replan(request, signed_in, who, status):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(URL).status_code == status
    assert choose(client, u500151=2027).status_code == status


def test_chosen_units_go_to_the_page_together(browser):
    rows = PlannedCertification.objects.filter(district__code__in=["500151", "500118"])
    chosen = {"action": "adjust", "_selected_action": [row.pk for row in rows]}
    page = browser.post(LIST, chosen, follow=True)
    assert {row.district.code for row in page.context["wanted"]} == {"500151", "500118"}


def test_versions_are_only_looked_at(browser, signed_in, wu_manager):
    version = PlanVersion.objects.get()
    for client in (browser, signed_in(wu_manager)):
        url = f"/admin/schedule/planversion/{version.pk}/change/"
        assert 'name="_save"' not in client.get(url).text
        assert client.post(url, {"title": "别名"}).status_code == 403


def test_a_version_tells_the_two_liangjiang_apart_and_speaks_english(browser):
    url = f"admin/schedule/planversion/{PlanVersion.objects.get().pk}/change/"
    assert "重庆高新区、两江新区(功能区)</td>" in browser.get(f"/{url}").text
    assert "Tongliang 铜梁区" in browser.get(f"/en/{url}").text
    page = browser.post(f"/en{URL}", {"base": 1, "preview": "1", "year_500151": 2027})
    assert "Tongliang 铜梁区: 2026 → 2027" in page.text
    assert "Reason and document number are published with the new version." in page.text


def listed(browser, query):
    return {row.district.name for row in browser.get(LIST + query).context["cl"].result_list}


@pytest.mark.parametrize(
    ("query", "count", "name"),
    [
        ("", 41, "铜梁区"),
        ("?phase=2021", 6, "沙坪坝区"),
        ("?phase=2024", 30, "铜梁区"),
        ("?year=2026", 4, "铜梁区"),
        ("?status=certified", 4, "九龙坡区"),
        ("?status=abolished", 2, "江北区"),
        ("?status=late", 13, "重庆高新区"),
        ("?district__region=主城都市区&year=2024", 3, "渝中区"),
        ("?version=99", 41, "铜梁区"),
        ("?year=abc&phase=x&status=y", 41, "铜梁区"),
    ],
)
def test_filters_by_version_phase_year_region_and_status(browser, query, count, name):
    names = listed(browser, query)
    assert len(names) == count
    assert name in names


def test_the_newest_version_is_shown_unless_another_is_chosen(browser, zhou_inspector):
    plans.replan(changes={"500151": 2027}, by=zhou_inspector, **WHY)
    assert "铜梁区" in listed(browser, "?year=2027")
    assert "铜梁区" in listed(browser, "?year=2026&version=1")
    assert len(listed(browser, "")) == 41


def test_queries_do_not_grow_with_the_lists(browser, zhou_inspector):
    counts = []
    for query in ("?year=2023", "?phase=2024"):
        with CaptureQueriesContext(connection) as captured:
            browser.get(LIST + query)
        counts.append(len(captured))
    for count in (1, 20):
        while PlanVersion.objects.count() < count:
            year = 2026 + PlanVersion.objects.count() % 2
            plans.replan(changes={"500151": year}, by=zhou_inspector, **WHY)
        with CaptureQueriesContext(connection) as captured:
            browser.get("/admin/schedule/planversion/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]


def upload(browser, *rows, header="区县,规划年份"):
    file = SimpleUploadedFile("规划.csv", "\n".join([header, *rows]).encode())
    return browser.post(f"{LIST}import/", {"file": file})


def test_a_whole_plan_comes_in_as_a_proposal(browser):
    entries = PlannedCertification.objects.select_related("district")
    plan = {entry.district.name: entry.year for entry in entries}
    plan["铜梁区"] = 2027
    page = upload(browser, *(f"{name},{year}" for name, year in plan.items()))
    assert rows_of(page)[2026] == (4, 3, 22, 21)
    assert re.findall(r'name="change" value="([^"]+)"', page.text) == ["500151:2027"]
    assert PlanVersion.objects.count() == 1
    assert publish(browser, "500151:2027").status_code == 302


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        (["铜梁区,2031"], 2, "规划年份", "2022 到 2030"),
        (["铜梁区,明年"], 2, "规划年份", "2022 到 2030"),
        (["铜梁区,"], 2, "规划年份", "没有填"),
        (["火星区,2027"], 2, "区县", "没有这个区县"),
        (["铜梁区,2027", "500151,2028"], 3, "区县", "与第 2 行重复"),
        (["铜梁区,2027", "江北区,2027"], 3, "规划年份", "已撤并"),
    ],
)
def test_bad_plan_files_are_told_by_row_and_column(browser, rows, row, column, words):
    page = upload(browser, *rows)
    assert page.status_code == 422
    problem = page.context["result"].problems[0]
    assert (problem.row, problem.column) == (row, column)
    assert words in problem.sentence
    assert PlanVersion.objects.count() == 1


def test_a_plan_file_without_changes_is_told(browser):
    assert "没有要导入的内容" in upload(browser, "铜梁区,2026").text


def test_an_exported_plan_comes_back_unchanged(browser):
    exported = browser.post(f"{LIST}export/", {"format": "1", "resource": "0"}).content
    file = SimpleUploadedFile("规划.csv", exported)
    page = browser.post(f"{LIST}import/", {"file": file})
    assert "没有要导入的内容" in page.text
    assert District.objects.filter(valid_to__isnull=False).count() == 3
