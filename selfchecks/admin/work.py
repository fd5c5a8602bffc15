"""我的待办: what is overdue, what waits for review, what came back corrected."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from districts.models import District
from selfchecks.models import Part, ReviewEntry, SelfCheck, State
from selfchecks.services.blockers import played_other_part
from selfchecks.services.board import last_reminder

TEMPLATE = "admin/selfchecks/work.html"
SAVED = "work_filter_%s"  # the cookie that keeps a person's own filter, in this browser
A_YEAR = timedelta(days=365)
WITHIN = {"soon": timedelta(days=7), "month": timedelta(days=30)}


class Phases:
    """The plan's phases and the codes of their units; the room that knows the plan lends them."""

    choices: Callable[[], list[tuple[str, str]]] = list
    units: Callable[[str], list[str]] = list


@dataclass(frozen=True, slots=True)
class Filter:
    """What the lists are narrowed to; unknown values narrow nothing."""

    year: str = ""
    region: str = ""
    phase: str = ""
    due: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Filter":
        year, due = str(given.get("year", "")), str(given.get("due", ""))
        return cls(
            year=year if year.isdecimal() and len(year) == 4 else "",
            region=str(given.get("region", ""))[:40],
            phase=str(given.get("phase", ""))[:40],
            due=due if due in (*WITHIN, "past") else "",
        )

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.as_dict().items() if value})
        return query.urlencode()

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def apply(self, rows: QuerySet[SelfCheck], day: date) -> QuerySet[SelfCheck]:
        if self.year:
            rows = rows.filter(year=int(self.year))
        if self.region:
            rows = rows.filter(district__region=self.region)
        if codes := Phases.units(self.phase) if self.phase else []:
            rows = rows.filter(district__code__in=codes)
        if self.due in WITHIN:
            rows = rows.filter(due_on__range=(day, day + WITHIN[self.due]))
        return rows.filter(due_on__lt=day) if self.due == "past" else rows


@dataclass(frozen=True, slots=True)
class Work:
    """Self-checks with what their query added; each list has what waits longest first."""

    mine: list[Any] = field(default_factory=list)
    corrected: list[Any] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)
    overdue: list[Any] = field(default_factory=list)
    elsewhere: list[Any] = field(default_factory=list)


def work_of(viewer: Any, chosen: Filter = Filter(), day: date | None = None) -> Work:
    """One query for everything; the lists exclude each other."""
    day = day or timezone.localdate()
    found = Work()
    for row in chosen.apply(_rows(viewer), day):
        place = _place(found, row, viewer, day)
        if place is not None:
            place.append(row)
    return found


def _rows(viewer: Any) -> QuerySet[SelfCheck]:
    returned = ReviewEntry.objects.filter(self_check=OuterRef("pk"), step="send_back")
    rows: QuerySet[SelfCheck] = (
        SelfCheck.objects.visible_to(viewer)
        .exclude(state=State.APPROVED)
        .select_related("district", "inspector")
        .annotate(
            was_returned=Exists(returned),
            is_barred=played_other_part(Part.REVIEW, viewer),
            reminded_at=last_reminder(),
        )
        .order_by("due_on", "submitted_at", "district__code")
    )
    return rows


def _place(work: Work, row: Any, viewer: Any, day: date) -> list[Any] | None:
    if row.state == State.IN_REVIEW:
        return work.mine if row.inspector_id == viewer.pk else work.elsewhere
    if row.state == State.SUBMITTED:
        return work.corrected if row.was_returned else work.waiting
    return work.overdue if row.is_overdue(day) else None


def next_for(viewer: Any, after: SelfCheck) -> SelfCheck | None:
    """What this person should open next: their own, then corrected ones, then new ones."""
    found = work_of(viewer)
    fresh = [row for row in (*found.corrected, *found.waiting) if not row.is_barred]
    return next((row for row in (*found.mine, *fresh) if row.pk != after.pk), None)


class WorkView(View):
    """The page an inspector opens in the morning."""

    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        saved = self.saved()
        asked = request.GET if request.GET else saved
        chosen = Filter.read(asked)
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": _("我的待办"),
            "work": work_of(request.user, chosen),
            "chosen": chosen,
            "is_saved": bool(saved) and Filter.read(saved) == chosen,
            "has_saved": bool(saved),
            "years": self.years(),
            "regions": District.objects.order_by("region")
            .values_list("region", flat=True)
            .distinct(),
            "phases": Phases.choices(),
        }
        return TemplateResponse(request, TEMPLATE, context)

    def years(self) -> list[int]:
        rows = SelfCheck.objects.visible_to(self.request.user).order_by("-year")
        return list(rows.values_list("year", flat=True).distinct())

    @property
    def cookie(self) -> str:
        return SAVED % self.request.user.pk

    def saved(self) -> QueryDict:
        """What this person keeps in this browser; it outlives signing out."""
        return QueryDict(self.request.get_signed_cookie(self.cookie, ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the filter, or forget it."""
        response = redirect("admin:selfchecks_selfcheck_work")
        if request.POST.get("do") == "forget":
            response.delete_cookie(self.cookie)
            messages.success(request, _("已取消常用筛选。"))
            return response
        response.set_signed_cookie(
            self.cookie,
            Filter.read(request.POST.dict()).query,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        messages.success(request, _("已存为常用筛选,在这台电脑上下次打开先用它。"))
        return response
