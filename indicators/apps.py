"""Indicators: what is asked, and how it is computed; the standard as data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "standard.add": _("补充标准草稿"),
    "standard.change": _("修改标准草稿"),
    "standard.discard": _("删除标准草稿"),
    "standard.draft": _("起草标准"),
    "standard.import": _("导入达标值"),
    "standard.publish": _("发布标准"),
    "standard.retire": _("废止标准"),
    "standard.settle": _("撤下待明确事项"),
}
# What entries keep beside the fields of their object.
NAMES = {
    "indicators": _("指标"),
    "junior": _("初中"),
    "primary": _("小学"),
    "row": _("条目"),
    "senior": _("高中"),
}
LISTS = ("indicators",)


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("指标与标准")

    def ready(self) -> None:
        from audit import signing, words
        from figures.table import OFFERED_ITEMS, SCHOOL_FIELDS

        words.register(actions=ACTIONS, names=NAMES, lists=LISTS)
        signing.decisions.update(("standard.publish", "standard.retire"))
        words.name_figures(
            {each.code: _(each.label) for each in (*SCHOOL_FIELDS, *OFFERED_ITEMS.values())}
        )
