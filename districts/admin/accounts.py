"""Accounts and tokens of systems in the admin; links and tokens are shown in clear once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from districts.access import SignedInRequest
from districts.models import AccountLink, ApiToken, User
from districts.models.user import SCOPES
from districts.roles import Role
from districts.services import agreeing, factors, links, people
from districts.wording import listed

from .base import SEEN, SeenForm, ServiceAdmin, ServiceForm


class UserForm(SeenForm):
    tag_of = staticmethod(people.tag_of)


class AskedFilter(admin.SimpleListFilter):
    title = _("同意")
    parameter_name = "asked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("等另一位系统管理员同意"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.exclude(asked="") if self.value() else queryset


@admin.register(User)
class UserAdmin(ServiceAdmin):
    form = UserForm
    list_display_links = ("username", "display_name")
    list_display = (
        *(*list_display_links, "role", "district"),
        *("is_active", "last_login", "asked_by"),
    )
    list_filter = ("role", "is_active", AskedFilter, "reach", "is_demo", "district")
    list_select_related = ("district",)
    search_fields = ("username", "display_name", "email", "district__sought")
    search_help_text = _("按账号、姓名、邮箱或区县查找")
    settled = ("username",)
    readonly_fields = ("is_active", "last_login", "created_at", "is_demo", "asked_by")
    actions = ("disable", "enable", "reset_password", "reset_factor", "agree")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        who = {"fields": (SEEN, "username", "display_name", "email")}
        place = {
            "fields": ("role", "reach", "district", "office"),
            "description": _(
                "填报员、审签人和协同部门属于一个区县；督学、市级管理员和审计员管全市；系统管理员只管账号。"
                "审签人和市级人员的账号由一位系统管理员办理，另一位核对本人后同意并转交链接。"
            ),
        }
        known = {"fields": self.readonly_fields}
        sections = [(None, who), (_("角色与范围"), place)]
        return [*sections, (_("使用情况"), known)] if obj else sections

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        asked = AccountLink.objects.asked_for_at(timezone.now()).filter(user=OuterRef("pk"))
        found = super().get_queryset(request)
        return found.annotate(asked=Coalesce(Subquery(asked.values("asked_by")), Value("")))

    @admin.display(description=_("待同意，办理人"))
    def asked_by(self, user: Any) -> str:
        return str(user.asked)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.origin = request.build_absolute_uri("/")
        super().save_model(request, obj, form, change)

    def create(self, obj: User, **asked: Any) -> User:
        created, obj.secret = people.create_user(origin=obj.origin, **asked)
        return created

    def update(self, obj: User, **asked: Any) -> None:
        people.update_user(user=obj, **asked)

    def response_add(self, request: HttpRequest, obj: User, *args: Any) -> HttpResponse:
        return self._show_once(request, [(obj, obj.secret)])

    @admin.action(description=_("停用所选账号"), permissions=["change"])
    def disable(self, request: SignedInRequest, queryset: QuerySet[User]) -> None:
        done = [
            user for user in queryset if self._dared(request, people.disable_user, user) is not None
        ]
        if done:
            names = listed(done)
            self.message_user(request, _("已停用：%s。会话和令牌已同时结束。") % names)

    @admin.action(description=_("启用所选账号，由本人设定密码"), permissions=["change"])
    def enable(self, request: SignedInRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._hand_out(request, people.enable_user, queryset)

    @admin.action(description=_("重设所选账号的密码，由本人设定"), permissions=["change"])
    def reset_password(
        self, request: SignedInRequest, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        return self._hand_out(request, people.reset_password, queryset)

    @admin.action(description=_("已核对本人，同意所选账号并转交链接"), permissions=["change"])
    def agree(self, request: SignedInRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._given(request, agreeing.agree, queryset)

    @admin.action(description=_("解除所选账号的动态口令"), permissions=["change"])
    def reset_factor(self, request: SignedInRequest, queryset: QuerySet[User]) -> None:
        done = self._done(request, factors.reset, queryset)
        if done:
            self.message_user(
                request, _("已解除动态口令：%s。请本人登录后重新开启。") % listed(done)
            )

    def _hand_out(
        self, request: SignedInRequest, verb: Any, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        return self._given(request, verb, queryset, origin=request.build_absolute_uri("/"))

    def _given(
        self, request: SignedInRequest, verb: Any, queryset: QuerySet[User], **more: str
    ) -> HttpResponse | None:
        done = [(user, self._dared(request, verb, user, **more)) for user in queryset]
        given = [(user, secret) for user, secret in done if secret is not None]
        return self._show_once(request, given) if given else None

    def _done(self, request: SignedInRequest, verb: Any, queryset: QuerySet[User]) -> list[User]:
        return [user for user in queryset if self._dared(request, verb, user) is not None]

    def _dared(self, request: SignedInRequest, verb: Any, user: User, **more: Any) -> Any:
        """What the service answers, "" for nothing; a refusal becomes a message and None."""
        try:
            return verb(user=user, by=request.user, **more) or ""
        except Refused as refusal:
            self.message_user(request, f"{user}:{refusal}", messages.ERROR)
            return None

    def _show_once(self, request: HttpRequest, given: list[tuple[User, str]]) -> HttpResponse:
        """With their whole addresses; a link that goes by letter, or waits, is shown to nobody."""
        asked = AccountLink.objects.asked_for_at(timezone.now())
        waiting = set(asked.values_list("user", flat=True))
        shown = [
            (user, secret and request.build_absolute_uri(links.path_of(secret)), user.pk in waiting)
            for user, secret in given
        ]
        title = _("一次性链接（只显示这一次）")
        return self.shown_once(request, "links", title=title, given=shown)


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
        max_value=people.LONGEST_DAYS,
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
    fields = ("prefix", *list_display[1:])
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("user", "scopes", "district", "days")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = TokenForm
        return super().get_form(request, obj, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True, role=Role.CLIENT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list's action needs it; one token is only looked at."""
        return obj is None and super().has_change_permission(request)

    def create(self, obj: ApiToken, **asked: Any) -> ApiToken:
        token, obj.text = people.create_token(**asked)
        return token

    def response_add(self, request: HttpRequest, obj: ApiToken, *args: Any) -> HttpResponse:
        title = _("新令牌（只显示这一次）")
        return self.shown_once(request, "token", title=title, token=obj.text, owner=obj.user)

    @admin.display(description=_("权限范围"))
    def scope_words(self, token: ApiToken) -> str:
        return listed(SCOPES.get(name, name) for name in token.scopes)

    @admin.action(description=_("作废所选令牌"), permissions=["change"])
    def revoke(self, request: SignedInRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            people.revoke_token(token=token, by=request.user)
        self.message_user(request, _("已作废 %s 个令牌，立即生效。") % len(queryset))
