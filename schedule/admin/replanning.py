"""Phases and versions of the plan, and the page that makes a new one: choose years, see what it
does to the milestones, give reason and document, publish."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.reasons import LONGEST_REASON
from audit.refusals import Refused, Unusable
from districts.admin.base import ServiceAdmin, ServiceForm, ViewOnly
from districts.models import District
from districts.wording import listed
from schedule import wording
from schedule.models import FIRST_YEAR, LAST_YEAR, Phase, PlanVersion
from schedule.services import plans
from schedule.services.plans import AlreadyPublished
from schedule.services.reading import today
from selfchecks.admin.work import DeskView

from .atlas import AtlasView, OwnTableView
from .outlook import OutlookView

Changes = dict[str, int]


class PublishForm(ServiceForm):
    """Why, and on whose decision. What is required is the service's to say."""

    class Meta:
        model = PlanVersion
        fields = ("reason", "document_number")
        labels = {"document_number": gettext_lazy("批准文件的文号")}
        widgets = {
            "reason": forms.Textarea(
                attrs={"rows": 3, "maxlength": LONGEST_REASON, "aria-required": "true"}
            ),
            "document_number": forms.TextInput(attrs={"aria-required": "true"}),
        }


class UnitRow(NamedTuple):
    """One unit in the table of years: its year now and the one chosen (None: not in the plan)."""

    district: District
    planned: int | None
    chosen: int | None


class ReplanView(DeskView):
    """Three states of one page; nothing is stored between them but what the form carries."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_add_permission(request):
            raise PermissionDenied(_("调整规划由市级督学或市级管理员进行。"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.choose(first=request.GET.getlist("unit"))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            changes = self.changes_of(request)
        except Refused as refusal:
            return self.choose(first=request.POST.getlist("unit"), refusal=refusal)
        if "publish" in request.POST:
            return self.publish(changes)
        if "edit" in request.POST:
            return self.choose(first=list(changes), changes=changes)
        return self.show(changes)

    def changes_of(self, request: HttpRequest) -> Changes:
        """The changes the page carries, or the chosen years that differ from the version shown."""
        carried = request.POST.getlist("change")
        if carried:
            pairs = [_parse(text) for text in carried]
            if len(dict(pairs)) != len(pairs):
                raise Unusable(_("同一个单位出现了两次；每个单位只能有一个年份。"))
            return dict(pairs)
        # Against the version shown, not the newest: an old page undoes nobody's change.
        shown = PlanVersion.objects.filter(number=_number(request.POST.get("base", ""))).first()
        before = shown.years if shown else {}
        chosen = {
            name.removeprefix("year_"): _number(str(value))
            for name, value in request.POST.items()
            if name.startswith("year_") and value
        }
        return {code: year for code, year in chosen.items() if before.get(code) != year}

    def choose(
        self,
        first: Iterable[str] = (),
        changes: Mapping[str, int] | None = None,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        """The table of years, the asked-for units first."""
        version = plans.latest_version()
        wanted, rows = set(first), unit_rows(version, changes or {})
        return self.page(
            "choose",
            status=refusal.status if refusal else 200,
            version=version,
            wanted=[row for row in rows if row.district.code in wanted],
            others=[row for row in rows if row.district.code not in wanted],
            years=range(FIRST_YEAR, LAST_YEAR + 1),
            errors=[("", refusal)] if refusal else [],
        )

    def show(self, changes: Changes, form: PublishForm | None = None) -> HttpResponse:
        """What publishing would do; nothing is stored."""
        try:
            impact = plans.preview(changes=changes)
        except Refused as refusal:
            asked = [*self.request.POST.getlist("unit"), *changes]
            return self.choose(first=asked, changes=changes, refusal=refusal)
        form = form or PublishForm()
        return self.page(
            "impact",
            status=422 if form.errors else 200,
            impact=impact,
            warnings=list(wording.warnings_of(impact.moves)),
            milestones=[
                (year.is_missed, wording.milestone_words(year))
                for year in impact.years
                if year.target
            ],
            form=form,
        )

    def publish(self, changes: Changes) -> HttpResponse:
        try:
            version = plans.replan(
                changes=changes,
                reason=self.request.POST.get("reason", ""),
                document_number=self.request.POST.get("document_number", ""),
                by=self.request.user,
                expected_version=_number(self.request.POST.get("expected_version", "")),
            )
        except AlreadyPublished as repeated:
            version = repeated.version
        except Refused as refusal:
            form = PublishForm(self.request.POST)
            form.refusal = refusal
            return self.show(changes, form)
        messages.success(
            self.request, _("第 %s 版规划已发布；以前的版本保持不变。") % version.number
        )
        return redirect("admin:schedule_planversion_change", version.pk)

    def page(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        context["title"] = _("调整规划")
        return self.render(context, status, f"admin/schedule/replan_{name}.html")


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise Unusable(_("「%s」不是年份或版本号；请重新选择。") % text[:20])
    return int(text)


def _parse(text: str) -> tuple[str, int]:
    code, _colon, year = text.partition(":")
    return code, _number(year)


def unit_rows(version: PlanVersion, changes: Mapping[str, int]) -> list[UnitRow]:
    planned = version.years
    rows = [
        UnitRow(unit, planned.get(unit.code), changes.get(unit.code, planned.get(unit.code)))
        for unit in District.objects.valid_on(today())
    ]
    return sorted(rows, key=lambda row: (row.planned or LAST_YEAR + 1, row.district.code))


@admin.register(Phase)
class PhaseAdmin(ViewOnly, ServiceAdmin):
    list_display = ("name", "start_year", "end_year", "target")


@admin.register(PlanVersion)
class PlanVersionAdmin(ServiceAdmin):
    list_display = (
        "number",
        "title",
        "published_on",
        "document_number",
        "short_reason",
        "published_by",
    )
    list_display_links = ("number", "title")
    list_filter = (("published_on", admin.DateFieldListFilter),)
    list_select_related = ("published_by",)
    search_fields = ("title", "document_number", "reason")
    search_help_text = gettext_lazy("按名称、文号或原因查找")
    readonly_fields = ("plan",)
    change_list_template = "admin/schedule/plan_change_list.html"
    change_form_template = "admin/schedule/plan_version.html"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(ReplanView.as_view(model_admin=self))
        return [
            path("replan/", page, name="schedule_planversion_replan"),
            OutlookView.at("outlook/", "outlook", self),
            AtlasView.at("atlas/", "atlas", self),
            OwnTableView.at("atlas/table/", "own_table", self),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A new version comes about by re-planning only; that page asks for the permission."""
        return redirect("admin:schedule_planversion_replan")

    @admin.display(description=gettext_lazy("调整原因"))
    def short_reason(self, version: PlanVersion) -> str:
        return version.reason[:40]

    @admin.display(description=gettext_lazy("各年单位"))
    def plan(self, version: PlanVersion) -> SafeString:
        entries = version.entries.select_related("district").order_by("year", "district__code")
        rows = []
        for year, group in groupby(entries, key=lambda entry: entry.year):
            names = [entry.district.display_name for entry in group]
            rows.append((year, len(names), listed(names)))
        return format_html(
            "<table><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th>"
            "<th scope='col'>{}</th></tr></thead><tbody>{}</tbody></table>",
            gettext_lazy("年份"),
            gettext_lazy("个数"),
            gettext_lazy("单位"),
            format_html_join(
                "", "<tr><th scope='row'>{}</th><td class='number'>{}</td><td>{}</td></tr>", rows
            ),
        )
