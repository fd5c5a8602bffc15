"""Takes lists of the admin out as Excel or CSV that no spreadsheet executes."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm

from rest.renderers import CsvRenderer, XlsxRenderer


class SafeCsv(CSV):
    """Written like the API's tables: Excel shows Chinese and executes nothing."""

    def get_title(self) -> str:
        return "CSV"

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        return CsvRenderer().write([dataset.headers, *dataset])

    def is_binary(self) -> bool:
        return True


class SafeXlsx(XLSX):
    """Text is written as text: codes keep their zeros, nothing becomes a formula."""

    def get_title(self) -> str:
        return "Excel"

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        return XlsxRenderer().write([dataset.headers, *dataset], dataset.title or "")


FORMATS = (SafeXlsx, SafeCsv)


class ExportAdmin(ExportMixin):
    """``export/`` asks for the format; the list's filters and the person's scope apply."""

    export_form_class = ExportForm
    export_formats = FORMATS
    import_export_change_list_template = "admin/import_export/table_change_list.html"
    export_template_name = "admin/import_export/table_export.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.export_{self.opts.model_name}")

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """A filter there is none of leads back to the whole, as on the list itself."""
        try:
            answer: HttpResponse = super().export_action(request)
        except IncorrectLookupParameters:
            return redirect(request.path)
        return answer

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"viewer": request.user}

    def export_name(self, queryset: QuerySet[Any]) -> str:
        """What the file is called, before the day."""
        return str(capfirst(self.opts.verbose_name))

    def get_data_for_export(
        self, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> Any:
        dataset = super().get_data_for_export(request, queryset, **kwargs)
        dataset.title = str(capfirst(self.opts.verbose_name_plural))
        return dataset

    def get_export_filename(
        self, request: HttpRequest, queryset: QuerySet[Any], file_format: Any
    ) -> str:
        day = timezone.localdate().isoformat()
        return f"{self.export_name(queryset)}-{day}.{file_format.get_extension()}"

    def _do_file_export(
        self,
        file_format: Any,
        request: HttpRequest,
        queryset: QuerySet[Any],
        export_form: Any = None,
    ) -> HttpResponse:
        response = super()._do_file_export(file_format, request, queryset, export_form)
        name = self.get_export_filename(request, queryset, file_format)
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
