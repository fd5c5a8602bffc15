"""School plans the districts have approved, and their measures, to read."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from districts.admin.base import ServiceAdmin, ViewOnly
from districts.services.calendar import working_days
from improvement.models import Measure, SchoolPlan
from selfchecks import clock


class LateFilter(admin.SimpleListFilter):
    title = _("逾期")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("已逾期"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "yes":
            return queryset
        late = Measure.objects.late(clock.today())
        return queryset.filter(pk__in=late.values("pk"))


@admin.register(SchoolPlan)
class SchoolPlanAdmin(ViewOnly, ServiceAdmin):
    list_display = ("page", "self_check", "state", "approved_by", "approved_at")
    list_display_links = None
    list_filter = ("state", "self_check__year", "self_check__district")
    list_select_related = ("self_check__district", "approved_by")
    search_fields = ("school_name", "school_code", "self_check__district__sought")

    @admin.display(description=_("学校"), ordering="school_code")
    def page(self, row: SchoolPlan) -> str:
        """Its name leads to the page, where everything stands."""
        address = reverse("school-plan", args=[row.self_check.reference, row.school_code])
        return format_html('<a href="{}">{}</a>', address, row.school_name)


@admin.register(Measure)
class MeasureAdmin(ViewOnly, ServiceAdmin):
    list_display = ("__str__", "district", "amount", "unit", "office", "due", "late")
    list_filter = (LateFilter, "office", "school_plan__self_check__district")
    list_select_related = ("school_plan__self_check__district",)
    search_fields = ("name", "school_plan__school_name", "responsible")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Measure]":
        rows: QuerySet[Measure] = super().get_queryset(request)
        return rows.with_done()  # type: ignore[attr-defined]

    @admin.display(description=_("区县"))
    def district(self, row: Measure) -> str:
        return str(row.school_plan.self_check.district)

    @admin.display(description=_("逾期（工作日）"))
    def late(self, row: Any) -> int | str:
        today: date = clock.today()
        is_done = row.done is not None and row.done >= row.amount
        if row.due is None or row.due >= today or is_done or row.dropped_at:
            return "–"
        return working_days().between(row.due, today)
