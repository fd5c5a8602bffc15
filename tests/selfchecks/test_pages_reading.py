"""Every page of the bureau answers in every state, for everybody who may read it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from districts.models import User
from selfchecks.models import ReviewComment, SelfCheck
from selfchecks.services.reviews import Target, comment
from tests.reader import words

REFERENCE = "/self-checks/500106-2026/"
PAGES = (
    *("", "upload/", "explanations/", "figures/", "comments/", "result/", "check/", "trail/"),
    "template/",
)
STATES = ("draft", "awaiting_signature", "submitted", "in_review", "approved", "returned")
WITH_FIGURES = (
    *("versions/1/", "versions/1/marked/", "versions/1/file/", "figures/2100001001/"),
    *("figures/2100001001/teachers/", "figures/C1.graduates/value/"),
    *("result/?format=csv", "result/?format=xlsx"),
)


@pytest.mark.parametrize("page", PAGES)
def test_pages_answer_before_anything_was_sent(
    self_check: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client], page: str
) -> None:
    assert signed_in(chen_officer).get(REFERENCE + page).status_code == 200


@pytest.mark.parametrize("state", STATES)
def test_pages_answer_in_every_state_for_every_reader(
    reach: Callable[[str], SelfCheck],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
    state: str,
) -> None:
    reach(state)
    for person in (chen_officer, zhao_signatory, zhou_inspector):
        client = signed_in(person)
        for page in (*PAGES, *WITH_FIGURES):
            assert client.get(REFERENCE + page).status_code == 200, (person, page)
        assert client.get("/en" + REFERENCE).status_code == 200


def test_the_district_of_others_is_not_found(
    reach: Callable[[str], SelfCheck], liu_officer: User, signed_in: Callable[[User], Client]
) -> None:
    reach("submitted")
    client = signed_in(liu_officer)
    for page in (*PAGES, *WITH_FIGURES, "receipts/2/", "evidence/", "evidence/1/"):
        for answer in (client.get(REFERENCE + page), client.post(REFERENCE + page)):
            assert answer.status_code == 404, page


@pytest.mark.parametrize("unknown", ["500106-2025", "500106", "abc", "500106-20260", "x-y"])
def test_addresses_nobody_has_are_not_found(
    self_check: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client], unknown: str
) -> None:
    assert signed_in(chen_officer).get(f"/self-checks/{unknown}/").status_code == 404


def test_signing_in_leads_a_district_to_its_year(
    self_check: SelfCheck, chen_officer: User, client: Client
) -> None:
    answer = client.post(
        "/accounts/login/",
        {"username": "officer_500106", "password": "correct-horse-battery-7"},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == REFERENCE


def test_the_task_list_says_what_is_next(
    self_check: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    text = words(signed_in(chen_officer).get(REFERENCE))
    for task in (
        "下载模板",
        "上传工作簿",
        "处理问题",
        "补充说明与佐证",
        "核对",
        "负责人审签",
        "报送",
    ):
        assert task in text
    assert "2026年12月15日前报送" in text
    assert "还没有采用任何工作簿；请先上传并确认。" in text


def test_notices_are_read_and_marked(
    chen_officer: User, self_check: SelfCheck, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(chen_officer)
    assert "沙坪坝区 2026 年度自查已开启" in words(client.get("/self-checks/notices/"))
    assert "通知 1" in words(client.get(REFERENCE))
    assert client.post("/self-checks/notices/", {"notice": "9" * 5_000}).status_code == 302
    assert "通知 1" in words(client.get(REFERENCE))
    client.post("/self-checks/notices/")
    assert "通知 1" not in words(client.get(REFERENCE))


def test_a_thread_is_answered_by_the_district(
    reach: Callable[[str], SelfCheck],
    chen_officer: User,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
) -> None:
    self_check = reach("in_review")
    target = Target(indicator="A2", school_code="2100001001", field="backbone_teachers_primary")
    asked = comment(self_check=self_check, text="请说明增减原因", by=zhou_inspector, on=target)
    client = signed_in(chen_officer)
    assert "请说明增减原因" in words(client.get(REFERENCE + "comments/"))
    address = f"{REFERENCE}comments/{asked.pk}/"
    refused = client.post(address, {"text": " "})
    assert refused.status_code == 422
    assert "有问题需要处理" in words(refused)
    assert client.post(address, {"text": "两人退休"}).status_code == 302
    assert ReviewComment.objects.get(parent=asked).text == "两人退休"
    page = client.get(REFERENCE + "figures/2100001001/backbone_teachers_primary/")
    assert "两人退休" in words(page)


def test_names_of_files_and_schools_stay_text(
    self_check: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client], reach: Any
) -> None:
    reach("awaiting_signature")
    self_check.school_records.update(school_name="<script>x</script>")
    for page in ("result/", "figures/", "check/"):
        answer = signed_in(chen_officer).get(REFERENCE + page)
        assert "<script>x" not in answer.content.decode()
