"""Snapshots: what is kept, what it is compared with, and that it never changes."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from audit.refusals import Conflict
from districts.models import School, User
from selfchecks.models import Evaluation, IndicatorResult, SelfCheck, UnitResult
from selfchecks.services import evaluations, reported
from selfchecks.services.checking import preview
from selfchecks.services.differences import compare_verdicts
from selfchecks.services.opening import open_year
from selfchecks.services.readiness import readiness
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, decide, keep_clean, latest
from tests.selfchecks.workbook_files import workbook


def test_without_a_workbook_there_is_no_try_out(self_check: SelfCheck) -> None:
    assert evaluations.try_out(self_check) is None


def test_the_try_out_is_what_the_preview_said_and_what_is_stored(
    reach, self_check: SelfCheck, zhao_signatory: User
) -> None:
    seen = preview(self_check=self_check, content=workbook(self_check), name="a.xlsx")
    self_check = reach("awaiting_signature")
    assert evaluations.try_out(self_check) == seen.outcome
    assert not Evaluation.objects.exists()
    evaluation = take_step(self_check=self_check, step="submit", by=zhao_signatory).evaluation
    assert evaluation.outcome == seen.outcome.as_dict()
    assert evaluation.digest == seen.digest


def test_results_can_be_asked_without_opening_the_outcome(reach, self_check: SelfCheck) -> None:
    evaluation = latest(reach("submitted"))
    shown = evaluation.outcome["dispersion"]["primary"]["A4"]
    row = IndicatorResult.objects.get(evaluation=evaluation, indicator="A4", stage="primary")
    assert (row.verdict, row.value) == (shown["verdict"], Decimal(shown["cv"]))
    # Three schools, of which the nine-year school is two units.
    assert UnitResult.objects.filter(evaluation=evaluation, is_counted=True).count() == 4
    codes = set(evaluation.indicator_results.filter(stage="").values_list("indicator", flat=True))
    assert {"A", "B1", "B15", "C9", "D1", "V"} <= codes


def test_m65_replay_uses_the_rules_that_were_stored(
    reach, self_check: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = latest(reach("submitted"))
    monkeypatch.setattr(evaluations, "rules_of", lambda reference: None)
    assert [replayed.problem for replayed in evaluations.replay_all()] == [""]
    changed = Evaluation(
        outcome=evaluation.outcome, inputs=evaluation.inputs, digest=evaluation.digest
    )
    changed.rules = json.loads(json.dumps(evaluation.rules))
    changed.rules["thresholds"]["A1"]["primary"] = "40"
    assert not evaluations.replay(changed).is_same


def test_inputs_survive_the_database_and_back(reach, self_check: SelfCheck) -> None:
    evaluation = latest(reach("submitted"))
    stored = reported.from_records(self_check)
    assert reported.from_payload(evaluation.inputs).payload() == stored.payload()


def test_a_special_case_of_the_register_travels_with_the_inputs(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    School.objects.filter(pk=schools[0].pk).update(
        special_cases={"A5.extra_venues": {"amount": "10.00", "evidence": "租赁合同"}}
    )
    keep_clean(self_check, chen_officer)
    inputs = evaluations.inputs_of(self_check, reported.from_records(self_check))
    assert inputs["special_cases"] == [
        {
            "school_code": schools[0].code,
            "case": "A5.extra_venues",
            "amount": "10.00",
            "evidence": "租赁合同",
        }
    ]
    assert evaluations.try_out(self_check) is not None


def test_figures_that_cannot_be_evaluated_are_not_submitted(
    reach, self_check: SelfCheck, schools: list[School], zhao_signatory: User
) -> None:
    self_check = reach("awaiting_signature")
    School.objects.filter(pk=schools[0].pk).update(special_cases={"A9.unheard": {}})
    with pytest.raises(Conflict, match="不能测算"):
        take_step(self_check=self_check, step="submit", by=zhao_signatory)
    assert not Evaluation.objects.exists()


def test_what_changed_against_last_year_and_the_version_before(
    reach, self_check, schools, chen_officer, zhao_signatory, zhou_inspector, wu_manager
) -> None:
    reach("approved")
    opened = open_year(
        year=2027,
        due_on=DUE_ON.replace(year=2027),
        fill_from=FILL_FROM,  # a workbook is taken from that day on
        by=wu_manager,
        districts=[self_check.district],
    )
    after = opened.new[0]
    # 7 of 8 exchanged over 30 is 26 %, 5 of 30 is under the 20 % that B11 asks.
    keep_clean(after, chen_officer, district={"B11.exchanged_backbone": 5})
    outcome = evaluations.try_out(after)
    approved = evaluations.approved_before(after)
    assert approved is not None
    assert outcome is not None
    changes = compare_verdicts(approved.result, outcome)
    assert [(change.indicator, change.before, change.after) for change in changes] == [
        ("B11", "met", "not_met")
    ]


def test_m44_readiness_shows_approved_results_only_and_no_school(
    reach, self_check: SelfCheck, schools: list[School], zhou_inspector: User
) -> None:
    reach("in_review")
    assert readiness() == {}
    decide(self_check, "approve", zhou_inspector)
    found = readiness()["500106"]
    assert (found.verdict, found.year, found.unit_count, found.failing_unit_count) == (
        "met",
        2026,
        4,
        0,
    )
    assert list(found.verdicts)[:2] == ["A", "B1"]
    assert not any(school.name in repr(found) or school.code in repr(found) for school in schools)


def test_readiness_stays_when_the_self_check_is_reopened(
    reach, self_check: SelfCheck, wu_manager: User
) -> None:
    reach("approved")
    before = readiness()
    later = DUE_ON.replace(year=2099)
    take_step(self_check=self_check, step="reopen", by=wu_manager, comment="补报", due_on=later)
    assert readiness() == {"500106": replace(before["500106"], is_open_again=True)}


def test_readiness_of_a_day_before_the_approval_is_empty(reach, self_check: SelfCheck) -> None:
    reach("approved")
    assert readiness(day=FILL_FROM.replace(year=2020)) == {}
    assert readiness([]) == {}


def test_a_new_standard_is_tried_on_the_newest_snapshots(reach, self_check: SelfCheck) -> None:
    evaluation = latest(reach("submitted"))
    (stored,) = evaluations.stored_inputs(self_check.standard)
    assert (stored.label, stored.payload) == ("沙坪坝区 2026", evaluation.inputs)


def test_what_changed_against_the_submission_before(
    reach, self_check: SelfCheck, chen_officer: User
) -> None:
    self_check = reach("returned")
    keep_clean(self_check, chen_officer, district={"C2.enrolled": 30})
    outcome = evaluations.try_out(self_check)
    # 30 of 40 is 75 %, under the 95 % that C2 asks.
    changes = compare_verdicts(latest(self_check).result, outcome)
    assert [(change.indicator, change.after) for change in changes] == [("C2", "not_met")]
