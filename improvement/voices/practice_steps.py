"""The one table of steps a 典型经验 goes through."""

from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from improvement.models import PracticeState
from selfchecks.step import Edge

CITY = (Role.INSPECTOR, Role.MANAGER)
WRITERS = (*DISTRICT_ROLES, *CITY)

STEPS: tuple[Edge, ...] = (
    Edge(
        name="submit",
        label=_("提交市级审核"),
        sources=(PracticeState.DRAFT,),
        target=PracticeState.SUBMITTED,
        roles=WRITERS,
        hint=_("提交后不能再改；市级发布或退回。"),
    ),
    Edge(
        name="return",
        label=_("退回修改"),
        sources=(PracticeState.SUBMITTED,),
        target=PracticeState.DRAFT,
        roles=CITY,
        needs_comment=True,
    ),
    Edge(
        name="publish",
        label=_("发布"),
        sources=(PracticeState.SUBMITTED,),
        target=PracticeState.PUBLISHED,
        roles=CITY,
        guards=("same_hand",),
        hint=_("发布后任何人都能看到；撰写和提交它的人不能发布它。"),
    ),
    Edge(
        name="withdraw",
        label=_("撤下"),
        sources=(PracticeState.PUBLISHED,),
        target=PracticeState.WITHDRAWN,
        roles=CITY,
        needs_comment=True,
        hint=_("公开页上不再有它；记录保留。"),
    ),
    Edge(
        name="revise",
        label=_("重新修改"),
        sources=(PracticeState.WITHDRAWN,),
        target=PracticeState.DRAFT,
        roles=WRITERS,
    ),
)
STEP_NAMES = tuple(step.name for step in STEPS)
