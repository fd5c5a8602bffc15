"""The one table of steps a case of 回头看 goes through; everything else asks it.

Gaps of the notices: unit, year, actor, comment, due_on.
"""

from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from schedule.models.look_back import AT_DISTRICT, OPEN, CaseState
from selfchecks.step import Edge

OPENING, HOLDING, WITHDRAWING = "open", "hold", "withdraw"  # what the portal does by itself


STEPS: tuple[Edge, ...] = (
    Edge(
        name="plan",
        label=_("报送整改措施"),
        sources=(CaseState.OPENED,),
        target=CaseState.RECTIFYING,
        roles=DISTRICT_ROLES,
        tells=(Role.INSPECTOR,),
        notice=_("%(unit)s报送了 %(year)s 年度回头看的整改措施：%(comment)s"),
        needs_comment=True,
        asks=_("整改措施：做什么、谁负责、何时完成"),
        within=60,
    ),
    Edge(
        name="report",
        label=_("报送整改结果"),
        sources=(CaseState.RECTIFYING,),
        target=CaseState.REPORTED,
        roles=(Role.SIGNATORY,),
        tells=(Role.INSPECTOR,),
        notice=_("%(unit)s报送了 %(year)s 年度回头看的整改结果：%(comment)s"),
        needs_comment=True,
        asks=_("整改结果：逐项写明现在的数据和佐证"),
    ),
    Edge(
        name="report_again",
        label=_("报送限期整改结果"),
        sources=(CaseState.LIMITED,),
        target=CaseState.REPORTED_AGAIN,
        roles=(Role.SIGNATORY,),
        tells=(Role.INSPECTOR,),
        notice=_("%(unit)s报送了 %(year)s 年度回头看的限期整改结果：%(comment)s"),
        needs_comment=True,
        asks=_("整改结果：逐项写明现在的数据和佐证"),
    ),
    Edge(
        name="pass",
        label=_("复查通过"),
        sources=(CaseState.REPORTED, CaseState.REPORTED_AGAIN),
        target=CaseState.PASSED,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度回头看复查通过：%(comment)s"),
        needs_comment=True,
        asks=_("复查结论：看了什么，依据什么"),
    ),
    Edge(
        name="send_back",
        label=_("退回继续整改"),
        sources=(CaseState.REPORTED,),
        target=CaseState.RECTIFYING,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度回头看退回继续整改，%(due_on)s前再报：%(comment)s"),
        needs_comment=True,
        asks=_("还差什么"),
        within=30,
    ),
    Edge(
        name="limit",
        label=_("复查未通过，限期整改"),
        sources=(CaseState.OPENED, CaseState.RECTIFYING, CaseState.REPORTED),
        target=CaseState.LIMITED,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度回头看复查未通过，限 %(due_on)s前整改：%(comment)s"),
        needs_comment=True,
        asks=_("没有通过的各项和要求"),
        within=60,
        guards=("not_overdue",),
    ),
    Edge(
        name="revoke",
        label=_("记录撤销认定"),
        sources=(CaseState.LIMITED, CaseState.REPORTED_AGAIN),
        target=CaseState.REVOKED,
        roles=(Role.INSPECTOR,),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR, Role.MANAGER),
        notice=_("%(unit)s的国家认定已撤销（%(year)s 年度回头看）：%(comment)s"),
        needs_comment=True,
        asks=_("撤销的依据"),
        guards=("not_overdue", "same_hand"),
    ),
    Edge(
        name="close",
        label=_("终止"),
        sources=OPEN,
        target=CaseState.CLOSED,
        roles=(Role.MANAGER,),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR),
        notice=_("%(unit)s %(year)s 年度回头看已终止：%(comment)s"),
        needs_comment=True,
        asks=_("为什么没有继续的依据"),
    ),
)
STEP: dict[str, Edge] = {step.name: step for step in STEPS}
STEP_NAMES = [(step.name, step.label) for step in STEPS]
MEASURES_WITHIN = 20  # working days from the opening to the measures


def steps_from(state: str) -> tuple[Edge, ...]:
    """The edges that leave a state, in the order of the table."""
    return tuple(step for step in STEPS if state in step.sources)


def awaited_from(state: str) -> tuple[Edge, ...]:
    """Of these, the ones of whose turn it is."""
    turn = DISTRICT_ROLES if state in AT_DISTRICT else (Role.INSPECTOR,)
    return tuple(step for step in steps_from(state) if set(step.roles) & set(turn))
