"""Indicators: what is asked, and how it is computed; the standard as data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("指标与标准")

    def ready(self) -> None:
        from audit import words
        from figures.table import DISTRICT_ITEMS, SCHOOL_FIELDS

        words.name_figures({each.code: _(each.label) for each in (*SCHOOL_FIELDS, *DISTRICT_ITEMS)})
