"""The figures of schools in the admin: read, taken out as a table, corrected in bulk."""

import re
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
from districts.tables import TableResult
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from selfchecks.models.self_check import EDITABLE
from selfchecks.resources import SchoolRecordResource
from selfchecks.services.blockers import lock
from selfchecks.services.corrections import correct

from .record_looks import look_at, values_of

CHANGELIST = "admin:selfchecks_schoolrecord_changelist"


class RecordFileForm(FileForm):
    """Also asks which self-check is corrected, of those a district may change now, and why."""

    self_check = forms.ModelChoiceField(
        label=gettext_lazy("自查"),
        queryset=SelfCheck.objects.none(),
        error_messages={
            "required": gettext_lazy("请选择一份自查。"),
            "invalid_choice": gettext_lazy("这份自查现在不能改动数据;请选草稿或退回修改中的自查。"),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("更正原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("必填。区县会在通知里看到,也写入审计记录。"),
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
        *("self_check__year", "school_type", "location", "ownership", "self_check__district"),
    )
    list_select_related = ("self_check__district",)
    search_fields = ("school_name", "school_code", "self_check__district__name")
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
        result = look_at(self_check, data, asked["file"].name, request.user)
        result.tag = f"{self_check.pk}:{self_check.version}:{asked['reason']}"
        return result

    def confirmed(self, request: SignedInRequest, held: Held) -> str:
        kept = keep_table(held, request.user)
        return _("导入完成:更正 %(count)s 个数,存为第 %(number)s 版,已通知区县。") % {
            "count": kept.changes["count"],
            "number": kept.number,
        }

    def again(self, request: SignedInRequest, held: Held) -> HttpResponse:
        return redirect("admin:selfchecks_schoolrecord_import")


def keep_table(held: Held, by: User) -> Upload:
    """Raises Stale when the self-check is no longer the one looked at, Refused as the service."""
    seen = re.fullmatch(r"([0-9]+):([0-9]+):(.*)", held.seen, re.DOTALL)
    locked = lock(SelfCheck(pk=int(seen[1])), by) if seen else None
    if seen is None or locked is None or locked.version != int(seen[2]):
        raise Stale(_("预览之后这份自查有了变化;请重新选择文件,核对新的预览。"))
    result = look_at(locked, held.data, held.name, by)
    if result.problems:
        raise Unusable(_("预览之后登记有了变化,文件现在有问题;没有导入。"))
    return correct(self_check=locked, values=values_of(result), reason=seen[3], by=by)
