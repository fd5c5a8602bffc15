"""The desk offers to record a certification where an approved self-check waits for one."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.reading import VIEW, note_reading
from districts.models import District, User
from districts.services.signing import note_sign_in
from schedule.desk import desk_on
from schedule.models import CertificationStep, LookBack, Result
from schedule.services.certifications import record_event
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from selfchecks.services.steps import take_step
from tests.reader import links, words
from tests.selfchecks.conftest import decide, keep_clean, latest, reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]


def revoke(district: District, by: User) -> None:
    step = CertificationStep.objects.filter(is_announcement=True).first()
    assert step is not None
    source = {"document_number": "演示函〔2026〕1号", "source": "https://cq.gov.cn/"}
    case = LookBack.objects.open().filter(district=district).first()
    facts = {"district": district, "step": step, "result": Result.REVOKED, "day": today()}
    record_event(by=by, ending=case, **facts, **source)


def test_a_certified_unit_is_not_offered_again(reach: Callable[[str], SelfCheck]) -> None:
    reach("approved")
    assert desk_on(today())["ready"] == []


def test_an_approved_result_leads_to_the_form_filled_in(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User, signed_in
) -> None:
    evaluation = latest(reach("approved"))
    revoke(shapingba, wu_manager)
    [line] = desk_on(today())["ready"]
    assert (line.district, line.approval.evaluation) == (shapingba, evaluation)
    client = signed_in(wu_manager)
    address = f"/admin/schedule/certificationevent/add/?district={shapingba.pk}"
    address += f"&evidence={evaluation.pk}"
    assert address in links(client.get("/admin/"))
    form = client.get(address).content.decode()
    assert f'<option value="{shapingba.pk}" selected>' in form
    assert f'<option value="{evaluation.pk}" selected>沙坪坝区 2026 年度，' in form


def test_a_made_up_result_is_marked_on_the_desk(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User, signed_in
) -> None:
    approved = reach("approved")
    revoke(shapingba, wu_manager)
    desk = "2026 年度，达标"
    assert f"{desk} 演示数据" not in words(signed_in(wu_manager).get("/admin/"))
    SelfCheck.objects.filter(pk=approved.pk).update(is_demo=True)
    cache.clear()  # no act of anybody's, so the section was kept
    assert f"{desk} 演示数据" in words(signed_in(wu_manager).get("/admin/"))


def test_what_does_not_meet_the_standard_is_not_offered(
    self_check: SelfCheck,
    shapingba: District,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    wu_manager: User,
) -> None:
    keep_clean(self_check, chen_officer, district={"B7.special_budget_per_pupil": 100})
    for step, by in (
        ("send_for_signature", chen_officer),
        ("submit", zhao_signatory),
        ("take_up", zhou_inspector),
    ):
        take_step(self_check=self_check, step=step, by=by)
    decide(self_check, "approve", zhou_inspector)
    revoke(shapingba, wu_manager)
    assert latest(self_check).verdict == "not_met"
    assert desk_on(today())["ready"] == []


def test_the_auditor_is_offered_nothing(
    reach: Callable[[str], SelfCheck],
    shapingba: District,
    wu_manager: User,
    he_auditor: User,
    signed_in,
) -> None:
    reach("approved")
    revoke(shapingba, wu_manager)
    found = links(signed_in(he_auditor).get("/admin/"))
    assert not any("certificationevent/add" in link for link in found)


def test_days_late_are_not_said_as_certain_while_names_are_missing(
    reference: None, wu_manager: User, signed_in: Callable[[User], Client]
) -> None:
    """重庆高新区 may be one of the six of January 2026 that no source names."""
    page = signed_in(wu_manager).get("/admin/").content.decode()
    row = next(row for row in page.split("<tr>") if ">重庆高新区<" in row and "2022" in row)
    assert "待核" in row


def test_today_asks_no_query_for_each_unit(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User, signed_in
) -> None:
    """Of those that may apply: what is asked of each is told from one query for all."""
    reach("approved")
    revoke(shapingba, wu_manager)
    client = signed_in(wu_manager)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/")
    documents = [query for query in one if "evidenceitem" in query["sql"]]
    assert len(documents) == 1
    assert sum(query["sql"].startswith("SELECT") for query in one) <= 32


@pytest.mark.usefixtures("kept_answers")
def test_what_an_act_changes_is_there_at_once_and_looking_changes_nothing(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User, signed_in, settings
) -> None:
    settings.AUDIT_READING = True
    reach("approved")
    client = signed_in(wu_manager)
    assert not [link for link in links(client.get("/admin/")) if "evidence=" in link]
    note_sign_in(by=wu_manager)
    note_reading(action=VIEW, by=wu_manager, unit=shapingba.code, path="/")
    with CaptureQueriesContext(connection) as kept:
        client.get("/admin/")
    assert not any("evidenceitem" in query["sql"] for query in kept)
    revoke(shapingba, wu_manager)
    assert [link for link in links(client.get("/admin/")) if "evidence=" in link]
