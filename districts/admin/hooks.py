"""Addresses of systems to which changes are sent, and the log, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from districts.access import SignedInRequest
from districts.hooks import kinds
from districts.models import Delivery, Hook, User
from districts.roles import Role
from districts.services import hooks
from districts.wording import listed

from .base import ServiceAdmin, ServiceForm


class HookForm(ServiceForm):
    kinds = forms.MultipleChoiceField(
        label=_("内容"),
        required=False,
        choices=lambda: list(kinds().items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个都不选，就推送全部。"),
    )


class KeptByKeeper(ServiceAdmin):
    """Lists whose actions change rows; one row is only looked at."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def did(self, request: SignedInRequest, verb: Any, rows: Any) -> list[Any]:
        """What came of each row; a refusal becomes a message."""
        done = []
        for row in rows:
            try:
                done.append(verb(row))
            except Refused as refusal:
                told = _("%(name)s：%(value)s") % {"name": row, "value": refusal}
                self.message_user(request, told, messages.ERROR)
        return done


@admin.register(Hook)
class HookAdmin(KeptByKeeper):
    list_display = ("url", "user", "kind_words", "district", "state", "position", "next_at")
    list_filter = ("ended", "district")
    list_select_related = ("user", "district")
    search_fields = ("url", "user__username", "user__display_name")
    search_help_text = _("按地址、账号或姓名查找")
    fields = (*list_display, "created_at", "failures", "failing_since")
    actions = ("end", "resume", "renew")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("user", "url", "kinds", "district")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = HookForm
        return super().get_form(request, obj, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True, role=Role.CLIENT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Hook, form: Any, change: bool) -> None:
        obj.origin = request.build_absolute_uri("/")
        super().save_model(request, obj, form, change)

    def create(self, obj: Hook, **asked: Any) -> Hook:
        made = hooks.register(origin=obj.origin, **asked)
        obj.secret = made.secret
        return made

    def response_add(self, request: HttpRequest, obj: Hook, *args: Any) -> HttpResponse:
        return self._shown(request, [obj])

    @admin.display(description=_("状态"), ordering="ended")
    def state(self, hook: Hook) -> Any:
        if hook.ended:
            return hook.get_ended_display()
        return _("连续失败 %s 次") % hook.failures if hook.failures else _("在用")

    @admin.display(description=_("内容"))
    def kind_words(self, hook: Hook) -> str:
        names = kinds()
        return listed(names.get(name, name) for name in hook.kinds) or str(_("全部"))

    @admin.action(description=_("停用所选推送地址"), permissions=["change"])
    def end(self, request: SignedInRequest, queryset: QuerySet[Hook]) -> None:
        done = self.did(request, lambda hook: hooks.end(hook=hook, by=request.user), queryset)
        self.message_user(request, _("已停用 %s 个推送地址。") % len(done))

    @admin.action(description=_("恢复所选推送地址，从停下的地方继续"), permissions=["change"])
    def resume(self, request: SignedInRequest, queryset: QuerySet[Hook]) -> None:
        done = self.did(request, lambda hook: hooks.resume(hook=hook, by=request.user), queryset)
        self.message_user(request, _("已恢复 %s 个推送地址。") % len(done))

    @admin.action(description=_("更换所选推送地址的密钥"), permissions=["change"])
    def renew(self, request: SignedInRequest, queryset: QuerySet[Hook]) -> HttpResponse | None:
        done = self.did(request, lambda hook: hooks.renew(hook=hook, by=request.user), queryset)
        return self._shown(request, done) if done else None

    def _shown(self, request: HttpRequest, given: list[Hook]) -> HttpResponse:
        title = _("推送密钥（只显示这一次）")
        return self.shown_once(request, "hooks", title=title, given=given)


@admin.register(Delivery)
class DeliveryAdmin(KeptByKeeper):
    list_display = ("at", "hook", "number", "action", "is_ok", "answered", "seconds", "why")
    list_filter = ("is_ok", ("at", admin.DateFieldListFilter), "hook")
    list_select_related = ("hook",)
    search_fields = ("hook__url", "=number")
    search_help_text = _("按地址或改动序号查找")
    fields = list_display
    actions = ("replay",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("应答"), ordering="status")
    def answered(self, row: Delivery) -> int | None:
        return row.status  # a number, not a state

    @admin.display(description=_("原因"), ordering="fault")
    def why(self, row: Delivery) -> str:
        return row.why

    @admin.action(description=_("从所选记录起重发"), permissions=["change"])
    def replay(self, request: SignedInRequest, queryset: QuerySet[Delivery]) -> None:
        """From the first of the chosen ones of each address."""
        first = {row.hook: row.number for row in queryset.order_by("-number")}
        done = self.did(
            request,
            lambda hook: hooks.replay(hook=hook, after=first[hook] - 1, by=request.user),
            first,
        )
        self.message_user(request, _("%s 个推送地址从所选记录起重发。") % len(done))
