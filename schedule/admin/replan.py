"""Re-planning page: choose years, see what it does to the milestones, give reason and document,
publish."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from audit.refusals import Refused, Unusable
from districts.models import District
from districts.wording import day_text
from schedule.models import FIRST_YEAR, LAST_YEAR, PlanVersion
from schedule.services import plans
from schedule.services.plans import AlreadyPublished, Move, YearImpact
from schedule.services.reading import today

TEMPLATES = "admin/schedule/replan_{}.html"
Changes = dict[str, int]


class PublishForm(forms.Form):
    """Why, and on whose decision. What is required is the service's to say."""

    reason = forms.CharField(
        label=gettext_lazy("调整原因"),
        widget=forms.Textarea(attrs={"rows": 3, "aria-required": "true"}),
        required=False,
        max_length=2000,
    )
    document_number = forms.CharField(
        label=gettext_lazy("批准文件的文号"),
        widget=forms.TextInput(attrs={"aria-required": "true"}),
        required=False,
        max_length=60,
    )

    def repeat(self, refusal: Refused) -> None:
        self.full_clean()
        told = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, sentence in (told or {None: str(refusal)}).items():
            self.add_error(name, str(sentence))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in the table of years: its year now and the one chosen (None: not in the plan)."""

    district: District
    planned: int | None
    chosen: int | None


class ReplanView(View):
    """Three states of one page; nothing is stored between them but what the form carries."""

    model_admin: Any = None

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
                raise Unusable(_("同一个单位出现了两次;每个单位只能有一个年份。"))
            return dict(pairs)
        shown = PlanVersion.objects.filter(number=_number(request.POST.get("base", ""))).first()
        before = years_of(shown) if shown else {}
        chosen = {
            name.removeprefix("year_"): _number(value)
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
            refusal=refusal,
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
            warnings=list(warnings_of(impact.moves)),
            milestones=[milestone_words(year) for year in impact.years if year.target],
            form=form,
        )

    def publish(self, changes: Changes) -> HttpResponse:
        form = PublishForm(self.request.POST)
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
            form.repeat(refusal)
            return self.show(changes, form)
        messages.success(
            self.request, _("第 %s 版规划已发布;以前的版本保持不变。") % version.number
        )
        return redirect("admin:schedule_planversion_change", version.pk)

    def page(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        site = self.model_admin.admin_site
        context = {
            **site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": _("调整规划"),
            **context,
        }
        return TemplateResponse(self.request, TEMPLATES.format(name), context, status=status)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise Unusable(_("「%s」不是年份或版本号;请重新选择。") % text[:20])
    return int(text)


def _parse(text: str) -> tuple[str, int]:
    code, _colon, year = text.partition(":")
    return code, _number(year)


def years_of(version: PlanVersion) -> Changes:
    return dict(version.entries.values_list("district__code", "year"))


def unit_rows(version: PlanVersion, changes: Mapping[str, int]) -> list[UnitRow]:
    planned = years_of(version)
    units = District.objects.valid_on(today())
    rows = [
        UnitRow(unit, planned.get(unit.code), changes.get(unit.code, planned.get(unit.code)))
        for unit in units
    ]
    return sorted(rows, key=lambda row: (row.planned or LAST_YEAR + 1, row.district.code))


def warnings_of(moves: Iterable[Move]) -> Iterator[str]:
    """What the rules allow and is probably a slip: a sentence for each unit it is true of."""
    for move in moves:
        facts = {"name": move.district.name, "year": move.after}
        if move.certified_on:
            facts["day"] = day_text(move.certified_on)
            yield _("%(name)s 已于 %(day)s 通过国家认定,改规划年份不影响认定结果。") % facts
        elif move.is_late_at_once:
            sentence = _("%(name)s 还没有通过国家认定,而 %(year)s 年已经过去:发布后立即算逾期。")
            yield sentence % facts


def milestone_words(year: YearImpact) -> tuple[bool, str]:
    """Whether the milestone is missed after the change, and the sentence that says so."""
    facts = {
        "year": year.year,
        "target": year.target,
        "before": year.cumulative_before,
        "after": year.cumulative_after,
    }
    if year.falls_short:
        sentence = _(
            "到 %(year)s 年应达 %(target)s 个:调整后只有 %(after)s 个,达不到(原来 %(before)s 个)"
        )
        return True, sentence % facts
    if year.target is not None and year.cumulative_after < year.target:
        return True, _(
            "到 %(year)s 年应达 %(target)s 个:原来就达不到,现规划 %(after)s 个。"
        ) % facts
    if year.is_changed:
        sentence = _("到 %(year)s 年应达 %(target)s 个:仍能达到(%(before)s → %(after)s 个)。")
        return False, sentence % facts
    return False, _("到 %(year)s 年应达 %(target)s 个:不受影响(%(after)s 个)。") % facts
