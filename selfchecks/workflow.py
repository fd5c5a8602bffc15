"""The one table of steps a self-check goes through; everything else asks it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from selfchecks.models.self_check import State


class Part(StrEnum):
    """Four eyes: on one self-check a person plays one of these parts, never two."""

    PREPARE = "prepare"
    SIGN = "sign"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of the workflow.

    ``part`` is what taking it makes of a person; ``holder_only`` limits it to the inspector who
    took the self-check up; ``names_evaluation`` makes the digest of what was read obligatory;
    ``evaluates`` stores the snapshot; ``needs_due_date`` asks for a new due date,
    ``takes_due_date`` lets one be given; ``weighs_objections`` asks for a comment while something
    is left open. ``tells`` are the roles that get a notice.
    """

    name: str
    label: str | Promise
    sources: tuple[State, ...]
    target: State
    roles: tuple[Role, ...]
    tells: tuple[Role, ...]
    part: Part | None = None
    needs_comment: bool = False
    holder_only: bool = False
    needs_complete_upload: bool = False
    names_evaluation: bool = False
    evaluates: bool = False
    needs_due_date: bool = False
    takes_due_date: bool = False
    weighs_objections: bool = False


STEPS: tuple[Step, ...] = (
    Step(
        "send_for_signature",
        _("送负责人审签"),
        (State.DRAFT, State.RETURNED),
        State.AWAITING_SIGNATURE,
        (Role.OFFICER,),
        (Role.SIGNATORY,),
        part=Part.PREPARE,
        needs_complete_upload=True,
    ),
    Step(
        "recall",
        _("撤回送审"),
        (State.AWAITING_SIGNATURE,),
        State.DRAFT,
        (Role.OFFICER,),
        (Role.SIGNATORY,),
    ),
    Step(
        "decline",
        _("退回填报员"),
        (State.AWAITING_SIGNATURE,),
        State.DRAFT,
        (Role.SIGNATORY,),
        (Role.OFFICER,),
        needs_comment=True,
    ),
    Step(
        "submit",
        _("审签并报送"),
        (State.AWAITING_SIGNATURE,),
        State.SUBMITTED,
        (Role.SIGNATORY,),
        (Role.OFFICER, Role.INSPECTOR),
        part=Part.SIGN,
        needs_complete_upload=True,
        evaluates=True,
    ),
    Step(
        "withdraw",
        _("撤回报送"),
        (State.SUBMITTED,),
        State.DRAFT,
        (Role.SIGNATORY,),
        (Role.OFFICER, Role.INSPECTOR),
        needs_comment=True,
    ),
    Step(
        "take_up",
        _("开始复核"),
        (State.SUBMITTED,),
        State.IN_REVIEW,
        (Role.INSPECTOR,),
        DISTRICT_ROLES,
        part=Part.REVIEW,
    ),
    Step(
        "put_back",
        _("放回待复核"),
        (State.IN_REVIEW,),
        State.SUBMITTED,
        (Role.INSPECTOR, Role.MANAGER),
        (Role.INSPECTOR,),
        needs_comment=True,
        holder_only=True,
    ),
    Step(
        "approve",
        _("复核通过"),
        (State.IN_REVIEW,),
        State.APPROVED,
        (Role.INSPECTOR,),
        DISTRICT_ROLES,
        part=Part.REVIEW,
        holder_only=True,
        names_evaluation=True,
        weighs_objections=True,
    ),
    Step(
        "send_back",
        _("退回修改"),
        (State.IN_REVIEW,),
        State.RETURNED,
        (Role.INSPECTOR,),
        DISTRICT_ROLES,
        part=Part.REVIEW,
        needs_comment=True,
        holder_only=True,
        names_evaluation=True,
        takes_due_date=True,
    ),
    Step(
        "reopen",
        _("重新开启"),
        (State.APPROVED,),
        State.RETURNED,
        (Role.MANAGER,),
        DISTRICT_ROLES,
        needs_comment=True,
        needs_due_date=True,
        takes_due_date=True,
    ),
)
STEP: dict[str, Step] = {step.name: step for step in STEPS}


def steps_from(state: str) -> tuple[Step, ...]:
    """The edges that leave a state, in the order of the table."""
    return tuple(step for step in STEPS if state in step.sources)


def mermaid(steps: Iterable[Step] = STEPS) -> str:
    """The table as a state diagram, for the README."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    lines += [f'    state "{state.label}" as {state.value}' for state in State]
    for step in steps:
        roles = "、".join(str(role.label) for role in step.roles)
        lines += [
            f"    {source.value} --> {step.target.value}: {step.label}({roles})"
            for source in step.sources
        ]
    return "\n".join(lines)
