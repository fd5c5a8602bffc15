"""The pages of a visit: the design before the draw, the school on a phone, the protocol."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import District, School, User
from improvement.models import Finding, Photo, Problem, SchoolVisit, Visit
from improvement.services import visits
from improvement.visits.page import VisitPage
from improvement.visits.protocol import protocol_of
from selfchecks.models import Notice
from selfchecks.services.notice_words import text_of
from tests.improvement.visiting.conftest import MORNING, PNG, finish, see_all


@pytest.fixture
def inspector(signed_in: Any, zhou_inspector: User) -> Client:
    client: Client = signed_in(zhou_inspector)
    return client


@pytest.fixture
def address(visit: Visit, school: str) -> str:
    return f"/visits/{visit.reference}/schools/{school}/"


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_the_design_is_looked_at_before_anybody_is_drawn(
    inspector: Client, schools: list[School]
) -> None:
    page = inspector.get("/visits/draw/?district=500106&count=2")
    text = said(page)
    assert "3 所里抽 2 所" in text
    assert text.count("66.7% (2/3)") == 3
    assert "还没有去过 +2" in text
    assert text.count(">0.67<") == 3  # each school is a stratum of its own
    assert not Visit.objects.exists()
    seen = visits.design_for(schools[0].district, 2).digest
    assert seen in text
    sent = {"district": "500106", "count": "2", "seen": seen}
    drawn = inspector.post("/visits/draw/", sent)
    assert drawn["Location"] == "/visits/500106-2026-1/"
    again = inspector.post("/visits/draw/", sent)
    assert again.status_code == 409
    assert "还没有结束" in said(again)


def test_what_was_seen_is_no_longer_so(inspector: Client, schools: list[School]) -> None:
    answer = inspector.post(
        "/visits/draw/", {"district": "500106", "count": "2", "seen": "another"}
    )
    assert answer.status_code == 412
    assert "有了变化" in said(answer)


@pytest.mark.parametrize("count", ["", "0", "x", "4", "999"])
def test_a_count_that_cannot_be(inspector: Client, schools: list[School], count: str) -> None:
    text = said(inspector.get(f"/visits/draw/?district=500106&count={count}"))
    assert "请填 1 到" in text


def test_a_school_is_recorded_on_its_page(
    inspector: Client, visit: Visit, school: str, address: str
) -> None:
    assert 'value="2026-11-23"' in said(inspector.get(address))
    sent = {"act": "record", "visited_on": "2026-11-23", "words": "看了实验室", "expected": ""}
    answer = inspector.post(address, sent)
    assert answer["Location"] == f"{address}?saved=record#record"
    assert SchoolVisit.objects.get().words == "看了实验室"
    assert "看了实验室" in said(inspector.get(address))
    stale = inspector.post(address, sent)
    assert stale.status_code == 412
    assert "有了改动" in said(stale)


def test_a_problem_with_photos_and_its_way_back(
    inspector: Client, visit: Visit, address: str
) -> None:
    photo = SimpleUploadedFile("台账.png", PNG)
    sent = {"act": "finding", "kind": "figure", "indicator": "A7", "words": "多媒体教室少三间"}
    sent |= {"reported": "12 间", "found": "9 间"}
    answer = inspector.post(address, {**sent, "photos": photo})
    assert answer["Location"] == f"{address}?saved=finding#finding"
    text = said(inspector.get(address))
    assert "报送 12 间，现场 9 间" in text
    row = Photo.objects.get()
    download = inspector.get(f"/visits/{visit.reference}/photos/{row.pk}/")
    assert download.content == PNG
    assert download["Content-Disposition"].startswith("attachment")
    inspector.post(address, {"act": "remove", "number": "1"})
    assert Finding.objects.get().removed_at
    assert "已记下 0 个问题" in said(inspector.get(address))


def test_what_was_typed_comes_back_with_the_fault(inspector: Client, address: str) -> None:
    answer = inspector.post(address, {"act": "finding", "kind": "figure", "words": "少三间教室"})
    assert answer.status_code == 422
    text = said(answer)
    assert "请写明现场看到的数，带单位。" in text
    assert "少三间教室</textarea>" in text


def test_a_visit_is_finished_on_its_page(
    inspector: Client, visit: Visit, zhou_inspector: User
) -> None:
    page = f"/visits/{visit.reference}/"
    early = inspector.post(page, {"step": "finish", "words": "总体真实"})
    assert early.status_code == 409
    see_all(visit, zhou_inspector)
    empty = inspector.post(page, {"step": "finish", "words": ""})
    assert empty.status_code == 422
    assert "请写明总的结论。" in said(empty)
    inspector.post(page, {"step": "finish", "words": "总体真实"})
    visit.refresh_from_db()
    assert visit.state == "finished"
    assert inspector.post(page, {"step": "fly"}).status_code == 404


def test_findings_go_into_the_ledger_and_the_district_is_told(
    inspector: Client,
    visit: Visit,
    school: str,
    address: str,
    zhou_inspector: User,
    chen_officer: User,
) -> None:
    for words in ("培训台账没有签到表", "消防通道锁着"):
        inspector.post(address, {"act": "finding", "kind": "evidence", "words": words})
    inspector.post(address, {"act": "remove", "number": "2"})
    assert not Problem.objects.exists()
    finish(visit, zhou_inspector)
    (problem,) = Problem.objects.all()
    assert (problem.source, problem.key) == ("visit", f"500106-2026-1/{school}/1")
    assert (problem.school_code, problem.words) == (school, "培训台账没有签到表")
    notice = Notice.objects.get(recipient=chen_officer, kind="visit_finished")
    assert "查看了 2 所学校，记下 1 个问题" in text_of(notice)


def test_a_district_reads_it_once_it_is_over(
    visit: Visit,
    school: str,
    address: str,
    signed_in: Any,
    chen_officer: User,
    zhou_inspector: User,
    liu_officer: User,
) -> None:
    own = signed_in(chen_officer)
    page = f"/visits/{visit.reference}/"
    assert own.get(page).status_code == 404
    assert visit.reference not in said(own.get("/visits/"))
    finish(visit, zhou_inspector)
    text = said(own.get(page))
    assert "总体真实" in text
    assert address not in text
    assert visit.reference in said(own.get("/visits/"))
    assert own.get(address).status_code == 403
    assert own.get("/visits/draw/").status_code == 403
    assert own.post(page, {"step": "cancel", "words": "我们不同意"}).status_code == 403
    assert signed_in(liu_officer).get(page).status_code == 404


def test_the_protocol_says_all_that_a_second_draw_needs(
    visit: Visit, inspector: Client, zhou_inspector: User
) -> None:
    first = visit.sample
    visits.take_step(visit=visit, step="draw_again", words="一所学校停课", by=zhou_inspector)
    text = said(inspector.get(f"/visits/{visit.reference}/protocol/"))
    for part in (visit.sample.seed, visit.sample.digest, first.seed, "一所学校停课"):
        assert part in text
    assert "按种子重算，抽中的学校相同" in text
    told = protocol_of(VisitPage(visit))
    assert [each["code"] for each in told["schools"]] == visit.sample.schools
    assert {each["chance"] for each in told["schools"]} == {"66.7% (2/3)"}
    assert sum(each["drawn"] for each in told["strata"]) == told["count"] == 2


def test_in_english(visit: Visit, inspector: Client, address: str) -> None:
    for path in ("/visits/", f"/visits/{visit.reference}/", address, "/visits/draw/"):
        answer = inspector.get(f"/en{path}")
        assert answer.status_code == 200
    assert "at most 10, each up to 10 MB" in said(inspector.get(f"/en{address}"))
    wrong = inspector.get("/en/visits/draw/?district=500106&count=0")
    assert "Give a whole number from 1 to 60." in said(wrong)
    assert "Never visited +2" in said(inspector.get(f"/en/visits/{visit.reference}/protocol/"))


def test_not_an_address_of_a_visit(inspector: Client, visit: Visit, shapingba: District) -> None:
    for path in ("500106-2026", "500106-2026-2", "x", f"{visit.reference}/schools/2999999999"):
        assert inspector.get(f"/visits/{path}/").status_code == 404
    assert MORNING.year == visit.year


def test_the_admin_lists_visits_with_their_pages(
    visit: Visit, signed_in: Any, he_auditor: User, wu_manager: User
) -> None:
    for person in (he_auditor, wu_manager):
        client = signed_in(person)
        text = said(client.get("/admin/improvement/visit/"))
        assert f"/visits/{visit.reference}/" in text
        assert 'class="st is-submitted"' in text
        assert client.get(f"/admin/improvement/visit/{visit.pk}/change/").status_code == 200
        assert client.get("/admin/improvement/visit/add/").status_code == 403


def test_the_admins_page_of_a_visit_names_its_unit_in_english(
    visit: Visit, inspector: Client
) -> None:
    page = inspector.get(f"/en/admin/improvement/visit/{visit.pk}/change/").content.decode()
    assert f"<title>Shapingba 沙坪坝区 {visit.year} #1 |" in page
