"""Pages that take a version further: 由此起草, 发布 with its impact, 废止, 删除草稿."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from audit.refusals import Refused, one_of
from districts.access import person_of
from districts.examples import show_examples
from districts.models import User
from districts.wording import listed
from indicators import wording
from indicators.models import Standard
from indicators.models.standard import Status
from indicators.services import standards
from indicators.services.impact import Impact, impact_of, stored_inputs
from rest.renderers import CsvRenderer, TableRenderer, XlsxRenderer

# The service says what is missing; readers of the page are told beforehand.
REQUIRED = {"aria-required": "true"}


class NoForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_examples(self)

    def repeat(self, refusal: Refused) -> None:
        self.full_clean()
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, sentence in known.items():
            self.add_error(name, str(sentence))
        if not known:
            self.add_error(None, str(refusal))


class ReasonForm(NoForm):
    reason = forms.CharField(
        label=_("原因"),
        widget=forms.Textarea({"rows": 3, **REQUIRED}),
        required=False,
        max_length=2000,
    )


class DraftForm(ReasonForm):
    code = forms.CharField(
        label=_("新版代码"),
        widget=forms.TextInput(REQUIRED),
        required=False,
        max_length=20,
        help_text=_("只用字母、数字、点和短横。"),
    )
    title = forms.CharField(label=_("名称"), required=False, max_length=120)
    field_order = ("code", "title", "reason")


MOST_SHOWN = 200  # schools on a page; the tables to take along have all of them
TABLE = (_("测算结果"), _("学校标识码"), _("学校"), _("学段"), _("指标"), _("原结论"), _("新结论"))


def school_rows(impact: Impact) -> list[list[str]]:
    """Every school and indicator that changes, in words."""
    return [
        [
            change.label,
            each.school_code,
            each.school_name,
            wording.stage_name(each.stage),
            each.indicator,
            _said(each.before),
            _said(each.after),
        ]
        for change in impact.changes
        for each in change.schools
    ]


def _said(verdict: str) -> str:
    return str((wording.UNIT_VERDICTS | wording.VERDICTS).get(verdict) or gettext("不参加"))


def impact_context(draft: Standard) -> dict[str, Any]:
    """The impact of exactly what is or would be published, named by its tag."""
    impact = impact_of(draft, stored_inputs(draft))
    rows_of_schools = school_rows(impact)
    unread = _("草稿读不懂这份数据")
    rows = [
        {
            "label": change.label,
            "before": wording.VERDICTS[change.before],
            "after": wording.VERDICTS[change.after] if change.after else unread,
            "indicators": listed(code for code, _before, _after in change.indicators),
        }
        for change in impact.changes
    ]
    return {
        "impact": impact,
        "impact_rows": rows,
        "school_headers": TABLE,
        "school_rows": rows_of_schools[:MOST_SHOWN],
        "school_count": len(rows_of_schools),
        "expected": standards.content_tag(draft),
    }


@dataclass(frozen=True)
class Step:
    """What a step means, from which states it is taken, and what its service is told."""

    name: str
    label: Any
    hint: Any
    done: Any
    status: tuple[str, ...]
    service: Callable[..., Standard | None]
    asks: tuple[str, ...] = ("reason",)
    form: type[NoForm] = ReasonForm

    def take(self, standard: Standard, data: Any, by: User) -> Standard | None:
        """The version it leads to, None when it is gone."""
        said = {name: data.get(name, "") for name in self.asks}
        return self.service(standard=standard, by=by, **said)


STEPS = (
    Step(
        *("draft", _("由此起草")),
        _("复制这一版的全部内容成为草稿；改好之后发布为新的一版，这一版不变。"),
        _("草稿 %s 已建立。"),
        (Status.DRAFT, Status.PUBLISHED, Status.RETIRED),
        standards.draft_from,
        ("code", "title", "reason"),
        DraftForm,
    ),
    Step(
        *("publish", _("发布")),
        _("发布之后不能再改。下面是它对已有测算结果的影响。"),
        _("标准 %s 已发布。"),
        (Status.DRAFT,),
        standards.publish,
        ("reason", "expected"),
    ),
    Step(
        *("retire", _("废止")),
        _("废止之后不再用于新的测算；按它测算过的结果保持不变。"),
        _("标准 %s 已废止。"),
        (Status.PUBLISHED,),
        standards.retire,
    ),
    Step(
        *("discard", _("删除草稿")),
        _("草稿和其中的改动都会删除；已发布的版本不受影响。"),
        _("草稿 %s 已删除。"),
        (Status.DRAFT,),
        standards.discard_draft,
        (),
        NoForm,
    ),
)


class StepView(View):
    """One step of a version: shows what it means, asks why, takes it."""

    step: Any = None
    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("indicators.change_standard"):
            raise PermissionDenied(_("标准由市级管理员维护。"))
        visible: Any = Standard.objects.select_related("based_on")
        self.standard: Standard = visible.get_visible(request.user, pk=kwargs["object_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.page(self.step.form(initial={"title": self.standard.title}))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        form = self.step.form(request.POST)
        try:
            done = self.step.take(self.standard, form.data, person_of(request))
        except Refused as refusal:
            form.repeat(refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, self.step.done % (done or self.standard).code)
        if done is None:
            return redirect("admin:indicators_standard_changelist")
        return redirect("admin:indicators_standard_change", done.pk)

    def page(self, form: NoForm, status: int = 200) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": f"{self.step.label} {self.standard.code}",
            "step": self.step,
            "row": self.standard,
            "form": form,
            **(impact_context(self.standard) if self.step.name == "publish" else {}),
        }
        template = "admin/indicators/step.html"
        return TemplateResponse(self.request, template, context, status=status)


_RENDERERS: dict[str, type[TableRenderer]] = {
    each.format: each for each in (CsvRenderer, XlsxRenderer)
}


class ImpactView(View):
    """How a version judges what the versions before it judged, by school and indicator."""

    model_admin: Any = None

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        visible: Any = Standard.objects.select_related("based_on")
        standard: Standard = visible.get_visible(request.user, pk=object_id)
        if renderer := _RENDERERS.get(one_of(request.GET, "format", _RENDERERS)):
            return _table(standard, renderer)
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": gettext("影响 %s") % standard.code,
            "step": {"label": _("影响")},
            "row": standard,
            **impact_context(standard),
        }
        return TemplateResponse(request, "admin/indicators/impact_page.html", context)


def _table(standard: Standard, renderer: type[TableRenderer]) -> HttpResponse:
    rows = school_rows(impact_of(standard, stored_inputs(standard)))
    content = renderer().write([list(map(str, TABLE)), *rows])
    name = f"impact-{standard.code}.{renderer.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=renderer.media_type, headers=headers)


def open_steps(standard: Standard, request: HttpRequest) -> list[Step]:
    """Steps this person may take from the version's status."""
    if not request.user.has_perm("indicators.change_standard"):
        return []
    return [step for step in STEPS if standard.status in step.status]
