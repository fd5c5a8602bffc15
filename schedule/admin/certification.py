"""Certification lists and events in the admin."""

from collections.abc import Callable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.admin.base import SEEN, ServiceAdmin, ServiceForm
from districts.wording import listed as named
from districts.wording import noted
from schedule.admin.procedure import ReasonForm
from schedule.models import (
    CertificationEvent,
    CertificationList,
    CertificationStep,
    Result,
)
from schedule.services import certifications, lists
from schedule.services.reading import today
from selfchecks.models import Evaluation
from selfchecks.services.undoing import standing
from selfchecks.workflow import APPROVING

HELP = {
    "source": _(
        "公布名单或通报的网址，以 https:// 或 http:// 开头，如 https://www.moe.gov.cn/ 下的页面；"
        "文件名称等文字请写在「说明」里。"
    ),
}

LIST_HELP = {
    "sources": _("一行一个：网址，空格，再写说明。"),
    "date_note": _("公布日怎么来的，如「首次报道日；文件日期待核」。"),
    "units_in_city": _("从公布日起按这个数计入，不论列名与否；列名的单位不能多于它。"),
    "source_note": _("来源页缺什么，如「来源页未载文号」。"),
}


def grouped(
    field: Any, heading: Callable[[Any], object], label: Callable[[Any], str]
) -> list[tuple[str, Any]]:
    """The rows a field offers, under headings."""
    groups = groupby(field.queryset, key=heading)
    under = [(str(name), [(row.pk, label(row)) for row in rows]) for name, rows in groups]
    return [("", field.empty_label), *under]


def step_label(step: CertificationStep) -> str:
    # The closed list shows one line only: without the year three would read alike.
    words = noted(f"{step.year} {step.display_name}", step.get_level_display())
    return " · ".join([words, str(_("公布结果"))]) if step.is_announcement else words


def evidence_label(evaluation: Evaluation) -> str:
    return gettext("%(unit)s %(year)s 年度，%(verdict)s（指纹 %(digest)s）") % {
        "unit": evaluation.self_check.district.display_name,
        "year": evaluation.self_check.year,
        "verdict": evaluation.get_verdict_display(),
        "digest": evaluation.short_digest,
    }


class OwnEvidence:
    """Offers approved results under the name of their unit; that unit's alone, once it is known
    which one it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        if (field := form.fields.get("evidence")) is None:
            return
        approved = standing(APPROVING).values("evaluation")
        rows = field.queryset.filter(pk__in=approved).select_related("self_check__district")
        given = str(form.data.get("district") or form.initial.get("district") or "")
        is_number = given.isdecimal() and len(given) < 10
        if unit := form.instance.district_id or (int(given) if is_number else None):
            rows = rows.filter(self_check__district=unit)
        # The snapshots themselves stay in the database.
        rows = rows.defer("inputs", "rules", "outcome")
        field.queryset = rows.order_by("self_check__district__code", "-self_check__year", "-number")
        field.choices = grouped(field, lambda row: str(row.self_check.district), evidence_label)


class EventForm(OwnEvidence, ServiceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.help_text = _("通过或撤销国家认定只能记在公布结果的环节。")
        until_now = field.queryset.filter(year__lte=today().year)
        field.queryset = until_now.order_by("-year", "order")
        field.choices = grouped(field, lambda step: step.year, step_label)


class CorrectionForm(OwnEvidence, ReasonForm):
    tag_of = staticmethod(certifications.tag_of)


class ListForm(ReasonForm):
    tag_of = staticmethod(lists.tag_of)


@admin.register(CertificationList)
class CertificationListAdmin(ServiceAdmin):
    list_display = ("name", "announced_on", "units_in_city", "units_named", "document_number")
    list_filter = ("year",)
    search_fields = ("name", "document_number", "sources")
    recorded = ("known_on", "recorded_at", "recorded_by", "changed_at")
    readonly_fields = ("named_units", "naming", *recorded)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("events__district")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs |= {"form": ListForm if obj else ServiceForm, "help_texts": LIST_HELP}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": lists.FACTS})]
        facts: tuple[str, ...] = lists.FACTS
        if self.has_change_permission(request, obj):
            facts = (SEEN, *facts, "reason")
        can_name = obj.units_unnamed > 0 and request.user.has_perm(
            "schedule.add_certificationevent"
        )
        names = ("named_units", "naming") if can_name else ("named_units",)
        return [(None, {"fields": facts}), (_("记录"), {"fields": (*names, *self.recorded)})]

    @admin.display(description=_("已列名"))
    def units_named(self, listed: CertificationList) -> int:
        return len(listed.named)

    @admin.display(description=_("已列名的单位"))
    def named_units(self, listed: CertificationList) -> str:
        return str(named(event.district for event in listed.events.all()))

    @admin.display(description=_("名单待核"))
    def naming(self, listed: CertificationList) -> str:
        """The way to the form that names another."""
        known = {"list": listed.pk, "date": listed.announced_on, "result": Result.CERTIFIED}
        if step := lists.announcing_step(on=listed):
            known["step"] = step.pk
        address = f"{reverse('admin:schedule_certificationevent_add')}?{urlencode(known)}"
        words = gettext("还有 %s 个名单待核；有来源写明时补录") % listed.units_unnamed
        return format_html('<a href="{}">{}</a>', address, words)

    def create(self, obj: CertificationList, **asked: Any) -> CertificationList:
        return lists.record_list(**asked)

    def update(self, obj: CertificationList, **asked: Any) -> None:
        lists.correct_list(listed=obj, **asked)


@admin.register(CertificationEvent)
class CertificationEventAdmin(ServiceAdmin):
    list_display = ("district", "result", "date", "step", "list", "document_number")
    list_display_links = ("district", "result")
    list_filter = (
        "result",
        "step__level",
        ("date", admin.DateFieldListFilter),
        "list_year",
        "list",
        "district__region",
    )
    list_select_related = ("district", "step", "list")
    search_fields = ("district__sought", "document_number", "note")
    search_help_text = _("按区县、文号或说明查找")
    facts = ("district", "step", "result", "date")
    recorded = (*facts, "known_on", "recorded_at", "recorded_by", "changed_at")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs |= {"form": CorrectionForm if obj else EventForm, "help_texts": HELP}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            fields = (*self.facts, *certifications.CORRECTABLE, "unmet_reason")
            return [(None, {"fields": fields})]
        note = _("单位、环节、结果和日期是事实，不能改；有误时另录一条事件。")
        references: tuple[str, ...] = certifications.CORRECTABLE
        if self.has_change_permission(request, obj):
            references = (SEEN, *references, "reason")
        against = ("unmet_words", "unmet_reason") if obj.unmet else ()
        return [
            (_("事实"), {"fields": (*self.recorded, *against), "description": note}),
            (_("出处"), {"fields": references}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.recorded, "unmet_words", "unmet_reason") if obj else ()

    @admin.display(description=_("录入时没有满足的申请条件"))
    def unmet_words(self, event: CertificationEvent) -> str:
        return event.unmet_words

    def create(self, obj: CertificationEvent, **asked: Any) -> CertificationEvent:
        return certifications.record_event(day=asked.pop("date"), **asked)

    def update(self, obj: CertificationEvent, **asked: Any) -> None:
        certifications.correct_event(event=obj, **asked)
