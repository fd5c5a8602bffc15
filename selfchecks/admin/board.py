"""The year's board of all units, and the nudge to those who have not submitted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from audit.refusals import Refused
from indicators import wording
from selfchecks.models import Deadline, SelfCheck
from selfchecks.services import board
from selfchecks.services.board import MAY_REMIND, STATE_LABELS
from selfchecks.services.opening import FIRST_YEAR, LAST_YEAR

TEMPLATE = "admin/selfchecks/board.html"
PREVIEW = "admin/selfchecks/reminders.html"
OVERDUE = "overdue"  # beside the states: what of them is late


class BoardView(View):
    """GET shows a year; POST shows what would be sent, and sends it when confirmed."""

    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(_year(request.GET.get("year", "")))

    def show(self, year: int, refusal: Refused | None = None) -> HttpResponse:
        found = board.board(year, self.request.user)
        state = self.request.GET.get("state", "")
        lines = [line for line in found.lines if _is_asked_for(line, state)]
        context = {
            "board": found,
            "lines": [(line, wording.VERDICTS.get(line.verdict, "")) for line in lines],
            "counts": [(code, STATE_LABELS[code], n) for code, n in found.counts.items() if n],
            "state": state,
            "years": Deadline.objects.values_list("year", flat=True),
            "ticked": sum(line.is_overdue for line in lines),
            "may_remind": self.request.user.role in MAY_REMIND,
            "refusal": refusal,
        }
        title = _("%s 年度各区县进展") % year
        return self.render(TEMPLATE, refusal.status if refusal else 200, title=title, **context)

    def post(self, request: HttpRequest) -> HttpResponse:
        year = _year(request.POST.get("year", ""))
        chosen = self.chosen(year)
        try:
            if request.POST.get("do") == "send":
                return self.send(year, chosen)
            letters = board.preview_reminders(self_checks=chosen, by=request.user)
        except Refused as refusal:
            return self.show(year, refusal)
        if not chosen:
            messages.warning(request, _("请先勾选要催办的区县。"))
            return redirect(_address(year))
        context = {"letters": letters, "year": year, "title": _("催办预览")}
        context["to_send"] = [letter for letter in letters if not letter.skipped_because]
        return self.render(PREVIEW, 200, **context)

    def send(self, year: int, chosen: list[SelfCheck]) -> HttpResponse:
        done = board.remind(self_checks=chosen, by=self.request.user)
        told, skipped = len(done.told), len(done.skipped)
        sentence = ngettext("已催办 %s 个区县", "已催办 %s 个区县", told) % told
        if skipped:
            sentence += _(",%s 个今天已催办过或不需要催办") % skipped
        messages.success(self.request, f"{sentence}。")
        return redirect(_address(year))

    def chosen(self, year: int) -> list[SelfCheck]:
        keys = [key for key in self.request.POST.getlist("unit") if key.isalnum()]
        rows = SelfCheck.objects.visible_to(self.request.user).filter(
            year=year, district__code__in=keys
        )
        return list(rows.select_related("district").order_by("district__code"))

    def render(self, template: str, status: int, **context: Any) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)


def _is_asked_for(line: board.Line, state: str) -> bool:
    return line.is_overdue if state == OVERDUE else state in ("", line.state)


def _year(text: str) -> int:
    """The year asked for; else the newest with days set, else this one."""
    if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    newest = Deadline.objects.order_by("-year").values_list("year", flat=True).first()
    return newest or timezone.localdate().year


def _address(year: int) -> str:
    return f"{reverse('admin:selfchecks_selfcheck_board')}?year={year}"
