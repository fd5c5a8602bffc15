"""What the application form wants and nobody reports otherwise: asked for once a year and kept."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LARGEST = Decimal(10) ** 12


class Item(NamedTuple):
    """``places`` are the decimals the form prints."""

    label: Any
    unit: Any
    places: int = 0


ITEMS: Mapping[str, Item] = MappingProxyType(
    {
        "people": Item(_("人口总数"), _("万人"), 2),
        "farmers": Item(_("农业人口数"), _("万人"), 2),
        "townships": Item(_("乡镇数"), pgettext_lazy("counted", "个")),
        "villages": Item(_("行政村数"), pgettext_lazy("counted", "个")),
        "product": Item(_("年人均国内生产总值"), _("元")),
        "revenue": Item(_("年人均地方财政收入"), _("元")),
        "farmers_income": Item(_("农民年人均纯收入"), _("元")),
        "town_income": Item(_("城镇居民年人均可支配收入"), _("元")),
        "staff_primary": Item(_("小学教职工"), _("人")),
        "teachers_primary": Item(_("小学教职工中的专任教师"), _("人")),
        "staff_junior": Item(_("初中教职工"), _("人")),
        "teachers_junior": Item(_("初中教职工中的专任教师"), _("人")),
        "crowded_primary": Item(_("超过 45 人的小学班数"), _("个")),
        "crowded_junior": Item(_("超过 50 人的初中班数"), _("个")),
        "small_budget": Item(_("不足 100 人学校的公用经费"), _("元")),
        "special_budget": Item(_("特殊教育公用经费"), _("万元"), 2),
        "rural_places": Item(_("分配名额中的农村初中名额"), _("人")),
        "public_migrants": Item(_("在公办学校就读的随迁子女数"), _("人")),
        "special_enrolled": Item(_("入学的残疾儿童少年中在特教学校的"), _("人")),
    }
)
