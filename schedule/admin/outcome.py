"""Look-backs, grants, consequences and guidance in the admin: rows are added, never rewritten."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, Stale
from districts.admin.base import SEEN, ServiceAdmin, ServiceForm, ViewOnly
from districts.wording import day_text, grouped
from improvement.admin.steps import Flowing
from indicators.choosing import of_resources
from schedule.look_back_words import GRANT_LOOKS
from schedule.models import (
    Consequence,
    Grant,
    GrantDecision,
    Guidance,
    GuidanceEntry,
    LookBack,
    MonitoringRound,
)
from schedule.services import consequences, grants, monitoring, urging, voiding
from schedule.services.reading import today


class AddOnly(ServiceAdmin):
    """What was recorded stays; what is wrong is answered by another row."""

    given: tuple[str, ...] = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.given if obj is None else (*self.given, *self.readonly_fields)


class Followed:
    """Mixin: the row's own page tells what was recorded about it since, and takes the next of it.

    ``followers`` is where those rows are found, ``names_it`` their field that names the row.
    """

    followers, names_it = "", ""
    change_form_template: Any = "admin/schedule/followed.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        own: Any = self
        row = own.get_object(request, object_id)
        page = own.admin_site.get_model_admin(getattr(own.model, self.followers).rel.related_model)
        context = {
            "followers": getattr(row, self.followers).all() if row else (),
            "followed_by": page.opts,
            "names_it": self.names_it,
            "may_follow": page.has_add_permission(request),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc]


@admin.register(LookBack)
class LookBackAdmin(ViewOnly, ServiceAdmin):
    list_display = ("district", "year", "origin", "grade", "state", "due_on", "page")
    list_filter = ("state", "grade", "origin", "year")
    search_fields = ("district__sought", "school_name")
    readonly_fields = ("page",)

    @admin.display(description=_("办理"))
    def page(self, case: LookBack) -> Any:
        address = reverse("look-back", args=[case.pk])
        return format_html('<a href="{}">{}</a>', address, _("打开"))


class StandingFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return grants.STATES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        found = grants.standings(queryset)
        return queryset.filter(pk__in=[one.grant.pk for one in found if one.state == self.value()])


@admin.register(Grant)
class GrantAdmin(Followed, AddOnly):
    followers, names_it = "decisions", "grant"
    list_display = ("district", "amount", "issued_on", "due_on", "standing", "document_number")
    list_filter = (StandingFilter, "district__region")
    search_fields = ("district__sought", "document_number", "purpose")
    given = grants.GRANT_FIELDS
    readonly_fields = ("due_on", "standing", "recovered", "recorded_by", "recorded_at")

    def create(self, obj: Grant, **asked: Any) -> Grant:
        return grants.issue(**asked)

    @admin.display(description=_("期限"))
    def due_on(self, grant: Grant) -> Any:
        return day_text(_of(grant).due_on)

    @admin.display(description=_("状态"))
    def standing(self, grant: Grant) -> Any:
        state = _of(grant).state
        look, glyph = GRANT_LOOKS[state]
        chip = '<span class="st is-{}"><i aria-hidden="true">{}</i>{}</span>'
        return format_html(chip, look, glyph, grants.STANDINGS[state])

    @admin.display(description=_("已追回（元）"))
    def recovered(self, grant: Grant) -> Any:
        return grouped(_of(grant).recovered)


def _of(grant: Any) -> grants.Standing:
    """Asked once a row, whichever columns show it."""
    if not hasattr(grant, "now"):
        grant.now = grants.standing_of(grant)
    return grant.now


class DecisionForm(ServiceForm):
    """Remembers which decisions there were when it was shown; the grant is chosen in it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial[SEEN] = grants.newest_decision()

    def _repeat(self, refusal: Refused) -> None:
        super()._repeat(refusal)
        if isinstance(refusal, Stale):  # whoever sends it again has read that
            self.data = {**self.data.dict(), SEEN: self.initial[SEEN]}  # type: ignore[attr-defined]


@admin.register(GrantDecision)
class GrantDecisionAdmin(AddOnly):
    form = DecisionForm
    list_display = ("grant", "kind", "day", "due_on", "amount", "document_number")
    list_filter = ("kind",)
    search_fields = ("grant__district__sought", "document_number")
    given = grants.DECISION_FIELDS
    readonly_fields = ("recorded_by", "recorded_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if obj else (*fields, SEEN)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.seen = form.cleaned_data[SEEN]
        super().save_model(request, obj, form, change)

    def create(self, obj: Any, **asked: Any) -> GrantDecision:
        seen = None if obj.seen is None else grants.tag_of(asked["grant"], obj.seen)
        return grants.decide(expected=seen, **asked)


class Voidable(Flowing, AddOnly):
    """What was recorded wrongly is voided on a page of its own."""

    flow, service = (voiding.VOID,), voiding
    marks = ("voided_by", "voided_at", "void_reason")


@admin.register(Consequence)
class ConsequenceAdmin(Voidable):
    list_display = ("district", "kind", "form", "day", "document_number", "voided_at")
    list_filter = ("kind", "form")
    search_fields = ("district__sought", "document_number")
    given = consequences.CONSEQUENCE_FIELDS
    readonly_fields = ("recorded_by", "recorded_at", *Voidable.marks)

    def create(self, obj: Consequence, **asked: Any) -> Consequence:
        return consequences.record_consequence(**asked)


@admin.register(Guidance)
class GuidanceAdmin(Followed, Voidable):
    followers, names_it = "entries", "guidance"
    change_list_template = "admin/schedule/guidance_change_list.html"
    list_display = ("district", "kind", "group", "begun_on", "ended_on", "voided_at")
    list_filter = ("kind", "group")
    search_fields = ("district__sought", "group")
    given = consequences.GUIDANCE_FIELDS
    readonly_fields = ("ended_on", "begun_by", *Voidable.marks)

    def create(self, obj: Guidance, **asked: Any) -> Guidance:
        return consequences.begin_guidance(**asked)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        found = {"proposals": urging.proposals(today()), **(extra_context or {})}
        return super().changelist_view(request, found)


class RoundForm(ServiceForm):
    indicators = forms.MultipleChoiceField(
        label=_("重点指标"),
        choices=of_resources,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("监测这几项的校际差异系数；同一份名单用于对区县政府履行教育职责的评价。"),
    )


@admin.register(MonitoringRound)
class MonitoringRoundAdmin(AddOnly):
    form = RoundForm
    list_display = ("year", "due_on", "document_number", "page")
    given = monitoring.ROUND_FIELDS
    readonly_fields = ("page", "opened_by", "opened_at")

    def create(self, obj: MonitoringRound, **asked: Any) -> MonitoringRound:
        return monitoring.open_round(**asked)

    @admin.display(description=_("各区县"))
    def page(self, one: MonitoringRound) -> Any:
        address = reverse("monitoring")
        return format_html('<a href="{}?year={}">{}</a>', address, one.year, _("打开"))


@admin.register(GuidanceEntry)
class GuidanceEntryAdmin(AddOnly):
    list_display = ("guidance", "kind", "day", "due_on")
    list_filter = ("kind",)
    search_fields = ("guidance__district__sought", "words")
    given = consequences.ENTRY_FIELDS
    readonly_fields = ("recorded_by", "recorded_at")

    def create(self, obj: GuidanceEntry, **asked: Any) -> GuidanceEntry:
        return consequences.note_guidance(**asked)
