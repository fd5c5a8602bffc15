"""Measures, amounts and remedies in the reader's words."""

from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from figures.table import AREA, MONEY, PEOPLE, ROOMS, YUAN
from improvement.models import UnitPrice
from improvement.planner.measures import KINDS
from improvement.plans.words import money as budgeted
from improvement.shortfall.forecast import Unreadable
from improvement.shortfall.lacking import Aim
from improvement.shortfall.money import Amounts, Bill
from indicators.wording import ONE, unit_text

_PLACES = {MONEY: 2}  # 万元; people, rooms and ㎡ are whole
UNITS = (PEOPLE, ROOMS, AREA, MONEY)

# What a limit outside part A is missed by: teachers, pupils or rooms.
UNIT_BEYOND = {"B3": ROOMS, **dict.fromkeys(("B4", "B5", "B6", "B9", "B12"), PEOPLE)}
# What people do where a limit outside part A is missed; a quantity says too little there.
REMEDIES = {
    "B3": _("改建或新建音乐、美术专用教室；面积不够的教室扩建后再计。"),
    "B4": _("控制招生、调整学区分流，或分设校区、新建学校。"),
    "B5": _("把超额的班拆开（要有教室和教师），或调整学区分流。"),
    "B6": _("由区县按规定人数核定公用经费，不用建设。"),
    "B9": _("安排培训，补足五年 360 学时。"),
    "B12": _("取得教师资格，或调离教学岗位。"),
}
AIMS: dict[Aim, Any] = {
    "least": _("至少要补（每单元可有一项留在基本值）"),
    "full": _("七项全部补到达标值"),
    "floor": _("只补到基本值"),
}


_PER_ONE = {
    **ONE,
    AREA: pgettext_lazy("for each", "㎡"),
    YUAN: pgettext_lazy("for each", "元"),
}
_COLUMNS = {
    "hire": _("学历教师"),
    "hire_pe_arts": _("体艺教师"),
    "train_backbone": _("骨干教师"),
    "build_rooms": _("教学用房"),
    "build_ground": _("运动场地"),
    "equipment": _("仪器设备"),
    "multimedia": _("多媒体教室"),
}


def kind_name(kind: str) -> str:
    return gettext(KINDS[kind].label)


def unit_of_kind(kind: str) -> str:
    """What its amounts are counted in; equipment is priced by the yuan and reported in 万元."""
    unit = KINDS[kind].unit
    return MONEY if unit == YUAN else unit


def per_one(kind: str) -> str:
    """What a price is for: 元/人."""
    return str(_PER_ONE[KINDS[kind].unit])


def price(row: UnitPrice) -> str:
    """3,000 元/㎡; kinds of a district's own are priced by their unit."""
    if row.price is None:
        return ""
    unit = per_one(row.kind) if row.kind in KINDS else gettext("单位")
    return f"{_bare(format(row.price, ',f'))} {gettext('元')}/{unit}"


def column(kind: str) -> str:
    """A short heading: 运动场地 ㎡."""
    return f"{_COLUMNS[kind]} {gettext(unit_of_kind(kind))}"


def whole(amount: Decimal, unit: str) -> str:
    """A number people can act on, rounded up: 6,200 for 6,199.21 ㎡."""
    return _bare(format(up(amount, unit), ",f"))


def _bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def up(amount: Decimal, unit: str) -> Decimal:
    """As ``whole`` tells it."""
    return amount.quantize(Decimal(1).scaleb(-_PLACES.get(unit, 0)), ROUND_CEILING)


def amount(number: Decimal, unit: str) -> str:
    """6,200 ㎡ with a space that does not break; money in the unit of plans."""
    if unit == MONEY:
        return budgeted(up(number, unit) * 10_000)
    return f"{whole(number, unit)}\N{NO-BREAK SPACE}{unit_text(unit, up(number, unit))}"


def of_kind(kind: str, number: Decimal | None) -> str:
    """Empty where nothing is asked."""
    return amount(number, unit_of_kind(kind)) if number else ""


def money(yuan: Decimal) -> str:
    """In 万元, as districts budget."""
    return amount(yuan / 10_000, MONEY)


def rounded_up(yuan: Decimal) -> Decimal:
    """The sum that ``money`` tells."""
    return up(yuan / 10_000, MONEY) * 10_000


def cost(found: Bill) -> str:
    """A bill in 万元 without the unit: ≥ where it leaves out what has no price."""
    if not found.total:
        return ""
    return ("≥ " if found.unpriced else "") + whole(found.total / 10_000, MONEY)


def sums_by_unit(measures: Amounts) -> dict[str, Decimal]:
    """Everything that is counted alike together: people, rooms, ㎡, 万元."""
    return {
        unit: sum((n for kind, n in measures.items() if unit_of_kind(kind) == unit), Decimal())
        for unit in UNITS
    }


def by_unit(measures: Amounts) -> list[str]:
    """38 人, 12 间, 6,200 ㎡, 410 万元."""
    found = sums_by_unit(measures).items()
    return [amount(number, unit) for unit, number in found if number]


def unreadable(fault: Unreadable) -> str:
    """Which line of expected pupils, and how it should be written."""
    sentence = gettext(
        "第 %(number)s 行「%(line)s」读不懂：请写学校标识码、小学人数、初中人数，每所学校一行。"
    )
    return sentence % {"number": fault.number, "line": fault.line[:40]}


def explained() -> list[tuple[str, str]]:
    """What the columns mean, the same on page and sheet."""
    return [
        (
            gettext("至少"),
            gettext(
                "每个单元要有六项达标，另一项不低于基本值：这里让每个单元把最省的一项留在基本值；"
                "没有单价时，留下按达标值的比例省得最多的一项。"
            ),
        ),
        (
            gettext("全校共用"),
            gettext("校舍和设备由各学段共用，全校只算一次，不要把各学段的差数相加。"),
        ),
        (
            gettext("体育、艺术教师"),
            gettext("按有规定学历招聘，同时计入学历教师，只招一次。"),
        ),
    ]
