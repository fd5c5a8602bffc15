"""Versions of the standard: a draft is edited, published with its impact shown, and frozen."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.admin.base import SEEN
from districts.wording import listed
from figures.table import STAGE_LABELS
from indicators import wording
from indicators.models import Standard
from indicators.services.standards import FIELDS, fields_of

from .rows import DraftAdmin
from .steps import STEPS, ImpactView, StepView, open_steps

NAMES = ("title", "english_title", "document_number", "effective_from", "effective_to")
HISTORY = ("code", "status", "based_on", "engine", "reason", "published_at", "published_by")
# Settings kept as structures: a reader of a published version finds sentences in their place.
IN_WORDS = {
    "monitored_subjects": "subjects_in_words",
    "split_weights": "weights_in_words",
    "exempt_types": "exemptions_in_words",
}
CONTENT = ("indicators_table", "special_cases_table", "open_points_table", "amendments_table")


@admin.register(Standard)
class StandardAdmin(DraftAdmin):
    list_display = ("code", "title", "status", "effective_from", "document_number", "published_by")
    list_display_links = ("code", "title")
    list_filter = ("status",)
    list_select_related = ("published_by",)
    readonly_fields = (*HISTORY, *CONTENT, *IN_WORDS.values())
    change_form_template = "admin/indicators/standard.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        seen = (SEEN,) if may_change else ()
        settings = tuple(
            name if may_change else IN_WORDS.get(name, name)
            for name in (fields_of(obj) if obj else FIELDS[Standard])
            if name not in NAMES
        )
        return [
            (None, {"fields": (*seen, *NAMES)}),
            (_("版本"), {"fields": HISTORY}),
            (_("共同的设置"), {"fields": settings}),
            (_("内容"), {"fields": CONTENT}),
        ]

    def get_urls(self) -> list[URLPattern]:
        steps = [
            path(
                f"<int:object_id>/{step.name}/",
                self.admin_site.admin_view(StepView.as_view(step=step, model_admin=self)),
                name=f"indicators_standard_{step.name}",
            )
            for step in STEPS
        ]
        impact = path(
            "<int:object_id>/impact/",
            self.admin_site.admin_view(ImpactView.as_view(model_admin=self)),
            name="indicators_standard_impact",
        )
        return [*steps, impact, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        standard = self.get_object(request, object_id)
        steps = open_steps(standard, request) if standard else []
        return super().change_view(
            request, object_id, form_url, {"steps": steps, **(extra_context or {})}
        )

    @admin.display(description=_("必须监测的学科"))
    def subjects_in_words(self, standard: Standard) -> str:
        return listed(map(gettext, standard.monitored_subjects)) or gettext("没有指定")

    @admin.display(description=_("学段拆分权重"))
    def weights_in_words(self, standard: Standard) -> SafeString:
        return _lines(
            (
                gettext(school_type),
                listed(
                    f"{wording.stage_name(stage)} {weights[stage]}"
                    for stage in STAGE_LABELS  # PostgreSQL keeps an order of its own
                    if stage in weights
                ),
            )
            for school_type, weights in sorted(standard.split_weights.items())
        )

    @admin.display(description=_("不适用的学校类型"))
    def exemptions_in_words(self, standard: Standard) -> SafeString:
        return _lines(
            (code, listed(map(gettext, types)))
            for code, types in sorted(standard.exempt_types.items())
        )

    @admin.display(description=_("指标和达标值"))
    def indicators_table(self, standard: Standard) -> SafeString:
        rows = []
        for indicator in standard.indicators.prefetch_related("thresholds"):
            numbers = ";".join(
                f"{row.display_label} {wording.requirement(row)}"
                for row in indicator.thresholds.all()
            )
            rows.append((_link(indicator, str(indicator)), numbers))
        return _table((_("指标"), _("达标值")), rows)

    @admin.display(description=_("特殊情形"))
    def special_cases_table(self, standard: Standard) -> SafeString:
        rows = [
            (_link(case, case.code), case.display_wording, _("采用") if case.is_enabled else "")
            for case in standard.special_cases.all()
        ]
        return _table((_("代码"), _("情形"), _("采用")), rows)

    @admin.display(description=_("待明确事项"))
    def open_points_table(self, standard: Standard) -> SafeString:
        rows = [
            (_link(point, point.display_question), wording.setting(point), point.display_default)
            for point in standard.open_points.select_related("standard")
        ]
        return _table((_("问题"), _("现行做法"), _("默认做法")), rows)

    @admin.display(description=_("更正"))
    def amendments_table(self, standard: Standard) -> SafeString:
        rows = [
            (_link(each, each.display_wording), each.get_confidence_display(), each.source)
            for each in standard.amendments.all()
        ]
        return _table((_("更正内容"), _("把握"), _("来源")), rows)


def _link(row: Any, text: str) -> SafeString:
    address = reverse(f"admin:indicators_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, text)


def _lines(pairs: Iterable[tuple[str, str]]) -> SafeString:
    rows = ((_("%(name)s：%(value)s") % {"name": name, "value": told},) for name, told in pairs)
    return format_html_join(mark_safe("<br>"), "{}", rows)


def _table(headers: Any, rows: Any) -> SafeString:
    cells = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
    )
    head = format_html_join("", "<th scope='col'>{}</th>", ((text,) for text in headers))
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, cells)
