"""The one table of steps a school plan goes through; everything else asks it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.roles import Role
from improvement.models import Stage
from selfchecks.step import Words, state_diagram

MAY_PREPARE = (Role.OFFICER, Role.CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One edge. ``tells`` get ``notice``, whose gaps are unit, year, count, actor and comment.

    ``other_eyes`` refuses whoever prepared the plan; ``needs_complete`` asks that every measure
    says who, until when and from what money. ``implied`` is taken by what a person does instead.
    """

    name: str
    label: Words
    sources: tuple[Stage, ...]
    target: Stage
    roles: tuple[Role, ...]
    tells: tuple[Role, ...]
    notice: Words
    recorded_as: Words
    needs_comment: bool = False
    needs_complete: bool = False
    other_eyes: bool = False
    implied: bool = False


STEPS = (
    Step(
        name="send",
        label=_("送审批"),
        sources=(Stage.DRAFTING,),
        target=Stage.AWAITING,
        roles=MAY_PREPARE,
        tells=(Role.SIGNATORY,),
        notice=_("%(unit)s %(count)s 所学校的一校一策等您审批，送审人 %(actor)s。"),
        recorded_as=_("送审一校一策"),
        needs_complete=True,
    ),
    Step(
        name="recall",
        label=_("撤回送审"),
        sources=(Stage.AWAITING,),
        target=Stage.DRAFTING,
        roles=MAY_PREPARE,
        tells=(Role.SIGNATORY,),
        notice=_("%(actor)s 撤回了 %(unit)s %(count)s 所学校的一校一策，暂不需要审批。"),
        recorded_as=_("撤回送审一校一策"),
    ),
    Step(
        name="approve",
        label=pgettext_lazy("school plan", "批准"),
        sources=(Stage.AWAITING,),
        target=Stage.APPROVED,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER,),
        notice=_("%(actor)s 批准了 %(unit)s %(count)s 所学校的一校一策。"),
        recorded_as=_("批准一校一策"),
        other_eyes=True,
    ),
    Step(
        name="send_back",
        label=_("退回修改"),
        sources=(Stage.AWAITING,),
        target=Stage.DRAFTING,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER,),
        notice=_("%(actor)s 退回了 %(unit)s %(count)s 所学校的一校一策：%(comment)s"),
        recorded_as=_("退回一校一策"),
        needs_comment=True,
    ),
    Step(
        name="amend",
        label=_("改动措施"),
        sources=(Stage.APPROVED,),
        target=Stage.DRAFTING,
        roles=MAY_PREPARE,
        tells=(Role.SIGNATORY,),
        notice=_("%(actor)s 改动了 %(unit)s 已批准的一校一策，须重新审批：%(comment)s"),
        recorded_as=_("改动已批准的一校一策"),
        needs_comment=True,
        implied=True,
    ),
)
STEP = {step.name: step for step in STEPS}
ACTIONS = {
    "measure.add": _("增加措施"),
    "measure.change": _("修改措施"),
    "measure.drop": _("取消措施"),
    "measure.fill": _("成批填写措施"),
    "measure.import": _("导入措施"),
    "measure.progress": _("报告措施进展"),
    "school_plan.begin": _("建立一校一策"),
    **{f"school_plan.{step.name}": step.recorded_as for step in STEPS},
}
OPEN_STEPS = tuple(step for step in STEPS if not step.implied)


def steps_from(state: str) -> tuple[Step, ...]:
    """The edges a person can take from a state, in the order of the table."""
    return tuple(step for step in OPEN_STEPS if state in step.sources)


def mermaid(steps: Iterable[Step] = STEPS) -> str:
    """The table as a state diagram, for the README."""
    return state_diagram(Stage, ((step, step.roles) for step in steps))
