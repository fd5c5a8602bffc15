"""What the operator says to everybody, in the admin: a new version is written, none is changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from districts.admin.base import ServiceAdmin
from schedule.models import Statement
from schedule.services import statements

SAID = ("subject", "text", "english")


@admin.register(Statement)
class StatementAdmin(ServiceAdmin):
    list_display = ("subject", "number", "written_by", "written_at")
    list_filter = ("subject",)
    list_select_related = ("written_by",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*SAID, "number", "written_by", "written_at") if obj else SAID

    def create(self, obj: Statement, **asked: Any) -> Statement:
        return statements.say(**asked)
