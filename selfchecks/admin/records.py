"""The figures of schools in the admin: read, taken out as a table, corrected in bulk."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.reasons import LONGEST_REASON, fault_of
from audit.refusals import Stale, Unusable
from districts.access import SignedInRequest
from districts.admin.base import ServiceAdmin, ViewOnly
from districts.admin.exchange import ExchangeAdmin, FileForm, Held
from districts.models import User
from districts.tables import Problem, TableResult
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from selfchecks.models.self_check import EDITABLE
from selfchecks.resources import SchoolRecordResource
from selfchecks.services.blockers import lock
from selfchecks.services.checking import Preview
from selfchecks.services.corrections import correct, preview_correction
from selfchecks.services.findings import in_words
from workbooks.tables import Table

_CODES = {column.column_name: column.attribute for column in SchoolRecordResource().columns}


class RecordFileForm(FileForm):
    """Also asks which self-check is corrected, of those a district may change now, and why."""

    self_check = forms.ModelChoiceField(
        label=gettext_lazy("自查"),
        queryset=SelfCheck.objects.none(),
        error_messages={
            "required": gettext_lazy("请选择一份自查。"),
            "invalid_choice": gettext_lazy(
                "这份自查现在不能改动数据；请选草稿或退回修改中的自查。"
            ),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("更正原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("必填。区县会在通知里看到，也写入审计记录。"),
        error_messages={"required": gettext_lazy("请写明更正的原因。")},
    )
    field_order = ("self_check", "file", "reason")

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if fault := fault_of(reason):
            raise forms.ValidationError(fault)
        return reason


@admin.register(SchoolRecord)
class SchoolRecordAdmin(ExchangeAdmin, ViewOnly, ServiceAdmin):
    """An import is a correction of many cells: it becomes a new version of the workbook."""

    resource_classes = (SchoolRecordResource,)
    file_form = RecordFileForm
    import_template_name = "admin/selfchecks/record_import.html"
    list_display = ("school_name", "school_code", "self_check", "school_type", "location")
    list_filter = (
        *("self_check__year", "school_type", "location", "ownership", "organiser"),
        "self_check__district",
    )
    list_select_related = ("self_check__district",)
    search_fields = ("school_name", "school_code", "self_check__district__sought")
    search_help_text = gettext_lazy("按学校名称、标识码或区县查找")

    def export_name(self, queryset: QuerySet[Any]) -> str:
        """With unit and year, when the table is of one self-check."""
        rows = SelfCheck.objects.filter(pk__in=queryset.order_by().values("self_check"))
        found = list(rows.select_related("district")[:2])
        place = [found[0].district.display_name, str(found[0].year)] if len(found) == 1 else []
        return "-".join([super().export_name(queryset), *place])

    def form_of(self, request: SignedInRequest, *posted: Any) -> RecordFileForm:
        form = RecordFileForm(*posted)
        rows = SelfCheck.objects.visible_to(request.user).filter(state__in=EDITABLE)
        field: Any = form.fields["self_check"]
        field.queryset = rows.select_related("district")
        return form

    def look(self, request: SignedInRequest, form: forms.Form, data: bytes) -> TableResult:
        asked = form.cleaned_data
        self_check = asked["self_check"]
        table = self.resource(request).read(data, asked["file"].name)
        result = look_at(self_check, table, request.user)
        result.tag = f"{self_check.pk}:{self_check.version}:{asked['reason']}"
        return result

    def confirmed(self, request: SignedInRequest, held: Held, table: Table) -> str:
        kept = keep_table(held, table, request.user)
        return _("导入完成：更正 %(count)s 个数，存为第 %(number)s 版，已通知区县。") % {
            "count": kept.changes["count"],
            "number": kept.number,
        }

    def again(self, request: SignedInRequest, held: Held) -> HttpResponse:
        return redirect("admin:selfchecks_schoolrecord_import")


def keep_table(held: Held, table: Table, by: User) -> Upload:
    """Raises Stale when the self-check is no longer the one looked at, Refused as the service."""
    seen = re.fullmatch(r"([0-9]{1,18}):([0-9]{1,18}):(.*)", held.seen, re.DOTALL)
    locked = lock(SelfCheck(pk=int(seen[1])), by) if seen else None
    if seen is None or locked is None or locked.version != int(seen[2]):
        raise Stale(_("预览之后这份自查有了变化；请重新选择文件，核对新的预览。"))
    result = look_at(locked, table, by)
    if result.problems:
        raise Unusable(_("预览之后登记有了变化，文件现在有问题；没有导入。"))
    return correct(self_check=locked, values=values_of(result), reason=seen[3], by=by)


def look_at(self_check: SelfCheck, table: Table, by: User) -> TableResult:
    """Changes and problems by row; the workbook that would come of it is checked as any other.

    Raises NotAllowed or Conflict when the self-check takes no corrections now.
    """
    found = SchoolRecordResource(by, self_check).look(table)
    if found.problems or not found.changes:
        return found
    checked = preview_correction(self_check=self_check, values=values_of(found), by=by)
    found.problems = list(_problems(checked, found))
    return found


def values_of(found: TableResult) -> dict[tuple[str, str], str]:
    """(school code, field) → the new value."""
    return {
        (change.instance.school_code, _CODES[header]): after
        for change in found.changes
        for header, _before, after in change.values
    }


def _problems(checked: Preview, result: TableResult) -> Iterator[Problem]:
    """Errors of the workbook beside the row of the table that brings them, as far as one does."""
    rows = {
        (change.instance.sheet, cell): (change.number, header, after)
        for change in result.changes
        for header, _before, after in change.values
        if (cell := change.instance.cells.get(_CODES[header]))
    }
    for finding in (row for row in checked.findings if row["level"] == "error"):
        words = in_words(finding)
        at = (words["sheet"], words["cell"])
        place = "!".join(at) if words["cell"] else words["field"]
        row, column, found = rows.get(at, (0, place, words["found"]))
        sentence = "".join((words["what"], words["expected"], words["fix"]))
        yield Problem(row, column, found, sentence)
