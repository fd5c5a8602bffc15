"""Phases, plan versions and planned years in the admin: read and filtered here, changed by
re-planning."""

from itertools import groupby
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.admin.base import ServiceAdmin, ViewOnly
from districts.admin.exchange import ExchangeAdmin
from districts.tables import Look
from districts.wording import listed
from schedule.models import Phase, PlannedCertification, PlanVersion
from schedule.progress import PhaseGoal
from schedule.resources import PlanResource
from schedule.wording import STATES

from .filters import (
    PhaseFilter,
    StatusFilter,
    VersionFilter,
    YearFilter,
    phases_of,
    standings_of,
)
from .replan import ReplanView


@admin.register(Phase)
class PhaseAdmin(ViewOnly, ServiceAdmin):
    list_display = ("name", "start_year", "end_year", "target")


@admin.register(PlanVersion)
class PlanVersionAdmin(ServiceAdmin):
    list_display = (
        "number",
        "title",
        "published_on",
        "document_number",
        "short_reason",
        "published_by",
    )
    list_display_links = ("number", "title")
    list_filter = (("published_on", admin.DateFieldListFilter),)
    list_select_related = ("published_by",)
    search_fields = ("title", "document_number", "reason")
    search_help_text = _("按名称、文号或原因查找")
    fields = (
        "number",
        "title",
        "document_number",
        "reason",
        "based_on",
        "published_on",
        "published_at",
        "published_by",
        "plan",
    )
    readonly_fields = ("plan",)
    change_list_template = "admin/schedule/plan_change_list.html"
    change_form_template = "admin/schedule/plan_version.html"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(ReplanView.as_view(model_admin=self))
        return [path("replan/", page, name="schedule_planversion_replan"), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A new version comes about by re-planning only; that page asks for the permission."""
        return redirect("admin:schedule_planversion_replan")

    @admin.display(description=_("调整原因"))
    def short_reason(self, version: PlanVersion) -> str:
        return version.reason[:40]

    @admin.display(description=_("各年单位"))
    def plan(self, version: PlanVersion) -> SafeString:
        entries = version.entries.select_related("district").order_by("year", "district__code")
        rows = []
        for year, group in groupby(entries, key=lambda entry: entry.year):
            names = [entry.district.name for entry in group]
            rows.append((year, len(names), listed(names)))
        return format_html(
            "<table><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th>"
            "<th scope='col'>{}</th></tr></thead><tbody>{}</tbody></table>",
            _("年份"),
            _("个数"),
            _("单位"),
            format_html_join(
                "", "<tr><th scope='row'>{}</th><td class='number'>{}</td><td>{}</td></tr>", rows
            ),
        )


class PlannedList(ChangeList):
    """Rows know how their unit stands today."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        standings, phases = standings_of(request), phases_of(request)
        for row in self.result_list:
            row.standing = standings.get(row.district.code)
            row.phase_name = phase_name(row.year, phases)


@admin.register(PlannedCertification)
class PlannedCertificationAdmin(ExchangeAdmin, ViewOnly, ServiceAdmin):
    resource_classes = (PlanResource,)
    list_display = ("district", "year", "phase", "region", "status", "version_number", "move")
    list_filter = (VersionFilter, PhaseFilter, YearFilter, "district__region", StatusFilter)
    list_select_related = ("district", "version")
    list_per_page = 100
    search_fields = ("district__name", "district__code", "district__english_name")
    search_help_text = _("按区县名称、代码或英文名查找")
    actions = ("adjust",)
    fields = ("version", "district", "year")
    change_list_template = "admin/schedule/plan_change_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlannedList

    def looked(self, request: HttpRequest, look: Look, data: bytes, name: str) -> HttpResponse:
        """A file without problems goes on to the re-planning page: impact, reason, publish."""
        if look.problems or not look.changes:
            return super().looked(request, look, data, name)
        changes = {row.instance.district.code: row.instance.year for row in look.changes}
        view = ReplanView(model_admin=self.admin_site.get_model_admin(PlanVersion))
        view.setup(request)
        return view.show(changes)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        columns = tuple(self.list_display)
        return columns if self.has_adjust_permission(request) else columns[:-1]

    def has_adjust_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("schedule.add_planversion")

    @admin.display(description=_("阶段"))
    def phase(self, row: PlannedCertification) -> str:
        return row.phase_name  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("区域"), ordering="district__region")
    def region(self, row: PlannedCertification) -> str:
        return row.district.region

    @admin.display(description=_("状态"))
    def status(self, row: PlannedCertification) -> str:
        standing = row.standing  # type: ignore[attr-defined]
        return str(STATES[standing.status]) if standing else ""

    @admin.display(description=_("版本"), ordering="version__number")
    def version_number(self, row: PlannedCertification) -> int:
        return row.version.number

    @admin.display(description=_("调整"))
    def move(self, row: PlannedCertification) -> SafeString:
        return format_html(
            '<a href="{}">{}<span class="visually-hidden">:{}</span></a>',
            replan_address([row.district.code]),
            _("调整年份"),
            row.district.name,
        )

    @admin.action(description=_("调整所选单位的年份"), permissions=["adjust"])
    def adjust(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        codes = queryset.values_list("district__code", flat=True)
        return redirect(replan_address(list(codes)))


def phase_name(year: int, phases: list[PhaseGoal]) -> str:
    names = (goal.name for goal in phases if goal.start_year <= year <= goal.end_year)
    return gettext(next(names, ""))


def replan_address(codes: list[str]) -> str:
    query = urlencode({"unit": codes}, doseq=True)
    return f"{reverse('admin:schedule_planversion_replan')}?{query}"
