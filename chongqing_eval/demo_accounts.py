"""How demonstration accounts are shown on a terminal: once with passwords, later without."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from districts.models import User
from districts.services.demo import Credential, existing_demo_accounts

RESET = "DEBUG=1 .venv/bin/python manage.py reset_demo_passwords"


def show(new: Sequence[Credential], *, write: Callable[[str], object]) -> None:
    if settings.DEMO_PASSWORD:
        count = existing_demo_accounts()
        write(_("%s 个演示账号的密码都是 DEMO_PASSWORD 所设的值。") % count)
    elif new:
        write(_("演示账号(随机密码只显示这一次,请记下要用的):"))
        for credential in new:
            write(_line(credential))
    elif existing_demo_accounts():
        write(_("演示账号已存在,密码不再显示;忘记时运行:%s") % RESET)


def _line(credential: Credential) -> str:
    user = credential.user
    return f"  {user.username:<18} {credential.password}  {_place(user)} {user.display_name}"


def _place(user: User) -> str:
    district = user.district.name if user.district else _("市级")
    return f"{district} {user.get_role_display()}"
