"""The one table of steps a case of 回头看 goes through; everything else asks it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from schedule.models.look_back import AT_DISTRICT, OPEN, CaseState
from selfchecks.step import Words

OPENING, HOLDING, WITHDRAWING = "open", "hold", "withdraw"  # what the portal does by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """One edge: who may take it and what it asks for; every step asks for words.

    ``within`` is the usual number of working days it gives, where it sets a deadline;
    ``tells`` get ``notice``, whose gaps are unit, year, actor, comment and due_on. ``other`` names
    the step whose taker may not take this one (four eyes); ``after_due`` opens it from these states
    only once their day has passed; ``revokes`` records the revocation.
    """

    name: str
    label: Words
    sources: tuple[CaseState, ...]
    target: CaseState
    roles: tuple[Role, ...]
    tells: tuple[Role, ...]
    notice: Words
    asks: Words
    within: int = 0
    other: str = ""
    after_due: tuple[CaseState, ...] = ()
    revokes: bool = False


STEPS: tuple[CaseStep, ...] = (
    CaseStep(
        name="plan",
        label=_("报送整改措施"),
        sources=(CaseState.OPENED,),
        target=CaseState.RECTIFYING,
        roles=DISTRICT_ROLES,
        tells=(Role.INSPECTOR,),
        notice=_("%(unit)s 报送了 %(year)s 年度回头看的整改措施：%(comment)s"),
        asks=_("整改措施：做什么、谁负责、何时完成"),
        within=60,
    ),
    CaseStep(
        name="report",
        label=_("报送整改结果"),
        sources=(CaseState.RECTIFYING,),
        target=CaseState.REPORTED,
        roles=(Role.SIGNATORY,),
        tells=(Role.INSPECTOR,),
        notice=_("%(unit)s 报送了 %(year)s 年度回头看的整改结果：%(comment)s"),
        asks=_("整改结果：逐项写明现在的数据和佐证"),
    ),
    CaseStep(
        name="report_again",
        label=_("报送限期整改结果"),
        sources=(CaseState.LIMITED,),
        target=CaseState.REPORTED_AGAIN,
        roles=(Role.SIGNATORY,),
        tells=(Role.INSPECTOR,),
        notice=_("%(unit)s 报送了 %(year)s 年度回头看的限期整改结果：%(comment)s"),
        asks=_("整改结果：逐项写明现在的数据和佐证"),
    ),
    CaseStep(
        name="pass",
        label=_("复查通过"),
        sources=(CaseState.REPORTED, CaseState.REPORTED_AGAIN),
        target=CaseState.PASSED,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度回头看复查通过：%(comment)s"),
        asks=_("复查结论：看了什么，依据什么"),
    ),
    CaseStep(
        name="send_back",
        label=_("退回继续整改"),
        sources=(CaseState.REPORTED,),
        target=CaseState.RECTIFYING,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度回头看退回继续整改，%(due_on)s 前再报：%(comment)s"),
        asks=_("还差什么"),
        within=30,
    ),
    CaseStep(
        name="limit",
        label=_("复查未通过，限期整改"),
        sources=(CaseState.OPENED, CaseState.RECTIFYING, CaseState.REPORTED),
        target=CaseState.LIMITED,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        notice=_("%(unit)s %(year)s 年度回头看复查未通过，限 %(due_on)s 前整改：%(comment)s"),
        asks=_("没有通过的各项和要求"),
        within=60,
        after_due=(CaseState.OPENED, CaseState.RECTIFYING),
    ),
    CaseStep(
        name="revoke",
        label=_("记录撤销认定"),
        sources=(CaseState.LIMITED, CaseState.REPORTED_AGAIN),
        target=CaseState.REVOKED,
        roles=(Role.INSPECTOR,),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR, Role.MANAGER),
        notice=_("%(unit)s 的国家认定已撤销（%(year)s 年度回头看）：%(comment)s"),
        asks=_("撤销的依据"),
        other="limit",
        after_due=(CaseState.LIMITED,),
        revokes=True,
    ),
    CaseStep(
        name="close",
        label=_("终止"),
        sources=OPEN,
        target=CaseState.CLOSED,
        roles=(Role.MANAGER,),
        tells=(*DISTRICT_ROLES, Role.INSPECTOR),
        notice=_("%(unit)s %(year)s 年度回头看已终止：%(comment)s"),
        asks=_("为什么没有继续的依据"),
    ),
)
STEP: dict[str, CaseStep] = {step.name: step for step in STEPS}
STEP_NAMES = [(step.name, step.label) for step in STEPS]
MEASURES_WITHIN = 20  # working days from the opening to the measures


def steps_from(state: str) -> tuple[CaseStep, ...]:
    """The edges that leave a state, in the order of the table."""
    return tuple(step for step in STEPS if state in step.sources)


def awaited_from(state: str) -> tuple[CaseStep, ...]:
    """Of these, the ones of whose turn it is."""
    turn = DISTRICT_ROLES if state in AT_DISTRICT else (Role.INSPECTOR,)
    return tuple(step for step in steps_from(state) if set(step.roles) & set(turn))
