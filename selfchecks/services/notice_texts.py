"""The sentences of notices, put into words when somebody reads them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from districts.wording import day_text
from selfchecks.models import Notice

# Kind → what the reader is told; the params of the row fill the gaps.
TEXTS: dict[str, Any] = {
    "step.send_for_signature": _("%(unit)s %(year)s 年度自查等待您审签,送审人 %(actor)s。"),
    "step.recall": _("%(unit)s %(year)s 年度自查已由 %(actor)s 撤回,暂不需要审签。"),
    "step.decline": _("%(actor)s 退回了 %(unit)s %(year)s 年度自查:%(comment)s"),
    "step.submit": _("%(unit)s %(year)s 年度自查已由 %(actor)s 审签并报送。"),
    "step.withdraw": _("%(actor)s 撤回了 %(unit)s %(year)s 年度自查:%(comment)s"),
    "step.take_up": _("%(actor)s 开始复核 %(unit)s %(year)s 年度自查。"),
    "step.put_back": _("%(actor)s 把 %(unit)s %(year)s 年度自查放回待复核:%(comment)s"),
    "step.approve": _("%(unit)s %(year)s 年度自查复核通过,复核人 %(actor)s。"),
    "step.send_back": _("%(unit)s %(year)s 年度自查被退回修改,截止日 %(due_on)s:%(comment)s"),
    "step.reopen": _("%(unit)s %(year)s 年度自查重新开启,%(due_on)s 前报送:%(comment)s"),
    "opened": _("%(unit)s %(year)s 年度自查已开启,%(due_on)s 前报送。"),
    "deadline_moved": _(
        "%(unit)s %(year)s 年度自查的报送截止日由 %(before)s 改为 %(due_on)s:%(comment)s"
    ),
    "due_soon": _("%(unit)s %(year)s 年度自查还有 %(days)s 天截止(%(due_on)s),尚未报送。"),
    "due_today": _("%(unit)s %(year)s 年度自查今天截止,尚未报送。"),
    "overdue": _("%(unit)s %(year)s 年度自查已逾期 %(days)s 天(截止日 %(due_on)s),尚未报送。"),
    "reminder": _("%(actor)s 提醒:%(unit)s %(year)s 年度自查尚未报送,截止日 %(due_on)s。"),
    "corrected": _(
        "%(actor)s 经导入更正了 %(unit)s %(year)s 年度自查的 %(count)s 个数,"
        "存为第 %(number)s 版,请核对:%(comment)s"
    ),
    "comment": _("%(actor)s 在 %(unit)s %(year)s 年度自查中写道:%(comment)s"),
}
DAYS = ("due_on", "before")  # params that hold a day as ISO text


def text_of(notice: Notice) -> str:
    """The sentence of a notice in the reader's language."""
    days = {name: _day_in_words(notice.params[name]) for name in DAYS if name in notice.params}
    about = notice.self_check
    unit = {"unit": about.district.display_name} if about else {}
    params = {**notice.params, **days, **unit}
    return str(TEXTS[notice.kind] % params)


def _day_in_words(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text))
    except ValueError:
        return text  # notices of earlier versions kept the day in words
