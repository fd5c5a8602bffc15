"""Lists in the admin: recorded, corrected with a reason, and the way to name a unit."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from districts.models import District, User
from schedule.models import CertificationEvent, CertificationList
from schedule.services import lists
from tests.reader import links

pytestmark = pytest.mark.usefixtures("reference")

LISTS = "/admin/schedule/certificationlist/"
FORM = {
    "name": "演示名单",
    "year": "2025",
    "batch": "2",
    "announced_on": "2026-03-02",
    "date_note": "",
    "document_number": "",
    "units_in_nation": "",
    "units_in_city": "2",
    "sources": "https://example.org/list 演示来源\r\nhttps://example.org/more",
    "source_note": "",
    "checked_on": "",
}


@pytest.fixture
def inspector(signed_in: Any, zhou_inspector: User) -> Client:
    client: Client = signed_in(zhou_inspector)
    return client


def test_an_inspector_records_a_list(inspector: Client) -> None:
    assert inspector.post(f"{LISTS}add/", FORM).status_code == 302
    listed = CertificationList.objects.get(name="演示名单")
    assert [address for address, _words in listed.links] == [
        "https://example.org/list",
        "https://example.org/more",
    ]
    assert Entry.objects.first().action == "list.record"
    page: Any = inspector.post(
        f"{LISTS}add/", {**FORM, "name": "<i>", "announced_on": "2099-01-01"}
    )
    assert "还没有到" in page.context["adminform"].form.errors["announced_on"][0]
    assert "<i>" not in page.content.decode()


def test_the_list_leads_to_the_form_that_names_a_unit(inspector: Client) -> None:
    january = CertificationList.objects.get(name="2025年第一批")
    found = links(inspector.get(f"{LISTS}{january.pk}/change/"))
    [address] = [link for link in found if "certificationevent/add/?" in link]
    known = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert known["date"] == "2026-01-12"
    zone = District.objects.get(code="GXQ")
    form = {**known, "district": zone.pk, "source": "https://example.org/names"}
    assert inspector.get(address).status_code == 200
    assert inspector.post(address, form).status_code == 302
    event = CertificationEvent.objects.get(district=zone, list=january)
    assert event.result == "certified"
    page = inspector.get(f"{LISTS}{january.pk}/change/").content.decode()
    assert "重庆高新区" in page
    assert "还有 5 个名单待核" in page


def test_an_auditor_reads_who_is_named_and_is_led_nowhere(signed_in: Any, he_auditor: User) -> None:
    auditor = signed_in(he_auditor)
    for listed in CertificationList.objects.all():
        page = auditor.get(f"{LISTS}{listed.pk}/change/")
        assert page.status_code == 200
        assert not any("certificationevent/add/?" in link for link in links(page))
    assert "沙坪坝区、九龙坡区" in page.content.decode()


def test_a_list_of_a_year_without_steps_still_opens(inspector: Client) -> None:
    inspector.post(f"{LISTS}add/", {**FORM, "year": "2020"})
    listed = CertificationList.objects.get(name="演示名单")
    found = links(inspector.get(f"{LISTS}{listed.pk}/change/"))
    assert any("certificationevent/add/?" in link and "step=" not in link for link in found)


def test_a_manager_corrects_with_a_reason(signed_in: Any, wu_manager: User) -> None:
    manager = signed_in(wu_manager)
    listed = lists.record_list(
        by=wu_manager,
        name="演示名单",
        year=2025,
        announced_on=CertificationList.objects.get(name="2025年第一批").announced_on,
        units_in_city=2,
        sources="https://example.org/list",
    )
    address = f"{LISTS}{listed.pk}/change/"
    form = {**FORM, "seen": lists.tag_of(listed), "units_in_city": "3", "reason": ""}
    assert "reason" in manager.post(address, form).context["adminform"].form.errors
    assert manager.post(address, {**form, "reason": "数错一个单位"}).status_code == 302
    listed.refresh_from_db()
    assert listed.units_in_city == 3
    stale = manager.post(address, {**form, "units_in_city": "4", "reason": "数错一个单位"})
    assert "刚被别人更正" in stale.content.decode()


def test_lists_are_listed_with_as_many_queries_however_many_are_named(inspector: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert inspector.get(LISTS).status_code == 200
        return len(captured)

    few = queries()
    january = CertificationList.objects.get(name="2025年第一批")
    for code in ("GXQ", "500114", "500103"):
        unit = District.objects.get(code=code)
        lists.name_unit(on=january, district=unit, by=None, source="https://example.org/names")
    assert queries() == few
