"""The school register in the admin."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from districts import special_cases
from districts.models import School
from districts.resources import SchoolResource
from districts.services import imports, schools
from districts.special_cases import (
    AMOUNT,
    CASES,
    EVIDENCE,
    LONGEST_EVIDENCE,
    STAGE,
    STAGES,
    UNTIL,
    Case,
)
from figures.table import SCHOOL_CODE

from .base import SEEN, SeenForm, ServiceAdmin, changed_fields
from .exchange import ExchangeAdmin


class SchoolForm(SeenForm):
    """The centre school is named by its code: works without script and in any number of schools."""

    tag_of = staticmethod(schools.tag_of)
    centre_code = forms.CharField(
        label=_("所属中心校的学校标识码"),
        required=False,
        max_length=10,
        help_text=_("教学点填写;须是同一区县已登记的学校。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.attached_to:
            self.initial["centre_code"] = self.instance.attached_to.code

    def clean_centre_code(self) -> str:
        code = self.cleaned_data["centre_code"].strip()
        self.centre = School.objects.filter(code=code).first() if code else None
        if code and self.centre is None:
            raise forms.ValidationError(_("没有登记学校标识码为「%s」的学校。") % code)
        return code

    def _repeat(self, refusal: Any) -> None:
        if "attached_to" in refusal.fields:
            refusal.fields["centre_code"] = refusal.fields.pop("attached_to")
        super()._repeat(refusal)


def _input(part: str, case: Case) -> forms.Field:
    if part == STAGE:
        return forms.ChoiceField(
            label=_("学段"), choices=[("", "—"), *STAGES.items()], required=False
        )
    labels = {
        EVIDENCE: format_lazy("{} · {}", case.label, _("依据")),
        AMOUNT: case.amount,
        UNTIL: _("截止年份"),
    }
    return forms.CharField(label=labels[part], required=False, max_length=LONGEST_EVIDENCE)


class CasesForm(SchoolForm):
    """A line of inputs per special case; a line without evidence is no case."""

    locals().update(
        {
            f"{code}.{part}": _input(part, case)
            for code, case in CASES.items()
            for part in case.parts
        }
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, told in (self.instance.special_cases or {}).items():
            for part, value in told.items():
                self.initial[f"{code}.{part}"] = value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.cases, faults = special_cases.read(dict(self._told()))
        for fault in faults:
            self.add_error(f"{fault.case}.{fault.part}", fault.sentence)
        return cleaned

    def _told(self) -> Iterator[tuple[str, dict[str, str]]]:
        for code, case in CASES.items():
            told = {part: self.cleaned_data.get(f"{code}.{part}", "") for part in case.parts}
            if any(told.values()):
                yield code, told

    @property
    def changes_cases(self) -> bool:
        return any(name.partition(".")[2] and name in self.fields for name in self.changed_data)


@admin.register(School)
class SchoolAdmin(ExchangeAdmin, ServiceAdmin):
    resource_classes = (SchoolResource,)
    form = CasesForm
    list_display = ("name", "code", "district", "school_type", "ownership", "location", "is_demo")
    list_display_links = ("name", "code")
    list_filter = (
        "school_type",
        "ownership",
        "location",
        "is_demo",
        "district__region",
        "district",
    )
    list_select_related = ("district",)
    search_fields = ("name", "code", "district__name")
    search_help_text = _("按校名、学校标识码或区县查找")
    fieldsets = (
        (None, {"fields": (SEEN, "district", "code", "name")}),
        (_("类别"), {"fields": ("school_type", "ownership", "location", "centre_code")}),
        (_("有效期"), {"fields": ("valid_from", "valid_to")}),
        (
            _("特殊情形(写明依据的文件;没有就留空)"),
            {
                "fields": [
                    tuple(f"{code}.{part}" for part in case.parts) for code, case in CASES.items()
                ],
                "description": _(
                    "由市级认可;标准版本采用的情形才计入,结果同时写明不计入时的结论。"
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: School, form: Any, change: bool) -> None:
        if change:
            values = changed_fields(form, schools.CHANGEABLE)
            if "centre_code" in form.changed_data:
                values["attached_to"] = form.centre
            if form.changes_cases:
                values["special_cases"] = form.cases
            expected = form.cleaned_data[SEEN]
            schools.update_school(school=obj, by=request.user, expected=expected, **values)
            return
        names = (name for name in schools.REGISTERED if name in form.cleaned_data)
        values = {name: form.cleaned_data[name] for name in names}
        if form.cases:
            values["special_cases"] = form.cases
        created = schools.create_school(by=request.user, attached_to=form.centre, **values)
        obj.pk = created.pk

    def lock(self, lines: Any) -> None:
        cells = {cell for line in lines for cell in line.cells}
        imports.lock_schools(codes=[cell for cell in cells if re.fullmatch(SCHOOL_CODE, cell)])

    def keep(self, look: Any, request: HttpRequest, source: Any) -> None:
        imports.keep_schools(changes=look.changes, by=request.user, source=source)
