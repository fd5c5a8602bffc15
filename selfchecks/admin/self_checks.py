"""Self-checks in the admin: the list, and the pages that hang on it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from districts.admin.base import ServiceAdmin, ViewOnly
from selfchecks.models import SelfCheck

from .board import BoardView
from .review import ReviewView, evidence_file
from .work import WorkView


@admin.register(SelfCheck)
class SelfCheckAdmin(ViewOnly, ServiceAdmin):
    change_list_template = "admin/selfchecks/change_list.html"
    list_display = ("district", "year", "state", "due_on", "submitted_at", "inspector", "is_demo")
    list_display_links = ("district",)
    list_filter = (
        *("year", "state", ("inspector", admin.RelatedOnlyFieldListFilter)),
        *("district__region", "is_demo"),
    )
    list_select_related = ("district", "inspector")
    search_fields = ("district__name", "district__code")
    search_help_text = _("按区县名称或代码查找")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The review page is the page of a self-check."""
        found = SelfCheck.objects.get_visible(request.user, pk=_number(object_id))
        return redirect("admin:selfchecks_selfcheck_review", found.pk)

    def get_urls(self) -> list[Any]:
        name = "selfchecks_selfcheck_{}".format
        pages = (
            ("work/", WorkView, "work"),
            ("board/", BoardView, "board"),
            ("<int:object_id>/review/", ReviewView, "review"),
        )
        own = [
            path(
                address,
                self.admin_site.admin_view(_with_admin(view.as_view(model_admin=self), self)),
                name=name(ending),
            )
            for address, view, ending in pages
        ]
        evidence = self.admin_site.admin_view(_with_admin(evidence_file, self))
        return [
            *own,
            path("<int:object_id>/evidence/<int:item>/", evidence, name=name("evidence")),
            *super().get_urls(),
        ]


def _with_admin(view: Any, model_admin: Any) -> Any:
    """The resolver tells which model a page is about, as for Django's own pages."""
    view.model_admin = model_admin
    view.keeps_text = getattr(getattr(view, "view_class", None), "keeps_text", ())
    return view


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0
