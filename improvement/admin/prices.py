"""Prices the districts have entered, to read; the board of what every unit lacks hangs on them."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from audit.refusals import one_of, understood
from districts.access import SignedInRequest
from districts.admin.base import ServiceAdmin, ViewOnly
from improvement.lacking.city import SORTS, CityTable
from improvement.lacking.city_book import city_book
from improvement.models import Kind, SchoolPlan, State, UnitPrice
from improvement.services.city import MAY_PLAN_CITY, ask
from improvement.services.lacking import city
from selfchecks.admin.self_checks import asked_year
from selfchecks.admin.work import DeskView
from selfchecks.files import offered_book
from selfchecks.models import Deadline


def _asked(asked: Mapping[str, str]) -> tuple[int, str]:
    return asked_year(asked), one_of(asked, "sort", SORTS) or SORTS[0]


class ShortfallsView(DeskView):
    """全市还差什么, from what the units submitted last in a year."""

    template_name = "admin/improvement/shortfalls.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        (year, sort), problem = understood(_asked, request.GET, {})
        lines = city(year, request.user)
        if one_of(request.GET, "format", ["xlsx"]) and not problem:
            name = _("全市还差什么-%s.xlsx") % year
            return offered_book(city_book(lines, year), name)
        context = {
            "title": _("%s 年度全市还差什么") % year,
            "table": CityTable(lines, sort),
            "year": year,
            "years": Deadline.objects.values_list("year", flat=True),
            "school_plans": SchoolPlan.objects.visible_to(request.user)
            .filter(self_check__year=year)
            .count(),
            "may_plan": request.user.role in MAY_PLAN_CITY,
            "problem": problem,
        }
        return self.render(context, 400 if problem else 200)

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Let workers make the cheapest plan of every unit that has none of what it says now."""
        if request.user.role not in MAY_PLAN_CITY:
            raise PermissionDenied
        year = asked_year(request.POST)
        plans = [line.plan for line in ask(year=year, kind=Kind.CHEAPEST, by=request.user)]
        waiting = sum(1 for plan in plans if plan and plan.state == State.WAITING)
        told: dict[str, Any] = {
            "waiting": waiting,
            "there": len(plans) - plans.count(None) - waiting,
        }
        told |= {"none": plans.count(None), "command": "manage.py work"}
        sentence = _(
            "%(waiting)s 个区县的最省方案由后台逐个计算（%(command)s），%(there)s 个已有，"
            "%(none)s 个现在做不了：还没有数据，或者有没填报的数。"
        )
        messages.success(request, sentence % told)
        return redirect(f"{request.path}?year={year}")


@admin.register(UnitPrice)
class UnitPriceAdmin(ViewOnly, ServiceAdmin):
    list_display = ("district", "name", "price", "valid_from", "source", "entered_by", "entered_at")
    list_filter = ("district", "kind")
    list_select_related = ("district", "entered_by")
    search_fields = ("district__sought", "name", "source")

    def get_urls(self) -> list[Any]:
        return [ShortfallsView.at("shortfalls/", "shortfalls", self), *super().get_urls()]
