"""The days of each year: setting them opens the year's self-checks, moving them is looked at first.

The form that moves days carries what it would do; only when it carries what is true is it saved.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.admin.base import ServiceAdmin, ServiceForm
from districts.wording import day_text
from selfchecks.models import Deadline
from selfchecks.services import opening

DAYS = ("due_on", "fill_from")


class MoveForm(ServiceForm):
    """New days and the reason; saved the second time, after the reader saw what follows."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("改动原因"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=500,
        help_text=gettext_lazy("改动日期时必填；随通知发给各区县，并写入审计记录。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_moved = self.instance.pk and any(name in self.changed_data for name in DAYS)
        if is_moved and not self.errors and cleaned["reason"].strip():
            self._look_first(cleaned)
        return cleaned

    def _look_first(self, cleaned: dict[str, Any]) -> None:
        stored = Deadline.objects.get(pk=self.instance.pk)
        move = opening.preview_move(deadline=stored, due_on=cleaned["due_on"])
        effect = f"{stored.due_on}|{cleaned['due_on']}|{cleaned['fill_from']}|{move}"
        if cleaned["shown"] == effect:
            return
        self.add_error(None, _effect_in_words(stored, cleaned["due_on"], move))
        self.data = {**self.data, self.add_prefix("shown"): effect}


def _effect_in_words(stored: Deadline, due_on: Any, move: opening.Move) -> str:
    sentence = _(
        "还没有保存。截止日由 %(before)s改为 %(after)s：%(following)s 个还没有报送的区县随之改期"
        "并收到通知，其中 %(overdue)s 个会立即逾期；"
        "其余 %(keeping)s 个已报送、已通过或另有期限，不变。"
        "核对无误后请再按一次保存。"
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
        is_moving = obj and self.has_change_permission(request, obj)
        return (*days, "reason", "shown") if is_moving else days

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
