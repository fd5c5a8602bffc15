"""The workflow as a small model in memory: what the table, four eyes and digests allow.

It shares the table with the portal and nothing else; the portal is compared with it step by step.
"""

from dataclasses import dataclass, field
from datetime import date

from districts.roles import Role
from selfchecks.models.participation import Part
from selfchecks.models.self_check import EDITABLE, State
from selfchecks.step import Step
from selfchecks.workflow import STEP

PEOPLE = {
    "officer": ("陈静", Role.OFFICER, True),
    "officer2": ("罗丹", Role.OFFICER, True),
    "signatory": ("赵明", Role.SIGNATORY, True),
    "inspector": ("周岚", Role.INSPECTOR, False),
    "inspector2": ("孙健", Role.INSPECTOR, False),
    "manager": ("吴敏", Role.MANAGER, False),
    "auditor": ("何磊", Role.AUDITOR, False),
}
TAKEN, AGAIN = "taken", "already_taken"
DAYS = (None, date(2099, 1, 1), date(2001, 1, 1))


@dataclass(frozen=True, slots=True)
class Attempt:
    """``digest`` is none, right or wrong: what the person says they have read."""

    name: str
    step: str
    comment: str = ""
    digest: str = "none"
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One accepted step; ``version`` is the snapshot it rests on, 0 for none."""

    name: str
    step: Step
    before: State
    comment: str
    version: int


@dataclass
class Model:
    """One self-check. ``figures`` is the variant now in force, ``versions`` the snapshots."""

    roles: dict[str, Role] = field(
        default_factory=lambda: {name: role for name, (_shown, role, _local) in PEOPLE.items()}
    )
    state: State = State.DRAFT
    figures: str = ""
    uploads: int = 0
    is_untouched: bool = False  # since the last step: nothing was written at the district
    rests: set[int] = field(default_factory=set)  # snapshots a certification rests on
    holder: str = ""
    versions: list[str] = field(default_factory=list)
    approved: list[tuple[int, str]] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)  # places in ``approved``
    trail: list[Taken] = field(default_factory=list)
    parts: dict[str, set[Part]] = field(default_factory=lambda: {name: set() for name in PEOPLE})

    def upload(self, name: str, variant: str) -> str:
        """What comes of sending a workbook: taken, unchanged, or the code of the refusal."""
        if self.roles[name] != Role.OFFICER:
            return "not_allowed"
        if self.state not in EDITABLE:
            return "not_editable"
        if self.parts[name] - {Part.PREPARE}:
            return "four_eyes"
        if self.figures == variant:
            return "unchanged"
        self.figures, self.uploads = variant, self.uploads + 1
        return self._prepare(name)

    def attach(self, name: str) -> str:
        """What comes of a piece of evidence."""
        if self.roles[name] != Role.OFFICER:
            return "not_allowed"
        return "not_editable" if self.state not in EDITABLE else self._prepare(name)

    def answer(self, name: str) -> str:
        """What comes of answering a remark: in any state, and the district prepares by it."""
        if self.roles[name] == Role.AUDITOR:
            return "not_allowed"
        is_local = self.roles[name] in (Role.OFFICER, Role.SIGNATORY)
        return self._prepare(name) if is_local else TAKEN

    def _prepare(self, name: str) -> str:
        if self.parts[name] - {Part.PREPARE}:
            return "four_eyes"
        self.parts[name].add(Part.PREPARE)
        self.is_untouched = False
        return TAKEN

    def attempt(self, asked: Attempt) -> str:
        """What comes of a step: taken, or the code of the refusal; then nothing has changed."""
        step = STEP[asked.step]
        refusal = self._repeated(asked, step) or self.blocker(asked.name, step)
        refusal = refusal or self._missing(asked, step) or self._stale(asked, step)
        if refusal:
            return refusal
        self._take(asked, step)
        return TAKEN

    def _repeated(self, asked: Attempt, step: Step) -> str:
        if self.state != step.target or not self.trail:
            return ""
        last = self.trail[-1]
        return AGAIN if (last.name, last.step.name) == (asked.name, step.name) else ""

    def blocker(self, name: str, step: Step) -> str:
        if self.roles[name] not in step.roles:
            return "not_allowed"
        if self.state not in step.sources:
            return "conflict"
        if step.after_abolition:  # 沙坪坝区 goes on
            return "not_abolished"
        if step.answers or step.name == "ask_reopening":
            is_asked = bool(self.trail) and self.trail[-1].step.name == "ask_reopening"
            if bool(step.answers) != is_asked:
                return "not_asked" if step.answers else "asked"
        if step.holder_only and self.roles[name] != Role.MANAGER and self.holder != name:
            return "held"
        if step.part and self.parts[name] - {step.part}:
            return "four_eyes"
        if step.undoes:
            return self._bound(step)
        return "no_upload" if step.needs_complete_upload and not self.figures else ""

    def _bound(self, step: Step) -> str:
        """A return holds once the district wrote, an approval once something rests on it."""
        decision = [taken for taken in self.trail if taken.before != taken.step.target][-1]
        if decision.step.name != step.undoes:
            return "nothing_to_undo"
        if self.state == State.RETURNED and not self.is_untouched:
            return "changed_since"
        return "rested_on" if decision.version in self.rests else ""

    @staticmethod
    def _missing(asked: Attempt, step: Step) -> str:
        lacks = (
            step.needs_comment and not asked.comment,
            step.names_evaluation and asked.digest == "none",
            step.needs_due_date and asked.due != DAYS[1],
            step.takes_due_date and asked.due == DAYS[2],
        )
        return "required" if any(lacks) else ""

    @staticmethod
    def _stale(asked: Attempt, step: Step) -> str:
        binds = step.evaluates or step.names_evaluation or step.undoes
        return "stale" if binds and asked.digest == "wrong" else ""

    def _take(self, asked: Attempt, step: Step) -> None:
        if step.evaluates:
            self.versions.append(self.figures)
        binds = step.evaluates or step.names_evaluation or step.undoes
        version = len(self.versions) if binds else 0
        self.trail.append(Taken(asked.name, step, self.state, asked.comment, version))
        self.state, self.is_untouched = step.target, True
        if step.part:
            self.parts[asked.name].add(step.part)
        if step.target == State.IN_REVIEW and not step.undoes:
            self.holder = asked.name
        elif step.name == "put_back":
            self.holder = ""
        if step.name == "approve":
            self.approved.append((version, self.versions[version - 1]))
        if step.undoes == "approve":
            self.undone.append(len(self.approved))

    @property
    def standing(self) -> list[int]:
        """The snapshots of approvals that nobody took back."""
        numbered = enumerate(self.approved, 1)
        return [version for place, (version, _figures) in numbered if place not in self.undone]
