"""API tokens in the admin: issued once in clear, listed without their text, revoked at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.access import SignedInRequest
from districts.models import ApiToken, User
from districts.models.token import SCOPES
from districts.services import tokens
from districts.wording import listed

from .base import ServiceAdmin, ServiceForm


class TokenForm(ServiceForm):
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
    )
    days = forms.IntegerField(
        label=_("有效天数"),
        initial=30,
        min_value=1,
        max_value=tokens.LONGEST_DAYS,
        help_text=_("1 到 366 天"),
    )


class UsableFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "usable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("有效")), ("no", _("已作废或到期"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        usable = ApiToken.objects.usable_at(timezone.now())
        if self.value() == "yes":
            return queryset.filter(pk__in=usable)
        return queryset.exclude(pk__in=usable) if self.value() == "no" else queryset


@admin.register(ApiToken)
class ApiTokenAdmin(ServiceAdmin):
    list_display = (
        "__str__",
        "user",
        "scope_words",
        "district",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = (UsableFilter, ("expires_at", admin.DateFieldListFilter), "district")
    list_select_related = ("user", "district")
    search_fields = ("prefix", "user__username", "user__display_name")
    search_help_text = _("按令牌开头、账号或姓名查找")
    fields = (
        "prefix",
        "user",
        "scope_words",
        "district",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("user", "scopes", "district", "days")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = TokenForm
        return super().get_form(request, obj, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list's action needs it; one token is only looked at."""
        return obj is None and super().has_change_permission(request)

    def create(self, obj: ApiToken, **asked: Any) -> ApiToken:
        token, obj.text = tokens.create_token(**asked)
        return token

    def response_add(self, request: HttpRequest, obj: ApiToken, *args: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("新令牌(只显示这一次)"),
            "token": obj.text,
            "owner": obj.user,
        }
        return TemplateResponse(request, "admin/districts/token.html", context)

    @admin.display(description=_("权限范围"))
    def scope_words(self, token: ApiToken) -> str:
        return listed(SCOPES.get(name, name) for name in token.scopes)

    @admin.action(description=_("作废所选令牌"), permissions=["change"])
    def revoke(self, request: SignedInRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            tokens.revoke_token(token=token, by=request.user)
        self.message_user(request, _("已作废 %s 个令牌,立即生效。") % len(queryset))
