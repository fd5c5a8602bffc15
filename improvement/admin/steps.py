"""Pages that take one row of a small workflow a step further: what it means, what it asks for."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from audit.refusals import Refused
from districts.access import person_of
from districts.admin.shown import called
from districts.models import District
from indicators.admin.steps import NoForm
from indicators.choosing import choices_or_none
from selfchecks.step import Edge


def _long(label: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 5}), max_length=2000)


ASKED: dict[str, Callable[[], forms.Field]] = {
    "reason": lambda: _long(gettext_lazy("原因")),
    "answer": lambda: _long(gettext_lazy("答复")),
    "published_text": lambda: _long(gettext_lazy("公开的内容")),
    "words": lambda: _long(pgettext_lazy("finding", "问题")),
    "indicator": lambda: forms.ChoiceField(label=gettext_lazy("有关指标"), choices=choices_or_none),
    "passed_to": lambda: forms.ModelChoiceField(
        District.objects.order_by("order"), label=gettext_lazy("区县")
    ),
}


def _inputs(edge: Edge) -> tuple[str, ...]:
    return (*(("reason",) if edge.needs_comment else ()), *edge.needs, *edge.may)


def form_of(edge: Edge) -> type[NoForm]:
    """The inputs the step asks for; the service says which are missing."""
    fields: dict[str, forms.Field] = {}
    for name in _inputs(edge):
        fields[name] = ASKED[name]()
        fields[name].required = False
        if name not in edge.may:
            fields[name].widget.attrs["aria-required"] = "true"
    return type("StepForm", (NoForm,), fields)


class FlowView(View):
    """One step of a row, which the service of its ``model_admin`` takes."""

    edge: Any = None
    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        rows = self.model_admin.get_queryset(request)
        self.row = rows.filter(pk=kwargs["object_id"]).first()
        if self.row is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        known = {name: getattr(self.row, name, None) for name in _inputs(self.edge)}
        known["passed_to"] = getattr(self.row, "passed_to", None) or getattr(
            self.row, "district", None
        )
        return self.page(form_of(self.edge)(initial=known))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        form = form_of(self.edge)(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        seen = request.POST.get("seen") or None
        said = {**form.cleaned_data, "by": person_of(request), "expected": seen}
        try:
            said[self.model_admin.opts.model_name] = self.row
            self.model_admin.service.take_step(step=self.edge.name, **said)
        except Refused as refusal:
            form.repeat(refusal)
            return self.page(form, refusal.status)
        messages.success(request, _("已办理：%s。") % self.edge.label)
        opts = self.row._meta
        return redirect(f"admin:{opts.app_label}_{opts.model_name}_change", self.row.pk)

    def page(self, form: NoForm, status: int = 200) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": f"{self.edge.label} {called(self.row)}",
            "step": self.edge,
            "row": self.row,
            "facts": self.facts(),
            "seen": self.model_admin.service.tag_of(self.row),
            "form": form,
        }
        template = "admin/step.html"
        return TemplateResponse(self.request, template, context, status=status)

    def facts(self) -> list[tuple[Any, Any]]:
        """What is decided on: name and words."""
        fields = map(self.row._meta.get_field, self.model_admin.shows)
        found = ((field.verbose_name, field.value_from_object(self.row)) for field in fields)
        return [(name, words) for name, words in found if words]


class Flowing:
    """Mixin of a model admin whose rows go through ``flow``: a page a step, offered on the row.

    ``service`` is the module that has ``open_steps``, ``take_step`` and ``tag_of`` for them;
    ``shows`` names the texts that the page of a step repeats.
    """

    flow: tuple[Edge, ...] = ()
    service: Any = None
    shows: tuple[str, ...] = ()
    change_form_template: Any = "admin/improvement/flow.html"

    def get_urls(self) -> list[Any]:
        own: Any = self
        steps = [
            path(
                f"<int:object_id>/{edge.name}/",
                own.admin_site.admin_view(FlowView.as_view(edge=edge, model_admin=self)),
                name=f"{own.opts.app_label}_{own.opts.model_name}_{edge.name}",
            )
            for edge in self.flow
            if set(_inputs(edge)) <= set(ASKED)
        ]
        return [*steps, *super().get_urls()]  # type: ignore[misc]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        own: Any = self
        row = own.get_object(request, object_id)
        steps = self.service.open_steps(row, person_of(request)) if row else ()
        context = {"steps": steps, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc]
