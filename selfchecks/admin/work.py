"""我的待办: what is overdue, what waits for review, what came back corrected."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from audit.refusals import Unusable, one_of, understood
from districts.access import SignedInRequest
from districts.models import District, User
from districts.roles import Role
from districts.services.saved import opening
from selfchecks.models import Part, SelfCheck, State
from selfchecks.services.blockers import played_other_part
from selfchecks.services.opening import FIRST_YEAR, LAST_YEAR
from selfchecks.services.reminding import last_reminder
from selfchecks.services.undoing import standing
from selfchecks.workflow import RETURNING

WORK = "admin:selfchecks_selfcheck_work"
WITHIN = {"soon": timedelta(days=7), "month": timedelta(days=30)}


class Phases:
    """The plan's phases and the codes of their units; the room that knows the plan lends them."""

    choices: Callable[[], list[tuple[str, str]]] = list
    units: Callable[[str], list[str]] = list


class Filter(NamedTuple):
    """What the lists are narrowed to."""

    year: str = ""
    region: str = ""
    phase: str = ""
    due: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """Raises Unusable with what could be asked."""
        regions = District.objects.values_list("region", flat=True)
        return cls(
            year=given_year(asked),
            region=one_of(asked, "region", regions),
            phase=one_of(asked, "phase", _phases() if asked.get("phase") else ()),
            due=one_of(asked, "due", (*WITHIN, "past")),
        )

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self._asdict().items() if value})

    def apply(self, rows: QuerySet[SelfCheck], day: date) -> QuerySet[SelfCheck]:
        exact = {"year": self.year, "district__region": self.region}
        rows = rows.filter(**{path: value for path, value in exact.items() if value})
        if codes := Phases.units(self.phase) if self.phase else []:
            rows = rows.filter(district__code__in=codes)
        if self.due in WITHIN:
            rows = rows.filter(due_on__range=(day, day + WITHIN[self.due]))
        return rows.filter(due_on__lt=day) if self.due == "past" else rows


def _phases() -> list[str]:
    return [value for value, _label in Phases.choices()]


def given_year(asked: Mapping[str, str]) -> str:
    """Empty when not asked. Raises Unusable for one in which nobody reports."""
    text = asked.get("year", "")
    if text and text not in map(str, range(FIRST_YEAR, LAST_YEAR + 1)):
        sentence = _("没有「%(found)s」年度；年度是 %(first)s 到 %(last)s 之间的四位数字。")
        facts = {"found": text[:40], "first": FIRST_YEAR, "last": LAST_YEAR}
        raise Unusable.at("year", sentence % facts, code="bad_choice")
    return text


EVERYTHING = Filter()
LISTS = ("mine", "corrected", "waiting", "overdue", "elsewhere")


def work_of(viewer: User, chosen: Filter = EVERYTHING, day: date | None = None) -> dict[str, Any]:
    """The lists of the page from one query; they exclude each other, the oldest stand first."""
    day = day or timezone.localdate()
    found: dict[str, Any] = {
        name: [] for name in ("mine", "corrected", "waiting", "overdue", "elsewhere")
    }
    for row in chosen.apply(_rows(viewer), day).annotate(reminded_at=last_reminder()):
        place = _place(row, viewer, day)
        if place:
            found[place].append(row)
    return found


def tasks_of(viewer: User, found: Mapping[str, Any]) -> dict[str, Any]:
    """What of the lists is this person's to do: inspectors review, who sets deadlines reminds."""
    reviews = ("mine", "corrected", "waiting") if viewer.role == Role.INSPECTOR else ()
    reminders = ("overdue",) if viewer.has_perm("selfchecks.change_deadline") else ()
    return {name: found[name] for name in (*reviews, *reminders) if found[name]}


def _rows(viewer: User) -> QuerySet[SelfCheck]:
    returned = standing(RETURNING).filter(self_check=OuterRef("pk"))
    rows: QuerySet[SelfCheck] = (
        SelfCheck.objects.visible_to(viewer)
        .exclude(state__in=(State.APPROVED, State.CLOSED))
        .select_related("district", "inspector")
        .annotate(
            was_returned=Exists(returned),
            is_barred=played_other_part(Part.REVIEW, viewer),
        )
        .order_by("due_on", "submitted_at", "district__code")
    )
    return rows


def _place(row: Any, viewer: User, day: date) -> str:
    if row.state == State.IN_REVIEW:
        return "mine" if row.inspector_id == viewer.pk else "elsewhere"
    if row.state == State.SUBMITTED:
        return "corrected" if row.was_returned else "waiting"
    return "overdue" if row.is_overdue(day) else ""


def next_for(viewer: User, after: SelfCheck) -> SelfCheck | None:
    """What this person should open next: their own, then corrected ones, then new ones."""
    own = Q(state=State.IN_REVIEW, inspector=viewer)
    rows = _rows(viewer).filter(own | Q(state=State.SUBMITTED, is_barred=False))
    day = timezone.localdate()
    order = {name: rank for rank, name in enumerate(LISTS)}
    return min(
        rows.exclude(pk=after.pk), key=lambda row: order[_place(row, viewer, day)], default=None
    )


class DeskView(View):
    """A page that hangs on a list, that of self-checks for most, for whoever may see that list."""

    model_admin: Any = None
    keeps_text: tuple[str, ...] = ()
    template_name = ""
    request: SignedInRequest

    @classmethod
    def at(cls, address: str, name: str, model_admin: Any) -> URLPattern:
        """Where it hangs; the resolver tells which model it is about, as for Django's own pages."""
        page: Any = cls.as_view(model_admin=model_admin)
        page.model_admin, page.keeps_text = model_admin, cls.keeps_text
        guarded = model_admin.admin_site.admin_view(page)
        about = model_admin.opts
        return path(address, guarded, name=f"{about.app_label}_{about.model_name}_{name}")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        self.find(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def find(self, **named: int) -> None:
        """What the address names."""

    def render(self, context: Any, status: int = 200, template: str = "") -> HttpResponse:
        site = self.model_admin.admin_site.each_context(self.request)
        context = {**site, "opts": self.model_admin.opts, **context}
        return TemplateResponse(
            self.request, template or self.template_name, context, status=status
        )


class WorkView(DeskView):
    """The page an inspector opens in the morning."""

    template_name = "admin/selfchecks/work.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked: Any = request.GET or opening(request.user, WORK)
        chosen, problem = understood(Filter.read, asked, {})
        regions = District.objects.order_by("region").values_list("region", flat=True)
        years = SelfCheck.objects.visible_to(request.user).order_by("-year")
        context = {
            "title": _("我的待办"),
            "work": work_of(request.user, chosen),
            "reviews": request.user.role == Role.INSPECTOR,
            "chosen": chosen,
            "years": years.values_list("year", flat=True).distinct(),
            "regions": regions.distinct(),
            "phases": Phases.choices(),
            "problem": problem,
        }
        return self.render(context, 400 if problem else 200)
