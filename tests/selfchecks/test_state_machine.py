"""Whatever people do in whatever order, the invariants of the workflow hold (faults 59, 60)."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from audit.models import Entry
from audit.refusals import Refused
from audit.services import verify
from districts.models import District, User
from districts.roles import Role
from indicators.calculation.evaluate import canonical
from selfchecks.models import Evaluation, Notice, SelfCheck, State
from selfchecks.services import board, evaluations, uploads
from selfchecks.services.opening import open_year
from selfchecks.services.readiness import readiness
from selfchecks.services.steps import open_steps, take_step
from selfchecks.workflow import STEP, STEPS, Part
from tests.conftest import person
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, register
from tests.selfchecks.workbook_files import workbook

PEOPLE = {
    "officer": ("陈静", Role.OFFICER, True),
    "officer2": ("罗丹", Role.OFFICER, True),
    "signatory": ("赵明", Role.SIGNATORY, True),
    "inspector": ("周岚", Role.INSPECTOR, False),
    "inspector2": ("孙健", Role.INSPECTOR, False),
    "manager": ("吴敏", Role.MANAGER, False),
    "auditor": ("何磊", Role.AUDITOR, False),
}
FORWARD = ("send_for_signature", "submit", "take_up", "approve")
people = st.sampled_from(sorted(PEOPLE))
WITNESSES: dict[str, Any] = {}


class Workflow(RuleBasedStateMachine):
    """Named people try every step, upload two versions, and change roles, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.entries = Entry.objects.count()
        self.approved: dict[int, bytes] = {}

    def teardown(self) -> None:
        assert all(replayed.is_same for replayed in evaluations.replay_all())
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def remember(self) -> None:
        self.self_check = SelfCheck.objects.get(pk=WITNESSES["self_check"])
        self.upload("officer", "first")

    def who(self, name: str) -> User:
        return User.objects.get(username=name)

    @rule(name=people, variant=st.sampled_from(("first", "second")))
    def upload(self, name: str, variant: str) -> None:
        self.self_check.refresh_from_db()
        try:
            kept = uploads.keep(
                self_check=self.self_check,
                content=WITNESSES[variant],
                name="自查.xlsx",
                by=self.who(name),
            )
        except (Refused, Http404):
            return
        self.entries += 0 if kept.is_unchanged else 2

    @rule(
        name=people,
        step=st.sampled_from(sorted(STEP)),
        comment=st.sampled_from(("", "理由")),
        digest=st.sampled_from(("none", "right", "wrong")),
        due=st.sampled_from((None, date(2099, 1, 1), date(2001, 1, 1))),
    )
    def attempt(self, name: str, step: str, comment: str, digest: str, due: date | None) -> None:
        self._take(name, step, comment, digest, due)

    @rule(
        way=st.sampled_from((FORWARD, (*FORWARD[:3], "send_back"), (*FORWARD, "reopen"))),
        length=st.integers(1, 5),
    )
    def go_on(self, way: tuple[str, ...], length: int) -> None:
        """Along the usual way, as far as it is open, so that runs get far."""
        for step in way[:length]:
            self.self_check.refresh_from_db()
            name = self._open_to(step)
            if name:
                self._take(name, step, "理由", "right", date(2099, 1, 1))
                self.self_check.refresh_from_db()
                assert self.self_check.state == STEP[step].target

    def _open_to(self, step: str) -> str | None:
        for name in sorted(PEOPLE):
            for offer in open_steps(self.self_check, self.who(name)):
                if offer.is_open and offer.step.name == step:
                    return name
        return None

    @rule(swap=st.booleans())
    def change_role(self, swap: bool) -> None:
        """People move on; what they did on this self-check stays with them."""
        role = Role.SIGNATORY if swap else Role.OFFICER
        User.objects.filter(username="officer2").update(role=role)

    def _take(self, name: str, step: str, comment: str, digest: str, due: date | None) -> None:
        self.self_check.refresh_from_db()
        latest = evaluations.latest(self.self_check)
        right = latest.digest if latest and not STEP[step].evaluates else None
        given = {"none": None, "right": right, "wrong": "sha256:0"}[digest]
        try:
            entry = take_step(
                self_check=self.self_check,
                step=step,
                by=self.who(name),
                comment=comment,
                evaluation_digest=given,
                due_on=due,
            )
        except (Refused, Http404):
            return
        self.entries += 1
        if entry.to_state == State.APPROVED:
            self.approved[entry.evaluation_id] = canonical(entry.evaluation.outcome)

    @invariant()
    def states_change_only_by_declared_edges(self) -> None:
        state = State.DRAFT
        for number, entry in enumerate(self.self_check.trail.all(), 1):
            edge = STEP[entry.step]
            assert entry.number == number
            assert entry.from_state == state
            assert entry.from_state in edge.sources
            assert entry.to_state == edge.target
            state = State(entry.to_state)
        assert SelfCheck.objects.get(pk=self.self_check.pk).state == state

    @invariant()
    def every_edge_has_its_person_words_and_result(self) -> None:
        for entry in self.self_check.trail.select_related("actor", "evaluation"):
            edge = STEP[entry.step]
            assert entry.actor_name
            assert entry.comment or not edge.needs_comment
            if edge.names_evaluation or edge.evaluates:
                assert entry.evaluation.digest == entry.evaluation_digest

    @invariant()
    def nobody_holds_two_parts(self) -> None:
        parts: dict[Part, set[int]] = {part: set() for part in Part}
        parts[Part.PREPARE] |= set(self.self_check.uploads.values_list("uploaded_by", flat=True))
        for entry in self.self_check.trail.all():
            if part := STEP[entry.step].part:
                parts[part].add(entry.actor_id)
        assert not parts[Part.PREPARE] & parts[Part.SIGN]
        assert not parts[Part.SIGN] & parts[Part.REVIEW]
        assert not parts[Part.PREPARE] & parts[Part.REVIEW]

    @invariant()
    def approved_results_never_change_and_only_they_are_public(self) -> None:
        for key, outcome in self.approved.items():
            stored = Evaluation.objects.get(pk=key)
            assert canonical(stored.outcome) == outcome
        shown = readiness()
        assert set(shown) == ({"500106"} if self.approved else set())
        for found in shown.values():
            assert found.digest in {Evaluation.objects.get(pk=key).digest for key in self.approved}

    @invariant()
    def counts_add_up_to_forty_one(self) -> None:
        assert sum(board.board(2026, self.who("manager")).counts.values()) == 41

    @invariant()
    def the_audit_tells_the_whole_story(self) -> None:
        assert Entry.objects.count() == self.entries
        assert verify() is None
        told = Entry.objects.filter(changes__has_key="state").order_by("number")
        state = State.DRAFT
        for entry in told:
            assert entry.changes["state"][0] == state
            state = State(entry.changes["state"][1])
        assert self.self_check.trail.count() == told.count()
        assert SelfCheck.objects.get(pk=self.self_check.pk).state == state

    @invariant()
    def notices_are_at_least_as_many_as_steps(self) -> None:
        keys = list(Notice.objects.values_list("dedup_key", flat=True))
        assert len(keys) == len(set(keys))
        for entry in self.self_check.trail.all():
            key = f"step.{entry.step}:{self.self_check.pk}:{entry.number}:"
            assert any(known.startswith(key) for known in keys)


@pytest.mark.django_db
def test_the_workflow_keeps_its_invariants(reference: None) -> None:
    shapingba = District.objects.get(code="500106")
    for username, (name, role, is_local) in PEOPLE.items():
        person(username, name, role, shapingba if is_local else None)
    schools = register(shapingba, ("小学", "初中", "九年一贯制"))
    manager = User.objects.get(username="manager")
    opened = open_year(
        year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=manager, districts=[shapingba]
    )
    WITNESSES["self_check"] = opened.new[0].pk
    WITNESSES["first"] = workbook(opened.new[0])
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    WITNESSES["second"] = workbook(opened.new[0], changes)
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=settings.default.max_examples // 5,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_table_leaves_no_state_without_a_way_on() -> None:
    reached = {State.DRAFT} | {step.target for step in STEPS}
    left = {state for step in STEPS for state in step.sources}
    assert reached == left == set(State)
