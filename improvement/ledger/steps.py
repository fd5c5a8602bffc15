"""The one table of steps a problem goes through; services, pages and the API ask it.

Who closes what: figures that an inspector has approved speak for themselves, so the bureau's chief
may close a problem of figures once they meet the limit; what only documents show, an inspector
closes after the bureau asked for it.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from improvement.models.ledger import AT_BUREAU, UNSOLVED, Kind, State
from selfchecks.step import Edge, Words, state_diagram

BOTH = (Kind.NUMERIC, Kind.EVIDENCE)
READY = ~Q(owner="") & Q(due_on__isnull=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Edge):
    """``kinds`` are the problems it is for; of figures ``numeric_roles`` may take it as well.
    ``ready`` is what the row must have, said in ``lacking``. Without roles it is taken when figures
    are approved, an approval is taken back or a remark is settled."""

    target: State
    numeric_roles: tuple[Role, ...] = ()
    kinds: tuple[Kind, ...] = BOTH
    ready: Q = Q()
    lacking: Words = ""

    def roles_for(self, kind: str) -> tuple[Role, ...]:
        """Who may take it on a problem of the kind; nobody where it is not for that kind."""
        own = self.numeric_roles if kind == Kind.NUMERIC else ()
        return (*self.roles, *own) if kind in self.kinds else ()

    def open_rows(self, role: str) -> Q:
        """Which problems it is open on for somebody of the role."""
        kinds = [kind for kind in BOTH if role in self.roles_for(kind)]
        return Q(state__in=self.sources, kind__in=kinds) & self.ready


STEPS: tuple[Step, ...] = (
    Step(
        name="take_on",
        label=_("开始整改"),
        sources=(State.OPEN,),
        target=State.WORKING,
        roles=DISTRICT_ROLES,
        guards=("not_arranged",),
        ready=READY,
        lacking=_("先写明责任人和整改期限，才能开始整改。"),
    ),
    Step(
        name="claim",
        label=_("申请销号"),
        sources=(State.WORKING,),
        target=State.PROPOSED,
        roles=DISTRICT_ROLES,
        kinds=(Kind.EVIDENCE,),
        tells=(Role.INSPECTOR,),
        needs_comment=True,
        hint=_("写明做了什么、凭什么可以核实；市级督学核实后销号。"),
    ),
    Step(
        name="recall",
        label=_("撤回申请"),
        sources=(State.PROPOSED,),
        target=State.WORKING,
        roles=DISTRICT_ROLES,
        kinds=(Kind.EVIDENCE,),
        tells=(Role.INSPECTOR,),
    ),
    Step(
        name="close",
        label=_("销号"),
        sources=(State.PROPOSED,),
        target=State.CLOSED,
        roles=(Role.INSPECTOR,),
        numeric_roles=(Role.SIGNATORY,),
        tells=DISTRICT_ROLES,
        hint=_("看数据的，通过复核的数据已经达标，审签人或市级督学销号；看佐证的，市级督学销号。"),
    ),
    Step(
        name="decline",
        label=_("不予销号"),
        sources=(State.PROPOSED,),
        target=State.WORKING,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        needs_comment=True,
    ),
    Step(
        name="take_back",
        label=_("收回销号"),
        sources=(State.CLOSED,),
        target=State.PROPOSED,
        roles=(Role.INSPECTOR,),
        numeric_roles=(Role.SIGNATORY,),
        tells=DISTRICT_ROLES,
        needs_comment=True,
    ),
    Step(
        name="reopen",
        label=_("重新整改"),
        sources=(State.CLOSED, State.VOID),
        target=State.WORKING,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        needs_comment=True,
    ),
    Step(
        name="void",
        label=_("作废"),
        sources=UNSOLVED,
        target=State.VOID,
        roles=(Role.INSPECTOR,),
        tells=DISTRICT_ROLES,
        needs_comment=True,
        hint=_("登记错了、重复了，或学校已经撤并；记录保留。"),
    ),
    Step(
        name="meets",
        label=_("数据已达标"),
        sources=AT_BUREAU,
        target=State.PROPOSED,
        kinds=(Kind.NUMERIC,),
    ),
    Step(
        name="settled",
        label=_("复核意见已了结"),
        sources=AT_BUREAU,
        target=State.PROPOSED,
        kinds=(Kind.EVIDENCE,),
        tells=DISTRICT_ROLES,
    ),
    Step(
        name="fails",
        label=_("数据不达标，重新整改"),
        sources=(State.PROPOSED, State.CLOSED, State.VOID),
        target=State.WORKING,
    ),
    Step(
        name="unproved",
        label=_("不再有通过的数据证明达标"),
        sources=(State.PROPOSED, State.CLOSED),
        target=State.WORKING,
        kinds=(Kind.NUMERIC,),
    ),
    Step(
        name="unfounded",
        label=_("登记所依据的决定已收回"),
        sources=AT_BUREAU,
        target=State.VOID,
    ),
)
STEP: dict[str, Step] = {step.name: step for step in STEPS}
# What a history tells besides steps: the state stays.
FIND, AMEND, FIGURES = "find", "amend", "figures"
LABELS: dict[str, Words] = {
    **{step.name: step.label for step in STEPS},
    FIND: _("登记"),
    AMEND: _("安排整改"),
    FIGURES: _("数据有变化"),
}
BY_PEOPLE = tuple(step for step in STEPS if step.is_offered)


def mermaid() -> str:
    """The table as a state diagram, for the README; of figures more people take some steps."""
    return state_diagram(State, ((step, (*step.roles, *step.numeric_roles)) for step in STEPS))
