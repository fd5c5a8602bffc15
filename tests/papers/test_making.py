"""What fills each document, and which days it can speak of."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from audit.refusals import Conflict, Unusable
from districts.models import District, User
from documents.fields import fields_of, paths, sample, shipped
from documents.rendering import rendered
from improvement.models import SchoolPlan
from papers.contents.review import opinion
from papers.names import Name
from papers.services.making import fields, make
from schedule.services.reading import today
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.services.reviews import Target, comment, review_indicator, settle
from selfchecks.services.steps import take_step
from tests.documents.validity import faults_of
from tests.improvement.school_planning import approve
from tests.papers.conftest import words_of
from tests.selfchecks.conftest import decide

Reach = Callable[..., SelfCheck]


@pytest.mark.parametrize("kind", Name)
def test_the_shipped_template_asks_for_known_fields_only(kind: str) -> None:
    assert rendered(shipped(kind), sample(kind))


@pytest.mark.parametrize("kind", Name)
def test_the_shipped_template_is_a_sound_document(kind: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, shipped(kind)) == []


@pytest.mark.parametrize("kind", Name)
def test_a_template_uses_every_field_that_is_not_left_to_the_office(kind: str) -> None:
    """The examples stand in the document: nothing of the table is a dead letter."""
    text = words_of(rendered(shipped(kind), sample(kind)))
    unused = {
        field.path
        for field in fields_of(kind)
        if field.example not in text and field.path.rpartition(".")[2] not in LEFT_OUT
    }
    assert not unused


LEFT_OUT = {"code", "chart", "limit", "value", "stage", "name", "verdict", "digest", "found"}
LEFT_OUT |= {"required", "gap", "source", "measures", "school", "state"}  # of the report on mending


def test_every_document_has_the_fields_of_the_table(subjects: dict[str, Any]) -> None:
    for kind, subject in subjects.items():
        found = set(paths(fields(kind, subject, today())))
        listed = {field.path for field in fields_of(kind)}
        empty = {path for path in listed if "[]" in path and not path_is_filled(path, found)}
        assert found | empty == listed, kind


def test_every_document_is_sound(subjects: dict[str, Any], tmp_path: Path) -> None:
    for kind, subject in subjects.items():
        assert faults_of(tmp_path, make(kind, subject, today())) == [], kind


def path_is_filled(path: str, found: set[str]) -> bool:
    return any(other.startswith(path.partition("[]")[0] + "[]") for other in found)


def test_documents_are_chinese_for_english_readers_too(subjects: dict[str, Any]) -> None:
    with translation.override("en"):
        for kind, subject in subjects.items():
            text = words_of(make(kind, subject, today()))
            assert not re.search(r"\b(met|not met|approved|primary)\b", text, re.I), kind


def test_the_same_day_gives_the_same_bytes(subjects: dict[str, Any]) -> None:
    for kind, subject in subjects.items():
        assert make(kind, subject, today()) == make(kind, subject, today()), kind


def test_a_unit_without_approved_figures_gets_no_verdict(shapingba: District) -> None:
    text = words_of(make(Name.UNIT_REPORT, shapingba, date(2025, 3, 14)))
    assert "还没有复核通过的自查，不作结论" in text
    assert "2025年3月14日通过国家认定" in text


def test_a_self_check_that_is_not_decided_has_no_opinion(reach: Reach) -> None:
    with pytest.raises(Conflict, match="还没有复核决定"):
        make(Name.OPINION, reach("submitted"), today())


def test_the_opinion_says_what_was_decided(reach: Reach) -> None:
    text = words_of(make(Name.OPINION, reach("returned"), today()))
    assert "请核对骨干教师数" in text
    assert "退回修改" in text


@pytest.mark.parametrize("kind", Name)
def test_a_document_of_the_present_refuses_an_earlier_day_by_its_name(
    kind: Name, subjects: dict[str, Any]
) -> None:
    past = date(2026, 1, 31)
    if kind in ("unit-report", "progress-bulletin"):
        assert "截至2026年1月31日" in words_of(make(kind, subjects[kind], past))
    elif kind == "review-opinion":
        with pytest.raises(Conflict, match="还没有复核决定"):
            make(kind, subjects[kind], past)
    else:
        with pytest.raises(Unusable, match=f"「{re.escape(str(kind.label))}」只有今天的"):
            make(kind, subjects[kind], past)


def test_a_bulletin_does_not_speak_of_the_years_before_its_own(reference: None) -> None:
    with pytest.raises(Unusable, match="2026 年的通报"):
        make(Name.BULLETIN, date(2026, 12, 31), date(2025, 12, 31))


def test_an_opinion_is_not_made_of_later_words(reach: Reach, zhou_inspector: User) -> None:
    """Taken back, its words changed and decided again, the first decision cannot be shown."""
    self_check, day = reach("returned"), today()
    assert "退回修改" in words_of(make(Name.OPINION, self_check, day))
    given = {"self_check": self_check, "by": zhou_inspector}
    with clock.at(timezone.now() + timedelta(days=2)):
        take_step(step="take_back_return", comment="退错了，请继续等复核", **given)
        review_indicator(indicator="A2", word="rejected", note="名单不实", **given)
        decide(self_check, "send_back", zhou_inspector)
    with pytest.raises(Conflict, match="又改过"):
        make(Name.OPINION, self_check, day)
    assert "名单不实" in words_of(make(Name.OPINION, self_check, day + timedelta(days=2)))


def test_a_remark_is_settled_from_its_day(reach: Reach, zhou_inspector: User) -> None:
    self_check, day = reach("in_review"), today()
    written = comment(
        self_check=self_check, text="请附名单", by=zhou_inspector, on=Target(indicator="A2")
    )
    decide(self_check, "send_back", zhou_inspector)
    with clock.at(timezone.now() + timedelta(days=2)):
        settle(comment=written, by=zhou_inspector)
    assert [row["settled"] for row in opinion(self_check, day)["remarks"]] == ["未办结"]
    after = opinion(self_check, day + timedelta(days=2))
    assert [row["settled"] for row in after["remarks"]] == ["已办结"]


def test_a_plan_is_approved_on_the_day_of_chongqing(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    with clock.at(datetime(2026, 11, 20, 17, tzinfo=UTC)):  # one in the morning there
        approve(written, chen_officer, zhao_signatory)
    told = fields(Name.PLANS, written.self_check, today())
    assert told["plans"][0]["approved_on"] == "2026年11月21日"
