"""Templates of the office: the one in use to take along, a new version to send."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.admin.base import ServiceAdmin, ServiceForm
from documents.fields import fields_of
from papers.models import Template
from papers.names import Name
from papers.services import templates
from papers.services.making import WORD, content_of, in_use
from rest.books import Sheet, write_book
from selfchecks.files import offered, offered_book

SENT = ("kind", "file", "reason")


class TemplateForm(ServiceForm):
    file = forms.FileField(
        label=_("模板文件（.docx）"),
        allow_empty_file=True,
        help_text=_("先下载现用的模板，在 Word 或 WPS 里改好再上传；保存之前会用例子试填一遍。"),
    )

    class Meta:
        help_texts = {"reason": _("改了什么、依据什么；写入审计记录。")}


@admin.register(Template)
class TemplateAdmin(ServiceAdmin):
    form = TemplateForm
    list_display = ("kind", "number", "file_link", "reason", "kept_by", "kept_at")
    list_filter = ("kind",)
    list_select_related = ("kept_by",)
    change_list_template = "admin/papers/templates.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return SENT
        return ("kind", "number", "file_link", "sha256", "reason", "kept_by", "kept_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("file_link",) if obj else ()

    def get_urls(self) -> list[Any]:
        name = "papers_template"
        own = [
            path(
                "fields.xlsx", self.admin_site.admin_view(self.fields_book), name=f"{name}_fields"
            ),
            path("<int:pk>/file/", self.admin_site.admin_view(self.file), name=f"{name}_file"),
            path("in-use/<str:kind>/", self.admin_site.admin_view(self.used), name=f"{name}_used"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        used = [(name.label, reverse("admin:papers_template_used", args=[name])) for name in Name]
        return super().changelist_view(request, {**(extra_context or {}), "in_use": used})

    def create(self, obj: Template, **asked: Any) -> Template:
        file = asked.pop("file")
        return templates.keep(content=file.read(), name=file.name, **asked)

    @admin.display(description=_("文件"))
    def file_link(self, row: Template) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:papers_template_file", args=[row.pk]), row.name
        )

    def file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """An earlier or the present version."""
        row = Template.objects.get_visible(request.user, pk=pk)
        return offered(content_of(row), row.name, WORD)

    def used(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The template in use, the portal's own included."""
        if kind not in Name.values:
            raise Http404
        return offered(in_use(kind), f"{Name(kind).label}.docx", WORD)

    def fields_book(self, request: HttpRequest) -> HttpResponse:
        """Every field a template may ask for, in Chinese as the documents are."""
        head = [gettext("字段"), gettext("意思"), gettext("例子")]
        sheets = [Sheet(str(name.label), [head, *map(list, fields_of(name))]) for name in Name]
        return offered_book(write_book(sheets), gettext("公文模板字段表.xlsx"))
