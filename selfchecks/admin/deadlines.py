"""The days of each year: setting them opens the year's self-checks."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from districts.admin.base import ServiceAdmin
from selfchecks.models import Deadline
from selfchecks.services import opening


@admin.register(Deadline)
class DeadlineAdmin(ServiceAdmin):
    list_display = ("year", "fill_from", "due_on")
    fields = ("year", "fill_from", "due_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("year",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Deadline, form: Any, change: bool) -> None:
        days = {"due_on": obj.due_on, "fill_from": obj.fill_from, "by": request.user}
        if change:
            opening.set_deadline(year=obj.year, **days)
            return
        opened = opening.open_year(year=obj.year, **days)
        obj.pk = opened.deadline.pk
        messages.info(request, _("已为 %s 个区县开启自查。") % len(opened.new))
