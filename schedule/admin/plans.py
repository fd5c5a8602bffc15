"""Planned years in the admin: read, filtered and exchanged here, changed by re-planning."""

from abc import abstractmethod
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from districts.access import SignedInRequest
from districts.admin.base import ServiceAdmin, ViewOnly
from districts.admin.exchange import ExchangeAdmin
from districts.tables import TableResult
from schedule.models import FIRST_YEAR, LAST_YEAR, Phase, PlannedCertification, PlanVersion
from schedule.progress import phase_of
from schedule.resources import PlanResource
from schedule.services import reading
from schedule.services.reading import Position
from schedule.wording import STATES
from selfchecks.admin import work

from .replanning import ReplanView


def position_of(request: Any) -> Position | None:
    """How the units stand today against the version asked for, else the newest; read once per
    page. None before the first plan."""
    if not hasattr(request, "position"):
        versions = PlanVersion.objects.order_by("-number")
        number = request.GET.get(VersionFilter.parameter_name, "")
        asked = versions.filter(number=number).first() if number.isdecimal() else None
        version = asked or versions.first()
        request.position = version and reading.position_on(reading.today(), version=version)
    return request.position


class VersionFilter(admin.SimpleListFilter):
    """One version at a time, the newest unless another is chosen."""

    title = _("规划版本")
    parameter_name = "version"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        numbers = PlanVersion.objects.order_by("-number").values_list("number", flat=True)
        return [(str(number), str(_("第 %s 版")) % number) for number in numbers]

    def choices(self, changelist: Any) -> Any:
        newest = self.lookup_choices[0][0] if self.lookup_choices else None
        for number, label in self.lookup_choices:
            yield {
                "selected": (self.value() or newest) == number,
                "query_string": changelist.get_query_string({self.parameter_name: number}),
                "display": label,
            }

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        position = position_of(request)
        return queryset.filter(version=position.version if position else None)


class PlanFilter(admin.SimpleListFilter):
    """Narrows to a value it offers; any other narrows nothing."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value, position = self.value(), position_of(request)
        if position is None or value not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(**self.lookup(value, position))

    @abstractmethod
    def lookup(self, value: str, position: Position) -> dict[str, Any]:
        """The condition on plan entries."""


class YearFilter(PlanFilter):
    title = _("规划年份")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in range(FIRST_YEAR, LAST_YEAR + 1)]

    def lookup(self, value: str, position: Position) -> dict[str, Any]:
        return {"year": value}


class PhaseFilter(PlanFilter):
    title = _("阶段")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return phase_choices()

    def lookup(self, value: str, position: Position) -> dict[str, Any]:
        phases = {str(phase.start_year): phase for phase in position.progress.phases}
        return {"year__in": phases[value].years}


class StatusFilter(PlanFilter):
    title = _("状态")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def lookup(self, value: str, position: Position) -> dict[str, Any]:
        units = position.progress.with_status(value)
        return {"district__code__in": [unit.code for unit in units]}


class PlannedList(ChangeList):
    """Rows know how their unit stands today."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if position := position_of(request):
            standings = {unit.code: unit for unit in position.progress.standings}
            for row in self.result_list:
                row.standing = standings.get(row.district.code)
                row.in_phase = phase_of(position.progress.phases, row.year)


@admin.register(PlannedCertification)
class PlannedCertificationAdmin(ExchangeAdmin, ViewOnly, ServiceAdmin):
    resource_classes = (PlanResource,)
    list_display = (
        "district",
        "year",
        "phase",
        "region",
        "status",
        "version_number",
        "move",
    )
    list_filter = (VersionFilter, PhaseFilter, YearFilter, "district__region", StatusFilter)
    list_select_related = ("district", "version")
    list_per_page = 100
    search_fields = ("district__sought",)
    search_help_text = _("按区县名称、代码或英文名查找")
    actions = ("adjust",)
    change_list_template = "admin/schedule/plan_change_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlannedList

    def looked(
        self, request: SignedInRequest, result: TableResult, data: bytes, name: str
    ) -> HttpResponse:
        """A file without problems goes on to the re-planning page: impact, reason, publish."""
        if result.problems or not result.changes:
            return super().looked(request, result, data, name)
        changes = {row.instance.district.code: row.instance.year for row in result.changes}
        # The plan is never written row by row: a file is one proposal to re-plan.
        view = ReplanView(model_admin=self.admin_site.get_model_admin(PlanVersion))
        view.setup(request)
        return view.show(changes)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        columns = tuple(self.list_display)
        return columns if self.has_adjust_permission(request) else columns[:-1]

    def has_adjust_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm("schedule.add_planversion"))

    @admin.display(description=_("阶段"))
    def phase(self, row: Any) -> str:
        return gettext(row.in_phase.name) if row.in_phase else ""

    @admin.display(description=_("区域"), ordering="district__region")
    def region(self, row: PlannedCertification) -> str:
        return row.district.region

    @admin.display(description=_("状态"))
    def status(self, row: Any) -> str:
        return str(STATES[row.standing.status]) if row.standing else ""

    @admin.display(description=_("版本"), ordering="version__number")
    def version_number(self, row: PlannedCertification) -> int:
        return row.version.number

    @admin.display(description=_("调整"))
    def move(self, row: PlannedCertification) -> SafeString:
        return format_html(
            '<a href="{}">{}<span class="visually-hidden">:{}</span></a>',
            replan_address([row.district.code]),
            _("调整年份"),
            row.district.display_name,
        )

    @admin.action(description=_("调整所选单位的年份"), permissions=["adjust"])
    def adjust(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        codes = queryset.values_list("district__code", flat=True)
        return redirect(replan_address(list(codes)))


def replan_address(codes: list[str]) -> str:
    query = urlencode({"unit": codes}, doseq=True)
    return f"{reverse('admin:schedule_planversion_replan')}?{query}"


# -- lent to the inspector's work list, which stands below the plan ------------------------------


def phase_choices() -> list[tuple[str, str]]:
    return [(str(phase.start_year), gettext(phase.name)) for phase in Phase.objects.all()]


def units_of_phase(start_year: str) -> list[str]:
    """Codes of the units that today's plan certifies in the phase; none for an unknown one."""
    phases = {str(phase.start_year): phase for phase in reading.phase_goals()}
    try:
        plan = reading.version_on(reading.today()).years
    except Refused:
        return []
    phase = phases.get(start_year)
    return [code for code, year in plan.items() if phase and year in phase.years]


work.Phases.choices, work.Phases.units = phase_choices, units_of_phase
