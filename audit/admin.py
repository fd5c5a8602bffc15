"""The audit trail in the admin: everybody allowed may read and filter it, nobody may touch it."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from import_export import resources

from . import words
from .exporting import ExportAdmin
from .models import FOUND_BY, Entry
from .signing import fault_of_entry, signed_text
from .wording import changes_of, object_kind, object_name, reason_of, unit_name

COLUMNS: tuple[tuple[str | Promise, Callable[[Entry], Any]], ...] = (
    (_("序号"), attrgetter("number")),
    (_("时间"), attrgetter("at")),  # the renderers write the moment with its time zone
    (_("账号"), attrgetter("actor")),
    (_("姓名"), attrgetter("actor_name")),
    (_("区县代码"), attrgetter("district_code")),
    (_("区县"), unit_name),
    (_("另一区县代码"), attrgetter("other_district_code")),
    (_("动作代码"), attrgetter("action")),
    (_("动作"), lambda entry: words.action_name(entry.action)),
    (_("对象类型代码"), attrgetter("object_type")),
    (_("对象类型"), object_kind),
    (_("对象编号"), attrgetter("object_id")),
    (_("对象"), object_name),
    (_("变化"), lambda entry: "\n".join(map(str, changes_of(entry)))),
    (_("变化原文"), attrgetter("changes")),
    (_("原因"), attrgetter("reason")),
    (_("请求编号"), attrgetter("request_id")),
    (_("来源地址"), attrgetter("address")),
    (_("上一条指纹"), attrgetter("previous_hash")),
    (_("指纹"), attrgetter("hash")),
)


class EntryExport(resources.ModelResource):
    """Only goes out. ``viewer`` is anybody who may read the trail: it is one for the whole city."""

    class Meta:
        model = Entry

    def __init__(self, viewer: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def get_export_headers(self, **kwargs: Any) -> list[str]:
        return [str(header) for header, _read in COLUMNS]

    def export_resource(self, instance: Entry, **kwargs: Any) -> list[Any]:
        return [read(instance) for _header, read in COLUMNS]


def person_in_words(entry: Entry) -> str:
    names = {"name": entry.actor_name, "note": entry.actor}
    return _("%(name)s（%(note)s）") % names if all(names.values()) else "".join(names.values())


def history_of(entry: Entry) -> str:
    """Where all entries of its object stand; nowhere for what is gone or has no page of its own."""
    room, _dot, name = entry.object_type.partition(".")
    model, key = apps.all_models.get(room, {}).get(name), entry.object_id
    if not (model and key.isdecimal() and model._base_manager.filter(pk=key).exists()):
        return ""
    try:
        return reverse(f"admin:{room}_{name}_history", args=[key])
    except NoReverseMatch:
        return ""


class _ValueFilter(admin.SimpleListFilter):
    """Choices are the values that occur, in words."""

    parameter_name: str

    def values(self) -> Iterable[str]:
        found = Entry.objects.order_by(self.parameter_name).distinct()
        return filter(None, found.values_list(self.parameter_name, flat=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        value = self.value()
        return queryset.filter(**{self.parameter_name: value}) if value else queryset


class UnitFilter(_ValueFilter):
    title = _("区县")
    parameter_name = "district_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Under the names of today."""
        left = Entry.objects.exclude(other_district_code="").order_by()
        codes = sorted({*self.values(), *left.values_list("other_district_code", flat=True)})
        names = words.names_of(codes)
        return [(code, names.get(code, code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        code = self.value()
        return queryset & Entry.objects.of_unit(code) if code else queryset


class PersonFilter(_ValueFilter):
    title = _("人员")
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Under the newest name written beside each login name."""
        rows = Entry.objects.exclude(actor="").order_by("actor")
        newest = rows.values("actor").annotate(number=Max("number")).values("number")
        named = Entry.objects.filter(number__in=newest).order_by("actor")
        return [(entry.actor, person_in_words(entry)) for entry in named]


class ActionFilter(_ValueFilter):
    title = _("动作")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(action, capfirst(words.action_name(action))) for action in self.values()]


@admin.register(Entry)
class EntryAdmin(ExportAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    resource_classes = (EntryExport,)
    list_display = ("number", "moment", "person", "unit", "action_words", "object_words", "why")
    list_display_links = ("number", "object_words")
    list_filter = (("at", admin.DateFieldListFilter), ActionFilter, PersonFilter, UnitFilter)
    search_fields = (*FOUND_BY, "object_id", "actor_name")
    search_help_text = _("按对象、人员、原因、回执编号、请求编号或来源地址查找")
    fields = (
        ("number", "moment"),
        "person",
        "unit",
        "action_words",
        "object_in_words",
        "changes_in_words",
        "why",
        "signature_in_words",
        ("address", "request_id"),
        "previous_hash",
        "hash",
    )
    change_form_template = "admin/audit/entry.html"
    list_per_page = 50
    show_full_result_count = False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, {"subtitle": None})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """An entry is history itself."""
        return redirect("admin:audit_entry_change", object_id)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    @admin.display(description=_("时间"), ordering="number")
    def moment(self, entry: Entry) -> str:
        return date_format(timezone.localtime(entry.at), "DATETIME_FORMAT")

    @admin.display(description=_("人员"), ordering="actor")
    def person(self, entry: Entry) -> str:
        return person_in_words(entry) if entry.actor else str(_("系统"))

    @admin.display(description=_("区县"), ordering="district_code")
    def unit(self, entry: Entry) -> str:
        return unit_name(entry)

    @admin.display(description=_("动作"), ordering="action")
    def action_words(self, entry: Entry) -> str:
        return str(capfirst(words.action_name(entry.action)))

    @admin.display(description=_("对象"), ordering="object_label")
    def object_words(self, entry: Entry) -> str:
        return object_name(entry)

    @admin.display(description=_("对象"))
    def object_in_words(self, entry: Entry) -> SafeString | str:
        if not entry.object_type:
            return object_name(entry)
        told = f"{object_name(entry)} ({object_kind(entry)} {entry.object_id})"
        address = history_of(entry)
        return format_html('<a href="{}">{}</a>', address, told) if address else told

    @admin.display(description=_("原因"), ordering="reason")
    def why(self, entry: Entry) -> str:
        return reason_of(entry)

    @admin.display(description=_("变化"))
    def changes_in_words(self, entry: Entry) -> SafeString | str:
        return changes_table(entry) if entry.changes else ""

    @admin.display(description=_("签名"))
    def signature_in_words(self, entry: Entry) -> SafeString | str:
        """With all that OpenSSL asks for to say the same."""
        if not entry.signature:
            return ""
        fault = fault_of_entry(entry)
        told = (entry.signature["algorithm"], entry.signature["key"], entry.signature["value"])
        return format_html(
            "<p>{}</p><p>{}, {}<br><code>{}</code></p>"
            "<details><summary>{}</summary><pre>{}</pre></details>",
            fault or _("签名有效"),
            *told,
            _("所签的内容"),
            signed_text(entry),
        )


def changes_table(entry: Entry) -> SafeString:
    """What was changed, one row per field; a pair is before and after."""
    rows = ((change.name, change.before or "", change.after) for change in changes_of(entry))
    return format_html(
        "<table><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th><th scope='col'>{}</th>"
        "</tr></thead><tbody>{}</tbody></table>",
        _("项目"),
        _("原来"),
        _("现在"),
        format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>", rows),
    )
