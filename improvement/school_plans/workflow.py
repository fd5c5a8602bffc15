"""The one table of steps a school plan goes through; everything else asks it.

Gaps of the notices: unit, year, count, actor, comment.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.roles import Role
from improvement.models import Stage
from selfchecks.step import Edge, state_diagram

MAY_PREPARE = (Role.OFFICER, Role.CLIENT)


STEPS = (
    Edge(
        name="send",
        label=_("送审批"),
        sources=(Stage.DRAFTING,),
        target=Stage.AWAITING,
        roles=MAY_PREPARE,
        tells=(Role.SIGNATORY,),
        notice=_("%(unit)s %(count)s 所学校的一校一策等您审批，送审人%(actor)s。"),
        recorded_as=_("送审一校一策"),
        guards=("incomplete",),
    ),
    Edge(
        name="recall",
        label=_("撤回送审"),
        sources=(Stage.AWAITING,),
        target=Stage.DRAFTING,
        roles=MAY_PREPARE,
        tells=(Role.SIGNATORY,),
        notice=_("%(actor)s撤回了%(unit)s %(count)s 所学校的一校一策，暂不需要审批。"),
        recorded_as=_("撤回送审一校一策"),
    ),
    Edge(
        name="approve",
        label=pgettext_lazy("school plan", "批准"),
        sources=(Stage.AWAITING,),
        target=Stage.APPROVED,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER,),
        notice=_("%(actor)s批准了%(unit)s %(count)s 所学校的一校一策。"),
        recorded_as=_("批准一校一策"),
        guards=("same_hand",),
    ),
    Edge(
        name="send_back",
        label=_("退回修改"),
        sources=(Stage.AWAITING,),
        target=Stage.DRAFTING,
        roles=(Role.SIGNATORY,),
        tells=(Role.OFFICER,),
        notice=_("%(actor)s退回了%(unit)s %(count)s 所学校的一校一策：%(comment)s"),
        recorded_as=_("退回一校一策"),
        needs_comment=True,
    ),
    Edge(
        name="amend",
        label=_("改动措施"),
        sources=(Stage.APPROVED,),
        target=Stage.DRAFTING,
        roles=MAY_PREPARE,
        tells=(Role.SIGNATORY,),
        notice=_("%(actor)s改动了%(unit)s已批准的一校一策，须重新审批：%(comment)s"),
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
    "school_plan.merge": _("把后采用的方案并入一校一策"),
    **{f"school_plan.{step.name}": step.recorded_as for step in STEPS},
}
OPEN_STEPS = tuple(step for step in STEPS if step.is_offered)


def mermaid(steps: Iterable[Edge] = STEPS) -> str:
    """The table as a state diagram, for the README."""
    return state_diagram(Stage, ((step, step.roles) for step in steps))
