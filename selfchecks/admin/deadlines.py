"""The days of each year: setting them opens the year's self-checks; both are looked at first.

The form carries what it would do; only when it carries what is true is it saved.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Refused, Unusable
from districts.admin.base import ServiceAdmin
from districts.admin.look_first import LookFirstForm
from districts.wording import day_text
from selfchecks.models import Deadline
from selfchecks.services import opening
from selfchecks.services.governing import standard_for

DAYS = ("due_on", "fill_from")


class MoveForm(LookFirstForm):
    """New days and the reason."""

    reason = forms.CharField(
        label=gettext_lazy("改动原因"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=500,
        help_text=gettext_lazy("改动日期时必填；随通知发给各区县，并写入审计记录。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                if effect := self._effect(cleaned):
                    self.look_first(f"{cleaned['fill_from']}|{effect}", [effect])
            except Refused as refusal:
                self._repeat(refusal)
        return cleaned

    def _effect(self, cleaned: dict[str, Any]) -> str:
        """What saving does to others; nothing where it does nothing or a reason is wanted first."""
        if not self.instance.pk:
            return _opening_in_words(**{name: cleaned[name] for name in ("year", *DAYS)})
        is_moved = any(name in self.changed_data for name in DAYS)
        if not (is_moved and cleaned["reason"].strip()):
            return ""
        stored = Deadline.objects.get(pk=self.instance.pk)
        move = opening.preview_move(deadline=stored, due_on=cleaned["due_on"])
        return _effect_in_words(stored, cleaned["due_on"], move)


def _opening_in_words(*, year: int, due_on: date, fill_from: date) -> str:
    opening.refuse_bad_days(year, due_on, fill_from)
    stored = Deadline.objects.filter(year=year).first()
    if stored and (stored.due_on, stored.fill_from) != (due_on, fill_from):
        sentence = _("%s 年度已经开启；要改期限，请在「填报期限」里打开这一年度。")
        raise Unusable.at("year", sentence % year)
    sentence = _(
        "将为 %(units)s 个区县开启 %(year)s 年度自查并通知它们：%(from)s开始填报，"
        "%(due)s截止，按 %(standard)s测算。"
    )
    return sentence % {
        "units": opening.preview_opening(year=year, fill_from=fill_from).count(),
        "year": year,
        "from": day_text(fill_from),
        "due": day_text(due_on),
        "standard": standard_for(fill_from),
    }


def _effect_in_words(stored: Deadline, due_on: Any, move: opening.Move) -> str:
    sentence = _(
        "截止日由 %(before)s改为 %(after)s：%(following)s 个还没有报送的区县随之改期"
        "并收到通知，其中 %(overdue)s 个会立即逾期；"
        "其余 %(keeping)s 个已报送、已通过或另有期限，不变。"
    )
    return sentence % {
        "before": day_text(stored.due_on),
        "after": day_text(due_on),
        "following": move.following,
        "overdue": move.overdue,
        "keeping": move.keeping,
    }


@admin.register(Deadline)
class DeadlineAdmin(ServiceAdmin):
    form = MoveForm
    list_display = ("year", "fill_from", "due_on")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        days = ("year", "fill_from", "due_on")
        if obj is None:
            return (*days, "shown")
        return (*days, "reason", "shown") if self.has_change_permission(request, obj) else days

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {"title": _("开启一个年度"), **(extra_context or {})}
        return super().add_view(request, form_url, context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("year",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Deadline, form: Any, change: bool) -> None:
        days: Any = {"due_on": obj.due_on, "fill_from": obj.fill_from, "by": request.user}
        if change:
            opening.set_deadline(year=obj.year, reason=form.cleaned_data["reason"], **days)
            return
        opened = opening.open_year(year=obj.year, **days)
        obj.pk = opened.deadline.pk
        messages.info(request, _("已为 %s 个区县开启自查。") % len(opened.new))
