"""The figures of schools in the admin: read, taken out as a table, corrected in bulk."""

import hashlib
from typing import Any

import tablib
from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Refused, Stale, Unusable
from districts import import_files, spreadsheet
from districts.admin.base import ServiceAdmin, ViewOnly
from districts.admin.exchange import ExchangeAdmin, FileForm
from indicators.raw_fields import SCHOOL_FIELDS
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.models.self_check import EDITABLE
from selfchecks.resources import SchoolRecordResource

from .record_looks import RecordLook, look_at

CHANGELIST = "admin:selfchecks_schoolrecord_changelist"


class RecordFileForm(FileForm):
    """Also asks which self-check the table is for: only those a district may change now."""

    self_check = forms.ModelChoiceField(
        label=gettext_lazy("自查"),
        queryset=SelfCheck.objects.none(),
        error_messages={
            "required": gettext_lazy("请选择一份自查。"),
            "invalid_choice": gettext_lazy("这份自查现在不能改动数据;请选草稿或退回修改中的自查。"),
        },
    )
    field_order = ("self_check", "file")


@admin.register(SchoolRecord)
class SchoolRecordAdmin(ExchangeAdmin, ViewOnly, ServiceAdmin):
    """Import goes through the same resource as export: a look first, then all rows or none."""

    resource_classes = (SchoolRecordResource,)
    file_form = RecordFileForm
    import_template_name = "admin/selfchecks/record_import.html"
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
    search_help_text = gettext_lazy("按学校名称、标识码或区县查找")

    def form_of(self, request: HttpRequest) -> RecordFileForm:
        form = RecordFileForm(request.POST or None, request.FILES or None)
        rows = SelfCheck.objects.visible_to(request.user).filter(state__in=EDITABLE)
        form.fields["self_check"].queryset = rows.select_related("district")
        return form

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Look at the table; nothing is kept."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.form_of(request)
        if request.method != "POST" or not form.is_valid():
            return self.record_page(request, form)
        upload, self_check = form.cleaned_data["file"], form.cleaned_data["self_check"]
        try:
            data = import_files.bytes_of(upload)
            look = look_at(self_check, table_of(data, upload.name), request.user)
        except Refused as refusal:
            form.add_error("file", str(refusal))
            return self.record_page(request, form)
        ticket = ""
        if look.changes and not look.problems:
            seen = f"{self_check.pk}:{self_check.version}:{_digest(data)}"
            ticket = import_files.keep(data, upload.name, seen=seen, by=request.user)
        return self.record_page(request, form, look=look, ticket=ticket)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Read the stored table again and keep it, unless the self-check changed meanwhile."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:selfchecks_schoolrecord_import")
        try:
            stored = import_files.take(request.POST.get("ticket", ""), by=request.user)
            look = self.keep_table(stored, request)
        except (signing.BadSignature, FileNotFoundError):
            messages.error(request, _("这次预览已过期或已经导入;请重新选择文件。"))
            return redirect("admin:selfchecks_schoolrecord_import")
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:selfchecks_schoolrecord_import")
        stored.remove()
        messages.success(request, _("导入完成:修改 %s 所学校的数据。") % len(look.changes))
        return redirect(CHANGELIST)

    def keep_table(self, stored: import_files.Stored, request: HttpRequest) -> RecordLook:
        key, version, _rest = stored.seen.split(":")
        self_check = SelfCheck.objects.get_visible(request.user, pk=int(key))
        if self_check.version != int(version):
            raise Stale(_("预览之后这份自查有了变化;请重新选择文件,核对新的预览。"))
        table = table_of(stored.data, stored.name)
        look = look_at(self_check, table, request.user, dry_run=False)
        if look.problems:
            raise Unusable(_("预览之后登记有了变化,文件现在有问题;没有导入。"))
        return look

    def record_page(
        self,
        request: HttpRequest,
        form: forms.Form,
        look: RecordLook | None = None,
        ticket: str = "",
    ) -> HttpResponse:
        is_bad = bool(form.errors) or bool(look and look.problems)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("导入%s") % self.opts.verbose_name,
            "form": form,
            "columns": [(raw.code, _(raw.label)) for raw in SCHOOL_FIELDS],
            "look": look,
            "ticket": ticket,
        }
        return TemplateResponse(
            request, self.import_template_name, context, status=422 if is_bad else 200
        )


def table_of(data: bytes, name: str) -> tablib.Dataset:
    """The lines of the file under its first one. Raises Unusable for an empty file."""
    lines = spreadsheet.read(data, name)
    if len(lines) < 2:
        raise Unusable(_("表里没有数据行。"))
    width = len(lines[0].cells)
    table = tablib.Dataset(headers=list(lines[0].cells))
    for line in lines[1:]:
        table.append([*line.cells, *[""] * width][:width])
    return table


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
