"""Checks of what the portal needs outside its database: files, Redis, the replica, mail."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.core.checks import CheckMessage, Error, Info, Warning
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError
from django.utils.translation import gettext as _

from rest.trouble import NoAnswer

from . import replica
from .installation import of_the_installation
from .replica import REPLICA

PLAIN = ("redis", "http", "tcp", "smtp")  # schemes that encrypt nothing


@of_the_installation
def media_folder() -> CheckMessage:
    if hasattr(default_storage, "probe"):
        return _bucket(default_storage.probe)
    folder = settings.MEDIA_ROOT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        sentence = _("文件目录 %(folder)s 不能写入：%(reason)s。")
        return Error(sentence % {"folder": folder, "reason": error.strerror})
    return Info(_("文件目录可以写入（%s）。") % folder)


def _bucket(probe: Callable[[], None]) -> CheckMessage:
    try:
        probe()
    except NoAnswer as error:
        return Error(_("S3_URL 写的文件存储不能写入：%s") % error.strerror)
    return Info(_("文件存储可以写入（S3）。"))


@of_the_installation
def fonts() -> CheckMessage:
    """Charts on paper and pictures to share are drawn here, where no browser brings its fonts."""
    from documents.drawing import font
    from documents.faults import FontsMissing

    try:
        _file, family = font()
    except FontsMissing:
        return Warning(
            _(
                "没有画图用的中文字体，带图的公文不能生成，网页没有分享图；请安装 Noto Sans CJK "
                "字体（Debian 的软件包是 fonts-noto-cjk），再重启门户。"
            )
        )
    return Info(_("画图用的中文字体：%s。") % family)


@of_the_installation
def shared_cache() -> CheckMessage:
    from .cache import SharedCache  # and with it Redis

    if not isinstance(caches["default"], SharedCache):
        return Info(_("没有设置 REDIS_URL；缓存和限速由每个进程各自记。"))
    from redis.exceptions import RedisError

    try:
        caches["default"].ping()
    except RedisError as error:
        return Error(_("REDIS_URL 写的 Redis 没有应答：%s") % error)
    return Info(_("Redis 应答正常。"))


@of_the_installation
def replica_database() -> CheckMessage:
    if REPLICA not in settings.DATABASES:
        return Info(_("没有设置 DATABASE_REPLICA_URL；公开页面也读主库。"))
    try:
        behind = replica.bytes_behind()
    except DatabaseError as error:
        line = str(error).strip().partition("\n")[0]
        return Warning(_("只读副本没有应答，公开页面改读主库：%s") % line)
    if behind is None:
        return Warning(_("DATABASE_REPLICA_URL 写的不是跟随主库的副本；公开页面改读主库。"))
    return Info(_("只读副本落后主库 %s 字节。") % behind)


@of_the_installation
def lines_between_machines() -> CheckMessage:
    if plain := unguarded(settings.DATABASES.values(), _addresses()):
        sentence = _(
            "到别的机器的连接没有加密或不核对证书：%s。数据库在地址后写 ?sslmode=verify-full，"
            "Redis 用 rediss://，文件存储和签名服务器用 https://，邮件用 smtp+tls://，"
            "查毒的 clamd 放在本机。"
        )
        return Warning(sentence % "，".join(plain))
    return Info(_("到别的机器的连接都加密并核对证书，或没有这样的连接。"))


def _addresses() -> list[str]:
    """What the portal calls besides databases."""
    redis = str(settings.CACHES["default"].get("LOCATION", ""))
    bucket = settings.STORAGES["default"].get("OPTIONS", {}).get("endpoint_url", "")
    is_plain = not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    mail = f"smtp://{settings.EMAIL_HOST}" if is_plain and _sends_mail() else ""
    return [redis, bucket, settings.CLAMD_URL, settings.SIGNER, mail]


def unguarded(databases: Iterable[Mapping[str, Any]], addresses: Iterable[str]) -> list[str]:
    """Connections to other machines that somebody on the way could read, or stand in for."""
    found = [
        _("数据库 %s") % database["HOST"]
        for database in databases
        if _is_elsewhere(database.get("HOST", ""))
        and database.get("OPTIONS", {}).get("sslmode") != "verify-full"
    ]
    others = [(url.scheme, url.hostname or "") for url in map(urlsplit, addresses)]
    return found + [
        f"{scheme}://{host}" for scheme, host in others if scheme in PLAIN and _is_elsewhere(host)
    ]


def _is_elsewhere(host: str) -> bool:
    return bool(host) and not host.startswith("/") and host not in ("localhost", "127.0.0.1", "::1")


def _sends_mail() -> bool:
    return str(settings.EMAIL_BACKEND).endswith("smtp.EmailBackend")


@of_the_installation
def mail_server() -> CheckMessage:
    if not _sends_mail():
        return Warning(_("没有设置 EMAIL_URL；邮件只写到控制台。"))
    try:
        with get_connection(timeout=5):
            pass
    except OSError as error:
        return Error(_("邮件服务器连接不上：%s") % error)
    return Info(_("邮件服务器连接正常。"))
