"""Looks the installation over: each check answers with one plain sentence."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import services as audit
from audit.models import ChainHead
from districts.models import District, User
from districts.roles import Role
from districts.wording import listed
from schedule.models import Phase, PlanVersion

IDLE = timedelta(days=90)
SHORTEST_KEY = 50
MOST_NAMES = 5


class Level(StrEnum):
    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    sentence: str


def examine() -> Iterator[Finding]:
    """All findings in order; without a database only what needs none."""
    database = check_database()
    yield database
    if database.level != Level.BAD:
        migrations = check_migrations()
        yield migrations
        if migrations.level == Level.GOOD:
            yield from (check() for check in DATABASE_CHECKS)
    yield from (check() for check in OTHER_CHECKS)


def check_database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding(Level.BAD, _("数据库没有应答:%s") % str(error).strip().splitlines()[0])
    return Finding(Level.GOOD, _("数据库应答正常(%s)。") % connection.vendor)


def check_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(Level.BAD, _("有 %s 个迁移还没有执行;请运行 migrate。") % len(waiting))
    return Finding(Level.GOOD, _("迁移都已执行。"))


def check_reference() -> Finding:
    counts = District.objects.count(), Phase.objects.count(), PlanVersion.objects.count()
    if not all(counts):
        return Finding(Level.BAD, _("参考数据不全;请运行 load_reference。"))
    sentence = _("参考数据:%(units)s 个单位,%(phases)s 个阶段,%(versions)s 版规划。")
    return Finding(
        Level.GOOD, sentence % dict(zip(("units", "phases", "versions"), counts, strict=True))
    )


def check_chain() -> Finding:
    broken = audit.verify()
    if broken:
        return Finding(Level.BAD, _("审计链在第 %s 条断开;请运行 audit_verify。") % broken.number)
    head = ChainHead.objects.filter(pk=1).first()
    end = f"{head.number}:{head.hash}" if head else "0"
    return Finding(Level.GOOD, _("审计链完整,末端 %s(请抄存于系统之外)。") % end)


def check_managers() -> Finding:
    if User.objects.filter(role=Role.MANAGER, is_active=True).exists():
        return Finding(Level.GOOD, _("有可用的市级管理员账号。"))
    return Finding(Level.BAD, _("没有可用的市级管理员账号;请运行 createsuperuser 建立。"))


def check_default_accounts() -> Finding:
    count = User.objects.filter(is_demo=True, is_active=True).count()
    if not count:
        return Finding(Level.GOOD, _("没有演示账号。"))
    if settings.DEBUG:
        return Finding(Level.NOTE, _("有 %s 个演示账号;只应出现在试用环境。") % count)
    return Finding(Level.BAD, _("正式环境里有 %s 个启用的演示账号;请停用。") % count)


def check_idle_accounts() -> Finding:
    since = timezone.now() - IDLE
    never = Q(last_login__isnull=True, created_at__lt=since)
    idle = User.objects.filter(never | Q(last_login__lt=since), is_active=True, is_demo=False)
    names = list(idle.order_by("username").values_list("username", flat=True))
    if not names:
        return Finding(Level.GOOD, _("没有超过 90 天未登录的账号。"))
    some = listed(names[:MOST_NAMES])
    sentence = _("%(count)s 个账号超过 90 天未登录:%(names)s;不再需要的请停用。")
    return Finding(Level.NOTE, sentence % {"count": len(names), "names": some})


def check_media() -> Finding:
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
            file.write(b"x")
    except OSError as error:
        return Finding(
            Level.BAD,
            _("文件目录 %(folder)s 不能写入:%(reason)s。")
            % {"folder": settings.MEDIA_ROOT, "reason": error.strerror},
        )
    return Finding(Level.GOOD, _("文件目录可以写入(%s)。") % settings.MEDIA_ROOT)


def check_secret() -> Finding:
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        return Finding(Level.BAD, _("SECRET_KEY 太短;请换成至少 50 个字符的随机串。"))
    if settings.DEBUG:
        return Finding(Level.NOTE, _("DEBUG 已打开;只应在本机试用时打开。"))
    return Finding(Level.GOOD, _("SECRET_KEY 足够长,DEBUG 已关闭。"))


def check_hosts() -> Finding:
    hosts = settings.ALLOWED_HOSTS
    if "*" in hosts:
        return Finding(Level.BAD, _("ALLOWED_HOSTS 不应写 *;请写上门户的域名。"))
    return Finding(Level.GOOD, _("门户只应答这些域名:%s。") % listed(hosts))


def check_mail() -> Finding:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Finding(Level.NOTE, _("没有设置 EMAIL_URL;邮件只写到控制台。"))
    try:
        with get_connection(timeout=5):
            pass
    except OSError as error:
        return Finding(Level.BAD, _("邮件服务器连接不上:%s") % error)
    return Finding(Level.GOOD, _("邮件服务器连接正常。"))


DATABASE_CHECKS: tuple[Callable[[], Finding], ...] = (
    check_reference,
    check_chain,
    check_managers,
    check_default_accounts,
    check_idle_accounts,
)
OTHER_CHECKS: tuple[Callable[[], Finding], ...] = (
    check_media,
    check_secret,
    check_hosts,
    check_mail,
)
