"""The municipal inspectors' admin: Django's own, in the portal's name and scope."""

from typing import Any, NamedTuple

from django.contrib.admin import AdminSite, autodiscover
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.i18n import JavaScriptCatalog

from districts.access import person_of

ORDER = ("selfchecks", "schedule", "papers", "indicators", "districts", "audit")

# The ways at the left: character, name, page, and the permission it needs.
WAYS: tuple[tuple[str, Any, str, str], ...] = (
    ("今", pgettext_lazy("menu", "今日"), "index", ""),
    ("核", pgettext_lazy("menu", "复核"), "selfchecks_selfcheck_work", "selfchecks.view_selfcheck"),
    (
        "图",
        pgettext_lazy("menu", "图册"),
        "schedule_planversion_atlas",
        "schedule.view_planversion",
    ),
    (
        "进",
        pgettext_lazy("menu", "进展"),
        "selfchecks_selfcheck_board",
        "selfchecks.view_selfcheck",
    ),
    (
        "划",
        pgettext_lazy("menu", "规划"),
        "schedule_planversion_changelist",
        "schedule.view_planversion",
    ),
    (
        "认",
        pgettext_lazy("menu", "认定"),
        "schedule_certificationevent_changelist",
        "schedule.view_certificationevent",
    ),
    (
        "表",
        pgettext_lazy("menu", "结果"),
        "selfchecks_unitresult_changelist",
        "selfchecks.view_unitresult",
    ),
    ("校", pgettext_lazy("menu", "学校"), "districts_school_changelist", "districts.view_school"),
    ("号", pgettext_lazy("menu", "账号"), "districts_user_changelist", "districts.view_user"),
    ("迹", pgettext_lazy("menu", "审计"), "audit_entry_changelist", "audit.view_entry"),
    ("务", pgettext_lazy("menu", "后台"), "jobs", "audit.view_jobrun"),
    ("…", pgettext_lazy("menu", "全部数据"), "data", ""),
)
# Shown beside days and times where the clock of the browser is not Beijing's; Django's own words
# speak of a server.
CLOCKS: dict[str, Any] = {
    "Note: You are %s hour ahead of server time.": _(
        "这里的日期和时间是北京时间；您的设备比北京时间快 %s 小时。"
    ),
    "Note: You are %s hour behind server time.": _(
        "这里的日期和时间是北京时间；您的设备比北京时间慢 %s 小时。"
    ),
}
TASKS = "django_tasks_db.models.DBTaskResult"  # of the machinery; people have the page of jobs
REVIEWS = "selfchecks_selfcheck_changelist"  # what hangs on the list of self-checks is reviewing


class Way(NamedTuple):
    glyph: str
    name: Any
    address: str
    is_current: bool


class WordsOfScripts(JavaScriptCatalog):
    def get_catalog(self) -> dict[str, Any]:
        return super().get_catalog() | {name: str(words) for name, words in CLOCKS.items()}


class PortalAdminSite(AdminSite):
    site_header = _("优质均衡督导评估 · 市级管理")
    site_title = _("市级管理")
    index_title = _("工作台")
    enable_nav_sidebar = False  # the list of models has a page of its own
    _is_whole = False

    @property
    def _registry(self) -> Any:
        """Put together when somebody first asks: a command that shows no page does without."""
        if not self._is_whole:
            self._is_whole = True
            autodiscover()
            self.unregister(import_string(TASKS))
        return self._models

    @_registry.setter
    def _registry(self, models: Any) -> None:
        self._models = models

    def get_urls(self) -> list[Any]:
        data = path("data/", self.admin_view(self.data), name="data")
        jobs = path("jobs/", self.admin_view(self.jobs), name="jobs")
        self._lend_lists()
        return [data, jobs, *super().get_urls()]

    def _lend_lists(self) -> None:
        """Views of every list can be kept."""
        from districts.services import saved

        for model in self._registry:
            about = model._meta
            page = f"admin:{about.app_label}_{about.model_name}_changelist"
            saved.PAGES[page] = about.verbose_name_plural

    def data(self, request: HttpRequest) -> TemplateResponse:
        """Every list the person may open."""
        context = self.each_context(request)
        facts = {"title": _("全部数据"), "app_list": context["available_apps"]}
        return TemplateResponse(request, "admin/data.html", {**context, **facts})

    def jobs(self, request: HttpRequest) -> HttpResponse:
        from .jobs_page import jobs_page

        return jobs_page(request, self.each_context(request))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "rail": lambda: ways(request)}

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The portal has one page for signing in; who is signed in and not municipal is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("市级管理供市级人员使用；您的账号不能进入。"))
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return WordsOfScripts.as_view(packages=["django.contrib.admin"])(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("password_change")

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        from audit.refusals import Refused
        from audit.shown import kept, last_act
        from audit.verified import Verified
        from improvement.services.ledger_city import at_city
        from improvement.services.voices import waiting_for_city
        from schedule.desk import desk_on
        from schedule.services.reading import today
        from selfchecks.admin.work import tasks_of, work_of
        from selfchecks.bureau.notices import unread_lines

        context = extra_context or {}
        if request.user.has_perm("selfchecks.view_notice"):
            context["unread"] = unread_lines(person_of(request))
        if request.user.has_perm("audit.view_entry"):
            context["verified"] = Verified.last()
        if request.user.has_perm("selfchecks.view_selfcheck"):
            context["work"] = work_of(person_of(request))
            context["tasks"] = tasks_of(person_of(request), context["work"])
        if request.user.has_perm("schedule.add_guidance"):
            role = person_of(request).role
            context["ledger"] = kept(f"ledger-{role}-{last_act()}", lambda: at_city(role))
        if request.user.has_perm("improvement.view_feedback"):
            context["voices"] = kept(f"voices-{last_act()}", waiting_for_city)
        if request.user.has_perm("schedule.view_planversion"):
            try:
                context["desk"] = desk_on(today())
            except Refused as refusal:
                context["no_desk"] = refusal
        return super().index(request, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Django asks for it on every page; it is put together for those that show it."""
        return SimpleLazyObject(lambda: self._app_list(request, app_label))

    def _app_list(self, request: HttpRequest, app_label: str | None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(ORDER)}
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(ORDER)))


def ways(request: HttpRequest) -> list[Way]:
    """Where the person may go, and which of it they are at: the nearest page above this one."""
    allowed = [way for way in WAYS if not way[3] or request.user.has_perm(way[3])]
    addresses = {way[2]: reverse(f"admin:{way[2]}") for way in allowed}
    above = {address: name for name, address in addresses.items() if name != "index"}
    above |= {reverse("admin:index"): "data"}
    if "selfchecks_selfcheck_work" in addresses:
        above[reverse(f"admin:{REVIEWS}")] = "selfchecks_selfcheck_work"
    nearest = max((a for a in above if request.path.startswith(a)), key=len, default="")
    here = "index" if request.path == addresses["index"] else above.get(nearest)
    return [Way(way[0], way[1], addresses[way[2]], way[2] == here) for way in allowed]
