"""One row of a table of steps: what a step asks for, and how a person sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from audit.refusals import Refused
from districts.roles import Role
from selfchecks.models.participation import Part
from selfchecks.models.self_check import State

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One row of a table of steps: from which states it leads where, and who takes it.

    ``target`` is empty where the state stays; a step without ``roles`` is taken by the portal
    itself, one that is ``implied`` by what somebody does instead. ``tells`` are the roles that get
    ``notice``, whose gaps its table names; ``recorded_as`` is the audit's name for it where the
    label would not speak for itself, ``hint`` stands beside its button, ``asks`` over the comment
    where the usual words say too little. ``needs_comment``, ``needs`` and ``may`` are the inputs
    that must and that can be given. ``guards`` name what else can stand in the way; whoever takes
    the step knows them by these names. ``within`` is the usual number of working days it gives.
    """

    name: str
    label: Words
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...] = ()
    tells: tuple[Role, ...] = ()
    notice: Words = ""
    recorded_as: Words = ""
    hint: Words = ""
    asks: Words = ""
    needs_comment: bool = False
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    within: int = 0
    implied: bool = False

    @property
    def is_offered(self) -> bool:
        return bool(self.roles) and not self.implied


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a person sees it: open, or blocked with the reason.

    ``objections`` say what was left open, so that an open step needs a comment.
    """

    step: Any
    refusal: Refused | None
    objections: str = ""

    @property
    def is_open(self) -> bool:
        return self.refusal is None

    @property
    def blocked_by(self) -> str:
        """The sentence of what stands in the way; empty when the step is open."""
        return str(self.refusal) if self.refusal else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Edge):
    """One edge of the self-check's workflow.

    ``button`` stands on its button where it names the unit.
    ``part`` is what taking it makes of a person; ``holder_only`` limits it to the inspector who
    took the self-check up; ``undoes`` names the decision it takes back; ``names_evaluation`` makes
    the digest of what was read obligatory; ``evaluates`` stores the snapshot; ``needs_due_date``
    asks for a new due date, ``takes_due_date`` lets one be given; ``after_abolition`` opens it once
    the unit is gone; ``weighs_objections`` asks for a comment while something is left open;
    ``answers`` is the step it answers, open while that was the last one taken.
    """

    target: State
    answers: str = ""
    button: Words = ""
    part: Part | None = None
    holder_only: bool = False
    needs_complete_upload: bool = False
    names_evaluation: bool = False
    evaluates: bool = False
    needs_due_date: bool = False
    takes_due_date: bool = False
    weighs_objections: bool = False
    after_abolition: bool = False
    undoes: str = ""

    def names(self, unit: str) -> str:
        """What its button says: the label, or what is done to which unit."""
        return str(self.button or self.label) % {"unit": unit}


def state_diagram(states: Any, steps: Iterable[tuple[Any, Iterable[Role]]]) -> str:
    """A table of steps, each with who takes it, in Mermaid for the README; the first of the
    ``states`` is where everything begins."""
    first, *_others = states
    lines = ["stateDiagram-v2", f"    [*] --> {first.value}"]
    lines += [f'    state "{state.label}" as {state.value}' for state in states]
    for step, roles in steps:
        people = "、".join(str(role.label) for role in roles) or "系统"
        lines += [
            f"    {source.value} --> {step.target.value}: {step.label}({people})"
            for source in step.sources
        ]
    return "\n".join(lines)
