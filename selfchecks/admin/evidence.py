"""What needs a document before signature: a dated setting, of which rows are only added."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.admin.base import ServiceAdmin, ServiceForm
from selfchecks.models import EvidenceRule
from selfchecks.services.documents import require_evidence, subject_choices, subject_name

SETTINGS = ("subject", "is_needed", "effective_from", "reason")


class RuleForm(ServiceForm):
    subject = forms.ChoiceField(label=_("事项"), choices=subject_choices)
    reason = forms.CharField(
        label=_("原因"),
        widget=forms.Textarea(attrs={"rows": 2, "aria-required": "true"}),
        required=False,
        max_length=500,
        help_text=_("从这一天起送审的、按这一版或以后标准的自查照此要求；写入审计记录。"),
    )


@admin.register(EvidenceRule)
class EvidenceRuleAdmin(ServiceAdmin):
    form = RuleForm
    list_display = ("subject_words", "is_needed", "effective_from", "standard", "set_by", "reason")
    list_filter = ("standard", "is_needed")
    list_select_related = ("standard", "set_by")
    ordering = ("-effective_from", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return SETTINGS
        return ("standard", "subject_words", *SETTINGS[1:], "set_by", "set_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("subject_words",) if obj else ()

    def create(self, obj: EvidenceRule, **asked: Any) -> EvidenceRule:
        return require_evidence(**{name: asked[name] for name in (*SETTINGS, "by")})

    @admin.display(description=_("事项"), ordering="subject")
    def subject_words(self, rule: EvidenceRule) -> str:
        return subject_name(rule)
