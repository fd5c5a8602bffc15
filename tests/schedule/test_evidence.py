"""A certification may point to the approved self-check it rests on, and to nothing else."""

from collections.abc import Callable
from datetime import date

import pytest

from audit.refusals import Unusable
from districts.models import District, User
from schedule.models import CertificationEvent, CertificationStep, Result
from schedule.services.certifications import correct_event, record_event
from selfchecks.models import Evaluation, SelfCheck
from tests.conftest import TODAY
from tests.selfchecks.conftest import latest, reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]


def started(district: District, by: User, evidence: Evaluation | None) -> CertificationEvent:
    step = CertificationStep.objects.filter(level="district").order_by("-year").first()
    assert step is not None
    return record_event(
        district=district,
        step=step,
        result=Result.STARTED,
        day=min(TODAY, date.today()),
        by=by,
        evidence=evidence,
    )


def test_an_approved_result_is_evidence(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User
) -> None:
    approved = latest(reach("approved"))
    assert started(shapingba, wu_manager, approved).evidence == approved


def test_what_is_not_approved_is_not(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User
) -> None:
    submitted = latest(reach("submitted"))
    with pytest.raises(Unusable) as refusal:
        started(shapingba, wu_manager, submitted)
    assert set(refusal.value.fields) == {"evidence"}
    assert not shapingba.events.filter(evidence__isnull=False).exists()


def test_nor_is_the_result_of_another_unit(
    reach: Callable[[str], SelfCheck], tongliang: District, wu_manager: User
) -> None:
    approved = latest(reach("approved"))
    with pytest.raises(Unusable):
        started(tongliang, wu_manager, approved)


def test_it_can_be_named_later(
    reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User
) -> None:
    approved = latest(reach("approved"))
    event = started(shapingba, wu_manager, None)
    correct_event(event=event, by=wu_manager, reason="补记依据", evidence=approved)
    event.refresh_from_db()
    assert event.evidence == approved


def test_the_form_offers_the_units_own_results_under_its_name(
    reach: Callable[[str], SelfCheck], tongliang: District, wu_manager: User, signed_in
) -> None:
    approved = latest(reach("approved"))
    client, option = signed_in(wu_manager), f"（指纹 {approved.short_digest}）"
    add = "/admin/schedule/certificationevent/add/"
    page = client.get(add).content.decode()
    assert page.index('<optgroup label="沙坪坝区">') < page.index(option)
    assert option not in client.get(add, {"district": tongliang.pk}).content.decode()
    event = started(tongliang, wu_manager, None)
    change = f"/admin/schedule/certificationevent/{event.pk}/change/"
    assert option not in client.get(change).content.decode()
