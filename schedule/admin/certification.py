"""Certification steps and events in the admin."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.admin.base import SEEN, SeenForm, ServiceAdmin, ServiceForm
from schedule.models import CertificationEvent, CertificationStep
from schedule.services import certifications
from schedule.services.reading import today
from selfchecks.models import Evaluation, ReviewEntry
from selfchecks.workflow import APPROVING

HELP = {
    "source": _(
        "公布名单或通报的网址,以 https:// 或 http:// 开头,如 https://www.moe.gov.cn/ 下的页面;"
        "文件名称等文字请写在「说明」里。"
    )
}


class StepForm(SeenForm):
    tag_of = staticmethod(certifications.tag_of_step)


@admin.register(CertificationStep)
class CertificationStepAdmin(ServiceAdmin):
    form = StepForm
    list_display = ("year", "order", "name", "level", "is_announcement")
    list_display_links = ("name",)
    list_filter = ("year", "level", "is_announcement")
    search_fields = ("name",)
    fields = (SEEN, *certifications.STEP_FIELDS)

    def create(self, obj: CertificationStep, **asked: Any) -> CertificationStep:
        return certifications.create_step(**asked)

    def update(self, obj: CertificationStep, **asked: Any) -> None:
        certifications.update_step(step=obj, **asked)


class Groups(ModelChoiceIterator):  # type: ignore[type-arg]
    """Choices under the headings their field gives them."""

    def __iter__(self) -> Any:
        yield ("", self.field.empty_label)
        for heading, group in groupby(self.queryset, key=self.field.heading):  # type: ignore[attr-defined]
            yield str(heading), [self.choice(row) for row in group]


class GroupedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = Groups
    heading: Callable[[Any], Any]


class StepField(GroupedField):
    """Steps of each year, newest first; those that announce results say so."""

    def heading(self, step: CertificationStep) -> int:
        return step.year

    def label_from_instance(self, step: CertificationStep) -> str:
        # The closed list shows one line only: without the year three would read alike.
        words = f"{step.year} {step.name}({step.get_level_display()})"
        return " · ".join([words, str(_("公布结果"))]) if step.is_announcement else words


class EvidenceField(GroupedField):
    """Results under the name of their unit: only the unit's own will be taken."""

    def heading(self, evaluation: Evaluation) -> str:
        return evaluation.self_check.district.name

    def label_from_instance(self, evaluation: Evaluation) -> str:
        return gettext("%(unit)s %(year)s 年度,%(verdict)s(指纹 %(digest)s)") % {
            "unit": evaluation.self_check.district.name,
            "year": evaluation.self_check.year,
            "verdict": evaluation.get_verdict_display(),
            "digest": evaluation.short_digest,
        }


def approved_evaluations() -> QuerySet[Evaluation]:
    """What a certification may rest on; the snapshots themselves stay in the database."""
    approved = ReviewEntry.objects.filter(step__in=APPROVING).values("evaluation")
    rows: QuerySet[Evaluation] = Evaluation.objects.filter(pk__in=approved)
    rows = rows.select_related("self_check__district").defer("inputs", "rules", "outcome")
    return rows.order_by("self_check__district__code", "-self_check__year", "-number")


class OwnEvidence:
    """Offers the results of the unit alone, once it is known which one it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        given = str(form.data.get("district") or form.initial.get("district") or "")
        is_number = given.isdecimal() and len(given) < 10
        unit = form.instance.district_id or (int(given) if is_number else None)
        if unit and (field := form.fields.get("evidence")):
            field.queryset = field.queryset.filter(self_check__district=unit)


class EventForm(OwnEvidence, ServiceForm):
    step = StepField(
        label=_("环节"),
        queryset=CertificationStep.objects.none(),
        help_text=_("通过或撤销国家认定只能记在公布结果的环节。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("step"):
            until_now = CertificationStep.objects.filter(year__lte=today().year)
            field.queryset = until_now.order_by("-year", "order")  # type: ignore[attr-defined]


class CorrectionForm(OwnEvidence, SeenForm):
    tag_of = staticmethod(certifications.tag_of)
    reason = forms.CharField(
        label=_("更正原因"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("必填,写入审计记录。"),
    )


@admin.register(CertificationEvent)
class CertificationEventAdmin(ServiceAdmin):
    list_display = ("district", "result", "date", "step", "list_year", "document_number")
    list_display_links = ("district", "result")
    list_filter = (
        "result",
        "step__level",
        ("date", admin.DateFieldListFilter),
        "list_year",
        "district__region",
    )
    list_select_related = ("district", "step")
    search_fields = ("district__name", "district__code", "document_number", "note")
    search_help_text = _("按区县、文号或说明查找")
    facts = ("district", "step", "result", "date")
    recorded = (*facts, "recorded_at", "recorded_by", "changed_at")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "evidence":
            kwargs |= {"queryset": approved_evaluations(), "form_class": EvidenceField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs |= {"form": CorrectionForm if obj else EventForm, "help_texts": HELP}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": (*self.facts, *certifications.CORRECTABLE)})]
        note = _("单位、环节、结果和日期是事实,不能改;有误时另录一条事件。")
        references: tuple[str, ...] = certifications.CORRECTABLE
        if self.has_change_permission(request, obj):
            references = (SEEN, *references, "reason")
        return [
            (_("事实"), {"fields": self.recorded, "description": note}),
            (_("出处"), {"fields": references}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.recorded if obj else ()

    def create(self, obj: CertificationEvent, **asked: Any) -> CertificationEvent:
        return certifications.record_event(day=asked.pop("date"), **asked)

    def update(self, obj: CertificationEvent, **asked: Any) -> None:
        certifications.correct_event(event=obj, **asked)
