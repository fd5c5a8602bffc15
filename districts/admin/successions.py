"""Reorganisations in the admin: looked at first, carried out by pressing save again, taken back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from audit.services import fingerprint
from districts.access import person_of
from districts.models import School, Succession, Township
from districts.services import reorganising, units
from districts.services.reorganising import Outcome
from districts.wording import day_text, listed, noted

from .base import SEEN, SeenForm, ServiceAdmin
from .look_first import LookFirstForm

CORRECT, CARRY_OUT, WITHDRAW = "correct", "carry_out", "withdraw"
DOINGS = {
    CORRECT: _("只更正登记"),
    CARRY_OUT: _("办理：终止原单位、划转学校、终止未办结的自查"),
    WITHDRAW: _("撤回登记：原单位恢复，学校划回"),
}
FACTS = ("kind", "description", "document_number", "source", "known_on")
SETTINGS = ("takes_place", "carries_certification")


def _schools(found: tuple[School, ...]) -> str:
    return listed(noted(one.name, one.township) if one.township else one.name for one in found)


def sentences_of(outcome: Outcome) -> list[str]:
    """Everything that carrying it out changes, one sentence each."""
    unit, heir = outcome.succession.predecessor, outcome.succession.successor
    said = []
    if outcome.ended_on:
        said.append(
            gettext("%(unit)s的终止日定为 %(day)s")
            % {"unit": unit, "day": day_text(outcome.ended_on)}
        )
    groups = (
        (outcome.moved, gettext("%(count)s 所学校划到%(heir)s：%(schools)s")),
        (outcome.undecided, gettext("%(count)s 所学校没有登记街镇，暂不划转：%(schools)s")),
        (outcome.detached, gettext("%(count)s 个教学点与中心校分属两地，不再从属：%(schools)s")),
    )
    for group, sentence in groups:
        if group:
            said.append(sentence % {"count": len(group), "heir": heir, "schools": _schools(group)})
    said += outcome.followed
    for name, before, after in outcome.totals:
        facts = {"name": name, "before": before, "after": after}
        said.append(gettext("%(name)s：现在 %(before)s，之后 %(after)s") % facts)
    return said


class SuccessionForm(LookFirstForm, SeenForm):
    by: Any = None
    doing = forms.ChoiceField(
        label=_("要办的事"),
        choices=list(DOINGS.items()),
        initial=CORRECT,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=300,
        help_text=_("更正或撤回时必填，写入审计记录。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "known_on" in self.fields:
            self.fields["known_on"].required = False  # today, when nobody says otherwise

    @staticmethod
    def tag_of(succession: Succession) -> str:
        return fingerprint(succession)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_new = self.instance.pk is None
        if not self.errors and (is_new or cleaned["doing"] == CARRY_OUT):
            self._foresee(self.asked() if is_new else self.instance)
        return cleaned

    def asked(self) -> Succession:
        """The succession as it was typed."""
        known = (field.name for field in Succession._meta.fields)
        return Succession(**{n: self.cleaned_data[n] for n in known if n in self.cleaned_data})

    def _foresee(self, succession: Succession) -> None:
        try:
            outcome = reorganising.foresee(succession=succession, by=self.by)
        except Refused as refusal:
            self._repeat(refusal)
            return
        if not outcome.is_plain:
            self.look_first(outcome.tag, sentences_of(outcome))


@admin.register(Succession)
class SuccessionAdmin(ServiceAdmin):
    form = SuccessionForm
    settled = ("predecessor", "successor", "date", "kind", "withdrawn_on")
    list_display = ("date", "predecessor", "successor", "kind", "description", "withdrawn_on")
    list_display_links = ("date", "predecessor")
    list_filter = ("kind", ("date", admin.DateFieldListFilter))
    list_select_related = ("predecessor", "successor")
    search_fields = ("predecessor__sought", "successor__sought", "description")
    search_help_text = _("按单位名称或说明查找")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        facts = (SEEN, "predecessor", "successor", "date", *FACTS, *SETTINGS)
        if obj and not self.has_change_permission(request, obj):
            return (*facts[1:], "withdrawn_on")
        return (*facts, "withdrawn_on", "doing", "reason", "shown") if obj else (*facts, "shown")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)
        form.by = request.user
        if obj is None:
            form.base_fields.pop("doing", None)
            form.base_fields.pop("reason", None)
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "known_on":
            kwargs["initial"] = units.today
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.withdrawn_on)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, cleaned = person_of(request), form.cleaned_data
        if not change or cleaned["doing"] == CARRY_OUT:
            asked = obj if change else form.asked()
            expected = cleaned["shown"] or None
            done = reorganising.reorganise(succession=asked, by=by, expected=expected)
            obj.pk = done.succession.pk
            counts = {"moved": len(done.moved), "closed": len(done.followed)}
            sentence = _("已办理：划转 %(moved)s 所学校，终止 %(closed)s 份自查。")
            messages.info(request, sentence % counts)
        elif cleaned["doing"] == WITHDRAW:
            count = reorganising.withdraw(succession=obj, by=by, reason=cleaned["reason"])
            sentence = _("已撤回：划回 %s 所学校。终止的自查可由市级管理员逐份重新开启。")
            messages.info(request, sentence % count)
        else:
            names = [name for name in form.changed_data if name in (*FACTS, *SETTINGS)]
            facts = {name: cleaned[name] for name in names}
            units.correct_succession(succession=obj, by=by, reason=cleaned["reason"], **facts)


@admin.register(Township)
class TownshipAdmin(ServiceAdmin):
    list_display = ("name", "district", "valid_from")
    list_filter = ("district",)
    list_select_related = ("district",)
    search_fields = ("name",)
    search_help_text = _("按街镇名称查找")
    fields = ("district", "name", "valid_from", "source", "source_note")

    def create(self, obj: Township, **asked: Any) -> Township:
        return units.add_township(**asked)
