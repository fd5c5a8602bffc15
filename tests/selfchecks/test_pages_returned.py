"""What a district reads first: what its chief asked, what belongs nowhere, that it has ended."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from districts.models import District, School, Succession, User
from selfchecks.models import SelfCheck
from selfchecks.services.evidence import add_evidence
from selfchecks.services.steps import take_step
from tests.reader import links, words
from tests.selfchecks.many_files import pdf

REFERENCE = "/self-checks/500106-2026/"
ASKED = "第2学校的教师数再核一遍"


@pytest.fixture
def clerk(chen_officer: User, signed_in: Any) -> Client:
    client: Client = signed_in(chen_officer)
    return client


def test_the_chiefs_remark_comes_first_until_something_is_changed(
    reach: Any, self_check: SelfCheck, chen_officer: User, zhao_signatory: User, clerk: Client
) -> None:
    reach("awaiting_signature")
    take_step(self_check=self_check, step="decline", by=zhao_signatory, comment=ASKED)
    page = clerk.get(REFERENCE)
    text = words(page)
    assert text.index(ASKED) < text.index("还没有改动，请先按意见修改下一步：填报的数据")
    assert "可以送审" not in text
    assert f"{REFERENCE}figures/" in links(page)
    file = {"indicator": "B1", "content": pdf("1"), "name": "规划.pdf"}
    add_evidence(self_check=self_check, by=chen_officer, **file)
    text = words(clerk.get(REFERENCE))
    assert text.index("可以送审下一步：核对") < text.index(ASKED)
    assert "还没有改动" not in text


def test_what_was_sent_again_without_a_change_is_no_longer_held_against_it(
    reach: Any, self_check: SelfCheck, chen_officer: User, zhao_signatory: User, clerk: Client
) -> None:
    reach("awaiting_signature")
    take_step(self_check=self_check, step="decline", by=zhao_signatory, comment=ASKED)
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    assert "还没有改动" not in words(clerk.get(REFERENCE))


def test_files_that_belong_to_nothing_are_named_before_and_after(
    reach: Any,
    receive: Any,
    self_check: SelfCheck,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: Any,
    clerk: Client,
) -> None:
    receive(("说不清的材料.pdf", pdf("1")))
    reach("draft")
    page = clerk.get(REFERENCE + "check/")
    assert "有 1 份材料没有归到指标，不算佐证。 去归类" in words(page)
    assert f"{REFERENCE}explanations/#waiting" in links(page)
    reach("in_review")
    page = clerk.get(REFERENCE + "check/")
    assert "去归类" not in words(page)
    assert "没有归到指标的材料" in words(page)
    assert "说不清的材料.pdf" in words(clerk.get(REFERENCE + "explanations/"))
    review = f"/admin/selfchecks/selfcheck/{self_check.pk}/review/?part=indicators"
    assert "没有归到指标的材料（1） 说不清的材料.pdf" in words(
        signed_in(zhou_inspector).get(review)
    )


def test_who_has_nothing_left_over_reads_nothing_of_it(
    reach: Any, self_check: SelfCheck, clerk: Client
) -> None:
    reach("submitted")
    assert "没有归到指标" not in words(clerk.get(REFERENCE + "check/"))


@pytest.mark.parametrize("page", [REFERENCE, "/self-checks/"])
def test_the_clerk_of_an_ended_unit_reads_since_when_and_who_went_on(
    self_check: SelfCheck, schools: list[School], clerk: Client, page: str
) -> None:
    assert "不再设立" not in words(clerk.get(page))
    District.objects.filter(pk=self_check.district_id).update(valid_to=date(2025, 11, 5))
    successor = District.objects.get(code="500109")
    Succession.objects.create(
        predecessor=self_check.district,
        successor=successor,
        date=date(2025, 11, 6),
        kind="whole",
        known_on=date(2025, 11, 7),
    )
    answer = clerk.get(page)
    text = words(answer)
    assert "沙坪坝区从2025年11月6日起不再设立，不再填报。 承接单位：北碚区。" in text
    assert {"/self-checks/", "/ledger/", "/papers/"} <= set(links(answer))
    assert "还可以看：以前各年度的自查 · 问题台账 · 公文" in text
