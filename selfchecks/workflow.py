"""The one table of steps a self-check goes through; everything else asks it.

A new step is a row here, its translation, and the diagram printed again
(``docs/decisions/one-table-is-the-workflow.md``).
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from selfchecks.models.participation import Part
from selfchecks.models.self_check import AT_DISTRICT, State
from selfchecks.step import Step, state_diagram

STEPS: tuple[Step, ...] = (
    Step(
        name="send_for_signature",
        label=_("送负责人审签"),
        sources=(State.DRAFT, State.RETURNED),
        target=State.AWAITING_SIGNATURE,
        roles=(Role.OFFICER,),
        tells=(Role.SIGNATORY,),
        notice=_("%(unit)s %(year)s 年度自查等待您审签，送审人%(actor)s。"),
        part=Part.PREPARE,
        needs_complete_upload=True,
    ),
    Step(
        name="recall",
        label=_("撤回送审"),
        sources=(State.AWAITING_SIGNATURE,),
        target=State.DRAFT,
        roles=(Role.OFFICER,),
        tells=(Role.SIGNATORY,),
        notice=_("%(unit)s %(year)s 年度自查已由%(actor)s撤回，暂不需要审签。"),
    ),
    Step(
        name="decline",
        label=_("退回填报员"),
        sources=(State.AWAITING_SIGNATURE,),
        target=State.DRAFT,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER,),
        notice=_("%(actor)s退回了%(unit)s %(year)s 年度自查：%(comment)s"),
        needs_comment=True,
    ),
    Step(
        name="submit",
        label=_("审签并报送"),
        sources=(State.AWAITING_SIGNATURE,),
        target=State.SUBMITTED,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER, Role.INSPECTOR),
        notice=_("%(unit)s %(year)s 年度自查已由%(actor)s审签并报送。"),
        hint=_("审签后报送市级，数据不能再改；需要改时可在市级开始复核前撤回。"),
        part=Part.SIGN,
        needs_complete_upload=True,
        evaluates=True,
    ),
    Step(
        name="withdraw",
        label=_("撤回报送"),
        sources=(State.SUBMITTED,),
        target=State.DRAFT,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER, Role.INSPECTOR),
        notice=_("%(actor)s撤回了%(unit)s %(year)s 年度自查：%(comment)s"),
        needs_comment=True,
    ),
    Step(
        name="take_up",
        label=_("开始复核"),
        sources=(State.SUBMITTED,),
        target=State.IN_REVIEW,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(actor)s开始复核%(unit)s %(year)s 年度自查。"),
        part=Part.REVIEW,
    ),
    Step(
        name="put_back",
        label=_("放回待复核"),
        sources=(State.IN_REVIEW,),
        target=State.SUBMITTED,
        roles=(Role.INSPECTOR, Role.MANAGER),
        tells=(Role.INSPECTOR,),
        notice=_("%(actor)s把%(unit)s %(year)s 年度自查放回待复核：%(comment)s"),
        needs_comment=True,
        holder_only=True,
    ),
    Step(
        name="approve",
        label=_("复核通过"),
        sources=(State.IN_REVIEW,),
        target=State.APPROVED,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度自查复核通过，复核人%(actor)s。"),
        button=_("通过%(unit)s"),
        part=Part.REVIEW,
        holder_only=True,
        names_evaluation=True,
        weighs_objections=True,
    ),
    Step(
        name="send_back",
        label=_("退回修改"),
        sources=(State.IN_REVIEW,),
        target=State.RETURNED,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度自查被退回修改，截止日 %(due_on)s：%(comment)s"),
        button=_("退回%(unit)s"),
        part=Part.REVIEW,
        needs_comment=True,
        holder_only=True,
        names_evaluation=True,
        takes_due_date=True,
    ),
    Step(
        name="take_back_approval",
        label=_("收回复核通过"),
        sources=(State.APPROVED,),
        target=State.IN_REVIEW,
        roles=(Role.INSPECTOR, Role.MANAGER),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR),
        notice=_(
            "%(actor)s收回了%(unit)s %(year)s 年度自查的复核通过，自查回到复核中：%(comment)s"
        ),
        hint=_("自查回到复核中；公开页回到此前的结果，并注明更正。认定环节已依据它的，不能收回。"),
        part=Part.REVIEW,
        needs_comment=True,
        holder_only=True,
        button=_("收回对%(unit)s的通过"),
        undoes="approve",
    ),
    Step(
        name="take_back_return",
        label=_("收回退回修改"),
        sources=(State.RETURNED,),
        target=State.IN_REVIEW,
        roles=(Role.INSPECTOR, Role.MANAGER),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR),
        notice=_("%(actor)s收回了%(unit)s %(year)s 年度自查的退回，暂不需要修改：%(comment)s"),
        hint=_("自查回到复核中，截止日也回到退回以前。区县动手修改以后，不能收回。"),
        part=Part.REVIEW,
        needs_comment=True,
        holder_only=True,
        button=_("收回对%(unit)s的退回"),
        undoes="send_back",
    ),
    Step(
        name="reopen",
        label=_("重新开启"),
        sources=(State.APPROVED, State.CLOSED),
        target=State.RETURNED,
        roles=(Role.MANAGER,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度自查重新开启，%(due_on)s前报送：%(comment)s"),
        recorded_as=_("重新开启自查"),
        hint=_("已通过的结果保留；区县修改后须重新报送、重新复核。"),
        needs_comment=True,
        needs_due_date=True,
        takes_due_date=True,
    ),
    Step(
        name="ask_reopening",
        label=_("申请重新开启"),
        sources=(State.APPROVED,),
        target=State.APPROVED,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER, Role.MANAGER),
        notice=_("%(actor)s申请重新开启%(unit)s %(year)s 年度自查：%(comment)s"),
        hint=_("市级管理员同意并定下日期后才能修改；在此之前和过期以后，已通过的结果都不变。"),
        asks=_("原因，以及将要改动哪些学校的哪些数"),
        part=Part.SIGN,
        needs_comment=True,
    ),
    Step(
        name="grant_reopening",
        label=_("同意重新开启"),
        sources=(State.APPROVED,),
        target=State.RETURNED,
        roles=(Role.MANAGER,),
        tells=DISTRICT_ROLES,
        notice=_(
            "%(unit)s %(year)s 年度自查的重新开启申请已同意，请在 %(due_on)s前修改并报送；"
            "过期没有报送的，恢复为原来通过的结果。"
        ),
        hint=_("区县要在这一天前改好并重新报送；过期没有报送的，自动恢复为原来通过的结果。"),
        answers="ask_reopening",
        needs_due_date=True,
        takes_due_date=True,
    ),
    Step(
        name="decline_reopening",
        label=_("不同意重新开启"),
        sources=(State.APPROVED,),
        target=State.APPROVED,
        roles=(Role.MANAGER,),
        tells=DISTRICT_ROLES,
        notice=_("%(actor)s没有同意重新开启%(unit)s %(year)s 年度自查：%(comment)s"),
        answers="ask_reopening",
        needs_comment=True,
    ),
    Step(
        name="lapse_reopening",
        label=_("到期恢复"),
        sources=AT_DISTRICT,
        target=State.APPROVED,
        roles=(),
        tells=(*DISTRICT_ROLES, Role.MANAGER),
        notice=_(
            "%(unit)s %(year)s 年度自查重新开启后到期没有报送，已恢复为「复核通过」，"
            "原来通过的结果不变。"
        ),
        recorded_as=_("重新开启到期，恢复通过"),
    ),
    Step(
        name="close",
        label=_("终止"),
        sources=(*AT_DISTRICT, State.SUBMITTED, State.IN_REVIEW),
        target=State.CLOSED,
        roles=(Role.MANAGER,),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR),
        notice=_("%(unit)s已撤并，%(year)s 年度自查终止：%(comment)s"),
        recorded_as=_("终止自查"),
        hint=_("单位已撤并，自查不再报送和复核；数据和记录保留。"),
        needs_comment=True,
        after_abolition=True,
    ),
)
STEP: dict[str, Step] = {step.name: step for step in STEPS}


def steps_from(state: str) -> tuple[Step, ...]:
    """The edges that leave a state, in the order of the table."""
    return tuple(step for step in STEPS if state in step.sources)


def steps_with(**facts: Any) -> tuple[str, ...]:
    """The names of the steps whose row says so, for example ``target=State.APPROVED``."""
    return tuple(
        step.name
        for step in STEPS
        if all(getattr(step, name) == value for name, value in facts.items())
    )


SUBMITTING = steps_with(evaluates=True)
DECIDING = steps_with(names_evaluation=True)
APPROVING = steps_with(target=State.APPROVED, names_evaluation=True)
RETURNING = steps_with(target=State.RETURNED, names_evaluation=True)
SIGNED = tuple(
    step.name
    for step in STEPS
    if step.evaluates or step.names_evaluation or step.undoes or step.answers
)
SENDING = steps_with(target=State.AWAITING_SIGNATURE)
ASKING, GRANTING, LAPSING = "ask_reopening", "grant_reopening", "lapse_reopening"


def mermaid(steps: Iterable[Step] = STEPS) -> str:
    """The table as a state diagram, for the README."""
    return state_diagram(State, ((step, step.roles) for step in steps))
