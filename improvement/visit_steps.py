"""The one table of a visit's steps: from where, to where, and what is asked."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.roles import Role
from improvement.models.visit import VisitState
from selfchecks.step import Words

MAY_VISIT = (Role.INSPECTOR,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``asks`` stands over the words a step needs, ``hint`` beside its button. A step that is
    taken ``by_itself`` has no button: the first record of a school starts the visit."""

    name: str
    label: Words
    sources: tuple[VisitState, ...]
    target: VisitState
    asks: Words = ""
    hint: Words = ""
    by_itself: bool = False


STEPS = (
    Step(
        name="start",
        label=_("开始查看"),
        sources=(VisitState.DRAWN,),
        target=VisitState.VISITING,
        by_itself=True,
    ),
    Step(
        name="finish",
        label=pgettext_lazy("visit", "结束查看"),
        sources=(VisitState.VISITING,),
        target=VisitState.FINISHED,
        asks=_("总的结论"),
        hint=_("之后不能再改；区县看到这次查看，现场发现记入问题台账。"),
    ),
    Step(
        name="draw_again",
        label=_("重新抽样"),
        sources=(VisitState.DRAWN,),
        target=VisitState.DRAWN,
        asks=_("重抽的原因"),
        hint=_("换一个随机种子再抽；原来抽中的学校、种子和原因都保留，印在抽样记录里。"),
    ),
    Step(
        name="cancel",
        label=pgettext_lazy("visit", "取消查看"),
        sources=(VisitState.DRAWN, VisitState.VISITING),
        target=VisitState.CANCELLED,
        asks=_("取消的原因"),
        hint=_("抽样和已经记下的都保留；区县看不到，不记入问题台账。"),
    ),
)
STEP = {step.name: step for step in STEPS}


def steps_from(state: str) -> tuple[Step, ...]:
    """Those with a button that leave a state, in the order of the table."""
    return tuple(step for step in STEPS if state in step.sources and not step.by_itself)
