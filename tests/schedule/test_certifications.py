"""Recording what happened: dated, sourced, in order, corrected only in its references."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District
from schedule.models import CertificationEvent, CertificationStep
from schedule.services.certifications import correct_event, record_event
from schedule.services.reading import position_on, today

pytestmark = pytest.mark.usefixtures("reference")

SOURCE = {"document_number": "演示文号", "source": "https://example.org/list"}


@pytest.fixture
def announcement():
    return CertificationStep.objects.get(year=2025, is_announcement=True)


def certify(district, step, by, day=date(2026, 1, 20), **fields):
    return record_event(
        district=district, step=step, result="certified", day=day, by=by, **{**SOURCE, **fields}
    )


def test_a_certification_moves_the_count_and_is_audited(tongliang, announcement, zhou_inspector):
    certify(tongliang, announcement, zhou_inspector)
    # Beside the six that the list of 12 January leaves unnamed.
    assert position_on(date(2026, 1, 20)).progress.certified == 5 + 6
    assert position_on(date(2026, 1, 19)).progress.certified == 4 + 6
    entry = Entry.objects.first()
    assert (entry.action, entry.district_code) == ("certification.record", "500151")


def test_the_trail_names_an_event_in_the_source_language(tongliang, announcement, zhou_inspector):
    with override("en"):
        certify(tongliang, announcement, zhou_inspector)
    assert Entry.objects.first().object_label == "铜梁区 通过国家认定 2026-01-20"


def test_the_same_fact_is_not_recorded_twice(tongliang, announcement, zhou_inspector):
    certify(tongliang, announcement, zhou_inspector)
    with pytest.raises(Conflict):
        certify(tongliang, announcement, zhou_inspector)
    with pytest.raises(Conflict, match="不能再记一次"):
        certify(tongliang, announcement, zhou_inspector, day=date(2026, 2, 1))


def test_what_is_recorded_late_fits_what_came_after(tongliang, announcement, wu_manager):
    """A second certification before the first one would be the same one twice, with two days."""
    certify(tongliang, announcement, wu_manager, day=date(2026, 3, 1))
    with pytest.raises(Conflict, match="2026年3月1日通过国家认定，不能再记一次"):
        certify(tongliang, announcement, wu_manager, day=date(2026, 2, 1))
    revoke = {"district": tongliang, "step": announcement, "result": "revoked", "by": wu_manager}
    record_event(day=date(2026, 5, 1), **revoke, **SOURCE)
    with pytest.raises(Conflict, match="2026年5月1日撤销认定，不能再记一次"):
        record_event(day=date(2026, 4, 1), **revoke, **SOURCE)
    certify(tongliang, announcement, wu_manager, day=date(2026, 6, 1))


def test_revoking_needs_a_certification(tongliang, shapingba, announcement, wu_manager):
    facts = {"step": announcement, "result": "revoked", "day": date(2026, 5, 1), "by": wu_manager}
    with pytest.raises(Conflict, match="无从撤销"):
        record_event(district=tongliang, **facts, **SOURCE)
    record_event(district=shapingba, **facts, **SOURCE)
    assert position_on(date(2026, 5, 1)).progress.certified == 3 + 6


def test_nothing_was_checked_on_a_day_to_come(tongliang, announcement, zhou_inspector):
    with pytest.raises(Unusable, match="没有核对过就空着") as refusal:
        certify(tongliang, announcement, zhou_inspector, checked_on=date(2099, 1, 1))
    assert list(refusal.value.fields) == ["checked_on"]


@pytest.mark.parametrize("missing", ["document_number", "source"])
def test_a_certification_without_reference_is_refused(
    tongliang, announcement, zhou_inspector, missing
):
    with pytest.raises(Unusable, match="文号和来源"):
        certify(tongliang, announcement, zhou_inspector, **{missing: " "})


@pytest.mark.parametrize("source", ["javascript:alert(1)", "见通报", "data:text/html,x"])
def test_a_source_is_a_web_address(tongliang, announcement, zhou_inspector, source):
    with pytest.raises(Unusable, match="网址"):
        certify(tongliang, announcement, zhou_inspector, source=source)


def test_a_certification_belongs_to_the_announcing_step(tongliang, zhou_inspector):
    step = CertificationStep.objects.get(year=2025, name="指标审核")
    with pytest.raises(Unusable) as refusal:
        certify(tongliang, step, zhou_inspector)
    assert "step" in refusal.value.fields


def test_days_to_come_and_abolished_units_are_refused(tongliang, announcement, zhou_inspector):
    with pytest.raises(Unusable, match="还没有到"):
        certify(tongliang, announcement, zhou_inspector, day=today() + timedelta(days=1))
    with pytest.raises(Unusable, match="已撤并"):
        certify(District.objects.get(name="江北区"), announcement, zhou_inspector)


def test_unknown_results_are_refused(tongliang, announcement, zhou_inspector):
    with pytest.raises(Unusable, match="可用的有"):
        record_event(
            district=tongliang, step=announcement, result="won", day=today(), by=zhou_inspector
        )


def test_districts_cannot_record(tongliang, announcement, liu_officer):
    with pytest.raises(NotAllowed):
        certify(tongliang, announcement, liu_officer)


def test_a_correction_needs_a_reason_and_leaves_a_trace(zhou_inspector):
    event = CertificationEvent.objects.get(district__code="500106")
    with pytest.raises(Unusable):
        correct_event(event=event, by=zhou_inspector, reason="", note="补充")
    correct_event(event=event, by=zhou_inspector, reason="补录说明", note="见市教委通报")
    entry = Entry.objects.first()
    assert entry.changes == {"note": ["", "见市教委通报"]}


def test_a_correction_that_changes_nothing_writes_nothing(zhou_inspector):
    event = CertificationEvent.objects.get(district__code="500106")
    before = Entry.objects.count()
    correct_event(event=event, by=zhou_inspector, reason="核对", source=event.source)
    assert Entry.objects.count() == before


def test_a_correction_cannot_remove_the_source(zhou_inspector):
    event = CertificationEvent.objects.get(district__code="500106")
    with pytest.raises(Unusable):
        correct_event(event=event, by=zhou_inspector, reason="误删", source="")
