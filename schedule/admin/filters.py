"""What plan rows are filtered by: version, phase, year, and how the unit stands today."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from schedule.models import FIRST_YEAR, LAST_YEAR, PlanVersion
from schedule.progress import PhaseGoal, Standing
from schedule.services import reading
from schedule.wording import STATES


def chosen_version(request: HttpRequest) -> PlanVersion | None:
    """The version the reader asked for, else the newest; looked up once per page."""
    if not hasattr(request, "chosen_version"):
        versions = PlanVersion.objects.order_by("-number")
        number = request.GET.get(VersionFilter.parameter_name, "")
        asked = versions.filter(number=number).first() if number.isdecimal() else None
        request.chosen_version = asked or versions.first()  # type: ignore[attr-defined]
    return request.chosen_version  # type: ignore[attr-defined, no-any-return]


def standings_of(request: HttpRequest) -> dict[str, Standing]:
    """How each unit stands today against the chosen version; computed once per page."""
    if not hasattr(request, "standings"):
        request.standings = _standings(chosen_version(request))  # type: ignore[attr-defined]
    return request.standings  # type: ignore[attr-defined, no-any-return]


def _standings(version: PlanVersion | None) -> dict[str, Standing]:
    if version is None:
        return {}
    try:
        position = reading.position_on(reading.today(), version=version)
    except Refused:
        return {}
    return {standing.code: standing for standing in position.progress.standings}


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

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(version=chosen_version(request))


class YearFilter(admin.SimpleListFilter):
    title = _("规划年份")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in range(FIRST_YEAR, LAST_YEAR + 1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        return queryset.filter(year=int(value)) if value.isdecimal() else queryset


class PhaseFilter(admin.SimpleListFilter):
    title = _("阶段")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(goal.start_year), gettext(goal.name)) for goal in phases_of(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        for goal in phases_of(request):
            if self.value() == str(goal.start_year):
                return queryset.filter(year__range=(goal.start_year, goal.end_year))
        return queryset


def phases_of(request: HttpRequest) -> list[PhaseGoal]:
    if not hasattr(request, "phases"):
        request.phases = reading.phase_goals()  # type: ignore[attr-defined]
    return request.phases  # type: ignore[attr-defined, no-any-return]


class StatusFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in STATES:
            return queryset
        standings = standings_of(request).values()
        codes = [standing.code for standing in standings if standing.status == self.value()]
        return queryset.filter(district__code__in=codes)
