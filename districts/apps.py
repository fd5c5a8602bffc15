"""Districts: who and where; units, schools, people, and who may see what."""

from collections.abc import Collection

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "audit.freeze": _("固定以前记录里的名称"),
    "calendar.correct": _("更改工作日安排"),
    "calendar.set": _("登记工作日安排"),
    "demo.accounts": _("建立演示账号"),
    "demo.passwords": _("更换演示账号的密码"),
    "demo.register": _("载入演示学校"),
    "district.create": _("新增区县"),
    "district.import": _("导入区县"),
    "district.rename": _("区县改名"),
    "district.update": _("修改区县"),
    "factor.end": _("关闭动态口令"),
    "factor.recover": _("用恢复码登录"),
    "factor.renew": _("更换恢复码"),
    "factor.reset": _("解除动态口令"),
    "factor.set_up": _("开启动态口令"),
    "feed.end": _("作废期限日历"),
    "feed.open": _("建立期限日历"),
    "hook.end": _("停用推送地址"),
    "hook.fail": _("自动停用推送地址"),
    "hook.register": _("登记推送地址"),
    "hook.renew": _("更换推送密钥"),
    "hook.replay": _("重发推送"),
    "hook.resume": _("恢复推送地址"),
    "hook.update": _("修改推送地址"),
    "reference.load": _("载入基础数据"),
    "school.create": _("登记学校"),
    "school.import": _("导入学校"),
    "school.update": _("修改学校"),
    "session.close": _("退出登录"),
    "session.fail": _("登录失败"),
    "session.lock": _("暂停登录"),
    "session.open": _("登录"),
    "succession.correct": _("更正区划调整"),
    "succession.record": _("登记区划调整"),
    "succession.withdraw": _("撤回区划调整"),
    "token.create": _("签发接口令牌"),
    "token.revoke": _("作废接口令牌"),
    "token.use": _("首次使用接口令牌"),
    "township.add": _("登记街镇"),
    "user.agree": _("同意开通账号"),
    "user.create": _("建立账号"),
    "user.disable": _("停用账号"),
    "user.enable": _("启用账号"),
    "user.link": _("寄出一次性链接"),
    "user.password": _("修改密码"),
    "user.rehash": _("更换密码的保存算法"),
    "user.reset": _("重设密码"),
    "user.update": _("修改账号"),
    "view.remove": _("删除视图"),
    "view.save": _("存下视图"),
}
SIGNED = ("succession.correct", "succession.record", "succession.withdraw", "user.agree")
# What entries keep beside the fields of their object.
NAMES: dict[str, str | Promise] = {
    "accounts": _("账号"),
    "added": _("新增"),
    "altered": _("修改"),
    "changed": _("改动数"),
    "codes_left": _("剩余恢复码"),
    "days": _("有效天数"),
    "districts": _("区县数"),
    "entries": _("记录数"),
    "factor": _("动态口令"),
    "file": _("文件"),
    "names": _("原名称"),
    "kinds": _("内容"),
    "new": _("新增数"),
    "schools": _("学校数"),
    "scopes": _("权限范围"),
    "sha256": "SHA-256",
    "successor": _("承接的区县"),
    "typed": _("填写的账号"),
    "user": _("账号"),
}
LISTS = ("accounts", "added", "schools", "scopes")


class DistrictsConfig(AppConfig):
    name = "districts"
    verbose_name = _("区县与学校")

    def ready(self) -> None:
        from audit import following, periodic, signing, words

        from .services import delivering, links

        periodic.register(
            periodic.Job(
                "links", _("一次性链接"), links.deliver, _("寄出 %(count)s 个。"), daily=False
            ),
            periodic.Job(
                "hooks",
                _("推送改动"),
                delivering.deliver_due,
                _("推送 %(count)s 条。"),
                daily=False,
            ),
        )
        following.followers.append(delivering.follow)
        words.register(actions=ACTIONS, names=NAMES, lists=LISTS)
        words.name_codes_with(names_of)
        words.tell_units_with(told_unit)
        signing.decisions.update(SIGNED)
        hear_of_sessions()


def hear_of_sessions() -> None:
    """Signals of Django and axes: sign-ins succeed, fail and are shut out outside our services."""
    from axes.signals import user_locked_out
    from django.contrib.auth.signals import user_logged_in, user_login_failed

    from . import lockout, sessions

    user_logged_in.connect(sessions.begin)
    user_login_failed.connect(lockout.heard_failure)
    user_locked_out.connect(lockout.heard_lockout)


def names_of(codes: Collection[str]) -> dict[str, str]:
    """How the units and schools with these codes are called today."""
    from .models import District, School

    found = dict(District.objects.filter(code__in=codes).values_list("code", "name"))
    if schools := [code for code in codes if len(code) == 10]:
        found |= School.objects.filter(code__in=schools).values_list("code", "name")
    return found


def told_unit(text: str, code: str) -> str:
    """A unit's name as it was written down, or a text that begins with it: an English reader gets
    the name of today before it. All are read at once, and kept for a minute."""
    if get_language() != "en":
        return text
    from audit.shown import kept

    english = kept("english-names-of-units", _english).get(code or text.partition(" ")[0])
    return f"{english} {text}" if english else text


def _english() -> dict[str, str]:
    """By code, and by the name that rows are called by."""
    from .models import District

    units = [unit for unit in District.objects.all() if unit.english_name]
    by_code = {unit.code: unit.english_name for unit in units}
    return {str(unit): unit.english_name for unit in units} | by_code
