"""Accounts in the admin: opened, changed, closed and given new passwords through services."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from districts.access import SignedInRequest
from districts.models import User
from districts.services import people
from districts.wording import listed

from .base import SEEN, SeenForm, ServiceAdmin


class UserForm(SeenForm):
    tag_of = staticmethod(people.tag_of)


@admin.register(User)
class UserAdmin(ServiceAdmin):
    form = UserForm
    list_display = (
        "username",
        "display_name",
        "role",
        "reach",
        "district",
        "is_active",
        "last_login",
    )
    list_display_links = ("username", "display_name")
    list_filter = ("role", "is_active", "reach", "is_demo", "district")
    list_select_related = ("district",)
    search_fields = ("username", "display_name", "email", "district__name")
    search_help_text = _("按账号、姓名、邮箱或区县查找")
    readonly_fields = ("is_active", "last_login", "created_at", "is_demo")
    actions = ("disable", "enable", "reset_password")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        who = {"fields": (SEEN, "username", "display_name", "email")}
        place = {
            "fields": ("role", "reach", "district"),
            "description": _("填报员和审签人属于一个区县;督学、管理员和审计员管全市。"),
        }
        known = {"fields": ("is_active", "last_login", "created_at", "is_demo")}
        sections = [(None, who), (_("角色与范围"), place)]
        return [*sections, (_("使用情况"), known)] if obj else sections

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "username") if obj else self.readonly_fields

    def create(self, obj: User, **asked: Any) -> User:
        created, obj.new_password = people.create_user(**asked)
        return created

    def update(self, obj: User, **asked: Any) -> None:
        people.update_user(user=obj, **asked)

    def response_add(self, request: HttpRequest, obj: User, *args: Any) -> HttpResponse:
        return self._show_once(request, [(obj, obj.new_password)])

    @admin.action(description=_("停用所选账号"), permissions=["change"])
    def disable(self, request: SignedInRequest, queryset: QuerySet[User]) -> None:
        done = [user for user in queryset if self._dared(request, people.disable_user, user)]
        if done:
            names = listed(done)
            self.message_user(request, _("已停用:%s。会话和令牌已同时结束。") % names)

    @admin.action(description=_("启用所选账号并给新密码"), permissions=["change"])
    def enable(self, request: SignedInRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._give_passwords(request, people.enable_user, queryset)

    @admin.action(description=_("给所选账号换新密码"), permissions=["change"])
    def reset_password(
        self, request: SignedInRequest, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        return self._give_passwords(request, people.reset_password, queryset)

    def _give_passwords(
        self, request: SignedInRequest, verb: Any, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        given = [(user, self._dared(request, verb, user)) for user in queryset]
        given = [(user, password) for user, password in given if password]
        return self._show_once(request, given) if given else None

    def _dared(self, request: SignedInRequest, verb: Any, user: User) -> Any:
        """What the service answers; a refusal becomes a message and None."""
        try:
            return verb(user=user, by=request.user) or True
        except Refused as refusal:
            self.message_user(request, f"{user}:{refusal}", messages.ERROR)
            return None

    def _show_once(self, request: HttpRequest, given: list[tuple[User, str]]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("新密码(只显示这一次)"),
            "given": given,
        }
        return TemplateResponse(request, "admin/districts/passwords.html", context)
