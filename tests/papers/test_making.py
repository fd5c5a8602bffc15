"""What fills each document, and that its numbers are those of the API on the same day."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from audit.refusals import Conflict
from districts.models import District, User
from documents.fields import fields_of, paths, sample, shipped
from documents.rendering import rendered
from improvement.models import SchoolPlan
from improvement.services import ledger
from improvement.services.visits import draw_schools
from papers.kinds import KINDS
from papers.names import Name
from papers.services.making import fields, make
from schedule.services.reading import today
from selfchecks.models import ReviewEntry, SelfCheck
from tests.documents.validity import faults_of
from tests.papers.conftest import words_of

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


@pytest.fixture
def subjects(
    approved: SchoolPlan, reach: Reach, zhou_inspector: User, shapingba: District
) -> dict[str, Any]:
    """One of each kind: an approved self-check, a school plan, a receipt, a problem, a visit."""
    self_check = reach("approved")
    ledger.found(by=zhou_inspector, district=shapingba, source="visit", key="1", words="缺录像")
    receipt = ReviewEntry.objects.get(self_check=self_check, step="submit")
    visit = draw_schools(district=shapingba, count=2, by=zhou_inspector, seed="7")
    of = {
        "visit": visit,
        "unit": shapingba,
        "city": today(),
        "self_check": self_check,
        "receipt": receipt,
    }
    return {name: of[kind.find.__name__] for name, kind in KINDS.items()}


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
    assert "2025年3月14日 通过国家认定" in text


def test_a_self_check_that_is_not_decided_has_no_opinion(reach: Reach) -> None:
    with pytest.raises(Conflict, match="还没有复核决定"):
        make(Name.OPINION, reach("submitted"), today())


def test_the_opinion_says_what_was_decided(reach: Reach) -> None:
    text = words_of(make(Name.OPINION, reach("returned"), today()))
    assert "请核对骨干教师数" in text
    assert "退回修改" in text


def test_the_bulletin_has_the_numbers_of_the_api(reference: None, client: Client) -> None:
    for day in ("2023-12-31", "2025-03-14", "2026-02-01"):
        told = fields(Name.BULLETIN, today(), date.fromisoformat(day))
        answer = client.get(f"/api/v1/progress/?as_of={day}").json()
        for name in ("units", "certified", "certified_named", "certified_unnamed"):
            assert told[name] == str(answer[name]), (day, name)
        assert told["late"] == str(len(answer["late"]))
        for mine, theirs in zip(told["years"], answer["years"], strict=True):
            for name in ("year", "planned", "cumulative_planned"):
                assert mine[name] == str(theirs[name])
            known = theirs["certified"]
            assert mine["certified"] == ("—" if known is None else str(known))
        for mine, theirs in zip(told["phases"], answer["phases"], strict=True):
            for name in ("target", "planned", "certified", "cumulative_target"):
                assert mine[name] == str(theirs[name])


def test_the_report_has_the_numbers_of_the_api(
    reach: Reach, shapingba: District, chen_officer: User, signed_in: Any
) -> None:
    self_check = reach("approved")
    told = fields(Name.UNIT_REPORT, shapingba, today())
    client = signed_in(chen_officer)
    answer = client.get(f"/api/v1/self-checks/{self_check.reference}/evaluation/").json()
    unit = client.get("/api/v1/districts/500106/").json()
    units = answer["indicators"]["A"]["units"]
    assert told["units_met"] == str(units["met"])
    assert told["units"] == str(sum(units.values()))
    assert told["planned_year"] == str(unit["planned_year"])
    assert told["digest"] == answer["digest"].removeprefix("sha256:")[:12]
    stages = {"小学": "primary", "初中": "junior"}
    for row in told["spreads"]:
        found = answer["dispersion"][stages[row["stage"]]][row["code"]]
        shown = "—" if found["cv"] is None else f"{float(found['cv']):.3f}"
        assert row["value"] == shown, row
        assert float(row["limit"]) == float(found["limit"])
