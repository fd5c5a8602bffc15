"""Import pages: look first, confirm, all or nothing."""

import hashlib
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportMixin
from import_export.forms import ConfirmImportForm

from audit.exporting import ExportAdmin
from audit.refusals import Refused, Stale, Unusable
from districts.access import SignedInRequest
from districts.holding import OwnStorage
from districts.services.units import Source
from districts.tables import TableResource, TableResult, refuse_too_big
from workbooks.tables import Table

MOST_SHOWN = 200


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("文件"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("请先选择一个 .xlsx 或 .csv 文件。")},
        help_text=gettext_lazy("Excel（.xlsx）或 CSV，不超过 5 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ConfirmForm(ConfirmImportForm):
    """import-export's own, which also says what its reader saw."""

    format = resource = None
    import_file_name = forms.RegexField(r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Held:
    """An upload between preview and confirmation."""

    storage: OwnStorage
    data: bytes
    name: str
    seen: str

    @classmethod
    def of(cls, request: SignedInRequest) -> Self:
        """Raises FileNotFoundError."""
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            raise FileNotFoundError
        facts = form.cleaned_data
        storage = OwnStorage(request.user, facts["import_file_name"])
        return cls(storage, storage.read(), facts["original_file_name"], facts["seen"])


class ExchangeAdmin(ImportMixin, ExportAdmin):
    """``import/`` looks, ``process_import/`` looks again and keeps. Subclasses say ``keep``."""

    file_form: ClassVar[type[forms.Form]] = FileForm
    confirm_form_class = ConfirmForm
    import_template_name = "admin/import_export/table_import.html"

    @abstractmethod
    def keep(self, result: TableResult, request: SignedInRequest, source: Source) -> None:
        """Store what was found, through a service."""

    def lock(self, table: Table) -> None:
        """Hold what the rows refer to while they are looked at again and kept."""

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")

    def resource(self, request: HttpRequest) -> TableResource:
        return self.get_import_resource_classes(request)[0](viewer=request.user)

    def form_of(self, request: SignedInRequest, *posted: Any) -> forms.Form:
        return self.file_form(*posted)

    def look(self, request: SignedInRequest, form: forms.Form, data: bytes) -> TableResult:
        """What keeping the upload would do."""
        resource = self.resource(request)
        return resource.look(resource.read(data, form.cleaned_data["file"].name))

    def import_action(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = self.form_of(request, *posted)
        if request.method != "POST" or not form.is_valid():
            return self.import_page(request, form)
        upload = form.cleaned_data["file"]
        try:
            refuse_too_big(upload.size)
            data = upload.read()
            result = self.look(request, form, data)
        except Refused as refusal:
            form.add_error("file", str(refusal))
            return self.import_page(request, form)
        return self.looked(request, result, data, upload.name)

    def looked(
        self, request: SignedInRequest, result: TableResult, data: bytes, name: str
    ) -> HttpResponse:
        """The preview; a file without problems is held until it is confirmed."""
        page: dict[str, Any] = {"result": result, "name": name}
        if result.changes and not result.problems:
            storage = OwnStorage(request.user)
            storage.save(data)
            facts = {"import_file_name": storage.name, "original_file_name": name}
            page["confirm_form"] = ConfirmForm(initial={**facts, "seen": result.tag})
        return self.import_page(request, self.form_of(request), **page)

    def process_import(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        """Look again at the held file; keep only what the reader saw."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        place = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if request.method != "POST":
            return redirect(f"{place}_import")
        try:
            held = Held.of(request)
        except FileNotFoundError:
            form = self.form_of(request, {})
            form.errors.clear()
            form.add_error("file", _("这次预览已过期或已经导入；请重新选择文件。"))
            return self.import_page(request, form)
        try:
            # Before the transaction: nobody waits for its lock while a file is being read.
            table = self.resource(request).read(held.data, held.name)
            with transaction.atomic():
                done = self.confirmed(request, held, table)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.again(request, held)
        held.storage.remove()
        messages.success(request, done)
        return redirect(f"{place}_changelist")

    def confirmed(self, request: SignedInRequest, held: Held, table: Table) -> str:
        """Keep it, unless somebody changed meanwhile what it was compared with; what was done."""
        self.lock(table)
        result = self.resource(request).look(table)
        if result.problems:
            raise Unusable(_("预览之后登记有了变化，文件现在有问题；没有导入。"))
        if result.tag != held.seen:
            raise Stale(_("预览之后登记有了变化；请核对新的预览再确认。"))
        self.keep(result, request, Source(held.name, hashlib.sha256(held.data).hexdigest()))
        return (
            _("导入完成：新增 %(new)s 行，修改 %(update)s 行，不变 %(skip)s 行。") % result.totals
        )

    def again(self, request: SignedInRequest, held: Held) -> HttpResponse:
        """The preview of now, after a refusal."""
        resource = self.resource(request)
        result = resource.look(resource.read(held.data, held.name))
        return self.looked(request, result, held.data, held.name)

    def import_page(self, request: HttpRequest, form: forms.Form, **page: Any) -> HttpResponse:
        result: TableResult | None = page.get("result")
        is_bad = bool(form.errors) or bool(result and result.problems)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("导入%s") % self.opts.verbose_name_plural,
            "form": form,
            "columns": self.resource(request).columns,
            "confirm_form": None,
            "most": MOST_SHOWN,
            "shown_changes": result.changes[:MOST_SHOWN] if result else (),
            "shown_problems": result.problems[:MOST_SHOWN] if result else (),
            "notes": result.notes[:MOST_SHOWN] if result else (),
            **page,
        }
        status = 422 if is_bad else 200
        return TemplateResponse(request, self.import_template_name, context, status=status)
