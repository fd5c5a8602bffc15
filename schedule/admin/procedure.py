"""Certification steps and what comes before them in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.admin.base import SEEN, SeenForm, ServiceAdmin, ServiceForm
from schedule.models import BasicBalance, CertificationStep
from schedule.services import procedure


class ReasonForm(SeenForm):
    reason = forms.CharField(
        label=_("更正原因"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("必填，写入审计记录。"),
    )


class StepForm(SeenForm):
    tag_of = staticmethod(procedure.tag_of_step)


@admin.register(CertificationStep)
class CertificationStepAdmin(ServiceAdmin):
    form = StepForm
    list_display = ("year", "order", "name", "level", "is_application", "is_announcement")
    list_display_links = ("name",)
    list_filter = ("year", "level", "is_announcement")
    search_fields = ("name",)
    fields = (SEEN, *procedure.STEP_FIELDS)

    def create(self, obj: CertificationStep, **asked: Any) -> CertificationStep:
        return procedure.create_step(**asked)

    def update(self, obj: CertificationStep, **asked: Any) -> None:
        procedure.update_step(step=obj, **asked)


class BalanceForm(ReasonForm):
    tag_of = staticmethod(procedure.tag_of_balance)


@admin.register(BasicBalance)
class BasicBalanceAdmin(ServiceAdmin):
    list_display = ("district", "passed_by", "list_year", "source_note")
    search_fields = ("district__sought",)
    settled = ("district",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs |= {"form": BalanceForm if obj else ServiceForm}
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        is_changing = obj and self.has_change_permission(request, obj)
        more = (SEEN, "reason") if is_changing else ()
        return (*procedure.BALANCE_FIELDS, *more)

    def create(self, obj: BasicBalance, **asked: Any) -> BasicBalance:
        return procedure.record_balance(**asked)

    def update(self, obj: BasicBalance, **asked: Any) -> None:
        procedure.correct_balance(balance=obj, **asked)
