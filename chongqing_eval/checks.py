"""System checks of an installation: each answers with one plain sentence.

``manage.py doctor`` prints them all; ``manage.py check --deploy --database default`` asks them too.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.checks import ERROR, INFO, WARNING, CheckMessage, Error, Info, Warning
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from audit import services as audit
from audit.models import ChainHead
from audit.verification import differences_of_rows, is_before_seals
from audit.verified import Verified
from crypto.here import keyring, profile, said, signer
from crypto.keys import EXPOSED, KeyTrouble
from crypto.signers import SignerTrouble
from districts.models import AccountLink, District, User
from districts.roles import Role
from districts.wording import day_text, listed
from schedule.models import Phase, PlanVersion, Statement

from .checks_outside import media_folder, replica_database, shared_cache
from .installation import of_the_installation
from .services import jobs

IDLE = timedelta(days=90)
SHORTEST_KEY = 50
MOST_NAMES = 5
LEAST_ROOM, SCARCE = 256 << 20, 0.05  # bytes; a share of the disk
LONGEST_WAIT = 10  # minutes


@of_the_installation
def database() -> CheckMessage:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Error(_("数据库没有应答：%s") % str(error).strip().partition("\n")[0])
    return Info(_("数据库应答正常（%s）。") % connection.vendor)


@of_the_installation
def migrations() -> CheckMessage:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Error(_("有 %s 个迁移还没有执行；请运行 migrate。") % len(waiting))
    return Info(_("迁移都已执行。"))


@of_the_installation
def reference_data() -> CheckMessage:
    models = {"units": District, "phases": Phase, "versions": PlanVersion}
    counts = {name: model._default_manager.count() for name, model in models.items()}
    if not all(counts.values()):
        return Error(_("参考数据不全；请运行 load_reference。"))
    sentence = _("参考数据：%(units)s 个单位，%(phases)s 个阶段，%(versions)s 版规划。")
    return Info(sentence % counts)


@of_the_installation
def audit_chain() -> CheckMessage:
    if broken := audit.verify():
        return Error(_("审计链在第 %s 条断开；请运行 audit_verify。") % broken.number)
    if is_before_seals():
        return Error(_("以前的数据还没有封存；请先运行 load_reference。"))
    if differing := sum(1 for _difference in differences_of_rows()):
        return Error(_("有 %s 处数据或文件与审计记录不符；请运行 audit_verify。") % differing)
    head = ChainHead.objects.filter(pk=1).first()
    end = f"{head.number}:{head.hash}" if head else "0"
    return Info(_("审计链完整，末端 %s（请抄存于系统之外）。") % end)


@of_the_installation
def audit_key() -> CheckMessage:
    verified = Verified.last()
    at = verified and verified.at
    sentence = _("审计记录由密钥 %(key)s 以 %(hash)s 封存；上次 audit_verify 全部相符：%(when)s。")
    facts = {
        "key": next(iter(settings.AUDIT_KEYS)),
        "hash": profile().hash,
        "when": day_text(timezone.localdate(at)) if at else _("还没有过"),
    }
    return (Info if verified and verified.is_recent else Warning)(sentence % facts)


@of_the_installation
def keepers() -> CheckMessage:
    rows = User.objects.filter(role=Role.KEEPER, is_active=True).order_by("pk")
    usable = sum(user.has_usable_password() for user in rows)
    if usable > 1:
        return Info(_("有可用的系统管理员账号。"))
    invited = set(AccountLink.objects.usable_at(timezone.now()).values_list("user", flat=True))
    waiting = [user for user in rows if user.pk in invited and not user.has_usable_password()]
    if accounts := [user.username for user in waiting]:
        sentence = _("系统管理员 %s 还没有设密码；请本人在三天内打开一次性链接。")
        return Warning(sentence % listed(accounts))
    if usable:
        return Warning(_("只有一位系统管理员；审签人和市级人员的账号须由两位办理，请再建立一位。"))
    return Error(_("没有可用的系统管理员账号；请运行 createsuperuser 建立。"))


@of_the_installation
def demonstration_accounts() -> CheckMessage:
    count = User.objects.filter(is_demo=True, is_active=True).count()
    if not count:
        return Info(_("没有演示账号。"))
    if settings.DEBUG:
        return Warning(_("有 %s 个演示账号；只应出现在试用环境。") % count)
    return Error(_("正式环境里有 %s 个启用的演示账号；请运行 remove_demo。") % count)


@of_the_installation
def idle_accounts() -> CheckMessage:
    since = timezone.now() - IDLE
    never = Q(last_login__isnull=True, created_at__lt=since)
    idle = User.objects.filter(never | Q(last_login__lt=since), is_active=True, is_demo=False)
    names = list(idle.order_by("username").values_list("username", flat=True))
    if not names:
        return Info(_("没有超过 90 天未登录的账号。"))
    sentence = _("%(count)s 个账号超过 90 天未登录：%(names)s；不再需要的请停用。")
    return Warning(sentence % {"count": len(names), "names": listed(names[:MOST_NAMES])})


@of_the_installation
def paper_templates() -> CheckMessage:
    from papers.services import templates  # 20 MB that no other command needs

    if found := list(templates.faults()):
        return Error(_("有公文模板现在不能用，请下载、改好、再上传：%s") % " ".join(found))
    return Info(_("公文模板都能用。"))


@of_the_installation
def statements() -> CheckMessage:
    """What visitors have to be told; nobody but the operator can say it."""
    if not (missing := Statement.objects.missing()):
        return Info(_("联系、投诉、隐私等门户说明都已填写。"))
    sentence = _(
        "门户说明还没有填写：%s；请写成文件后运行 manage.py statements 文件夹，"
        "或由市级管理员在工作台的「门户说明」里填写。"
    )
    return (Warning if settings.DEBUG else Error)(sentence % listed(missing))


@of_the_installation
def disk_space() -> CheckMessage:
    folder = settings.MEDIA_ROOT
    usage = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists()))
    facts = {"folder": folder, "free": usage.free >> 20}
    if usage.free < LEAST_ROOM:
        return Error(_("%(folder)s 所在的磁盘只剩 %(free)s MB；请马上腾出空间。") % facts)
    if usage.free < usage.total * SCARCE:
        return Warning(_("%(folder)s 所在的磁盘只剩 %(free)s MB；请腾出空间。") % facts)
    return Info(_("%(folder)s 所在的磁盘还有 %(free)s MB。") % facts)


@of_the_installation
def queue() -> CheckMessage:
    if troubled := jobs.troubled():
        return Warning(_("%s 项后台工作失败或久未做完；请看管理页的「后台」。") % troubled)
    waiting = DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"), count=Count("pk"))
    if not waiting["count"]:
        return Info(_("没有排队的后台工作。"))
    minutes = (timezone.now() - waiting["oldest"]) // timedelta(minutes=1)
    sentence = _("%(count)s 项后台工作在排队，最早的等了 %(minutes)s 分钟。")
    words = sentence % {"count": waiting["count"], "minutes": minutes}
    if minutes < LONGEST_WAIT:
        return Info(words)
    return Warning(words + _("请确认 manage.py work 在运行。"))


@of_the_installation
def secret_key() -> CheckMessage:
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        return Error(_("SECRET_KEY 太短；请换成至少 50 个字符的随机串。"))
    if settings.DEBUG:
        return Warning(_("DEBUG 已打开；只应在本机试用时打开。"))
    return Info(_("SECRET_KEY 足够长，DEBUG 已关闭。"))


@of_the_installation
def keys() -> CheckMessage:
    """One is made, one is tried: a key that others can read, or that does not open, is none."""
    if (ring := keyring()) is None:
        return Warning(_("没有设置 KEY_FOLDER；上传的文件和动态口令不加密保存，审签不签名。"))
    try:
        if exposed := list(ring.exposed()):
            raise KeyTrouble(EXPOSED, exposed[0])
        ring.secret(ring.newest())
        signer().sign(b"doctor", "doctor")
    except (OSError, SignerTrouble) as trouble:
        return Error(_("密钥不能用：%s。请看 KEY_FOLDER。") % said(trouble))
    facts = {"key": ring.newest(), "cipher": profile().cipher, "signature": profile().signature}
    return Info(_("用密钥 %(key)s 以 %(cipher)s 加密，以 %(signature)s 签名。") % facts)


@of_the_installation
def host_names() -> CheckMessage:
    if "*" in settings.ALLOWED_HOSTS:
        return Error(_("ALLOWED_HOSTS 不应写 *；请写上门户的域名。"))
    return Info(_("门户只应答这些域名：%s。") % listed(settings.ALLOWED_HOSTS))


READY = (database, migrations, media_folder, disk_space, shared_cache, replica_database, queue)
WORDS = {INFO: "ok", WARNING: "warning", ERROR: "failed"}


def readiness() -> dict[str, str]:
    """What serving needs → ok, warning or failed; names alone, for whoever may ask."""
    return {each.__name__: WORDS[_level(each)] for each in READY}


def _level(examine: Callable[[], CheckMessage]) -> int:
    try:
        return examine().level
    except DatabaseError:
        return ERROR
