"""Pages of school plans: begun, written, sent, approved, reported on; read by the city."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import User
from improvement.models import Measure, Plan, Progress, SchoolPlan, Stage
from improvement.services import measures
from tests.english import chinese_left, stored_texts
from tests.improvement.school_planning import approve, write

LIST = "/self-checks/500106-2026/school-plans/"
ONE = f"{LIST}2100001001/"
MEASURE = f"{ONE}measures/1/"
SAID = {
    "amount": "200",
    "cost": "80000",
    "funding": "district",
    "responsible": "王校长",
    "office": "planning",
    "start": "2027-03-01",
    "due": "2027-08-31",
}


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_from_the_adopted_plan_to_approved_school_plans(
    adopted: Plan, chen_officer: User, zhao_signatory: User, signed_in: Any
) -> None:
    officer, chief = signed_in(chen_officer), signed_in(zhao_signatory)
    assert "1 所学校还没有一校一策" in text_of(officer.get(LIST))
    assert officer.post(LIST, {"step": "begin"})["Location"] == LIST
    page = text_of(officer.get(LIST))
    assert "1 所学校有一校一策，0 所已批准" in page
    assert "还没有写全" in page
    assert "现在没有学校可以「送审批」" in page
    assert "全部送审批" not in page
    assert "没有写：责任人、开始日期、完成期限、经费来源" in text_of(officer.get(ONE))
    assert officer.post(MEASURE, {**SAID, "act": "change"})["Location"] == MEASURE
    page = text_of(officer.get(MEASURE))
    assert "数量：" in page
    assert "规划部门&nbsp;· 王校长" in page
    assert officer.post(ONE, {"step": "send"}).status_code == 302
    assert "确认批准：沙坪坝区 1 所学校" in text_of(chief.get(LIST))
    assert chief.post(LIST, {"step": "approve"}).status_code == 302
    assert SchoolPlan.objects.get().state == Stage.APPROVED
    assert "1 所已批准" in text_of(chief.get(LIST))


def test_what_the_measures_leave_is_listed(
    written: SchoolPlan, chen_officer: User, signed_in: Any
) -> None:
    """The planner's amount leaves nothing; half of it leaves the rest."""
    client = signed_in(chen_officer)
    assert "不差" in text_of(client.get(ONE))
    measure = written.measures.get()
    half = (measure.amount / 2).quantize(measure.amount)
    measures.change(measure=measure, by=chen_officer, amount=half)
    page = text_of(client.get(ONE))
    assert "A5（小学）还差" in page
    assert "A5（小学）还差" in text_of(client.get(LIST))
    measures.drop(measure=measure, by=chen_officer, reason="没有用地")
    assert "已取消 1 项" in text_of(client.get(ONE))


def test_a_state_there_is_not_is_explained_and_all_are_shown(
    written: SchoolPlan, chen_officer: User, signed_in: Any
) -> None:
    answer = signed_in(chen_officer).get(LIST, {"state": "gone"})
    assert answer.status_code == 422
    known = "drafting, awaiting, approved, late"
    assert f"「state」不能是「gone」；可用：{known}。" in text_of(answer)
    assert f'href="{ONE}"' in text_of(answer)


def test_a_refusal_stands_on_the_page(
    school_plan: SchoolPlan, chen_officer: User, zhao_signatory: User, signed_in: Any
) -> None:
    client = signed_in(chen_officer)
    answer = client.post(ONE, {"step": "send"})
    assert (answer.status_code, "还没有写全" in text_of(answer)) == (409, True)
    answer = client.post(MEASURE, {**SAID, "act": "change", "amount": "x"})
    assert (answer.status_code, "请填数字" in text_of(answer)) == (422, True)
    answer = client.post(MEASURE, {**SAID, "act": "change", "due": "2027-01-01"})
    assert (answer.status_code, "不能早于开始日期" in text_of(answer)) == (422, True)
    assert client.post(ONE, {"step": "amend"}).status_code == 404
    assert client.post(MEASURE, {"act": "steal"}).status_code == 404
    answer = signed_in(zhao_signatory).post(LIST, {"step": "approve"})
    assert answer.status_code == 409


def test_a_measure_of_ones_own_is_added(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User, signed_in: Any
) -> None:
    more = {**SAID, "name": "聘请教练", "unit": "person", "indicators": ["A3"], "stage": "primary"}
    assert signed_in(zhao_signatory).get(f"{ONE}measures/new/").status_code == 404
    client = signed_in(chen_officer)
    assert client.post(f"{ONE}measures/new/", {**more, "name": ""}).status_code == 422
    assert client.post(f"{ONE}measures/new/", more)["Location"] == ONE
    assert Measure.objects.get(number=2).indicators == ["A3"]
    answer = client.post(f"{ONE}measures/2/", {"act": "drop", "reason": "没有人选"})
    assert answer.status_code == 302
    assert Measure.objects.live().count() == 1


def test_progress_with_evidence_is_read_by_the_city(
    approved: SchoolPlan, chen_officer: User, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(chen_officer)
    file = SimpleUploadedFile("验收.pdf", b"%PDF-1.7 x")
    said = {"act": "report", "done": "120", "words": "一期完工", "file": file}
    assert client.post(MEASURE, said).status_code == 302
    city = signed_in(zhou_inspector)
    page = text_of(city.get(MEASURE))
    assert "累计完成 120 ㎡" in page
    assert "报告进展" not in page
    row = Progress.objects.get()
    answer = city.get(f"{MEASURE}files/{row.pk}/")
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7 x", "application/octet-stream")
    assert city.post(MEASURE, {"act": "report", "words": "x"}).status_code == 403


def test_before_approval_the_city_finds_nothing(
    written: SchoolPlan, zhou_inspector: User, signed_in: Any
) -> None:
    city = signed_in(zhou_inspector)
    assert "还没有一校一策" in text_of(city.get(LIST))
    assert city.get(ONE).status_code == 404
    assert city.get(MEASURE).status_code == 404


@pytest.fixture
def planned(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User, he_planning: User
) -> Measure:
    """The ground is with the planning office, and approved."""
    measure = written.measures.get()
    measures.change(measure=measure, by=chen_officer, office="planning")
    approve(written, chen_officer, zhao_signatory)
    return measure


def test_a_department_answers_what_is_its_own(
    planned: Measure, he_planning: User, li_finance: User, signed_in: Any
) -> None:
    client: Client = signed_in(he_planning)
    page = text_of(client.get("/measures/"))
    assert "由规划部门负责的 1 项措施" in page
    own = f"/measures/{planned.pk}/"
    assert own in page
    answer = client.post(own, {"act": "report"})
    assert (answer.status_code, "或者写一句说明" in text_of(answer)) == (422, True)
    assert client.post(own, {"act": "report", "words": "用地预审已受理"})["Location"] == own
    assert "用地预审已受理" in text_of(client.get(own))
    assert "1 项措施由贵部门负责" in text_of(client.get("/self-checks/notices/"))
    assert client.get(LIST).status_code == 403
    other = signed_in(li_finance)
    empty = other.get("/measures/")
    assert "还没有由本部门负责的措施" in text_of(empty)
    assert "批准以后，由财政部门负责的措施列在这里" in text_of(empty)
    assert 'href="/guides/department/"' in empty.content.decode()
    assert other.get(own).status_code == 404


def test_more_than_was_planned_is_taken_in_and_asked_about(
    planned: Measure, he_planning: User, signed_in: Any
) -> None:
    client: Client = signed_in(he_planning)
    own = f"/measures/{planned.pk}/"
    as_planned = {"act": "report", "done": str(planned.amount)}
    assert "超过计划的" not in text_of(client.post(own, as_planned, follow=True))
    more = {"act": "report", "done": str(planned.amount + 1)}
    page = text_of(client.post(own, more, follow=True))
    assert "进展已记下。" in page
    assert "累计 2,276.5 ㎡，超过计划的 2,275.5 ㎡；写错了" in page.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_signing_in_leads_a_department_to_its_measures(he_planning: User) -> None:
    from tests.conftest import PASSWORD

    said = {"username": he_planning.username, "password": PASSWORD}
    assert Client().post("/accounts/login/", said)["Location"] == "/measures/"


def test_pages_are_english(
    planned: Measure, chen_officer: User, zhao_signatory: User, he_planning: User, signed_in: Any
) -> None:
    officer = signed_in(chen_officer)
    said = {**SAID, "act": "change", "reason": "later", "due": "2028-01-31"}
    officer.post(f"/en{MEASURE}", said)
    officer.post(f"/en{MEASURE}", {"act": "report", "done": "5"})
    paths = [(officer, path) for path in (LIST, ONE, MEASURE, f"{ONE}measures/new/")]
    paths += [(signed_in(zhao_signatory), path) for path in (LIST, ONE)]
    department = signed_in(he_planning)
    paths += [(department, path) for path in ("/measures/", f"/measures/{planned.pk}/")]
    for client, path in paths:
        html = client.get(f"/en{path}").content.decode()
        assert chinese_left(html, stored_texts()) == [], path


def test_others_find_nothing(written: SchoolPlan, liu_officer: User, signed_in: Any) -> None:
    client = signed_in(liu_officer)
    for path in (LIST, ONE, MEASURE, f"{ONE}measures/new/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"step": "send", "act": "drop"}).status_code == 404


def test_writing_by_the_helper_is_complete(school_plan: SchoolPlan, chen_officer: User) -> None:
    assert write(school_plan, chen_officer).version > 1
