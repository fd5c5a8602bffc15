"""What people are told of the ledger."""

from typing import Any

from django.utils.translation import gettext_lazy as _

NOTICES: dict[str, Any] = {
    "ledger.figures": _(
        "%(unit)s的问题台账：新登记 %(find)s 个，%(meets)s 个数据已达标、等待销号，"
        "%(fails)s 个重新整改。"
    ),
}
