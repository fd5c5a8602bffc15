"""Days set apart from the yearly notice, in the admin."""

from typing import Any

from django.contrib import admin

from districts.models import CalendarDay
from districts.services import calendar

from .base import SEEN, SeenForm, ServiceAdmin


class DayForm(SeenForm):
    tag_of = staticmethod(calendar.tag_of_day)


@admin.register(CalendarDay)
class CalendarDayAdmin(ServiceAdmin):
    form = DayForm
    list_display = ("day", "is_working", "document_number", "source_note")
    list_filter = ("is_working",)
    fields = (SEEN, *calendar.DAY_FIELDS)
    settled = ("day",)

    def create(self, obj: CalendarDay, **asked: Any) -> CalendarDay:
        return calendar.set_day(**asked)

    def update(self, obj: CalendarDay, **asked: Any) -> None:
        calendar.correct_day(row=obj, **asked)
