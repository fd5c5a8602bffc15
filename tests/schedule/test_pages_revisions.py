"""The revision notes: what the public figures have said since when, corrections without their
reasons."""

import csv
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from districts.models import District
from schedule.models import CertificationEvent, CertificationList, CertificationStep
from schedule.services import certifications, lists
from schedule.services.plans import replan
from schedule.services.reading import today
from tests.reader import links, words

pytestmark = pytest.mark.usefixtures("reference")
PATH = "/changes/"
SECRET = "某科长口头说数错了"  # why somebody corrects is written for the record


@pytest.fixture
def later(monkeypatch):
    """Moves the portal's clock on by days from a fixed one."""
    start = timezone.make_aware(datetime(2027, 3, 1, 9))

    def _later(days):
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=days))

    _later(0)
    return _later


def table(client, path=PATH, **asked):
    answer = client.get(path, {"format": "csv", **asked})
    assert answer.status_code == 200
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    return rows[0], rows[1:]


def counts(client, **asked):
    """Day → how many the home page said before and since."""
    rows = table(client, **asked)[1]
    return {row[0]: (row[5], row[6]) for row in rows if row[4] == "已通过国家认定"}


def test_the_public_facts_stand_with_what_the_home_page_counted_since(client):
    # Four of the list of 2024, announced 2025-03-14; six nobody has named, 2026-01-12.
    assert counts(client) == {"2025-03-14": ("0", "4"), "2026-01-12": ("4", "10")}
    said = words(client.get(PATH))
    assert "首页的数：已通过国家认定 4 → 10 个" in said
    assert said.index("2026年1月12日") < said.index("2025年3月14日") < said.index("2022年1月8日")
    assert "第 1 版规划发布" in said
    assert "国家公布认定名单「2025年第一批」：重庆 6 个" in said


def test_on_a_day_it_says_what_it_said_then(client):
    assert counts(client, as_of="2025-12-31") == {"2025-03-14": ("0", "4")}
    assert "2026年1月12日" not in words(client.get(PATH, {"as_of": "2025-12-31"}))


def test_a_plan_says_who_moved_and_what_was_due(client, wu_manager):
    replan(changes={"500151": 2027}, by=wu_manager, reason="校舍改造", document_number="文1号")
    rows = [row for row in table(client)[1] if row[2] == "第 2 版规划发布"]
    # 2026 has 4+2+5+7+4 = 22 of the annex by its end; one goes to 2027, where all 27 stand again.
    assert [row[4:7] for row in rows] == [
        ["铜梁区", "2026", "2027"],
        ["到 2026 年底应有", "22", "21"],
    ]
    assert {row[0] for row in rows} == {today().isoformat()}


def test_a_correction_says_before_and_after_and_not_why(client, wu_manager, later):
    listed = CertificationList.objects.get(name="2025年第一批")
    lists.correct_list(listed=listed, by=wu_manager, reason=SECRET, units_in_city=7)
    later(1)
    lists.correct_list(listed=listed, by=wu_manager, reason=SECRET, source_note="<b>核对</b>")
    assert counts(client)["2027-03-01"] == ("10", "11")
    assert "2027-03-02" not in counts(client)
    page = client.get(PATH)
    said = words(page)
    assert "更正：认定名单「2025年第一批」" in said
    assert "本市单位数：6 → 7" in said
    assert "重庆 6 个" in said  # as it was announced here at first
    assert "<b>核对</b>" in said
    assert "<b>核对</b>" not in page.text
    more = ("/changes/?format=csv", "/en/changes/", "/", "/changes.atom")
    for answer in (page, *map(client.get, more)):
        assert SECRET not in answer.content.decode()
        assert wu_manager.display_name not in answer.content.decode()


def test_what_became_known_late_stands_on_the_day_it_stood_here(client, wu_manager, later):
    later(5)
    listed = CertificationList.objects.get(name="2025年第一批")
    district = District.objects.get(code="500151")
    source = "https://example.org/names"
    lists.name_unit(on=listed, district=district, by=wu_manager, source=source)
    (row,) = [row for row in table(client)[1] if row[3] == "铜梁区" and row[1] == "2026-01-12"]
    assert (row[0], row[2], row[7]) == ("2027-03-06", "通过国家认定", source)
    assert "2027-03-06" not in counts(client)  # one of the six: the sum was told before
    assert "/districts/500151/" in links(client.get(PATH))


def test_a_list_recorded_late_counts_here_since_then(client, wu_manager, later):
    facts = {"name": "演示名单", "year": 2026, "units_in_city": 2, "sources": "https://a.cn 演示"}
    lists.record_list(by=wu_manager, announced_on=date(2027, 2, 1), **facts)
    assert counts(client)["2027-03-01"] == ("10", "12")
    assert "2027-02-01" not in counts(client)
    later(1)
    event = CertificationEvent.objects.get(district__code="500106")
    step = CertificationStep.objects.of_year(2026).filter(is_announcement=True).get()
    certifications.record_event(
        district=event.district,
        step=step,
        result="revoked",
        day=date(2027, 3, 2),
        by=wu_manager,
        document_number="演示文号",
        source="https://a.cn",
    )
    assert counts(client)["2027-03-02"] == ("12", "11")


def test_a_correction_is_told_on_the_home_page_and_in_the_feed_too(client, wu_manager, later):
    listed = CertificationList.objects.get(name="2025年第一批")
    lists.correct_list(listed=listed, by=wu_manager, reason=SECRET, units_in_city=7)
    for address in ("/", "/changes.atom"):
        said = client.get(address).content.decode()
        assert "更正：认定名单「2025年第一批」" in said
        assert "本市单位数：6 → 7" in said
    assert "/changes/#d2027-03-01" in links(client.get("/"))


def test_what_reference_data_completes_is_no_news(client):
    assert "更正" not in "".join(row[2] for row in table(client)[1])


@pytest.mark.parametrize("query", ["?as_of=tomorrow", "?as_of=2999-01-01", "?format=pdf"])
def test_a_question_nobody_can_answer_is_told_and_today_is_shown(client, query):
    page = client.get(PATH + query)
    assert page.status_code == 400
    assert "第 1 版规划发布" in words(page)


def test_it_is_led_to_from_the_chart_the_changes_and_the_table(client):
    assert links(client.get("/")).count(PATH) == 2
    assert PATH in links(client.get("/districts/"))
    assert f"{PATH}?as_of=2025-06-01" in links(client.get("/?as_of=2025-06-01"))
