"""Steps and events in the admin: recorded and corrected through services, never deleted."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from districts.models import District
from schedule.models import CertificationEvent, CertificationStep
from schedule.services import certifications, procedure
from schedule.services.certifications import correct_event, record_event

EVENTS = "/admin/schedule/certificationevent/"
STEPS = "/admin/schedule/certificationstep/"


@pytest.fixture
def inspector(signed_in, zhou_inspector):
    return signed_in(zhou_inspector)


@pytest.fixture
def manager(signed_in, wu_manager):
    return signed_in(wu_manager)


@pytest.fixture
def event_form(tongliang):
    step = CertificationStep.objects.get(year=2025, name="市级督导评估")
    return {
        "district": tongliang.pk,
        "step": step.pk,
        "result": "passed",
        "date": "2025-09-01",
        "list_year": "",
        "document_number": "",
        "source": "",
        "note": "",
    }


def announced(year=2025):
    return CertificationStep.objects.get(year=year, is_announcement=True)


def test_an_event_is_recorded_through_the_service(inspector, event_form):
    assert inspector.post(f"{EVENTS}add/", event_form).status_code == 302
    event = CertificationEvent.objects.get(district__code="500151")
    assert event.recorded_by.username == "inspector"
    assert Entry.objects.first().action == "certification.record"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"date": "2099-01-01"}, "date", "还没有到"),
        ({"date": "昨天"}, "date", "日期"),
        ({"result": "certified"}, "step", "公布结果的环节"),
        ({"step": ""}, "step", "必"),
        ({"source": "javascript:alert(1)"}, "source", "URL"),
    ],
)
def test_refusals_stand_beside_their_fields(inspector, event_form, changes, field, words):
    page = inspector.post(f"{EVENTS}add/", {**event_form, **changes})
    assert words in page.context["adminform"].form.errors[field][0]
    assert not CertificationEvent.objects.filter(district__code="500151").exists()


def test_what_a_source_is_stands_beside_it_before_saving(inspector):
    page = inspector.get("/admin/schedule/certificationevent/add/").content.decode()
    assert "以 https:// 或 http:// 开头" in page


def test_a_certification_needs_document_and_source(inspector, event_form):
    form = {**event_form, "result": "certified", "step": announced().pk}
    page = inspector.post(f"{EVENTS}add/", form)
    assert "必须写明文号和来源" in page.context["adminform"].form.errors["source"][0]


def test_the_same_fact_is_recorded_once(inspector, event_form):
    inspector.post(f"{EVENTS}add/", event_form)
    page = inspector.post(f"{EVENTS}add/", event_form)
    assert "已经录入，没有重复记录" in page.text
    assert CertificationEvent.objects.filter(district__code="500151").count() == 1


def test_steps_are_offered_by_year_newest_first(inspector):
    page = inspector.get(f"{EVENTS}add/").text
    assert page.index('<optgroup label="2025">') < page.index('<optgroup label="2023">')
    assert "2025 公布认定结果（国家） · 公布结果" in page
    assert "2023 区县自评（区县）" in page


def test_a_manager_corrects_references_with_a_reason(manager):
    event = CertificationEvent.objects.get(district__code="500106")
    url = f"{EVENTS}{event.pk}/change/"
    form = {
        "seen": certifications.tag_of(event),
        "list_year": 2024,
        "document_number": event.document_number,
        "source": event.source,
        "source_note": event.source_note,
        "note": "名单第一批",
        "reason": "",
        "result": "revoked",
        "date": "2020-01-01",
    }
    page = manager.post(url, form)
    assert "reason" in page.context["adminform"].form.errors
    assert manager.post(url, {**form, "reason": "补充说明"}).status_code == 302
    event.refresh_from_db()
    assert (event.note, event.result, event.date.year) == ("名单第一批", "certified", 2025)
    entry = Entry.objects.first()
    assert (entry.action, entry.reason) == ("certification.correct", "补充说明")
    assert entry.changes == {"note": ["", "名单第一批"]}


def test_what_was_corrected_meanwhile_is_shown_beside_what_was_typed(manager, zhou_inspector):
    event = CertificationEvent.objects.get(district__code="500106")
    url = f"{EVENTS}{event.pk}/change/"
    shown = manager.get(url).context["adminform"].form.initial["seen"]
    correct_event(event=event, by=zhou_inspector, reason="补录说明", note="见通报")
    form = {"seen": shown, "list_year": 2024, "note": "名单第一批", "reason": "补充说明"}
    form |= {"document_number": event.document_number, "source": event.source}
    page = manager.post(url, form)
    assert "刚被别人更正" in page.text
    assert "现在的内容是「见通报」" in page.text
    event.refresh_from_db()
    assert event.note == "见通报"


def test_an_inspector_looks_at_recorded_events_only(inspector):
    event = CertificationEvent.objects.first()
    url = f"{EVENTS}{event.pk}/change/"
    page = inspector.get(url)
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert inspector.post(url, {"note": "x", "reason": "y"}).status_code == 403


def test_steps_are_kept_by_managers(manager, inspector):
    form = {"seen": "", "year": 2026, "order": 1, "level": "district", "name": "区县自评"}
    assert inspector.post(f"{STEPS}add/", form).status_code == 403
    assert manager.post(f"{STEPS}add/", form).status_code == 302
    assert Entry.objects.first().action == "step.create"
    page = manager.post(f"{STEPS}add/", {**form, "order": 2})
    assert "同名或同次序" in page.text
    step = CertificationStep.objects.get(year=2026)
    form |= {"seen": procedure.tag_of_step(step), "name": "区县自查"}
    assert manager.post(f"{STEPS}{step.pk}/change/", form).status_code == 302
    assert Entry.objects.first().changes == {"name": ["区县自评", "区县自查"]}


def test_what_events_rest_on_keeps_its_meaning(wu_manager, reference):
    step = announced(2024)
    procedure.update_step(step=step, by=wu_manager, name="公布认定名单")
    with pytest.raises(Unusable) as refusal:
        procedure.update_step(step=step, by=wu_manager, is_announcement=False, year=2022)
    assert set(refusal.value.fields) == {"is_announcement", "year"}


@pytest.mark.parametrize("who", ["zhou_inspector", "he_auditor"])
def test_others_may_not_keep_steps(request, reference, who):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        procedure.create_step(by=by, year=2026, order=1, level="city", name="市级督导评估")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 7),  # four certified, three reports published
        ("?result__exact=certified", 4),
        ("?result__exact=revoked", 0),
        ("?district__region=主城都市区", 6),
        ("?list_year=2024", 4),
        ("?step__level__exact=nation", 4),
        ("?q=沙坪坝", 1),
    ],
)
def test_events_are_filtered(inspector, query, count):
    assert len(inspector.get(EVENTS + query).context["cl"].result_list) == count


def test_queries_do_not_grow_with_the_lists(manager, wu_manager):
    step = CertificationStep.objects.get(year=2025, name="市级督导评估")
    counts = []
    units = District.objects.filter(valid_from=None, valid_to=None).exclude(events__isnull=False)
    for size in (2, 20):
        for unit in units[:size]:
            record_event(
                district=unit,
                step=step,
                result="started",
                day=date(2025, 9, 1),
                by=wu_manager,
            )
        for page in (EVENTS, STEPS):  # what a process keeps for a while is read before
            manager.get(page)
        with CaptureQueriesContext(connection) as captured:
            manager.get(EVENTS)
            manager.get(STEPS)
        counts.append(len(captured))
    assert counts[0] == counts[1]
