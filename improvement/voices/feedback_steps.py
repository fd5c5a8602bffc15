"""The one table of steps a message of the public goes through."""

from django.utils.translation import gettext_lazy as _

from districts.roles import DISTRICT_ROLES, Role
from improvement.models.feedback import DONE, FeedbackState
from selfchecks.step import Edge, Words

CITY = (Role.INSPECTOR, Role.MANAGER)
WITH_US = (FeedbackState.TAKEN_UP,)

STEPS: tuple[Edge, ...] = (
    Edge(
        name="take_up",
        label=_("受理"),
        sources=(FeedbackState.NEW,),
        target=FeedbackState.TAKEN_UP,
        roles=CITY,
    ),
    Edge(
        name="pass_on",
        label=_("转给区县"),
        sources=WITH_US,
        target=FeedbackState.PASSED_ON,
        roles=CITY,
        needs=("passed_to",),
        hint=_("区县看到内容，看不到称呼和联系方式；区县回复后回到市级答复。"),
    ),
    Edge(
        name="reply",
        label=_("回复市级"),
        sources=(FeedbackState.PASSED_ON,),
        target=FeedbackState.TAKEN_UP,
        roles=DISTRICT_ROLES,
        needs=("reply",),
        hint=_("回复给市级，由市级答复反映人。"),
    ),
    Edge(
        name="call_back",
        label=_("从区县收回"),
        sources=(FeedbackState.PASSED_ON,),
        target=FeedbackState.TAKEN_UP,
        roles=CITY,
        needs_comment=True,
    ),
    Edge(
        name="enter",
        label=_("列入问题台账"),
        sources=(FeedbackState.TAKEN_UP, FeedbackState.PASSED_ON),
        target="",
        roles=CITY,
        needs=("passed_to", "words"),
        may=("indicator",),
        hint=_("问题由您用自己的话写，不写反映人的姓名和联系方式；区县也会看到反映的内容。"),
    ),
    Edge(
        name="answer",
        label=_("答复"),
        sources=WITH_US,
        target=FeedbackState.ANSWERED,
        roles=CITY,
        needs=("answer",),
        hint=_("反映人凭查询码看到答复。"),
    ),
    Edge(
        name="set_aside",
        label=_("不予办理"),
        sources=(FeedbackState.NEW, *WITH_US),
        target=FeedbackState.SET_ASIDE,
        roles=CITY,
        needs_comment=True,
        hint=_("反映人凭查询码看到原因。"),
    ),
    Edge(
        name="publish",
        label=_("公开"),
        sources=(FeedbackState.ANSWERED,),
        target="",
        roles=CITY,
        needs=("published_text",),
        hint=_("公开您写的这段内容和答复；原文不公开。请去掉能认出人的内容。"),
    ),
    Edge(
        name="unpublish",
        label=_("取消公开"),
        sources=(FeedbackState.ANSWERED,),
        target="",
        roles=CITY,
        needs_comment=True,
    ),
    Edge(
        name="reopen",
        label=_("重新办理"),
        sources=DONE,
        target=FeedbackState.TAKEN_UP,
        roles=CITY,
        needs_comment=True,
        hint=_("已公开的先收起来。"),
    ),
)
WANTED: dict[str, Words] = {
    "passed_to": _("请选择区县。"),
    "reply": _("请写明办理情况。"),
    "reason": _("请写明原因。"),
    "words": _("请写明问题。"),
    "answer": _("请写明答复。"),
    "published_text": _("请写明公开的内容。"),
}
