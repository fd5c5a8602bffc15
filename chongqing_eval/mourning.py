"""Tells who keeps the accounts, and the account itself, that its address is sent nothing more."""

from django.utils.translation import gettext_lazy as _

from districts.models import Hook, User
from districts.models.hook import Ending
from districts.roles import Role
from selfchecks.services.notices import post

WORDS = {
    f"hook.{Ending.FAILING}": _(
        "账号 %(account)s 的推送地址 %(url)s 连续五天没有收到，已自动停用；"
        "对方修好以后可以恢复，从停下的地方继续，不会漏。"
    ),
    f"hook.{Ending.GONE}": _(
        "账号 %(account)s 的推送地址 %(url)s 应答 410，表示不再接收，已自动停用。"
    ),
}


def tell_of_end(hook: Hook) -> None:
    keepers = User.objects.filter(role=Role.KEEPER, is_active=True)
    post(
        kind=f"hook.{hook.ended}",
        to={*keepers, hook.user},
        key=f"{hook.pk}:{hook.position}:{hook.failures}",
        by=None,
        account=str(hook.user),
        url=hook.url,
    )
