"""What holds after every command of the workflow, whoever gave it (B3 of the faults)."""

from django.db.models import QuerySet

from audit.models import Entry
from audit.services import verify
from districts.models import User
from indicators.calculation.outcome import canonical
from schedule.services import reading
from selfchecks import files
from selfchecks.models import Evaluation, Notice, SelfCheck, State
from selfchecks.models.participation import Part
from selfchecks.services import board
from selfchecks.services.readiness import readiness
from selfchecks.workflow import STEP
from tests.selfchecks.workflow_model import Model


def own_entries() -> QuerySet[Entry]:
    """Rooms above follow a step with entries of their own, which are theirs to test."""
    return Entry.objects.exclude(action__startswith="problem.").exclude(
        action__startswith="look_back."
    )


class Invariants:
    """``approved`` keeps what must not change; ``certified`` how many units were so far."""

    self_check: SelfCheck
    model: Model
    approved: dict[int, tuple[bytes, bytes]]
    certified: int

    def who(self, name: str) -> User:
        return User.objects.get(username=name)

    @staticmethod
    def kept(evaluation: Evaluation) -> tuple[bytes, bytes]:
        """What must never change once it was approved: the outcome and the district's own file."""
        return canonical(evaluation.outcome), files.content_of(evaluation.upload)

    @staticmethod
    def count_certified() -> int:
        return reading.position_on(reading.today()).progress.certified

    def check_everything(self) -> None:
        """The invariants of the trail, of what is public and of the record."""
        self.trail_follows_the_table()
        self.nobody_holds_two_parts()
        self.approved_never_changes_and_only_that_is_public()
        self.counts_add_up()
        self.audit_tells_the_whole_story()
        self.notices_are_at_least_as_many_as_steps()

    def trail_follows_the_table(self) -> None:
        state, rows = State.DRAFT, self.self_check.trail.select_related("actor", "evaluation")
        for number, (entry, taken) in enumerate(zip(rows, self.model.trail, strict=True), 1):
            edge = STEP[entry.step]
            assert (entry.number, entry.actor.username) == (number, taken.name)
            assert entry.from_state == state in edge.sources
            assert entry.to_state == edge.target
            assert entry.actor_name
            assert entry.taken_at
            assert entry.comment or not edge.needs_comment
            if edge.names_evaluation or edge.evaluates or edge.undoes:
                assert entry.evaluation.digest == entry.evaluation_digest
                assert entry.evaluation.number == taken.version
            state = State(entry.to_state)

    def nobody_holds_two_parts(self) -> None:
        parts: dict[Part, set[int]] = {part: set() for part in Part}
        for rows, person in (
            (self.self_check.uploads.all(), "uploaded_by"),
            (self.self_check.evidence_items.all(), "added_by"),
            (self.self_check.comments.exclude(parent=None), "written_by"),
        ):
            here = rows.exclude(**{f"{person}__reach": "city"})
            parts[Part.PREPARE] |= set(here.values_list(person, flat=True))
        for entry in self.self_check.trail.all():
            if part := STEP[entry.step].part:
                parts[part].add(entry.actor_id)
        for part in Part:
            known = self.self_check.participations.filter(part=part)
            assert set(known.values_list("person", flat=True)) == parts[part]
        assert not parts[Part.PREPARE] & parts[Part.SIGN]
        assert not parts[Part.SIGN] & parts[Part.REVIEW]
        assert not parts[Part.PREPARE] & parts[Part.REVIEW]

    def approved_never_changes_and_only_that_is_public(self) -> None:
        for key, kept in self.approved.items():
            assert self.kept(Evaluation.objects.get(pk=key)) == kept
        shown = readiness()
        assert set(shown) == ({"500106"} if self.model.standing else set())
        rows = self.self_check.evaluations.filter(number__in=self.model.standing)
        numbers = dict(rows.values_list("number", "digest"))
        last = self.model.standing[-1:]
        assert [found.digest for found in shown.values()] == [numbers[number] for number in last]
        kept = SelfCheck.objects.select_related("approved_evaluation").get(pk=self.self_check.pk)
        assert [kept.approved_evaluation and kept.approved_evaluation.number] == (last or [None])

    def counts_add_up(self) -> None:
        """Forty-two units whatever happens; certified ones go down by a revocation only."""
        assert sum(board.board(2026, self.who("manager")).counts.values()) == 42
        assert SelfCheck.objects.filter(district__code="500106", year=2026).count() == 1
        certified = self.count_certified()
        assert certified >= self.certified
        self.certified = certified

    def audit_tells_the_whole_story(self) -> None:
        assert verify() is None
        state = State.DRAFT
        entries = own_entries().filter(changes__has_key="state").order_by("number")
        for entry in entries:
            assert entry.changes["state"][0] == state
            state = State(entry.changes["state"][1])
        assert self.self_check.trail.count() == entries.count()
        assert SelfCheck.objects.get(pk=self.self_check.pk).state == state

    def notices_are_at_least_as_many_as_steps(self) -> None:
        keys = list(Notice.objects.values_list("dedup_key", flat=True))
        assert len(keys) == len(set(keys))
        for entry in self.self_check.trail.all():
            key = f"step.{entry.step}:{self.self_check.pk}:{entry.number}:"
            assert any(known.startswith(key) for known in keys)
