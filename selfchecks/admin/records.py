"""The figures of schools in the admin: to read and to take out as a table."""

from django.contrib import admin

from districts.admin.base import ServiceAdmin, ViewOnly
from districts.admin.exchange import ExportAdmin
from selfchecks.models import SchoolRecord
from selfchecks.resources import SchoolRecordResource


@admin.register(SchoolRecord)
class SchoolRecordAdmin(ExportAdmin, ViewOnly, ServiceAdmin):
    resource_classes = (SchoolRecordResource,)
    list_display = ("school_name", "school_code", "self_check", "school_type", "location")
    list_filter = (
        "self_check__year",
        "school_type",
        "location",
        "ownership",
        "self_check__district",
    )
    list_select_related = ("self_check__district",)
    search_fields = ("school_name", "school_code", "self_check__district__name")
