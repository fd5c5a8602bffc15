"""Public pages tell how ready a unit is: only what was approved, never the name of a school."""

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from districts.models import District, User
from schedule.models import CertificationStep
from schedule.services.certifications import record_event
from selfchecks.models import SelfCheck
from tests.reader import words
from tests.schedule.test_evidence import reach, schools, self_check
from tests.selfchecks.conftest import latest

__all__ = ["reach", "schools", "self_check"]

UNIT = "/districts/500106/"


def test_nothing_unapproved_is_published(client: Client, reach: Callable[[str], SelfCheck]) -> None:
    reach("in_review")
    for page in ("/", UNIT):
        assert "自查准备情况" not in words(client.get(page))


def test_an_approved_result_is_told_without_schools(
    client: Client, reach: Callable[[str], SelfCheck]
) -> None:
    self_check = reach("approved")
    names = self_check.school_records.values_list("school_name", flat=True)
    for page, sentence in (
        (UNIT, "2026 年度自查经市级复核，各项都达到标准。"),
        ("/", "1 个单位的自查已经市级复核。"),
    ):
        text = words(client.get(page))
        assert sentence in text
        assert not any(name in text for name in names)
    assert "自查准备情况" not in words(client.get(UNIT + "?as_of=2025-06-30"))


def test_the_event_names_the_result_it_rests_on(
    client: Client, reach: Callable[[str], SelfCheck], shapingba: District, wu_manager: User
) -> None:
    evaluation = latest(reach("approved"))
    step = CertificationStep.objects.filter(level="district").order_by("-year").first()
    assert step is not None
    today = timezone.localdate()
    record_event(
        district=shapingba, step=step, result="passed", day=today, by=wu_manager,
        evidence=evaluation,
    )  # fmt: skip
    assert f"依据 2026 年度自查的复核结果，指纹 {evaluation.short_digest}" in words(
        client.get(UNIT)
    )


def test_a_made_up_verdict_stands_apart_and_never_beside_real_certifications(
    client: Client, reach: Callable[[str], SelfCheck]
) -> None:
    SelfCheck.objects.filter(pk=reach("approved").pk).update(is_demo=True)
    home = words(client.get("/"))
    assert "自查准备情况" not in home
    assert "达到标准" not in home
    text = words(client.get(UNIT))
    told = text.index("演示数据：自查准备情况 这一段是为试用编造的，不是这个单位的真实情况")
    assert text.index("认定经过") < told < text.index("2026 年度自查经市级复核")
