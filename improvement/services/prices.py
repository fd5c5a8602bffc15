"""What measures cost in a district: rows with a day and a source, the newest in force counts."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Unusable
from audit.services import check, record, snapshot
from districts.models import District, User
from districts.roles import DISTRICT_ROLES
from improvement.models import UnitPrice
from improvement.planner.measures import FIELDS, KINDS
from selfchecks import clock

MAY_PRICE = DISTRICT_ROLES
EARLIEST = date(2000, 1, 1)  # nobody prices by what was paid before
AHEAD = timedelta(days=3653)  # a plan looks some years ahead, no further
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def in_force(district: District, day: date) -> dict[str, UnitPrice]:
    """Kind → its price on a day, by the order of codes, without what is no longer offered."""
    rows = UnitPrice.objects.filter(district=district, valid_from__lte=day)
    newest: dict[str, UnitPrice] = {}
    for row in rows.order_by("kind", "-valid_from", "-pk"):
        newest.setdefault(row.kind, row)
    return {kind: row for kind, row in newest.items() if row.price is not None}


def set_price(
    *,
    district: District,
    kind: str,
    price: Decimal | None,
    valid_from: date,
    source: str,
    by: User,
    name: str = "",
    raises: Sequence[str] = (),
) -> UnitPrice:
    """A price from a day on, in yuan; None: no longer offered.

    A kind that is none of ``KINDS`` says its ``name`` and what it ``raises``. Raises NotAllowed,
    Unusable with every field that is wrong.
    """
    refuse_unless_of(district, by)
    known = KINDS.get(kind)
    row = UnitPrice(
        district=district,
        kind=kind,
        name=known.label if known else name.strip(),
        raises=[*(known.raises if known else raises)],
        price=price,
        valid_from=valid_from,
        source=source.strip(),
        entered_by=by,
        entered_at=clock.now(),
    )
    Unusable.check(_faults(row))
    check(row)
    with transaction.atomic():
        row.save()
        changes = snapshot(row, "kind", "name", "raises", "price", "valid_from", "source")
        record(action="price.set", by=by, on=row, district_code=district.code, changes=changes)
    return row


def refuse_unless_of(district: District, by: User) -> None:
    """Prices and conditions are the district's own people's."""
    if by.role not in MAY_PRICE or by.district_id != district.pk:
        raise NotAllowed(_("单价和增配条件由区县的填报员和审签人填写。"))


def _faults(row: UnitPrice) -> dict[str, Any]:
    latest = clock.today() + AHEAD
    is_known = row.kind in KINDS or row.raises and set(row.raises) <= FIELDS.keys()
    return {
        "kind": None if _CODE.fullmatch(row.kind) else _("措施代码用英文字母、数字和下划线。"),
        "raises": None if is_known else _("请写明提高哪些指标，可用的有 A1 到 A7。"),
        "price": _("单价应大于 0；不再采用的措施请留空。")
        if row.price is not None and row.price <= 0
        else None,
        "valid_from": None
        if EARLIEST <= row.valid_from <= latest
        else _("请填 %(first)s 到 %(last)s 之间的日期。") % {"first": EARLIEST, "last": latest},
        "source": None if row.source else _("请写明单价的来源。"),
    }


@transaction.atomic
def set_prices(
    *,
    district: District,
    prices: Mapping[str, Decimal | None],
    valid_from: date,
    source: str,
    by: User,
) -> list[UnitPrice]:
    """Several at once from one source, all or none; each has its own entry."""
    return [
        set_price(
            district=district, kind=kind, price=price, valid_from=valid_from, source=source, by=by
        )
        for kind, price in prices.items()
    ]
