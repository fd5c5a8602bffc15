"""One row of the workflow's table: what a step asks for, and what taking it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from districts.roles import Role
from selfchecks.models.participation import Part
from selfchecks.models.self_check import State

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One edge of the workflow.

    ``tells`` are the roles that get ``notice``, whose gaps are unit, year, actor, comment and
    due_on; ``recorded_as`` is the audit's name for it where the label would not speak for itself,
    ``hint`` stands beside its button, ``button`` on it where it names the unit.
    ``part`` is what taking it makes of a person; ``holder_only`` limits it to the inspector who
    took the self-check up; ``undoes`` names the decision it takes back; ``names_evaluation`` makes
    the digest of what was read obligatory; ``evaluates`` stores the snapshot; ``needs_due_date``
    asks for a new due date, ``takes_due_date`` lets one be given; ``after_abolition`` opens it once
    the unit is gone; ``weighs_objections`` asks for a comment while something is left open;
    ``answers`` is the step it answers, open while that was the last one taken. A step without roles
    is taken by the portal itself, when its day has come. ``asks`` stands over the comment where the
    usual words say too little.
    """

    name: str
    label: Words
    sources: tuple[State, ...]
    target: State
    roles: tuple[Role, ...]
    tells: tuple[Role, ...]
    notice: Words
    recorded_as: Words = ""
    hint: Words = ""
    asks: Words = ""
    answers: str = ""
    button: Words = ""
    part: Part | None = None
    needs_comment: bool = False
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
