"""公众反映 in the admin: read, passed on, answered; who said it is for those who answer alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from districts.access import person_of
from districts.admin.base import ServiceAdmin, ViewOnly
from improvement.models import Feedback
from improvement.models.feedback import PERSONAL
from improvement.services import feedback
from improvement.voices.feedback_steps import CITY, STEPS

from .setting_aside import SetAsideView
from .steps import Flowing


@admin.register(Feedback)
class FeedbackAdmin(Flowing, ViewOnly, ServiceAdmin):
    flow, service, shows = STEPS, feedback, ("text", "page", "reply")
    list_display = ("number", "beginning", "state", "district", "passed_to", "received_at")
    list_display_links = ("number", "beginning")
    list_filter = ("state", "passed_to", "district")
    list_select_related = ("district", "passed_to")
    search_fields = ("text", "answer")
    actions = ("set_aside",)
    said = ("text", "district", "page", "received_at")
    done = ("state", "handler", "passed_to", "reply", "answer", "answered_by", "answered_at")
    closed = ("reason", "published_text", "problem", "changed_at")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sender = [(_("反映人"), {"fields": (*PERSONAL, "erased_at")})]
        return [
            (_("内容"), {"fields": self.said}),
            *(sender if person_of(request).role in CITY else []),
            (_("办理"), {"fields": (*self.done, *self.closed)}),
        ]

    @admin.display(description=_("编号"), ordering="pk")
    def number(self, row: Feedback) -> int:
        return row.pk

    @admin.display(description=_("内容"))
    def beginning(self, row: Feedback) -> str:
        return row.text[:60]

    def get_urls(self) -> list[Any]:
        view = SetAsideView.as_view(model_admin=self)
        guarded = self.admin_site.admin_view(view)
        name = "improvement_feedback_set_aside_many"
        return [path("set-aside/", guarded, name=name), *super().get_urls()]

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return person_of(request).role in CITY

    @admin.action(description=_("不予办理所选的公众反映"), permissions=["moderate"])
    def set_aside(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        chosen = urlencode({"number": list(queryset.values_list("pk", flat=True))}, doseq=True)
        return redirect(f"{reverse('admin:improvement_feedback_set_aside_many')}?{chosen}")
