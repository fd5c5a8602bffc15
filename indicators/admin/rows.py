"""Indicators, numbers, special cases and open points: changed in a draft, read everywhere else."""

from itertools import groupby
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.access import person_of
from districts.admin.base import SEEN, SeenForm, ServiceAdmin
from districts.admin.exchange import ExchangeAdmin
from districts.tables import TableResult
from indicators import wording
from indicators.models import Amendment, Indicator, OpenPoint, SpecialCase, Threshold
from indicators.resources import ThresholdResource
from indicators.services import drafts
from indicators.services.standards import FIELDS, row_tag, standard_of


class RowForm(SeenForm):
    tag_of = staticmethod(row_tag)


class DraftAdmin(ServiceAdmin):
    """A version or a row of one: it comes about by drafting, and changes while it is a draft."""

    form = RowForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or standard_of(obj).is_draft)

    def update(self, obj: Any, **asked: Any) -> Any:
        return drafts.change(row=obj, **asked)


class DraftRowAdmin(DraftAdmin):
    facts: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.facts

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        seen = (SEEN,) if self.has_change_permission(request, obj) else ()
        return (*seen, *self.facts, *FIELDS[self.model])


@admin.register(Indicator)
class IndicatorAdmin(DraftRowAdmin):
    facts = ("standard", "code", "group", "kind", "level", "formula", "unit", "per", "raw_fields")
    list_display = ("code", "name", "group", "kind", "level", "standard")
    list_display_links = ("code", "name")
    list_filter = ("standard", "group", "kind", "level")
    list_select_related = ("standard",)
    search_fields = ("code", "name", "wording")
    search_help_text = _("按代码、名称或要点查找")
    ordering = ("-standard__effective_from", "standard", "order")


@admin.register(Threshold)
class ThresholdAdmin(ExchangeAdmin, DraftRowAdmin):
    resource_classes = (ThresholdResource,)
    facts = ("indicator", "stage", "operator", "unit")
    list_display = ("code", "label", "requirement", "stage", "version")
    list_display_links = ("code", "label")
    list_filter = ("indicator__standard", "indicator__group", "stage")
    list_select_related = ("indicator__standard",)
    list_per_page = 100
    search_fields = ("indicator__code", "indicator__name", "label")
    search_help_text = _("按指标代码、名称或说明查找")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Threshold]:
        return super().get_queryset(request).select_related("indicator__standard")

    @admin.display(description=_("指标"), ordering="indicator__order")
    def code(self, row: Threshold) -> str:
        return row.indicator.code

    @admin.display(description=_("要求"))
    def requirement(self, row: Threshold) -> str:
        return wording.requirement(row)

    @admin.display(description=_("标准版本"), ordering="indicator__standard")
    def version(self, row: Threshold) -> str:
        return row.standard.code

    def keep(self, result: TableResult, request: HttpRequest, source: Any) -> None:
        """One change per version, all in the transaction of the import."""
        rows = sorted((row.instance for row in result.changes), key=lambda row: row.standard.pk)
        for _pk, group in groupby(rows, key=lambda row: row.standard.pk):
            members = list(group)
            drafts.change_thresholds(
                standard=members[0].standard,
                values={(row.indicator.code, row.stage, row.name): row.value for row in members},
                by=person_of(request),
            )


@admin.register(SpecialCase)
class SpecialCaseAdmin(DraftRowAdmin):
    facts = ("standard", "indicator", "code")
    list_display = ("code", "short_wording", "is_enabled", "standard")
    list_filter = ("standard", "is_enabled")
    list_select_related = ("standard",)

    @admin.display(description=_("情形"))
    def short_wording(self, case: SpecialCase) -> str:
        return case.display_wording[:60]


@admin.register(OpenPoint)
class OpenPointAdmin(DraftRowAdmin):
    facts = ("standard", "key", "indicators", "setting")
    list_display = ("question", "setting", "default", "standard")
    list_filter = ("standard",)
    list_select_related = ("standard",)

    @admin.display(description=_("现行做法"))
    def setting(self, point: OpenPoint) -> str:
        return wording.setting(point)


@admin.register(Amendment)
class AmendmentAdmin(DraftRowAdmin):
    facts = ("standard", "key", "indicators")
    list_display = ("key", "in_words", "confidence", "since", "standard")
    list_filter = ("standard", "confidence")
    list_select_related = ("standard",)

    @admin.display(description=_("更正内容"))
    def in_words(self, amendment: Amendment) -> str:
        return amendment.display_wording
