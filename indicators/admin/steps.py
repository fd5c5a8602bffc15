"""Pages that take a version further: 由此起草, 发布 with its impact, 废止, 删除草稿."""

from abc import abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views import View

from audit.refusals import Refused
from districts.models import User
from districts.wording import listed
from indicators import wording
from indicators.models import Standard
from indicators.models.standard import Status
from indicators.services import standards
from indicators.services.impact import impact_of, stored_inputs
from indicators.services.seen import content_tag


def _required(widget: type[forms.Widget], **attrs: Any) -> forms.Widget:
    """The service says what is missing; readers of the page are told beforehand."""
    return widget(attrs={"aria-required": "true", **attrs})


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"),
        widget=_required(forms.Textarea, rows=3),
        required=False,
        max_length=2000,
    )

    def repeat(self, refusal: Refused) -> None:
        self.full_clean()
        told = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, sentence in (told or {None: str(refusal)}).items():
            self.add_error(name, str(sentence))


class DraftForm(ReasonForm):
    code = forms.CharField(
        label=_("新版代码"),
        widget=_required(forms.TextInput),
        required=False,
        max_length=20,
        help_text=_("例如 2027;只用字母、数字、点和短横。"),
    )
    title = forms.CharField(label=_("名称"), required=False, max_length=120)
    field_order = ("code", "title", "reason")


class StepView(View):
    """One step of a version: shows what it means, asks why, takes it."""

    name: ClassVar[str]
    title: ClassVar[Any]
    sentence: ClassVar[Any]
    status: ClassVar[tuple[str, ...]]
    form_class: ClassVar[type[ReasonForm]] = ReasonForm
    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("indicators.change_standard"):
            raise PermissionDenied(_("标准由市级管理员维护。"))
        visible = Standard.objects.visible_to(request.user)
        self.standard = visible.filter(pk=kwargs["object_id"]).select_related("based_on").first()
        if self.standard is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.page(self.form_class(initial=self.initial()))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        form = self.form_class(request.POST)
        try:
            done, sentence = self.take(form, request.user)
        except Refused as refusal:
            form.repeat(refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, sentence)
        if done is None:
            return redirect("admin:indicators_standard_changelist")
        return redirect("admin:indicators_standard_change", done.pk)

    def initial(self) -> dict[str, Any]:
        return {}

    @abstractmethod
    def take(self, form: ReasonForm, by: User) -> tuple[Standard | None, Any]:
        """Take the step; the version it leads to (None: gone) and what to tell the reader."""

    def context(self) -> dict[str, Any]:
        return {}

    def page(self, form: ReasonForm, status: int = 200) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": f"{self.title} {self.standard.code}",
            "step": self,
            "standard": self.standard,
            "form": form,
            **self.context(),
        }
        template = "admin/indicators/step.html"
        return TemplateResponse(self.request, template, context, status=status)


class DraftStep(StepView):
    name, title = "draft", _("由此起草")
    sentence = _("复制这一版的全部内容成为草稿;改好之后发布为新的一版,这一版不变。")
    status = (Status.DRAFT, Status.PUBLISHED, Status.RETIRED)
    form_class = DraftForm

    def initial(self) -> dict[str, Any]:
        return {"title": self.standard.title}

    def take(self, form: ReasonForm, by: User) -> tuple[Standard, Any]:
        data = form.data
        draft = standards.draft_from(
            standard=self.standard,
            code=data.get("code", ""),
            title=data.get("title", "")[:120],
            reason=data.get("reason", ""),
            by=by,
        )
        return draft, _("草稿 %s 已建立。") % draft.code


class PublishStep(StepView):
    name, title = "publish", _("发布")
    sentence = _("发布之后不能再改。下面是它对已有测算结果的影响。")
    status = (Status.DRAFT,)

    def take(self, form: ReasonForm, by: User) -> tuple[Standard, Any]:
        data = form.data
        published = standards.publish(
            draft=self.standard,
            reason=data.get("reason", ""),
            expected=data.get("expected") or None,
            by=by,
        )
        return published, _("标准 %s 已发布。") % published.code

    def context(self) -> dict[str, Any]:
        """The impact of exactly what would be published, named by its tag."""
        impact = impact_of(self.standard, stored_inputs(self.standard))
        rows = [
            {
                "label": change.label,
                "before": wording.VERDICTS[change.before],
                "after": wording.VERDICTS[change.after]
                if change.after
                else _("草稿读不懂这份数据"),
                "indicators": listed(code for code, _before, _after in change.indicators),
            }
            for change in impact.changes
        ]
        return {"impact": impact, "impact_rows": rows, "expected": content_tag(self.standard)}


class RetireStep(StepView):
    name, title = "retire", _("废止")
    sentence = _("废止之后不再用于新的测算;按它测算过的结果保持不变。")
    status = (Status.PUBLISHED,)

    def take(self, form: ReasonForm, by: User) -> tuple[Standard, Any]:
        reason = form.data.get("reason", "")
        retired = standards.retire(standard=self.standard, reason=reason, by=by)
        return retired, _("标准 %s 已废止。") % retired.code


class NoReasonForm(ReasonForm):
    reason = None  # type: ignore[assignment]


class DiscardStep(StepView):
    name, title = "discard", _("删除草稿")
    sentence = _("草稿和其中的改动都会删除;已发布的版本不受影响。")
    status = (Status.DRAFT,)
    form_class = NoReasonForm

    def take(self, form: ReasonForm, by: User) -> tuple[None, Any]:
        code = self.standard.code
        standards.discard_draft(draft=self.standard, by=by)
        return None, _("草稿 %s 已删除。") % code


STEPS: tuple[type[StepView], ...] = (DraftStep, PublishStep, RetireStep, DiscardStep)


def open_steps(standard: Standard, request: HttpRequest) -> list[type[StepView]]:
    """Steps this person may take from the version's status."""
    if not request.user.has_perm("indicators.change_standard"):
        return []
    return [step for step in STEPS if standard.status in step.status]
