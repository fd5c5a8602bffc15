"""Units and their successions in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.access import SignedInRequest
from districts.models import District, Succession
from districts.resources import DistrictResource
from districts.services import units
from districts.tables import TableResult

from .base import SEEN, SeenForm, ServiceAdmin
from .exchange import ExchangeAdmin


class DistrictForm(SeenForm):
    tag_of = staticmethod(units.tag_of)


class NamedValues(admin.AllValuesFieldListFilter):
    """An empty value is a choice too, and needs a word."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("未填")}


class ExistsFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "exists"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("现行")), ("no", _("已撤并"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.valid_on(units.today())
        if self.value() == "no":
            return queryset.exclude(pk__in=queryset.valid_on(units.today()))
        return queryset


@admin.register(District)
class DistrictAdmin(ExchangeAdmin, ServiceAdmin):
    resource_classes = (DistrictResource,)
    form = DistrictForm
    list_display = ("name", "code", "kind", "region", "subregion", "valid_from", "valid_to")
    list_filter = (ExistsFilter, "region", ("subregion", NamedValues), "kind")
    search_fields = ("name", "full_name", "code", "english_name")
    search_help_text = _("按名称、代码或英文名查找")
    list_per_page = 100
    fieldsets = (
        (None, {"fields": (SEEN, "code", "name", "full_name", "english_name", "kind")}),
        (_("区域"), {"fields": ("region", "subregion")}),
        (
            _("有效期"),
            {
                "fields": ("valid_from", "valid_to"),
                "description": _("终止日是最后一天;现行单位留空。"),
            },
        ),
        (
            _("首页方格的位置"),
            {
                "fields": (
                    ("tile_column", "tile_row"),
                    ("current_tile_column", "current_tile_row"),
                ),
                "description": _("现行方格只在与规划口径不同时填写。"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def create(self, obj: District, **asked: Any) -> District:
        return units.create_district(**asked)

    def update(self, obj: District, **asked: Any) -> None:
        units.update_district(district=obj, **asked)

    def keep(self, result: TableResult, request: SignedInRequest, source: Any) -> None:
        units.keep_districts(changes=result.changes, by=request.user, source=source)


@admin.register(Succession)
class SuccessionAdmin(ServiceAdmin):
    list_display = ("date", "predecessor", "successor", "kind", "description")
    list_display_links = ("date", "predecessor")
    list_filter = ("kind", ("date", admin.DateFieldListFilter))
    list_select_related = ("predecessor", "successor")
    search_fields = ("predecessor__name", "successor__name", "description")
    search_help_text = _("按单位名称或说明查找")
    fields = ("predecessor", "successor", "date", "kind", "description", "source")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def create(self, obj: Succession, **asked: Any) -> Succession:
        return units.record_succession(day=asked.pop("date"), **asked)
