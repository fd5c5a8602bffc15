"""Whatever people do in whatever order, the portal does what the model says (faults 59, 60).

``pytest tests/selfchecks/test_state_machine.py --workflow-runs 10000`` makes a long night of it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from audit.refusals import Refused
from audit.verification import differences_of_rows
from districts.models import District, User
from districts.roles import Role
from districts.services.people import update_user
from schedule.models import CertificationStep
from schedule.services import certifications, reading
from selfchecks.models import SelfCheck, State
from selfchecks.services import evaluations, uploads
from selfchecks.services.evidence import add_evidence
from selfchecks.services.opening import open_year
from selfchecks.services.reviews import Target, answer, comment
from selfchecks.services.steps import open_steps, take_step
from selfchecks.workflow import STEP
from tests.conftest import person
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, attach_required, register
from tests.selfchecks.workbook_files import workbook
from tests.selfchecks.workflow_invariants import Invariants, own_entries
from tests.selfchecks.workflow_model import DAYS, PEOPLE, TAKEN, Attempt, Model

FORWARD = ("send_for_signature", "submit", "take_up", "approve")
ASKED = (*FORWARD, "ask_reopening", "grant_reopening")
WAYS = (
    FORWARD,
    (*FORWARD[:3], "send_back", "take_back_return"),
    (*FORWARD, "reopen"),
    ASKED,
    (*FORWARD, "take_back_approval", "send_back"),
)
STEPS_IN_A_RUN = 50
people = st.sampled_from(sorted(PEOPLE))
WITNESSES: dict[str, Any] = {}
STATISTICS = {"runs": 0, "commands": 0, "taken": 0}


def told(command: Callable[[], str]) -> str:
    """Taken, unchanged, or the code of a declared refusal; anything else is a failure."""
    try:
        return command()
    except Refused as refusal:
        return refusal.code


class Workflow(Invariants, RuleBasedStateMachine):
    """Named people try every step, upload two versions, certify, and change roles, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model, self.entries = Model(), own_entries().count()
        self.approved: dict[int, tuple[bytes, bytes]] = {}
        self.certified, self.is_fresh = self.count_certified(), True
        STATISTICS["runs"] += 1

    def teardown(self) -> None:
        try:
            self.check_everything()
            assert all(replayed.is_same for replayed in evaluations.replay_all())
            assert [str(difference) for difference in differences_of_rows()] == []
        finally:  # a run that fails leaves no rows to the next one
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @initialize()
    def remember(self) -> None:
        self.self_check = SelfCheck.objects.get(pk=WITNESSES["self_check"])
        self.upload("officer", "first")
        attach_required(self.self_check, self.who("officer"))  # what lacks has tests of its own
        self.entries += 1

    def _done(self, outcome: str, entries: int) -> None:
        STATISTICS["commands"] += 1
        if outcome == TAKEN:
            STATISTICS["taken"] += 1
            self.entries += entries
            self.is_fresh = True

    @rule(name=people, variant=st.sampled_from(("first", "second")))
    def upload(self, name: str, variant: str) -> None:
        def send() -> str:
            kept = uploads.keep(
                self_check=self.self_check,
                content=WITNESSES[variant],
                name="自查.xlsx",
                by=self.who(name),
            )
            return "unchanged" if kept.is_unchanged else TAKEN

        self.self_check.refresh_from_db()
        outcome = told(send)
        assert outcome == self.model.upload(name, variant)
        self._done(outcome, entries=2)

    @rule(name=people)
    def attach(self, name: str) -> None:
        def attached() -> str:
            content = b"%%PDF-1.7 %d" % self.self_check.evidence_items.count()
            add_evidence(
                self_check=self.self_check,
                indicator="B1",
                content=content,
                name="规划.pdf",
                by=self.who(name),
            )
            return TAKEN

        outcome = told(attached)
        assert outcome == self.model.attach(name)
        self._done(outcome, entries=1)

    @rule(name=people)
    def answer(self, name: str) -> None:
        def answered() -> str:
            answer(parent=WITNESSES["remark"], text="已补充", by=self.who(name))
            return TAKEN

        outcome = told(answered)
        assert outcome == self.model.answer(name)
        self._done(outcome, entries=1)

    @rule(
        name=people,
        step=st.sampled_from(sorted(STEP)),
        comment=st.sampled_from(("", "理由")),
        digest=st.sampled_from(("none", "right", "wrong")),
        due=st.sampled_from(DAYS),
    )
    def attempt(self, name: str, step: str, comment: str, digest: str, due: date | None) -> None:
        self._take(Attempt(name, step, comment, digest, due))

    @rule(
        way=st.sampled_from(WAYS),
        length=st.integers(1, 6),
    )
    def go_on(self, way: tuple[str, ...], length: int) -> None:
        """Along the usual way, as far as it is open, so that runs get far."""
        for step in way[:length]:
            self.self_check.refresh_from_db()
            name = self._open_to(step)
            if name:
                assert self._take(Attempt(name, step, "理由", "right", DAYS[1])) == TAKEN

    def _open_to(self, step: str) -> str | None:
        """Who is offered the step: the model must say the same of everybody."""
        edge, found = STEP[step], None
        for name in sorted(PEOPLE):
            offers = open_steps(self.self_check, self.who(name))
            is_open = any(offer.is_open for offer in offers if offer.step == edge)
            assert is_open is not bool(self.model.blocker(name, edge))
            found = name if is_open else found
        return found

    @rule(swap=st.booleans())
    def change_role(self, swap: bool) -> None:
        """People move on; what they did on this self-check stays with them."""
        role = Role.SIGNATORY if swap else Role.OFFICER
        person = User.objects.get(username="officer2")
        self.entries += person.role != role
        update_user(user=person, by=None, role=role)
        self.model.roles["officer2"] = role

    @rule(name=people, result=st.sampled_from(("certified", "revoked")), rests=st.booleans())
    def announce(self, name: str, result: str, rests: bool) -> None:
        """A certification may rest on what was approved, and on nothing else."""
        evidence = evaluations.latest(self.self_check) if rests else None

        def announced() -> str:
            certifications.record_event(
                district=self.self_check.district,
                step=WITNESSES["announcement"],
                result=result,
                day=reading.today(),
                by=self.who(name),
                document_number="演示函〔2026〕1号",
                source="https://cq.gov.cn/",
                evidence=evidence,
            )
            return TAKEN

        outcome = told(announced)
        self._done(outcome, entries=1)
        if outcome == TAKEN:
            assert evidence is None or evidence.number in self.model.standing
            self.model.rests |= {evidence.number} if evidence else set()
            self.certified -= result == "revoked"

    @rule(name=people)
    def open_again(self, name: str) -> None:
        """One self-check per unit and year, however often the year is opened."""

        def opened() -> str:
            [district], by = [self.self_check.district], self.who(name)
            days = {"year": 2026, "due_on": DUE_ON, "fill_from": FILL_FROM}
            return "new" if open_year(**days, by=by, districts=[district]).new else "existing"

        assert told(opened) in ("existing", "not_allowed")
        self._done("existing", entries=0)

    def _take(self, asked: Attempt) -> str:
        self.self_check.refresh_from_db()
        latest = evaluations.latest(self.self_check)
        right = latest.digest if latest and not STEP[asked.step].evaluates else None

        def taken() -> str:
            entry = take_step(
                self_check=self.self_check,
                step=asked.step,
                by=self.who(asked.name),
                comment=asked.comment,
                evaluation_digest={"none": None, "right": right, "wrong": "sha256:0"}[asked.digest],
                due_on=asked.due,
            )
            if entry.evaluation_id and entry.to_state == State.APPROVED:
                self.approved[entry.evaluation_id] = self.kept(entry.evaluation)
            return TAKEN

        outcome = told(taken)
        assert outcome == self.model.attempt(asked)
        self._done(outcome, entries=1)
        return outcome

    @invariant()
    def nothing_happens_but_what_was_accepted(self) -> None:
        assert SelfCheck.objects.get(pk=self.self_check.pk).state == self.model.state
        assert own_entries().count() == self.entries
        if self.is_fresh:
            self.check_everything()
            self.is_fresh = False


@pytest.mark.django_db
def test_the_portal_does_what_the_model_says(
    reference: None, request: pytest.FixtureRequest
) -> None:
    shapingba = District.objects.get(code="500106")
    for username, (name, role, is_local) in PEOPLE.items():
        person(username, name, role, shapingba if is_local else None)
    schools = register(shapingba, ("小学", "初中", "九年一贯制"))
    manager = User.objects.get(username="manager")
    opened = open_year(
        year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=manager, districts=[shapingba]
    )
    WITNESSES["self_check"] = opened.new[0].pk
    WITNESSES["announcement"] = CertificationStep.objects.filter(is_announcement=True).first()
    WITNESSES["first"] = workbook(opened.new[0])
    officer = User.objects.get(username="officer")
    # The district's own remark: it holds nobody back from approving.
    WITNESSES["remark"] = comment(
        self_check=opened.new[0], text="请附名单", by=officer, on=Target("A1")
    )
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    WITNESSES["second"] = workbook(opened.new[0], changes)
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=request.config.getoption("--workflow-runs"),
            stateful_step_count=STEPS_IN_A_RUN,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(STATISTICS)  # shown by pytest -s
