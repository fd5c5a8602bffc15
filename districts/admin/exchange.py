"""Import pages: look first, confirm, all or nothing."""

import hashlib
from abc import abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from import_export.admin import ImportMixin

from audit.exporting import ExportAdmin
from audit.refusals import Refused, Stale, Unusable
from districts import import_files
from districts.access import SignedInRequest
from districts.services.imports import Source
from districts.tables import Look, TableResource
from workbooks.tables import Table

MOST_SHOWN = 100


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("文件"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("请先选择一个 .xlsx 或 .csv 文件。")},
        help_text=gettext_lazy("Excel(.xlsx)或 CSV,不超过 5 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ImportAdmin(ImportMixin):
    """``import/`` looks, ``process_import/`` looks again and keeps. Subclasses say ``keep``."""

    file_form: ClassVar[type[forms.Form]] = FileForm
    import_export_change_list_template = "admin/import_export/table_change_list.html"
    import_template_name = "admin/import_export/table_import.html"

    @abstractmethod
    def keep(self, look: Look, request: SignedInRequest, source: Source) -> None:
        """Store what was found, through a service."""

    def lock(self, table: Table) -> None:
        """Hold what the rows refer to while they are looked at again and kept."""

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")

    def resource(self, request: SignedInRequest) -> TableResource:
        return self.get_import_resource_classes(request)[0](viewer=request.user)

    def import_action(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.import_page(request, self.file_form())
        form = self.file_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.import_page(request, form)
        upload = form.cleaned_data["file"]
        try:
            data = import_files.bytes_of(upload)
            resource = self.resource(request)
            look = resource.look(resource.read(data, upload.name))
        except Refused as refusal:
            form.add_error("file", str(refusal))
            return self.import_page(request, form)
        return self.looked(request, look, data, upload.name)

    def looked(self, request: SignedInRequest, look: Look, data: bytes, name: str) -> HttpResponse:
        ticket = ""
        if look.changes and not look.problems:
            ticket = import_files.keep(data, name, seen=_digest(look.tag), by=request.user)
        return self.import_page(request, self.file_form(), look=look, ticket=ticket, name=name)

    def process_import(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        """Look again at the stored file; keep only what the reader saw."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        try:
            stored = import_files.take(request.POST.get("ticket", ""), by=request.user)
        except (signing.BadSignature, FileNotFoundError):
            form = self.file_form({})
            form.full_clean()
            form.errors.clear()
            form.add_error("file", _("这次预览已过期或已经导入;请重新选择文件。"))
            return self.import_page(request, form)
        try:
            look = self._confirm(request, stored)
        except Refused as refusal:
            messages.error(request, str(refusal))
            resource = self.resource(request)
            look = resource.look(resource.read(stored.data, stored.name))
            return self.looked(request, look, stored.data, stored.name)
        stored.remove()
        messages.success(
            request,
            _("导入完成:新增 %(new)s 行,修改 %(changed)s 行,不变 %(same)s 行。")
            % {"new": len(look.new), "changed": len(look.changed), "same": look.unchanged},
        )
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _confirm(self, request: SignedInRequest, stored: import_files.Stored) -> Look:
        resource = self.resource(request)
        table = resource.read(stored.data, stored.name)
        source = Source(stored.name, hashlib.sha256(stored.data).hexdigest())
        with transaction.atomic():
            self.lock(table)
            look = resource.look(table)
            if look.problems:
                raise Unusable(_("预览之后登记有了变化,文件现在有问题;没有导入。"))
            if _digest(look.tag) != stored.seen:
                raise Stale(_("预览之后登记有了变化;请核对新的预览再确认。"))
            self.keep(look, request, source)
        return look

    def import_page(self, request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
        look = context.get("look")
        columns = self.resource(request).columns
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("导入%s") % self.opts.verbose_name,
            "form": form,
            "columns": columns,
            "most": MOST_SHOWN,
            "shown_changes": look.changes[:MOST_SHOWN] if look else (),
            "shown_problems": look.problems[:MOST_SHOWN] if look else (),
            "notes": [note.render(gettext) for note in look.notes[:MOST_SHOWN]] if look else (),
            **context,
        }
        is_bad = bool(form.errors) or bool(look and look.problems)
        status = 422 if is_bad else 200
        return TemplateResponse(request, self.import_template_name, context, status=status)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class ExchangeAdmin(ImportAdmin, ExportAdmin):
    """Both ways."""
