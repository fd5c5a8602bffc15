"""Accounts: one role each, a reach that is either the city or one district, and tokens of theirs.

Of a token only a hash is kept; its text is shown once.
"""

import copy
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from crypto.signing import salted
from districts import roles
from districts.roles import Role
from districts.scope import ACCOUNTS, CITY, DISTRICT, ScopedQuerySet

from .district import District

SESSION_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"  # Django's own
REMEMBERED = 4  # passwords besides the present one
SCOPES = {
    "read": _("读取"),
    "write:selfcheck": _("报送自查"),
    "write:schools": _("维护学校"),
    "write:plan": _("调整规划与录入认定"),
    "write:hooks": _("登记和管理推送地址"),
}


class UserManager(BaseUserManager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Sealed, AbstractBaseUser):
    """An account. There is no superuser: what a role includes stands in ``districts.roles``."""

    scope = "district"
    is_of_accounts = True
    unsealed = {"last_login": "Django notes it on every sign-in, and nothing rests on it"}

    username = models.CharField(
        _("账号"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    display_name = models.CharField(_("姓名"), max_length=40)
    email = models.EmailField(_("邮箱"), blank=True)
    role = models.CharField(_("角色"), max_length=10, choices=Role.choices)
    reach = models.CharField(
        _("范围"),
        max_length=8,
        choices=[(CITY, _("全市")), (DISTRICT, _("一个区县")), (ACCOUNTS, _("只管账号"))],
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("区县"),
    )
    office = models.CharField(
        _("部门"),
        max_length=10,
        blank=True,
        choices=[(office.value, office.label) for office in roles.DEPARTMENTS],
    )
    # Their hashes.
    past_passwords = models.JSONField(default=list, db_default=[], blank=True, editable=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), default=timezone.now)
    # Kinds of notices that come read and without a letter.
    muted = models.JSONField(
        _("不再提醒的通知"), default=list, db_default=[], blank=True, editable=False
    )
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = UserManager()
    new_password = ""  # of a demonstration account, known only to the command that gave it
    origin = secret = ""  # known only to the request that opens the account
    token = ""  # how the token begins by which this account is acting now

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = pgettext_lazy("plural", "账号")
        ordering = ("username",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reach__in=[CITY, ACCOUNTS], district__isnull=True)
                | Q(reach=DISTRICT, district__isnull=False),
                name="user_reach_matches_district",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[str(role) for role in roles.DISTRICT_ROLES])
                | Q(reach=DISTRICT),
                name="user_district_roles_have_a_district",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[str(role) for role in roles.MUNICIPAL_ROLES])
                | Q(reach=CITY),
                name="user_municipal_roles_have_none",
            ),
            models.CheckConstraint(
                condition=Q(role="keeper", reach=ACCOUNTS) | ~Q(role="keeper") & ~Q(reach=ACCOUNTS),
                name="user_keepers_reach_accounts_alone",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(
                condition=Q(
                    role="department",
                    reach=DISTRICT,
                    office__in=[str(office) for office in roles.DEPARTMENTS],
                )
                | ~Q(role="department") & Q(office=""),
                name="user_departments_have_an_office",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name

    def acting_name(self) -> str:
        """The name, and by which token: a program then acts for the person or in her place."""
        by_token = f"（接口令牌 {self.token}）" if self.token else ""
        return self.display_name + by_token

    def within(self, district: District | None) -> "User":
        """The account acting in one unit only, or as far as it reaches."""
        narrowed = copy.copy(self)
        if district is not None:
            narrowed.reach, narrowed.district = DISTRICT, district
        return narrowed

    def set_password(self, raw_password: str | None) -> None:
        """Remembers the hashes of those before, so that none of them comes back at once."""
        if self.has_usable_password() and self.password:
            self.past_passwords = [self.password, *self.past_passwords][:REMEMBERED]
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def check_password(self, raw_password: str | None) -> bool:
        """Without Django's silent renewal of the hash: no change of a password is unrecorded.

        A system signs in by token alone, whatever password was stored for it once.
        """
        return self.role != Role.CLIENT and check_password(raw_password, self.password)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Another password ends all sessions; Django's own, by the profile's hash."""
        return salted(SESSION_SALT, self.password, secret or "").hex()

    @property
    def is_staff(self) -> bool:
        """Municipal people work in the admin; districts have their own pages."""
        return self.is_active and self.role in roles.STAFF_ROLES

    @property
    def reads_figures(self) -> bool:
        """Whether the pages of self-checks, ledger and documents are for this account."""
        return self.role in (*roles.DISTRICT_ROLES, *roles.MUNICIPAL_ROLES)

    def has_perm(self, permission: str, obj: object = None) -> bool:
        return self.is_active and roles.allows(self.role, permission)

    def has_perms(self, permissions: Any, obj: object = None) -> bool:
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and roles.enters_app(self.role, app_label)


class ApiTokenQuerySet(ScopedQuerySet):
    def usable_at(self, moment: datetime) -> Self:
        return self.filter(expires_at__gt=moment, revoked_at__isnull=True, user__is_active=True)


class ApiToken(Sealed):
    """A bearer token of an account (接口令牌).

    ``district`` narrows it to one unit; without it the token reaches as far as its account,
    never further.
    """

    scope = "user__district"
    is_of_accounts = True
    unsealed = {"last_used_at": "noted now and then while it is used, and nothing rests on it"}

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("账号"))
    prefix = models.CharField(_("开头"), max_length=12)
    digest = models.CharField(_("指纹"), max_length=64, unique=True)
    scopes = models.JSONField(_("权限范围"), default=list)
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("限于区县"),
    )
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()
    text = ""  # known only to the request that made it

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = pgettext_lazy("plural", "接口令牌")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="token_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"
