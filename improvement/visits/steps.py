"""The one table of a visit's steps; the first record of a school starts it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.roles import Role
from improvement.models.visit import VisitState
from selfchecks.step import Edge

MAY_VISIT = (Role.INSPECTOR,)


STEPS = (
    Edge(
        name="start",
        label=_("开始查看"),
        sources=(VisitState.DRAWN,),
        target=VisitState.VISITING,
    ),
    Edge(
        name="finish",
        label=pgettext_lazy("visit", "结束查看"),
        sources=(VisitState.VISITING,),
        target=VisitState.FINISHED,
        roles=MAY_VISIT,
        needs_comment=True,
        asks=_("总的结论"),
        hint=_("之后不能再改；区县看到这次查看，现场发现记入问题台账。"),
        guards=("unseen",),
    ),
    Edge(
        name="take_back",
        label=_("收回结束"),
        sources=(VisitState.FINISHED,),
        target=VisitState.VISITING,
        roles=MAY_VISIT,
        needs_comment=True,
        asks=_("收回的原因"),
        hint=_("可以再改记录、再结束；收回期间区县看不到，已记入问题台账的先不动。"),
        guards=("another",),
    ),
    Edge(
        name="draw_again",
        label=_("重新抽样"),
        sources=(VisitState.DRAWN,),
        target=VisitState.DRAWN,
        roles=MAY_VISIT,
        needs_comment=True,
        asks=_("重抽的原因"),
        hint=_("换一个随机种子再抽；原来抽中的学校、种子和原因都保留，印在抽样记录里。"),
    ),
    Edge(
        name="cancel",
        label=pgettext_lazy("visit", "取消查看"),
        sources=(VisitState.DRAWN, VisitState.VISITING),
        target=VisitState.CANCELLED,
        roles=MAY_VISIT,
        needs_comment=True,
        asks=_("取消的原因"),
        hint=_("抽样和已经记下的都保留；区县看不到，不记入问题台账。"),
    ),
)
STEP = {step.name: step for step in STEPS}


def steps_from(state: str) -> tuple[Edge, ...]:
    """Those with a button that leave a state, in the order of the table."""
    return tuple(step for step in STEPS if state in step.sources and step.is_offered)
