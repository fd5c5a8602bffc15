"""What people are told of the ledger."""

from typing import Any

from django.utils.translation import gettext_lazy as _

NOTICES: dict[str, Any] = {
    "ledger.figures": _(
        "%(unit)s的问题台账：新登记 %(find)s 个，%(meets)s 个数据已达标、等待销号，"
        "%(fails)s 个重新整改。"
    ),
    "ledger.claim": _("%(unit)s申请销号 %(count)s 个问题，申请人 %(actor)s：%(comment)s"),
    "ledger.recall": _("%(unit)s撤回了 %(count)s 个问题的销号申请，撤回人 %(actor)s。"),
    "ledger.close": _("%(unit)s有 %(count)s 个问题已销号，销号人 %(actor)s。"),
    "ledger.decline": _("%(unit)s有 %(count)s 个问题没有销号，请继续整改；%(actor)s：%(comment)s"),
    "ledger.take_back": _("%(actor)s 收回了%(unit)s %(count)s 个问题的销号：%(comment)s"),
    "ledger.reopen": _("%(actor)s 要求%(unit)s重新整改 %(count)s 个问题：%(comment)s"),
    "ledger.void": _("%(actor)s 作废了%(unit)s的 %(count)s 个问题：%(comment)s"),
    "ledger.late": _("%(unit)s有 %(count)s 个问题过了整改期限，最早的应在 %(due_on)s 前改好。"),
    "ledger.late_chief": _(
        "%(unit)s有 %(count)s 个问题逾期 15 个工作日以上，最早的应在 %(due_on)s 前改好。"
    ),
    "ledger.late_city": _(
        "%(unit)s有 %(count)s 个问题逾期 30 个工作日以上，最早的应在 %(due_on)s 前改好。"
    ),
}
