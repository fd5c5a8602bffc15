"""On-site visits in the admin, to read; they are drawn and recorded on pages of their own."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from districts.admin.base import ServiceAdmin, ViewOnly
from improvement.models import Visit


@admin.register(Visit)
class VisitAdmin(ViewOnly, ServiceAdmin):
    list_display = ("district", "year", "number", "state", "started_at", "ended_at", "page")
    list_filter = ("year", "state", "district")
    list_select_related = ("district",)
    search_fields = ("district__sought",)

    @admin.display(description=_("查看页面"))
    def page(self, row: Visit) -> Any:
        return format_html(
            '<a href="{}">{}</a>', reverse("visit", args=[row.reference]), row.reference
        )
