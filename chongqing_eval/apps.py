"""Registers the roof: the portal's own admin site, and its words for the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.apps import apps as registry
from django.contrib.admin import apps
from django.core.management import call_command
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from districts.wording import inside

_inside = lazy(inside, str)
ACTIONS = {
    "backup.restore": _("恢复备份"),
    "backup.write": _("写出备份"),
    "demo.remove": _("删除演示数据"),
    "keys.make": _("生成密钥"),
    "keys.remove": _("删去不再使用的密钥"),
    "keys.reseal": _("用新密钥重新加密"),
    "task.retry": _("重新做后台工作"),
}
NAMES = {
    "cipher": _("加密密钥"),
    "created_at": _("备份时间"),
    "error": _("出了什么错"),
    "files": _("文件数"),
    "key": _("密钥"),
    "keys": _("密钥"),
    "left": _("没有处理"),
    "profile": _("密码方案"),
    "rows": _("行数"),
    "signature": _("签名密钥"),
    "task": _("工作"),
    "tries": _("做过几次"),
}


class PortalAdminConfig(apps.SimpleAdminConfig):
    default = False  # it stands for Django's admin, not for this package
    default_site = "chongqing_eval.admin_site.PortalAdminSite"


class PortalConfig(AppConfig):
    name = "chongqing_eval"

    def ready(self) -> None:
        from audit import periodic, words

        from . import checks  # noqa: F401  registers itself

        words.register(actions=ACTIONS, names=NAMES)
        words.name_pages_with(page_at)
        told = _("过期的都已删除。")
        periodic.register(periodic.Job("sessions", _("删除过期的登录会话"), clear_sessions, told))
        lend_to_hooks()
        name_inside_sentences()


def name_inside_sentences() -> None:
    """Django sets names of models into sentences, and begins headings with a capital itself."""
    for model in registry.get_models():
        model._meta.verbose_name = _inside(model._meta.verbose_name)
        model._meta.verbose_name_plural = _inside(model._meta.verbose_name_plural)


def lend_to_hooks() -> None:
    """What every list is called stands where they come together, and so does who is told."""
    from districts import hooks
    from selfchecks.services.notice_words import TEXTS

    from .mourning import WORDS, tell_of_end

    hooks.told_from(read_by, kinds)
    hooks.mourners.append(tell_of_end)
    TEXTS.update(WORDS)


def read_by(*asked: Any) -> Any:
    from . import feed  # and with it the whole API, when somebody asks

    return feed.read_by(*asked)


def kinds() -> dict[str, Any]:
    from . import feed

    return feed.kinds()


def page_at(path: str, names: Mapping[str, str]) -> str:
    from .addressed import told  # and with it the desk, when somebody asks

    return told(path, names)


def clear_sessions() -> dict[str, int]:
    call_command("clearsessions")
    return {}
