"""Self-checks in the admin: the list and the pages that hang on it; the year's board of all units,
and the nudge to those who have not submitted."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.refusals import Refused, Unusable, one_of, understood
from districts.access import SignedInRequest
from districts.admin.base import ViewOnly
from indicators import wording
from selfchecks.books import city_book
from selfchecks.files import offered_book
from selfchecks.models import Deadline, SelfCheck
from selfchecks.services import board, reminding
from selfchecks.services.board import STATE_LABELS

from .decide import DecidedView, DecideView
from .history import FoundByReceipt
from .review import EvidenceView, ReviewView
from .work import DeskView, WorkView, given_year

OVERDUE = "overdue"  # beside the states: what of them is late


class BoardView(DeskView):
    """GET shows a year; POST shows what would be sent, and sends it when confirmed."""

    template_name = "admin/selfchecks/board.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        (year, state), problem = understood(_asked, request.GET, {})
        if one_of(request.GET, "format", ["xlsx"]) and not problem:
            content = city_book(board.board(year, request.user))
            return offered_book(content, _("各区县自查结果-%s.xlsx") % year)
        return self.show(year, state, problem)

    def show(
        self,
        year: int,
        state: str = "",
        problem: Refused | None = None,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        found = board.board(year, self.request.user)
        lines = [line for line in found.lines if _is_asked_for(line, state)]
        context = {
            "title": _("%s 年度各区县进展") % year,
            "board": found,
            "lines": [(line, wording.VERDICTS.get(line.verdict, "")) for line in lines],
            "counts": [(code, STATE_LABELS[code], n) for code, n in found.counts.items() if n],
            "state": state,
            "years": Deadline.objects.values_list("year", flat=True),
            "ticked": sum(line.is_overdue for line in lines),
            "may_remind": self.request.user.role in reminding.MAY_REMIND
            and any(line.self_check and line.self_check.awaits_district for line in lines),
            "problem": problem,
            "refusal": refusal,
        }
        return self.render(context, refusal.status if refusal else 400 if problem else 200)

    def post(self, request: SignedInRequest) -> HttpResponse:
        year, problem = understood(asked_year, request.POST, {})
        if problem:
            return self.show(year, problem=problem)
        chosen, words = self.chosen(year), request.POST.get("words", "")
        if not chosen:
            messages.warning(request, _("请先勾选要催办的区县。"))
            return redirect(_address(year))
        try:
            if request.POST.get("do") == "send":
                return self.send(year, chosen, words)
            return self.preview(year, chosen, words)
        except Unusable as refusal:
            return self.preview(year, chosen, words, refusal)
        except Refused as refusal:
            return self.show(year, refusal=refusal)

    def preview(
        self, year: int, chosen: list[SelfCheck], words: str, refusal: Unusable | None = None
    ) -> HttpResponse:
        """Word for word what each would read; words that were refused stay to be mended."""
        by = self.request.user
        letters = reminding.preview(self_checks=chosen, by=by, words="" if refusal else words)
        context = {
            "title": _("催办预览"),
            "letters": letters,
            "year": year,
            "words": words.strip() or reminding.usual_words(by),
            "most": reminding.LONGEST,
            "refusal": refusal,
            "to_send": [letter for letter in letters if not letter.skipped_because],
        }
        status = refusal.status if refusal else 200
        return self.render(context, status, "admin/selfchecks/reminders.html")

    def send(self, year: int, chosen: list[SelfCheck], words: str) -> HttpResponse:
        done = reminding.remind(self_checks=chosen, by=self.request.user, words=words)
        reminded, skipped = len(done.reminded), len(done.skipped)
        sentence = ngettext("已催办 %s 个区县", "已催办 %s 个区县", reminded) % reminded
        if skipped:
            sentence += _("，%s 个今天已催办过或不需要催办") % skipped
        messages.success(self.request, f"{sentence}。")
        return redirect(_address(year))

    def chosen(self, year: int) -> list[SelfCheck]:
        keys = [key for key in self.request.POST.getlist("unit") if key.isalnum()]
        rows = SelfCheck.objects.visible_to(self.request.user).filter(
            year=year, district__code__in=keys
        )
        return list(rows.select_related("district").order_by("district__code"))


def _is_asked_for(line: board.Line, state: str) -> bool:
    return line.is_overdue if state == OVERDUE else state in ("", line.state)


def _asked(asked: Mapping[str, str]) -> tuple[int, str]:
    return asked_year(asked), one_of(asked, "state", (*STATE_LABELS, OVERDUE))


def asked_year(asked: Mapping[str, str]) -> int:
    """Without asking the newest with days set, else this one. Raises Unusable for one that cannot
    be."""
    if year := given_year(asked):
        return int(year)
    newest = Deadline.objects.order_by("-year").values_list("year", flat=True).first()
    return newest or timezone.localdate().year


def _address(year: int) -> str:
    return f"{reverse('admin:selfchecks_selfcheck_board')}?year={year}"


@admin.register(SelfCheck)
class SelfCheckAdmin(ViewOnly, FoundByReceipt):
    list_display = ("district", "year", "state", "due_on", "submitted_at", "inspector", "is_demo")
    list_display_links = ("district",)
    list_filter = (
        *("year", "state", ("inspector", admin.RelatedOnlyFieldListFilter)),
        *("district__region", "is_demo"),
    )
    list_select_related = ("district", "inspector")
    search_fields = ("district__sought",)

    def of_receipt(self, rows: QuerySet[Any], unit: str, year: int, number: int) -> QuerySet[Any]:
        return rows.filter(district__code=unit, year=year)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The review page is the page of a self-check."""
        key = int(object_id) if object_id.isdecimal() and len(object_id) < 12 else 0
        found = SelfCheck.objects.get_visible(request.user, pk=key)
        return redirect("admin:selfchecks_selfcheck_review", found.pk)

    def get_urls(self) -> list[Any]:
        return [
            WorkView.at("work/", "work", self),
            BoardView.at("board/", "board", self),
            ReviewView.at("<int:object_id>/review/", "review", self),
            DecideView.at("<int:object_id>/review/decide/<slug:step>/", "decide", self),
            DecidedView.at("<int:object_id>/review/decided/<int:number>/", "decided", self),
            EvidenceView.at("<int:object_id>/evidence/<int:item>/", "evidence", self),
            *super().get_urls(),
        ]
