"""The municipal inspectors' admin: Django's own, in the portal's name and scope."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

ORDER = ("selfchecks", "schedule", "indicators", "districts", "audit")


class PortalAdminSite(AdminSite):
    site_header = _("优质均衡督导评估 · 市级管理")
    site_title = _("市级管理")
    index_title = _("工作台")

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The portal has one page for signing in; who is signed in and not municipal is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("市级管理供督学、管理员和审计员使用;您的账号不能进入。"))
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("password_change")

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        from audit.refusals import Refused
        from schedule.desk import desk_on
        from schedule.services.reading import today

        context = extra_context or {}
        try:
            context["desk"] = desk_on(today())
        except Refused as refusal:
            context["no_desk"] = refusal
        return super().index(request, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(ORDER)}
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(ORDER)))
